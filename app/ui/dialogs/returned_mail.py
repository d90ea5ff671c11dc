"""« Noter les plis retournés »: the codes of envelopes that came back, scanned or typed one by one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton, QWidget
from typing_extensions import override

from app.ui.dialogs.question import QuestionDialog

#: what came of a code: the sentence to show, and whether it was noted
Outcome = tuple[str, bool]


class ReturnedMailDialog(QuestionDialog):
    """One field that empties itself after each code, and the list of what was noted.

    Args:
        note: takes what was typed, notes the letter as returned, says what came of it.
    """

    def __init__(self, note: Callable[[str], Outcome], parent: QWidget | None = None) -> None:
        super().__init__(
            "Noter les plis retournés",
            "Le code est imprimé en bas de chaque page, par exemple «\u00a07K3M-9QXA-P\u00a0». "
            "Écrivez-le, ou lisez-le avec une douchette, puis appuyez sur Entrée.",
            parent,
        )
        self._note = note
        label = QLabel("&Code de la lettre", self)
        self.code_edit = QLineEdit(self)
        self.code_edit.setMaxLength(40)
        label.setBuddy(self.code_edit)
        self.code_edit.installEventFilter(self)
        self.note_button = QPushButton("&Noter ce pli", self)
        self.note_button.setAutoDefault(False)
        self.note_button.clicked.connect(self._take)
        self.outcome_label = QLabel(self)
        self.outcome_label.setWordWrap(True)
        self.outcome_label.setTextFormat(Qt.TextFormat.PlainText)
        self.noted_list = QListWidget(self)
        self.noted_list.setAccessibleName("Plis notés")
        self.noted_list.setMaximumHeight(self.fontMetrics().lineSpacing() * 7)
        for widget in (
            label,
            self.code_edit,
            self.note_button,
            self.outcome_label,
            self.noted_list,
        ):
            self.body.addWidget(widget)
        self.add_reject("Fermer")
        self.code_edit.setFocus()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.code_edit
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self._take()
            return True
        return False

    def _take(self) -> None:
        typed = self.code_edit.text().strip()
        if not typed:
            self.outcome_label.setText("Écrivez d’abord le code.")
            return
        sentence, noted = self._note(typed)
        self.outcome_label.setText(sentence)
        self.fit()
        if noted:
            self.noted_list.insertItem(0, sentence)
            self.code_edit.clear()
        else:
            self.code_edit.selectAll()
        self.code_edit.setFocus()
