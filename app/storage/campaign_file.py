"""The campaign file: a folder ``<name>.avis34`` with a clear header and an encrypted database.

A folder rather than a single file, because the header must stay readable when the database is not, and so
that the write-ahead log, the lock and the backup copies travel with it. It is moved, copied and deleted as one.
"""

import errno
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from typing_extensions import override

from app.core.campaign import Campaign
from app.core.errors import BugError
from app.core.errors.storage import (
    CampaignDamaged,
    CampaignExists,
    CampaignReadOnly,
    DiskFull,
    NewerCampaign,
    WriteFailed,
    WrongKey,
)
from app.core.plain_data import from_plain
from app.storage.copies import (
    NEW_FILE,
    Backup,
    backups_in,
    export_with_key,
    finish_restore,
    make_backup,
    swap_in,
)
from app.storage.database import BACKUPS_FOLDER, Shared, translating
from app.storage.documents import canonical_document
from app.storage.file_lock import FileLock
from app.storage.header import DATABASE_FILE, HEADER_FILE, Header, read_header, write_header
from app.storage.instants import to_micros
from app.storage.keys import KEY_BYTES, Wrap, derive, fingerprint, wrap
from app.storage.places import check_present, refuse_network_folder
from app.storage.schema import FORMAT_VERSION, statements_for
from app.storage.whereabouts import CLOSED_SETTING, Whereabouts

SUFFIX = ".avis34"
#: a preview being drawn closes its connection within this time
_OTHERS_SECONDS = 10.0
__all__ = ["CLOSED_SETTING", "SUFFIX", "CampaignFile"]


