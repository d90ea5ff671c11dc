"""Letters of a campaign: the renderer with the practice's own wording, and previews."""

from datetime import date

from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.incident import Incident
from app.core.issue import Issue
from app.core.practice import Practice
from app.letters.catalogue import Catalogue, LetterTemplate, load
from app.letters.checking import (
    TRIAL_CODE,
    check_template,
)
from app.letters.letter import Letter
from app.letters.render import LetterRenderer
from app.services.told_by_list import told_by_list
from app.storage.campaign_file import CampaignFile
from app.wording.french import PARIS

#: campaign setting: day printed on the letters, ISO; absent = the day of rendering
LETTER_DATE = "letter.date"


def template_of(
    campaign_file: CampaignFile,
    template_id: str,
    run: int | None = None,
    catalogue: Catalogue | None = None,
) -> LetterTemplate:
    """A template with the practice's own wording if it has one. Raises UnknownTemplate."""
    template = (catalogue or load()).template(template_id)
    own = campaign_file.template_text(template_id, run)
    if own is None:
        return template
    subjects, text = own
    email, _, paper = subjects.partition("\n")
    if (email, paper or template.subject_paper, text) == _words(template):
        return template
    return template.with_wording(text, email, paper)


def _words(template: LetterTemplate) -> tuple[str, str, str]:
    return template.subject_email, template.subject_paper, template.source


def _subjects(template: LetterTemplate) -> str:
    """Both subjects as the campaign keeps them: the e-mail's, then the paper's, a line each."""
    return f"{template.subject_email}\n{template.subject_paper}"


def save_wording(campaign_file: CampaignFile, template: LetterTemplate) -> None:
    """Keep the words of ``template`` (both subjects and the text) as the practice's own for this campaign."""
    campaign_file.save_template_text(template.id, _subjects(template), template.source)


def letter_date(
    campaign_file: CampaignFile, run: int | None = None, clock: Clock | None = None
) -> date:
    """The day printed on the letters: the chosen one, the day the run was frozen, or today in France.

    The chosen day is that of the first letters; here and below ``run`` None is the campaign's current one.
    """
    run = run or campaign_file.current_run
    chosen = campaign_file.setting(LETTER_DATE)
    if chosen and run == 1:
        return date.fromisoformat(chosen)
    frozen = campaign_file.run(run)
    if frozen is not None:
        return frozen.frozen_at.astimezone(PARIS).date()
    return today(clock)


def today(clock: Clock | None = None) -> date:
    """The present day in France."""
    return (clock or SystemClock()).now().astimezone(PARIS).date()


def renderer_for(
    campaign_file: CampaignFile, run: int | None = None, clock: Clock | None = None
) -> LetterRenderer:
    """The renderer of a run: what was frozen when it began, the present draft before.

    Raises:
        UnknownTemplate, TemplateInvalid, CatalogueInvalid.
    """
    run = run or campaign_file.current_run
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
    run: int | None = None,
    clock: Clock | None = None,
) -> LetterRenderer:
    """A renderer with a wording being edited (not saved yet): what the preview shows.

    When ``template`` is the annotations variant of the incident's template, it takes the variant's place.
    """
    run = run or campaign_file.current_run
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
        told_by_list=told_by_list(campaign_file),
    )


def freeze(campaign_file: CampaignFile, run: int | None = None, clock: Clock | None = None) -> None:
    """Fix the wording of a run before its first letter leaves; harmless when done already."""
    run = run or campaign_file.current_run
    if campaign_file.run(run) is not None:
        return
    renderer = renderer_for(campaign_file, run, clock)
    texts = {each.id: (_subjects(each), each.source) for each in renderer.templates}
    campaign_file.freeze_run(run, texts, (clock or SystemClock()).now())


def preview(
    campaign_file: CampaignFile,
    recipient_id: int,
    channel: Channel,
    *,
    renderer: LetterRenderer | None = None,
    run: int | None = None,
) -> Letter:
    """The letter of one person as it will leave, with its own code once it is planned.

    Raises:
        MissingValue, TemplateInvalid, UnknownTemplate.
    """
    run = run or campaign_file.current_run
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
