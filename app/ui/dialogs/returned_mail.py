"""« Noter les plis retournés »: the codes of envelopes that came back, scanned or typed one by one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)
from typing_extensions import override

from app.services.returned_mail import ReturnReason
from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning
from app.ui.widgets.coloured_words import ColouredWords
from app.ui.widgets.forms import labelled
from app.wording.french import count
from app.wording.labels_paper import RETURN_REASON

#: what came of a code: the sentence to show, and the letter's key (0 when nothing was noted)
Outcome = tuple[str, int]


class ReturnedMailDialog(QuestionDialog):
    """One field that keeps the focus and empties itself after each code; a wrong scan can be taken back.

    Args:
        note: takes what was typed and the reason, notes the letter as returned, says what came of it.
        undo: takes a noted letter back; "" when done, else why not.

    Signals:
        decide_asked: show the letters to decide about.
    """

    decide_asked = Signal()

    def __init__(
        self,
        note: Callable[[str, ReturnReason], Outcome],
        undo: Callable[[int], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Noter les plis retournés",
            "Le code est imprimé en bas de chaque page, par exemple «\u00a07K3M-9QXA-P\u00a0». "
            "Lisez-le avec une douchette, ou écrivez-le puis appuyez sur Entrée.",
            parent,
        )
        self._note, self._undo = note, undo
        self._noted: list[int] = []
        self.reason_box = QComboBox(self)
        for reason in ReturnReason:
            self.reason_box.addItem(RETURN_REASON[reason.value], reason.value)
        self.code_edit = QLineEdit(self)
        self.code_edit.setMaxLength(40)
        self.code_edit.installEventFilter(self)
        font = self.code_edit.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.code_edit.setFont(font)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        labelled(form, "&Raison écrite sur l’enveloppe", self.reason_box)
        labelled(form, "&Code de la lettre", self.code_edit)
        self.outcome_words = ColouredWords(self)
        self.sound_box = QCheckBox("Un &son quand un code n’est pas reconnu", self)
        self.sound_box.setChecked(True)
        self.noted_list = QListWidget(self)
        self.noted_list.setAccessibleName("Plis notés")
        self.noted_list.setMaximumHeight(self.fontMetrics().lineSpacing() * 7)
        self.body.addLayout(form)
        self.body.addWidget(self.outcome_words)
        self.body.addWidget(self.sound_box)
        self.body.addWidget(self.noted_list)
        self.note_button = self.add_other("&Noter ce pli")
        self.undo_button = self.add_other("&Annuler le dernier")
        self.decide_button = self.add_other("Déci&der de la suite…")
        self.undo_button.setEnabled(False)
        self.note_button.clicked.connect(self._take)
        self.undo_button.clicked.connect(self._take_back)
        self.decide_button.clicked.connect(self._decide)
        self.reason_box.activated.connect(lambda _place: self.code_edit.setFocus())
        self.sound_box.clicked.connect(lambda: self.code_edit.setFocus())
        self.add_reject("Fermer")
        self.code_edit.setFocus()

    @property
    def reason(self) -> ReturnReason:
        """The reason for the next envelopes."""
        return ReturnReason(self.reason_box.currentData())

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
            self.outcome_words.show_words(Meaning.ATTENTION, "Écrivez d’abord le code.")
            self.code_edit.setFocus()
            return
        sentence, key = self._note(typed, self.reason)
        if key:
            self._noted.append(key)
            self.noted_list.insertItem(0, QListWidgetItem(sentence))
            self.code_edit.clear()
            total = count(len(self._noted), "pli noté", "plis notés")
            self.outcome_words.show_words(Meaning.DONE, f"{sentence} {total}.")
        else:
            # ready for the next scan, which replaces it
            self.code_edit.selectAll()
            self.outcome_words.show_words(Meaning.PROBLEM, sentence)
            if self.sound_box.isChecked():
                QApplication.beep()
        self._rest()

    def _take_back(self) -> None:
        if not self._noted:
            return
        fault = self._undo(self._noted[-1])
        if fault:
            self.outcome_words.show_words(Meaning.PROBLEM, fault)
        else:
            self._noted.pop()
            item = self.noted_list.takeItem(0)
            self.outcome_words.show_words(Meaning.ATTENTION, f"Retour annulé. {item.text()}")
        self._rest()

    def _rest(self) -> None:
        self.undo_button.setEnabled(bool(self._noted))
        self.fit()
        self.code_edit.setFocus()

    def _decide(self) -> None:
        self.accept()
        self.decide_asked.emit()
