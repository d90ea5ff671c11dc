"""What the practice decides about its list: correct, exclude with a reason, settle remarks, undo.

Every change is one transaction with its event in the journal; names and values go to the private part only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.core.cleaned import Mark, State
from app.core.clock import Clock, SystemClock
from app.core.corrections import SOURCES, Correction, correct
from app.core.errors import BugError
from app.core.errors.files import ReasonNeeded
from app.core.issue import Issue, Level
from app.core.list_checks import ListChecker
from app.core.recipient import ExclusionReason, Recipient, Restriction, list_and_row
from app.services.importing import RECHECKED_CODES, today_in_france
from app.storage.campaign_file import CampaignFile
from app.storage.issues import StoredIssue
from app.wording.list_places import row_place

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
#: remark → field its proposal goes to
PROPOSALS = {
    "email_domain_typo": "email",
    "email_invalid": "email",
    "date_two_digits": "birth_date",
    "date_american": "birth_date",
    "name_garbled": "",
    "name_holds_civility": "",
}
#: reasons that say nothing without a note
_NOTE_WANTED = frozenset({ExclusionReason.USER_DECISION, ExclusionReason.NOT_CONCERNED})


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


class Reviewing:
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

    # one person

    def correct(self, recipient_id: int, name: str, typed: str) -> Correction:
        """Put what was typed into one field, and check the row again."""
        before = self._file.recipient(recipient_id)
        correction = correct(before, name, typed, self._today)
        if correction.recipient != before or correction.mark is not None:
            private = {"field": name, "typed": typed}
            self._change(
                [before],
                lambda _: correction.recipient,
                "recipient_corrected",
                (name,),
                correction.mark,
                private,
            )
        return correction

    def set_annotations(self, recipient_ids: Iterable[int], *, present: bool) -> None:
        """The record held free-text annotations, or not: decides which letter."""
        people = self._file.recipients_by_ids(list(recipient_ids))
        self._change(
            people,
            lambda person: replace(person, has_annotations=present),
            "recipient_corrected",
            ("has_annotations",),
        )

    def set_restriction(self, recipient_ids: Iterable[int], restriction: Restriction) -> None:
        """« Ne pas écrire », « remettre en main propre », or neither."""
        people = self._file.recipients_by_ids(list(recipient_ids))
        self._change(
            people,
            lambda person: replace(person, restriction=restriction),
            "recipient_restricted",
            ("restriction",),
        )

    def exclude(self, recipient_ids: Iterable[int], reason: ExclusionReason, note: str = "") -> int:
        """Nobody writes to these people; how many were changed.

        Raises:
            ReasonNeeded: this reason asks for a few words.
        """
        if reason in _NOTE_WANTED and not note.strip():
            raise ReasonNeeded
        people = [
            person
            for person in self._file.recipients_by_ids(list(recipient_ids))
            if person.excluded is None
        ]
        private = {"reason": reason.value, "note": note.strip()}
        self._change(
            people,
            lambda person: replace(person, excluded=reason, exclusion_note=note.strip()),
            "recipient_excluded",
            private=private,
        )
        return len(people)

    def include(self, recipient_ids: Iterable[int]) -> int:
        """Write to these people after all."""
        people = [
            person
            for person in self._file.recipients_by_ids(list(recipient_ids))
            if person.excluded is not None
        ]
        self._change(
            people,
            lambda person: replace(
                person, excluded=None, exclusion_note="", deceased=False, deceased_on=None
            ),
            "recipient_included",
        )
        return len(people)

    # remarks

    def settle(self, issue_id: int, decision: Decision, note: str = "") -> None:
        """Note the decision on one remark without changing anybody."""
        self._settle([self._file.issue(issue_id)], decision, note)

    def settle_all(self, code: str, decision: Decision = Decision.KEPT, note: str = "") -> int:
        """The same decision on every open remark of a kind; how many. Blocking ones are not settled this way."""
        found = [
            stored
            for stored in self._file.issues(code=code, settled=False)
            if stored.issue.level is not Level.BLOCKING
        ]
        if found:
            self._settle(found, decision, note)
        return len(found)

    def reopen(self, issue_id: int) -> None:
        """Take back the decision on one remark."""
        self._settle([self._file.issue(issue_id)], None, "")

    def accept_proposal(self, issue_id: int) -> Correction | None:
        """Put the proposal of a remark in place of what the list says; None when it has none."""
        issue = self._file.issue(issue_id).issue
        proposal = str(issue.facts.get("proposal", ""))
        person = self._person_of(issue)
        if not proposal or person is None or issue.code not in PROPOSALS:
            return None
        name = PROPOSALS[issue.code] or self._name_field(issue, person)
        return self.correct(person.id, name, proposal) if name else None

    def same_person(self, issue_id: int, *, keep_first: bool = True) -> None:
        """A likely pair is one person: the other row is excluded as a duplicate."""
        stored = self._file.issue(issue_id)
        first = self._file.recipient_by_row(int(stored.issue.facts.get("other_row", 0)))
        second = self._person_of(stored.issue)
        if first is None or second is None:
            raise BugError("a pair without its people")
        kept, other = (first, second) if keep_first else (second, first)
        note = f"Même personne que {row_place(kept.row)}"
        people = [
            person for person in (kept, other) if person.excluded is not None or person is other
        ]

        def decide(person: Recipient) -> Recipient:
            if person.id == kept.id:
                return replace(person, excluded=None, exclusion_note="")
            return replace(person, excluded=ExclusionReason.DUPLICATE, exclusion_note=note)

        self._change(people, decide, "recipient_excluded", settle=(stored, Decision.SAME_PERSON))

    def different_people(self, issue_id: int) -> None:
        """A likely pair is two people after all; each gets a letter."""
        self.settle(issue_id, Decision.DIFFERENT_PEOPLE)

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

    def _name_field(self, issue: Issue, person: Recipient) -> str:
        seen = str(issue.facts.get("seen", ""))
        return next(
            (
                name
                for name in ("last_name", "birth_name", "first_name")
                if getattr(person, name) == seen
            ),
            "",
        )

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
