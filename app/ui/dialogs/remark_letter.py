"""One letter with a remark: the sentence at fault is selected in its preview."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.issue import Issue
from app.letters.letter import Letter
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.letter_preview import LetterPreview
from app.wording import describe


class RemarkLetterDialog(QuestionDialog):
    """The letter, and the way to its words.

    Signals:
        text_asked: the words of the letter are to be corrected.
    """

    text_asked = Signal()

    def __init__(
        self,
        title: str,
        letter: Letter,
        issue: Issue,
        make_pdf: Callable[[], bytes] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, describe(issue).one_line(), parent)
        self.preview = LetterPreview(self)
        self.preview.setMinimumHeight(self.fontMetrics().lineSpacing() * 18)
        self.preview.show_letter(
            letter.subject,
            letter.html,
            letter.text,
            make_pdf,
            "L’adresse postale de cette personne est incomplète\u00a0: pas de page à imprimer.",
        )
        self.body.addWidget(self.preview, 1)
        self.text_button = self.add_other("&Corriger le texte de la lettre")
        self.text_button.clicked.connect(self._ask_for_text)
        self.add_reject("Fermer", default=True)
        self.resize(self.fontMetrics().averageCharWidth() * 110, self.sizeHint().height())
        has_place = issue.span is not None and issue.column == "body"
        self._sentence = letter.body[slice(*issue.span)] if issue.span and has_place else ""
        self.show_sentence()

    def show_sentence(self) -> None:
        """Select the sentence at fault, when the remark has one."""
        if self._sentence:
            self.preview.show_sentence(self._sentence)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # the views know their width, hence where the sentence stands, only once they are laid out
        QTimer.singleShot(0, self.show_sentence)

    def _ask_for_text(self) -> None:
        self.text_asked.emit()
        self.accept()
