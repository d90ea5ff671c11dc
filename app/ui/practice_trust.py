"""Files that « Mon cabinet » trusts: a private authority for the server, a certificate that signs the letters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.core.errors.storage import SettingsNotSaved
from app.core.mail_account import MailAccount
from app.services import private_authority, signing
from app.services.private_authority import AuthorityFile
from app.services.signing import Signature
from app.ui.desk import Desk
from app.ui.practice_dialogs import AskCertificatePassword, AuthorityDialog
from app.wording import explain
from app.wording.french import count, date_long

_AUTHORITY_FILES = f"Certificats ({' '.join(f'*.{end}' for end in private_authority.SUFFIXES)})"
_P12_FILES = "Certificats de signature (*.p12 *.pfx)"
_SOON = timedelta(days=30)
Change = Callable[[MailAccount], MailAccount]


class AccountTrust(QObject):
    """Asks for the files, describes them, and hands the change of the account to the page.

    Signals:
        changed(object): a function from the account to the account with the file, or without.
        refused(UserError): the file cannot be used; nothing changed.
    """

    changed = Signal(object)
    refused = Signal(object)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window

    def authority_words(self, account: MailAccount | None) -> tuple[str, bool]:
        """What to say of the account's private authority, and whether there is one."""
        if account is None or not account.ca_file:
            return (
                "Certificat du serveur\u00a0: vérifié par les autorités de cet ordinateur.",
                False,
            )
        try:
            found = private_authority.known(account, self._now())
        except UserError as error:
            return explain(error).one_line(), True
        names = [
            f"«\u00a0{each.name}\u00a0», valable jusqu’au {date_long(each.valid_until.date())}"
            for each in (found.authorities if found is not None else ())
        ]
        return f"Autorité ajoutée pour ce compte\u00a0: {', '.join(names)}.", True

    def certificate_words(self, account: MailAccount | None) -> tuple[str, bool]:
        """What to say of the signature certificate, and whether there is one."""
        if account is None or not account.signing_file:
            return "", False
        try:
            signature = signing.signature_of(account, self._desk.credentials, self._now())
        except UserError as error:
            return explain(error).one_line(), True
        return (described(signature, self._now()), True) if signature is not None else ("", False)

    def ask_authority(self, account: MailAccount) -> None:
        """Choose a file, then look at what it holds before trusting it."""
        self._desk.files.open_file(
            self._window,
            "Autorité de certification de l’établissement",
            _AUTHORITY_FILES,
            lambda path: self._show_authority(path, account),
        )

    def remove_authority(self, account: MailAccount) -> None:
        """Back to the authorities of this computer alone."""
        private_authority.remove(account)
        self.changed.emit(lambda shown: replace(shown, ca_file=""))

    def ask_certificate(self, account: MailAccount) -> None:
        """Choose a P12 file, then ask for its password."""
        self._desk.files.open_file(
            self._window,
            "Certificat de signature",
            _P12_FILES,
            lambda path: self._ask_password(path, account),
        )

    def remove_certificate(self, account: MailAccount) -> None:
        """Letters leave unsigned; our copy of the certificate is removed."""
        try:
            signing.forget(account, self._desk.credentials)
        except UserError as error:
            self.refused.emit(error)
            return
        self.changed.emit(lambda shown: replace(shown, signing_file=""))

    def _show_authority(self, path: Path, account: MailAccount) -> None:
        try:
            found = private_authority.read_authorities(path, self._now())
        except UserError as error:
            self.refused.emit(error)
            return
        dialog = AuthorityDialog(found, account.host, self._window)
        dialog.accepted.connect(lambda: self._keep_authority(found, account))
        dialog.open()

    def _keep_authority(self, found: AuthorityFile, former: MailAccount) -> None:
        try:
            kept = private_authority.keep(found)
        except SettingsNotSaved as error:
            self.refused.emit(error)
            return
        if former.ca_file != kept:
            private_authority.remove(former)
        self.changed.emit(lambda shown: replace(shown, ca_file=kept))

    def _ask_password(self, path: Path, account: MailAccount) -> None:
        dialog = AskCertificatePassword(path, self._window)
        dialog.password_given.connect(lambda word: self._keep_certificate(path, word, account))
        dialog.open()

    def _keep_certificate(self, path: Path, password: str, former: MailAccount) -> None:
        try:
            kept, _ = signing.take(
                path, password, former.address, self._desk.credentials, self._now()
            )
            signing.forget(former, self._desk.credentials)
        except UserError as error:
            self.refused.emit(error)
            return
        self.changed.emit(lambda shown: replace(shown, signing_file=kept))

    def _now(self) -> datetime:
        return self._desk.clock.now()


def described(signature: Signature, now: datetime) -> str:
    """« Courriels signés par … »; the last day, and a warning when it is near."""
    last = signature.valid_until
    words = (
        f"Les courriels sont signés avec le certificat de {signature.owner}, garanti par "
        f"{signature.issuer}, valable jusqu’au {date_long(last.date())}."
    )
    left = (last - now).days
    if last - now < _SOON:
        words += f" Il expire dans {count(left, 'jour')}\u00a0: renouvelez-le avant l’envoi."
    return words
