"""The practice's mailbox over IMAP, read-only by construction: EXAMINE and BODY.PEEK, nothing else.

Nothing in it is changed, deleted or marked as read.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Self

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from app.core.errors.mail import (
    ClearTextForbidden,
    ConnectionClosed,
    ImapRefused,
    ServerUnreachable,
)
from app.core.mail_account import AuthKind, MailAccount, Security, is_loopback
from app.mail import connecting
from app.mail.wire import clean_words

_TIMEOUT_S = 60.0
_JUNK, _SENT = b"\\Junk", b"\\Sent"
_SENT_NAMES = (
    "Sent",
    "Sent Items",
    "Éléments envoyés",
    "Messages envoyés",
    "INBOX.Sent",
    "Envoyés",
)
#: reports, and what calls itself one; the rest of the mailbox is never read
_REPORTS: list[object] = [
    "OR",
    ["OR", ["FROM", "mailer-daemon"], ["FROM", "postmaster"]],
    ["OR", ["HEADER", "Content-Type", "multipart/report"], ["HEADER", "Return-Path", "<>"]],
]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far a folder was read (RFC 3501 2.3.1.1)."""

    validity: int = 0
    last_uid: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message and the bookmark after it."""

    raw: bytes
    folder: str
    bookmark: Bookmark


class ImapMailbox:
    """A read-only session; a context manager.

    Raises (on entering):
        ServerUnreachable, CertificateInvalid and its kin, ImapRefused.
    """

    def __init__(self, account: MailAccount, secret: Callable[[], str]) -> None:
        self._account = account
        self._secret = secret
        self._client: IMAPClient | None = None

    def __enter__(self) -> Self:
        account = self._account
        host, port = account.imap_host, account.imap_port
        is_tls = account.imap_security is Security.TLS
        if account.imap_security is Security.PLAIN_LOOPBACK and not is_loopback(host):
            raise ClearTextForbidden(host)
        context = connecting.client_context(account.ca_file)
        connecting.resolve(host, port)
        if account.imap_security is not Security.PLAIN_LOOPBACK:
            self._prove_certificate(host, port)
        try:
            client = IMAPClient(
                host, port, ssl=is_tls, ssl_context=context if is_tls else None, timeout=_TIMEOUT_S
            )
        except OSError as error:
            raise ServerUnreachable(host, port) from error
        try:
            if account.imap_security is Security.STARTTLS:
                client.starttls(context)
            user = account.user_name or account.address
            if account.auth in (AuthKind.OAUTH_MICROSOFT, AuthKind.OAUTH_GOOGLE):
                client.oauth2_login(user, self._secret())
            elif client.has_capability("AUTH=PLAIN"):
                client.plain_login(user, self._secret())  # in UTF-8, as LOGIN cannot
            else:
                client.login(user, self._secret())
        except (LoginError, IMAPClientError, OSError, UnicodeError) as error:
            with suppress(IMAPClientError, OSError):
                client.shutdown()
            raise ImapRefused(host, clean_words(str(error))[:200]) from error
        self._client = client
        return self

    def _prove_certificate(self, host: str, port: int) -> None:
        """A first handshake by our own door, so that a bad certificate has its own name and sentence."""
        if self._account.imap_security is not Security.TLS:
            return
        sock = connecting.open_socket(host, port, Security.TLS, 20.0)
        connecting.wrap(sock, connecting.client_context(self._account.ca_file), host, 20.0).close()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(IMAPClientError, OSError):
                client.logout()

    def _need_client(self) -> IMAPClient:
        if self._client is None:
            raise ConnectionClosed(self._account.imap_host)
        return self._client

    def report_folders(self) -> list[str]:
        """The inbox and, where the server names it, the junk folder."""
        return ["INBOX", *self._special(_JUNK)]

    def _special(self, flag: bytes) -> list[str]:
        return [name for flags, _, name in self._need_client().list_folders() if flag in flags]

    def reports(self, folder: str, since: date, bookmark: Bookmark) -> Iterator[Fetched]:
        """Reports that arrived on ``since`` or later and after ``bookmark``.

        Raises:
            ConnectionClosed: the connection broke; what was yielded stays good.
        """
        client = self._need_client()
        try:
            chosen = client.select_folder(folder, readonly=True)
            validity = int(chosen[b"UIDVALIDITY"])
            first = bookmark.last_uid + 1 if bookmark.validity == validity else 1
            uids = client.search(["SINCE", since, "UID", f"{first}:*", *_REPORTS])
            for uid in sorted(number for number in uids if number >= first):
                answer = client.fetch([uid], ["BODY.PEEK[]"])
                raw = answer.get(uid, {}).get(b"BODY[]")
                if isinstance(raw, bytes):
                    yield Fetched(raw, folder, Bookmark(validity, uid))
        except (IMAPClientError, OSError) as error:
            raise ConnectionClosed(self._account.imap_host) from error

    def has_sent(self, message_id: str) -> bool:
        """True when a Sent folder holds this Message-ID. False proves nothing: not every server files copies."""
        client = self._need_client()
        try:
            known = {name for _, _, name in client.list_folders()}
            folders = self._special(_SENT) or [name for name in _SENT_NAMES if name in known]
            for folder in folders:
                client.select_folder(folder, readonly=True)
                if client.search(["HEADER", "Message-ID", message_id]):
                    return True
        except (IMAPClientError, OSError) as error:
            raise ConnectionClosed(self._account.imap_host) from error
        return False
