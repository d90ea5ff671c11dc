"""The sending run and its account: throttles, refusals, breakers, false and absent servers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors import UserError
from app.core.errors import mail as errors
from app.services.sending import (
    SendingRun,
    Stopped,
    Waiting,
    WaitReason,
    smtp_transports,
)
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import make_campaign
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


def test_a_throttled_account_waits_and_loses_no_try(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    answers = ["450 4.7.1 Error: too much mail"] * 2
    script = Script(mail=lambda _address: answers.pop() if answers else OK)
    start = clock.now()
    with ScriptedServer(script) as server:
        events = go(five, server, tmp_path, control, clock)
    waits = [event for event in events if isinstance(event, Waiting)]
    assert [wait.why for wait in waits] == [WaitReason.BACK_OFF] * 2
    assert isinstance(waits[0].error, errors.QuotaReached)
    assert clock.now() - start == timedelta(minutes=6)
    assert [letter.attempts for letter in five.deliveries()] == [1] * 5
    assert statuses(five) == [_S.ACCEPTED] * 5


def test_a_provider_that_says_stop_for_today_stops_the_run(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(
        rcpt=lambda address: OK if address == to(1) else "550 5.4.5 Daily limit exceeded"
    )
    with ScriptedServer(script) as server:
        events = go(five, server, tmp_path, control, clock)
    stopped = events[-1]
    assert isinstance(stopped, Stopped)
    assert isinstance(stopped.error, errors.QuotaReached)
    assert stopped.error.accepted == 1
    assert stopped.resume_at is not None
    assert statuses(five) == [_S.ACCEPTED] + [_S.PENDING] * 4


def test_421_storm_loses_and_repeats_nothing(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    calls: list[str] = []

    def storm(address: str) -> str:
        calls.append(address)
        return "421 4.3.2 busy" if len(calls) % 2 else OK

    with ScriptedServer(Script(data=storm)) as server:
        go(five, server, tmp_path, control, clock)
    assert statuses(five) == [_S.ACCEPTED] * 5
    assert len(set(taken(server))) == len(server.received) == 5


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (Script(login=lambda _u, _w: "535 5.7.8 no"), errors.LoginRefused),
        (Script(mail=lambda _a: "553 5.7.1 not yours"), errors.SenderRefused),
    ],
)
def test_faults_of_the_account_stop_everything_and_count_no_try(
    script: Script,
    error: type[UserError],
    five: CampaignFile,
    tmp_path: Path,
    clock: JumpClock,
    control: JumpControl,
) -> None:
    with ScriptedServer(script, wants_login=error is errors.LoginRefused) as server:
        account = server.account(tmp_path)
        factory = smtp_transports(account, lambda: "secret")
        events = list(SendingRun(five, factory, plain_renderer, account, clock=clock).run(control))
    assert isinstance(events[-1], Stopped)
    assert isinstance(events[-1].error, error)
    assert [(letter.status, letter.attempts) for letter in five.deliveries()] == [
        (_S.PENDING, 0)
    ] * 5


@pytest.mark.parametrize("certificate", ["wrong_name", "self_signed", "expired", "other_authority"])
def test_a_false_server_gets_nothing(
    certificate: str, five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    with ScriptedServer(certificate=certificate) as server:
        events = go(five, server, tmp_path, control, clock)
    assert isinstance(events[-1].error, errors.CertificateInvalid)
    assert not server.received
    assert statuses(five) == [_S.PENDING] * 5


def test_a_server_that_is_away_is_waited_for_then_the_run_stops(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    with ScriptedServer() as server:
        account = server.account(tmp_path)
    start = clock.now()
    run = SendingRun(five, smtp_transports(account), plain_renderer, account, clock=clock)
    events = list(run.run(control))
    assert isinstance(events[-1], Stopped)
    assert isinstance(events[-1].error, errors.ServerUnreachable)
    assert clock.now() - start == timedelta(minutes=1 + 5 + 15 + 60)


def test_three_refusals_of_the_content_in_a_row_stop_and_are_put_back(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(data=lambda _address: "554 5.7.1 Message rejected as spam")
    with ScriptedServer(script) as server:
        events = go(five, server, tmp_path, control, clock)
    assert isinstance(events[-1].error, errors.ContentRefused)
    assert statuses(five) == [_S.PENDING] * 5
    assert events[-1].tally.left == 5


def test_the_same_refusal_five_times_is_about_the_account(
    tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(rcpt=lambda address: f"550 5.7.1 <{address}> access denied")
    with make_campaign(tmp_path, 9, letters=True) as file, ScriptedServer(script) as server:
        events = go(file, server, tmp_path, control, clock)
        assert statuses(file) == [_S.PENDING] * 9
    error = events[-1].error
    assert isinstance(error, errors.SameRefusalRepeated)
    assert "patient" not in error.words


def test_too_many_refusals_stop_the_run(
    tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    def rcpt(address: str) -> str:
        number = int(address.removeprefix("patient").partition("@")[0])
        return "550 5.1.1 User unknown" if number % 3 == 0 else OK

    with make_campaign(tmp_path, 60, letters=True) as file, ScriptedServer(Script(rcpt)) as server:
        server.script.mail, server.script.rcpt = (lambda _a: OK), rcpt
        events = go(file, server, tmp_path, control, clock)
        assert statuses(file).count(_S.REJECTED) == 7
    assert isinstance(events[-1].error, errors.TooManyRefusals)
    assert events[-1].tally.settled == 21
