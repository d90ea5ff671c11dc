"""« Décision de ne pas écrire »: how many people, and on which ground of Art. 34."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox, QWidget
from typing_extensions import override

from app.core.register import Ground
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.choices import OneChoice
from app.wording.dossier import GROUND_SHORT

_MOST = 10_000_000


class DecisionDialog(QuestionDialog):
    """Asks for the ground, the number of people and a note.

    Signals:
        decided(Ground, int, str): goes into the journal and the dossier.
    """

    decided = Signal(object, int, str)

    def __init__(self, people: int, parent: QWidget | None = None) -> None:
        super().__init__(
            "Noter une décision de ne pas écrire",
            "Quand des personnes concernées ne reçoivent pas de lettre, la CNIL demande pourquoi. "
            "Notez ici le fondement, avec la date du jour.",
            parent,
        )
        self.ground = OneChoice(GROUND_SHORT, self)
        people_label = QLabel("Nombre de &personnes", self)
        self.people_box = QSpinBox(self)
        self.people_box.setRange(1, _MOST)
        self.people_box.setGroupSeparatorShown(True)
        self.people_box.setValue(max(people, 1))
        people_label.setBuddy(self.people_box)
        note_label = QLabel("&Motif, en quelques mots (effacé avec les noms)", self)
        self.note_edit = QLineEdit(self)
        self.note_edit.setMaxLength(400)
        note_label.setBuddy(self.note_edit)
        self.fault_label = QLabel("Choisissez d’abord un fondement.", self)
        self.fault_label.hide()
        for widget in (
            self.ground,
            people_label,
            self.people_box,
            note_label,
            self.note_edit,
            self.fault_label,
        ):
            self.body.addWidget(widget)
        self.add_accept("Noter la décision")
        self.add_reject("Renoncer")
        self.ground.button(next(iter(GROUND_SHORT))).setFocus()

    @override
    def accept(self) -> None:
        if not self.ground.is_chosen:
            self.fault_label.show()
            self.fit()
            return
        self.decided.emit(
            Ground(self.ground.value()), self.people_box.value(), self.note_edit.text().strip()
        )
        super().accept()
