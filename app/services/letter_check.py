"""The check of every letter of a run before the first one leaves, as a stream of events."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.core.campaign import Channel, DeliveryStatus
from app.core.channels import plan_channel
from app.core.clock import Clock
from app.core.errors import Cancelled
from app.core.issue import Issue, Level
from app.core.letter_checks import forget_texts
from app.core.letter_leaks import LeakIndex
from app.core.letter_warnings import LetterWarning, WarningCollector
from app.core.recipient import Recipient
from app.letters.checking import TRIAL_CODE, LetterChecker, practice_texts
from app.services import lettering
from app.services.control import Control
from app.storage.campaign_file import CampaignFile

#: remarks of one kind shown with their row; all are counted
_SHOWN_PER_KIND = 50
_STEP = 250
_LEAVING = (DeliveryStatus.PENDING, DeliveryStatus.DEFERRED, DeliveryStatus.OPEN)


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """So many letters checked."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """Every letter was checked. ``counts`` holds all remarks, even those not shown one by one."""

    letters: int
    counts: Mapping[tuple[Level, str], int]
    #: warnings by kind, with the rows of all their letters
    warnings: tuple[LetterWarning, ...] = ()

    @property
    def blocking(self) -> int:
        """How many remarks stop sending and printing."""
        return sum(n for (level, _), n in self.counts.items() if level is Level.BLOCKING)

    @property
    def to_check(self) -> int:
        """How many remarks want a decision."""
        return sum(n for (level, _), n in self.counts.items() if level is Level.CHECK)


CheckEvent = CheckProgress | Issue | CheckFinished


def check_all(
    campaign_file: CampaignFile,
    control: Control | None = None,
    *,
    run: int | None = None,
    clock: Clock | None = None,
) -> Iterator[CheckEvent]:
    """Render and check every letter of the run; the last event is ``CheckFinished``.

    Raises:
        Cancelled: ``control`` was stopped.
        TemplateInvalid, UnknownTemplate, CatalogueInvalid: no letter can be written.
    """
    run = run or campaign_file.current_run
    renderer = lettering.renderer_for(campaign_file, run, clock)
    leaks = LeakIndex(campaign_file.recipients(), practice_texts(renderer))
    checker = LetterChecker(renderer, lettering.today(clock), leaks)
    counts: Counter[tuple[Level, str]] = Counter()
    try:
        yield from _checked(campaign_file, control, checker, counts, run)
    finally:
        forget_texts()


def _checked(
    campaign_file: CampaignFile,
    control: Control | None,
    checker: LetterChecker,
    counts: Counter[tuple[Level, str]],
    run: int,
) -> Iterator[CheckEvent]:
    total = campaign_file.count_recipients()
    shown: Counter[tuple[str, str]] = Counter()
    warnings = WarningCollector()
    done = letters = 0
    for person, code, channel in _letters(campaign_file, run):
        done += 1
        if done % _STEP == 0:
            yield CheckProgress(done, total)
            if control is not None and not control.wait():
                raise Cancelled
        if channel is Channel.NONE:
            continue
        letters += 1
        for issue in checker.check_person(person, code, channel):
            counts[issue.level, issue.code] += 1
            warnings.add(issue, person.row)
            kind = (issue.code, str(sorted(issue.facts.items())))
            shown[kind] += 1
            if shown[kind] <= _SHOWN_PER_KIND:
                yield replace(issue, row=person.row)
    yield CheckProgress(total, total)
    yield CheckFinished(letters, counts, warnings.warnings())


def _letters(campaign_file: CampaignFile, run: int) -> Iterator[tuple[Recipient, str, Channel]]:
    """Everybody with the code and channel planned, or those the plan would choose."""
    if campaign_file.delivery_counts(run):
        for delivery, person in campaign_file.deliveries_with_recipients(*_LEAVING, run=run):
            yield person, delivery.code, delivery.channel
        return
    for person in campaign_file.recipients():
        yield person, TRIAL_CODE, plan_channel(person).channel
