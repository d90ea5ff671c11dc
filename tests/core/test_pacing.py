"""Rolling windows, exact at N-1, N and N+1; working hours; end of a plan."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import BugError
from app.core.pacing import (
    DAY,
    HOUR,
    MINUTE,
    PARIS,
    Pacer,
    RateWindow,
    WorkingHours,
    most_before,
    next_allowed,
    plan_end,
)

NOON = datetime(2026, 1, 26, 11, tzinfo=UTC)
TEN_A_MINUTE = RateWindow(10, MINUTE)


def seconds(*values: float) -> list[datetime]:
    return [NOON + timedelta(seconds=value) for value in values]


def test_n_minus_1_may_leave_n_must_wait() -> None:
    now = NOON + timedelta(seconds=30)
    assert next_allowed(seconds(*range(9)), [TEN_A_MINUTE], now) == now
    assert next_allowed(seconds(*range(10)), [TEN_A_MINUTE], now) == NOON + timedelta(seconds=60)
    # the 11th departure frees with the second one
    assert next_allowed(seconds(*range(11)), [TEN_A_MINUTE], now) == NOON + timedelta(seconds=61)


def test_a_departure_is_forgotten_exactly_at_the_end_of_the_window() -> None:
    sent = seconds(*range(10))
    just_before = NOON + timedelta(seconds=60, microseconds=-1)
    assert next_allowed(sent, [TEN_A_MINUTE], just_before) == NOON + timedelta(seconds=60)
    on_time = NOON + timedelta(seconds=60)
    assert next_allowed(sent, [TEN_A_MINUTE], on_time) == on_time


def test_the_strictest_window_decides() -> None:
    windows = [RateWindow(2, 10), RateWindow(3, HOUR)]
    assert next_allowed(seconds(0, 1), windows, NOON) == NOON + timedelta(seconds=10)
    assert next_allowed(seconds(0, 1, 11), windows, NOON) == NOON + timedelta(seconds=HOUR)


def test_a_clock_set_back_waits_one_window_at_most() -> None:
    future = [NOON + timedelta(days=400)] * 10
    assert next_allowed(future, [TEN_A_MINUTE], NOON) == NOON + timedelta(seconds=60)


def test_no_window_no_wait() -> None:
    assert next_allowed(seconds(0), [], NOON) == NOON
    assert Pacer().next_allowed(NOON) == NOON


def test_a_window_without_limit_is_our_mistake() -> None:
    with pytest.raises(BugError):
        RateWindow(0, 60)
    with pytest.raises(BugError):
        WorkingHours(time(9), time(9))


def test_letters_under_way_hold_their_places() -> None:
    pacer = Pacer([RateWindow(2, MINUTE)])
    pacer.start()
    pacer.start()
    assert pacer.next_allowed(NOON) > NOON
    pacer.give_up()
    assert pacer.next_allowed(NOON) == NOON
    pacer.finish(NOON + timedelta(seconds=5))
    pacer.start()
    pacer.finish(NOON + timedelta(seconds=6))
    # counted when the answer came, not when they started
    assert pacer.next_allowed(NOON + timedelta(seconds=7)) == NOON + timedelta(seconds=65)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from([3, 10, 60])), min_size=1, max_size=3),
    st.lists(st.floats(0, 4, allow_nan=False), min_size=1, max_size=60),
)
def test_a_server_never_counts_more_than_the_limit(
    limits: list[tuple[int, int]], latencies: list[float]
) -> None:
    """Whenever the server counts a letter between our first word and its answer, no window is passed."""
    windows = [RateWindow(limit, length) for limit, length in limits]
    pacer, now = Pacer(windows), NOON
    started: list[datetime] = []
    answered: list[datetime] = []
    for latency in latencies:
        now = max(now, pacer.next_allowed(now))
        pacer.start()
        started.append(now)
        now += timedelta(seconds=latency)
        pacer.finish(now)
        answered.append(now)
    for window in windows:
        for index in range(window.limit, len(started)):
            assert started[index] - answered[index - window.limit] >= window.length


def test_history_from_other_campaigns_counts() -> None:

    pacer = Pacer([RateWindow(2, DAY)], [NOON - timedelta(hours=h) for h in (1, 30, 2)])
    assert pacer.next_allowed(NOON) == NOON + timedelta(hours=22)


def test_a_learned_limit_replaces_the_one_of_its_length() -> None:
    pacer = Pacer([RateWindow(100, HOUR), RateWindow(500, DAY)])
    sent = seconds(*range(40))
    pacer.tighten(RateWindow(40, HOUR), sent)
    assert set(pacer.windows) == {RateWindow(40, HOUR), RateWindow(500, DAY)}
    assert pacer.next_allowed(NOON + timedelta(seconds=50)) == NOON + timedelta(hours=1)


def test_working_hours_open_in_french_time() -> None:
    hours = WorkingHours(time(8), time(20), frozenset(range(5)))
    friday_night = datetime(2026, 3, 27, 21, tzinfo=PARIS)
    # the clocks change on 29 March 2026: Monday 8 h is 6 h UTC
    assert hours.next_open(friday_night.astimezone(UTC)) == datetime(2026, 3, 30, 6, tzinfo=UTC)
    at_work = datetime(2026, 3, 30, 12, tzinfo=PARIS)
    assert hours.next_open(at_work) == at_work
    closing = datetime(2026, 3, 30, 20, tzinfo=PARIS)
    assert hours.next_open(closing) == datetime(2026, 3, 31, 8, tzinfo=PARIS)


def test_plan_of_a_provider_with_a_daily_limit() -> None:
    start = datetime(2026, 1, 26, 9, tzinfo=PARIS)
    plan = plan_end(1_842, [RateWindow(500, DAY)], start)
    assert plan.per_day == (
        (date(2026, 1, 26), 500),
        (date(2026, 1, 27), 500),
        (date(2026, 1, 28), 500),
        (date(2026, 1, 29), 342),
    )
    assert plan.end == datetime(2026, 1, 29, 9, tzinfo=PARIS)
    assert plan.days == 4


def test_plan_of_microsoft_365_takes_five_hours_and_a_half() -> None:
    windows = [RateWindow(30, MINUTE), RateWindow(10_000, DAY)]
    plan = plan_end(10_000, windows, NOON)
    assert plan.end - NOON == timedelta(minutes=333)


def test_plan_counts_what_left_already_and_the_hours() -> None:
    start = datetime(2026, 1, 26, 19, 58, tzinfo=PARIS)
    hours = WorkingHours(time(8), time(20))
    plan = plan_end(5, [RateWindow(1, MINUTE)], start, hours=hours)
    assert plan.per_day == ((date(2026, 1, 26), 2), (date(2026, 1, 27), 3))
    sent = [start - timedelta(hours=1)] * 3
    later = plan_end(1, [RateWindow(3, DAY)], start, sent_times=sent)
    assert later.end == start + timedelta(hours=23)


def test_plan_of_nothing_and_plan_without_limit() -> None:
    assert plan_end(0, [TEN_A_MINUTE], NOON).per_day == ()
    plan = plan_end(101, [], NOON, seconds_per_letter=0.1)
    assert abs((plan.end - NOON).total_seconds() - 10) < 1e-3


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from([7, 60, 600])), min_size=1, max_size=3),
)
def test_the_plan_is_what_the_pacer_does(count: int, limits: list[tuple[int, int]]) -> None:
    windows = [RateWindow(limit, length) for limit, length in limits]
    pacer, now = Pacer(windows), NOON
    for _ in range(count):
        now = pacer.next_allowed(now)
        pacer.start()
        pacer.finish(now)
    assert plan_end(count, windows, NOON).end == now


def test_most_that_leave_before_a_deadline() -> None:
    windows = [RateWindow(500, DAY)]
    in_two_days = NOON + timedelta(days=2)
    assert most_before(in_two_days, 1_842, windows, NOON) == 1_000
    assert most_before(NOON + timedelta(days=9), 1_842, windows, NOON) == 1_842
