"""The guarded child process: everything that touches the bytes of somebody else's file happens here.

It speaks to its parent by messages of bytes: one letter, then JSON or the text of a batch. Nothing received
from it is ever executed or unpickled.
"""

import gc
import hashlib
import json
import os
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from app.core.errors import UserError
from app.core.errors.files import (
    FileDamaged,
    NoTable,
    ReadingTooHeavy,
)
from app.core.header_row import column_letters
from app.spreadsheet.encodings import accents_of
from app.spreadsheet.formats import format_of, only_list_of, read_bytes
from app.spreadsheet.large_xlsx import LargeSheet, open_large
from app.spreadsheet.ods_file import OdsSheet, open_ods
from app.spreadsheet.ole_file import unwrap_ole
from app.spreadsheet.sheet_pattern import UnusualSheet
from app.spreadsheet.table import CELL_END, ROW_END, FileFacts, SheetFacts
from app.spreadsheet.text_file import read_text
from app.spreadsheet.workbook import OpenSheet, open_workbook

FACTS, ROWS, COLUMNS, AGAIN, FAILURE, BROKEN, END = b"F", b"R", b"C", b"A", b"E", b"B", b"Z"
BATCH_ROWS = 1_000
_LARGE_KINDS = ("xlsx", "xlsm")
_LISTED = 200


@dataclass(frozen=True, slots=True)
class Request:
    """What the parent asks; picklable."""

    path: str
    password: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    #: bytes of address space the child may take, 0 for no limit
    memory: int = 0
    #: a long sheet is read by several children, each its part; the others end at once on other files
    part: int = 0
    parts: int = 1
    #: False when a child found that the sheet is not regular
    by_pattern: bool = True


def main(connection: Connection, request: Request) -> None:
    """Read the file and send facts and rows; every end is a message, or the death of this process."""
    gc.disable()  # a short life, millions of small texts and no cycle
    _limit_memory(request.memory)
    _be_quiet()
    name = Path(request.path).name
    try:
        for message in _messages(request, name):
            connection.send_bytes(message)
        connection.send_bytes(END)
    except UserError as error:
        connection.send_bytes(
            FAILURE + _json({"kind": type(error).__name__, "facts": dict(vars(error))})
        )
    except MemoryError:
        failure = ReadingTooHeavy(name, request.memory // 1_000_000)
        connection.send_bytes(
            FAILURE + _json({"kind": "ReadingTooHeavy", "facts": asdict(failure)})
        )
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)  # the parent has gone or has stopped us
    except BaseException as error:  # noqa: BLE001 - pyo3's PanicException is a BaseException; the file broke its parser
        connection.send_bytes(BROKEN + type(error).__name__.encode())
    finally:
        connection.close()


