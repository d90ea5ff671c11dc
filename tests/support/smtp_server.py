"""An SMTP server on loopback whose every answer is scripted by the test (aiosmtpd, certificates by trustme)."""

import asyncio
import base64
import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult
from typing_extensions import override

from app.core.mail_account import AuthKind, MailAccount, Security

HOST = "127.0.0.1"
DROP = "drop"  # as an answer: the server closes without a word
KEEP_AND_DROP = "keep and drop"  # it keeps the message, then closes without a word
OK = "250 2.0.0 OK"


@dataclass(frozen=True)
class Received:
    """One message the server took."""

    mail_from: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class Script:
    """What the server answers; each callable gets the recipient's address (MAIL: the sender's)."""

    mail: Callable[[str], str] = lambda _address: OK
    rcpt: Callable[[str], str] = lambda _address: OK
    data: Callable[[str], str] = lambda _address: OK
    login: Callable[[str, str], str] = lambda _user, _word: ""
    greeting_421: Callable[[], bool] = lambda: False


@dataclass
class ScriptedServer:
    """A context manager. ``protection``: "", "starttls" or "implicit"."""

    script: Script = field(default_factory=Script)
    protection: str = "starttls"
    #: "good", "wrong_name", "expired", "self_signed" or "other_authority" (not the one clients trust)
    certificate: str = "good"
    wants_login: bool = False
    #: the access token that XOAUTH2 accepts; empty = not offered
    token: str = ""
    received: list[Received] = field(default_factory=list)
    logins: list[tuple[str, str, str]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self.authority = trustme.CA()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread: threading.Thread | None = None  # noqa: TID251

    def ca_file(self, folder: Path) -> str:
        """The authority a client should trust, as a PEM file."""
        file = folder / f"ca-{self.port}.pem"
        self.authority.cert_pem.write_to_path(str(file))
        return str(file)

    def account(self, folder: Path, **changes: Any) -> MailAccount:
        """An account of this server."""
        security = {
            "": Security.PLAIN_LOOPBACK,
            "starttls": Security.STARTTLS,
            "implicit": Security.TLS,
        }[self.protection]
        settings: dict[str, Any] = {
            "address": "contact@cabinet-exemple.fr",
            "host": HOST,
            "port": self.port,
            "security": security,
            "auth": AuthKind.PASSWORD if self.wants_login else AuthKind.NONE,
            "ca_file": self.ca_file(folder),
            "limits": (),
        }
        return MailAccount(**{**settings, **changes})

    def _context(self) -> ssl.SSLContext | None:
        if not self.protection:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.certificate == "self_signed":
            _load_self_signed(context)
            return context
        authority = trustme.CA() if self.certificate == "other_authority" else self.authority
        names = ["smtp.autre.invalid"] if self.certificate == "wrong_name" else [HOST, "localhost"]
        expiry = datetime(2020, 1, 1) if self.certificate == "expired" else None  # noqa: DTZ001
        start = datetime(2019, 1, 1) if self.certificate == "expired" else None  # noqa: DTZ001
        issued = authority.issue_cert(*names, not_before=start, not_after=expiry)
        issued.configure_cert(context)
        return context

    def __enter__(self) -> Self:
        logger = logging.getLogger("mail.log")
        logger.propagate = False
        logger.setLevel(logging.CRITICAL)
        context = self._context()
        listener = socket.create_server((HOST, 0))
        self.port = listener.getsockname()[1]
        starttls = self.protection == "starttls"

        def protocol() -> SMTP:
            return _Recording(
                self,
                _Handler(self),
                enable_SMTPUTF8=False,
                hostname="serveur.invalid",
                tls_context=context if starttls else None,
                require_starttls=starttls,
                auth_require_tls=starttls,
                authenticator=self._authenticate,
                loop=self._loop,
            )

        self._server = self._loop.run_until_complete(
            self._loop.create_server(
                protocol, sock=listener, ssl=context if self.protection == "implicit" else None
            )
        )
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)  # noqa: TID251
        self._thread.start()
        return self

    def _authenticate(
        self, _server: SMTP, _session: Any, _envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        user, word = data.login.decode(), data.password.decode()
        self.logins.append((mechanism, user, word))
        refusal = self.script.login(user, word)
        return AuthResult(success=not refusal, handled=not refusal, message=refusal or None)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        assert self._thread is not None
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await task


class _Recording(SMTP):
    """Writes down every command, so that a test can say that nothing was sent."""

    line_length_limit = 12_288  # RFC 4954 4: a token comes in one line

    def __init__(self, owner: ScriptedServer, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._owner = owner
        self.command_size_limits["AUTH"] = self.line_length_limit
        self.line_length_limit = SMTP.line_length_limit  # of a message: RFC 5321 4.5.3.1.6

    @override
    def connection_made(self, transport: Any) -> None:
        self._owner.connections += self._original_transport is None  # not again after STARTTLS
        super().connection_made(transport)

    @override
    async def _call_handler_hook(self, command: str, *arguments: Any) -> Any:
        self._owner.commands.append(command)
        return await super()._call_handler_hook(command, *arguments)

    @override
    async def smtp_AUTH(self, arg: str) -> None:
        self._owner.commands.append("AUTH")
        await super().smtp_AUTH(arg)


class _Handler:
    def __init__(self, owner: ScriptedServer) -> None:
        self._owner = owner
        if owner.token:
            self.auth_XOAUTH2 = self._xoauth2

    async def _xoauth2(self, server: SMTP, arguments: list[str]) -> AuthResult:
        said = base64.b64decode(arguments[1]).decode()
        user = said.partition("\x01")[0].removeprefix("user=")
        good = said == f"user={user}\x01auth=Bearer {self._owner.token}\x01\x01"
        if not good:  # the refusal is explained in a challenge, to be answered by an empty line
            await server.challenge_auth(b'{"status":"401"}')
        return AuthResult(success=good, handled=False, auth_data=user.encode())

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._owner.script.mail(address)
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self._said(server, answer)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._owner.script.rcpt(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return self._said(server, answer)

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self._owner.script.data(envelope.rcpt_tos[0])
        if answer.startswith("2") or answer == KEEP_AND_DROP:
            taken = Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
            self._owner.received.append(taken)
        return self._said(server, answer)

    @staticmethod
    def _said(server: SMTP, answer: str) -> str:
        if answer in (DROP, KEEP_AND_DROP):
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 4.0.0 closed"
        if answer.startswith("421"):
            transport = server.transport
            assert transport is not None
            server.loop.call_later(0.05, transport.close)
        return answer


def _load_self_signed(context: ssl.SSLContext) -> None:
    """An authority's own certificate as the server's: signed by itself."""
    own = trustme.CA()
    with own.private_key_pem.tempfile() as key, own.cert_pem.tempfile() as certificate:
        context.load_cert_chain(certificate, key)
