"""What happened in a campaign, counted: the one source of the dossier's PDF, tables and JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.core.campaign import Campaign, Channel, ClosingBalance, Delivery, DeliveryStatus
from app.core.channels import plan_channel
from app.core.incident import Incident
from app.core.practice import Practice
from app.core.recipient import ExclusionReason
from app.core.register import Ground
from app.core.replies import Reason, reason_of
from app.services.evidence_activity import Activity, activity
from app.services.letter_warnings import Accepted, accepted
from app.services.run_check import SECOND_READING_EVENT
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.storage.documents import ImportRecord, Run
from app.storage.queries import RecipientQuery

_S = DeliveryStatus
#: kept when the names go
ANNOTATED_SETTING = "evidence.annotated"
#: a letter to this person did not arrive, as far as is known
FAILED = (_S.REJECTED, _S.BOUNCED, _S.RETURNED, _S.UNCERTAIN)
PURGED_SETTING = "campaign.purged_at"


@dataclass(frozen=True, slots=True)
class RunFigures:
    """One run: what was frozen, how many letters in which state, when."""

    run: int
    frozen: Run | None
    counts: Mapping[tuple[Channel, DeliveryStatus], int]
    balance: ClosingBalance
    first_left: datetime | None
    last_left: datetime | None

    def count(self, channel: Channel, *statuses: DeliveryStatus) -> int:
        """Letters by this channel in one of these states."""
        return sum(self.counts.get((channel, status), 0) for status in statuses)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Letters that failed for one cause, and what was done for these people."""

    status: DeliveryStatus
    reason: Reason | None
    #: channel of the letter that took over; None when nothing was done yet
    then: Channel | None
    count: int
    #: the letter that took over has left
    then_left: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision not to write to a group of people."""

    at: datetime
    ground: Ground
    people: int
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Posting:
    """Letters given to the post on a day, as the practice says."""

    on: date
    letters: int


@dataclass(frozen=True, slots=True)
class Controls:
    """What was done before letters left, as the journal says."""

    #: letters drawn at random that somebody read
    letters_read: int = 0
    trial_letters: tuple[datetime, ...] = ()
    #: (instant, number of letters) typed by the user to confirm
    confirmations: tuple[tuple[datetime, int], ...] = ()
    #: (instant, who)
    second_readings: tuple[tuple[datetime, str], ...] = ()
    accepted: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything counted. No name, no address."""

    campaign: Campaign
    practice: Practice
    incident: Incident
    made_at: datetime
    #: rows of the list, doubles included: the total of every balance
    people: int
    #: persons whose record held free-text remarks: the sensitive part of an administrative breach
    annotated: int
    runs: tuple[RunFigures, ...]
    undelivered: tuple[Undelivered, ...]
    exclusions: Mapping[ExclusionReason, int]
    decisions: tuple[Decision, ...]
    activity: Activity
    imports: tuple[ImportRecord, ...]
    events: Mapping[str, int]
    calls: Mapping[str, int]
    postings: tuple[Posting, ...]
    controls: Controls
    chain_events: int
    chain_head: str
    closed_at: datetime | None = None
    purged_at: datetime | None = None

    @property
    def concerned(self) -> int:
        """Persons, each counted once: rows of the list less those recognised as doubles."""
        return self.people - self.exclusions.get(ExclusionReason.DUPLICATE, 0)

    @property
    def first_run(self) -> RunFigures | None:
        """The run of the first letters."""
        return self.runs[0] if self.runs else None

    @property
    def informed(self) -> int:
        """People to whom a first letter left and has not come back, as far as is known."""
        if self.first_run is None:
            return 0
        return self.first_run.balance.count(_S.ACCEPTED, _S.POSTED, _S.HANDED_OVER)


def figures(campaign_file: CampaignFile, now: datetime, *, with_notes: bool = False) -> Figures:
    """Count everything; a few seconds at 300,000 people. ``with_notes``: decisions keep notes that may name."""
    runs = campaign_file.runs() or []
    head = campaign_file.chain_head()
    return Figures(
        campaign=campaign_file.campaign,
        practice=campaign_file.practice(runs[0] if runs else None),
        incident=campaign_file.incident(),
        made_at=now,
        people=campaign_file.count_recipients(),
        annotated=annotated_people(campaign_file),
        runs=tuple(_run_figures(campaign_file, run) for run in runs),
        undelivered=tuple(_undelivered(campaign_file)),
        exclusions=exclusions(campaign_file),
        decisions=tuple(decisions(campaign_file, with_notes=with_notes)),
        activity=activity(campaign_file),
        imports=tuple(campaign_file.imports()),
        events=campaign_file.event_counts(),
        calls=campaign_file.call_counts(),
        postings=tuple(_postings(campaign_file)),
        controls=controls(campaign_file),
        chain_events=head[0],
        chain_head=head[1],
        closed_at=_instant(campaign_file.setting(CLOSED_SETTING)),
        purged_at=_instant(campaign_file.setting(PURGED_SETTING)),
    )


