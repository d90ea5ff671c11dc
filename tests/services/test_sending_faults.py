"""Faults of the world in the middle of a run: real disks, cut connections, late answers, clocks that jump."""

import random
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors.storage import DiskFull
from app.core.pacing import MINUTE, RateWindow
from app.mail.transport import ANSWER_TO_DOT_S, SmtpTransport
from app.services.sending import Finished, SendingOptions, SendingRun, Stopped, smtp_transports
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY, make_campaign
from tests.support.cut_network import CutNetwork
from tests.support.sending import JumpClock, JumpControl, plain_renderer
from tests.support.smtp_server import OK, Script, ScriptedServer

_S = DeliveryStatus
LANES = pytest.mark.parametrize("lanes", [1, 4])


@pytest.fixture
def clock() -> JumpClock:
    return JumpClock()


def go(
    file: CampaignFile, account: Any, clock: JumpClock, *, lanes: int = 1, **transport: Any
) -> list[Any]:
    """One whole run; its events."""
    transports = (
        (lambda stopped: SmtpTransport(account, interrupted=stopped, **transport))
        if transport
        else smtp_transports(account)
    )
    options = SendingOptions(lanes=lanes)
    run = SendingRun(file, transports, plain_renderer, account, clock=clock, options=options)
    return list(run.run(JumpControl(clock)))


def go_until_the_end(file: CampaignFile, account: Any, clock: JumpClock, lanes: int) -> None:
    """A run gives up after several back-offs in a row; the user starts again."""
    for _ in range(40):
        if isinstance(go(file, account, clock, lanes=lanes)[-1], Finished):
            return
    pytest.fail("forty starts were not enough")


def copies(server: ScriptedServer) -> Counter[str]:
    return Counter(message.recipients[0] for message in server.received)


def check_account(file: CampaignFile, server: ScriptedServer, *, uncertain: int) -> None:
    """Nobody twice, nobody lost, few uncertain, the balance exact, the journal whole."""
    kept = copies(server)
    assert set(kept.values()) <= {1}
    statuses = Counter[DeliveryStatus]()
    for letter in file.deliveries():
        statuses[letter.status] += 1
        address = file.recipient(letter.recipient_id).email
        assert letter.status in (_S.ACCEPTED, _S.UNCERTAIN)
        if letter.status is _S.ACCEPTED:
            assert kept[address] == 1
    assert statuses[_S.UNCERTAIN] <= uncertain
    assert file.balance().is_exact()
    assert file.verify_chain().is_whole


# the disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 6 MB."""
    place = tmp_path / "disque"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a disk of its own needs the right to mount one (root)")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@LANES
def test_a_disk_that_fills_up_stops_and_loses_nothing(
    lanes: int, small_disk: Path, tmp_path: Path, clock: JumpClock
) -> None:
    path = small_disk / "essai.avis34"
    make_campaign(small_disk, 1_500, letters=True).close()
    ballast = small_disk / "autre.bin"
    with ScriptedServer() as server:
        account = server.account(tmp_path)
        with CampaignFile.open(path, KEY) as file:
            free = _free(small_disk)
            ballast.write_bytes(b"x" * (free - 700_000))
            events = go(file, account, clock, lanes=lanes)
        assert isinstance(events[-1], Stopped)
        assert isinstance(events[-1].error, DiskFull)
        first = len(server.received)
        assert 0 < first < 1_500
        ballast.unlink()
        with CampaignFile.open(path, KEY) as file:
            assert isinstance(go(file, account, clock, lanes=lanes)[-1], Finished)
            check_account(file, server, uncertain=lanes)


def _free(place: Path) -> int:
    line = subprocess.run(
        ["df", "--output=avail", "-B1", str(place)], check=True, capture_output=True, text=True
    )
    return int(line.stdout.split()[-1])


# the network


@LANES
def test_connections_cut_at_any_byte_repeat_and_lose_nothing(
    lanes: int, tmp_path: Path, clock: JumpClock
) -> None:
    chance = random.Random(34 + lanes)
    budgets = iter([chance.randrange(1, 6_000) for _ in range(40)])
    with (
        make_campaign(tmp_path, 150, letters=True) as file,
        ScriptedServer(protection="") as server,
        CutNetwork(server.port, budgets) as network,
    ):
        account = replace(server.account(tmp_path), port=network.port)
        go_until_the_end(file, account, clock, lanes)
        assert network.cuts >= 30
        check_account(file, server, uncertain=network.cuts)
        assert any(letter.status is _S.ACCEPTED for letter in file.deliveries())


# the server


def test_the_answer_to_the_dot_may_take_its_time(tmp_path: Path, clock: JumpClock) -> None:
    """Nine minutes of the ten that RFC 5321 allows, on a scale of one to four hundred."""

    def late(_address: str) -> str:
        sleep(540 / 400)
        return OK

    assert ANSWER_TO_DOT_S == 600
    with (
        make_campaign(tmp_path, 2, letters=True) as file,
        ScriptedServer(Script(data=late)) as server,
    ):
        account = server.account(tmp_path)
        events = go(file, account, clock, answer_seconds=ANSWER_TO_DOT_S / 400)
        assert isinstance(events[-1], Finished)
        check_account(file, server, uncertain=0)


@LANES
def test_a_storm_of_421_at_every_step(lanes: int, tmp_path: Path, clock: JumpClock) -> None:
    chance = random.Random(421)

    def storm(_address: str) -> str:
        return "421 4.3.2 try again later" if chance.random() < 0.15 else OK

    script = Script(mail=storm, rcpt=storm, data=storm)
    with make_campaign(tmp_path, 80, letters=True) as file, ScriptedServer(script) as server:
        account = server.account(tmp_path)
        go_until_the_end(file, account, clock, lanes)
        check_account(file, server, uncertain=0)
        assert {letter.attempts for letter in file.deliveries()} <= set(range(1, 12))


@LANES
def test_everybody_is_greylisted_once(lanes: int, tmp_path: Path, clock: JumpClock) -> None:
    met: set[str] = set()

    def rcpt(address: str) -> str:
        first = address not in met
        met.add(address)
        return "450 4.2.0 Greylisted, see you later" if first else OK

    with (
        make_campaign(tmp_path, 40, letters=True) as file,
        ScriptedServer(Script(rcpt=rcpt)) as server,
    ):
        go(file, server.account(tmp_path), clock, lanes=lanes)
        check_account(file, server, uncertain=0)
        assert [letter.attempts for letter in file.deliveries()] == [2] * 40


# the clock


@LANES
@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
def test_the_clock_jumps_in_the_middle(
    lanes: int, jump: timedelta, tmp_path: Path, clock: JumpClock
) -> None:
    # greylisted after the jump: a retry set before it keeps its hour, shown in the window
    jumped, greylisted = threading.Event(), threading.Event()

    def rcpt(address: str) -> str:
        if address == "patient7@exemple.fr":
            clock.advance(jump)
            jumped.set()
        if address == "patient12@exemple.fr" and jumped.is_set() and not greylisted.is_set():
            greylisted.set()
            return "450 4.2.0 Greylisted"
        return OK

    with (
        make_campaign(tmp_path, 20, letters=True) as file,
        ScriptedServer(Script(rcpt=rcpt)) as server,
    ):
        account = server.account(tmp_path, limits=(RateWindow(6, MINUTE),))
        start = clock.now()
        events = go(file, account, clock, lanes=lanes)
        assert isinstance(events[-1], Finished)
        assert clock.now() - start - jump < timedelta(hours=1)  # no wait of a year
        check_account(file, server, uncertain=0)
