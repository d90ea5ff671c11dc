"""LibreOffice sheets: an ODS keeps, beside each value, the very text it shows; that text is what is read.

python-calamine gives values only (1000 for a cell that shows 01000, nothing for #N/A).
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from app.core.errors.files import FileSuspicious, NoTable, SheetMissing
from app.core.header_row import column_letters, find_header
from app.core.table import RawRow
from app.spreadsheet.table import SheetFacts
from app.spreadsheet.xlsx_parts import Extras

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_FOUR_DIGITS = re.compile(r"\d{4}")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MOST_CELLS = 40_000_000
_LARGEST_REPEAT = 100_000  # of a row that holds something
_LOOKED_AT = 40


@dataclass(slots=True)
class OdsSheet:
    """One sheet, as the rest of the reader sees any sheet."""

    name: str
    hidden: bool = False
    #: row number (from 1) and cells; rows without any text are left out here
    filled: list[tuple[int, list[str]]] = field(default_factory=list)
    extras: Extras = field(default_factory=Extras)
    merged: tuple[str, ...] = ()
    dates_completed: int = 0
    sheets: tuple[SheetFacts, ...] = ()
    width: int = 0

    @property
    def last_row(self) -> int:
        """Number of the last row with something in it."""
        return self.filled[-1][0] if self.filled else 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row from the first, empty ones included."""
        expected = 1
        for number, cells in self.filled:
            while expected < number:
                yield expected, [""]
                expected += 1
            yield number, cells
            expected = number + 1


def open_ods(name: str, data: bytes, wanted: str | None) -> OdsSheet:
    """The sheet asked for, or the one whose header is best understood.

    Raises:
        SheetMissing, NoTable, FileSuspicious; zipfile.BadZipFile, ElementTree.ParseError, KeyError: damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise FileSuspicious(name)
    sheets = list(_sheets(name, content))
    facts = tuple(SheetFacts(one.name, one.hidden, one.last_row, one.width) for one in sheets)
    if wanted is not None and wanted not in {one.name for one in sheets}:
        raise SheetMissing(name, wanted)
    usable = [one for one in sheets if one.filled and wanted in (None, one.name)]
    if not usable:
        raise NoTable(name)
    chosen = max(usable, key=lambda one: (not one.hidden, _known(one), one.last_row * one.width))
    chosen.sheets = facts
    return chosen


def _known(sheet: OdsSheet) -> int:
    return find_header([RawRow(n, tuple(cells)) for n, cells in sheet.filled[:_LOOKED_AT]]).known


def _sheets(name: str, content: bytes) -> Iterator[OdsSheet]:
    hidden_styles: set[str] = set()
    sheet = OdsSheet("")
    row_number = column_number = cells_read = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314 - no DTD
        tag = element.tag
        if event == "start":
            if tag == f"{_TABLE}table":
                style = element.get(f"{_TABLE}style-name", "")
                sheet = OdsSheet(element.get(f"{_TABLE}name", ""), style in hidden_styles)
                row_number = column_number = 0
            continue
        if tag == f"{_STYLE}style":
            if any(child.get(f"{_TABLE}display") == "false" for child in element):
                hidden_styles.add(element.get(f"{_STYLE}name", ""))
        elif tag == f"{_TABLE}table-column":
            column_number = _note_column(element, sheet, column_number)
        elif tag == f"{_TABLE}table-row":
            row_number, added = _note_row(element, sheet, row_number)
            cells_read += added
            if cells_read > _MOST_CELLS:
                raise FileSuspicious(name)
            element.clear()
        elif tag == f"{_TABLE}table":
            yield sheet
            element.clear()


def _repeat(element: Any, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdigit() else 1


def _is_hidden(element: Any) -> bool:
    return str(element.get(f"{_TABLE}visibility", "visible")) != "visible"


def _note_column(element: Any, sheet: OdsSheet, column: int) -> int:
    repeat = _repeat(element, "columns")
    if _is_hidden(element):
        sheet.extras.hidden_columns.extend(range(column, column + min(repeat, 1024)))
    return column + repeat


def _note_row(element: Any, sheet: OdsSheet, row: int) -> tuple[int, int]:
    """Add the row as often as it is repeated; the number of the last row, and how many cells it made."""
    cells: list[str] = []
    pending = 0  # empty cells, kept only when something follows
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        repeat = _repeat(cell, "columns")
        text = _text(cell, sheet, row, len(cells) + pending)
        if not text:
            pending += repeat
            continue
        cells.extend([""] * min(pending, 1024))
        cells.extend([text] * min(repeat, 1024))
        pending = 0
    repeat = _repeat(element, "rows")
    if not cells:
        return row + repeat, 0
    if _is_hidden(element):
        sheet.extras.hidden_rows.extend(range(row, row + min(repeat, 1024)))
    sheet.width = max(sheet.width, len(cells))
    for number in range(row + 1, row + 1 + min(repeat, _LARGEST_REPEAT)):
        sheet.filled.append((number, cells.copy()))
    return row + repeat, len(cells) * repeat


def _text(cell: Any, sheet: OdsSheet, row: int, column: int) -> str:
    """The shown text; a date shown in short is given in full, and counted."""
    if (
        cell.get(f"{_TABLE}number-columns-spanned", "1") != "1"
        or cell.get(f"{_TABLE}number-rows-spanned", "1") != "1"
    ):
        sheet.merged += (f"{column_letters(column)}{row + 1}",)
    text = "\n".join(_paragraph(part) for part in cell if part.tag == f"{_TEXT}p")
    if cell.get(f"{_TABLE}formula") and not text and cell.get(f"{_OFFICE}value-type") is None:
        sheet.extras.empty_formulas.append((row, column))
    if not text:  # some programs write values without their text
        text = cell.get(f"{_OFFICE}string-value") or cell.get(f"{_OFFICE}value") or ""
    day = _DAY.match(cell.get(f"{_OFFICE}date-value", ""))
    if day and not _FOUR_DIGITS.search(text):
        sheet.dates_completed += bool(text)
        return f"{day[3]}/{day[2]}/{day[1]}"
    return text


def _paragraph(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1") or 1), 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag != f"{_OFFICE}annotation":
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)
