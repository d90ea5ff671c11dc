"""« Numéros de recommandés »: the label of each registered letter, typed or scanned beside the letter's code."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QLineEdit, QListWidget, QWidget
from typing_extensions import override

from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning
from app.ui.widgets.coloured_words import ColouredWords
from app.ui.widgets.forms import labelled

#: what came of a code and a number: the sentence to show, and whether it was noted
Outcome = tuple[str, bool]


class RegisteredNumbersDialog(QuestionDialog):
    """Two fields; Enter in the first goes to the second, Enter in the second notes both.

    Args:
        note: takes the letter's code and the label's number.
    """

    def __init__(self, note: Callable[[str, str], Outcome], parent: QWidget | None = None) -> None:
        super().__init__(
            "Numéros de recommandés",
            "Le code est en bas de chaque page de la lettre. Le numéro est sur l’étiquette de La Poste. "
            "Un recommandé n’est pas demandé par le RGPD, mais il prouve l’envoi.",
            parent,
        )
        self._note = note
        self.code_edit, self.number_edit = QLineEdit(self), QLineEdit(self)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, edit in (
            ("&Code de la lettre", self.code_edit),
            ("&Numéro du recommandé", self.number_edit),
        ):
            edit.setMaxLength(40)
            edit.installEventFilter(self)
            labelled(form, words, edit)
        self.outcome_words = ColouredWords(self)
        self.noted_list = QListWidget(self)
        self.noted_list.setAccessibleName("Numéros notés")
        self.noted_list.setMaximumHeight(self.fontMetrics().lineSpacing() * 7)
        self.body.addLayout(form)
        self.body.addWidget(self.outcome_words)
        self.body.addWidget(QLabel("Notés depuis l’ouverture de cette fenêtre\u00a0:", self))
        self.body.addWidget(self.noted_list)
        self.note_button = self.add_other("N&oter ce numéro")
        self.note_button.clicked.connect(self._take)
        self.add_reject("Fermer")
        self.code_edit.setFocus()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            if watched is self.code_edit:
                self.number_edit.setFocus()
            else:
                self._take()
            return True
        return False

    def _take(self) -> None:
        if not self.code_edit.text().strip():
            self.outcome_words.show_words(
                Meaning.ATTENTION, "Écrivez d’abord le code de la lettre."
            )
            self.code_edit.setFocus()
            return
        sentence, noted = self._note(self.code_edit.text(), self.number_edit.text())
        self.outcome_words.show_words(Meaning.DONE if noted else Meaning.PROBLEM, sentence)
        if noted:
            self.noted_list.insertItem(0, sentence)
            self.code_edit.clear()
            self.number_edit.clear()
            self.code_edit.setFocus()
        else:
            QApplication.beep()
            self.number_edit.selectAll()
        self.fit()
