"""The plan shown before the start."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

from app.core.campaign import DeliveryStatus
from app.core.mail_account import MailAccount
from app.core.pacing import DAY, MINUTE, PARIS, RateWindow, WorkingHours
from app.services.learned_limits import remember_limit
from app.services.sending_plan import (
    Alternative,
    Pause,
    next_pause,
    sending_plan,
    shorter_plans,
)
from tests.support.campaigns import NOW, FixedClock, make_campaign

ACCOUNT = MailAccount(
    "contact@cabinet-exemple.fr", "smtp.exemple.fr", 465, limits=(RateWindow(500, DAY),)
)


def test_four_days_for_1842_letters_at_500_a_day(tmp_path: Path) -> None:
    with make_campaign(tmp_path) as file:
        plan = sending_plan(file, ACCOUNT, 1_842, clock=FixedClock(), seconds_per_letter=0)
    assert plan.days == 4
    assert plan.per_day[0] == (date(2026, 1, 26), 500)
    assert plan.end == NOW + timedelta(days=3)
    assert plan.alternative is None


def test_a_long_run_proposes_the_post_for_a_part(tmp_path: Path) -> None:
    with make_campaign(tmp_path) as file:
        plan = sending_plan(file, ACCOUNT, 10_000, clock=FixedClock(), seconds_per_letter=0)
        soon = sending_plan(
            file,
            ACCOUNT,
            1_842,
            clock=FixedClock(),
            deadline=NOW + timedelta(days=2),
            seconds_per_letter=0,
        )
    assert plan.days == 20
    assert plan.alternative == Alternative(2_000, 8_000, NOW + timedelta(days=3))
    assert soon.alternative == Alternative(1_000, 842, NOW + timedelta(days=1))


def test_what_left_already_and_what_was_learned_count(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 3, letters=True) as file:
        for number in (1, 2, 3):
            file.claim_next(NOW)
            at = NOW - timedelta(hours=1)
            file.move(number, DeliveryStatus.DOT, now=at, sha256="00", account=ACCOUNT.key)
        narrow = replace(ACCOUNT, limits=(RateWindow(4, DAY),))
        plan = sending_plan(file, narrow, 2, clock=FixedClock(), seconds_per_letter=0)
        assert (plan.already_sent, plan.end) == (3, NOW + timedelta(hours=23))
        remember_limit(ACCOUNT.key, RateWindow(10, MINUTE), NOW)
        learned = sending_plan(file, ACCOUNT, 30, clock=FixedClock(), seconds_per_letter=0)
    assert RateWindow(10, MINUTE) in learned.limits
    assert learned.end == NOW + timedelta(minutes=2)


def test_shorter_plans_name_what_to_post(tmp_path: Path) -> None:
    with make_campaign(tmp_path) as file:
        plan = sending_plan(file, ACCOUNT, 2_800, clock=FixedClock(), seconds_per_letter=0)
        found = shorter_plans(plan, file, ACCOUNT, 2_000, FixedClock())
    # six days; one day alone would ask for 2,300 letters by post, and 2,000 can be posted
    assert [(each.days, each.by_email, each.by_paper) for each in found] == [
        (4, 2_000, 800),
        (2, 1_000, 1_800),
    ]
    assert NOW + timedelta(days=3) <= found[0].end < NOW + timedelta(days=3, minutes=3)


def test_the_next_pause_is_the_one_the_pacer_will_make(tmp_path: Path) -> None:
    with make_campaign(tmp_path) as file:
        day = next_pause(file, ACCOUNT, 501, clock=FixedClock(), seconds_per_letter=1)
        assert day == Pause(NOW + timedelta(seconds=500), NOW + timedelta(days=1, seconds=1))
        assert next_pause(file, ACCOUNT, 500, clock=FixedClock()) is None
        slow = replace(ACCOUNT, limits=(RateWindow(10, MINUTE),))
        assert next_pause(file, slow, 1_000, clock=FixedClock()) is None  # waits of seconds
        evening = replace(ACCOUNT, limits=(), working_hours=WorkingHours(time(8), time(11)))
        pause = next_pause(file, evening, 9_000, clock=FixedClock(), seconds_per_letter=1)
        assert pause is not None
        assert pause.ends.astimezone(PARIS).time() == time(8)
        free = replace(ACCOUNT, limits=())
        assert next_pause(file, free, 9_000, clock=FixedClock()) is None
