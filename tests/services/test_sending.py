"""The sending run against a real server, a real campaign file and a clock that jumps."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.core.campaign import Campaign, Channel, DeliveryStatus
from app.core.errors import UserError
from app.core.errors import mail as errors
from app.core.errors.storage import DiskFull
from app.core.pacing import DAY, HOUR, MINUTE, RateWindow, WorkingHours
from app.core.recipient import Recipient
from app.services.control import Control
from app.services.learned_limits import learned_limits
from app.services.sending import (
    CanaryReached,
    DeliveryChanged,
    Finished,
    LimitLearned,
    Paused,
    Recovered,
    SendingOptions,
    SendingRun,
    Stopped,
    Waiting,
    WaitReason,
    smtp_transports,
)
from app.storage.campaign_file import CampaignFile
from app.storage.moves import Move, Recorded
from tests.support.campaigns import KEY, make_campaign, make_delivery, make_recipient
from tests.support.sending import JumpClock, JumpControl, PlainLetter, PlainRenderer, plain_renderer
from tests.support.smtp_server import DROP, KEEP_AND_DROP, OK, Script, ScriptedServer

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


def go(
    file: CampaignFile,
    server: ScriptedServer,
    folder: Path,
    control: Control,
    clock: JumpClock,
    options: SendingOptions | None = None,
    **account: Any,
) -> list[Any]:
    """One whole run; its events."""
    sender = server.account(folder, **account)
    run = SendingRun(
        file, smtp_transports(sender), plain_renderer, sender, clock=clock, options=options
    )
    return list(run.run(control))


def statuses(file: CampaignFile) -> list[DeliveryStatus]:
    return [letter.status for letter in file.deliveries()]


def to(number: int) -> str:
    return f"patient{number}@exemple.fr"


def taken(server: ScriptedServer) -> list[str]:
    assert all(len(message.recipients) == 1 for message in server.received)
    return sorted(message.recipients[0] for message in server.received)


@pytest.mark.parametrize("lanes", [1, 4])
def test_each_letter_leaves_once(
    lanes: int, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    with make_campaign(tmp_path, 60, letters=True) as file, ScriptedServer() as server:
        events = go(file, server, tmp_path, control, clock, SendingOptions(lanes=lanes))
        again = go(file, server, tmp_path, control, clock, SendingOptions(lanes=lanes))
        assert statuses(file) == [_S.ACCEPTED] * 60
        digests = {letter.sha256 for letter in file.deliveries()}
    assert taken(server) == sorted(to(number) for number in range(1, 61))
    assert digests == {hashlib.sha256(m.content).hexdigest() for m in server.received}
    assert server.connections == lanes
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.balance.is_exact()
    assert finished.tally.accepted == finished.tally.settled == 60
    settled = [e.tally.settled for e in events if isinstance(e, DeliveryChanged)]
    assert len(settled) == 60
    assert [type(event) for event in again] == [Finished]


def test_the_mark_is_on_the_disk_before_the_dot(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    """While the server holds its answer, another connection to the campaign already reads DOT."""
    seen: list[tuple[DeliveryStatus, bool]] = []

    def data(address: str) -> str:
        number = int(address.removeprefix("patient").partition("@")[0])
        with five.reopen() as other:
            letter = other.delivery(number)
            seen.append((letter.status, len(letter.sha256) == 64))
        return OK

    with ScriptedServer(Script(data=data)) as server:
        go(five, server, tmp_path, control, clock)
    assert seen == [(_S.DOT, True)] * 5


def test_one_refused_address_touches_no_other_letter(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(rcpt=lambda address: "550 5.1.1 User unknown" if address == to(3) else OK)
    with ScriptedServer(script) as server:
        events = go(five, server, tmp_path, control, clock)
    assert statuses(five) == [_S.ACCEPTED] * 2 + [_S.REJECTED] + [_S.ACCEPTED] * 2
    assert five.delivery(3).reply is not None
    assert isinstance(events[-1], Finished)
    assert (events[-1].tally.accepted, events[-1].tally.rejected) == (4, 1)


def test_a_greylisted_letter_goes_again_after_a_quarter_of_an_hour(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    tries: list[str] = []

    def rcpt(address: str) -> str:
        tries.append(address)
        first = address == to(2) and tries.count(address) == 1
        return "450 4.2.0 Greylisted, come back" if first else OK

    start = clock.now()
    with ScriptedServer(Script(rcpt=rcpt)) as server:
        events = go(five, server, tmp_path, control, clock)
    assert statuses(five) == [_S.ACCEPTED] * 5
    waits = [event for event in events if isinstance(event, Waiting)]
    assert [(wait.why, wait.until - start) for wait in waits] == [
        (WaitReason.RETRY, timedelta(minutes=15))
    ]
    assert five.delivery(2).attempts == 2


def test_a_letter_deferred_for_ever_is_given_to_paper(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(rcpt=lambda address: "451 4.3.0 later" if address == to(1) else OK)
    with ScriptedServer(script) as server:
        go(five, server, tmp_path, control, clock)
    assert five.delivery(1).status is _S.REJECTED
    assert five.delivery(1).attempts == 5
    assert statuses(five)[1:] == [_S.ACCEPTED] * 4


@pytest.mark.parametrize("answer", [DROP, KEEP_AND_DROP])
def test_a_connection_lost_after_the_dot_is_uncertain_and_never_repeated(
    answer: str, five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(data=lambda address: answer if address == to(2) else OK)
    with ScriptedServer(script) as server:
        events = go(five, server, tmp_path, control, clock)
        script.data = lambda _address: OK
        go(five, server, tmp_path, control, clock)
    assert five.delivery(2).status is _S.UNCERTAIN
    assert statuses(five).count(_S.ACCEPTED) == 4
    assert taken(server).count(to(2)) == (answer == KEEP_AND_DROP)
    assert isinstance(events[-1], Finished)
    assert events[-1].tally.uncertain == 1


def test_a_connection_lost_before_the_dot_goes_again(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    drops = [DROP]
    script = Script(rcpt=lambda _address: drops.pop() if drops else OK)
    with ScriptedServer(script) as server:
        go(five, server, tmp_path, control, clock)
    assert statuses(five) == [_S.ACCEPTED] * 5
    assert five.delivery(1).attempts == 1
    assert len(server.received) == 5


def test_found_at_start_claimed_goes_again_marked_waits_for_the_user(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    for _ in range(2):
        five.claim_next(clock.now())
    five.move(2, _S.DOT, now=clock.now(), sha256="00")
    with ScriptedServer() as server:
        events = go(five, server, tmp_path, control, clock)
    assert events[0] == Recovered(reopened=1, uncertain=1)
    assert five.delivery(2).status is _S.UNCERTAIN
    assert to(2) not in taken(server)
    assert len(server.received) == 4


# the account


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


# pace, pause, stop


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


# the disk, the letters


class FullDisk(CampaignFile):
    """A campaign file whose disk is full when the mark of the third letter is to be written."""

    @override
    def record(self, moves: Sequence[Move], **facts: Any) -> Recorded:
        if any(move.letter.id == 3 and move.new is _S.DOT for move in moves):
            raise DiskFull
        return super().record(moves, **facts)


def test_disk_full_before_the_mark_sends_nothing_more(
    tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    path = tmp_path / "essai.avis34"
    make_campaign(tmp_path, 5, letters=True).close()
    with ScriptedServer() as server, FullDisk.open(path, KEY) as file:
        events = go(file, server, tmp_path, control, clock)
    assert isinstance(events[-1], Stopped)
    assert isinstance(events[-1].error, DiskFull)
    assert taken(server) == [to(1), to(2)]
    with ScriptedServer() as server, CampaignFile.open(path, KEY) as file:
        go(file, server, tmp_path, control, clock)
        assert statuses(file) == [_S.ACCEPTED] * 5
    assert taken(server) == [to(3), to(4), to(5)]


def test_a_letter_that_cannot_be_written_stops_before_it_leaves(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    class Broken(PlainRenderer):
        @override
        def render(
            self, recipient: Recipient, delivery_code: str, _channel: Channel
        ) -> PlainLetter:
            if recipient.email == to(3):
                raise errors.PasswordMissing("n’importe quelle erreur du monde")
            return super().render(recipient, delivery_code, _channel)

    with ScriptedServer() as server:
        account = server.account(tmp_path)
        run = SendingRun(
            five, smtp_transports(account), lambda _file: Broken(), account, clock=clock
        )
        events = list(run.run(control))
    assert isinstance(events[-1], Stopped)
    assert statuses(five) == [_S.ACCEPTED] * 2 + [_S.PENDING] * 3


def test_an_address_that_cannot_travel_is_refused_here(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    person = five.recipient(2)
    five.update_recipient(_with_email(person, "zoé@exemple.fr"))
    five.update_recipient(_with_email(five.recipient(4), "a@b@exemple.fr"))
    with ScriptedServer() as server:
        go(five, server, tmp_path, control, clock)
    assert [letter.id for letter in five.deliveries(_S.REJECTED)] == [2, 4]
    assert taken(server) == [to(1), to(3), to(5)]


def _with_email(person: Recipient, email: str) -> Recipient:
    return replace(person, email=email)


def test_a_resend_has_the_same_bytes(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    script = Script(data=lambda address: KEEP_AND_DROP if address == to(1) else OK)
    with ScriptedServer(script) as server:
        go(five, server, tmp_path, control, clock)
        clock.moment += timedelta(days=2)
        five.move(1, _S.PENDING, now=clock.now())
        script.data = lambda _address: OK
        go(five, server, tmp_path, control, clock)
    copies = [m.content for m in server.received if m.recipients == (to(1),)]
    assert len(copies) == 2
    assert copies[0] == copies[1]


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
