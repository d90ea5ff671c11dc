"""The sending run in time: windows, hours, pause, stop, the first letters, limits learned."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.campaign import Campaign, DeliveryStatus
from app.core.pacing import DAY, HOUR, MINUTE, RateWindow, WorkingHours
from app.services.control import Control
from app.services.learned_limits import learned_limits
from app.services.sending import (
    CanaryReached,
    DeliveryChanged,
    Finished,
    LimitLearned,
    Paused,
    SendingOptions,
    SendingRun,
    Waiting,
    WaitReason,
    smtp_transports,
)
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY, make_campaign, make_delivery, make_recipient
from tests.support.sending import JumpClock, JumpControl, plain_renderer
from tests.support.sending_runs import go, statuses, taken, to
from tests.support.smtp_server import OK, Script, ScriptedServer

_S = DeliveryStatus


@pytest.fixture
def clock() -> JumpClock:
    return JumpClock()


@pytest.fixture
def control(clock: JumpClock) -> JumpControl:
    return JumpControl(clock)


@pytest.fixture
def five(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_campaign(tmp_path, 5, letters=True)
    yield made
    made.close()


def test_the_window_holds_and_survives_a_restart(
    tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    limits = (RateWindow(3, HOUR),)
    start = clock.now()
    with make_campaign(tmp_path, 7, letters=True) as file, ScriptedServer() as server:
        options = SendingOptions(patience=60)
        first = go(file, server, tmp_path, control, clock, options, limits=limits)
        assert len(server.received) == 3
        assert isinstance(first[-1], Finished)
        assert (first[-1].resume_at, first[-1].why) == (start + timedelta(hours=1), WaitReason.RATE)
        clock.moment += timedelta(minutes=59, seconds=59)
        go(file, server, tmp_path, control, clock, SendingOptions(patience=0), limits=limits)
        assert len(server.received) == 3
        clock.moment += timedelta(seconds=1)
        go(file, server, tmp_path, control, clock, SendingOptions(patience=0), limits=limits)
        assert len(server.received) == 6
        go(file, server, tmp_path, control, clock, limits=limits)
    assert len(server.received) == 7


def test_a_refused_address_counts_in_the_window_of_the_next_start(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(rcpt=lambda address: "550 5.1.1 unknown" if address == to(1) else OK)
    with ScriptedServer(script) as server:
        for _ in range(2):
            options = SendingOptions(patience=0)
            go(five, server, tmp_path, control, clock, options, limits=(RateWindow(3, HOUR),))
    assert taken(server) == [to(2), to(3)]


def test_limits_are_counted_across_campaigns(
    tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    limits = (RateWindow(5, DAY),)
    with ScriptedServer() as server:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            with CampaignFile.create(
                tmp_path / name / "essai.avis34", _campaign(name, clock), KEY
            ) as file:
                _fill(file, 3)
                go(
                    file,
                    server,
                    tmp_path,
                    control,
                    clock,
                    SendingOptions(patience=0),
                    limits=limits,
                )
    assert len(server.received) == 5


def _campaign(name: str, clock: JumpClock) -> Campaign:
    return Campaign(name, name, clock.now())


def _fill(file: CampaignFile, people: int) -> None:
    file.add_recipients(make_recipient(number) for number in range(1, people + 1))
    file.add_deliveries(make_delivery(number) for number in range(1, people + 1))


def test_nothing_leaves_outside_working_hours(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    clock.moment = clock.moment.replace(hour=20)
    with ScriptedServer() as server:
        events = go(five, server, tmp_path, control, clock, working_hours=WorkingHours())
    assert isinstance(events[0], Waiting)
    assert events[0].why is WaitReason.HOURS
    assert (events[0].until.hour, events[0].until.day) == (7, 27)
    assert statuses(five) == [_S.ACCEPTED] * 5


def test_a_clock_set_back_a_year_does_not_hold_the_run(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    def rcpt(address: str) -> str:
        if address == to(3):
            clock.moment -= timedelta(days=365)
        return OK

    with ScriptedServer(Script(rcpt=rcpt)) as server:
        go(five, server, tmp_path, control, clock, limits=(RateWindow(2, MINUTE),))
    assert statuses(five) == [_S.ACCEPTED] * 5
    assert len(server.received) == 5


def test_stop_during_a_wait_returns_at_once(five: CampaignFile, tmp_path: Path) -> None:
    """A real clock: the wait would last an hour."""
    control = Control()
    with ScriptedServer() as server:
        account = server.account(tmp_path, limits=(RateWindow(2, HOUR),))
        run = SendingRun(five, smtp_transports(account), plain_renderer, account)
        events = []
        for event in run.run(control):
            events.append(event)
            if isinstance(event, Waiting):
                control.stop()
    assert isinstance(events[-1], Finished)
    assert events[-1].stopped_by_user
    assert events[-1].tally.left == 3


def test_pause_lets_the_letter_under_way_end_and_then_nothing_leaves(
    five: CampaignFile, tmp_path: Path, clock: JumpClock
) -> None:
    control = Control()
    with ScriptedServer() as server:
        account = server.account(tmp_path)
        run = SendingRun(five, smtp_transports(account), plain_renderer, account, clock=clock)
        at_pause = 0
        for event in run.run(control):
            if isinstance(event, DeliveryChanged) and event.delivery.id == 2:
                control.pause()
            if isinstance(event, Paused):
                at_pause = len(server.received)
                control.resume()
    assert at_pause == 3  # it was under way when the end of the second one was told
    assert statuses(five) == [_S.ACCEPTED] * 5


def test_the_first_letters_then_a_look_then_the_rest(tmp_path: Path, clock: JumpClock) -> None:
    control = Control()
    with make_campaign(tmp_path, 30, letters=True) as file, ScriptedServer() as server:
        account = server.account(tmp_path)
        options = SendingOptions(lanes=3, canary=10)
        run = SendingRun(
            file, smtp_transports(account), plain_renderer, account, clock=clock, options=options
        )
        looks = []
        for event in run.run(control):
            if isinstance(event, CanaryReached):
                looks.append((len(server.received), event.tally.accepted))
                control.resume()
        assert looks == [(10, 10)]
        assert statuses(file) == [_S.ACCEPTED] * 30


def test_abandoning_the_run_leaves_a_true_journal(
    tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    with make_campaign(tmp_path, 40, letters=True) as file, ScriptedServer() as server:
        account = server.account(tmp_path)
        run = SendingRun(
            file,
            smtp_transports(account),
            plain_renderer,
            account,
            clock=clock,
            options=SendingOptions(lanes=4),
        ).run(control)
        for _ in range(5):
            next(run)
        assert hasattr(run, "close")
        run.close()
        counts = statuses(file)
        assert counts.count(_S.ACCEPTED) == len(server.received)
        assert set(counts) <= {_S.ACCEPTED, _S.PENDING}
        go(file, server, tmp_path, control, clock)
        assert len(set(taken(server))) == len(server.received) == 40


def test_a_limit_the_server_enforces_is_learned_and_kept(
    tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    """As Postfix at 6 a minute: the seventh MAIL of a minute is refused."""
    seen: list[Any] = []

    def mail(_address: str) -> str:
        now = clock.now()
        recent = [at for at in seen if now - at < timedelta(minutes=1)]
        if len(recent) >= 6:
            return "450 4.7.1 Error: too much mail from 127.0.0.1"
        seen.append(now)
        return OK

    with make_campaign(tmp_path, 40, letters=True) as file, ScriptedServer(Script(mail)) as server:
        events = go(file, server, tmp_path, control, clock)
        assert statuses(file) == [_S.ACCEPTED] * 40
    learned = [event.window for event in events if isinstance(event, LimitLearned)]
    assert learned == [RateWindow(6, MINUTE)]
    refusals = [e for e in events if isinstance(e, Waiting) and e.why is WaitReason.BACK_OFF]
    assert len(refusals) == 1
    account = server.account(tmp_path)
    assert learned_limits(account.key, clock.now()) == (RateWindow(6, MINUTE),)
