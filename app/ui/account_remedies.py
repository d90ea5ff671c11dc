"""Buttons for what the sentence of an error advises. None of them lowers the protection of the connection."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import UserError
from app.core.errors import mail as errors
from app.core.errors.mail import CertificateFault, LoginFault
from app.core.mail_account import MailAccount, Security
from app.services import accounts
from app.ui.account_server import STARTTLS_PORT, TLS_PORT
from app.ui.widgets.message_bar import MessageAction

_STRANGERS = (CertificateFault.SELF_SIGNED, CertificateFault.UNKNOWN_AUTHORITY)


@dataclass(frozen=True, slots=True)
class RemedyActs:
    """What the page can do for the user."""

    ask_authority: Callable[[], object]
    set_way: Callable[[Security, int], object]
    take_microsoft: Callable[[], object]
    sign_in: Callable[[], object]
    show_instructions: Callable[[], object]


def remedies(
    error: UserError, account: MailAccount | None, acts: RemedyActs
) -> list[MessageAction]:
    """The buttons beside ``error``, may be none."""
    match error:
        case errors.CertificateInvalid() if error.fault in _STRANGERS:
            return [MessageAction("Ajouter l’autorité…", acts.ask_authority)]
        case errors.AuthorityFileUnreadable():
            return [MessageAction("Choisir un autre fichier…", acts.ask_authority)]
        case errors.TlsNotOffered():
            return [
                MessageAction("Passer au port 465", lambda: acts.set_way(Security.TLS, TLS_PORT))
            ]
        case errors.TlsNotSpoken():
            return [
                MessageAction(
                    "Passer à STARTTLS, port 587",
                    lambda: acts.set_way(Security.STARTTLS, STARTTLS_PORT),
                )
            ]
        case errors.LoginRefused() if error.fault is LoginFault.BASIC_DISABLED:
            return [MessageAction("Passer au compte Microsoft", acts.take_microsoft)]
        case errors.LoginRefused() if error.fault is LoginFault.TOKEN:
            return [MessageAction("Demander l’autorisation…", acts.sign_in)]
        case errors.SignInExpired():
            return [MessageAction("Demander l’autorisation…", acts.sign_in)]
        case errors.LoginRefused() if account is not None and _wants_app_password(account):
            return [MessageAction("Comment en obtenir un…", acts.show_instructions)]
    return []


def _wants_app_password(account: MailAccount) -> bool:
    known = accounts.known_provider(account)
    return known is not None and known.wants_app_password
