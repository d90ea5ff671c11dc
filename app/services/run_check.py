"""Point 20 of the checklist: what only the whole run can tell, read from the campaign."""

import json
from dataclasses import dataclass
from datetime import datetime

from app.core.campaign import DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.errors.letters import AcceptanceIncomplete
from app.core.issue import Issue
from app.core.letter_run_checks import RunFacts, check_run
from app.core.plain_data import from_plain, to_plain
from app.core.recipient import ExclusionReason
from app.core.steps import LETTERS_TO_READ
from app.services import reading
from app.services.plan_summary import kept_summary
from app.services.trial_due import trial_sent
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery

SECOND_READER = "review.second_reader"
RUN_BLOCKING = "review.run_blocking"
SECOND_READING_EVENT = "second_reading"
#: found by the check of every letter; the rest of point 20 is asked at the door
_COUNTED = frozenset({"letter_20_counts", "letter_20_reason_missing"})
#: reasons that say nothing without a note
_NOTE_WANTED = frozenset({ExclusionReason.USER_DECISION, ExclusionReason.NOT_CONCERNED})


@dataclass(frozen=True, slots=True)
class SecondReader:
    """Somebody else read the letters of this text."""

    by: str
    at: datetime
    text: str


def run_facts(campaign_file: CampaignFile, run: int, text: str = "") -> RunFacts:
    """What is known of the run: the plan once written, else the figures of the last review."""
    balance = campaign_file.balance(run)
    planned = sum(balance.by_status.values()) - balance.count(DeliveryStatus.EXCLUDED)
    people = campaign_file.count_recipients()
    if planned:
        letters = planned
        without = balance.count(DeliveryStatus.EXCLUDED)
        people = people if run == 1 else letters + without
    else:
        summary = kept_summary(campaign_file)
        letters = 0 if summary is None else summary.letters
        without = people if summary is None else summary.none
    bare = _without_reason(campaign_file)
    drawn = reading.drawn_letters(campaign_file)
    reader = second_reader(campaign_file, text)
    return RunFacts(
        letters=letters,
        people=people,
        excluded_with_reason=without - bare,
        excluded_without_reason=bare,
        test_sent=trial_sent(campaign_file, run),
        read_letters=sum(letter.is_read for letter in drawn),
        needed_readings=len(drawn) or min(LETTERS_TO_READ, letters),
        second_reader="" if reader is None else reader.by,
    )


def run_issues(campaign_file: CampaignFile, run: int) -> list[Issue]:
    """Errors of point 20 that the figures show: counts that disagree, reasons nobody wrote."""
    found = check_run(run_facts(campaign_file, run))
    return [issue for issue in found if issue.code in _COUNTED]


def _without_reason(campaign_file: CampaignFile) -> int:
    return sum(
        person.excluded in _NOTE_WANTED and not person.exclusion_note.strip()
        for person in campaign_file.recipients(query=RecipientQuery(excluded=True))
    )


def second_reader(campaign_file: CampaignFile, text: str) -> SecondReader | None:
    """Who else read the letters of this text; None when nobody did, or the text changed since."""
    kept = campaign_file.setting(SECOND_READER)
    if not kept:
        return None
    reader = from_plain(SecondReader, json.loads(kept))
    return reader if reader.text == text else None


def note_second_reader(
    campaign_file: CampaignFile, by: str, text: str, clock: Clock | None = None
) -> SecondReader:
    """Somebody else read the drawn letters. Raises AcceptanceIncomplete without a name."""
    by = " ".join(by.split())
    if not by:
        raise AcceptanceIncomplete("by")
    now = (clock or SystemClock()).now()
    reader = SecondReader(by, now, text)
    letters = len(reading.drawn_letters(campaign_file))
    with campaign_file.transaction():
        campaign_file.append_event(SECOND_READING_EVENT, {"by": by, "letters": letters}, now)
        campaign_file.set_setting(SECOND_READER, json.dumps(to_plain(reader)))
    return reader
