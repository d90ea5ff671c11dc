"""The sending run, letter by letter: a real server, a real campaign file, a clock that jumps."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import mail as errors
from app.core.errors.storage import DiskFull
from app.core.recipient import Recipient
from app.mail.message import _quoted_line
from app.services.sending import (
    DeliveryChanged,
    Finished,
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
from tests.support.campaigns import KEY, make_campaign
from tests.support.sending import JumpClock, JumpControl, PlainLetter, PlainRenderer
from tests.support.sending_runs import go, statuses, taken, to
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


def test_no_line_of_a_letter_stays_in_memory_after_the_run(
    five: CampaignFile, tmp_path: Path, clock: JumpClock, control: JumpControl
) -> None:
    with ScriptedServer() as server:
        go(five, server, tmp_path, control, clock)
    assert len(server.received) == 5
    assert _quoted_line.cache_info().currsize == 0
