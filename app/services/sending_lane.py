"""One lane: one connection, one letter under way at a time, the journal first.

While the server thinks about one letter, the next one is claimed and written.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from app.core.campaign import Delivery, DeliveryStatus, Reply
from app.core.clock import Clock
from app.core.errors import UserError
from app.core.errors.mail import (
    AddressNotSendable,
    ConnectionClosed,
    ServerBusy,
    ServerNameUnknown,
    ServerSilent,
    ServerUnreachable,
)
from app.core.mail_account import MailAccount
from app.core.recipient import Recipient
from app.core.replies import Outcome, Phase, Scope, classify
from app.mail.message import Attachment, MessageBuilder
from app.mail.transport import AnswerLost, ConnectionLost, Interrupted, Refused, Transport
from app.services.control import Control
from app.services.sending_events import (
    CanaryReached,
    Paused,
    SendingEvent,
    SendingOptions,
    Waiting,
    WaitReason,
)
from app.services.sending_outcomes import Held, Outcomes
from app.services.sending_recorder import Claimed, Recorder
from app.services.sending_traffic import Traffic
from app.services.sending_writing import LetterWriter, Renderer
from app.storage.campaign_file import CampaignFile

_S = DeliveryStatus
_LONGEST_SLICE_S = (
    2.0  # a waiting lane looks up this often: clock changed, computer slept, another lane stopped
)
_IDLE_S = 30.0  # servers close idle connections
#: faults of the way to the server, which may mend by themselves
_MAY_MEND = (ServerNameUnknown, ServerUnreachable, ServerSilent, ConnectionClosed, ServerBusy)
_NOT_MAILABLE = Reply(553, "adresse impossible à transporter par ce serveur", "5.1.3")


@dataclass(frozen=True, slots=True)
class LaneTools:
    """What a lane works with. Each lane has its own file, transport and renderer; the recorder is shared."""

    file: CampaignFile
    recorder: Recorder
    transport: Transport
    renderer: Renderer
    builder: MessageBuilder
    #: the PDF that goes with a letter, or None
    attach: Callable[[Recipient, Delivery], Attachment] | None = None


class Lane:
    """Sends letters until none is due, the run ends, or the user stops."""

    def __init__(
        self,
        tools: LaneTools,
        account: MailAccount,
        clock: Clock,
        traffic: Traffic,
        options: SendingOptions,
    ) -> None:
        self._file = tools.file
        self._builder = tools.builder
        self._writer = LetterWriter(tools.file, tools.renderer, tools.builder, tools.attach)
        self._outcomes = Outcomes(tools.file, tools.recorder, account, clock, traffic)
        self._transport = tools.transport
        self._account = account
        self._clock = clock
        self._traffic = traffic
        self._options = options
        self._sent_on_connection = 0
        self._last_used: datetime | None = None
        self._drops = 0
        #: its dot left, its answer is awaited
        self._in_flight: Held | None = None
        #: the next letter, claimed with the mark of the one in flight
        self._next: Held | None = None
        self._may_go_on: Callable[[], bool] = lambda: False
        #: why the lane ended with letters left: the instant and the reason of the wait it declined
        self.declined: tuple[datetime, WaitReason] | None = None

    def run(self, control: Control) -> Iterator[SendingEvent]:
        """Claim, send, note, until the end."""
        self._may_go_on = lambda: (
            not (control.is_paused or control.is_stopped or self._traffic.has_ended)
        )
        try:
            while (held := (yield from self._take(control))) is not None:
                yield from self._send(held)
                yield from self._outcomes.news()
        finally:
            with ExitStack() as ends:  # all of them, the last one first, whatever one raises
                ends.callback(self._transport.close)
                ends.callback(self._release_next)
                ends.callback(self._outcomes.flush)
                ends.callback(self._hear_last_answer)
        yield from self._outcomes.news()

    def _release_next(self) -> None:
        held, self._next = self._next, None
        if held is not None:
            self._outcomes.put_back(held)

    def _hear_last_answer(self) -> None:
        """The run was abandoned while an answer was on its way."""
        if self._in_flight is not None:
            self._hear_answer(self._in_flight)

    def _take(self, control: Control) -> Generator[SendingEvent, None, Held | None]:
        """The next letter to send, with its place in the traffic; None when the lane is over."""
        held, self._next = self._next, None
        if held is not None:
            if self._may_go_on():
                return held
            self._outcomes.put_back(held)
        traffic = self._traffic
        while not traffic.has_ended:
            self._outcomes.flush()
            yield from self._outcomes.news()
            if control.is_paused and not control.is_stopped:
                self._transport.close()
                if traffic.is_news("paused"):
                    yield Paused(traffic.tally)
            if not control.wait():
                return None
            now = self._clock.now()
            turn = traffic.turn(now)
            if turn.canary:
                control.pause()
                traffic.is_news("paused")
                yield CanaryReached(traffic.tally)
                continue
            if turn.until > now:
                if not (yield from self._wait(control, now, turn.until, turn.why, turn.error)):
                    return None
                continue
            claimed = self._outcomes.claim(now)
            if claimed is not None:
                return self._written(claimed)
            retry_at = self._file.next_retry_at(self._options.run)
            if retry_at is None:
                return None
            if not (yield from self._wait(control, now, retry_at, WaitReason.RETRY)):
                return None
        return None

    def _wait(
        self,
        control: Control,
        now: datetime,
        until: datetime,
        why: WaitReason | None,
        error: UserError | None = None,
    ) -> Generator[SendingEvent, None, bool]:
        """Wait in short slices. Returns False when the lane must end.

        ``now`` is the instant at which ``until`` was reckoned: the clock may have been set back since.
        """
        patience = self._options.patience
        if why is not None:
            if patience is not None and (until - now).total_seconds() > patience:
                self.declined = (until, why)
                return False
            if (until - now).total_seconds() > _IDLE_S:
                self._transport.close()
            if self._traffic.is_news(why, until):
                yield Waiting(until, why, self._traffic.tally, error)
        span = (until - now).total_seconds()
        if why is None:  # another lane is about to make room
            return control.wait(span)
        # span: a clock that was set back must not make the wait longer
        while 0 < (left := (until - self._clock.now()).total_seconds()) <= span:
            if self._traffic.has_ended or control.is_paused:
                return not self._traffic.has_ended
            if not control.wait(min(left, _LONGEST_SLICE_S)):
                return False
        return True

    # one letter

    def _written(self, claimed: Claimed) -> Held:
        delivery, recipient = claimed
        try:
            data = self._writer.written(
                delivery, recipient, delivery.changed_at or self._clock.now()
            )
        except UserError as error:
            return Held(delivery, recipient, fault=error)
        return Held(delivery, recipient, data)

    def _send(self, held: Held) -> Iterator[SendingEvent]:
        if held.fault is not None:
            self._not_written(held, held.fault)
            return
        try:
            envelope = self._builder.envelope(held.recipient.email, held.delivery.code)
            self._ready_connection()
            self._transport.envelope_and_body(envelope, held.data, self._outcomes.flush)
        except (Refused, ConnectionLost, Interrupted, UserError) as fault:
            self._outcomes.flush()
            self._not_sent(held, fault)
            return
        # from here on the letter may arrive: the mark must be on the disk before the dot
        digest = hashlib.sha256(held.data).hexdigest()
        with_next = self._has_turn_at_once()
        marked, claimed = self._outcomes.marked(held, digest, with_next=with_next)
        held = self._in_flight = replace(held, delivery=marked)
        try:
            self._transport.send_dot()
        except AnswerLost:
            self._lost(held)
        if claimed is not None:
            self._next = self._written(claimed)
        yield from self._outcomes.news()
        if self._in_flight is not None:
            self._hear_answer(held)

    def _has_turn_at_once(self) -> bool:
        """Take a place in the traffic for one more letter, if that needs no wait."""
        if not self._may_go_on():
            return False
        now = self._clock.now()
        turn = self._traffic.turn(now)
        return turn.until <= now and not turn.canary

    def _hear_answer(self, held: Held) -> None:
        try:
            reply = self._transport.answer()
        except AnswerLost:
            self._lost(held)
            return
        self._in_flight = None
        self._sent_on_connection += 1
        self._last_used = self._clock.now()
        self._answered(held, Phase.DOT, reply, self._last_used)

    def _lost(self, held: Held) -> None:
        self._in_flight = None
        self._outcomes.moved(held, _S.UNCERTAIN, answered_at=self._clock.now())

    def _not_written(self, held: Held, fault: UserError) -> None:
        self._outcomes.flush()
        if isinstance(fault, AddressNotSendable):
            self._outcomes.moved(held, _S.REJECTED, _NOT_MAILABLE)
        else:  # a letter that cannot be written stops the run: it was checked before
            self._outcomes.put_back(held)
            self._traffic.stop(fault)

    def _ready_connection(self) -> None:
        transport = self._transport
        if transport.is_connected:
            idle = (
                self._last_used is not None
                and (self._clock.now() - self._last_used).total_seconds() > _IDLE_S
            )
            if idle or self._sent_on_connection >= self._account.letters_per_connection:
                self._outcomes.flush()
                transport.close()
        if not transport.is_connected:
            self._outcomes.flush()
            self._sent_on_connection = 0
            transport.connect()
        self._last_used = self._clock.now()

    def _not_sent(self, held: Held, fault: Exception) -> None:
        """The dot certainly did not leave."""
        now = self._clock.now()
        if isinstance(fault, Refused):
            # at RCPT and DATA the server may have counted the letter
            heard = fault.phase in (Phase.RCPT, Phase.DATA)
            self._answered(held, fault.phase, fault.reply, now if heard else None)
            return
        if isinstance(fault, AddressNotSendable):
            self._outcomes.moved(held, _S.REJECTED, _NOT_MAILABLE)
            return
        self._outcomes.put_back(held)
        if isinstance(fault, ConnectionLost):
            # servers drop idle or long connections as a matter of course: one free try on a new one
            self._drops += 1
            if self._drops > 1:
                self._traffic.slow_down(now, ConnectionClosed(self._account.host))
        elif isinstance(fault, _MAY_MEND):
            self._traffic.slow_down(now, fault)
        elif isinstance(fault, UserError):
            self._traffic.stop(fault)

    def _answered(self, held: Held, phase: Phase, reply: Reply, at: datetime | None) -> None:
        verdict = classify(reply, phase, attempts=held.delivery.attempts)
        if verdict.outcome is not Outcome.ACCEPTED:
            self._release_next()
        if verdict.scope is Scope.LETTER:
            self._drops = 0
        self._outcomes.judged(held, verdict, phase, reply, at)
        if self._next is None:
            self._outcomes.flush()
