"""A second letter: complement, correction, « finalement pas concerné ». The first stays as it was."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.core.campaign import Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.channels import plan_channel
from app.core.clock import Clock, SystemClock
from app.core.errors import BugError, Cancelled
from app.core.errors.storage import CampaignClosed, NamesPurged
from app.core.recipient import Recipient
from app.services.control import Control
from app.services.evidence_figures import PURGED_SETTING
from app.services.overview import (
    EVIDENCE_SAVED,
    LETTER_SEEN,
    LETTERS_READ,
    forget_wording,
)
from app.services.planning import PlanOptions
from app.services.reading import DRAWN, READ
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile

_S = DeliveryStatus
_BATCH = 1_000


class Audience(StrEnum):
    """Who gets the follow-up letter, by what happened to the letter before."""

    EVERYBODY = "everybody"  # all to whom a letter was planned
    INFORMED = "informed"  # only those whose letter left and did not come back
    NOT_INFORMED = "not_informed"  # letter rejected, bounced, returned
    CHOSEN = "chosen"  # rows given one by one


_INFORMED = frozenset({_S.ACCEPTED, _S.POSTED, _S.HANDED_OVER, _S.UNCERTAIN})
_FAILED = frozenset({_S.REJECTED, _S.BOUNCED, _S.RETURNED})


@dataclass(frozen=True, slots=True)
class FollowUpProgress:
    """So many people looked at."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the second letter is."""

    template_id: str
    audience: Audience = Audience.INFORMED
    #: why, in the practice's words: goes into the dossier, names nobody
    purpose: str = ""
    #: keys of people, for ``Audience.CHOSEN``
    chosen: frozenset[int] = frozenset()
    annotations_by_email: bool = False


def last_letters(campaign_file: CampaignFile) -> Iterator[tuple[Recipient, Delivery]]:
    """Each person's last letter, whatever its run, in the order of the letters."""
    wanted = campaign_file.last_letter_ids()
    for start in range(0, len(wanted), _BATCH):
        for letter, person in campaign_file.deliveries_by_ids(wanted[start : start + _BATCH]):
            yield person, letter


def audience_counts(campaign_file: CampaignFile) -> Mapping[Audience, int]:
    """How many people each choice would reach."""
    counted: Counter[Audience] = Counter()
    for status, people in campaign_file.last_letter_counts().items():
        counted[Audience.EVERYBODY] += people
        if status in _INFORMED:
            counted[Audience.INFORMED] += people
        elif status in _FAILED:
            counted[Audience.NOT_INFORMED] += people
    return counted


def _belongs(follow_up: FollowUp, person: Recipient, letter: Delivery) -> bool:
    if person.is_excluded or letter.status is _S.EXCLUDED:
        return follow_up.audience is Audience.CHOSEN and person.id in follow_up.chosen
    if follow_up.audience is Audience.INFORMED:
        return letter.status in _INFORMED
    if follow_up.audience is Audience.NOT_INFORMED:
        return letter.status in _FAILED
    if follow_up.audience is Audience.CHOSEN:
        return person.id in follow_up.chosen
    return True


def start(
    campaign_file: CampaignFile,
    follow_up: FollowUp,
    sender: str,
    clock: Clock | None = None,
) -> int:
    """As ``start_steps``, to the end; the run's number."""
    for event in start_steps(campaign_file, follow_up, sender, clock=clock):
        if isinstance(event, int):
            return event
    raise BugError("the follow-up ended without a run")


def start_steps(
    campaign_file: CampaignFile,
    follow_up: FollowUp,
    sender: str,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Iterator[FollowUpProgress | int]:
    """Open a new run and plan its letters; the last event is the run's number. All in one transaction.

    What the first run said stays frozen. The draft incident takes the new template; edit incident and wording
    before the first letter leaves: the pages ask again for reading and checking.

    Raises:
        CampaignClosed, NamesPurged: nobody can be written to any more.
        Cancelled: nothing was changed.
    """
    _check_open(campaign_file)
    now = (clock or SystemClock()).now()
    runs = campaign_file.runs()
    if not runs or campaign_file.run(runs[-1]) is None:
        raise BugError("a follow-up needs a first run that has begun")
    run = runs[-1] + 1
    options = PlanOptions(
        sender=sender,
        template_id=follow_up.template_id,
        annotations_by_email=follow_up.annotations_by_email,
        run=run,
    )
    with campaign_file.transaction():
        incident = replace(campaign_file.incident(), template_id=follow_up.template_id)
        campaign_file.save_incident(incident, now)
        planned = 0
        for done, total, written in _plan(campaign_file, follow_up, options):
            planned = written
            if control is not None and not control.wait():
                raise Cancelled
            yield FollowUpProgress(done, total)
        campaign_file.begin_run(run, follow_up.purpose)
        _ask_again(campaign_file)
        facts: dict[str, str | int] = {
            "run": run,
            "template": follow_up.template_id,
            "audience": follow_up.audience.value,
            "letters": planned,
            "purpose": follow_up.purpose,
        }
        campaign_file.append_event("follow_up_started", facts, now)
    yield run


def _ask_again(campaign_file: CampaignFile) -> None:
    """Another letter: it was neither seen, nor checked, nor read, and the saved dossier lacks it."""
    forget_wording(campaign_file)
    for name in (LETTER_SEEN, LETTERS_READ, DRAWN, READ, EVIDENCE_SAVED):
        campaign_file.set_setting(name, "")


def _plan(
    campaign_file: CampaignFile, follow_up: FollowUp, options: PlanOptions
) -> Iterator[tuple[int, int, int]]:
    """(people looked at, all, letters written so far) after each batch."""
    taken: set[str] = {letter.code for letter in campaign_file.deliveries()}
    batch: list[Delivery] = []
    planned = done = 0
    total = len(campaign_file.last_letter_ids())
    for done, (person, letter) in enumerate(last_letters(campaign_file), start=1):
        if _belongs(follow_up, person, letter):
            batch.append(_letter(person, letter, options, taken))
            planned += batch[-1].channel is not Channel.NONE
        if done % _BATCH == 0:
            campaign_file.add_deliveries(batch)
            batch.clear()
            yield done, total, planned
    campaign_file.add_deliveries(batch)
    yield done, total, planned


def _letter(person: Recipient, former: Delivery, options: PlanOptions, taken: set[str]) -> Delivery:
    """The next letter; an e-mail address that refused the last one is not tried again."""
    dead = former.channel is Channel.EMAIL and former.status in _FAILED
    reachable = replace(person, email="") if dead else person
    decision = plan_channel(reachable, annotations_by_email=options.annotations_by_email)
    nobody = decision.channel is Channel.NONE
    code = new_letter_code()
    while code in taken:
        code = new_letter_code()
    taken.add(code)
    return Delivery(
        recipient_id=person.id,
        channel=decision.channel,
        status=_S.EXCLUDED if nobody else _S.PENDING,
        code=code,
        message_id=options.message_id(person) if decision.channel is Channel.EMAIL else "",
        template_id="" if nobody else options.template_for(person),
        run=options.run,
    )


def _check_open(campaign_file: CampaignFile) -> None:
    purged = campaign_file.setting(PURGED_SETTING)
    if purged is not None:
        raise NamesPurged(datetime.fromisoformat(purged))
    if campaign_file.setting(CLOSED_SETTING) is not None:
        raise CampaignClosed(campaign_file.folder.name)


def history(campaign_file: CampaignFile, recipient_id: int) -> list[Delivery]:
    """All letters to one person, first to last."""
    return campaign_file.deliveries_of(recipient_id)
