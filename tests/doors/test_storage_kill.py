"""kill -9 and a full disk, on every write path, in a process of its own."""

import base64
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app import settings
from app.core.campaign import DeliveryStatus
from app.core.errors import UserError
from app.core.errors.storage import (
    CampaignReadOnly,
    DiskFull,
    ExportNotWritten,
    WriteFailed,
    WrongKey,
)
from app.core.incident import Incident
from app.core.practice import Practice
from app.core.register import RegisterEntry
from app.credentials import MemoryCredentials
from app.services import (
    backups,
    campaigns,
    evidence,
    follow_up,
    importing,
    key_change,
    purging,
    register,
)
from app.services.checking import check_dossier, letters_apart
from app.services.follow_up import Audience, FollowUp
from app.services.recovery_sheet import write_sheet
from app.storage.campaign_file import CampaignFile
from app.storage.copies import check_copy
from app.storage.header import HEADER_FILE, read_header
from app.storage.keys import fingerprint
from app.storage.queries import DeliveryQuery
from tests.support.campaigns import KEY, NOW, make_campaign, make_recipient

S = DeliveryStatus
DRAW = random.Random(7)


def run_and_kill(mode: str, folder: Path, after: float, words: int = 1) -> list[str]:
    """What the process had acknowledged when it was killed, ``after`` seconds past its first ``words``."""
    command = [sys.executable, "-m", "tests.support.kill_storage", mode, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        first = [process.stdout.readline().strip() for _ in range(words)]
        deadline = time.monotonic() + after
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        return [*first, *(line.strip() for line in process.stdout)]


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
    words = run_and_kill(mode, path, after)
    kept = tmp_path / "cle"
    known = [KEY, *keys_in(kept).values()] if kept.exists() else [KEY]
    opened = [key for key in known if read_header(path).accepts(fingerprint(key))]
    assert opened
    for key in opened:
        with suppress(WrongKey), CampaignFile.open(path, key) as file:
            check_whole(file)
            names = {person.last_name for person in file.recipients(limit=5)}
            # all names or none: the erasure is one transaction
            is_erased = names == {""}
            assert is_erased or mode == "key" or not purging.is_unfinished(file)
            assert is_erased or "purged" not in words
            assert file.count_deliveries() == 2000
            break
    else:
        pytest.fail("no key opens it")


def keys_in(place: Path) -> dict[str, bytes]:
    """Keys that the killed process had kept, by name; a last line cut in two is no key."""
    lines = [line.split() for line in place.read_text(encoding="ascii").splitlines()]
    return {
        line[0]: base64.b64decode(line[1])
        for line in lines
        if len(line) == 2 and len(line[1]) == 44
    }


@pytest.mark.parametrize("mode", ["import", "follow_up"])
@pytest.mark.parametrize("after", [0.0, 0.15, 0.3])
def test_an_import_and_a_follow_up_are_whole_or_absent(
    tmp_path: Path, mode: str, after: float
) -> None:
    made = make_campaign(tmp_path, 300, letters=True)
    made.close()
    words = run_and_kill(mode, made.folder, after)
    with CampaignFile.open(made.folder, KEY) as file:
        check_whole(file)
        if mode == "import":
            done = sum(word.startswith("imported") for word in words)
            assert file.count_recipients() in (300, 700)
            assert len(file.imports()) in (done, done + 1)
            assert (file.count_recipients() == 700) == bool(file.imports())
        else:
            second = sum(1 for _ in file.deliveries(run=2))
            assert second in (0, 300)
            assert (file.current_run == 2) == bool(second)
            assert second or "followed" not in words


def test_a_restore_killed_anywhere_opens(tmp_path: Path) -> None:
    made = make_campaign(tmp_path, 300, letters=True)
    made.close()
    for _ in range(5):
        run_and_kill("restore", made.folder, DRAW.uniform(0.0, 0.15))
        with CampaignFile.open(made.folder, KEY) as file:
            check_whole(file)
            assert file.count_recipients() == 300
            for copy in file.backups():
                check_copy(copy.path, KEY)


def test_creations_killed_anywhere_leave_only_campaigns_that_open(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.close()
    words = run_and_kill("create", made.folder, DRAW.uniform(0.0, 0.2), words=3)
    created = sum(word.startswith("created") for word in words)
    keys = keys_in(tmp_path / "cle")
    whole = 0
    for path in tmp_path.glob("Neuf *.avis34"):
        if not (path / HEADER_FILE).exists():
            continue  # cut before it was made; nobody was told of it
        key = keys[f"campaign:{read_header(path).campaign_id}"]
        with CampaignFile.open(path, key) as file:
            assert file.verify_chain().is_whole
        whole += 1
    assert whole >= created


def test_settings_killed_anywhere_are_the_old_or_the_new_ones(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.close()
    for _ in range(4):
        words = run_and_kill("settings", made.folder, DRAW.uniform(0.0, 0.1))
        last = max(int(word.split()[1]) for word in words if word)
        kept = int(settings.load().campaigns_folder.rpartition("/")[2])
        assert kept in (last, last + 1)


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


def _import(file: CampaignFile, place: Path) -> None:
    source = place.parent / "liste.csv"
    lines = [f"NOM{n};Zoé;patient{n}@exemple.fr;{n} rue du Lac;90000;Belfort" for n in range(3000)]
    source.write_text("NOM;PRENOM;MAIL;ADRESSE;CP;VILLE\n" + "\n".join(lines), encoding="utf-8")
    *_, understood = importing.understand(source)
    assert isinstance(understood, importing.Understanding)
    list(importing.apply(file, understood))


def _restore(file: CampaignFile, place: Path) -> None:
    credentials = MemoryCredentials()
    campaigns.keep_key(credentials, file.campaign.id, KEY)
    (copy,) = file.backups()
    file.close()
    backups.restore(place / "essai.avis34", copy, credentials)


def _create(_file: CampaignFile, place: Path) -> None:
    new = place / "Neuf.avis34"
    campaigns.create_campaign(new, "Neuf", Practice(), Incident(), MemoryCredentials())


def _purge(file: CampaignFile, place: Path) -> None:
    purging.purge(file, MemoryCredentials(), place / "certificat.pdf")


def _follow_up(file: CampaignFile, _place: Path) -> None:
    wanted = FollowUp("T14", Audience.EVERYBODY, "Complément")
    follow_up.start(file, wanted, "contact@cabinet.exemple.fr")


def _sheet(_file: CampaignFile, place: Path) -> None:
    write_sheet(place / "fiche.pdf", "Essai", "Cabinet", key_change.prepare_code(), NOW)


def _register(file: CampaignFile, place: Path) -> None:
    register.save_entry(file, RegisterEntry(facts="x" * 200_000))
    write_sheet(place / "jamais.pdf", "Essai", "Cabinet", key_change.prepare_code(), NOW)


@pytest.mark.parametrize("act", [_import, _restore, _create, _purge, _follow_up, _sheet, _register])
def test_every_other_write_on_a_full_disk_is_told_and_loses_nothing(
    small_disk: Path, act: Callable[[CampaignFile, Path], None]
) -> None:
    file = make_campaign(small_disk, 500, letters=True)
    file.freeze_run(1, {"T01": ("objet", "texte")}, NOW)
    if act is _restore:
        file.backup(NOW)
        file.append_event("essai", {}, NOW)
    file._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    events = file.count_events()
    filler = small_disk / "remplissage"
    free = shutil.disk_usage(small_disk).free
    filler.write_bytes(bytes(max(free - 12_000, 0)))
    with pytest.raises(UserError) as caught:
        act(file, small_disk)
    assert isinstance(caught.value, DiskFull | WriteFailed | ExportNotWritten | CampaignReadOnly)
    filler.unlink()
    file.close()
    with CampaignFile.open(file.folder, KEY) as again:
        check_whole(again)
        assert again.count_recipients() == 500
        assert again.count_events() >= events
        assert again.current_run == 1
        assert {person.last_name for person in again.recipients(limit=9)} != {""}
    assert not list(small_disk.glob("Neuf*"))
    assert not list(small_disk.glob("*.pdf*"))


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
