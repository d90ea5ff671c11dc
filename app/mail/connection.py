"""An SMTP connection: every layer apart, secured, logged in.

TLS is always verified (``ssl.create_default_context``); clear text goes to this computer only.
"""

import smtplib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from app.core.campaign import Reply
from app.core.errors import UserError
from app.core.errors.mail import (
    ClearTextForbidden,
    SenderRefused,
    ServerBusy,
    ServerRefuses,
    TlsFailed,
    TlsNotOffered,
)
from app.core.mail_account import AuthKind, MailAccount, Security, is_loopback
from app.core.replies import Phase
from app.mail import connecting
from app.mail.addresses import travelling_address
from app.mail.login import LoginDelayed, log_in
from app.mail.phases import ConnectionLost, Refused
from app.mail.wire import Interrupted, Wire, clean_words, to_reply

ANSWER_TO_DOT_S = 600.0  # RFC 5321 4.5.3.2.6
COMMAND_S = 300.0  # RFC 5321 4.5.3.2.2 and 3
#: what « Vérifier la connexion » tells apart, in order
LAYERS = ("name", "port", "tls", "login", "sender")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CheckedLayer:
    """One of ``LAYERS`` and what went wrong with it."""

    name: str
    error: UserError | None = None

    @property
    def is_good(self) -> bool:
        """True when this layer works."""
        return self.error is None


