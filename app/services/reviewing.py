"""What the practice decides about its list: correct, exclude with a reason, settle remarks, undo.

Every change is one transaction with its event in the journal; names and values go to the private part only.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.core.corrections import Correction, correct
from app.core.errors import BugError
from app.core.errors.files import ReasonNeeded
from app.core.issue import Issue, Level
from app.core.recipient import ExclusionReason, Recipient, Restriction
from app.services.review_changes import Decision, ReviewChanges
from app.wording.list_places import row_place

__all__ = ["PROPOSALS", "Decision", "Reviewing"]

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


class Reviewing(ReviewChanges):
    """What one session decides about the list of one campaign."""

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
