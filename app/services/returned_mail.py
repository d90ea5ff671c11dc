"""Letters that come back, « plis retournés »: noted by their code, then written to again or given up."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.core.address import address_block
from app.core.campaign import Channel, Delivery, DeliveryStatus, new_letter_code, read_letter_code
from app.core.errors.paper import (
    AddressNotPostable,
    LetterCodeUnknown,
    LetterNotPosted,
    ReturnNotUndone,
)
from app.core.issue import Level
from app.core.recipient import PostalAddress, Recipient, Restriction
from app.services.family_letters import is_to_family
from app.storage.campaign_file import CampaignFile


class ReturnReason(StrEnum):
    """What the post wrote on the envelope; the values are those of the command line."""

    UNKNOWN = "inconnu-a-l-adresse"
    INCOMPLETE = "adresse-incomplete"
    NOT_CLAIMED = "non-reclame"
    REFUSED = "refuse"
    OTHER = "autre"


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """A letter that came back and the person it was for."""

    delivery: Delivery
    recipient: Recipient


def note_returned(
    campaign_file: CampaignFile, typed_code: str, reason: ReturnReason, now: datetime
) -> ReturnedLetter:
    """POSTED → RETURNED for the letter whose code was scanned or typed.

    Raises:
        LetterCodeUnknown: mistyped, or of another campaign.
        LetterNotPosted: this letter was not noted as posted, or came back already.
    """
    code = read_letter_code(typed_code)
    letter = None if code is None else campaign_file.delivery_by_code(code)
    if letter is None or letter.channel is not Channel.PAPER:
        raise LetterCodeUnknown(typed_code)
    if letter.status is not DeliveryStatus.POSTED:
        raise LetterNotPosted(letter.code, letter.status.value)
    facts: dict[str, str | int] = {"code": letter.code, "reason": reason.value}
    with campaign_file.transaction():
        campaign_file.append_event("letter_came_back", facts, now, delivery_id=letter.id)
        moved = campaign_file.move(letter.id, DeliveryStatus.RETURNED, now=now)
    return ReturnedLetter(moved, campaign_file.recipient(letter.recipient_id))


def undo_return(campaign_file: CampaignFile, delivery_id: int, now: datetime) -> Delivery:
    """RETURNED → POSTED: the wrong envelope was scanned.

    Raises:
        ReturnNotUndone: something was done about it since.
    """
    letter = campaign_file.delivery(delivery_id)
    if letter.status is not DeliveryStatus.RETURNED:
        raise ReturnNotUndone(letter.code)
    with campaign_file.transaction():
        campaign_file.append_event(
            "return_undone", {"code": letter.code}, now, delivery_id=letter.id
        )
        return campaign_file.move(letter.id, DeliveryStatus.POSTED, now=now)


@dataclass(frozen=True, slots=True)
class WaitingReturn:
    """A letter that came back and about which nothing was decided."""

    delivery: Delivery
    recipient: Recipient
    reason: ReturnReason


def waiting_returns(campaign_file: CampaignFile) -> list[WaitingReturn]:
    """Returned letters to decide about, by key."""
    reasons = {
        str(event.facts["code"]): ReturnReason(str(event.facts["reason"]))
        for event in campaign_file.events(kind="letter_came_back")
    }
    return [
        WaitingReturn(delivery, recipient, reasons.get(delivery.code, ReturnReason.OTHER))
        for delivery, recipient in campaign_file.deliveries_with_recipients(
            DeliveryStatus.RETURNED, channel=Channel.PAPER
        )
    ]


def write_again(
    campaign_file: CampaignFile, delivery_id: int, address: PostalAddress, now: datetime
) -> Delivery:
    """A new letter to a better address: RETURNED → REPLACED, and a pending one with a new code.

    Raises:
        AddressNotPostable: nothing was changed.
    """
    letter = campaign_file.delivery(delivery_id)
    person = replace(campaign_file.recipient(letter.recipient_id), address=address)
    block = address_block(person, now.date(), to_family=is_to_family(letter))
    if not block.is_postable:
        raise AddressNotPostable(
            tuple(issue for issue in block.issues if issue.level is Level.BLOCKING)
        )
    with campaign_file.transaction():
        campaign_file.update_recipient(person)
        return _replaced(campaign_file, letter, Channel.PAPER, now)


def hand_over(campaign_file: CampaignFile, delivery_id: int, now: datetime) -> Delivery:
    """The letter will be given by hand: RETURNED → REPLACED, and a pending one by that way.

    The person is marked so in the list too: the next plan would otherwise send the letter by post again.
    """
    letter = campaign_file.delivery(delivery_id)
    with campaign_file.transaction():
        person = campaign_file.recipient(letter.recipient_id)
        campaign_file.update_recipient(replace(person, restriction=Restriction.HAND_OVER))
        return _replaced(campaign_file, letter, Channel.HAND_OVER, now)


def give_up(campaign_file: CampaignFile, delivery_id: int, now: datetime) -> Delivery:
    """No other way to reach the person: RETURNED → EXCLUDED, kept in the closing balance."""
    return campaign_file.move(delivery_id, DeliveryStatus.EXCLUDED, now=now)


def _replaced(
    campaign_file: CampaignFile, letter: Delivery, channel: Channel, now: datetime
) -> Delivery:
    campaign_file.move(letter.id, DeliveryStatus.REPLACED, now=now)
    code = new_letter_code(secrets.token_bytes(8))
    again = Delivery(
        letter.recipient_id,
        channel,
        DeliveryStatus.PENDING,
        code,
        template_id=letter.template_id,
        run=letter.run,
        changed_at=now,
    )
    campaign_file.add_deliveries([again])
    added = campaign_file.delivery_by_code(code)
    assert added is not None  # noqa: S101 - just written, for the type checker
    return added
