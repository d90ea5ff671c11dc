"""The secret of the account, read in the GUI thread just before a Job needs it."""

from collections.abc import Callable

from app.core.mail_account import MailAccount
from app.services.signing_in import secret_of
from app.ui.desk import Desk


def account_secret(desk: Desk, account: MailAccount | None) -> Callable[[], str]:
    """What gives the password, or a fresh access token, to the transport; empty when none is known."""
    return secret_of(account, desk.credentials, desk.clock, desk.outside.identity)
