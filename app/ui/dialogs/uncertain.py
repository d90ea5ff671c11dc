"""Letters of which nobody knows whether they left: the user looks in « Éléments envoyés » and decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.ui.dialogs.question import QuestionDialog
from app.wording.french import count


@dataclass(frozen=True, slots=True)
class UncertainLetter:
    """One letter to decide about."""

    delivery_id: int
    patient: str
    #: « aujourd’hui à 10 h 12 » or a date
    when: str
    #: what to look for in the message's headers when two letters look alike
    message_id: str

    @override
    def __repr__(self) -> str:
        return f"UncertainLetter({self.delivery_id})"


class UncertainDialog(QuestionDialog):
    """One letter after the other; « Décider plus tard » leaves the rest as it is.

    Signals:
        settled(int, bool): key of the letter; True when it is among the sent mails.
    """

    settled = Signal(int, bool)

    def __init__(
        self, letters: Sequence[UncertainLetter], already_sent: int, parent: QWidget | None = None
    ) -> None:
        super().__init__("Reprendre l’envoi interrompu", "", parent)
        self._waiting = list(letters)
        self._sent = already_sent
        self.question_label = QLabel(self)
        self.question_label.setWordWrap(True)
        self.question_label.setTextFormat(Qt.TextFormat.PlainText)
        self.reference_label = QLabel(self)
        self.reference_label.setWordWrap(True)
        self.reference_label.setTextFormat(Qt.TextFormat.PlainText)
        self.reference_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.body.addWidget(self.question_label)
        self.body.addWidget(self.reference_label)
        self.sent_button = self.add_other("Elle y est")
        self.resend_button = self.add_other("Elle n’y est pas\u00a0: la renvoyer")
        self.later_button = self.add_reject("Décider plus tard", default=True)
        self.sent_button.clicked.connect(lambda: self._settle(found=True))
        self.resend_button.clicked.connect(lambda: self._settle(found=False))
        self._show()

    def _show(self) -> None:
        letter = self._waiting[0]
        left = (
            f"{count(self._sent, 'courriel était parti', 'courriels étaient partis')}. "
            if self._sent
            else ""
        )
        more = len(self._waiting)
        unsure = (
            "Pour une lettre, on ne sait pas"
            if more == 1
            else f"Pour {count(more, 'lettre')}, on ne sait pas. La première"
        )
        self.question_label.setText(
            f"{left}{unsure}\u00a0: {letter.patient}, {letter.when}.\n"
            "Regardez dans vos «\u00a0Éléments envoyés\u00a0» si elle y est."
        )
        self.reference_label.setText(f"Référence du courriel\u00a0: {letter.message_id}")

    def _settle(self, *, found: bool) -> None:
        letter = self._waiting.pop(0)
        self.settled.emit(letter.delivery_id, found)
        if self._waiting:
            self._show()
        else:
            self.accept()
