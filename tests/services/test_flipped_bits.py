"""Altered bytes in the log of a killed program and in backup copies: refused, told, or only true data.

AVIS34_FLIPS sets the number of altered places (small by default; 1,000 by hand).
"""

import os
import random
import shutil
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.errors.storage import BackupUnusable
from app.credentials import MemoryCredentials
from app.services import backups, campaigns
from app.storage.campaign_file import CampaignFile
from app.storage.ledger import LEDGER_FILE
from tests.support.campaigns import NOW, FixedClock, make_recipient
from tests.support.finished_campaign import INCIDENT, PRACTICE

CLOCK = FixedClock()
FLIPS = int(os.environ.get("AVIS34_FLIPS", "60"))


@pytest.fixture
def credentials() -> MemoryCredentials:
    return MemoryCredentials()


def flipped(good: bytes, draw: random.Random) -> bytes:
    bad = bytearray(good)
    bad[draw.randrange(len(bad))] ^= 1 << draw.randrange(8)
    return bytes(bad)


def content(file: CampaignFile) -> tuple[list[tuple[int, str, str]], list[str]]:
    people = [(p.id, p.last_name, p.email) for p in file.recipients()]
    return people, [event.hash for event in file.events()]


def killed_campaign(folder: Path, credentials: MemoryCredentials) -> tuple[Path, list[object]]:
    """A folder as a killed program leaves it: each commit is still in the log. And every true state."""
    path = folder / "Vif.avis34"
    file, _ = campaigns.create_campaign(path, "Vif", PRACTICE, INCIDENT, credentials, clock=CLOCK)
    file._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    states: list[object] = [content(file)]
    for number in range(1, 16):
        with file.transaction():
            file.add_recipients([make_recipient(number)])
            file.append_event("essai", {"number": number}, NOW)
        states.append(content(file))
    shutil.copytree(path, folder / "tue" / "Vif.avis34")
    file.close()
    return folder / "tue" / "Vif.avis34", states


def test_a_log_altered_anywhere_is_noticed(tmp_path: Path, credentials: MemoryCredentials) -> None:
    path, states = killed_campaign(tmp_path, credentials)
    log = path / "campagne.db-wal"
    good = log.read_bytes()
    notes = Path(os.environ["AVIS34_HOME"])
    assert list(notes.rglob(LEDGER_FILE))
    draw = random.Random(34)
    refused = told = whole = 0
    for number in range(FLIPS):
        place = tmp_path / f"essai {number}" / "Vif.avis34"
        shutil.copytree(path, place)
        (place / "campagne.db-wal").write_bytes(flipped(good, draw))
        try:
            found = campaigns.open_with_doubts(place, credentials, clock=CLOCK)
        except UserError:
            refused += 1
        else:
            with found.campaign_file as file:
                assert content(file) in states
                assert file.verify_chain().is_whole
                if content(file) == states[-1]:
                    whole += 1
                else:
                    assert "older_than_known" in found.doubts
                    told += 1
        shutil.rmtree(place.parent)
    assert refused + told + whole == FLIPS
    assert refused + told > FLIPS // 2, (refused, told, whole)


def test_a_copy_altered_anywhere_is_never_put_back(
    tmp_path: Path, credentials: MemoryCredentials
) -> None:
    path = tmp_path / "Essai.avis34"
    file, _ = campaigns.create_campaign(path, "Essai", PRACTICE, INCIDENT, credentials, clock=CLOCK)
    file.add_recipients(make_recipient(number) for number in range(1, 30))
    campaigns.backup(file, CLOCK)
    truth = content(file)
    file.close()
    (copy,) = backups.copies_of(path)
    good = copy.path.read_bytes()
    draw = random.Random(35)
    for _ in range(FLIPS):
        copy.path.write_bytes(flipped(good, draw))
        with pytest.raises(BackupUnusable):
            backups.restore(path, copy, credentials)
    copy.path.write_bytes(good)
    with campaigns.open_campaign(path, credentials, clock=CLOCK) as again:
        assert content(again) == truth
