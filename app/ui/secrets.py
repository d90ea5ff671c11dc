"""The password of the account, read in the GUI thread just before a Job needs it."""

from collections.abc import Callable

from app.core.errors.storage import NoCredentialStore
from app.core.mail_account import MailAccount
from app.ui.desk import Desk


def account_secret(desk: Desk, account: MailAccount | None) -> Callable[[], str]:
    """What gives the password to the transport; an empty one when none is known."""
    if account is None:
        return str
    try:
        secret = desk.credentials.get(account.key) or ""
    except NoCredentialStore:
        secret = ""
    return lambda: secret
