"""« Envoyer 1 842 courriels ? »: the one confirmation, with what cannot be seen from the page."""

import re
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from typing_extensions import override

from app.core.steps import Step
from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning, colour
from app.wording.french import count


@dataclass(frozen=True, slots=True)
class SendingFacts:
    """What the question tells."""

    letters: int
    #: « Cabinet du Dr Roux » and its address
    sender_name: str
    sender_address: str
    subject: str
    #: « 500 aujourd’hui, le reste en 3 jours. »
    pace: str = ""
    is_trial: bool = False
    #: letters after which the sending pauses; 0 = no pause is offered
    first_letters: int = 0

    def sentences(self) -> str:
        """The body of the question."""
        who = (
            f"«\u00a0{self.sender_name}\u00a0»\n{self.sender_address},"
            if self.sender_name
            else f"{self.sender_address},"
        )
        lines = [f"Ils partiront de {who}", f"sous l’objet «\u00a0{self.subject}\u00a0»."]
        if self.is_trial:
            lines.append(
                "C’est un envoi d’exemple\u00a0: les courriels restent sur cet ordinateur, dans la boîte d’essai."
            )
        else:
            lines.append(
                "Un courriel parti ne peut pas être repris. Vous pourrez suspendre ou arrêter la suite."
            )
        if self.pace:
            lines.append(self.pace)
        return "\n".join(lines)


class ConfirmSendDialog(QuestionDialog):
    """Asks to write the number of letters. The safe button has the focus; no key sends.

    Signals:
        confirmed(int): the number is right and « Envoyer » was pressed; after how many letters to pause, or 0.
    """

    confirmed = Signal(int)
    #: where the safe button leads
    BACK_TO = Step.REVIEW

    def __init__(self, facts: SendingFacts, parent: QWidget | None = None) -> None:
        act = f"Envoyer {count(facts.letters, 'courriel')}"
        super().__init__(f"{act}\u202f?", facts.sentences(), parent)
        self._letters = facts.letters
        label = QLabel("Pour confirmer, écrivez le &nombre de lettres\u00a0:", self)
        self.number_edit = QLineEdit(self)
        self.number_edit.setMaxLength(12)
        self.number_edit.setMaximumWidth(self.fontMetrics().averageCharWidth() * 18)
        label.setBuddy(self.number_edit)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.number_edit)
        row.addStretch(1)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        palette = self.fault_label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colour(Meaning.PROBLEM, self.palette()))
        self.fault_label.setPalette(palette)
        self.fault_label.hide()
        self.body.addLayout(self._first_row(facts))
        self.body.addLayout(row)
        self.body.addWidget(self.fault_label)
        self.back_button = self.add_reject("Revenir à la relecture", default=True)
        self.send_button: QPushButton = self.add_other(act)
        self.send_button.clicked.connect(self._try)
        fields = (self.first_box, self.first_spin, self.number_edit, self.send_button)
        for former, following in pairwise((*fields, self.back_button)):
            QWidget.setTabOrder(former, following)
        # Return goes on to the next field or to the button, it never sends nor closes
        self.number_edit.installEventFilter(self)
        self.first_spin.installEventFilter(self)

    def _first_row(self, facts: SendingFacts) -> QHBoxLayout:
        """« [x] S’arrêter après les [10] premières lettres, pour regarder les refus et les retours »."""
        self.first_box = QCheckBox("S’arrêter après les &premières lettres\u00a0:", self)
        self.first_box.setChecked(bool(facts.first_letters))
        self.first_box.setToolTip(
            "Une adresse refusée, un texte pris pour du courrier indésirable\u00a0: mieux vaut le voir sur "
            "dix lettres que sur mille."
        )
        self.first_spin = QSpinBox(self)
        self.first_spin.setRange(1, max(facts.letters - 1, 1))
        self.first_spin.setValue(facts.first_letters or 1)
        self.first_spin.setAccessibleName("Nombre de premières lettres")
        self.first_box.toggled.connect(self.first_spin.setEnabled)
        row = QHBoxLayout()
        row.addWidget(self.first_box)
        row.addWidget(self.first_spin)
        row.addStretch(1)
        for widget in (self.first_box, self.first_spin):
            widget.setVisible(bool(facts.first_letters))
        return row

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            following = self.send_button if watched is self.number_edit else self.number_edit
            following.setFocus()
            return True
        return False

    def _try(self) -> None:
        typed = re.sub(r"[\s\u00a0\u202f.]", "", self.number_edit.text())
        if typed != str(self._letters):
            self.fault_label.setText(
                "Écrivez en chiffres le nombre de lettres. Rien n’est parti."
                if not typed
                else "Ce n’est pas le nombre de lettres de cet envoi. Rien n’est parti."
            )
            self.fault_label.show()
            self.fit()
            self.number_edit.setFocus()
            self.number_edit.selectAll()
            return
        pauses = self.first_box.isChecked() and not self.first_box.isHidden()
        self.confirmed.emit(self.first_spin.value() if pauses else 0)
        self.accept()
