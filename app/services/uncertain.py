"""Letters whose fate nobody knows: settled by the Sent folder, by a report, or by the user, never by us alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.campaign import Channel, Delivery, DeliveryStatus, Reply
from app.core.clock import Clock, SystemClock
from app.core.mail_account import MailAccount
from app.core.recipient import Recipient
from app.mail.imap_mailbox import ImapMailbox
from app.services.control import Control
from app.storage.campaign_file import CampaignFile

_S = DeliveryStatus


class Proof(StrEnum):
    """Why a letter is held to have left."""

    SENT_FOLDER = "sent_folder"
    REPORT = "report"  # a delivery report (RFC 3464, action « delivered »)
    USER = "user"


@dataclass(frozen=True, slots=True)
class Looked:
    """One uncertain letter was looked for in the Sent folder. Not found proves nothing."""

    delivery: Delivery
    found: bool


def uncertain_letters(campaign_file: CampaignFile) -> Iterator[tuple[Delivery, Recipient]]:
    """Every letter waiting for a decision."""
    return campaign_file.deliveries_with_recipients(_S.UNCERTAIN, channel=Channel.EMAIL)


def it_left(
    campaign_file: CampaignFile,
    delivery_id: int,
    proof: Proof = Proof.USER,
    clock: Clock | None = None,
) -> Delivery:
    """« Elle y est »: the letter counts as accepted."""
    now = (clock or SystemClock()).now()
    with campaign_file.transaction():
        campaign_file.append_event(
            "uncertain_settled", {"how": proof.value}, now, delivery_id=delivery_id
        )
        return campaign_file.move(
            delivery_id, _S.ACCEPTED, now=now, reply=Reply(250, f"uncertain_settled {proof.value}")
        )


def send_again(
    campaign_file: CampaignFile, delivery_id: int, clock: Clock | None = None
) -> Delivery:
    """« Elle n’y est pas : la renvoyer »: back in the queue, under the same Message-ID."""
    now = (clock or SystemClock()).now()
    with campaign_file.transaction():
        campaign_file.append_event(
            "uncertain_settled", {"how": "send_again"}, now, delivery_id=delivery_id
        )
        return campaign_file.move(delivery_id, _S.PENDING, now=now)


def look_in_sent_folder(
    campaign_file: CampaignFile,
    account: MailAccount,
    secret: Callable[[], str],
    control: Control,
    clock: Clock | None = None,
) -> Iterator[Looked]:
    """Search each Message-ID among the sent messages, read-only; a letter found is settled as accepted.

    Raises:
        ImapRefused, ConnectionClosed, ServerUnreachable, CertificateInvalid.
    """
    waiting = [letter for letter, _ in uncertain_letters(campaign_file)]
    if not waiting:
        return
    with ImapMailbox(account, secret) as mailbox:
        for letter in waiting:
            if not control.wait():
                return
            found = mailbox.has_sent(letter.message_id)
            settled = (
                it_left(campaign_file, letter.id, Proof.SENT_FOLDER, clock) if found else letter
            )
            yield Looked(settled, found)
