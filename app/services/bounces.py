"""Returned letters: read, matched with the letter they speak of, journalled; then given to paper in one go."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from app.core.campaign import Channel, Delivery, DeliveryStatus, read_letter_code
from app.core.clock import Clock, SystemClock
from app.core.errors.mail import MailboxUnreadable
from app.core.mail_account import MailAccount
from app.mail.imap_mailbox import Bookmark, ImapMailbox
from app.mail.reports import Action, Report, read_report
from app.mail.saved_messages import read_saved
from app.services.control import Control
from app.services.departure import plan_options
from app.services.planning import move_to_paper
from app.storage.campaign_file import CampaignFile
from app.storage.queries import DeliveryQuery

_S = DeliveryStatus
_MAY_BOUNCE = frozenset({_S.ACCEPTED, _S.UNCERTAIN})


class Outcome(StrEnum):
    """What became of one message."""

    BOUNCED = "bounced"  # its letter is now RETURNED BY E-MAIL
    KNOWN = "known"  # the letter was already known to be returned
    DELAYED = "delayed"  # the server still tries
    DELIVERED = "delivered"
    UNMATCHED = "unmatched"  # a report, and no letter of this campaign for sure
    OTHER = "other"  # no report: an answer, a holiday message


@dataclass(frozen=True, slots=True)
class Taken:
    """One message looked at; ``delivery`` when it speaks of a letter of this campaign."""

    outcome: Outcome
    delivery: Delivery | None = None
    row: int = 0


@dataclass(slots=True)
class BounceSummary:
    """How many of each, at the end."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)


class BounceIntake:
    """Takes messages one by one and moves the letters they speak of."""

    def __init__(self, campaign_file: CampaignFile, clock: Clock | None = None) -> None:
        self._file = campaign_file
        self._clock = clock or SystemClock()

    def take(self, raw: bytes) -> Taken:
        """Read one message; a report of failure moves its letter to BOUNCED, durably."""
        report = read_report(raw)
        if report.action in (Action.NONE, Action.AUTOREPLY, Action.COMPLAINT):
            return Taken(Outcome.OTHER)
        delivery = self._match(report)
        if delivery is None:
            return Taken(Outcome.UNMATCHED)
        row = self._file.recipient(delivery.recipient_id).row
        if report.action is Action.DELAYED:
            return Taken(Outcome.DELAYED, delivery, row)
        if report.action is Action.DELIVERED:
            return Taken(Outcome.DELIVERED, delivery, row)
        if delivery.status not in _MAY_BOUNCE:
            return Taken(Outcome.KNOWN, delivery, row)
        moved = self._file.move(delivery.id, _S.BOUNCED, now=self._clock.now(), reply=report.reply)
        return Taken(Outcome.BOUNCED, moved, row)

    def _match(self, report: Report) -> Delivery | None:
        """By ENVID, our Message-ID, our X-Lettre-Id; by address only when it leaves no doubt."""
        by_envelope = self._by_code(report.envelope_id)
        if by_envelope is not None:
            return by_envelope
        for candidates in (
            map(self._file.delivery_by_message_id, report.message_ids),
            map(self._by_code, report.letter_ids),
        ):
            found = {letter.id: letter for letter in candidates if letter is not None}
            if found:
                return next(iter(found.values())) if len(found) == 1 else None
        if report.names_its_letter or report.letter_ids:
            return None  # another message to the same person, or another campaign's letter
        return self._by_address(report.addresses)

    def _by_code(self, code: str) -> Delivery | None:
        read = read_letter_code(code) if code else None
        return None if read is None else self._file.delivery_by_code(read)

    def _by_address(self, addresses: Iterable[str]) -> Delivery | None:
        found: list[Delivery] = []
        for address in dict.fromkeys(addresses):
            query = DeliveryQuery(tuple(_MAY_BOUNCE), Channel.EMAIL, None, address)
            keys = self._file.delivery_ids(query)
            found += [
                letter
                for letter, person in self._file.deliveries_by_ids(keys)
                if person.email.lower() == address
            ]
        return found[0] if len(found) == 1 else None


def from_files(
    campaign_file: CampaignFile,
    paths: Iterable[Path],
    control: Control,
    clock: Clock | None = None,
) -> Iterator[Taken | BounceSummary]:
    """Read saved messages (.eml, .mbox, folders); the last event is the summary."""
    intake, summary = BounceIntake(campaign_file, clock), BounceSummary()
    for path in paths:
        try:
            for raw in read_saved(path):
                if not control.wait():
                    yield summary
                    return
                taken = intake.take(raw)
                summary.counts[taken.outcome] += 1
                yield taken
        except MailboxUnreadable:
            summary.unreadable.append(path.name)
    yield summary


def from_imap(
    campaign_file: CampaignFile,
    account: MailAccount,
    secret: Callable[[], str],
    control: Control,
    clock: Clock | None = None,
) -> Iterator[Taken | BounceSummary]:
    """Read the practice's mailbox, read-only, from where the last reading stopped; the last event is the summary.

    Raises:
        ImapRefused, ConnectionClosed, ServerUnreachable, CertificateInvalid.
    """
    intake, summary = BounceIntake(campaign_file, clock), BounceSummary()
    since = _first_sent(campaign_file) or (clock or SystemClock()).now().date()
    with ImapMailbox(account, secret) as mailbox:
        for folder in mailbox.report_folders():
            name = f"imap.{account.key}.{folder}"
            for fetched in mailbox.reports(folder, since, _bookmark(campaign_file, name)):
                if not control.wait():
                    yield summary
                    return
                taken = intake.take(fetched.raw)
                mark = fetched.bookmark
                campaign_file.set_setting(name, f"{mark.validity}:{mark.last_uid}")
                summary.counts[taken.outcome] += 1
                yield taken
    yield summary


def _bookmark(campaign_file: CampaignFile, name: str) -> Bookmark:
    with suppress(ValueError):
        validity, _, uid = (campaign_file.setting(name) or "").partition(":")
        return Bookmark(int(validity), int(uid))
    return Bookmark()


def _first_sent(campaign_file: CampaignFile) -> date | None:
    for event in campaign_file.events(kind=f"letter_{_S.DOT}", limit=1):
        return (event.at - timedelta(days=1)).date()
    return None


@dataclass(frozen=True, slots=True)
class GivenToPaper:
    """Letters that will now be printed, and people who have no postal address either."""

    moved: int
    without_address: int


def give_to_paper(
    campaign_file: CampaignFile,
    statuses: tuple[DeliveryStatus, ...] = (_S.BOUNCED, _S.REJECTED),
    *,
    run: int = 1,
    clock: Clock | None = None,
) -> GivenToPaper:
    """Plan a paper letter for everybody whose e-mail came back or was refused, in one transaction."""
    failed = [
        letter.id for letter in campaign_file.deliveries(*statuses, channel=Channel.EMAIL, run=run)
    ]
    moved = move_to_paper(campaign_file, failed, plan_options(campaign_file, None, run), clock)
    if moved.moved:
        now = (clock or SystemClock()).now()
        campaign_file.append_event("given_to_paper", {"run": run, "count": moved.moved}, now)
    return GivenToPaper(moved.moved, len(moved.without_address))
