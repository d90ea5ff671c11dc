"""Where a campaign stands, in numbers: what the list of steps and the home page show."""

from collections.abc import Mapping

from app.core.errors.letters import UnknownTemplate
from app.core.incident import Incident
from app.core.issue import Level
from app.core.steps import LETTERS_TO_READ, CampaignFacts
from app.letters.catalogue import LetterTemplate, load
from app.services.trial_due import trial_sent
from app.services.trial_letter import TRIAL_SENT_AT
from app.storage.campaign_file import CampaignFile

#: settings of the campaign file kept by the pages
LETTER_SEEN = "letter.seen"
LETTER_BLOCKING = "letter.blocking"
LETTER_TO_CHECK = "letter.to_check"
LETTERS_BLOCKING = "review.letters_blocking"
LETTERS_READ = "review.letters_read"
WARNINGS_OPEN = "review.warnings_open"
#: code of the remark whose sentence the letter page is to show when it comes
LETTER_PLACE = "letter.place"
EVIDENCE_SAVED = "evidence.saved"
#: remarks about letters live beside those about the list
_LETTER_CODES = "letter_"


def campaign_facts(campaign_file: CampaignFile) -> CampaignFacts:
    """Everything ``core.steps`` needs, read in a few counting queries."""
    incident = campaign_file.incident()
    counts = campaign_file.issue_counts()
    checked = campaign_file.setting(LETTERS_BLOCKING)
    patients = campaign_file.count_recipients()
    return CampaignFacts(
        incident=incident,
        practice_missing=campaign_file.practice().missing(),
        details_missing=details_missing(incident),
        patients=patients,
        list_blocking=_count(counts, Level.BLOCKING),
        list_to_check=_count(counts, Level.CHECK),
        letter_seen=campaign_file.setting(LETTER_SEEN) == "1",
        letter_blocking=_number(campaign_file.setting(LETTER_BLOCKING)),
        letter_to_check=_number(campaign_file.setting(LETTER_TO_CHECK)),
        letters_blocking=int(checked) if checked else None,
        warnings_open=_number(campaign_file.setting(WARNINGS_OPEN)),
        trial_sent=trial_sent(campaign_file),
        letters_read=_number(campaign_file.setting(LETTERS_READ)),
        letters_to_read=min(LETTERS_TO_READ, patients),
        balance=campaign_file.balance(),
        evidence_saved=campaign_file.setting(EVIDENCE_SAVED) == "1",
        run=campaign_file.current_run,
    )


def forget_checks(campaign_file: CampaignFile) -> None:
    """The check of every letter is out of date: the incident, the list or the wording changed."""
    if campaign_file.setting(LETTERS_BLOCKING):
        campaign_file.set_setting(LETTERS_BLOCKING, "")


def forget_wording(campaign_file: CampaignFile) -> None:
    """The letter says something else: its check and the trial letter are out of date (domain.md §8, point 20)."""
    forget_checks(campaign_file)
    if campaign_file.setting(TRIAL_SENT_AT):
        campaign_file.set_setting(TRIAL_SENT_AT, "")


def details_missing(incident: Incident) -> tuple[str, ...]:
    """Names of the incident's fields and of the template's own facts that the letter needs and lacks."""
    template = template_of(incident)
    if template is None:
        return ("template_id",)
    absent = [name for name in template.needs if not getattr(incident, name)]
    absent += [
        detail.name
        for detail in template.details
        if detail.is_required and not incident.details.get(detail.name, "").strip()
    ]
    return tuple(absent)


def template_of(incident: Incident) -> LetterTemplate | None:
    """The catalogue's template of the incident, None when this version does not have it."""
    try:
        return load().template(incident.template_id)
    except UnknownTemplate:
        return None


def _count(counts: Mapping[tuple[Level, str], int], level: Level) -> int:
    return sum(
        count
        for (found, code), count in counts.items()
        if found is level and not code.startswith(_LETTER_CODES)
    )


def _number(text: str | None) -> int:
    return int(text) if text else 0
