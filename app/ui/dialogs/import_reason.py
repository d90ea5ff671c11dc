"""Why a sensitive column is imported all the same: asked once, kept in the file."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.core.columns import MappedColumn
from app.core.headers import Field
from app.ui.dialogs.question import QuestionDialog
from app.wording.issues_list import FIELD_NAMES


class ReasonDialog(QuestionDialog):
    """Importing a sensitive column needs a reason, kept in the file (GDPR Art. 5(1)(c)).

    Signals:
        reason_given(str): why the user insists.
    """

    reason_given = Signal(str)

    def __init__(self, column: MappedColumn, target: Field, parent: QWidget) -> None:
        super().__init__(
            f"Importer «\u00a0{column.header}\u00a0»",
            "Cette colonne n’est pas utile pour la lettre\u202f; la laisser de côté protège les patients. "
            f"Pourquoi l’importer comme «\u00a0{FIELD_NAMES[target]}\u00a0»\u202f?",
            parent,
        )
        label = QLabel("&Raison", self)
        self.reason = QLineEdit(self)
        label.setBuddy(self.reason)
        self.fault = QLabel("Écrivez d’abord la raison.", self)
        self.fault.hide()
        for widget in (label, self.reason, self.fault):
            self.body.addWidget(widget)
        self.add_accept("Importer cette colonne", default=False)
        self.add_reject("La laisser de côté", default=True)
        self.reason.setFocus()

    @override
    def accept(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self.fault.show()
            self.reason.setFocus()
            return
        self.reason_given.emit(reason)
        super().accept()
