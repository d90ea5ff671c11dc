"""« Ne pas écrire… »: a reason is always asked and kept."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.core.recipient import ExclusionReason
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.choices import OneChoice
from app.wording.french import count
from app.wording.labels import EXCLUSION

#: reasons a person may give; the others are found by the program
_REASONS = (
    ExclusionReason.DUPLICATE,
    ExclusionReason.DECEASED,
    ExclusionReason.DO_NOT_WRITE,
    ExclusionReason.NOT_CONCERNED,
    ExclusionReason.USER_DECISION,
)
#: reasons that say nothing without a few words, as services.reviewing asks
_NOTE_WANTED = frozenset({ExclusionReason.USER_DECISION, ExclusionReason.NOT_CONCERNED})


class ExcludeDialog(QuestionDialog):
    """Why nobody writes to these people.

    Signals:
        decided(ExclusionReason, str): the reason and the note.
    """

    decided = Signal(object, str)

    def __init__(self, name: str, people: int, parent: QWidget | None = None) -> None:
        whom = name if people == 1 else count(people, "patient")
        super().__init__(
            f"Ne pas écrire à {whom}",
            "La raison est gardée dans le dossier\u00a0: elle montre que ce n’est pas un oubli.",
            parent,
        )
        self.reason = OneChoice({reason: EXCLUSION[reason] for reason in _REASONS}, self)
        label = QLabel("&Précision", self)
        self.note = QLineEdit(self)
        label.setBuddy(self.note)
        self.fault = QLabel(self)
        self.fault.hide()
        for widget in (self.reason, label, self.note, self.fault):
            self.body.addWidget(widget)
        self.add_accept("Ne pas écrire")
        self.add_reject("Renoncer")
        self.reason.button(_REASONS[0]).setFocus()

    @override
    def accept(self) -> None:
        if not self.reason.is_chosen:
            self._say("Choisissez d’abord une raison.")
            self.reason.button(_REASONS[0]).setFocus()
            return
        reason, note = self.reason.value(), self.note.text().strip()
        if reason in _NOTE_WANTED and not note:
            self._say("Écrivez en quelques mots pourquoi.")
            self.note.setFocus()
            return
        self.decided.emit(reason, note)
        super().accept()

    def _say(self, fault: str) -> None:
        self.fault.setText(fault)
        self.fault.show()
