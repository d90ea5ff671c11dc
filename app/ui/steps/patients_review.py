"""What the buttons of the patients' table do: each asks what it must, then one use case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.core.issue import Level
from app.core.recipient import ExclusionReason, Restriction
from app.services.overview import forget_checks
from app.services.reviewing import Decision, Reviewing
from app.ui.dialogs.edit_recipient import EditRecipientDialog
from app.ui.dialogs.exclude import ExcludeDialog
from app.ui.dialogs.file_remarks import FileRemarksDialog
from app.ui.steps.patients_list import PatientsList
from app.ui.theme import Meaning
from app.wording import describe

if TYPE_CHECKING:
    from app.ui.steps.patients import PatientsPage

_UNDONE = {
    "recipient_corrected": "la dernière correction",
    "recipient_excluded": "la dernière mise à l’écart",
    "recipient_included": "le dernier retour dans la liste",
    "recipient_restricted": "le dernier choix d’acheminement",
    "issue_settled": "la dernière vérification",
}


class PatientsReview(QObject):
    """Decisions on the patients of one campaign, with undo for this session."""

    def __init__(self, page: PatientsPage, patients: PatientsList) -> None:
        super().__init__(page)
        self._page = page
        self._list = patients
        self._file = page.campaign_file
        self._reviewing = Reviewing(page.campaign_file, page.desk.clock)
        patients.correct_requested.connect(self.open_patient)
        patients.typed.connect(lambda key, name, text: self._correct(key, {name: text}))
        patients.exclude_requested.connect(self._ask_exclusion)
        patients.include_requested.connect(self._include)
        patients.restrict_requested.connect(self._restrict)
        patients.settle_requested.connect(self._settle)
        patients.settle_kind_requested.connect(self._settle_kind)
        patients.undo_requested.connect(self._undo)
        patients.file_remarks_requested.connect(self._show_file_remarks)

    def open_patient(self, key: int) -> None:
        """The fields of one patient, with the remarks about them."""
        person = self._file.recipient(key)
        issues = list(self._file.issues(row=person.row, settled=False))
        dialog = EditRecipientDialog(person, issues, self._page)
        dialog.corrected.connect(lambda changes: self._correct(key, changes))
        dialog.annotations_changed.connect(
            lambda present: self._do(
                lambda: self._reviewing.set_annotations([key], present=present)
            )
        )
        dialog.answered.connect(self._answer)
        dialog.open()

    def _correct(self, key: int, changes: dict[str, str]) -> None:
        doubts: list[str] = []

        def correct() -> None:
            for name, text in changes.items():
                mark = self._reviewing.correct(key, name, text).mark
                if mark is not None and mark.level is not Level.INFO:
                    doubts.append(mark.code)

        self._do(correct)
        if doubts:
            self._say_doubt(key, set(doubts))

    def _say_doubt(self, key: int, codes: set[str]) -> None:
        row = self._file.recipient(key).row
        told = [
            describe(stored.issue).one_line()
            for stored in self._file.issues(row=row, settled=False)
            if stored.issue.code in codes
        ]
        if told:
            self._page.message_bar.show_message(Meaning.ATTENTION, "\n".join(told))

    def _answer(self, issue_id: int, word: str) -> None:
        acts: dict[str, Callable[[], object]] = {
            "proposal": lambda: self._reviewing.accept_proposal(issue_id),
            "same": lambda: self._reviewing.same_person(issue_id),
            "different": lambda: self._reviewing.different_people(issue_id),
            "kept": lambda: self._reviewing.settle(issue_id, Decision.KEPT),
        }
        self._do(acts[word])

    def _ask_exclusion(self) -> None:
        keys = self._list.selected()
        if not keys:
            return
        name = self._file.recipient(keys[0]).display_name
        dialog = ExcludeDialog(name, len(keys), self._page)
        dialog.decided.connect(lambda reason, note: self._exclude(keys, reason, note))
        dialog.open()

    def _exclude(self, keys: list[int], reason: ExclusionReason, note: str) -> None:
        self._do(lambda: self._reviewing.exclude(keys, reason, note))

    def _include(self) -> None:
        keys = self._list.selected()
        self._do(lambda: self._reviewing.include(keys))

    def _restrict(self, restriction: Restriction) -> None:
        keys = self._list.selected()
        self._do(lambda: self._reviewing.set_restriction(keys, restriction))

    def _settle(self) -> None:
        """The remarks of the patients selected that a word is enough to settle."""
        people = self._file.recipients_by_ids(self._list.selected())
        found = [
            stored.id
            for person in people
            for stored in self._file.issues(row=person.row, settled=False)
            if stored.issue.level is not Level.BLOCKING
        ]
        self._settle_issues(found)

    def _settle_issues(self, issue_ids: list[int]) -> None:
        def settle() -> None:
            for issue_id in issue_ids:
                self._reviewing.settle(issue_id, Decision.KEPT)

        self._do(settle)

    def _settle_kind(self, code: str) -> None:
        self._do(lambda: self._reviewing.settle_all(code))

    def _undo(self) -> None:
        undone: list[str] = []
        self._do(lambda: undone.append(self._reviewing.undo()))
        if undone and undone[0]:
            what = _UNDONE.get(undone[0], "la dernière décision")
            self._page.message_bar.show_message(Meaning.INFORMATION, f"Défait\u00a0: {what}.")

    def _show_file_remarks(self) -> None:
        remarks = list(self._list.file_remarks())
        dialog = FileRemarksDialog(remarks, self._page)
        dialog.accepted.connect(lambda: self._settle_issues([stored.id for stored in remarks]))
        dialog.open()

    def _do(self, act: Callable[[], object]) -> None:
        """One decision: nothing while the list is being written; then everything shown again."""
        job = self._page.desk.jobs.current
        if job is not None:
            self._page.message_bar.show_message(
                Meaning.ATTENTION,
                f"«\u00a0{job.title}\u00a0» n’est pas terminé. La liste ne peut pas changer pendant ce temps.",
            )
            return
        self._page.message_bar.clear()
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)  # « select all » can mean seconds
        try:
            with self._page.showing_errors():
                act()
                forget_checks(self._file)
        finally:
            QApplication.restoreOverrideCursor()
        self._page.show_list()
        self._list.show_undo("Défaire la dernière décision" if self._reviewing.can_undo else "")
        self._page.changed.emit()
