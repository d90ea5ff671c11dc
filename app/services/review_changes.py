"""How a decision on the list is written: one transaction, its event, the remarks of the rows, and what undoes it.

Names and values go to the private part of the journal only.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.core.cleaned import Mark, State
from app.core.clock import Clock, SystemClock
from app.core.corrections import SOURCES
from app.core.issue import Issue
from app.core.list_checks import ListChecker
from app.core.recipient import Recipient, list_and_row
from app.services.importing import RECHECKED_CODES, today_in_france
from app.storage.campaign_file import CampaignFile
from app.storage.issues import StoredIssue

_PAGE = 500
_MOST_UNDO = 50
#: remarks that need the whole list; a correction of one row leaves them, a new check makes them again
_WHOLE_LIST = frozenset(
    {
        "duplicate_same",
        "duplicate_differs",
        "duplicate_likely",
        "email_shared",
        "email_many",
        "phone_shared",
    }
)


class Decision(StrEnum):
    """What was decided on a remark; kept with it."""

    KEPT = "kept"
    CORRECTED = "corrected"
    PROPOSAL = "proposal"
    EXCLUDED = "excluded"
    SAME_PERSON = "same_person"
    DIFFERENT_PEOPLE = "different_people"


@dataclass(frozen=True, slots=True)
class _Before:
    """What an action changed, as it was."""

    people: tuple[Recipient, ...]
    issues: tuple[StoredIssue, ...]
    action: str


class ReviewChanges:
    """The decisions of one session on one campaign; undo goes back as far as this session began."""

    def __init__(
        self, campaign_file: CampaignFile, clock: Clock | None = None, today: date | None = None
    ) -> None:
        self._file = campaign_file
        self._clock = clock or SystemClock()
        self._today = today or today_in_france(self._clock)
        self._undo: list[_Before] = []

    @property
    def can_undo(self) -> bool:
        """True when something of this session can be taken back."""
        return bool(self._undo)

    def undo(self) -> str:
        """Take back the last action of this session; its name, empty when there is none."""
        if not self._undo:
            return ""
        before = self._undo.pop()
        now = self._clock.now()
        with self._file.transaction():
            for person in before.people:
                self._file.update_recipient(person)
            self._restore(before)
            self._file.append_event(
                "review_undone", {"action": before.action, "people": len(before.people)}, now
            )
        return before.action

    def _restore(self, before: _Before) -> None:
        rows = sorted({person.row for person in before.people})
        for start in range(0, len(rows), _PAGE):
            page = set(rows[start : start + _PAGE])
            self._file.replace_issues(
                [s.issue for s in before.issues if s.issue.row in page], rows=page
            )
        wanted = {_identity(stored.issue): stored for stored in before.issues}
        for stored in list(
            self._stored(rows, wanted_ids=[s.id for s in before.issues] if not rows else None)
        ):
            former = wanted.get(_identity(stored.issue))
            if former is not None and (former.settled, former.note) != (
                stored.settled,
                stored.note,
            ):
                self._file.settle_issue(stored.id, former.settled, former.note)

    # how

    def _stored(
        self, rows: Sequence[int], wanted_ids: Sequence[int] | None = None
    ) -> Iterator[StoredIssue]:
        if wanted_ids is not None:
            yield from (self._file.issue(issue_id) for issue_id in wanted_ids)
            return
        for row in rows:
            yield from self._file.issues(row=row)

    def _person_of(self, issue: Issue) -> Recipient | None:
        return None if issue.row is None else self._file.recipient_by_row(issue.row)

    def _settle(self, stored: Sequence[StoredIssue], decision: Decision | None, note: str) -> None:
        now = self._clock.now()
        word = decision.value if decision is not None else ""
        with self._file.transaction():
            for item in stored:
                self._file.settle_issue(item.id, word, note, now=now if len(stored) == 1 else None)
            if len(stored) > 1:
                facts: dict[str, str | int] = {
                    "issue": stored[0].issue.code,
                    "decision": word,
                    "count": len(stored),
                }
                self._file.append_event(
                    "issues_settled", facts, now, private={"note": note} if note else None
                )
        self._remember(_Before((), tuple(stored), "issue_settled"))

    def _change(
        self,
        people: Sequence[Recipient],
        decide: Callable[[Recipient], Recipient],
        action: str,
        names: tuple[str, ...] = (),
        mark: Mark | None = None,
        private: dict[str, str] | None = None,
        settle: tuple[StoredIssue, Decision] | None = None,
    ) -> None:
        if not people:
            return
        now = self._clock.now()
        former = tuple(self._stored([person.row for person in people]))
        extra = (settle[0],) if settle is not None and settle[0] not in former else ()
        with self._file.transaction():
            for person in people:
                changed = decide(person)
                self._file.update_recipient(changed)
                mine = [stored for stored in former if stored.issue.row == person.row]
                issues = self._after(changed, mine, names, mark)
                self._file.replace_issues(issues, rows=[person.row])
                self._note(action, person.row, names, private, now)
            if settle is not None:
                self._settle_again(settle)
        self._remember(_Before(tuple(people), former + extra, action))

    def _settle_again(self, settle: tuple[StoredIssue, Decision]) -> None:
        """The remark decided upon may have been written anew with its row."""
        identity = _identity(settle[0].issue)
        for stored in self._file.issues(row=settle[0].issue.row):
            if _identity(stored.issue) == identity:
                self._file.settle_issue(stored.id, settle[1].value)

    def _note(
        self,
        action: str,
        row: int,
        names: tuple[str, ...],
        private: dict[str, str] | None,
        now: datetime,
    ) -> None:
        facts: dict[str, str | int] = {"row": row}
        if names:
            facts["fields"] = ",".join(names)
        self._file.append_event(action, facts, now, private=private)

    def _after(
        self,
        person: Recipient,
        former: Sequence[StoredIssue],
        names: tuple[str, ...],
        mark: Mark | None,
    ) -> list[Issue]:
        """Remarks on a row after a change: those on the field just typed are gone, the others looked at again."""
        corrected = self._headers_of(person.row, names)
        gone = {"email_shared", "email_many"} if "email" in names else set()
        if person.excluded is not None:
            gone |= _WHOLE_LIST - {"duplicate_same", "duplicate_differs"}
        kept = [
            stored.issue
            for stored in former
            if stored.issue.code not in gone
            and (stored.issue.code in _WHOLE_LIST or stored.issue.code not in RECHECKED_CODES)
            and stored.issue.column not in corrected
        ]
        if mark is not None and mark.state is not State.REPAIRED:
            kept.append(
                Issue(mark.code, mark.level, person.row, names[0] if names else "", mark.facts)
            )
        return kept + ListChecker(self._today).row_issues(person)

    def _headers_of(self, row: int, names: tuple[str, ...]) -> set[str]:
        """Titles of the columns behind these fields, in the list this row came from; the fields' own names too."""
        fields = {field.value for name in names for field in SOURCES.get(name, ())}
        imports = self._file.imports()
        number = list_and_row(row)[0]
        mapping = imports[number - 1].mapping if number <= len(imports) else None
        titles = {
            title
            for title, target in (mapping or {}).items()
            if target.partition(" (")[0].partition(":")[0] in fields
        }
        return titles | set(names)

    def _remember(self, before: _Before) -> None:
        self._undo.append(before)
        del self._undo[:-_MOST_UNDO]


def _identity(issue: Issue) -> tuple[object, ...]:
    return (issue.row, issue.code, issue.column, tuple(sorted(issue.facts.items())))
