"""A clinic's own authority, kept beside the settings for one account: TLS stays verified, by one more authority."""

import hashlib
from datetime import datetime
from pathlib import Path

from app.core.errors.storage import SettingsNotSaved
from app.core.mail_account import MailAccount
from app.mail.authority import SUFFIXES, Authority, AuthorityFile, read_authorities
from app.paths import data_dir, replace_file

__all__ = ["SUFFIXES", "Authority", "AuthorityFile", "keep", "known", "read_authorities", "remove"]

_FOLDER = "autorites"


def keep(authority: AuthorityFile) -> str:
    """Copy the authority beside the settings; its path, for ``MailAccount.ca_file``.

    The user's own file may lie on a key that is taken away.

    Raises:
        SettingsNotSaved: nothing was written.
    """
    digest = hashlib.sha256(authority.pem).hexdigest()[:32]
    file = data_dir() / _FOLDER / f"{digest}.pem"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, authority.pem)
    except OSError as error:
        raise SettingsNotSaved(str(file)) from error
    return str(file)


def known(account: MailAccount, now: datetime) -> AuthorityFile | None:
    """The account's authority, None when it has none.

    Raises:
        AuthorityFileUnreadable: it has one that can no longer be used.
    """
    return read_authorities(Path(account.ca_file), now) if account.ca_file else None


def remove(account: MailAccount) -> None:
    """Forget our copy; a file of the user is left where it is."""
    file = Path(account.ca_file)
    if file.parent == data_dir() / _FOLDER:
        file.unlink(missing_ok=True)
