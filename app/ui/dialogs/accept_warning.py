"""« Accepter… »: who answers for a warning, and why. Both stay in the evidence."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.core.errors import UserError
from app.core.letter_warnings import LetterWarning
from app.ui.dialogs.question import QuestionDialog
from app.wording import describe, explain
from app.wording.french import count

_KINDS_SHOWN = 6


class AcceptWarningDialog(QuestionDialog):
    """A name and a reason for these warnings.

    Signals:
        decided(str, str): the name and the reason, after ``check`` let them through.
    """

    decided = Signal(str, str)

    def __init__(
        self,
        warnings: Sequence[LetterWarning],
        check: Callable[[str, str], None],
        by: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """``check(by, reason)`` raises the UserError to show; ``by`` is the name typed the last time."""
        super().__init__(
            "Accepter cet avertissement" if len(warnings) == 1 else "Accepter ces avertissements",
            "Votre nom et votre raison restent dans le dossier pour la CNIL. N’y nommez aucun patient.",
            parent,
        )
        self._check = check
        told = QLabel("\n".join(_line(each) for each in warnings[:_KINDS_SHOWN]), self)
        told.setWordWrap(True)
        by_label = QLabel("Votre &nom", self)
        self.by_edit = QLineEdit(by, self)
        self.by_edit.setMaxLength(80)
        by_label.setBuddy(self.by_edit)
        reason_label = QLabel("&Raison", self)
        self.reason_edit = QLineEdit(self)
        self.reason_edit.setMaxLength(200)
        self.reason_edit.setPlaceholderText(
            "par exemple\u00a0: chaque phrase a été relue par le médecin"
        )
        reason_label.setBuddy(self.reason_edit)
        self.fault = QLabel(self)
        self.fault.setWordWrap(True)
        self.fault.hide()
        for widget in (told, by_label, self.by_edit, reason_label, self.reason_edit, self.fault):
            self.body.addWidget(widget)
        self.add_accept("Accepter")
        self.add_reject("Renoncer")
        (self.reason_edit if by else self.by_edit).setFocus()

    @override
    def accept(self) -> None:
        by, reason = self.by_edit.text().strip(), self.reason_edit.text().strip()
        try:
            self._check(by, reason)
        except UserError as error:
            self.fault.setText(explain(error).one_line())
            self.fault.show()
            self.fit()
            (self.reason_edit if by else self.by_edit).setFocus()
            return
        self.decided.emit(by, reason)
        super().accept()


def _line(warning: LetterWarning) -> str:
    how_many = f" ({count(warning.letters, 'lettre')})" if warning.letters else ""
    return f"–\u00a0{describe(warning.issue()).what}{how_many}"
