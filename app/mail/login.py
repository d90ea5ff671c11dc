"""Logging in: AUTH PLAIN, LOGIN (RFC 4954, 4616) and XOAUTH2, one try, one mechanism.

``smtplib.login`` tries each mechanism in turn, which counts as several wrong passwords, and cannot carry
a password with accents.
"""

import base64
from collections.abc import Callable

from app.core.campaign import Reply
from app.core.errors.mail import LoginFault, LoginNotOffered, LoginRefused, PasswordMissing
from app.core.mail_account import AuthKind, MailAccount
from app.mail.wire import Wire, clean_words, to_reply

_OAUTH = frozenset({AuthKind.OAUTH_MICROSOFT, AuthKind.OAUTH_GOOGLE})


class LoginDelayed(Exception):  # noqa: N818 - an answer, judged by core.replies
    """The server cannot check the login now (4yz)."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply.code))
        self.reply = reply


def log_in(wire: Wire, account: MailAccount, secret: Callable[[], str] | None) -> None:
    """Prove who we are.

    Raises:
        PasswordMissing: no secret at hand.
        LoginNotOffered: no mechanism in common.
        LoginRefused: wrong, switched off, or blocked.
        LoginDelayed: 4yz.
    """
    user = account.user_name or account.address
    offered = str(wire.esmtp_features.get("auth", "")).upper().split()
    is_oauth = account.auth in _OAUTH
    usable = [m for m in (("XOAUTH2",) if is_oauth else ("PLAIN", "LOGIN")) if m in offered]
    if not usable:
        raise LoginNotOffered(account.host)
    word = secret() if secret is not None else ""
    if not word:
        raise PasswordMissing(account.address)
    if usable[0] == "XOAUTH2":
        code, words = _xoauth2(wire, user, word)
    elif usable[0] == "PLAIN":
        code, words = wire.ask(f"AUTH PLAIN {_b64(f'{chr(0)}{user}{chr(0)}{word}')}")
    else:
        code, words = wire.ask("AUTH LOGIN")
        for answer in (user, word):
            if code == 334:
                code, words = wire.ask(_b64(answer))
    if code == 235:
        return
    reply = to_reply(code, words)
    if 400 <= code < 500:
        raise LoginDelayed(reply)
    fault = login_fault(reply, is_oauth=is_oauth)
    raise LoginRefused(account.host, fault, code, clean_words(reply.text), account.provider)


def _xoauth2(wire: Wire, user: str, token: str) -> tuple[int, bytes]:
    code, words = wire.ask(
        f"AUTH XOAUTH2 {_b64(f'user={user}{chr(1)}auth=Bearer {token}{chr(1)}{chr(1)}')}"
    )
    if code == 334:  # the challenge explains the refusal; an empty answer ends it
        code, words = wire.ask("")
    return code, words


def login_fault(reply: Reply, *, is_oauth: bool = False) -> LoginFault:
    """What a refused login means, from its code and text."""
    text = reply.text.lower()
    if (
        "credentials were incorrect" in text
    ):  # Microsoft 365 says 5.7.139 for a mistyped password too
        return LoginFault.TOKEN if is_oauth else LoginFault.PASSWORD
    if is_oauth and ("smtpclientauthentication" in text or "smtp_auth_disabled" in text):
        return LoginFault.SUBMISSION_DISABLED
    if (
        reply.enhanced in {"5.7.139", "5.7.30"}
        or "basic authentication" in text
        or "smtpclientauthentication" in text
    ):
        return LoginFault.BASIC_DISABLED
    if (
        reply.enhanced == "5.7.9"
        or reply.code == 534
        or "application-specific" in text
        or "app password" in text
    ):
        return LoginFault.APP_PASSWORD
    if any(word in text for word in ("blocked", "locked", "suspended", "disabled")):
        return LoginFault.BLOCKED
    return LoginFault.TOKEN if is_oauth else LoginFault.PASSWORD


def _b64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
