"""Who gets what."""

import pytest

from app.core.campaign import Channel
from app.core.channels import plan_channel
from app.core.recipient import ExclusionReason, PostalAddress, Recipient, Restriction

HOME = PostalAddress(street="4 rue des Essais", postcode="90000", city="Belfort")
MAIL = "jeanne@courriel.example"


@pytest.mark.parametrize(
    ("recipient", "channel", "reason"),
    [
        (Recipient(row=1, email=MAIL, address=HOME), Channel.EMAIL, None),
        (Recipient(row=1, email=MAIL), Channel.EMAIL, None),
        (Recipient(row=1, address=HOME), Channel.PAPER, None),
        (Recipient(row=1, email=MAIL, address=HOME, has_annotations=True), Channel.PAPER, None),
        (Recipient(row=1, email=MAIL, has_annotations=True), Channel.EMAIL, None),
        (
            Recipient(row=1, email=MAIL, address=HOME, restriction=Restriction.DO_NOT_WRITE),
            Channel.NONE,
            ExclusionReason.DO_NOT_WRITE,
        ),
        (Recipient(row=1, email=MAIL, restriction=Restriction.HAND_OVER), Channel.HAND_OVER, None),
        (Recipient(row=1, email=MAIL, deceased=True), Channel.NONE, ExclusionReason.DECEASED),
        (Recipient(row=1), Channel.NONE, ExclusionReason.NO_CHANNEL),
        (
            Recipient(row=1, address=PostalAddress(street="4 rue des Essais", city="Belfort")),
            Channel.NONE,
            ExclusionReason.NO_CHANNEL,
        ),
    ],
)
def test_channel(recipient: Recipient, channel: Channel, reason: ExclusionReason | None) -> None:
    decision = plan_channel(recipient)
    assert (decision.channel, decision.reason) == (channel, reason)


def test_an_exclusion_wins_and_keeps_its_note() -> None:
    excluded = Recipient(
        row=1, email=MAIL, excluded=ExclusionReason.USER_DECISION, exclusion_note="déjà vue"
    )
    decision = plan_channel(excluded)
    assert decision.channel is Channel.NONE
    assert decision.note == "déjà vue"


def test_annotations_go_by_mail_only_when_the_practice_decides() -> None:
    recipient = Recipient(row=1, email=MAIL, address=HOME, has_annotations=True)
    assert plan_channel(recipient, annotations_by_email=True).channel is Channel.EMAIL
