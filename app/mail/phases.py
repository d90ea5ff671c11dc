"""One letter's way to the server, step by step, and what may go wrong at each step."""

from collections.abc import Callable
from typing import Protocol

from app.core.campaign import Reply
from app.core.replies import Phase
from app.mail.addresses import Envelope


class Refused(Exception):  # noqa: N818 - an answer, judged by core.replies
    """The server answered no (4yz or 5yz) to one step of one letter."""

    def __init__(self, phase: Phase, reply: Reply) -> None:
        super().__init__(f"{phase} {reply.code}")
        self.phase = phase
        self.reply = reply


class ConnectionLost(Exception):  # noqa: N818 - a fact the engine judges, told by its name
    """The connection broke before the dot: the letter certainly did not leave."""


class AnswerLost(Exception):  # noqa: N818 - a fact the engine judges, told by its name
    """The dot left and no answer came back: nobody knows."""


class Transport(Protocol):
    """What the sending service needs of a way to the server."""

    def connect(self) -> None:
        """Connect, secure, log in. Raises UserError, Refused(CONNECT) or ConnectionLost."""

    def envelope_and_body(
        self, envelope: Envelope, data: bytes, meanwhile: Callable[[], None] | None = None
    ) -> None:
        """MAIL, RCPT, DATA and the body, without the final dot. Raises Refused or ConnectionLost.

        ``meanwhile`` is called, once, when the server lets us wait.
        """

    def send_dot(self) -> None:
        """The final dot: from here on the letter may arrive. Raises AnswerLost."""

    def answer(self) -> Reply:
        """The server's answer to the dot, whatever it is. Raises AnswerLost."""

    def dot(self) -> Reply:
        """``send_dot``, then ``answer``."""

    def close(self) -> None:
        """End the connection; never raises."""

    @property
    def is_connected(self) -> bool:
        """True between a successful ``connect`` and a loss or ``close``."""
