"""``read_table``: a file somebody else made → rows of text, through a child process that may die without harm."""

import json
import multiprocessing
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from app.core.errors import BugError, Cancelled, UserError
from app.core.errors import files as file_errors
from app.core.errors.files import NoTable, ReaderDied, ReadingTooHeavy, ReadingTooLong
from app.spreadsheet import child
from app.spreadsheet.table import Batch, FileFacts, Table

MOST_MEMORY = 1_500_000_000
LONGEST_SECONDS = 120
_LOOK_SECONDS = 0.05
_ADDRESS_SPACE = 6_000_000_000  # a backstop for one huge allocation between two looks


def read_table(
    path: Path,
    *,
    password: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Table:
    """Read the list at ``path``; every cell is the text the user sees in the spreadsheet.

    ``header_row`` is the number of the header row, 0 for « no header », None to find it; ``progress`` is
    called with the number of rows read so far; ``cancelled`` is asked every 50 ms.

    Raises:
        UserError: one of core.errors.files.
        Cancelled: ``cancelled`` said so.
    """
    steps = read_steps(
        path,
        password=password,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        header_row=header_row,
    )
    with closing(steps):
        for step in steps:
            if isinstance(step, Table):
                return step
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(step)
    raise BugError("the reader ended without a table")


def read_steps(
    path: Path,
    *,
    password: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Generator[int | Table, None, None]:
    """The same as a generator: the number of rows read so far, at least every 50 ms, then the table.

    Closing it stops the child process at once.
    """
    request = child.Request(str(path), password, encoding, delimiter, sheet, _ADDRESS_SPACE)
    context = multiprocessing.get_context(
        "spawn"
    )  # fork would copy Qt's threads and open connections
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=child.main, args=(theirs, request), daemon=True)
    process.start()
    theirs.close()
    facts: FileFacts | None = None
    batches: list[Batch] = []
    try:
        rows = 0
        for message in _messages(ours, process.pid, path.name):
            if isinstance(message, Batch):
                batches.append(message)
                rows += len(message.numbers)
            elif isinstance(message, FileFacts):
                facts = message
            yield rows
    finally:
        ours.close()
        if process.is_alive():
            process.kill()
        process.join()
        process.close()
    if facts is None:
        raise BugError("the reader sent no facts")
    if not batches:
        raise NoTable(path.name)
    yield Table.build(facts, batches, header_row)


def _messages(ours: Any, pid: int | None, name: str) -> Iterator[Batch | FileFacts | None]:
    """What the child says, and None when it is busy; its limits are looked after here."""
    deadline = time.monotonic() + LONGEST_SECONDS
    watched = _watch(pid)
    while True:
        if time.monotonic() > deadline:
            raise ReadingTooLong(name, LONGEST_SECONDS)
        if not ours.poll(_LOOK_SECONDS):
            _check_memory(watched, name)
            yield None
            continue
        try:
            message = ours.recv_bytes()
        except (EOFError, OSError) as error:
            raise ReaderDied(name) from error
        tag = message[:1]
        if tag == child.ROWS:
            yield _batch(message)
        elif tag == child.FACTS:
            yield FileFacts.from_json(json.loads(message[1:]))
        elif tag == child.FAILURE:
            raise _failure(json.loads(message[1:]))
        elif tag == child.BROKEN:
            raise ReaderDied(name)
        elif tag == child.END:
            return


def _watch(pid: int | None) -> psutil.Process | None:
    if pid is None:
        return None
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _check_memory(watched: psutil.Process | None, name: str) -> None:
    if watched is None:
        return
    try:
        memory = watched.memory_info().rss
    except psutil.Error:
        return  # it has just ended: the pipe will say how
    if memory > MOST_MEMORY:
        raise ReadingTooHeavy(name, MOST_MEMORY // 1_000_000)


def _batch(message: bytes) -> Batch:
    head, _, text = message[1:].decode("utf-8").partition("\n")
    first, _, count = head.partition(",")
    return Batch(range(int(first), int(first) + int(count)), text)


def _failure(plain: dict[str, Any]) -> UserError:
    kind = getattr(file_errors, str(plain.get("kind")), None)
    if not (isinstance(kind, type) and issubclass(kind, UserError)):
        raise BugError("the reader sent an unknown failure")
    error: UserError = kind(**plain["facts"])
    return error
