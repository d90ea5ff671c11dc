"""A disk without room: said before when it can be known, and never half a file under its final name."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors.paper import NotEnoughSpace, PrintFileNotWritten
from app.services import print_space, printing, single_files
from app.services.control import Control
from app.services.single_files import SingleFilesRun
from app.storage.campaign_file import CampaignFile
from app.wording import explain
from tests.support.campaigns import FixedClock
from tests.support.printing import make_paper_campaign, print_all, statuses

PEOPLE = 120


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_paper_campaign(tmp_path, PEOPLE)
    yield made
    made.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 6 MB; needs the right to mount."""
    place = tmp_path / "petit"
    place.mkdir()
    mount = shutil.which("mount")
    words = [str(mount), "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if mount is None or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def leave(disk: Path, room: int) -> Path:
    """Fill the disk but for ``room`` bytes."""
    filler = disk / "remplissage"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free - room))
    return filler


def test_too_little_room_is_said_before_anything_is_written(
    campaign: CampaignFile, small_disk: Path
) -> None:
    with pytest.raises(NotEnoughSpace) as caught:
        print_all(campaign, small_disk / "l.pdf")
    assert caught.value.needed > caught.value.free > 5_000_000
    assert "place" in explain(caught.value).what
    with pytest.raises(NotEnoughSpace):
        list(
            SingleFilesRun(campaign, small_disk / "un" / "deux", clock=FixedClock()).run(Control())
        )
    assert list(small_disk.iterdir()) == []
    assert statuses(campaign) == {DeliveryStatus.PENDING: PEOPLE}


@pytest.mark.parametrize("room", [4_096, 60_000, 200_000])
def test_a_disk_that_becomes_full_leaves_no_half_file(
    campaign: CampaignFile, small_disk: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    # as when another program fills the disk meanwhile
    monkeypatch.setattr(print_space, "_SPARE_BYTES", 0)
    monkeypatch.setattr(printing, "MERGED_LETTER_BYTES", 0)
    filler = leave(small_disk, room)
    with pytest.raises(PrintFileNotWritten):
        print_all(campaign, small_disk / "l.pdf")
    assert list(small_disk.iterdir()) == [filler]
    assert statuses(campaign) == {DeliveryStatus.PENDING: PEOPLE}
    filler.unlink()
    assert print_all(campaign, small_disk / "l.pdf").letters == PEOPLE


def test_single_files_keep_what_was_finished_and_go_on_later(
    campaign: CampaignFile, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_space, "_SPARE_BYTES", 0)
    monkeypatch.setattr(single_files, "SINGLE_LETTER_BYTES", 0)
    filler = leave(small_disk, 3_500_000)
    folder = small_disk / "lettres"
    with pytest.raises(PrintFileNotWritten):
        list(SingleFilesRun(campaign, folder, clock=FixedClock()).run(Control()))
    assert all(path.suffix == ".pdf" for path in folder.iterdir())
    assert statuses(campaign)[DeliveryStatus.PRINTED] == len(list(folder.iterdir())) > 0
    filler.unlink()
    leftover = folder / "lettre-AAAA-BBBB-C.pdf.en-cours"
    leftover.write_bytes(b"a letter of a run that was killed")
    list(SingleFilesRun(campaign, folder, clock=FixedClock()).run(Control()))
    assert statuses(campaign) == {DeliveryStatus.PRINTED: PEOPLE}
    assert len(list(folder.iterdir())) == PEOPLE
