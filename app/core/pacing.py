"""When the next message may leave: rolling windows, working hours, end date of a plan.

Limits of mail providers are rolling (« 500 in any 24 hours »), so a window counts the departures of its
last ``seconds`` and forgets each one exactly ``seconds`` after it left. Instants are aware datetimes (UTC).
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.errors import BugError

PARIS = ZoneInfo("Europe/Paris")
MINUTE = 60
HOUR = 3_600
DAY = 86_400
#: departures further ahead than this mean that the clock was set back; they count as just made
_CLOCK_SET_BACK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RateWindow:
    """At most ``limit`` departures in any ``seconds`` seconds."""

    limit: int
    seconds: int

    def __post_init__(self) -> None:
        if self.limit < 1 or self.seconds < 1:
            raise BugError("a rate window needs a limit and a length of at least 1")

    @property
    def length(self) -> timedelta:
        """The window's length."""
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The part of the day in which letters leave, in French time; ``weekdays``: Monday is 0."""

    start: time = time(8)
    end: time = time(20)
    weekdays: frozenset[int] = frozenset(range(7))

    def __post_init__(self) -> None:
        if self.start >= self.end or not self.weekdays:
            raise BugError("working hours need a start before their end, and a day")

    def interval_from(self, moment: datetime) -> tuple[datetime, datetime]:
        """The open interval that holds ``moment``, or the next one: [opening, closing)."""
        local = moment.astimezone(PARIS)
        for days in range(9):
            day = local.date() + timedelta(days=days)
            closing = datetime.combine(day, self.end, PARIS)
            if day.weekday() in self.weekdays and moment < closing:
                return datetime.combine(day, self.start, PARIS), closing
        raise BugError("no working day within nine days")

    def next_open(self, moment: datetime) -> datetime:
        """``moment`` itself when it lies in working hours, else the next opening (same zone as ``moment``)."""
        opening, _ = self.interval_from(moment)
        return moment if opening <= moment else opening.astimezone(moment.tzinfo)


def next_allowed(
    sent_times: Sequence[datetime], windows: Iterable[RateWindow], now: datetime
) -> datetime:
    """The first instant ≥ ``now`` at which one more departure breaks no window.

    ``sent_times`` ascend. A clock set back leaves departures in the future: the wait is then at most one
    whole window, never years.
    """
    earliest = now
    for window in windows:
        if len(sent_times) >= window.limit:
            free = sent_times[-window.limit] + window.length
            earliest = max(earliest, min(free, now + window.length))
    return earliest


class Pacer:
    """Rolling windows of one account, kept in memory while sending. Not thread-safe: its owner locks.

    A letter under way holds a place in every window, and is counted at the instant its answer came: the
    server may count it at any moment between our MAIL and its answer, and sees no more than the limit
    whichever it chooses.

    Args:
        windows: limits of the account; empty = no limit.
        sent_times: departures already counted (journals of all campaigns), in any order.
        hours: working hours, or None for day and night.
    """

    def __init__(
        self,
        windows: Iterable[RateWindow] = (),
        sent_times: Iterable[datetime] = (),
        hours: WorkingHours | None = None,
    ) -> None:
        self._windows = tuple(windows)
        self._hours = hours
        self._under_way = 0
        self._sent: deque[datetime] = deque(sorted(sent_times), maxlen=self._memory())

    def _memory(self) -> int:
        return max((window.limit for window in self._windows), default=0)

    @property
    def windows(self) -> tuple[RateWindow, ...]:
        """The limits in force."""
        return self._windows

    def next_allowed(self, now: datetime) -> datetime:
        """The first instant ≥ ``now`` at which one more message may start, given those under way."""
        self._clamp(now)
        moment = now
        for window in self._windows:
            left = window.limit - self._under_way
            if left <= 0:  # a place comes free one window after an answer that is still to come
                moment = max(moment, now + window.length)
            elif len(self._sent) >= left:
                free = self._sent[-left] + window.length
                moment = max(moment, min(free, now + window.length))
        return moment if self._hours is None else self._hours.next_open(moment)

    def is_outside_hours(self, now: datetime) -> bool:
        """True when the working hours alone forbid sending now."""
        return self._hours is not None and self._hours.next_open(now) > now

    def start(self) -> None:
        """One message begins."""
        self._under_way += 1

    def _clamp(self, now: datetime) -> None:
        if self._sent and self._sent[-1] - now > _CLOCK_SET_BACK:
            self._sent = deque((min(sent, now) for sent in self._sent), maxlen=self._sent.maxlen)

    def finish(self, moment: datetime) -> None:
        """Its answer came at ``moment``: counted, whatever the answer."""
        self._clamp(moment)
        self._under_way -= 1
        self._sent.append(moment)

    def give_up(self) -> None:
        """It did not take place."""
        self._under_way -= 1

    def tighten(self, window: RateWindow, sent_times: Iterable[datetime]) -> None:
        """Put a limit learned from the server in the place of the known one of the same length."""
        kept = [known for known in self._windows if known.seconds != window.seconds]
        self._windows = (*kept, window)
        self._sent = deque(sorted(sent_times), maxlen=self._memory())


@dataclass(frozen=True, slots=True)
class PacePlan:
    """How long a run takes: the instant of its last departure and how many leave on each French day."""

    end: datetime
    per_day: tuple[tuple[date, int], ...]

    @property
    def days(self) -> int:
        """Number of calendar days on which letters leave."""
        return len(self.per_day)


def plan_end(
    count: int,
    windows: Sequence[RateWindow],
    start: datetime,
    *,
    hours: WorkingHours | None = None,
    sent_times: Sequence[datetime] = (),
    seconds_per_letter: float = 0.0,
) -> PacePlan:
    """Exact schedule of ``count`` departures from ``start`` under ``windows``, as the pacer would let them go.

    Args:
        count: letters to send.
        windows: limits of the account.
        start: earliest departure (aware).
        hours: working hours, or None.
        sent_times: departures already counted, ascending.
        seconds_per_letter: time one letter takes by itself.
    """
    memory = max((window.limit for window in windows), default=1)
    limits = [(window.limit, float(window.seconds)) for window in windows]
    sent = deque((moment.timestamp() for moment in sent_times), maxlen=memory)
    zone = start.tzinfo
    clock = start.timestamp()
    opening, closing = _open_seconds(hours, clock)
    day_end, day, today = _day_end(clock), datetime.fromtimestamp(clock, PARIS).date(), 0
    per_day: list[tuple[date, int]] = []
    last = clock
    for _ in range(count):
        for limit, seconds in limits:
            if len(sent) >= limit:
                clock = max(clock, sent[-limit] + seconds)
        if clock >= closing:
            opening, closing = _open_seconds(hours, clock)
        clock = max(clock, opening)
        if clock >= day_end:
            if today:
                per_day.append((day, today))
            day_end, day, today = _day_end(clock), datetime.fromtimestamp(clock, PARIS).date(), 0
        sent.append(clock)
        today += 1
        last = clock
        clock += seconds_per_letter
    if not count:
        return PacePlan(start, ())
    per_day.append((day, today))
    return PacePlan(datetime.fromtimestamp(last, zone), tuple(per_day))


def _open_seconds(hours: WorkingHours | None, clock: float) -> tuple[float, float]:
    if hours is None:
        return float("-inf"), float("inf")
    opening, closing = hours.interval_from(datetime.fromtimestamp(clock, PARIS))
    return opening.timestamp(), closing.timestamp()


def _day_end(clock: float) -> float:
    day = datetime.fromtimestamp(clock, PARIS).date() + timedelta(days=1)
    return datetime.combine(day, time(), PARIS).timestamp()


def most_before(
    deadline: datetime,
    count: int,
    windows: Sequence[RateWindow],
    start: datetime,
    *,
    hours: WorkingHours | None = None,
    sent_times: Sequence[datetime] = (),
) -> int:
    """How many of ``count`` letters can leave before ``deadline`` (for « le reste par courrier »)."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        end = plan_end(middle, windows, start, hours=hours, sent_times=sent_times).end
        if end < deadline:
            low = middle
        else:
            high = middle - 1
    return low
