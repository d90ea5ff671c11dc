"""What became of each letter of one lane: durable first, then counted, then told.

The acceptance of a letter is written together with the mark of the next one, in one commit: until then a cut
finds it marked, hence uncertain, as it was while its answer was on the way. It is written by itself as soon as
the next letter has to wait for anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.campaign import Delivery, DeliveryStatus, Reply
from app.core.clock import Clock
from app.core.errors import UserError
from app.core.errors.mail import SenderRefused, ServerBusy, ServerRefuses
from app.core.mail_account import MailAccount
from app.core.recipient import Recipient
from app.core.replies import Outcome, Phase, Reason, Scope, Verdict
from app.mail.wire import clean_words
from app.services.learned_limits import remember_limit
from app.services.sending_events import DeliveryChanged, LimitLearned, SendingEvent
from app.services.sending_limits import Lesson
from app.services.sending_recorder import Claimed, Recorder
from app.services.sending_traffic import Traffic
from app.storage.campaign_file import CampaignFile
from app.storage.moves import Move

_S = DeliveryStatus


@dataclass(frozen=True, slots=True)
class Held:
    """A claimed letter with its place in the traffic, and its bytes or why there are none."""

    delivery: Delivery
    recipient: Recipient
    data: bytes = b""
    fault: UserError | None = None


@dataclass(frozen=True, slots=True)
class _Accepted:
    held: Held
    reply: Reply
    at: datetime


class Outcomes:
    """The journal's side of one lane.

    Args:
        campaign_file: for reading, the lane's own.
        recorder: for writing, shared by the lanes.
        account: where letters leave from.
        clock: the time.
        traffic: counts shared by the lanes.
    """

    def __init__(
        self,
        campaign_file: CampaignFile,
        recorder: Recorder,
        account: MailAccount,
        clock: Clock,
        traffic: Traffic,
    ) -> None:
        self._file = campaign_file
        self._recorder = recorder
        self._account = account
        self._account_key = account.key
        self._clock = clock
        self._traffic = traffic
        self._accepted: _Accepted | None = None
        self._news: list[SendingEvent] = []

    def news(self) -> Iterator[SendingEvent]:
        """What happened since the last call; all of it is durable."""
        while self._news:
            yield self._news.pop(0)

    def claim(self, now: datetime) -> Claimed | None:
        """Take the next letter that is due, or give its place in the traffic back."""
        try:
            _, claimed = self._recorder.record((), claim_at=now)
        except BaseException:
            self._traffic.give_back()
            raise
        if claimed is None:
            self._traffic.give_back()
        return claimed

    def marked(
        self, held: Held, digest: str, *, with_next: bool
    ) -> tuple[Delivery, Claimed | None]:
        """The dot may leave: its mark is on the disk, with the acceptance of the letter before.

        ``with_next``: a place in the traffic is held for one more letter, which is claimed too.
        """
        now, accepted = self._clock.now(), self._accepted
        mark = Move(held.delivery, _S.DOT, now, sha256=digest, account=self._account_key)
        moves = (mark,) if accepted is None else (self._acceptance(accepted), mark)
        try:
            letters, claimed = self._recorder.record(moves, claim_at=now if with_next else None)
        except BaseException:
            if with_next:
                self._traffic.give_back()
            raise
        if accepted is not None:
            self._tell_accepted(accepted, letters[0])
        if with_next and claimed is None:
            self._traffic.give_back()
        return letters[-1], claimed

    def accepted(self, held: Held, reply: Reply, at: datetime) -> None:
        """The server took it; to be written with the next mark, or by ``flush``."""
        self._accepted = _Accepted(held, reply, at)

    def flush(self) -> None:
        """Write the last acceptance now."""
        accepted = self._accepted
        if accepted is not None:
            letters, _ = self._recorder.record((self._acceptance(accepted),))
            self._tell_accepted(accepted, letters[0])

    @staticmethod
    def _acceptance(accepted: _Accepted) -> Move:
        return Move(accepted.held.delivery, _S.ACCEPTED, accepted.at, accepted.reply)

    def _tell_accepted(self, accepted: _Accepted, moved: Delivery) -> None:
        self._accepted = None
        tally = self._traffic.count(moved.id, _S.ACCEPTED, accepted.at)
        self._news.append(DeliveryChanged(moved, accepted.held.recipient.row, tally))

    def moved(
        self,
        held: Held,
        status: DeliveryStatus,
        reply: Reply | None = None,
        *,
        retry_at: datetime | None = None,
        answered_at: datetime | None = None,
    ) -> None:
        """Any other end of a try. ``answered_at``: when the server answered; None if it never heard of it."""
        # refused before the dot, it was counted by the provider all the same; marked ones are counted already
        counted = answered_at is not None and held.delivery.status is _S.OPEN
        account = self._account_key if counted else ""
        now = self._clock.now()
        move = Move(held.delivery, status, now, reply, retry_at=retry_at, account=account)
        letters, _ = self._recorder.record((move,))
        tally = self._traffic.count(held.delivery.id, status, answered_at)
        self._news.append(DeliveryChanged(letters[0], held.recipient.row, tally))

    def put_back(self, held: Held) -> None:
        """It did not leave, and no try is counted."""
        self._recorder.record((Move(held.delivery, _S.PENDING, self._clock.now()),))
        self._traffic.give_back()

    def put_back_refused(self, refused: list[int]) -> None:
        """A breaker tripped: the account was meant, not these people."""
        for number in refused:
            move = Move(self._file.delivery(number), _S.PENDING, self._clock.now())
            letters, _ = self._recorder.record((move,))
            person = self._file.recipient(letters[0].recipient_id)
            tally = self._traffic.uncount_refusals(1)
            self._news.append(DeliveryChanged(letters[0], person.row, tally))

    # the server's answer

    def judged(
        self, held: Held, verdict: Verdict, phase: Phase, reply: Reply, at: datetime | None
    ) -> None:
        """Do what the answer asks for. ``at``: when the server answered; None if it never heard of the letter."""
        if verdict.scope is Scope.ACCOUNT:
            self.moved(held, _S.PENDING, reply, answered_at=at)
            self._account_fault(verdict, phase, reply)
            if self._traffic.has_ended:
                self.learn()
        elif verdict.outcome is Outcome.ACCEPTED:
            self._traffic.server_took_one()
            self.accepted(held, reply, at or self._clock.now())
            self.learn()
        elif verdict.outcome is Outcome.DEFER and verdict.retry_after is not None:
            self._traffic.server_answered()
            retry_at = self._clock.now() + verdict.retry_after
            self.moved(held, _S.DEFERRED, reply, retry_at=retry_at, answered_at=at)
        else:
            self.moved(held, _S.REJECTED, reply, answered_at=at)
            words = clean_words(reply.text)
            self.put_back_refused(self._traffic.refused(held.delivery.id, phase, reply, words))

    def _account_fault(self, verdict: Verdict, phase: Phase, reply: Reply) -> None:
        now, host, words = self._clock.now(), self._account.host, clean_words(reply.text)
        if verdict.outcome is Outcome.STOP:
            if phase is Phase.MAIL:
                self._traffic.stop(SenderRefused(self._account.address, reply.code, words))
            else:
                self._traffic.stop(ServerRefuses(host, reply.code, words))
        elif verdict.reason is Reason.LIMIT:
            self._traffic.limit_met(self._lesson(now))
            tomorrow = now + timedelta(days=1)
            self._traffic.slow_down(now, self._traffic.quota_error(words), resume_at=tomorrow)
        else:
            self._traffic.slow_down(now, ServerBusy(host, reply.code, words))

    # limits

    def _lesson(self, now: datetime) -> Lesson:
        """How much this account had sent when the provider said « too many »."""
        sent = self._file.sent_since(self._account_key, now - timedelta(days=1))
        minute, hour = now - timedelta(minutes=1), now - timedelta(hours=1)
        return Lesson(
            now, sum(at > minute for at in sent), sum(at > hour for at in sent), len(sent)
        )

    def learn(self) -> None:
        """Hold to the limit that the provider's answers taught, and remember it."""
        if not self._traffic.has_lesson:
            return
        self.flush()  # it counts as sent in the windows
        now = self._clock.now()
        window = self._traffic.lesson_learned(now)
        if window is not None:
            sent = self._file.sent_since(self._account_key, now - timedelta(days=1))
            self._traffic.tighten(window, sent)
            remember_limit(self._account_key, window, now)
            self._news.append(LimitLearned(window))
