"""One lane: one connection, one campaign connection, one letter at a time, the journal first."""

import hashlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.campaign import Delivery, DeliveryStatus, Reply
from app.core.clock import Clock
from app.core.errors import UserError
from app.core.errors.mail import (
    AddressNotSendable,
    ConnectionClosed,
    SenderRefused,
    ServerBusy,
    ServerNameUnknown,
    ServerRefuses,
    ServerSilent,
    ServerUnreachable,
)
from app.core.mail_account import MailAccount
from app.core.recipient import Recipient
from app.core.replies import Outcome, Phase, Reason, Scope, Verdict, classify
from app.mail.message import Attachment, MessageBuilder
from app.mail.transport import AnswerLost, ConnectionLost, Interrupted, Refused, Transport
from app.mail.wire import clean_words
from app.services.control import Control
from app.services.learned_limits import remember_limit
from app.services.sending_events import (
    CanaryReached,
    DeliveryChanged,
    LimitLearned,
    Paused,
    SendingEvent,
    SendingOptions,
    Waiting,
    WaitReason,
)
from app.services.sending_traffic import Lesson, Traffic
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
    """What a lane works with. Each lane has its own file, transport and renderer."""

    file: CampaignFile
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
        self._tools = tools
        self._file = tools.file
        self._writer = LetterWriter(tools.file, tools.renderer, tools.builder, tools.attach)
        self._transport = tools.transport
        self._account = account
        self._clock = clock
        self._traffic = traffic
        self._options = options
        self._sent_on_connection = 0
        self._last_used: datetime | None = None
        self._drops = 0
        #: the next letter, claimed in the same commit as the last acceptance
        self._held: tuple[Delivery, Recipient] | None = None
        self._may_go_on: Callable[[], bool] = lambda: False
        #: why the lane ended with letters left: the instant and the reason of the wait it declined
        self.declined: tuple[datetime, WaitReason] | None = None

    def run(self, control: Control) -> Iterator[SendingEvent]:
        """Claim, send, note, until the end."""
        self._may_go_on = lambda: (
            not (control.is_paused or control.is_stopped or self._traffic.has_ended)
        )
        try:
            yield from self._run(control)
        finally:
            self._release_held()
            self._transport.close()

    def _release_held(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._put_back(held[0])

    def _run(self, control: Control) -> Iterator[SendingEvent]:
        traffic = self._traffic
        while not traffic.has_ended:
            if self._held is not None:
                if self._may_go_on():
                    held, self._held = self._held, None
                    yield from self._send(*held)
                    continue
                self._release_held()
            if control.is_paused and not control.is_stopped:
                self._transport.close()
                if traffic.is_news("paused"):
                    yield Paused(traffic.tally)
            if not control.wait():
                return
            now = self._clock.now()
            turn = traffic.turn(now)
            if turn.canary:
                control.pause()
                traffic.is_news("paused")
                yield CanaryReached(traffic.tally)
                continue
            if turn.until > now:
                if not (yield from self._wait(control, turn.until, turn.why, turn.error)):
                    return
                continue
            claimed = self._claim(now)
            if claimed is None:
                retry_at = self._file.next_retry_at(self._options.run)
                if retry_at is None:
                    return
                if not (yield from self._wait(control, retry_at, WaitReason.RETRY)):
                    return
                continue
            yield from self._send(*claimed)

    def _claim(self, now: datetime) -> tuple[Delivery, Recipient] | None:
        try:
            claimed = self._file.claim_next(now, self._options.run)
        except BaseException:
            self._traffic.give_back()
            raise
        if claimed is None:
            self._traffic.give_back()
        return claimed

    def _wait(
        self,
        control: Control,
        until: datetime,
        why: WaitReason | None,
        error: UserError | None = None,
    ) -> Generator[SendingEvent, None, bool]:
        """Wait in short slices. Returns False when the lane must end."""
        now = self._clock.now()
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

    def _send(self, delivery: Delivery, recipient: Recipient) -> Iterator[SendingEvent]:
        now = delivery.changed_at or self._clock.now()
        try:
            data = self._writer.written(delivery, recipient, now)
        except AddressNotSendable:
            yield self._moved(delivery, recipient, _S.REJECTED, _NOT_MAILABLE)
            return
        except (
            UserError
        ) as error:  # a letter that cannot be written stops the run: it was checked before
            self._put_back(delivery)
            self._traffic.stop(error)
            return
        envelope = self._tools.builder.envelope(recipient.email, delivery.code)
        try:
            self._ready_connection()
            self._transport.envelope_and_body(envelope, data)
        except (Refused, ConnectionLost, Interrupted, UserError) as fault:
            yield from self._not_sent(delivery, recipient, fault)
            return
        # from here on the letter may arrive: the mark must be on the disk before the dot
        digest = hashlib.sha256(data).hexdigest()
        self._file.move(
            delivery.id, _S.DOT, now=self._clock.now(), sha256=digest, account=self._account.key
        )
        try:
            reply = self._transport.dot()
        except AnswerLost:
            lost_at = self._clock.now()
            yield self._moved(delivery, recipient, _S.UNCERTAIN, answered_at=lost_at)
            return
        self._sent_on_connection += 1
        self._last_used = self._clock.now()
        yield from self._answered(delivery, recipient, Phase.DOT, reply, self._last_used)

    def _ready_connection(self) -> None:
        transport = self._transport
        if transport.is_connected:
            idle = (
                self._last_used is not None
                and (self._clock.now() - self._last_used).total_seconds() > _IDLE_S
            )
            if idle or self._sent_on_connection >= self._account.letters_per_connection:
                transport.close()
        if not transport.is_connected:
            self._sent_on_connection = 0
            transport.connect()
        self._last_used = self._clock.now()

    def _not_sent(
        self, delivery: Delivery, recipient: Recipient, fault: Exception
    ) -> Iterator[SendingEvent]:
        """The dot certainly did not leave."""
        now = self._clock.now()
        if isinstance(fault, Refused):
            heard = fault.phase in (
                Phase.RCPT,
                Phase.DATA,
            )  # the server may have counted the letter
            yield from self._answered(
                delivery, recipient, fault.phase, fault.reply, now if heard else None
            )
            return
        if isinstance(fault, AddressNotSendable):
            yield self._moved(delivery, recipient, _S.REJECTED, _NOT_MAILABLE)
            return
        self._put_back(delivery)
        if isinstance(fault, ConnectionLost):
            # servers drop idle or long connections as a matter of course: one free try on a new one
            self._drops += 1
            if self._drops > 1:
                self._traffic.slow_down(now, ConnectionClosed(self._account.host))
        elif isinstance(fault, _MAY_MEND):
            self._traffic.slow_down(now, fault)
        elif isinstance(fault, UserError):
            self._traffic.stop(fault)

    def _answered(
        self,
        delivery: Delivery,
        recipient: Recipient,
        phase: Phase,
        reply: Reply,
        at: datetime | None,
    ) -> Iterator[SendingEvent]:
        verdict = classify(reply, phase, attempts=delivery.attempts)
        if verdict.scope is Scope.ACCOUNT:
            yield self._moved(delivery, recipient, _S.PENDING, reply, answered_at=at)
            self._account_fault(verdict, phase, reply)
            if self._traffic.has_ended:
                yield from self._learn()
            return
        self._drops = 0
        if verdict.outcome is Outcome.ACCEPTED:
            self._traffic.server_took_one()
            yield self._accepted(delivery, recipient, reply, at)
            yield from self._learn()
        elif verdict.outcome is Outcome.DEFER and verdict.retry_after is not None:
            self._traffic.server_answered()
            retry_at = self._clock.now() + verdict.retry_after
            yield self._moved(delivery, recipient, _S.DEFERRED, reply, retry_at, at)
        else:
            yield self._moved(delivery, recipient, _S.REJECTED, reply, answered_at=at)
            words = clean_words(reply.text)
            yield from self._put_back_all(self._traffic.refused(delivery.id, phase, reply, words))

    def _account_fault(self, verdict: Verdict, phase: Phase, reply: Reply) -> None:
        now, host, words = self._clock.now(), self._account.host, clean_words(reply.text)
        if verdict.outcome is Outcome.STOP:
            if phase is Phase.MAIL:
                self._traffic.stop(SenderRefused(self._account.address, reply.code, words))
            else:
                self._traffic.stop(ServerRefuses(host, reply.code, words))
        elif verdict.reason is Reason.LIMIT:
            self._traffic.limit_met(self._sent_before(now))
            tomorrow = now + timedelta(days=1)
            self._traffic.slow_down(now, self._traffic.quota_error(words), resume_at=tomorrow)
        else:
            self._traffic.slow_down(now, ServerBusy(host, reply.code, words))

    def _accepted(
        self, delivery: Delivery, recipient: Recipient, reply: Reply, at: datetime | None
    ) -> DeliveryChanged:
        """Note the acceptance and, when the next letter may leave at once, claim it in the same commit."""
        now = self._clock.now()
        may_claim, claimed = False, None
        if self._may_go_on():
            turn = self._traffic.turn(now)
            may_claim = turn.until <= now and not turn.canary
        with self._file.transaction():
            moved = self._file.move(delivery.id, _S.ACCEPTED, now=now, reply=reply)
            if may_claim:
                claimed = self._file.claim_next(now, self._options.run)
        self._held = claimed
        tally = self._traffic.count(delivery.id, _S.ACCEPTED, at)
        if may_claim and self._held is None:
            self._traffic.give_back()
        return DeliveryChanged(moved, recipient.row, tally)

    def _sent_before(self, now: datetime) -> Lesson:
        sent = self._file.sent_since(self._account.key, now - timedelta(days=1))
        minute, hour = now - timedelta(minutes=1), now - timedelta(hours=1)
        return Lesson(
            now, sum(at > minute for at in sent), sum(at > hour for at in sent), len(sent)
        )

    def _learn(self) -> Iterator[SendingEvent]:
        now = self._clock.now()
        window = self._traffic.lesson_learned(now)
        if window is not None:
            sent = self._file.sent_since(self._account.key, now - timedelta(days=1))
            self._traffic.tighten(window, sent)
            remember_limit(self._account.key, window, now)
            yield LimitLearned(window)

    def _moved(
        self,
        delivery: Delivery,
        recipient: Recipient,
        status: DeliveryStatus,
        reply: Reply | None = None,
        retry_at: datetime | None = None,
        answered_at: datetime | None = None,
    ) -> DeliveryChanged:
        moved = self._file.move(
            delivery.id, status, now=self._clock.now(), reply=reply, retry_at=retry_at
        )
        tally = self._traffic.count(delivery.id, status, answered_at)
        return DeliveryChanged(moved, recipient.row, tally)

    def _put_back(self, delivery: Delivery) -> None:
        self._file.move(delivery.id, _S.PENDING, now=self._clock.now())
        self._traffic.give_back()

    def _put_back_all(self, refused: list[int]) -> Iterator[SendingEvent]:
        """A breaker tripped: the account was meant, not these people."""
        for number in refused:
            moved = self._file.move(number, _S.PENDING, now=self._clock.now())
            person = self._file.recipient(moved.recipient_id)
            yield DeliveryChanged(moved, person.row, self._traffic.uncount_refusals(1))
