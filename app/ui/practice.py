"""« Mon cabinet »: filled once, used by every campaign. Saved as it is typed."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.errors import UserError
from app.core.errors.storage import NoCredentialStore
from app.core.mail_account import MailAccount
from app.services import accounts
from app.services.accounts import CheckedLayer
from app.services.control import Control
from app.ui.account_form import AccountForm
from app.ui.desk import Desk
from app.ui.practice_form import PracticeForm
from app.ui.theme import Meaning
from app.ui.widgets.forms import boxed
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.tab_order import order_tabs
from app.ui.workers import Job
from app.wording.french import time_hm

_SAVE_AFTER_MS = 400
_LAYERS = {
    "name": "le nom du serveur est connu",
    "port": "il répond",
    "tls": "la connexion est chiffrée et son certificat valable",
    "login": "le mot de passe est accepté",
    "sender": "l’adresse d’expédition est acceptée",
}


class PracticePage(QWidget):
    """Two forms over the settings, and the check of the account.

    Signals:
        saved: the settings changed.
        back_requested: the user has finished.
    """

    saved = Signal()
    back_requested = Signal()

    help_text = (
        "Ces informations figurent dans toutes les lettres\u00a0: qui écrit, qui répond, à quel numéro. "
        "Les patients vérifient souvent une lettre en appelant le numéro qu’ils connaissent déjà\u00a0: "
        "indiquez celui-là.\n\n"
        "Le compte d’envoi est votre messagerie habituelle. L’adresse du serveur, le port et les limites "
        "se trouvent dans l’aide de votre hébergeur. Certaines messageries demandent un «\u00a0mot de "
        "passe d’application\u00a0».\n\n"
        "«\u00a0Vérifier la connexion\u00a0» n’envoie aucun courriel."
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._checked: list[CheckedLayer] = []
        self._proposed: MailAccount | None = None
        self._save_timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_timer.timeout.connect(self.save)
        self.message_bar = MessageBar(self)
        self.heading = QLabel("Mon cabinet", self)
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        self.heading.setFont(font)
        lead = QLabel(
            "À remplir une fois. Ces informations figurent dans toutes les lettres.", self
        )
        lead.setWordWrap(True)
        self.form = PracticeForm(self)
        self.account = AccountForm(self)
        self.saved_label = QLabel(self)
        self.back_button = QPushButton("&J’ai terminé", self)
        self.back_button.setDefault(True)
        inner = QWidget(self)
        content = QVBoxLayout(inner)
        for widget in (self.heading, lead, self.form, boxed("Compte d’envoi", self.account)):
            content.addWidget(widget)
        content.addStretch()
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(inner)
        below = QHBoxLayout()
        below.addWidget(self.saved_label, 1)
        below.addWidget(self.back_button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.scroll_area, 1)
        layout.addLayout(below)
        self._connect()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        order_tabs(self)

    def load(self) -> None:
        """Show the settings."""
        self.message_bar.clear()
        current = self._desk.settings.current
        self._proposed = None
        self.form.show_practice(current.practice)
        self.account.show_account(current.account)
        self._show_password_state()

    def leave(self) -> None:
        """Save what is being typed."""
        if self._save_timer.isActive():
            self.save()

    def save(self) -> None:
        """Write the settings when the forms say something else."""
        self._save_timer.stop()
        current = self._desk.settings.current
        new = replace(
            current,
            practice=self.form.read(current.practice),
            account=self.account.read(self._proposed or current.account),
        )
        if new == current:
            return
        try:
            self._desk.settings.replace(new)
        except UserError as error:
            self.message_bar.show_error(error)
            return
        self.saved_label.setText(f"Enregistré à {time_hm(self._desk.clock.now())}")
        self.saved.emit()

    def check_connection(self) -> None:
        """Try every layer of the connection; nothing is sent."""
        self.save()
        account = self._desk.settings.current.account
        if account is None or not account.host or not account.address:
            self.message_bar.show_message(
                Meaning.ATTENTION, "Indiquez d’abord l’adresse d’envoi et le serveur."
            )
            (self.account.address if account is None else self.account.host).setFocus()
            return
        password = self._password(account)
        if self._desk.jobs.is_busy:
            self.message_bar.show_message(
                Meaning.ATTENTION, "Un autre travail est en cours. Réessayez quand il sera terminé."
            )
            return

        def check(control: Control) -> Iterator[object]:
            yield from accounts.check(
                account, lambda: password, interrupted=lambda: control.is_stopped
            )

        self._checked = []
        job = Job("Vérification de la connexion", check)
        job.progressed.connect(self._note_layer)
        job.failed.connect(self._show_failure)
        job.finished.connect(self._show_checked)
        self.account.check_button.setEnabled(False)
        self.message_bar.show_message(Meaning.INFORMATION, "Vérification de la connexion…")
        self._desk.jobs.begin(job)

    def _connect(self) -> None:
        self.form.edited.connect(self._save_timer.start)
        self.account.edited.connect(self._save_timer.start)
        self.account.address_given.connect(self._propose)
        self.account.password_typed.connect(self._keep_password)
        self.account.check_requested.connect(self.check_connection)
        self.back_button.clicked.connect(self.back_requested)

    def _propose(self) -> None:
        """A known provider: its server and limits are filled in; nothing leaves the computer."""
        address, host = self.account.address.text().strip(), self.account.host.text().strip()
        proposal = None if host else accounts.propose(address, self.account.display_name.text())
        if proposal is None:
            return
        self.account.show_account(proposal.account)
        self._proposed = proposal.account
        self.save()
        name = proposal.provider.name if proposal.provider is not None else proposal.account.host
        self.message_bar.show_message(
            Meaning.INFORMATION,
            f"Réglages habituels de {name} proposés ci-dessous. Vérifiez-les, puis la connexion.",
        )

    def _password(self, account: MailAccount) -> str:
        try:
            return self._desk.credentials.get(account.key) or ""
        except NoCredentialStore:
            return ""

    def _keep_password(self, password: str) -> None:
        self.save()
        account = self._desk.settings.current.account
        if account is None:
            return  # asked again once the address is known: the field keeps what was typed
        try:
            self._desk.credentials.set(account.key, password)
        except UserError as error:
            self.message_bar.show_error(error)
            return
        self._show_password_state()

    def _show_password_state(self) -> None:
        account = self._desk.settings.current.account
        is_known = account is not None and bool(self._password(account))
        self.account.show_password_state(is_known=is_known, has_keyring=self._desk.has_keyring)

    def _note_layer(self, layer: CheckedLayer) -> None:
        self._checked.append(layer)

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._checked.append(CheckedLayer("name", error))
            return
        raise error

    def _show_checked(self) -> None:
        self.account.check_button.setEnabled(True)
        failed = [layer.error for layer in self._checked if layer.error is not None]
        if failed:
            self.message_bar.show_error(failed[0])
            return
        done = ", ".join(_LAYERS[layer.name] for layer in self._checked)
        self.message_bar.show_message(
            Meaning.DONE, f"Connexion réussie\u00a0: {done}. Aucun courriel n’est parti."
        )
