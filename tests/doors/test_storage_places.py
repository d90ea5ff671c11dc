"""Where campaigns may live, who may open them, and what this computer remembers of them."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.campaign import Campaign
from app.core.errors.storage import (
    CampaignAlreadyOpen,
    CampaignDamaged,
    CampaignReadOnly,
    NetworkFolder,
    NewerCampaign,
)
from app.paths import data_dir
from app.storage import places
from app.storage.campaign_file import CampaignFile
from app.storage.header import DATABASE_FILE, HEADER_FILE
from app.storage.ledger import LEDGER_FILE, LastSeen, Ledger, account_digest
from app.storage.queries import RecipientOrder, RecipientQuery
from app.storage.schema import FORMAT_VERSION
from tests.support.campaigns import KEY, NOW, make_campaign


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system that refuses writing, with a campaign on it."""
    place = tmp_path / "disque"
    place.mkdir()
    mount = shutil.which("mount") or pytest.skip("no mount here")
    options = ["-t", "tmpfs", "-o", "size=5m", "tmpfs", str(place)]
    if subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("mounting a disk is not allowed here")
    make_campaign(place, 3).close()
    subprocess.run([mount, "-o", "remount,ro", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_read_only_disk_is_told(read_only_disk: Path) -> None:
    with pytest.raises(CampaignReadOnly):
        CampaignFile.open(read_only_disk / "essai.avis34", KEY)
    with pytest.raises(CampaignReadOnly):
        CampaignFile.create(read_only_disk / "autre.avis34", Campaign("x", "x", NOW), KEY)


def test_a_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_campaign(tmp_path)
    made.close()
    monkeypatch.setattr(places, "_kind_of", lambda _: "cifs")
    with pytest.raises(NetworkFolder):
        CampaignFile.open(made.folder, KEY)
    with pytest.raises(NetworkFolder):
        CampaignFile.create(tmp_path / "b.avis34", Campaign("x", "x", NOW), KEY)
    assert not (tmp_path / "b.avis34").exists()


def test_local_disks_are_no_network() -> None:
    for kind in ("ext4", "btrfs", "apfs", "NTFS", "tmpfs", "fuseblk", "overlay"):
        assert not places.is_network_kind(kind)
    for kind in ("nfs4", "CIFS", "smbfs", "fuse.sshfs", "afpfs", "webdav"):
        assert places.is_network_kind(kind)
    assert places._kind_of(Path("/proc/self")) == "proc"


def test_folders_copied_elsewhere_by_a_service_are_recognised() -> None:
    assert places.is_synced_folder(Path("/home/a/OneDrive - Cabinet/Avis 34/x.avis34"))
    assert places.is_synced_folder(Path("/home/a/Dropbox/x.avis34"))
    assert not places.is_synced_folder(Path("/home/a/Documents/x.avis34"))


def test_another_process_is_refused_and_told_which_computer(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.close()
    script = (
        "import sys; from pathlib import Path; from app.storage.campaign_file import CampaignFile;"
        f"f = CampaignFile.open(Path({str(made.folder)!r}), bytes(range(32)));"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(CampaignAlreadyOpen) as caught:
            CampaignFile.open(made.folder, KEY)
        assert caught.value.computer == socket.gethostname()
        other.kill()
    CampaignFile.open(made.folder, KEY).close()


def test_a_database_newer_than_its_header_is_refused(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made._connection.execute(f"PRAGMA user_version={FORMAT_VERSION + 1}")
    made.close()
    with pytest.raises(NewerCampaign):
        CampaignFile.open(made.folder, KEY)


def test_missing_pieces_are_damage_not_a_defect(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    made.close()
    header = made.folder / HEADER_FILE
    kept = header.read_bytes()
    for content in (b"", b"[]", b'{"header": 1}', b"\xff\xfe", kept[:-40]):
        header.write_bytes(content)
        with pytest.raises(CampaignDamaged):
            CampaignFile.open(made.folder, KEY)
        header.write_bytes(kept)
    header.unlink()
    with pytest.raises(CampaignDamaged):
        CampaignFile.open(made.folder, KEY)
    header.write_bytes(kept)
    (made.folder / DATABASE_FILE).unlink()
    with pytest.raises(CampaignDamaged):
        CampaignFile.open(made.folder, KEY)


def test_a_damaged_ledger_is_replaced_and_old_lines_go(tmp_path: Path) -> None:
    file = data_dir() / LEDGER_FILE
    file.write_bytes(b"not a database" * 400)
    ledger = Ledger(file)
    machine = ledger.machine_id()
    assert ledger.machine_id() == machine
    ledger.note_departures(["a"], "c1", 1_000, LastSeen(1, "", ""))
    ledger.note_departures(["a"], "c2", 2_000, LastSeen(1, "", ""))
    assert ledger.sent_by_others("a", "c1", 0) == [2_000]
    ledger.forget_before(60 * 86_400 * 1_000_000)
    assert ledger.sent_by_others("a", "c1", 0) == []
    ledger.close()
    assert account_digest("SMTP:A@b") == account_digest("smtp:a@B")


def test_a_file_of_the_former_format_is_copied_then_brought_up_to_date(tmp_path: Path) -> None:
    made = make_campaign(tmp_path, 3)
    made._connection.execute("DROP INDEX recipients_folded")
    made._connection.execute("CREATE INDEX recipients_folded ON recipients(folded)")
    made._connection.executescript(
        "DROP TABLE purged_addresses; CREATE TABLE purged_addresses(digest BLOB PRIMARY KEY, channel TEXT "
        "NOT NULL, status TEXT NOT NULL, changed_at INTEGER NOT NULL, run INTEGER NOT NULL) STRICT, WITHOUT ROWID; "
        "INSERT INTO purged_addresses VALUES (x'ab', 'email', 'accepted', 5, 1)"
    )
    made._connection.execute("PRAGMA user_version=1")
    made.close()
    with CampaignFile.open(made.folder, KEY) as file:
        assert len(file.backups()) == 1
        (sql,) = file._one("SELECT sql FROM sqlite_master WHERE name='recipients_folded'") or ("",)
        assert "has_annotations" in sql
        assert file._value("PRAGMA user_version") == FORMAT_VERSION
        assert file._value("SELECT changed_at FROM purged_addresses WHERE digest=x'ab'") == 5
        assert file.count_recipients() == 3
        assert file.verify_chain().is_whole


def test_search_and_filters_read_the_index_alone(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 3) as file:
        for query in (
            RecipientQuery("durand"),
            RecipientQuery("durand", order=RecipientOrder.NAME),
            RecipientQuery(excluded=False, has_annotations=True, order=RecipientOrder.NAME),
        ):
            where, values = query.conditions()
            plan = file._rows(
                f"EXPLAIN QUERY PLAN SELECT r.id FROM recipients r WHERE {where} "  # noqa: S608 - names are ours
                f"ORDER BY {query.order_by()} LIMIT 9",
                values,
            )
            assert "USING COVERING INDEX recipients_folded" in plan[0][3], plan
