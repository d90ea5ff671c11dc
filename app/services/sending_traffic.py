"""What the lanes of one run share: pace, back-offs, breakers, counts. Every method may be called from any lane."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.campaign import DeliveryStatus, Reply
from app.core.errors import UserError
from app.core.errors.mail import (
    ContentRefused,
    QuotaReached,
    SameRefusalRepeated,
    TooManyRefusals,
)
from app.core.mail_account import MailAccount
from app.core.pacing import Pacer, RateWindow
from app.core.replies import (
    ACCOUNT_BACK_OFFS,
    CONTENT_BREAKER,
    SAME_TEXT_BREAKER,
    Phase,
    Reason,
    back_off,
    reason_of,
    same_words,
)
from app.services.sending_events import SendingOptions, Stopped, Tally, WaitReason
from app.services.sending_limits import Lesson

#: refusals that clearly speak of the recipient may come in a row in an old list
_ABOUT_THE_RECIPIENT = frozenset(
    {Reason.UNKNOWN_ADDRESS, Reason.UNKNOWN_DOMAIN, Reason.FULL, Reason.DISABLED}
)
_RECIPIENTS_BREAKER = 3 * SAME_TEXT_BREAKER
_TICK = timedelta(milliseconds=100)


@dataclass(frozen=True, slots=True)
class Turn:
    """A lane may send now (``until`` ≤ now), or must wait. ``why`` None = a wait too short to speak of."""

    until: datetime
    why: WaitReason | None = None
    error: UserError | None = None
    canary: bool = False


class Traffic:
    """Shared by the lanes of a run, behind one lock."""

    def __init__(
        self,
        account: MailAccount,
        pacer: Pacer,
        options: SendingOptions,
        tally: Tally,
        deferred: set[int],
    ) -> None:
        self._lock = threading.Lock()
        self._account = account
        self._pacer = pacer
        self._options = options
        self._total = tally.total
        self._counts = {
            DeliveryStatus.ACCEPTED: tally.accepted,
            DeliveryStatus.REJECTED: tally.rejected,
            DeliveryStatus.UNCERTAIN: tally.uncertain,
        }
        self._tried = self._refused = 0
        self._deferred = deferred
        self._under_way = 0
        self._canary_left = max(options.canary - tally.settled, 0)
        self._canary_due = self._canary_left > 0
        self._gate: Turn | None = None
        self._streak = 0
        self._stopped: Stopped | None = None
        self._ended = False
        self._told: tuple[object, ...] = ()
        self._lesson: Lesson | None = None
        self._content_refusals: list[int] = []
        self._same_refusals: list[int] = []
        self._same_words = ""

    # turns

    def turn(self, now: datetime) -> Turn:
        """May one more letter start? When ``until`` ≤ now it has its place, to be given back or finished."""
        with self._lock:
            if self._gate is not None and now < self._gate.until:
                return self._gate
            self._gate = None
            if self._canary_due and self._canary_left <= 0:
                if self._under_way:
                    return Turn(now + _TICK)
                self._canary_due = False
                return Turn(now, canary=True)
            until = self._pacer.next_allowed(now)
            if until <= now:
                self._pacer.start()
                self._under_way += 1
                self._canary_left -= 1
                return Turn(now)
            why = WaitReason.RATE if not self._under_way else None
            if self._pacer.is_outside_hours(now):
                why = WaitReason.HOURS
            return Turn(until if why else min(until, now + _TICK), why)

    def give_back(self) -> None:
        """The letter of this turn did not leave, and is back in the queue."""
        with self._lock:
            self._under_way -= 1
            self._canary_left += 1
            self._pacer.give_up()

    def is_news(self, *facts: object) -> bool:
        """True when these facts differ from the last ones told: one lane speaks for all."""
        with self._lock:
            if facts == self._told:
                return False
            self._told = facts
            return True

    # counting

    def count(
        self, delivery_id: int, status: DeliveryStatus, answered_at: datetime | None
    ) -> Tally:
        """End of a turn: the letter's new state is on the disk.

        ``answered_at``: when the server answered, or the answer was lost; None when it never heard of it.
        """
        with self._lock:
            self._under_way -= 1
            if answered_at is None:
                self._pacer.give_up()
            else:
                self._pacer.finish(answered_at)
            self._deferred.discard(delivery_id)
            if status is DeliveryStatus.DEFERRED:
                self._deferred.add(delivery_id)
            if status in self._counts:
                self._counts[status] += 1
                self._tried += 1
                self._refused += status is DeliveryStatus.REJECTED
            else:
                self._canary_left += 1
            return self._tally()

    def uncount_refusals(self, refused: int) -> Tally:
        """Some refused letters were put back in the queue."""
        with self._lock:
            self._counts[DeliveryStatus.REJECTED] -= refused
            self._refused -= refused
            return self._tally()

    @property
    def tally(self) -> Tally:
        """The counts now."""
        with self._lock:
            return self._tally()

    def _tally(self) -> Tally:
        return Tally(
            self._total,
            self._counts[DeliveryStatus.ACCEPTED],
            self._counts[DeliveryStatus.REJECTED],
            len(self._deferred),
            self._counts[DeliveryStatus.UNCERTAIN],
        )

    # faults

    def server_took_one(self) -> None:
        """A letter was accepted: rows of refusals and back-offs are over."""
        with self._lock:
            self._streak = 0
            self._content_refusals.clear()
            self._same_refusals.clear()

    def server_answered(self) -> None:
        """A letter-level answer: the account is well."""
        with self._lock:
            self._streak = 0

    def slow_down(
        self, now: datetime, error: UserError, *, resume_at: datetime | None = None
    ) -> int:
        """Everybody waits, longer each time in a row; after the last wait the run stops. Returns the streak."""
        with self._lock:
            if self._gate is not None and now < self._gate.until:
                return self._streak  # another lane said so already
            self._streak += 1
            if self._streak > len(ACCOUNT_BACK_OFFS):
                self._stop(error, resume_at)
            else:
                until = now + back_off(self._streak)
                self._gate = Turn(until, WaitReason.BACK_OFF, error)
            return self._streak

    def limit_met(self, lesson: Lesson) -> None:
        """The provider said « too many »; the first time in a row teaches."""
        with self._lock:
            self._lesson = self._lesson or lesson

    @property
    def has_lesson(self) -> bool:
        """True between « too many » and ``lesson_learned``."""
        return self._lesson is not None

    def lesson_learned(self, now: datetime) -> RateWindow | None:
        """After a letter was accepted, or once the run stopped: the limit just learned, once."""
        with self._lock:
            lesson = self._lesson
            if lesson is None:
                return None
            self._lesson = None
            window = lesson.window(None if self._ended else now - lesson.met_at)
            if window is None or any(
                known.seconds == window.seconds and known.limit <= window.limit
                for known in self._pacer.windows
            ):
                return None
            return window

    def tighten(self, window: RateWindow, sent_times: list[datetime]) -> None:
        """Hold to a learned limit from now on."""
        with self._lock:
            self._pacer.tighten(window, sent_times)

    def refused(self, delivery_id: int, phase: Phase, reply: Reply, words: str) -> list[int]:
        """Note a 5yz about one letter. Returns the letters to put back when a breaker trips."""
        with self._lock:
            self._streak = 0
            if phase in (Phase.DATA, Phase.DOT):
                self._content_refusals.append(delivery_id)
                if len(self._content_refusals) >= CONTENT_BREAKER:
                    count = len(self._content_refusals)
                    self._stop(ContentRefused(count, reply.code, words))
                    return self._drained(self._content_refusals)
            else:
                same = same_words(reply)
                if same != self._same_words:
                    self._same_refusals.clear()
                    self._same_words = same
                self._same_refusals.append(delivery_id)
                known = reason_of(reply) in _ABOUT_THE_RECIPIENT
                count = len(self._same_refusals)
                if count >= (_RECIPIENTS_BREAKER if known else SAME_TEXT_BREAKER):
                    self._stop(SameRefusalRepeated(count, reply.code, words))
                    return self._drained(self._same_refusals)
            if (
                self._tried >= self._options.refusal_floor
                and self._refused > self._options.refusal_share * self._tried
            ):
                self._stop(TooManyRefusals(self._refused, self._tried))
            return []

    @staticmethod
    def _drained(letters: list[int]) -> list[int]:
        drained = list(letters)
        letters.clear()
        return drained

    def quota_error(self, words: str) -> QuotaReached:
        """The provider's limit, with what this run got through."""
        with self._lock:
            accepted = self._counts[DeliveryStatus.ACCEPTED]
        return QuotaReached(self._account.host, accepted, words)

    # ending

    def stop(self, error: UserError, resume_at: datetime | None = None) -> None:
        """A person must act: every lane ends after its letter."""
        with self._lock:
            self._stop(error, resume_at)

    def _stop(self, error: UserError, resume_at: datetime | None = None) -> None:
        if self._stopped is None:
            self._stopped = Stopped(error, self._tally(), resume_at)
        self._ended = True

    def end(self) -> None:
        """Every lane ends after its letter."""
        with self._lock:
            self._ended = True

    @property
    def has_ended(self) -> bool:
        """True once ``stop`` or ``end`` was called."""
        return self._ended

    @property
    def stopped(self) -> Stopped | None:
        """Why the run stopped, with the counts at the end."""
        with self._lock:
            if self._stopped is None:
                return None
            return Stopped(self._stopped.error, self._tally(), self._stopped.resume_at)
