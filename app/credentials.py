"""Secrets: passwords, tokens and database keys, kept by the computer's own store and nowhere else.

The only module that imports ``keyring``. A computer without a working store is a normal state: secrets are then
asked for at each opening, never written in clear.
"""

import secrets
import sys
from typing import Protocol

import keyring
import keyring.errors
from typing_extensions import override

from app.core.errors.storage import CredentialTooLong, NoCredentialStore

SERVICE = "Avis 34"
_PROBE = "avis34 essai"
#: Windows Credential Manager: 2,560 bytes of UTF-16
WINDOWS_MAXIMUM = 1_280
#: these store nothing, or store in clear
_REFUSED_MODULES = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt")


class CredentialStore(Protocol):
    """What the program needs from a store."""

    def is_available(self) -> bool:
        """True when a secret written now can be read back."""
        ...

    def get(self, name: str) -> str | None:
        """The secret, or None; NoCredentialStore when the store is absent or locked."""
        ...

    def set(self, name: str, secret: str) -> None:
        """Keep a secret; NoCredentialStore, CredentialTooLong."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; an absent one is fine. NoCredentialStore."""
        ...


class KeyringCredentials:
    """Windows Credential Manager, macOS Keychain, Secret Service."""

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service
        self._proved = False

    def is_available(self) -> bool:
        """Write, read back, compare, delete: an announced store may be locked, or store nothing."""
        if self._proved:
            return True
        secret = secrets.token_urlsafe(12)
        try:
            self.set(_PROBE, secret)
            self._proved = self.get(_PROBE) == secret
            self.delete(_PROBE)
        except NoCredentialStore:
            return False
        return self._proved

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        _refuse_false_stores()
        try:
            return keyring.get_password(self._service, name)
        except keyring.errors.KeyringError as error:
            raise NoCredentialStore from error

    def set(self, name: str, secret: str) -> None:
        """Keep a secret on this computer only."""
        if sys.platform == "win32" and len(secret) > WINDOWS_MAXIMUM:
            raise CredentialTooLong(len(secret), WINDOWS_MAXIMUM)
        _refuse_false_stores()
        try:
            keyring.set_password(self._service, name, secret)
        except keyring.errors.KeyringError as error:
            raise NoCredentialStore from error

    def delete(self, name: str) -> None:
        """Forget a secret."""
        _refuse_false_stores()
        try:
            keyring.delete_password(self._service, name)
        except keyring.errors.PasswordDeleteError:
            return
        except keyring.errors.KeyringError as error:
            raise NoCredentialStore from error


def _refuse_false_stores() -> None:
    try:
        backend = keyring.get_keyring()
    except (
        keyring.errors.KeyringError,
        ImportError,
    ) as error:  # a configured store that is not installed
        raise NoCredentialStore from error
    if type(backend).__module__.startswith(_REFUSED_MODULES):
        raise NoCredentialStore
    if sys.platform == "win32" and hasattr(backend, "persist"):
        backend.persist = "local machine"  # the default roams to the domain's servers


class MemoryCredentials:
    """Secrets for the life of the program: trials, and sessions without a store."""

    def __init__(self, *, available: bool = True) -> None:
        """``available=False`` plays a computer without a store."""
        self._secrets: dict[str, str] = {}
        self._available = available

    def is_available(self) -> bool:
        """As told at the beginning."""
        return self._available

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        self._check()
        return self._secrets.get(name)

    def set(self, name: str, secret: str) -> None:
        """Keep a secret until the program ends."""
        self._check()
        self._secrets[name] = secret

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._check()
        self._secrets.pop(name, None)

    def _check(self) -> None:
        if not self._available:
            raise NoCredentialStore

    @override
    def __repr__(self) -> str:
        return f"MemoryCredentials({len(self._secrets)} secrets)"