class SmtpConnection:
    """One SMTP connection to the account's server. One thread at a time.

    Args:
        account: server, port, protection, private authority.
        secret: gives the password or the access token when needed; never kept here.
        interrupted: asked several times a second while waiting; True gives up waiting
            (before the dot at once; after the dot only once ``patience_after_stop`` seconds passed).
        connect_seconds: time allowed for each step of connecting.
    """

    def __init__(
        self,
        account: MailAccount,
        secret: Callable[[], str] | None = None,
        *,
        interrupted: Callable[[], bool] = lambda: False,
        connect_seconds: float = 20.0,
        answer_seconds: float = ANSWER_TO_DOT_S,
        patience_after_stop: float = 60.0,
    ) -> None:
        self._account = account
        self._secret = secret
        self._interrupted = interrupted
        self._connect_seconds = connect_seconds
        self._answer_seconds = answer_seconds
        self._patience_after_stop = patience_after_stop
        self._wire: Wire | None = None
        #: between the body and the dot: nothing may be said any more, QUIT would be part of the letter
        self._in_body = False

    @property
    def is_connected(self) -> bool:
        """True between a successful ``connect`` and a loss or ``close``."""
        return self._wire is not None

    def connect(self) -> None:
        """Resolve, connect, secure, log in.

        Raises:
            UserError: its type names the failing layer.
            Refused: the server asks to come back later, or not at all (phase CONNECT or AUTH).
            Interrupted: the user stopped.
        """
        try:
            for _ in self._layers():
                pass
        except ConnectionLost as lost:
            account = self._account
            cause = lost.__cause__ or lost
            raise connecting.translate(cause, account.host, account.port) from lost
        except (UserError, Refused, Interrupted):
            self._drop()
            raise

    def check_connection(self, *, sender: bool = True) -> list[CheckedLayer]:
        """Every layer in order, up to and with the first that fails. Sends no letter."""
        account = self._account
        checked: list[CheckedLayer] = []
        try:
            for name in self._layers(sender=sender):
                checked.append(CheckedLayer(name))  # noqa: PERF401 - kept when a later one fails
        except UserError as error:
            checked.append(self._failed(checked, error))
        except Refused as refused:
            kind = ServerBusy if refused.reply.code < 500 else ServerRefuses
            busy = kind(account.host, refused.reply.code, clean_words(refused.reply.text))
            checked.append(self._failed(checked, busy))
        except ConnectionLost as lost:
            cause = lost.__cause__ or lost
            broken = connecting.translate(cause, account.host, account.port)
            checked.append(self._failed(checked, broken))
        finally:
            self.close()
        return checked

    @staticmethod
    def _failed(checked: list[CheckedLayer], error: UserError) -> CheckedLayer:
        return CheckedLayer(LAYERS[len(checked)], error)

    def _layers(self, *, sender: bool = False) -> Iterator[str]:
        """Do each layer of ``LAYERS`` in turn; yields its name once it works."""
        self.close()
        account, seconds = self._account, self._connect_seconds
        if account.security is Security.PLAIN_LOOPBACK and not is_loopback(account.host):
            raise ClearTextForbidden(account.host)
        connecting.resolve(account.host, account.port)
        yield "name"
        stopped = self._interrupted
        sock = connecting.open_socket(
            account.host, account.port, account.security, seconds, interrupted=stopped
        )
        if account.security is Security.TLS:
            yield "port"
            context = connecting.client_context(account.ca_file)
            self._greet(connecting.wrap(sock, context, account.host, seconds, interrupted=stopped))
        else:
            self._greet(sock)
            yield "port"
            if account.security is Security.STARTTLS:
                self._start_tls()
        yield "tls"
        wire = self._need_wire()
        if account.auth is not AuthKind.NONE:
            self._log_in(wire)
        wire.wait_seconds = COMMAND_S
        yield "login"
        if sender:
            self._check_sender()
            yield "sender"

    def _greet(self, sock: socket.socket) -> None:
        wire = Wire(sock, self._account.host, self._interrupted)
        wire.wait_seconds = self._connect_seconds
        self._wire = wire
        self._expect(to_reply(*self._guard(wire.getreply)), Phase.CONNECT)
        self._expect(to_reply(*self._guard(wire.ehlo)), Phase.CONNECT)

    def _start_tls(self) -> None:
        wire, account = self._need_wire(), self._account
        if not wire.has_extn("starttls"):
            raise TlsNotOffered(account.host, account.port)
        context = connecting.client_context(account.ca_file)
        if self._guard(lambda: wire.ask("STARTTLS"))[0] != 220:
            raise TlsNotOffered(account.host, account.port)
        try:
            plain = wire.plain_socket()
        except smtplib.SMTPServerDisconnected as error:
            raise TlsFailed(account.host, "bytes before TLS") from error
        encrypted = connecting.wrap(
            plain, context, account.host, self._connect_seconds, interrupted=self._interrupted
        )
        wire.become_encrypted(encrypted)
        self._expect(to_reply(*self._guard(wire.ehlo)), Phase.CONNECT)

    def _log_in(self, wire: Wire) -> None:
        if not wire.is_encrypted and self._account.security is not Security.PLAIN_LOOPBACK:
            raise ClearTextForbidden(self._account.host)
        try:
            log_in(wire, self._account, self._secret)
        except LoginDelayed as delayed:
            raise Refused(Phase.AUTH, delayed.reply) from delayed
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise ConnectionLost from error

    def _check_sender(self) -> None:
        wire = self._need_wire()
        address = travelling_address(self._account.address)
        reply = to_reply(*self._guard(lambda: wire.ask(f"MAIL FROM:<{address}>")))
        if reply.code >= 500:
            raise SenderRefused(self._account.address, reply.code, clean_words(reply.text))
        self._expect(reply, Phase.MAIL)
        self._guard(lambda: wire.ask("RSET"))

    def _expect(self, reply: Reply, phase: Phase) -> None:
        if not 200 <= reply.code < 300:
            if not 400 <= reply.code < 600:
                raise ConnectionLost
            raise Refused(phase, reply)

    def close(self) -> None:
        """Say QUIT and end the connection, without waiting long and without raising.

        Between the body and the dot the connection is cut instead: the server forgets the letter.
        """
        if self._in_body:
            self._drop()
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.say_goodbye()

    def _drop(self) -> None:
        self._in_body = False
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _need_wire(self) -> Wire:
        if self._wire is None:
            raise ConnectionLost
        return self._wire

    def _guard(self, action: Callable[[], T]) -> T:
        """Do ``action``; a broken connection becomes ConnectionLost, a stop closes it."""
        try:
            return action()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise ConnectionLost from error
        except Interrupted:
            self._drop()
            raise
