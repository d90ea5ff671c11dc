"""The practice's S/MIME certificate: taken from a P12 file once, kept encrypted, used for each e-mail.

The copy is encrypted with a random password that lies in the credential store; the user's own password is
kept nowhere.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.core.errors.mail import SigningKeyUnreadable
from app.core.errors.storage import NoCredentialStore, SettingsNotSaved
from app.core.mail_account import MailAccount
from app.credentials import CredentialStore
from app.mail.smime import Signature, load_signature, sealed, signer
from app.paths import data_dir, replace_file

__all__ = ["Signature", "forget", "signature_of", "signer_for", "take"]

_FOLDER = "certificats"


def take(
    file: Path, password: str, address: str, credentials: CredentialStore, now: datetime
) -> tuple[str, Signature]:
    """Judge the P12 file and keep a copy; its path (for ``MailAccount.signing_file``) and what it says.

    Raises:
        SigningKeyUnreadable: it cannot sign for ``address`` today.
        NoCredentialStore, SettingsNotSaved: nothing was kept.
    """
    signature = load_signature(file, password, address, now)
    word = secrets.token_urlsafe(32)
    content = sealed(signature, word)
    place = data_dir() / _FOLDER / f"{hashlib.sha256(content).hexdigest()[:32]}.p12"
    credentials.set(_name(place), word)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, content)
        if os.name == "posix":
            place.chmod(0o600)
    except OSError as error:
        credentials.delete(_name(place))
        raise SettingsNotSaved(str(place)) from error
    return str(place), signature


def signature_of(
    account: MailAccount, credentials: CredentialStore, now: datetime
) -> Signature | None:
    """The account's certificate, None when letters leave unsigned.

    Raises:
        SigningKeyUnreadable: it is gone, has expired, or is not that of the account's address.
    """
    if not account.signing_file:
        return None
    file = Path(account.signing_file)
    try:
        word = credentials.get(_name(file))
    except NoCredentialStore:
        word = None
    if not word:
        raise SigningKeyUnreadable(file.name, "missing")
    return load_signature(file, word, account.address, now)


def signer_for(
    account: MailAccount | None, credentials: CredentialStore, now: datetime
) -> Callable[[bytes, str], bytes] | None:
    """The ``sign`` of a SendingRun, None when letters leave unsigned.

    Raises:
        SigningKeyUnreadable: letters were to be signed and cannot be; nothing must leave.
    """
    signature = None if account is None else signature_of(account, credentials, now)
    return None if signature is None else signer(signature)


def forget(account: MailAccount, credentials: CredentialStore) -> None:
    """Remove our copy and its password."""
    file = Path(account.signing_file)
    if account.signing_file and file.parent == data_dir() / _FOLDER:
        credentials.delete(_name(file))
        file.unlink(missing_ok=True)


def _name(file: Path) -> str:
    return f"smime:{file.stem}"
