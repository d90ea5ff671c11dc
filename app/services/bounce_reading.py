"""One reading of what came back: from the mailbox or from saved messages, with what proves a letter delivered.

The mailbox is read and never changed. When it was last read is kept, so that a late bounce is looked for
again weeks later.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.mail_account import MailAccount
from app.services import uncertain
from app.services.bounces import BounceSummary, Outcome, Taken, from_files, from_imap
from app.services.control import Control
from app.storage.campaign_file import CampaignFile

_READ_AT_SETTING = "bounces.read_at"
#: a server may try for five days before it gives up, and some reports come weeks later (mail.md D)
_FIRST_LOOK, _NEXT_LOOK, _WATCHED = timedelta(days=1), timedelta(days=7), timedelta(days=31)
#: endings of saved messages
SAVED_MESSAGES = (".eml", ".mbox", ".mbx")


def is_saved_message(path: Path) -> bool:
    """True for a file that ``read_files`` understands, or a folder of them."""
    return path.suffix.lower() in SAVED_MESSAGES or path.is_dir()


def last_read_at(campaign_file: CampaignFile) -> datetime | None:
    """When returned e-mails were last looked for to the end; None before the first time."""
    kept = campaign_file.setting(_READ_AT_SETTING)
    return datetime.fromisoformat(kept) if kept else None


def is_reading_due(campaign_file: CampaignFile, now: datetime) -> bool:
    """True when e-mails may have come back unseen: a day after the last departures, then weekly, for a month."""
    sent = [
        last
        for run in range(1, campaign_file.current_run + 1)
        for (channel, status), (_, last) in campaign_file.delivery_spans(run).items()
        if channel is Channel.EMAIL and status is DeliveryStatus.ACCEPTED and last is not None
    ]
    if not sent or now - max(sent) > _WATCHED:
        return False
    read = last_read_at(campaign_file)
    if read is None or read < max(sent):
        return now - max(sent) > _FIRST_LOOK
    return now - read > _NEXT_LOOK


def read_mailbox(
    campaign_file: CampaignFile,
    account: MailAccount,
    secret: Callable[[], str],
    control: Control,
    clock: Clock | None = None,
) -> Iterator[Taken | BounceSummary]:
    """Read the practice's mailbox from where the last reading stopped; the last event is the summary.

    Raises:
        ImapRefused, ConnectionClosed, ServerUnreachable, CertificateInvalid.
    """
    events = from_imap(campaign_file, account, secret, control, clock)
    yield from _reading(campaign_file, events, control, clock)


def read_files(
    campaign_file: CampaignFile,
    paths: Iterable[Path],
    control: Control,
    clock: Clock | None = None,
) -> Iterator[Taken | BounceSummary]:
    """Read saved messages (.eml, .mbox, folders); the last event is the summary."""
    yield from _reading(
        campaign_file, from_files(campaign_file, paths, control, clock), control, clock
    )


def _reading(
    campaign_file: CampaignFile,
    events: Iterator[Taken | BounceSummary],
    control: Control,
    clock: Clock | None,
) -> Iterator[Taken | BounceSummary]:
    for event in events:
        if isinstance(event, Taken):
            yield _with_proof(campaign_file, event, clock)
            continue
        if not control.is_stopped:
            now = (clock or SystemClock()).now()
            campaign_file.set_setting(_READ_AT_SETTING, now.isoformat())
        yield event


def _with_proof(campaign_file: CampaignFile, taken: Taken, clock: Clock | None) -> Taken:
    """A report « delivered » settles an uncertain letter: it had left."""
    letter = taken.delivery
    if (
        taken.outcome is not Outcome.DELIVERED
        or letter is None
        or letter.status is not DeliveryStatus.UNCERTAIN
    ):
        return taken
    settled = uncertain.it_left(campaign_file, letter.id, uncertain.Proof.REPORT, clock)
    return Taken(taken.outcome, settled, taken.row)
