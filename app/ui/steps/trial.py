"""« Lettre d’essai »: the letter to oneself, from the review."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QGroupBox, QLabel, QLineEdit, QPushButton

from app.core.errors import UserError
from app.services.control import Control
from app.services.departure import departure, trial_maildir
from app.services.signing import signer_for
from app.services.trial_letter import TRIAL_SENT_AT, TRIAL_SENT_TO, send_trial_letter
from app.storage.campaign_file import CampaignFile
from app.ui.secrets import account_secret
from app.ui.theme import Meaning
from app.wording.pace import moment_words

if TYPE_CHECKING:
    from app.ui.steps.page import StepPage


class TrialBox(QGroupBox):
    """An address, a button, and what became of the last trial.

    Signals:
        noted: a trial letter was taken by the server.
    """

    noted = Signal()

    def __init__(self, page: "StepPage") -> None:
        super().__init__("Lettre d’essai", page)
        self._page = page
        self.state_label = QLabel(self)
        self.state_label.setWordWrap(True)
        to_label = QLabel("À l’a&dresse", self)
        self.to_edit = QLineEdit(self)
        to_label.setBuddy(self.to_edit)
        self.send_button = QPushButton(self)
        self.open_button = QPushButton("Ouvrir la &boîte d’essai", self)
        grid = QGridLayout(self)
        grid.addWidget(self.state_label, 0, 0, 1, 4)
        grid.addWidget(to_label, 1, 0)
        grid.addWidget(self.to_edit, 1, 1)
        grid.addWidget(self.send_button, 1, 2)
        grid.addWidget(self.open_button, 1, 3)
        grid.setColumnStretch(1, 1)
        self.send_button.clicked.connect(self.send)
        self.open_button.clicked.connect(self._open_mailbox)

    def load(self) -> None:
        """Show what the campaign knows of trial letters."""
        campaign_file = self._page.campaign_file
        sent_at = campaign_file.setting(TRIAL_SENT_AT)
        is_sample = campaign_file.campaign.is_sample
        if not self.to_edit.text():
            account = self._page.desk.settings.current.account
            practice = campaign_file.practice()
            self.to_edit.setText(
                practice.email if is_sample or account is None else account.address
            )
        if sent_at:
            when = moment_words(datetime.fromisoformat(sent_at), self._page.desk.clock.now())
            self.state_label.setText(
                f"Le serveur a pris la lettre d’essai pour {campaign_file.setting(TRIAL_SENT_TO)}, {when}. "
                + (
                    "C’est un exemple\u00a0: elle est dans la boîte d’essai, sur cet ordinateur."
                    if is_sample
                    else "Ouvrez-la dans votre messagerie et relisez-la."
                )
            )
            self.send_button.setText("M’en envoyer une au&tre")
        else:
            self.state_label.setText(
                "Recevez d’abord la lettre vous-même, au nom d’une patiente inventée. "
                "Aucun patient ne la reçoit."
            )
            self.send_button.setText("M’envoyer une le&ttre d’essai")
        self.open_button.setVisible(is_sample and bool(sent_at))

    def send(self) -> None:
        """Send the specimen to the address typed."""
        to = self.to_edit.text().strip()
        page = self._page
        if "@" not in to:
            page.message_bar.show_message(
                Meaning.ATTENTION, "Écrivez l’adresse à laquelle envoyer la lettre d’essai."
            )
            self.to_edit.setFocus()
            return
        desk, name = page.desk, page.campaign_file.practice().name
        account = desk.settings.current.account
        try:
            secret = account_secret(desk, account)
            is_sample = page.campaign_file.campaign.is_sample
            sign = None if is_sample else signer_for(account, desk.credentials, desk.clock.now())
        except UserError as error:
            page.message_bar.show_error(error)
            return

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            with departure(campaign_file, account, secret) as way:
                yield from send_trial_letter(
                    campaign_file,
                    way,
                    to,
                    display_name=name,
                    interrupted=lambda: control.is_stopped,
                    clock=desk.clock,
                    sign=sign,
                )

        job = page.new_job("Lettre d’essai", work)
        job.finished.connect(self._end)
        if page.begin(job):
            page.message_bar.clear()
            self.send_button.setEnabled(False)
            self.state_label.setText("Envoi de la lettre d’essai…")

    def _end(self) -> None:
        self.send_button.setEnabled(True)
        self.load()
        self.noted.emit()

    def _open_mailbox(self) -> None:
        folder = trial_maildir(self._page.campaign_file) / "new"
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
