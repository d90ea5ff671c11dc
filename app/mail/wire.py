"""The SMTP dialogue itself: stdlib ``smtplib`` with reading that can be interrupted at any moment."""

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Sequence

from typing_extensions import override

from app.core.campaign import Reply
from app.core.errors import BugError

#: said in EHLO: an address literal that tells nothing about the computer (RFC 5321 4.1.4)
EHLO_NAME = "[127.0.0.1]"
_TICK_S = 0.25
_SEND_S = 180.0  # RFC 5321 4.5.3.2.5: three minutes for a block of data
_LONGEST_REPLY = 64_000
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
_ADDRESS = re.compile(r"<[^<>\s]*@[^<>\s]*>|[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


class Interrupted(Exception):  # noqa: N818 - the user's wish
    """The user stopped while the program was waiting for the server."""


def to_reply(code: int, words: bytes) -> Reply:
    """A ``Reply`` from smtplib's pair: one line of text, the enhanced code apart."""
    text = " ".join(words.decode("utf-8", "replace").split())
    if not text.isprintable():
        text = "".join(char for char in text if char.isprintable())
    text = text[:500]
    match = _ENHANCED.match(text)
    if match is None:
        return Reply(code, text)
    # every line of an answer repeats the enhanced code
    return Reply(code, text.replace(match[1] + " ", "").strip(), match[1])


def clean_words(text: str) -> str:
    """The server's words without any address in them: fit for an error message and the log."""
    return _ADDRESS.sub("…", text)


class Wire(smtplib.SMTP):
    """A connected socket that speaks SMTP; replies are waited for in slices of a quarter of a second."""

    def __init__(self, sock: socket.socket, host: str, interrupted: Callable[[], bool]) -> None:
        super().__init__(local_hostname=EHLO_NAME)
        self.sock: socket.socket | None = sock
        self.wait_seconds = 20.0
        self._host = host
        self._interrupted = interrupted
        self._received = b""

    @property
    def is_encrypted(self) -> bool:
        """True once TLS protects the connection."""
        return isinstance(self.sock, ssl.SSLSocket)

    def plain_socket(self) -> socket.socket:
        """The socket, before TLS starts.

        Raises:
            SMTPServerDisconnected: bytes arrived before TLS: somebody may have slipped them in.
        """
        if self.sock is None or self._received:
            raise smtplib.SMTPServerDisconnected("bytes before TLS")
        return self.sock

    def become_encrypted(self, sock: ssl.SSLSocket) -> None:
        """Go on over TLS; what the server said before does not count (RFC 3207 4.2)."""
        self.sock = sock
        self._received = b""
        self.helo_resp = None
        self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def send_bytes(self, data: bytes) -> None:
        """Send all of ``data``."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self.sock.settimeout(_SEND_S)
        self.sock.sendall(data)

    @override
    def send(self, s: str | bytes) -> None:  # type: ignore[override]  # the stub takes any buffer
        self.send_bytes(s.encode("ascii") if isinstance(s, str) else s)

    def ask(self, command: str) -> tuple[int, bytes]:
        """Send one command line, return the answer's code and text."""
        self.say((command,))
        return self.getreply()

    def say(self, commands: Sequence[str]) -> None:
        """Send command lines in one packet; their answers come in order (RFC 2920)."""
        if any("\r" in command or "\n" in command for command in commands):
            raise BugError("an SMTP command is one line")
        self.send_bytes(("\r\n".join(commands) + "\r\n").encode("utf-8"))

    @override
    def getreply(self) -> tuple[int, bytes]:
        return self.getreply_within(self.wait_seconds, self._interrupted)

    def has_news_within(self, seconds: float) -> bool:
        """True when the server said something, or closed, before ``seconds`` passed."""
        if self._received or self.sock is None:
            return True
        self.sock.settimeout(seconds)
        try:
            self._received = self.sock.recv(8192)
        except TimeoutError:
            return False
        return True

    def getreply_within(self, seconds: float, give_up: Callable[[], bool]) -> tuple[int, bytes]:
        """The whole answer: code (-1 when it is none) and text.

        Raises:
            TimeoutError: nothing complete came within ``seconds``.
            Interrupted: ``give_up()`` said so.
            SMTPServerDisconnected: the server closed.
        """
        deadline = time.monotonic() + seconds
        words: list[bytes] = []
        while True:
            line = self._line(deadline, give_up)
            code = line[:3]
            words.append(line[4:].strip(b" \t\r\n"))
            if len(line) < 3 or not code.isdigit():
                return -1, b"\n".join(words)
            if line[3:4] != b"-":
                return int(code), b"\n".join(words)
            if sum(map(len, words)) > _LONGEST_REPLY:
                raise smtplib.SMTPServerDisconnected("endless answer")

    def _line(self, deadline: float, give_up: Callable[[], bool]) -> bytes:
        while b"\n" not in self._received:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("not connected")
            self.sock.settimeout(_TICK_S)
            try:
                chunk = self.sock.recv(8192)
            except TimeoutError:
                if give_up():
                    raise Interrupted from None
                if time.monotonic() >= deadline:
                    raise
                continue
            if not chunk or len(self._received) > _LONGEST_REPLY:
                raise smtplib.SMTPServerDisconnected("the server closed")
            self._received += chunk
        line, _, self._received = self._received.partition(b"\n")
        return line

    def say_goodbye(self) -> None:
        """QUIT, then close, whatever happens."""
        with contextlib.suppress(OSError, smtplib.SMTPException, Interrupted):
            self.wait_seconds = 2.0
            self.ask("QUIT")
        self.close()

    @override
    def close(self) -> None:
        with contextlib.suppress(OSError):
            super().close()
