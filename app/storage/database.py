"""One connection to an encrypted campaign database: key, pragmas, transactions, translated errors."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.errors import BugError
from app.core.errors.storage import (
    CampaignBusy,
    CampaignDamaged,
    CampaignReadOnly,
    DiskFull,
    WriteFailed,
)
from app.storage.engine import sqlcipher3
from app.storage.file_lock import FileLock

#: full fsync at each commit: a letter is never repeated because the disk forgot (storage.md A.3)
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "foreign_keys=ON",
    "secure_delete=ON",
    "fullfsync=1",
    "checkpoint_fullfsync=1",
    # the index of the search over 300,000 people, decrypted once
    "cache_size=-32768",
    "trusted_schema=OFF",
)
#: a writer waits for another thread's transaction at most this long; a purge or an import is the longest
WRITE_WAIT_SECONDS = 120.0
BACKUPS_FOLDER = "sauvegardes"

Row = Sequence[Any]


def connect(file: Path, key: bytes) -> sqlcipher3.Connection:
    """A keyed connection with our pragmas; the first read has been made.

    Raises:
        sqlcipher3.DatabaseError: wrong key or damaged first page (SQLITE_NOTADB).
    """
    connection = sqlcipher3.connect(str(file), isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")  # else errors are printed on stderr
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")  # raw: no PBKDF2
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translating(name: str, backups: Callable[[], int] = int) -> Iterator[None]:
    """Turn the engine's errors into ours (https://www.sqlite.org/rescode.html).

    ``backups`` counts the copies at hand; asked for only when something failed.
    """
    try:
        yield
    except sqlcipher3.Error as error:
        raise _translated(error, name, backups()) from error


#: Connection.backup() gives no code, only sqlite3_errstr's text (https://www.sqlite.org/c3ref/errcode.html)
_TEXTS = {
    "disk is full": "SQLITE_FULL",
    "disk i/o error": "SQLITE_IOERR",
    "malformed": "SQLITE_CORRUPT",
    "not a database": "SQLITE_NOTADB",
    "readonly": "SQLITE_READONLY",
    "unable to open": "SQLITE_CANTOPEN",
    "locked": "SQLITE_BUSY",
}


def _code_of(text: str) -> str:
    lowered = text.lower()
    return next((code for words, code in _TEXTS.items() if words in lowered), "")


def _translated(error: sqlcipher3.Error, name: str, backups: int) -> Exception:
    code = str(getattr(error, "sqlite_errorname", "")) or _code_of(str(error))
    translated: Exception
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        translated = CampaignDamaged(name, backups)
    elif code == "SQLITE_FULL":
        translated = DiskFull()
    elif code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN")):
        translated = CampaignReadOnly(name)
    elif code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        translated = CampaignBusy(name)
    elif code.startswith("SQLITE_IOERR"):
        translated = WriteFailed(name)
    else:  # a constraint or a statement of ours: the message may quote values, the code does not
        translated = BugError(f"SQL failed: {code or type(error).__name__}")
    return translated


@dataclass
class Shared:
    """What the connections of one program to one campaign have in common."""

    folder: Path
    key: bytes = field(repr=False)
    file_lock: FileLock
    #: a copied or restored campaign that the user has not confirmed yet
    doubts: tuple[str, ...] = ()
    #: writers queue here, without the engine's sleeping retries
    write_lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def backups(self) -> int:
        """How many backup copies lie beside the database."""
        return len(list((self.folder / BACKUPS_FOLDER).glob("*.db")))


class Database:
    """Reads, and writes in short durable transactions. Used from one thread, the first that uses it."""

    def __init__(self, shared: Shared, file: Path) -> None:
        self._shared = shared
        with translating(shared.name, shared.backups):
            self._connection = connect(file, shared.key)
        self._thread: int | None = None
        self._inside = False
        #: an event was written that the computer's own notes do not know yet
        self._has_news = False

    # reading

    def _check_thread(self) -> None:
        current = threading.get_ident()
        if self._thread is None:
            self._thread = current
        elif self._thread != current:
            raise BugError("one connection per thread: use reopen() in the other thread")

    def hand_over(self) -> None:
        """The next thread that uses it owns it: after opening in a worker, before the window takes it."""
        self._thread = None

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        self._check_thread()
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlcipher3.Error as error:
            raise _translated(error, self._shared.name, self._shared.backups()) from error

    def _one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        self._check_thread()
        try:
            return self._connection.execute(sql, parameters).fetchone()  # type: ignore[no-any-return]  # the column has one type
        except sqlcipher3.Error as error:
            raise _translated(error, self._shared.name, self._shared.backups()) from error

    def _value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        row = self._one(sql, parameters)
        return None if row is None else row[0]

    # writing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed together, durably, or not at all.

        Raises:
            BugError: already inside a transaction.
            DiskFull, WriteFailed, CampaignDamaged, CampaignBusy: nothing was committed.
        """
        self._check_thread()
        if self._inside:
            raise BugError("transactions do not nest")
        if not self._shared.write_lock.acquire(timeout=WRITE_WAIT_SECONDS):
            raise CampaignBusy(self._shared.name)
        self._inside = True
        try:
            with translating(self._shared.name, self._shared.backups):
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._connection.execute("COMMIT")
            self._note_commit()
        finally:
            self._has_news = False
            # after a full disk the engine may have rolled back by itself
            if self._connection.in_transaction:
                with suppress(sqlcipher3.Error):
                    self._connection.execute("ROLLBACK")
            self._inside = False
            self._shared.write_lock.release()

    def _note_commit(self) -> None:
        """Called after each durable commit."""

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Inside the caller's transaction, or in one of its own."""
        if self._inside:
            self._check_thread()
            with translating(self._shared.name):
                yield
        else:
            with self.transaction():
                yield

    def _execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one statement inside a transaction; the number of changed rows."""
        if not self._inside:
            raise BugError("write outside a transaction")
        return int(self._connection.execute(sql, parameters).rowcount)

    def _insert(self, sql: str, parameters: Sequence[object]) -> int:
        """Insert one row inside a transaction; its key."""
        if not self._inside:
            raise BugError("write outside a transaction")
        return self._connection.execute(sql, parameters).lastrowid or 0

    def _close_connection(self, *, checkpoint: bool) -> None:
        if checkpoint:
            # nothing is lost when this fails: the WAL is read at the next opening
            with suppress(sqlcipher3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()
