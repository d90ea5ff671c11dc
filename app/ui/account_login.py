"""How the account proves itself: password, or permission given in the browser. No secret stays in a widget."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.core.mail_account import AuthKind, MailAccount
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import labelled, small_form
from app.ui.widgets.password_edit import PasswordEdit
from app.wording.account import AUTH, permission

OAUTH = frozenset({AuthKind.OAUTH_MICROSOFT, AuthKind.OAUTH_GOOGLE})
_NAMES = {AuthKind.OAUTH_MICROSOFT: "Microsoft", AuthKind.OAUTH_GOOGLE: "Google"}
_KEPT = "déjà enregistré"


class LoginForm(QWidget):
    """Kind of login, and the fields of that kind only.

    Signals:
        edited: a field of the account changed.
        kind_chosen: the user took another kind.
        password_typed(str), client_secret_typed(str): for the credential store, never for the settings.
        sign_in_requested, forget_requested, instructions_requested: the buttons.
    """

    edited = Signal()
    kind_chosen = Signal()
    password_typed = Signal(str)
    client_secret_typed = Signal(str)
    sign_in_requested = Signal()
    forget_requested = Signal()
    instructions_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox(self)
        self.password = PasswordEdit(self)
        self.client_id, self.tenant = QLineEdit(self), QLineEdit(self)
        self.client_id.setPlaceholderText("donné par l’administrateur de la messagerie")
        self.tenant.setPlaceholderText("vide\u00a0: toutes les organisations")
        self.client_secret = PasswordEdit(self)
        self.sign_in_button = QPushButton("De&mander l’autorisation…", self)
        self.help_button = QPushButton("Comm&ent l’obtenir…", self)
        self.forget_button = QPushButton("Retirer l’autorisation", self)
        self.state_label, self.note = QLabel(self), QLabel(self)
        for label in (self.state_label, self.note):
            label.setWordWrap(True)
        self.form: QFormLayout = small_form(self)
        labelled(self.form, "Se connec&ter avec", self.kind)
        labelled(self.form, "&Mot de passe", self.password)
        labelled(self.form, "I&dentifiant d’application", self.client_id)
        labelled(self.form, "Annua&ire (facultatif)", self.tenant)
        labelled(self.form, "Secret du cl&ient Google", self.client_secret)
        self.buttons = QWidget(self)
        self.buttons.setLayout(flow(self.sign_in_button, self.help_button, self.forget_button))
        for button in (self.sign_in_button, self.help_button, self.forget_button):
            button.setAutoDefault(False)
        for row in (self.state_label, self.buttons, self.note):
            self.form.addRow(row)
        self._connect()

    @property
    def chosen(self) -> AuthKind:
        """The kind shown."""
        return AuthKind(self.kind.currentData())

    def show_account(self, account: MailAccount, kinds: Sequence[AuthKind]) -> None:
        """Fill every field, without a signal; ``kinds`` are offered, best first."""
        with QSignalBlocker(self.kind):
            self.kind.clear()
            for kind in dict.fromkeys((*kinds, account.auth)):
                self.kind.addItem(AUTH[kind], kind)
            self.kind.setCurrentIndex(self.kind.findData(account.auth))
        tenant = "" if account.tenant == "common" else account.tenant
        for field, text in ((self.client_id, account.client_id), (self.tenant, tenant)):
            if field.text() != text:
                field.setText(text)
        self._show_fields()

    def show_secrets(
        self,
        *,
        is_kept: bool,
        has_password: bool,
        has_client_secret: bool,
        has_permission: bool,
        has_keyring: bool,
    ) -> None:
        """Say what is kept, and where, without showing it; what is not kept yet stays in its field."""
        for field, has_secret in (
            (self.password, has_password),
            (self.client_secret, has_client_secret),
        ):
            if is_kept:
                field.clear()
                field.hide_text()
            field.setPlaceholderText(_KEPT if has_secret else "")
        provider = _NAMES.get(self.chosen, "")
        self.state_label.setText(permission(provider, is_given=has_permission) if provider else "")
        self.state_label.setVisible(bool(provider))
        self.forget_button.setVisible(bool(provider) and has_permission)
        self.note.setText(_keyring_note(self.chosen, has_keyring=has_keyring))
        self.note.setVisible(bool(self.note.text()))

    def typed(self) -> tuple[str, str]:
        """Password and client secret now in their fields: a button reached by its letter takes no focus."""
        return self.password.text(), self.client_secret.text()

    def _show_fields(self) -> None:
        kind = self.chosen
        shown = {
            self.password: kind is AuthKind.PASSWORD,
            self.client_id: kind in OAUTH,
            self.tenant: kind is AuthKind.OAUTH_MICROSOFT,
            self.client_secret: kind is AuthKind.OAUTH_GOOGLE,
            self.buttons: kind in OAUTH,
        }
        for field, is_shown in shown.items():
            self.form.setRowVisible(field, is_shown)

    def _connect(self) -> None:
        self.kind.activated.connect(self._take_kind)
        for field in (self.client_id, self.tenant):
            field.textEdited.connect(self.edited)
        self.password.editingFinished.connect(
            lambda: self._tell(self.password, self.password_typed)
        )
        self.client_secret.editingFinished.connect(
            lambda: self._tell(self.client_secret, self.client_secret_typed)
        )
        self.sign_in_button.clicked.connect(self.sign_in_requested)
        self.forget_button.clicked.connect(self.forget_requested)
        self.help_button.clicked.connect(self.instructions_requested)

    def _take_kind(self) -> None:
        self._show_fields()
        self.edited.emit()
        self.kind_chosen.emit()

    @staticmethod
    def _tell(field: QLineEdit, signal: object) -> None:
        if field.text():
            signal.emit(field.text())  # type: ignore[attr-defined]  # a bound signal has no public type


def _keyring_note(kind: AuthKind, *, has_keyring: bool) -> str:
    if kind is AuthKind.NONE:
        return ""
    if has_keyring:
        if kind in OAUTH:
            return ""
        return (
            "Le mot de passe est gardé par le trousseau de votre ordinateur, jamais dans l’envoi."
        )
    if kind in OAUTH:
        return (
            "Cet ordinateur ne propose pas de trousseau. "
            "L’autorisation vous sera demandée à chaque ouverture."
        )
    return (
        "Cet ordinateur ne propose pas de trousseau. "
        "Le mot de passe vous sera demandé à chaque ouverture."
    )
