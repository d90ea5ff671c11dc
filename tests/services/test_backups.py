"""Putting a copy back, cut anywhere: the former state or the copy's, never a mixture of both."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.errors.storage import DiskFull
from app.credentials import MemoryCredentials
from app.services import backups, campaigns
from app.storage import campaign_file, copies
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, FixedClock, make_recipient
from tests.support.finished_campaign import INCIDENT, PRACTICE

CLOCK = FixedClock()


class Cut(BaseException):
    """The power goes."""


@pytest.fixture
def credentials() -> MemoryCredentials:
    return MemoryCredentials()


@pytest.fixture
def path(tmp_path: Path, credentials: MemoryCredentials) -> Path:
    """One copy of 3 people, then 2 more whose rows are only in the write-ahead log."""
    place = tmp_path / "Essai.avis34"
    file, _ = campaigns.create_campaign(
        place, "Essai", PRACTICE, INCIDENT, credentials, clock=CLOCK
    )
    file.add_recipients(make_recipient(number) for number in range(1, 4))
    campaigns.backup(file, CLOCK)
    file.add_recipients(make_recipient(number) for number in range(4, 6))
    file.append_event("essai", {}, NOW + timedelta(hours=1))
    live = tmp_path / "vif"
    shutil.copytree(place, live)  # as a killed program leaves it, with its log
    file.close()
    shutil.rmtree(place)
    live.rename(place)
    assert (place / "campagne.db-wal").stat().st_size > 0
    return place


def people(path: Path, credentials: MemoryCredentials) -> tuple[int, tuple[str, ...]]:
    found = campaigns.open_with_doubts(path, credentials, clock=CLOCK)
    with found.campaign_file as file:
        assert file.verify_chain().is_whole
        return file.count_recipients(), found.doubts


def replaced_database(path: Path, credentials: MemoryCredentials) -> int:
    """What the database put aside still holds, with its log."""
    folder = path.parent / "ancienne.avis34"
    shutil.copytree(path, folder)
    for name in ("", "-wal"):
        kept = folder / f"campagne.db.remplacee{name}"
        if kept.exists():
            kept.replace(folder / f"campagne.db{name}")
    return people(folder, credentials)[0]


def test_the_replaced_database_is_kept_with_its_log(
    path: Path, credentials: MemoryCredentials
) -> None:
    (copy,) = backups.copies_of(path)
    backups.restore(path, copy, credentials)
    assert people(path, credentials)[0] == 3
    assert replaced_database(path, credentials) == 5


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("step", range(5))
def test_a_restore_cut_anywhere_opens(
    path: Path,
    credentials: MemoryCredentials,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
    links: bool,
) -> None:
    """Each move of a file is one place where the power may go."""
    moves = 0

    def counted(real: object) -> object:
        def move(*given: object) -> object:
            nonlocal moves
            moves += 1
            if moves > step:
                raise Cut
            return real(*given)  # type: ignore[operator]

        return move

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", counted(Path.replace))
        patched.setattr(shutil, "copyfile", counted(shutil.copyfile))

        def link(self: Path, target: Path) -> None:
            if not links:
                raise OSError("no links here")
            counted(os.link)(target, self)  # type: ignore[operator]

        patched.setattr(Path, "hardlink_to", link)
        (copy,) = backups.copies_of(path)
        try:
            backups.restore(path, copy, credentials)
        except Cut:
            assert moves == step + 1
    before = (path / "campagne.db.retablie").exists()
    count, _ = people(path, credentials)
    assert count == (5 if step == 0 else 3)
    assert not (path / "campagne.db.retablie").exists()
    if before:  # finished at the opening
        assert replaced_database(path, credentials) == 5


def test_a_full_disk_replaces_nothing(
    path: Path, credentials: MemoryCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (copy,) = backups.copies_of(path)
    with monkeypatch.context() as patched:
        patched.setattr(copies, "replace_file", full)
        with pytest.raises(DiskFull):
            backups.restore(path, copy, credentials)
    assert people(path, credentials)[0] == 5


def test_a_creation_cut_after_the_file_was_made_leaves_a_campaign_that_opens(
    tmp_path: Path, credentials: MemoryCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object, **__: object) -> None:
        raise Cut

    place = tmp_path / "Neuf.avis34"
    with monkeypatch.context() as patched:
        patched.setattr(CampaignFile, "save_incident", cut)
        with pytest.raises(Cut):
            campaigns.create_campaign(place, "Neuf", PRACTICE, INCIDENT, credentials, clock=CLOCK)
    assert people(place, credentials) == (0, ())


def test_a_creation_on_a_full_disk_leaves_the_name_free(
    tmp_path: Path, credentials: MemoryCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(campaign_file, "write_header", full)
    place = tmp_path / "Neuf.avis34"
    with pytest.raises(DiskFull):
        campaigns.create_campaign(place, "Neuf", PRACTICE, INCIDENT, credentials, clock=CLOCK)
    assert not place.exists()
