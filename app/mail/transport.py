"""SMTP with its phases in sight: everything but the final dot, then the dot, then the answer.

The journal must be written between the body and the dot, which no ``sendmail()`` allows.
"""

import smtplib
import time
from collections.abc import Callable, Sequence

from app.core.campaign import Reply
from app.core.errors.mail import AddressNotSendable
from app.core.replies import Phase
from app.mail.addresses import Envelope
from app.mail.connection import ANSWER_TO_DOT_S, COMMAND_S, LAYERS, CheckedLayer, SmtpConnection
from app.mail.phases import AnswerLost, ConnectionLost, Refused, Transport
from app.mail.wire import Interrupted, Wire, to_reply

__all__ = [
    "ANSWER_TO_DOT_S",
    "COMMAND_S",
    "LAYERS",
    "AnswerLost",
    "CheckedLayer",
    "ConnectionLost",
    "Interrupted",
    "Refused",
    "SmtpTransport",
    "Transport",
]

#: an answer that takes longer leaves time for something else
_AT_ONCE_S = 0.004


class SmtpTransport(SmtpConnection):
    """One connection that carries letters, one after the other. One thread at a time."""

    def envelope_and_body(
        self, envelope: Envelope, data: bytes, meanwhile: Callable[[], None] | None = None
    ) -> None:
        """MAIL, RCPT, DATA and the body: everything but the final dot.

        The three commands travel together where the server offers PIPELINING (RFC 2920).

        Raises:
            Refused: MAIL, RCPT or DATA was refused; the connection stays usable if it still is open.
            ConnectionLost: the letter did not leave.
            AddressNotSendable: SMTPUTF8 is needed and not offered.
            Interrupted: the user stopped; the letter did not leave.
        """
        wire = self._need_wire()
        mail_options, rcpt_options = "", ""
        if wire.has_extn("size"):
            mail_options += f" SIZE={len(data)}"
        if envelope.needs_smtputf8:
            if not wire.has_extn("smtputf8"):
                raise AddressNotSendable
            mail_options += " BODY=8BITMIME SMTPUTF8"
        if wire.has_extn("dsn"):
            # RFC 3461; headers only, so that the letter's text does not come back; never SUCCESS
            mail_options += " RET=HDRS"
            if envelope.envelope_id:
                mail_options += f" ENVID={envelope.envelope_id}"
            rcpt_options = " NOTIFY=FAILURE,DELAY"
        steps = (
            (Phase.MAIL, f"MAIL FROM:<{envelope.mail_from}>{mail_options}"),
            (Phase.RCPT, f"RCPT TO:<{envelope.rcpt_to}>{rcpt_options}"),
            (Phase.DATA, "DATA"),
        )
        if wire.has_extn("pipelining"):
            self._steps(steps, meanwhile)
        else:
            for step in steps:
                self._steps((step,), meanwhile)
                meanwhile = None
        body = data.replace(b"\n.", b"\n..") if b"\n." in data else data  # RFC 5321 4.5.2
        if body.startswith(b"."):
            body = b"." + body
        if not body.endswith(b"\r\n"):
            body += b"\r\n"
        self._in_body = True
        self._guard(lambda: wire.send_bytes(body))

    def _steps(
        self, steps: Sequence[tuple[Phase, str]], meanwhile: Callable[[], None] | None
    ) -> None:
        """Say commands together, hear each answer; the first refusal counts."""
        wire = self._need_wire()
        self._guard(lambda: wire.say([command for _, command in steps]))
        if meanwhile is not None and not self._news_at_once(wire):
            meanwhile()
        refused: Refused | None = None
        for phase, _ in steps:
            code, words = self._guard(wire.getreply)
            if code == 354 if phase is Phase.DATA else 200 <= code < 300:
                if phase is Phase.DATA and refused is not None:
                    # it waits for a letter to nobody: never end it, the connection is cut instead
                    self._drop()
                    raise refused
                continue
            if not 400 <= code < 600:  # nonsense: the dialogue is out of step, start again
                self.close()
                raise ConnectionLost
            refused = refused or Refused(phase, to_reply(code, words))
            if code == 421:  # RFC 5321 3.8: the server closes
                self.close()
                raise refused
        if refused is not None:
            self._guard(lambda: wire.ask("RSET"))
            raise refused

    def _news_at_once(self, wire: Wire) -> bool:
        try:
            return wire.has_news_within(_AT_ONCE_S)
        except OSError:  # reading the answer will find out
            return True

    def send_dot(self) -> None:
        """Send the final dot.

        Raises:
            AnswerLost: the connection broke; the letter is uncertain.
        """
        wire = self._need_wire()
        self._in_body = False
        try:
            wire.send_bytes(b".\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise AnswerLost from error

    def answer(self) -> Reply:
        """Wait for the answer to the dot, up to ten minutes.

        Raises:
            AnswerLost: no answer, or one that cannot be understood; the letter is uncertain.
        """
        wire = self._need_wire()
        stopped_at: float | None = None

        def give_up() -> bool:
            nonlocal stopped_at
            if not self._interrupted():
                return False
            stopped_at = stopped_at or time.monotonic()
            return time.monotonic() - stopped_at >= self._patience_after_stop

        try:
            code, words = wire.getreply_within(self._answer_seconds, give_up)
        except (OSError, smtplib.SMTPException, Interrupted) as error:
            self._drop()
            raise AnswerLost from error
        reply = to_reply(code, words)
        if not 200 <= reply.code < 600 or 300 <= reply.code < 400:
            self._drop()
            raise AnswerLost
        if reply.code == 421:
            self.close()
        return reply

    def dot(self) -> Reply:
        """``send_dot``, then ``answer``.

        Raises:
            AnswerLost: as they do.
        """
        self.send_dot()
        return self.answer()
