"""Backup copies, restoring one, and moving the content to a new key: always through a new, complete file."""

import os
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.core.errors.storage import BackupUnusable, CampaignReadOnly
from app.paths import replace_file, sync_folder
from app.storage.database import BACKUPS_FOLDER, connect, translating
from app.storage.engine import sqlcipher3
from app.storage.header import DATABASE_FILE, HEADER_FILE

KEPT_BACKUPS = 5
NEW_FILE = "campagne.db.nouveau"
#: a whole copy that takes the database's place, whatever cut comes: see ``finish_restore``
_RESTORED_FILE = "campagne.db.retablie"
_REPLACED_FILE = "campagne.db.remplacee"
_STAMP = "%Y-%m-%dT%H-%M-%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """One encrypted copy of the database."""

    path: Path
    made_at: datetime
    size: int


def backups_in(folder: Path) -> list[Backup]:
    """Copies of a campaign, the latest first."""
    found = []
    for file in (folder / BACKUPS_FOLDER).glob("*.db"):
        with suppress(ValueError):
            made = datetime.strptime(file.stem, _STAMP).replace(tzinfo=UTC)
            found.append(Backup(file, made, file.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def make_backup(
    connection: sqlcipher3.Connection, folder: Path, key: bytes, now: datetime
) -> Backup:
    """Copy the open database page by page (a plain file copy can be corrupt), keep the last five.

    The caller holds the write lock, so that the copy is of one instant.
    """
    place = folder / BACKUPS_FOLDER
    with translating(folder.name):
        try:
            place.mkdir(exist_ok=True)
        except OSError as error:
            raise CampaignReadOnly(folder.name) from error
        file = place / f"{now.astimezone(UTC).strftime(_STAMP)}.db"
        partial = file.with_suffix(".partiel")
        try:
            with closing(sqlcipher3.connect(str(partial), isolation_level=None)) as target:
                target.execute("PRAGMA cipher_log_level=NONE")
                target.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
                connection.backup(target)
            _sync(partial)
            partial.replace(file)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    (place / HEADER_FILE).write_bytes((folder / HEADER_FILE).read_bytes())
    sync_folder(place)
    for old in backups_in(folder)[KEPT_BACKUPS:]:
        old.path.unlink()
    return Backup(file, now, file.stat().st_size)


def check_copy(file: Path, key: bytes) -> None:
    """Open a copy and read every page.

    Raises:
        BackupUnusable: wrong key, or a page is not authentic.
    """
    try:
        with closing(connect(file, key)) as connection:
            bad = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            sound = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except sqlcipher3.Error as error:
        raise BackupUnusable(file.name) from error
    finally:
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
    if bad or not sound:
        raise BackupUnusable(file.name)


def export_with_key(connection: sqlcipher3.Connection, folder: Path, new_key: bytes) -> Path:
    """A complete copy of the open database under another key, without free pages; where it is.

    Nothing of the old file is changed. The caller holds the write lock, outside a transaction.
    """
    target = folder / NEW_FILE
    target.unlink(missing_ok=True)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"ATTACH DATABASE ? AS fresh KEY \"x'{new_key.hex()}'\"", (str(target),))
    try:
        connection.execute("SELECT sqlcipher_export('fresh')")
        connection.execute(f"PRAGMA fresh.user_version={int(version)}")
    finally:
        connection.execute("DETACH DATABASE fresh")
    _sync(target)
    check_copy(target, new_key)
    return target


def swap_in(folder: Path, fresh: Path) -> None:
    """Put ``fresh`` in place of the closed database, in one step.

    The old blocks may survive on the disk; they are encrypted with a key that no longer exists anywhere.
    """
    for suffix in ("-wal", "-shm"):
        (folder / (DATABASE_FILE + suffix)).unlink(missing_ok=True)
    fresh.replace(folder / DATABASE_FILE)
    sync_folder(folder)


def begin_restore(folder: Path, copy: Path) -> None:
    """Lay ``copy`` beside the database, complete; from then on ``finish_restore`` will put it in place."""
    for former in (_REPLACED_FILE, f"{_REPLACED_FILE}-wal"):
        (folder / former).unlink(missing_ok=True)
    replace_file(folder / _RESTORED_FILE, copy.read_bytes())


def finish_restore(folder: Path) -> None:
    """Put a restored copy in place of the database, keeping the replaced one with its log; harmless without one.

    May be cut anywhere and called again. A log must never stay beside a database that is not its own: the engine
    would mix the two.
    """
    restored, database = folder / _RESTORED_FILE, folder / DATABASE_FILE
    if not restored.exists():
        return
    replaced = folder / _REPLACED_FILE
    log, replaced_log = (file.with_name(f"{file.name}-wal") for file in (database, replaced))
    if database.exists() and not (replaced.exists() and replaced.samefile(database)):
        replaced.unlink(missing_ok=True)
        try:
            replaced.hardlink_to(database)
        except OSError:  # a file system without links: a copy does
            shutil.copyfile(database, replaced)
    if log.exists():
        log.replace(replaced_log)
    database.with_name(f"{DATABASE_FILE}-shm").unlink(missing_ok=True)
    restored.replace(database)
    sync_folder(folder)


def _sync(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
