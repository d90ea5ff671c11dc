"""Warnings of the letters: what the last check found, who accepted what and why, what is still open.

An acceptance goes to the journal for ever (kind ``warning_accepted``): its reason must name no patient.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from app.core.clock import Clock, SystemClock
from app.core.errors.letters import AcceptanceIncomplete, ReasonNamesPatient
from app.core.issue import Issue, Level
from app.core.letter_facts import fold
from app.core.letter_leaks import LeakIndex
from app.core.letter_safety_checks import holds_personal_value
from app.core.letter_warnings import (
    WHOLE_RUN,
    Acceptance,
    LetterWarning,
    rows_of,
    rows_text,
    still_open,
)
from app.core.plain_data import to_plain
from app.core.recipient import Recipient
from app.services import letter_check, lettering
from app.services.overview import LETTERS_BLOCKING, WARNINGS_OPEN
from app.services.run_check import RUN_BLOCKING, run_issues, second_reader
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery
from app.wording.issues_letters import kind_of_warning

WARNINGS = "review.warnings"
ACCEPTED = "review.accepted"
ACCEPTED_EVENT = "warning_accepted"
#: rows written in the journal; the count is always whole
_ROWS_TOLD = 500
_CANDIDATES = 200
_WORD = re.compile(r"[^\W\d_]+")
_TITLED = re.compile(r"\b(?:mme|madame|m\.|mr|monsieur|dr|docteur)\s+([^\W\d_]+(?:[-'][^\W\d_]+)*)")


@dataclass(frozen=True, slots=True)
class Accepted:
    """One acceptance as the evidence shows it. ``letters`` is 0 for a warning about the whole run."""

    what: str
    code: str
    letters: int
    rows: str
    by: str
    reason: str
    at: datetime


def text_digest(campaign_file: CampaignFile, run: int | None = None) -> str:
    """Digest of everything the letters say besides the list: an acceptance holds for this text only."""
    run = run or campaign_file.current_run
    incident = campaign_file.incident(run)
    template = lettering.template_of(campaign_file, incident.template_id, run)
    templates = [template]
    if template.annotations_variant:
        templates.append(lettering.template_of(campaign_file, template.annotations_variant, run))
    told = {
        "incident": to_plain(incident),
        "practice": to_plain(campaign_file.practice(run)),
        "texts": [[t.id, t.subject_email, t.subject_paper, t.source] for t in templates],
    }
    plain = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def record(
    campaign_file: CampaignFile, finished: letter_check.CheckFinished, run: int | None = None
) -> None:
    """Keep what a check of every letter found: errors counted, warnings by kind."""
    run = run or campaign_file.current_run
    of_run = run_issues(campaign_file, run)
    errors = sum(issue.level is Level.BLOCKING for issue in of_run)
    kept = [
        {"code": w.code, "facts": dict(w.facts), "rows": rows_text(w.rows), "span": w.span}
        for w in finished.warnings
    ]
    with campaign_file.transaction():
        campaign_file.set_setting(WARNINGS, json.dumps(kept, ensure_ascii=False))
        campaign_file.set_setting(LETTERS_BLOCKING, str(finished.blocking + errors))
        campaign_file.set_setting(
            RUN_BLOCKING, json.dumps([[i.code, dict(i.facts)] for i in of_run if _is_error(i)])
        )
        _count(campaign_file, run)


def _is_error(issue: Issue) -> bool:
    return issue.level is Level.BLOCKING


def warnings(campaign_file: CampaignFile, run: int | None = None) -> tuple[LetterWarning, ...]:
    """Every warning of the last check, accepted or not, and those about the whole run."""
    run = run or campaign_file.current_run
    kept = json.loads(campaign_file.setting(WARNINGS) or "[]")
    found = [
        LetterWarning(
            entry["code"],
            rows_of(entry["rows"]),
            entry["facts"],
            None if entry["span"] is None else (entry["span"][0], entry["span"][1]),
        )
        for entry in kept
    ]
    if second_reader(campaign_file, text_digest(campaign_file, run)) is None:
        found.append(LetterWarning("letter_20_no_second_reader", frozenset({WHOLE_RUN})))
    return tuple(found)


def open_warnings(campaign_file: CampaignFile, run: int | None = None) -> tuple[LetterWarning, ...]:
    """Warnings nobody answered for yet, with the letters concerned."""
    run = run or campaign_file.current_run
    digest = text_digest(campaign_file, run)
    return still_open(warnings(campaign_file, run), acceptances(campaign_file), digest)


def acceptances(campaign_file: CampaignFile) -> list[Acceptance]:
    """Everything accepted so far, for this text and for former ones."""
    entries = json.loads(campaign_file.setting(ACCEPTED) or "[]")
    # read by hand: one entry may hold 300,000 rows
    return [
        Acceptance(
            entry["key"],
            entry["code"],
            rows_of(entry["rows"]),
            entry["by"],
            entry["reason"],
            datetime.fromisoformat(entry["at"]),
            entry["text"],
        )
        for entry in entries
    ]


def accept(
    campaign_file: CampaignFile,
    accepted: Iterable[LetterWarning],
    by: str,
    reason: str,
    clock: Clock | None = None,
    run: int | None = None,
) -> None:
    """Answer for these warnings (in the rows they hold): one journal event for each kind.

    Raises:
        AcceptanceIncomplete: no name, or no reason.
        ReasonNamesPatient: the reason would keep a patient's name, number or address for ever.
    """
    by, reason = " ".join(by.split()), " ".join(reason.split())
    check_words(campaign_file, by, reason)
    run = run or campaign_file.current_run
    digest = text_digest(campaign_file, run)
    now = (clock or SystemClock()).now()
    entries = json.loads(campaign_file.setting(ACCEPTED) or "[]")
    with campaign_file.transaction():
        for warning in accepted:
            rows = rows_text(warning.rows)
            facts: dict[str, str | int] = {
                "code": warning.code,
                "letters": warning.letters,
                "rows": "" if warning.first_row is None else _cut(rows),
                "by": by,
                "reason": reason,
                "run": run,
            }
            campaign_file.append_event(ACCEPTED_EVENT, facts, now)
            entries.append(
                {
                    "key": warning.key,
                    "code": warning.code,
                    "rows": rows,
                    "by": by,
                    "reason": reason,
                    "at": now.isoformat(),
                    "text": digest,
                }
            )
        campaign_file.set_setting(ACCEPTED, json.dumps(entries, ensure_ascii=False))
        _count(campaign_file, run)


def check_words(campaign_file: CampaignFile, by: str, reason: str) -> None:
    """Raise AcceptanceIncomplete or ReasonNamesPatient unless both may stay in the evidence."""
    if not by.strip():
        raise AcceptanceIncomplete("by")
    if not reason.strip():
        raise AcceptanceIncomplete("reason")
    if names_patient(campaign_file, reason):
        raise ReasonNamesPatient


def names_patient(campaign_file: CampaignFile, text: str) -> bool:
    """True when ``text`` holds the name of somebody of the list, or a number or address of anybody."""
    if holds_personal_value(text):
        return True
    words = [match[0] for match in _WORD.finditer(text)]
    for first, second in pairwise(words):
        people = list(_named(campaign_file, f"{first} {second}"))
        if people and LeakIndex(people).names_in(text):
            return True
    for match in _TITLED.finditer(fold(text)):
        name = match[1]
        if any(name in fold(person.last_name) for person in _named(campaign_file, name)):
            return True
    return False


def _named(campaign_file: CampaignFile, words: str) -> Iterator[Recipient]:
    return campaign_file.recipients(limit=_CANDIDATES, query=RecipientQuery(text=words))


def accepted(campaign_file: CampaignFile) -> tuple[Accepted, ...]:
    """Every acceptance of the journal, in order, with the warning in French: what the evidence shows."""
    return tuple(
        Accepted(
            what=kind_of_warning(str(event.facts["code"])),
            code=str(event.facts["code"]),
            letters=int(event.facts["letters"]),
            rows=str(event.facts["rows"]),
            by=str(event.facts["by"]),
            reason=str(event.facts["reason"]),
            at=event.at,
        )
        for event in campaign_file.events(kind=ACCEPTED_EVENT)
    )


def refresh_count(campaign_file: CampaignFile, run: int | None = None) -> None:
    """Count again what is open, for the list of steps (somebody else read the letters, …)."""
    with campaign_file.transaction():
        _count(campaign_file, run or campaign_file.current_run)


def _count(campaign_file: CampaignFile, run: int) -> None:
    campaign_file.set_setting(WARNINGS_OPEN, str(len(open_warnings(campaign_file, run))))


def _cut(rows: str) -> str:
    """The beginning of a long list of rows, whole ranges only."""
    if len(rows) <= _ROWS_TOLD:
        return rows
    return rows[: rows.rfind(",", 0, _ROWS_TOLD)] + ",…"


def of_row(warning: LetterWarning, row: int) -> LetterWarning:
    """The same warning for one letter only."""
    return LetterWarning(warning.code, frozenset({row}), warning.facts, warning.span)


def run_errors(campaign_file: CampaignFile) -> Sequence[Issue]:
    """Errors of the whole run that the last check found (point 20: counts, reasons)."""
    kept = json.loads(campaign_file.setting(RUN_BLOCKING) or "[]")
    return [Issue(code, Level.BLOCKING, None, "run", facts) for code, facts in kept]
