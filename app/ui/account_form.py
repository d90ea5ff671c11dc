"""The sending account of « Mon cabinet »: address, server, password, pace, and its check."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.mail_account import CAUTIOUS_LIMITS, MailAccount, Security
from app.core.pacing import DAY, MINUTE, RateWindow
from app.ui.widgets.forms import labelled, small_form
from app.ui.widgets.password_edit import PasswordEdit

_STARTTLS_PORT, _TLS_PORT = 587, 465
_PER_MINUTE, _PER_DAY = 10, 400
_MOST = 100_000


class AccountForm(QWidget):
    """Shows one mail account and reads it back; the password goes its own way.

    Signals:
        edited: the user changed a field of the account.
        password_typed(str): a password was typed; never kept in this widget's account.
        address_given: the address was typed whole.
        check_requested: « Vérifier la connexion ».
    """

    edited = Signal()
    password_typed = Signal(str)
    address_given = Signal()
    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("contact@cabinet-roux.fr")
        self.display_name = QLineEdit(self)
        self.password = PasswordEdit(self)
        self.user_name = QLineEdit(self)
        self.user_name.setPlaceholderText("le plus souvent, l’adresse elle-même")
        self.host = QLineEdit(self)
        self.host.setPlaceholderText("smtp.hebergeur.fr")
        self.security = QComboBox(self)
        self.security.addItem("STARTTLS, le plus courant (port\u00a0587)", Security.STARTTLS)
        self.security.addItem("TLS dès le début (port\u00a0465)", Security.TLS)
        self.port = QSpinBox(self)
        self.port.setRange(1, 65_535)
        self.port.setGroupSeparatorShown(False)
        self.per_minute, self.per_day = QSpinBox(self), QSpinBox(self)
        for box in (self.per_minute, self.per_day):
            box.setRange(1, _MOST)
            box.setGroupSeparatorShown(True)
        self.check_button = QPushButton("Vérifier la &connexion", self)
        self.check_button.setAutoDefault(False)
        self.keyring_note = QLabel(self)
        self.keyring_note.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.show_account(None)

    def show_account(self, account: MailAccount | None) -> None:
        """Fill every field, without a signal."""
        blocker = QSignalBlocker(self)
        shown = account or MailAccount("", "", _STARTTLS_PORT)
        for field, text in (
            (self.address, shown.address),
            (self.display_name, shown.display_name),
            (self.user_name, shown.user_name if shown.user_name != shown.address else ""),
            (self.host, shown.host),
        ):
            if field.text() != text:
                field.setText(text)
        self.security.setCurrentIndex(max(self.security.findData(shown.security), 0))
        self.port.setValue(shown.port)
        self.per_minute.setValue(_limit(shown, MINUTE, _PER_MINUTE))
        self.per_day.setValue(_limit(shown, DAY, _PER_DAY))
        blocker.unblock()

    def read(self, base: MailAccount | None) -> MailAccount | None:
        """The account as the form says it, None while address and server are both empty."""
        address, host = self.address.text().strip(), self.host.text().strip()
        if not address and not host:
            return None
        limits = [
            window
            for window in (base.limits if base is not None else CAUTIOUS_LIMITS)
            if window.seconds not in {MINUTE, DAY}
        ]
        limits = [
            RateWindow(self.per_minute.value(), MINUTE),
            *limits,
            RateWindow(self.per_day.value(), DAY),
        ]
        kept = base or MailAccount(address, host, self.port.value())
        return replace(
            kept,
            address=address,
            host=host,
            port=self.port.value(),
            security=Security(self.security.currentData()),  # Qt gives back a plain str
            display_name=self.display_name.text().strip(),
            user_name=self.user_name.text().strip() or address,
            limits=tuple(limits),
        )

    def show_password_state(self, *, is_known: bool, has_keyring: bool) -> None:
        """Say where the password is kept, without showing it."""
        self.password.clear()
        self.password.hide_text()
        self.password.setPlaceholderText("déjà enregistré" if is_known else "")
        self.keyring_note.setText(
            "Le mot de passe est gardé par le trousseau de votre ordinateur, jamais dans l’envoi."
            if has_keyring
            else "Cet ordinateur ne propose pas de trousseau. "
            "Le mot de passe vous sera demandé à chaque ouverture."
        )

    def _lay_out(self) -> None:
        panel = QWidget(self)
        form = small_form(panel)
        labelled(form, "Adresse électroni&que d’envoi", self.address)
        labelled(form, "Nom affiché aux patients", self.display_name)
        labelled(form, "&Mot de passe", self.password)
        labelled(form, "Serveu&r d’envoi", self.host)
        labelled(form, "Conne&xion chiffrée", self.security)
        labelled(form, "Port", self.port)
        labelled(form, "Nom d’utilisateur (facultatif)", self.user_name)
        pace = QWidget(panel)
        row = QHBoxLayout(pace)
        row.setContentsMargins(0, 0, 0, 0)
        for box, words in ((self.per_minute, "par minute, au plus"), (self.per_day, "par jour")):
            row.addWidget(box)
            row.addWidget(QLabel(words, pace))
        row.addStretch()
        self.per_minute.setAccessibleName("Lettres par minute")
        self.per_day.setAccessibleName("Lettres par jour")
        labelled(form, "Lettres", pace, self.per_minute)
        self.per_minute.setAccessibleName("Lettres par minute")
        note = QLabel(
            "Demandez ces limites à votre hébergeur\u202f; au-delà, il bloque l’adresse.", self
        )
        note.setWordWrap(True)
        line = QHBoxLayout()
        line.addWidget(self.check_button)
        line.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel)
        layout.addWidget(note)
        layout.addWidget(self.keyring_note)
        layout.addLayout(line)

    def _connect(self) -> None:
        for field in (self.address, self.display_name, self.user_name, self.host):
            field.textEdited.connect(self.edited)
        for box in (self.port, self.per_minute, self.per_day):
            box.valueChanged.connect(self.edited)
        self.security.activated.connect(self._follow_security)
        self.password.editingFinished.connect(self._tell_password)
        self.address.editingFinished.connect(self.address_given)
        self.check_button.clicked.connect(self.check_requested)

    def _follow_security(self) -> None:
        is_tls = Security(self.security.currentData()) is Security.TLS
        usual = {_STARTTLS_PORT, _TLS_PORT}
        if self.port.value() in usual:
            self.port.setValue(_TLS_PORT if is_tls else _STARTTLS_PORT)
        self.edited.emit()

    def _tell_password(self) -> None:
        if self.password.text():
            self.password_typed.emit(self.password.text())


def _limit(account: MailAccount, seconds: int, usual: int) -> int:
    found = [window.limit for window in account.limits if window.seconds == seconds]
    return found[0] if found else usual
