"""« Ce qui revient »: returned e-mails and envelopes, and patients who call."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import UserError
from app.core.questions import Question
from app.core.steps import Step
from app.services import bounces, patient_calls
from app.services.control import Control
from app.services.patient_calls import CallAnswer
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.patient_call import PatientCallDialog
from app.ui.secrets import account_secret
from app.ui.steps.page import CampaignWork
from app.ui.steps.paper_box_returns import PaperReturns
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
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
        self.bounce_button = QPushButton("&Relever les courriels retournés…", self)
        self.file_button = QPushButton("Lire un courriel &enregistré…", self)
        self.paper_button = QPushButton("&Leur écrire par courrier", self)
        self.returned_button = QPushButton("&Noter les plis retournés…", self)
        self.call_button = QPushButton("Un &patient appelle…", self)
        self.calls_label = QLabel(self)
        self.calls_label.setWordWrap(True)
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (self.bounce_button, self.file_button, self.paper_button):
            first.addWidget(button)
        first.addStretch(1)
        for button in (self.returned_button, self.call_button):
            second.addWidget(button)
        second.addWidget(self.calls_label, 1)
        column = QVBoxLayout(self)
        column.addLayout(first)
        column.addLayout(second)
        self.bounce_button.clicked.connect(self.read_mailbox)
        self.file_button.clicked.connect(self._ask_for_message)
        self.paper_button.clicked.connect(self._give_to_paper)
        self.returned_button.clicked.connect(self._ask_returned)
        self.call_button.clicked.connect(self._take_call)

    def load(self) -> None:
        """Show how many e-mails failed and how many calls came."""
        counts = self._page.campaign_file.delivery_counts()
        failed = sum(
            counts.get((Channel.EMAIL, status), 0)
            for status in (DeliveryStatus.REJECTED, DeliveryStatus.BOUNCED)
        )
        self.paper_button.setVisible(bool(failed))
        self.paper_button.setText(f"Écrire par &courrier à {count(failed, 'personne')}")
        account = self._page.desk.settings.current.account
        is_sample = self._page.campaign_file.campaign.is_sample
        # without a mailbox to read, returned e-mails come as saved files
        self.bounce_button.setVisible(
            account is not None and bool(account.imap_host) and not is_sample
        )
        self._show_calls()

    def read_mailbox(self) -> None:
        """Read the practice's mailbox; nothing in it is changed."""
        account = self._page.desk.settings.current.account
        if account is None:
            return
        with self._page.showing_errors():
            secret, clock = account_secret(self._page.desk, account), self._page.desk.clock

            def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                yield from bounces.from_imap(campaign_file, account, secret, control, clock)

            self._begin_reading("Relevé des courriels retournés", work)

    def _ask_for_message(self) -> None:
        if self._page.is_busy():
            return
        self._page.desk.files.open_file(
            self,
            "Quel courriel retourné\u202f?",
            "Courriels enregistrés (*.eml *.mbox);;Tous les fichiers (*)",
            self.read_file,
        )

    def read_file(self, path: Path) -> None:
        """Read one saved message or mbox."""
        clock = self._page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from bounces.from_files(campaign_file, [path], control, clock)

        self._begin_reading("Lecture des courriels retournés", work)

    def _begin_reading(self, title: str, work: CampaignWork) -> None:
        job = self._page.new_job(title, work)
        job.progressed.connect(self._follow_reading)
        job.finished.connect(self.noted)
        if self._page.begin(job):
            self._page.message_bar.show_message(Meaning.INFORMATION, f"{title}…")

    def _follow_reading(self, event: object) -> None:
        if isinstance(event, bounces.BounceSummary):
            bounced = event.counts[bounces.Outcome.BOUNCED]
            unmatched = event.counts[bounces.Outcome.UNMATCHED]
            words = [
                f"{count(bounced, 'courriel retourné', 'courriels retournés')} noté{'s' if bounced > 1 else ''}."
            ]
            if unmatched:
                words.append(
                    f"{count(unmatched, 'avis ne correspond', 'avis ne correspondent')} à aucune lettre."
                )
            if event.unreadable:
                words.append(f"Illisible\u00a0: {', '.join(event.unreadable)}.")
            self._page.message_bar.show_message(Meaning.INFORMATION, " ".join(words))

    def _give_to_paper(self) -> None:
        if self._page.is_busy():
            return
        with self._page.showing_errors():
            given = bounces.give_to_paper(self._page.campaign_file, clock=self._page.desk.clock)
            words = f"{count(given.moved, 'lettre est', 'lettres sont')} maintenant à imprimer."
            if given.without_address:
                people = count(given.without_address, "personne n’a", "personnes n’ont")
                words += f" {people} pas d’adresse postale complète."
            self._page.message_bar.show_message(
                Meaning.INFORMATION,
                words,
                [
                    MessageAction(
                        "Aller à l’envoi", lambda: self._page.step_requested.emit(Step.SENDING)
                    )
                ],
            )
        self.noted.emit()

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