def annotated_people(campaign_file: CampaignFile) -> int:
    """How many people the letter about free-text remarks concerns; the number outlives the purge."""
    present = campaign_file.count_recipients(RecipientQuery(has_annotations=True, excluded=False))
    return present or int(campaign_file.setting(ANNOTATED_SETTING) or 0)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _run_figures(campaign_file: CampaignFile, run: int) -> RunFigures:
    spans = campaign_file.delivery_spans(run)
    left = [
        moment
        for (_, status), span in spans.items()
        if status in (_S.ACCEPTED, _S.POSTED, _S.HANDED_OVER)
        for moment in span
        if moment is not None
    ]
    return RunFigures(
        run,
        campaign_file.run(run),
        campaign_file.delivery_counts(run),
        campaign_file.balance(run),
        min(left, default=None),
        max(left, default=None),
    )


def _undelivered(campaign_file: CampaignFile) -> Iterator[Undelivered]:
    """Failed letters, and those that another letter replaced after a failure."""
    counted: Counter[tuple[DeliveryStatus, Reason | None, Channel | None, bool]] = Counter()
    for letter in campaign_file.deliveries(*FAILED):
        counted[letter.status, _reason(letter), None, False] += 1
    for letter in campaign_file.deliveries(_S.REPLACED):
        former = _before_replaced(campaign_file, letter)
        if former is not None and former in (*FAILED, _S.DEFERRED):
            next_letter = _successor(campaign_file, letter)
            channel = None if next_letter is None else next_letter.channel
            left = next_letter is not None and next_letter.status in (
                _S.ACCEPTED,
                _S.POSTED,
                _S.HANDED_OVER,
            )
            counted[former, _reason(letter), channel, left] += 1
    for (status, reason, channel, left), count in sorted(counted.items(), key=str):
        yield Undelivered(status, reason, channel, count, left)


def _before_replaced(campaign_file: CampaignFile, letter: Delivery) -> DeliveryStatus | None:
    """State of a replaced letter just before, as its last event says."""
    moves = [
        event
        for event in campaign_file.events(delivery_id=letter.id)
        if event.kind == "letter_replaced"
    ]
    return DeliveryStatus(str(moves[-1].facts["from"])) if moves else None


def _reason(letter: Delivery) -> Reason | None:
    return None if letter.reply is None else reason_of(letter.reply)


def _successor(campaign_file: CampaignFile, letter: Delivery) -> Delivery | None:
    later = [
        other
        for other in campaign_file.deliveries_of(letter.recipient_id)
        if other.id > letter.id and other.run == letter.run
    ]
    return later[0] if later else None


def exclusions(campaign_file: CampaignFile) -> dict[ExclusionReason, int]:
    """People to whom nobody writes, by reason, written in the list or found by the plan."""
    counted: Counter[ExclusionReason] = Counter(campaign_file.exclusion_counts())
    for _, person in campaign_file.deliveries_with_recipients(_S.EXCLUDED, run=1):
        if person.excluded is None:
            counted[plan_channel(person).reason or ExclusionReason.USER_DECISION] += 1
    return dict(counted)


def decisions(campaign_file: CampaignFile, *, with_notes: bool) -> Iterator[Decision]:
    """Decisions not to write, as recorded."""
    for event in campaign_file.events(kind="decision_not_to_write"):
        note = str((event.private or {}).get("note", "")) if with_notes else ""
        ground = Ground(str(event.facts["ground"]))
        yield Decision(event.at, ground, int(event.facts["people"]), note)


def _postings(campaign_file: CampaignFile) -> Iterator[Posting]:
    for event in campaign_file.events(kind="letters_posted"):
        yield Posting(
            date.fromisoformat(str(event.facts["posted_on"])), int(event.facts["letters"])
        )


def controls(campaign_file: CampaignFile) -> Controls:
    """Readings, trial letters, confirmations and accepted warnings."""
    confirmed = campaign_file.events(kind="sending_confirmed")
    read_again = campaign_file.events(kind=SECOND_READING_EVENT)
    return Controls(
        campaign_file.event_counts().get("letter_read", 0),
        tuple(event.at for event in campaign_file.events(kind="trial_letter")),
        tuple((event.at, int(event.facts["letters"])) for event in confirmed),
        tuple((event.at, str(event.facts.get("by", ""))) for event in read_again),
        accepted(campaign_file),
    )


def record_decision(
    campaign_file: CampaignFile, ground: Ground, people: int, note: str, now: datetime
) -> None:
    """Note why ``people`` persons are not written to; the note may name somebody and is purged with the names."""
    facts: dict[str, str | int] = {"ground": ground.value, "people": people}
    private = {"note": note} if note else None
    campaign_file.append_event("decision_not_to_write", facts, now, private=private)