class CampaignFile(Whereabouts):
    """An open campaign. Used from one thread; other threads take ``reopen()``."""

    def __init__(self, shared: Shared, *, owns_lock: bool) -> None:
        """For ``create``, ``open`` and ``reopen`` only."""
        super().__init__(shared, shared.folder / DATABASE_FILE, owns_lock=owns_lock)
        self._closed = False
        self._campaign: Campaign | None = None

    @classmethod
    def create(
        cls, path: Path, campaign: Campaign, key: bytes, wraps: tuple[Wrap, ...] = ()
    ) -> Self:
        """Make the folder ``path`` (ends with « .avis34 ») and an empty campaign in it.

        Raises:
            CampaignExists, CampaignReadOnly, NetworkFolder, DiskFull.
        """
        if len(key) != KEY_BYTES:
            raise BugError("a database key has 32 bytes")
        if path.exists():
            raise CampaignExists(path.name)
        refuse_network_folder(path)
        try:
            path.mkdir(parents=True)
        except OSError as error:
            raise CampaignReadOnly(path.name) from error
        try:
            made = cls._fill(path, campaign, key, wraps)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)  # nobody has seen it: the name is free again
            raise
        return made

    @classmethod
    def _fill(cls, path: Path, campaign: Campaign, key: bytes, wraps: tuple[Wrap, ...]) -> Self:
        lock = FileLock(path)
        try:
            made = cls(Shared(path.absolute(), key, lock), owns_lock=True)
        except BaseException:
            lock.release()
            raise
        try:
            made._migrate()
            with made.transaction():
                made._campaign = campaign
                made._execute(
                    "INSERT INTO documents VALUES ('campaign', 1, ?, ?, '')",
                    (to_micros(campaign.created_at), canonical_document(campaign)),
                )
                facts: dict[str, str | int] = {
                    "campaign": campaign.id,
                    "sample": int(campaign.is_sample),
                }
                made.append_event("campaign_created", facts, campaign.created_at)
                made.note_this_computer()
            write_header(path, Header(campaign.id, fingerprint(key), wraps))
        except BaseException as error:
            made._campaign = None  # nothing to remember
            made.close()
            if isinstance(error, OSError):
                full = error.errno == errno.ENOSPC
                raise (DiskFull() if full else CampaignReadOnly(path.name)) from error
            raise
        return made

    @classmethod
    def open(cls, path: Path, key: bytes) -> Self:
        """Open an existing campaign.

        Raises:
            CampaignNotFound, CampaignNotYours, NotACampaign, NewerCampaign, WrongKey, CampaignDamaged,
            CampaignAlreadyOpen, CampaignReadOnly, NetworkFolder: one sentence each.
        """
        check_present(path)
        header = read_header(path)
        if not header.accepts(fingerprint(key)):
            raise WrongKey(path.name)
        refuse_network_folder(path)
        shared = Shared(path.absolute(), key, FileLock(path))
        try:
            finish_restore(path)  # cut in the middle of putting a copy back
            _check_present(path)
            (path / NEW_FILE).unlink(missing_ok=True)  # left by a cut in the middle of a key change
            opened = cls(shared, owns_lock=True)
        except CampaignDamaged as error:
            shared.file_lock.release()
            if header.next_fingerprint:  # cut between two keys: this one is not the content's
                raise WrongKey(path.name) from error
            raise
        except BaseException:
            shared.file_lock.release()
            raise
        try:
            opened._migrate()
            opened._check_identity(header)
        except BaseException:
            opened.close()
            raise
        if header.next_fingerprint:
            write_header(path, header.settled_on(fingerprint(key)))
        opened.hand_over()
        return opened

    def _check_identity(self, header: Header) -> None:
        # every page carries its HMAC: a file altered anywhere is refused now, not in the middle of a run
        if self._rows("PRAGMA cipher_integrity_check"):
            raise CampaignDamaged(self._shared.name, self._shared.backups())
        if self.campaign.id != header.campaign_id:
            raise CampaignDamaged(self._shared.name, self._shared.backups())

    def reopen(self) -> Self:
        """Another connection to the same campaign, for another thread; close it too."""
        self._shared.file_lock.share()
        try:
            return type(self)(self._shared, owns_lock=False)
        except BaseException:
            self._shared.file_lock.release()
            raise

    def close(self) -> None:
        """Close; the lock goes with the last connection. Closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._remember()
        self._close_connection(checkpoint=self._owns_lock)
        self._ledger.close()
        self._shared.file_lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_closed(self) -> bool:
        """True once nothing can be read from it any more."""
        return self._closed

    @property
    def folder(self) -> Path:
        """The campaign's folder."""
        return self._shared.folder

    @property
    def campaign(self) -> Campaign:
        """Identity of the campaign."""
        if self._campaign is None:
            body = self._value("SELECT body FROM documents WHERE kind='campaign' AND version=1")
            if body is None:
                raise CampaignDamaged(self._shared.name, self._shared.backups())
            self._campaign = from_plain(Campaign, json.loads(body))
        return self._campaign

    @property
    @override
    def _campaign_id(self) -> str:
        return self.campaign.id

    @property
    @override
    def _is_known(self) -> bool:
        return self._campaign is not None

    def _migrate(self) -> None:
        with translating(self._shared.name, self._shared.backups):
            version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
            if version > FORMAT_VERSION:
                raise NewerCampaign(self._shared.name)
            if 0 < version < FORMAT_VERSION:
                self.backup(datetime.now(UTC))  # an older program can still read the copy
            for reached, script in statements_for(version):
                self._connection.executescript(
                    f"BEGIN IMMEDIATE; {script} PRAGMA user_version={reached}; COMMIT;"
                )

    # copies and keys

    def backup(self, now: datetime) -> Backup:
        """An encrypted copy beside the database; the last five are kept.

        Raises:
            DiskFull, WriteFailed, CampaignReadOnly.
        """
        with self._shared.write_lock:
            return make_backup(self._connection, self.folder, self._shared.key, now)

    def backups(self) -> list[Backup]:
        """Copies at hand, the latest first."""
        return backups_in(self.folder)

    @property
    def key_fingerprint(self) -> str:
        """Fingerprint of the key in use."""
        return fingerprint(self._shared.key)

    def seal(self, code: str) -> Wrap:
        """The key in use, sealed under another recovery code."""
        return wrap(self._shared.key, code, self._campaign_id)

    def digest_key(self, purpose: str) -> bytes:
        """A key derived from the campaign's, for keyed digests."""
        return derive(self._shared.key, purpose)

    def change_key(self, new_key: bytes, wraps: tuple[Wrap, ...]) -> None:
        """Move the content to ``new_key``, through a new file without free pages, and close.

        A cut at any point leaves a campaign that one of the two keys opens. Backup copies under the old key are
        removed. Only with a single connection open.

        Raises:
            DiskFull, WriteFailed: nothing was changed.
        """
        if not self._shared.file_lock.wait_until_sole(_OTHERS_SECONDS) or not self._owns_lock:
            raise BugError("other connections are open")
        folder, header = self.folder, read_header(self.folder)
        with translating(self._shared.name):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            fresh = export_with_key(self._connection, folder, new_key)
        moving = header.moving_to(fingerprint(new_key), *wraps)
        try:
            write_header(folder, moving)
            self._remember()
            self._closed = True
            self._close_connection(checkpoint=True)
            swap_in(folder, fresh)
            write_header(folder, moving.settled_on(fingerprint(new_key)))
            for old in backups_in(folder):
                old.path.unlink()
            (folder / BACKUPS_FOLDER / HEADER_FILE).unlink(missing_ok=True)
        except OSError as error:
            raise WriteFailed(self._shared.name) from error
        finally:
            if self._closed:
                self._ledger.close()
                self._shared.file_lock.release()


def _check_present(path: Path) -> None:
    if not (path / DATABASE_FILE).is_file():
        raise CampaignDamaged(path.name, len(backups_in(path)))
