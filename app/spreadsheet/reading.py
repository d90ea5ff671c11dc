"""``read_table``: a file somebody else made → rows of text, through a child process that may die without harm."""

import json
import os
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.errors import BugError, Cancelled
from app.core.errors.files import NoTable
from app.spreadsheet import child
from app.spreadsheet.guard import GuardedChildren, ReadAgain
from app.spreadsheet.table import Batch, FileFacts, Table, join_facts, without_gaps

_LONG_FILE = 4_000_000  # bytes of XLSX: some fifty thousand rows
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
    requests = [request]
    if _is_long(path):
        requests = [replace(request, part=part, parts=2) for part in range(2)]
    try:
        reading = yield from _reading(path.name, requests)
    except ReadAgain:
        reading = yield from _reading(path.name, [replace(request, by_pattern=False)])
    if not any(part.batches for part in reading):
        raise NoTable(path.name)
    facts = join_facts([part.facts for part in reading if part.facts is not None])
    batches = without_gaps([batch for part in reading for batch in part.batches])
    yield Table.build(facts, batches, header_row)


@dataclass(slots=True)
class _Part:
    """What one child has told."""

    batches: list[Batch] = field(default_factory=list)
    facts: FileFacts | None = None


def _is_long(path: Path) -> bool:
    """True when a second child is worth its start; it ends at once when the file is of another kind."""
    try:
        size = path.stat().st_size
    except OSError:
        return False  # the child will say so
    return size > _LONG_FILE and (os.cpu_count() or 1) > 1


def _reading(name: str, requests: list[child.Request]) -> Generator[int, None, list[_Part]]:
    parts = [_Part() for _ in requests]
    children = GuardedChildren(name, requests)
    rows = 0
    try:
        for told in children.messages():
            if told is not None:
                number, message = told
                tag = message[:1]
                if tag == child.FACTS:
                    parts[number].facts = FileFacts.from_json(json.loads(message[1:]))
                else:
                    batch = _batch(message, by_columns=tag == child.COLUMNS)
                    parts[number].batches.append(batch)
                    rows += len(batch.numbers)
            yield rows
    finally:
        children.kill()
    if parts[0].facts is None:
        raise BugError("the reader sent no facts")
    return parts


def _batch(message: bytes, *, by_columns: bool) -> Batch:
    head, _, text = message[1:].decode("utf-8").partition("\n")
    first, _, count = head.partition(",")
    return Batch(range(int(first), int(first) + int(count)), text, by_columns)
