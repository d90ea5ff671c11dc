"""kill -9 and a full disk, on every write path, in a process of its own."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors import UserError
from app.core.errors.storage import DiskFull, WrongKey
from app.credentials import MemoryCredentials
from app.services import evidence, key_change, purging
from app.services.checking import check_dossier, letters_apart
from app.storage.campaign_file import CampaignFile
from app.storage.copies import check_copy
from app.storage.header import read_header
from app.storage.keys import fingerprint
from app.storage.queries import DeliveryQuery
from tests.support.campaigns import KEY, NOW, make_campaign, make_recipient

S = DeliveryStatus
DRAW = random.Random(7)


def run_and_kill(mode: str, folder: Path, after: float) -> list[str]:
    """What the process had acknowledged when it was killed, ``after`` seconds past its first word."""
    command = [sys.executable, "-m", "tests.support.kill_storage", mode, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        deadline = time.monotonic() + after
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        return [first.strip(), *(line.strip() for line in process.stdout)]


def check_whole(file: CampaignFile) -> None:
    assert file.verify_chain().is_whole
    assert letters_apart(file) == 0
    assert file.balance().is_exact()


def test_letters_acknowledged_are_never_lost_nor_repeated(tmp_path: Path) -> None:
    folder = make_campaign(tmp_path, 3000, letters=True)
    folder.close()
    path = folder.folder
    dots: set[str] = set()
    accepted: set[str] = set()
    for _ in range(8):
        words = run_and_kill("send", path, DRAW.uniform(0.0, 0.3))
        new = [word.split()[1] for word in words if word.startswith("dot ")]
        assert not dots & set(new), "a letter went twice"
        dots |= set(new)
        accepted |= {word.split()[1] for word in words if word.startswith("accepted ")}
        with CampaignFile.open(path, KEY) as file:
            check_whole(file)
            stored = {str(letter.id) for letter in file.deliveries(S.ACCEPTED)}
            assert accepted <= stored
            found = file.recover_after_crash(NOW)
            assert found.reopened + found.uncertain <= 1
            assert dots <= {str(letter.id) for letter in file.deliveries(S.ACCEPTED, S.UNCERTAIN)}
            check_whole(file)
    assert len(accepted) > 50


@pytest.mark.parametrize("mode", ["rows", "backup", "dossier"])
def test_other_writes_cut_anywhere_leave_a_whole_campaign(tmp_path: Path, mode: str) -> None:
    made = make_campaign(tmp_path, 300, letters=True)
    made.close()
    path = made.folder
    people = events = 0
    for _ in range(4):
        words = run_and_kill(mode, path, DRAW.uniform(0.0, 0.4))
        for word in words:
            name, _, value = word.partition(" ")
            people = max(people, int(value)) if name == "people" else people
            events = max(events, int(value)) if name == "events" else events
        with CampaignFile.open(path, KEY) as file:
            check_whole(file)
            assert file.count_recipients() >= people
            assert file.count_recipients() % 100 == 0
            assert file.count_events() >= events
            for copy in file.backups():
                check_copy(copy.path, KEY)
    for whole in tmp_path.glob("dossier*"):
        if whole.suffix != ".partiel":
            assert check_dossier(whole).is_whole


@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1, 0.2, 0.35])
@pytest.mark.parametrize("mode", ["key", "purge"])
def test_a_key_change_and_a_purge_cut_anywhere_open_with_one_of_two_keys(
    tmp_path: Path, mode: str, after: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_campaign(tmp_path, 2000, letters=True)
    made.close()
    path = made.folder
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    run_and_kill(mode, path, after)
    header = read_header(path)
    try:
        with CampaignFile.open(path, KEY) as file:
            check_whole(file)
            names = {person.last_name for person in file.recipients(limit=5)}
            # all names or none: the erasure is one transaction
            assert (names == {""}) == purging.is_unfinished(file)
    except WrongKey:
        # the content moved: only the new key, unknown here as it died with the process, opens it
        assert header.next_fingerprint or header.fingerprint != fingerprint(KEY)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 3 MB; needs the right to mount."""
    place = tmp_path / "petit"
    place.mkdir()
    mount = shutil.which("mount")
    done = (
        subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)],
            capture_output=True, check=False,
        )
        if mount
        else None
    )  # fmt: skip
    if done is None or done.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_stops_with_its_sentence_and_loses_nothing(small_disk: Path) -> None:
    file = make_campaign(small_disk, 500, letters=True)
    filler = small_disk / "remplissage"
    free = shutil.disk_usage(small_disk).free
    filler.write_bytes(bytes(free - 40_000))
    accepted = 0
    with pytest.raises(UserError) as caught:  # noqa: PT012
        for _ in range(500):
            claimed = file.claim_next(NOW)
            assert claimed is not None
            file.move(claimed[0].id, S.DOT, now=NOW)
            file.move(claimed[0].id, S.ACCEPTED, now=NOW)
            accepted += 1
    assert isinstance(caught.value, DiskFull)
    with pytest.raises(UserError):
        file.add_recipients(make_recipient(number) for number in range(1000, 3000))
    with pytest.raises(UserError):
        file.backup(NOW)
    with pytest.raises(UserError):
        list(evidence.write_dossier(file, small_disk / "dossier"))
    with pytest.raises(UserError):
        key_change.change_key(file, MemoryCredentials())
    assert file.count_recipients() == 500
    assert list((file.folder / "sauvegardes").glob("*")) == []
    filler.unlink()
    assert file.count_deliveries(DeliveryQuery((S.ACCEPTED,))) == accepted
    check_whole(file)
    assert file.claim_next(NOW) is not None
    file.close()
    with CampaignFile.open(file.folder, KEY) as again:
        check_whole(again)


def test_a_full_disk_anywhere_by_the_engine_itself(tmp_path: Path) -> None:
    """SQLITE_FULL from the engine when the database may not grow."""
    file = make_campaign(tmp_path, 10)
    pages = file._rows("PRAGMA page_count")[0][0]
    file._rows(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(DiskFull):
        file.add_recipients(make_recipient(number) for number in range(100, 2000))
    assert file.count_recipients() == 10
    check_whole(file)
    file.close()
