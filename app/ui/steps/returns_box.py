"""« Ce qui revient »: returned e-mails and envelopes, and patients who call."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.core.errors import UserError
from app.core.questions import Question
from app.core.steps import Step
from app.services import patient_calls
from app.services.patient_calls import CallAnswer
from app.ui.dialogs.patient_call import PatientCallDialog
from app.ui.steps.email_box_bounces import ReturnedEmails
from app.ui.steps.paper_box_returns import PaperReturns
from app.ui.steps.sending_gate import SendingGate
from app.ui.widgets.message_bar import MessageAction
from app.wording.french import count


class ReturnsBox(QGroupBox):
    """Buttons of the follow-up; each writes at once.

    Signals:
        noted: letters changed state, or a call was counted.
    """

    noted = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__("Ce qui revient", page)
        self._page = page
        self.returned_mail = PaperReturns(page)
        self.returned_mail.noted.connect(self.noted)
        self.returned_emails = ReturnedEmails(page)
        self.returned_emails.noted.connect(self.noted)
        self.bounce_button = QPushButton("Cour&riels retournés…", self)
        self.paper_button = QPushButton("&Leur écrire par courrier", self)
        self.returned_button = QPushButton("&Noter les plis retournés…", self)
        self.call_button = QPushButton("Un &patient appelle…", self)
        self.calls_label = QLabel(self)
        self.calls_label.setWordWrap(True)
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (self.bounce_button, self.paper_button):
            first.addWidget(button)
        first.addStretch(1)
        for button in (self.returned_button, self.call_button):
            second.addWidget(button)
        second.addWidget(self.calls_label, 1)
        column = QVBoxLayout(self)
        column.addLayout(first)
        column.addLayout(second)
        self.bounce_button.clicked.connect(lambda: self.returned_emails.open())
        self.paper_button.clicked.connect(self._give_to_paper)
        self.returned_button.clicked.connect(self._ask_returned)
        self.call_button.clicked.connect(self._take_call)

    def load(self) -> None:
        """Show how many e-mails failed and how many calls came."""
        failed = self.returned_emails.failed()
        self.paper_button.setVisible(bool(failed))
        self.paper_button.setText(f"Écrire par &courrier à {count(failed, 'personne')}")
        self._show_calls()

    def _give_to_paper(self) -> None:
        self.returned_emails.give_to_paper(
            MessageAction("Aller à l’envoi", lambda: self._page.step_requested.emit(Step.SENDING))
        )

    def _ask_returned(self) -> None:
        if self._page.is_busy():
            return
        self.returned_mail.open(self)

    def _take_call(self) -> None:
        dialog = PatientCallDialog(self._find, self._page.campaign_file.practice(), self)
        dialog.call_counted.connect(self._count_call)
        dialog.finished.connect(self._show_calls)
        dialog.open()

    def _find(self, typed: str) -> CallAnswer | None:
        try:
            return patient_calls.find(self._page.campaign_file, typed)
        except UserError as error:
            self._page.message_bar.show_error(error)
            return None

    def _count_call(self, question: Question, delivery_id: int) -> None:
        with self._page.showing_errors():
            patient_calls.note_call(
                self._page.campaign_file,
                question,
                self._page.desk.clock.now(),
                delivery_id=delivery_id or None,
            )
            self.noted.emit()

    def _show_calls(self) -> None:
        total = sum(patient_calls.call_counts(self._page.campaign_file).values())
        self.calls_label.setText(
            f"{count(total, 'appel compté', 'appels comptés')}." if total else ""
        )
