"""What this computer knows beside the campaigns: send times per account, and how far each campaign had got.

``rythme.db`` in the program's data folder holds no patient, no address: accounts and campaigns appear as
digests and random identifiers. Losing it is harmless; each campaign's own journal stays the truth for its letters.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LEDGER_FILE = "rythme.db"
#: providers count over at most a month; older lines are dropped
KEPT_MICROS = 32 * 86_400 * 1_000_000
_TABLES = """
CREATE TABLE IF NOT EXISTS sent(at INTEGER NOT NULL, account TEXT NOT NULL, campaign TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS sent_account ON sent(account, at);
CREATE TABLE IF NOT EXISTS campaigns(
    campaign TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, folder TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS machine(id TEXT NOT NULL) STRICT;
"""


def account_digest(account: str) -> str:
    """Stable name of a sending account, from which the address cannot be read directly."""
    return hashlib.sha256(f"avis34 account {account.lower()}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class LastSeen:
    """How far a campaign's journal had got when this computer last closed or moved it."""

    seq: int
    hash: str
    #: digest of the folder's path
    folder: str


def folder_digest(folder: Path) -> str:
    """Stable name of a place on the disk."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]


class Ledger:
    """A small SQLite file; its writes need not survive a power cut."""

    def __init__(self, file: Path) -> None:
        """Open or make it; a damaged one is replaced, since nothing in it is proof."""
        self._file = file
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            file.unlink(missing_ok=True)
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(_TABLES)
        return connection

    def machine_id(self) -> str:
        """Random identifier of this installation, drawn once."""
        row = self._connection.execute("SELECT id FROM machine").fetchone()
        if row is None:
            self._connection.execute(
                "INSERT INTO machine SELECT ? WHERE NOT EXISTS (SELECT 1 FROM machine)",
                (secrets.token_hex(16),),
            )
            row = self._connection.execute("SELECT id FROM machine").fetchone()
        return str(row[0])

    def note_departures(
        self, accounts: Sequence[str], campaign_id: str, at: int, seen: LastSeen
    ) -> None:
        """One message per account digest reached the end of DATA, and the journal got as far as ``seen``."""
        # a full disk stops the campaign by its own file; what is missing here is in its journal
        with suppress(sqlite3.Error), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT INTO sent VALUES (?,?,?)",
                [(at, account, campaign_id) for account in accounts],
            )
            self.note_campaign(campaign_id, seen)

    def sent_by_others(self, account: str, campaign_id: str, since: int) -> list[int]:
        """Instants of what other campaigns sent from this account."""
        rows = self._connection.execute(
            "SELECT at FROM sent WHERE account=? AND at>=? AND campaign<>? ORDER BY at",
            (account, since, campaign_id),
        )
        return [int(row[0]) for row in rows]

    def forget_before(self, at: int) -> None:
        """Drop lines that no window reaches any more."""
        self._connection.execute("DELETE FROM sent WHERE at < ?", (at - KEPT_MICROS,))

    def last_seen(self, campaign_id: str) -> LastSeen | None:
        """What is remembered of a campaign."""
        row = self._connection.execute(
            "SELECT seq, hash, folder FROM campaigns WHERE campaign=?", (campaign_id,)
        ).fetchone()
        return None if row is None else LastSeen(int(row[0]), str(row[1]), str(row[2]))

    def note_campaign(self, campaign_id: str, seen: LastSeen) -> None:
        """Remember how far a campaign got."""
        self._connection.execute(
            "INSERT OR REPLACE INTO campaigns VALUES (?,?,?,?)",
            (campaign_id, seen.seq, seen.hash, seen.folder),
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
