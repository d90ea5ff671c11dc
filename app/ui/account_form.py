"""The mailbox of « Mon cabinet »: address, provider, login, servers, and the check of all that."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.core.mail_account import MailAccount, Security, is_whole_address
from app.services import accounts
from app.ui.account_layers import LayersView
from app.ui.account_login import OAUTH, LoginForm
from app.ui.account_server import STARTTLS_PORT, ServerForm
from app.ui.widgets.field_remark import FieldRemark
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import boxed, labelled, small_form
from app.ui.widgets.two_columns import TwoColumns
from app.wording.account import server_source

_BY_HAND = "Autre\u00a0: réglages à la main"


class AccountForm(QWidget):
    """Shows one mail account and reads it back; secrets go their own way.

    Signals:
        edited: the user changed a field of the account.
        address_given: the address was typed whole.
        provider_chosen(str): identifier of a bundled provider.
        search_requested, check_requested: the buttons.
    """

    edited = Signal()
    address_given = Signal()
    provider_chosen = Signal(str)
    search_requested = Signal()
    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("contact@cabinet-roux.fr")
        self.address_remark = FieldRemark(self.address, self)
        self.provider = QComboBox(self)
        self.provider.addItem(_BY_HAND, "")
        for known in sorted(accounts.all_providers(), key=lambda each: each.name.casefold()):
            self.provider.addItem(known.name, known.id)
        self.search_button = QPushButton("Che&rcher les réglages…", self)
        self.source_label = QLabel(self)
        self.source_label.setWordWrap(True)
        self.login, self.server = LoginForm(self), ServerForm(self)
        self.check_button = QPushButton("Vérifier la &connexion", self)
        self.layers = LayersView(self)
        for button in (self.search_button, self.check_button):
            button.setAutoDefault(False)
        self._lay_out()
        self._connect()
        self.show_account(None)

    # the fields of the parts, as the page and its tests name them

    @property
    def host(self) -> QLineEdit:
        """Server that takes the letters."""
        return self.server.host

    @property
    def password(self) -> QLineEdit:
        """Emptied as soon as it is kept."""
        return self.login.password

    def show_account(self, account: MailAccount | None) -> None:
        """Fill every field, without a signal."""
        blocker = QSignalBlocker(self)
        shown = account or MailAccount("", "", STARTTLS_PORT)
        if self.address.text() != shown.address:
            self.address.setText(shown.address)
        self.provider.setCurrentIndex(max(self.provider.findData(shown.provider), 0))
        self.login.show_account(shown, accounts.login_kinds(shown))
        self.server.show_account(shown)
        self._tell_source(shown)
        blocker.unblock()
        self._judge_address()

    def show_source(self, words: str) -> None:
        """Say where the settings shown come from."""
        self.source_label.setText(words)
        self.source_label.setVisible(bool(words))

    def read(self, base: MailAccount | None) -> MailAccount | None:
        """The account as the form says it, None while address and server are both empty."""
        address, host = self.address.text().strip(), self.host.text().strip()
        if not address and not host:
            return None
        server, login = self.server, self.login
        kept = base or MailAccount(address, host, server.port.value())
        return replace(
            kept,
            address=address,
            provider=str(self.provider.currentData()),
            auth=login.chosen,
            client_id=login.client_id.text().strip() if login.chosen in OAUTH else kept.client_id,
            tenant=login.tenant.text().strip() or "common",
            host=host,
            port=server.port.value(),
            security=_security(server, kept),
            user_name=server.user_name.text().strip() or (address if kept.user_name else ""),
            imap_host=server.imap_host.text().strip(),
            imap_port=server.imap_port.value(),
        )

    def _lay_out(self) -> None:
        mailbox = QWidget(self)
        form = small_form(mailbox)
        labelled(form, "Adresse électroni&que d’envoi", self.address)
        form.addRow(self.address_remark)
        labelled(form, "&Hébergeur", self.provider)
        search = QWidget(mailbox)
        search.setLayout(flow(self.search_button))
        form.addRow(search)
        form.addRow(self.source_label)
        check = QWidget(self)
        check.setLayout(flow(self.check_button))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(boxed("Votre boîte aux lettres", mailbox))
        column.addWidget(boxed("Identification", self.login))
        column.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(TwoColumns(left, self.server, parent=self))
        layout.addWidget(check)
        layout.addWidget(self.layers)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.address.textEdited.connect(self.edited)
        self.address.editingFinished.connect(self._judge_address)
        self.address.editingFinished.connect(self.address_given)
        self.provider.activated.connect(self._take_provider)
        self.login.edited.connect(self.edited)
        self.server.edited.connect(self.edited)
        self.server.host_typed.connect(self._follow_host)
        self.search_button.clicked.connect(self.search_requested)
        self.check_button.clicked.connect(self.check_requested)

    def _take_provider(self) -> None:
        identifier = str(self.provider.currentData())
        if identifier:
            self.provider_chosen.emit(identifier)
        else:
            self.edited.emit()
            self._tell_source(None)

    def _follow_host(self) -> None:
        """Another server than the provider's: its facts no longer speak of this account."""
        host = self.host.text().strip().lower()
        chosen = next(
            (p for p in accounts.all_providers() if p.id == self.provider.currentData()), None
        )
        if chosen is not None and chosen.confirmed and chosen.smtp.host != host:
            self.provider.setCurrentIndex(0)
            self._tell_source(None)

    def _tell_source(self, account: MailAccount | None) -> None:
        known = accounts.known_provider(account) if account is not None and account.host else None
        words = ""
        if known is not None:
            words = server_source(
                known.name, known.source, known.checked, known.note, confirmed=known.confirmed
            )
        self.show_source(words)

    def _judge_address(self) -> None:
        typed = self.address.text().strip()
        wrong = bool(typed) and not is_whole_address(typed)
        self.address_remark.say("cette adresse n’est pas complète." if wrong else "")


def _security(server: ServerForm, kept: MailAccount) -> Security:
    """A relay on this computer keeps its own protection: the list offers encrypted ones only."""
    if kept.security is Security.PLAIN_LOOPBACK and kept.host == server.host.text().strip():
        return kept.security
    return Security(server.security.currentData())  # Qt gives back a plain str
