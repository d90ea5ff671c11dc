"""Backup copies of a campaign that may not open, and putting one back."""

import errno
from pathlib import Path

from app.core.errors.storage import CampaignDamaged, DiskFull, WriteFailed
from app.credentials import CredentialStore
from app.services.campaigns import keys_for
from app.storage.copies import Backup, backups_in, begin_restore, check_copy, finish_restore
from app.storage.database import BACKUPS_FOLDER
from app.storage.file_lock import FileLock
from app.storage.header import HEADER_FILE, Header, read_header, write_header


def copies_of(path: Path) -> list[Backup]:
    """Backup copies of a campaign that may not open, the latest first."""
    return backups_in(path)


def restore(
    path: Path, copy: Backup, credentials: CredentialStore, recovery_code: str | None = None
) -> None:
    """Put a backup copy in place of the database; the replaced one is kept as « …remplacee » with its log.

    Opening it afterwards raises the doubt "older_than_known": what left since is not written in it.

    Raises:
        KeyMissing, RecoveryCodeMistyped, RecoveryCodeWrong, BackupUnusable, CampaignAlreadyOpen, WriteFailed.
    """
    lock = FileLock(path)
    try:
        header = _header_or_its_copy(path)
        keys = keys_for(header, path, credentials, recovery_code, None)
        check_copy(copy.path, keys[0])
        try:
            begin_restore(path, copy.path)
            finish_restore(path)
            write_header(path, header)
        except OSError as error:
            raise (DiskFull() if error.errno == errno.ENOSPC else WriteFailed(path.name)) from error
    finally:
        lock.release()


def _header_or_its_copy(path: Path) -> Header:
    try:
        return read_header(path)
    except CampaignDamaged:
        kept = path / BACKUPS_FOLDER
        if not (kept / HEADER_FILE).is_file():
            raise
        return read_header(kept)
