"""Letters of a campaign: the renderer with the practice's own wording, previews, and the check of every letter."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.core.campaign import Channel, DeliveryStatus
from app.core.channels import plan_channel
from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled
from app.core.incident import Incident
from app.core.issue import Issue, Level
from app.core.letter_checks import forget_texts
from app.core.letter_leaks import LeakIndex
from app.core.letter_warnings import LetterWarning, WarningCollector
from app.core.practice import Practice
from app.core.recipient import Recipient
from app.letters.catalogue import Catalogue, LetterTemplate, load
from app.letters.checking import (
    TRIAL_CODE,
    LetterChecker,
    check_template,
    practice_texts,
)
from app.letters.render import Letter, LetterRenderer
from app.services.control import Control
from app.storage.campaign_file import CampaignFile
from app.wording.french import PARIS

#: campaign setting: day printed on the letters, ISO; absent = the day of rendering
LETTER_DATE = "letter.date"
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


def template_of(
    campaign_file: CampaignFile,
    template_id: str,
    run: int | None = None,
    catalogue: Catalogue | None = None,
) -> LetterTemplate:
    """A template with the practice's own wording if it has one. Raises UnknownTemplate."""
    template = (catalogue or load()).template(template_id)
    own = campaign_file.template_text(template_id, run)
    if own is None or own == (template.subject_email, template.source):
        return template
    subject, text = own
    return template.with_wording(text, subject)


def letter_date(campaign_file: CampaignFile, run: int = 1, clock: Clock | None = None) -> date:
    """The day printed on the letters: the chosen one, the day the run was frozen, or today in France."""
    chosen = campaign_file.setting(LETTER_DATE)
    if chosen:
        return date.fromisoformat(chosen)
    frozen = campaign_file.run(run)
    if frozen is not None:
        return frozen.frozen_at.astimezone(PARIS).date()
    return today(clock)


def today(clock: Clock | None = None) -> date:
    """The present day in France."""
    return (clock or SystemClock()).now().astimezone(PARIS).date()


def renderer_for(
    campaign_file: CampaignFile, run: int = 1, clock: Clock | None = None
) -> LetterRenderer:
    """The renderer of a run: what was frozen when it began, the present draft before.

    Raises:
        UnknownTemplate, TemplateInvalid, CatalogueInvalid.
    """
    incident = campaign_file.incident(run)
    return renderer_with(
        campaign_file,
        template_of(campaign_file, incident.template_id, run),
        incident=incident,
        practice=campaign_file.practice(run),
        run=run,
        clock=clock,
    )


def renderer_with(
    campaign_file: CampaignFile,
    template: LetterTemplate,
    *,
    incident: Incident | None = None,
    practice: Practice | None = None,
    run: int = 1,
    clock: Clock | None = None,
) -> LetterRenderer:
    """A renderer with a wording being edited (not saved yet): what the preview shows.

    When ``template`` is the annotations variant of the incident's template, it takes the variant's place.
    """
    incident = incident or campaign_file.incident()
    main = template
    if template.id != incident.template_id:
        chosen = template_of(campaign_file, incident.template_id, run)
        if chosen.annotations_variant == template.id:
            main = chosen
    variant_id = main.annotations_variant
    variant = None
    if variant_id:
        variant = (
            template if template.id == variant_id else template_of(campaign_file, variant_id, run)
        )
    return LetterRenderer(
        main,
        variant,
        incident,
        practice or campaign_file.practice(),
        letter_date(campaign_file, run, clock),
    )


def freeze(campaign_file: CampaignFile, run: int = 1, clock: Clock | None = None) -> None:
    """Fix the wording of a run before its first letter leaves; harmless when done already."""
    if campaign_file.run(run) is not None:
        return
    renderer = renderer_for(campaign_file, run, clock)
    texts = {each.id: (each.subject_email, each.source) for each in renderer.templates}
    campaign_file.freeze_run(run, texts, (clock or SystemClock()).now())


def preview(
    campaign_file: CampaignFile,
    recipient_id: int,
    channel: Channel,
    *,
    renderer: LetterRenderer | None = None,
    run: int = 1,
) -> Letter:
    """The letter of one person as it will leave, with its own code once it is planned.

    Raises:
        MissingValue, TemplateInvalid, UnknownTemplate.
    """
    person = campaign_file.recipient(recipient_id)
    letters = campaign_file.deliveries_of(recipient_id)
    planned = [
        each for each in letters if each.run == run and each.status != DeliveryStatus.REPLACED
    ]
    code = planned[-1].code if planned else TRIAL_CODE
    return (renderer or renderer_for(campaign_file, run)).render(person, code, channel)


def check_wording(
    campaign_file: CampaignFile, template: LetterTemplate, clock: Clock | None = None
) -> list[Issue]:
    """Remarks on a template while it is edited, with their place in its source. Raises TemplateInvalid."""
    renderer = renderer_with(campaign_file, template, clock=clock)
    return check_template(renderer, today(clock), template.id)


def check_all(
    campaign_file: CampaignFile,
    control: Control | None = None,
    *,
    run: int = 1,
    clock: Clock | None = None,
) -> Iterator[CheckEvent]:
    """Render and check every letter of the run; the last event is ``CheckFinished``.

    Raises:
        Cancelled: ``control`` was stopped.
        TemplateInvalid, UnknownTemplate, CatalogueInvalid: no letter can be written.
    """
    renderer = renderer_for(campaign_file, run, clock)
    leaks = LeakIndex(campaign_file.recipients(), practice_texts(renderer))
    checker = LetterChecker(renderer, today(clock), leaks)
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