def _be_quiet() -> None:
    """A parser that breaks writes its own last words: the parent says what is to be said."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _limit_memory(limit: int) -> None:
    if limit and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _messages(request: Request, name: str) -> Iterator[bytes]:
    data = read_bytes(Path(request.path))
    facts = FileFacts(name, "", len(data), hashlib.sha256(data).hexdigest())
    kind = format_of(name, data)
    inner = name
    if kind == "zip":
        member, data = only_list_of(name, data, request.password)
        inner = member.rpartition("/")[2]
        facts = replace(facts, member=member)
        kind = format_of(inner, data)
        if kind == "zip":
            raise FileDamaged(name)
    if kind == "ole":
        kind, data, encrypted = unwrap_ole(name, data, request.password)
        facts = replace(facts, was_encrypted=encrypted)
    extension = inner.rpartition(".")[2].lower()
    if kind == "xlsx" and extension == "xlsm":
        kind = "xlsm"
    facts = replace(facts, format=kind, extension_is_wrong=not _fits(kind, extension))
    if request.part and kind not in _LARGE_KINDS:
        return
    yield from (
        _text_messages(request, name, data, facts)
        if kind == "csv"
        else _workbook_messages(request, name, data, facts)
    )


def _fits(kind: str, extension: str) -> bool:
    if kind == "csv":
        return extension in {"csv", "tsv", "txt", "tab", ""}
    return extension == kind or (kind == "xlsx" and extension in {"xltx", "xlsm"})


def _text_messages(request: Request, name: str, data: bytes, facts: FileFacts) -> Iterator[bytes]:
    text = read_text(name, data, request.encoding, request.delimiter)
    del data
    rows, columns = 0, 0
    accents: list[str] = []
    for batch in _batches(enumerate(text.rows(name), start=1)):
        for _, cells in batch:
            rows += 1
            columns = max(columns, len(cells))
            if (len(accents) < _LISTED and not text.guess.is_sure) or len(accents) < 8:
                accents.extend(cell for cell in cells if not cell.isascii())
        yield _pack(batch)
    yield FACTS + _json(
        replace(
            facts,
            encoding=text.guess.encoding,
            encoding_is_sure=text.guess.is_sure,
            accents=accents_of(accents),
            delimiter=text.delimiter,
            rows=rows,
            columns=columns,
            control_characters=text.control_characters,
        ).to_json()
    )


def _workbook_messages(
    request: Request, name: str, data: bytes, facts: FileFacts
) -> Iterator[bytes]:
    try:
        if facts.format in _LARGE_KINDS and request.by_pattern:
            large = open_large(data, request.sheet, request.part, request.parts)
            if large is not None:
                try:
                    yield from _large_messages(large, name, facts)
                except UnusualSheet:
                    yield AGAIN
                return
        if request.part:
            return
        opened: OpenSheet | OdsSheet
        if facts.format == "ods":
            opened = open_ods(name, data, request.sheet)
        else:
            opened = open_workbook(name, data, facts.format, request.sheet)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError) as error:
        raise FileDamaged(name) from error
    del data
    rows, columns, cleaned = 0, 0, 0
    for batch in _batches(opened.rows()):
        for _, cells in batch:
            rows += 1
            columns = max(columns, len(cells))
        message = _pack(batch)
        if message.count(0x1F) + message.count(0x1E) != sum(len(cells) for _, cells in batch) - 1:
            cleaned += _without_controls([cells for _, cells in batch])
            message = _pack(batch)
        yield message
    if not rows:
        raise NoTable(name)
    yield _sheet_facts(facts, opened, opened.sheets, rows, columns, cleaned)


def _large_messages(large: LargeSheet, name: str, facts: FileFacts) -> Iterator[bytes]:
    rows, columns, cleaned = 0, 0, 0
    for number, block in large.blocks():
        rows = number + len(block[0]) - 1
        columns = max(columns, len(block))
        message = _pack_columns(number, block)
        if message.count(0x1F) + message.count(0x1E) != len(block) * len(block[0]) - 1:
            cleaned += _without_controls(block)
            message = _pack_columns(number, block)
        yield message
    if not rows and not large.part_number:
        raise NoTable(name)
    sheets = (SheetFacts(large.name, large.hidden, rows, columns),)
    yield _sheet_facts(facts, large, sheets, rows, columns, cleaned)


def _sheet_facts(
    facts: FileFacts,
    opened: "OpenSheet | OdsSheet | LargeSheet",
    sheets: tuple[SheetFacts, ...],
    rows: int,
    columns: int,
    cleaned: int,
) -> bytes:
    extras = opened.extras
    return FACTS + _json(
        replace(
            facts,
            sheet=opened.name,
            sheets=sheets,
            rows=rows,
            columns=columns,
            hidden_rows=tuple(number + 1 for number in extras.hidden_rows[:_LISTED]),
            hidden_columns=tuple(number + 1 for number in extras.hidden_columns[:_LISTED]),
            merged=opened.merged,
            empty_formulas=tuple(
                f"{column_letters(column)}{row + 1}"
                for row, column in extras.empty_formulas[:_LISTED]
            ),
            dates_completed=opened.dates_completed,
            control_characters=cleaned,
        ).to_json()
    )


def _batches(rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    batch: list[tuple[int, list[str]]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _pack(batch: list[tuple[int, list[str]]]) -> bytes:
    """Row numbers are consecutive: only the first is sent."""
    text = ROW_END.join([CELL_END.join(cells) for _, cells in batch])
    head = f"{batch[0][0]},{len(batch)}\n"
    return ROWS + (head + text).encode("utf-8", "replace")


def _pack_columns(first: int, columns: list[list[str]]) -> bytes:
    text = ROW_END.join([CELL_END.join(column) for column in columns])
    return COLUMNS + f"{first},{len(columns[0])}\n{text}".encode("utf-8", "replace")


def _without_controls(lines: list[list[str]]) -> int:
    cleaned = 0
    for cells in lines:
        for index, cell in enumerate(cells):
            if CELL_END in cell or ROW_END in cell:
                cells[index] = cell.replace(CELL_END, " ").replace(ROW_END, " ")
                cleaned += 1
    return cleaned
