"""Secrets typed during one visit of « Mon cabinet »: they follow the account until it is complete."""

from typing_extensions import override

from app.core.errors.storage import NoCredentialStore
from app.core.mail_account import MailAccount
from app.credentials import CredentialStore
from app.services.signing_in import client_secret_name


class TypedSecrets:
    """In memory only. A server corrected after the password was typed must not lose the password."""

    def __init__(self, credentials: CredentialStore) -> None:
        self._credentials = credentials
        self._typed: dict[str, str] = {}
        #: under which name each was kept during this visit, and which
        self._kept: dict[str, tuple[str, str]] = {}

    def take_password(self, word: str) -> None:
        """A new password of the account."""
        self._typed["password"] = word

    def take_client_secret(self, word: str) -> None:
        """A new secret of the customer's own Google client."""
        self._typed["client"] = word

    def store(self, account: MailAccount | None) -> bool:
        """Keep what was typed under the account's present names; False while it is not complete.

        Raises:
            NoCredentialStore, CredentialTooLong.
        """
        if account is None or not account.is_complete:
            return False
        names = {"password": account.key}
        if account.client_id:
            names["client"] = client_secret_name(account.client_id)
        for kind, word in self._typed.items():
            name = names.get(kind)
            former = self._kept.get(kind)
            if name is None or former == (name, word):
                continue
            self._credentials.set(name, word)
            self._kept[kind] = name, word
            if former is not None and former[0] != name:
                self._credentials.delete(former[0])
        return True

    def knows(self, name: str) -> bool:
        """True when a secret of this name is kept."""
        try:
            return bool(self._credentials.get(name))
        except NoCredentialStore:
            return False

    def forget(self) -> None:
        """The visit is over."""
        self._typed.clear()
        self._kept.clear()

    @override
    def __repr__(self) -> str:
        return "TypedSecrets()"
