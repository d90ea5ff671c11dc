"""A mail server on this computer that keeps each message in a Maildir: for trials, never for patients.

It answers 250 only once the message is on the disk under its final name, so that it bears honest witness
after the program was killed.
"""

import asyncio
import contextlib
import itertools
import logging
import os
import socket
import ssl
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP

from app.core.mail_account import AuthKind, MailAccount, Security
from app.mail.throwaway_ca import make_identity

_HOST = "127.0.0.1"
_LARGEST_MESSAGE = 40_000_000


class MaildirKeeper:
    """Writes one message per file: tmp, fsync, rename to new (the Maildir way)."""

    def __init__(self, maildir: Path) -> None:
        self._tmp, self._new = maildir / "tmp", maildir / "new"
        for folder in (self._tmp, self._new, maildir / "cur"):
            folder.mkdir(parents=True, exist_ok=True)
        self._numbers = itertools.count(1)

    def keep(self, content: bytes) -> Path:
        """Store ``content`` durably; returns its file."""
        name = f"{time.time_ns()}.P{os.getpid()}Q{next(self._numbers)}.essai"
        draft = self._tmp / name
        with draft.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        kept = self._new / name
        draft.rename(kept)
        return kept

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take one recipient per message and no more: the program must never send two."""
        if envelope.rcpt_tos:
            return "452 4.5.3 Un seul destinataire par message"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Destinataire accepté"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message, then answer."""
        content = envelope.content
        head = f"Delivered-To: {envelope.rcpt_tos[0]}\r\nReturn-Path: <{envelope.mail_from}>\r\n"
        self.keep(head.encode("utf-8") + content)
        return "250 2.0.0 Message conserve dans la boite d'essai"


class TrialMailbox:
    """STARTTLS server on loopback with its own throw-away authority; a context manager.

    Attributes:
        host, port: where it listens once started.
        ca_file: the authority's certificate, to be trusted by the sending side only.
    """

    def __init__(self, maildir: Path) -> None:
        self.maildir = maildir
        self.host = _HOST
        self.port = 0
        self.ca_file = Path()
        self._folder = tempfile.TemporaryDirectory(prefix="avis34-essai-")
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None  # noqa: TID251 - a thread allowed here by the architecture
        self._server: asyncio.Server | None = None

    def account(self, address: str, display_name: str = "") -> MailAccount:
        """The account that sends to this mailbox: no login, no limit, as fast as it goes."""
        return MailAccount(
            address=address,
            display_name=display_name,
            host=self.host,
            port=self.port,
            security=Security.STARTTLS,
            auth=AuthKind.NONE,
            ca_file=str(self.ca_file),
            limits=(),
            letters_per_connection=1_000,
            provider="essai",
        )

    def start(self) -> Self:
        """Listen on a free port."""
        # the library writes recipients to its log
        logger = logging.getLogger("mail.log")
        logger.propagate = False
        logger.setLevel(logging.CRITICAL)
        context = self._server_context()
        keeper = MaildirKeeper(self.maildir)
        listener = socket.create_server((_HOST, 0))
        self.port = listener.getsockname()[1]

        def protocol() -> SMTP:
            return SMTP(
                keeper,
                data_size_limit=_LARGEST_MESSAGE,
                enable_SMTPUTF8=True,
                hostname="essai.invalid",
                ident="Boite d'essai Avis 34",
                tls_context=context,
                require_starttls=True,
                loop=self._loop,
            )

        self._server = self._loop.run_until_complete(
            self._loop.create_server(protocol, sock=listener)
        )
        self._thread = threading.Thread(  # noqa: TID251 - a thread allowed here by the architecture
            target=self._loop.run_forever, name="boite-d-essai", daemon=True
        )
        self._thread.start()
        return self

    def _server_context(self) -> ssl.SSLContext:
        identity = make_identity(_HOST)
        folder = Path(self._folder.name)
        self.ca_file = folder / "autorite.pem"
        self.ca_file.write_bytes(identity.authority)
        chain = folder / "serveur.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # ssl reads keys from files only: it is there for an instant, readable by its owner
        with os.fdopen(os.open(chain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(identity.private_key + identity.certificate)
        try:
            context.load_cert_chain(chain)
        finally:
            chain.unlink()
        return context

    def messages(self) -> list[Path]:
        """Files of the messages kept so far, oldest first."""
        return sorted((self.maildir / "new").iterdir())

    def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._thread is not None:
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(timeout=10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)
            self._thread = None
            self._loop.close()
        self._folder.cleanup()

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await task

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()
