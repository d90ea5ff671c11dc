"""The campaign file: a folder ``<name>.avis34`` with a clear header and an encrypted database.

A folder rather than a single file, because the header must stay readable when the database is not, and so
that the write-ahead log, the lock and the backup copies travel with it. It is moved, copied and deleted as one.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Self

from typing_extensions import override

from app.core.campaign import Campaign
from app.core.errors import BugError
from app.core.errors.storage import (
    CampaignDamaged,
    CampaignExists,
    CampaignNotFound,
    CampaignReadOnly,
    NewerCampaign,
    WrongKey,
)
from app.core.plain_data import from_plain
from app.paths import data_dir
from app.storage.database import Shared, translating
from app.storage.documents import Documents, canonical_document
from app.storage.file_lock import FileLock
from app.storage.header import DATABASE_FILE, Header, read_header, write_header
from app.storage.instants import from_micros, to_micros
from app.storage.keys import KEY_BYTES, Wrap, fingerprint
from app.storage.ledger import LEDGER_FILE, LastSeen, Ledger, account_digest, folder_digest
from app.storage.places import refuse_network_folder
from app.storage.schema import FORMAT_VERSION, statements_for

SUFFIX = ".avis34"


class CampaignFile(Documents):
    """An open campaign. Used from one thread; other threads take ``reopen()``."""

    def __init__(self, shared: Shared, *, owns_lock: bool) -> None:
        """For ``create``, ``open`` and ``reopen`` only."""
        super().__init__(shared, shared.folder / DATABASE_FILE)
        self._owns_lock = owns_lock
        self._ledger = Ledger(data_dir() / LEDGER_FILE)
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
        shared = Shared(path.absolute(), key, FileLock(path))
        made = cls(shared, owns_lock=True)
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
        try:
            write_header(path, Header(campaign.id, fingerprint(key), wraps))
        except OSError as error:
            made.close()
            raise CampaignReadOnly(path.name) from error
        return made

    @classmethod
    def open(cls, path: Path, key: bytes) -> Self:
        """Open an existing campaign.

        Raises:
            CampaignNotFound, NotACampaign, NewerCampaign, WrongKey, CampaignDamaged, CampaignAlreadyOpen,
            CampaignReadOnly, NetworkFolder: one sentence each.
        """
        if not path.is_dir():
            raise CampaignNotFound(path.name)
        header = read_header(path)
        if fingerprint(key) != header.fingerprint:
            raise WrongKey(path.name)
        refuse_network_folder(path)
        if not (path / DATABASE_FILE).is_file():
            raise CampaignDamaged(path.name)
        shared = Shared(path.absolute(), key, FileLock(path))
        try:
            opened = cls(shared, owns_lock=True)
        except BaseException:
            shared.file_lock.release()
            raise
        try:
            opened._migrate()
            opened._check_identity(header)
        except BaseException:
            opened.close()
            raise
        opened._thread = None
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

    def _migrate(self) -> None:
        with translating(self._shared.name, self._shared.backups()):
            version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
            if version > FORMAT_VERSION:
                raise NewerCampaign(self._shared.name)
            for reached, script in statements_for(version):
                self._connection.executescript(
                    f"BEGIN IMMEDIATE; {script} PRAGMA user_version={reached}; COMMIT;"
                )

    # rolling windows

    def sent_since(self, account: str, since: datetime) -> list[datetime]:
        """Instants at which a message from ``account`` reached the end of DATA, all campaigns, in order.

        What this campaign sent without naming an account counts too.
        """
        start, digest = to_micros(since), account_digest(account)
        own = self._rows(
            "SELECT at FROM sent_log WHERE account IN (?, '') AND at >= ?", (digest, start)
        )
        others = self._ledger.sent_by_others(digest, self._campaign_id, start)
        return [from_micros(at) for at in sorted([row[0] for row in own] + others)]

    @override
    def _note_sent(self, account: str, at: int) -> None:
        if account:
            self._ledger.note_sent(account_digest(account), self._campaign_id, at)

    # what this computer remembers

    def _remember(self) -> None:
        if self._owns_lock and self._campaign is not None and not self.is_doubtful:
            seq, head = self.chain_head()
            seen = LastSeen(seq, head, folder_digest(self.folder))
            self._ledger.note_campaign(self._campaign.id, seen)

    @property
    def is_doubtful(self) -> bool:
        """True until the user confirmed a copied or restored campaign; see services.campaigns."""
        return self._shared.doubtful
