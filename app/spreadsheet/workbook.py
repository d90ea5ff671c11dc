"""Workbooks read with python-calamine, completed with what it does not tell, as text."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.core.errors.files import (
    EncryptionUnsupported,
    FileDamaged,
    FileSuspicious,
    FormatUnknown,
    NoTable,
    PasswordNeeded,
    SheetMissing,
)
from app.core.header_row import column_letters, find_header
from app.core.table import RawRow
from app.spreadsheet.cell_dates import date_text, is_date_format
from app.spreadsheet.cell_text import general, number_text
from app.spreadsheet.formats import OLE_MAGIC
from app.spreadsheet.table import SheetFacts
from app.spreadsheet.xls_parts import is_locked, read_xls_extras
from app.spreadsheet.xlsb_parts import read_xlsb_extras
from app.spreadsheet.xlsx_parts import Extras, read_extras

_MOST_CELLS = 40_000_000  # 300,000 patients × 14 are 4 millions
_MOST_SHEETS = 30
_LOOKED_AT = 40
_SHORTEST_CODE_IN_FULL = 6


@dataclass(slots=True)
class OpenSheet:
    """The sheet chosen, ready to be turned into text."""

    sheet: Any
    name: str
    sheets: tuple[SheetFacts, ...]
    extras: Extras = field(default_factory=Extras)
    dates_completed: int = 0

    @property
    def merged(self) -> tuple[str, ...]:
        """« A1:C1 », the first hundred."""
        ranges = self.sheet.merged_cell_ranges or []
        return tuple(
            f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
            for (top, left), (bottom, right) in ranges[:100]
        )

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row number (from 1) and cells as text, first column A."""
        start = self.sheet.start
        margin = [""] * (start[1] if start else 0)
        formats, errors = self.extras.formats, self.extras.errors
        columns = sorted(formats.items())
        for index, values in enumerate(self.sheet.iter_rows()):
            cells = margin + [v if v.__class__ is str else _text(v) for v in values]
            for column, codes in columns:
                code = codes.get(index)
                if code is not None and column < len(cells):
                    self._reformat(cells, column, values[column - len(margin)], code)
            if index in errors:
                for column, text in errors[index].items():
                    if column < len(cells):
                        cells[column] = text
            yield index + 1, cells

    def _reformat(self, cells: list[str], column: int, value: Any, code: str) -> None:
        kind = value.__class__
        if kind is float or kind is int:
            cells[column] = number_text(value, code)
        elif kind in (date, datetime, time, timedelta):
            cells[column] = date_text(value, code)
            if (
                kind in (date, datetime)
                and is_date_format(code)
                and len(cells[column]) >= _SHORTEST_CODE_IN_FULL
            ):
                self.dates_completed += "yyy" not in code.lower()


def _text(value: Any) -> str:
    """A cell without a telling format."""
    kind = value.__class__
    if kind is float:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else general(value)
    if kind is date:
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if kind is bool:
        return "VRAI" if value else "FAUX"
    if kind is int:
        return str(value)
    return date_text(value, "")


_EXTRAS: dict[str, Callable[[bytes, str], Extras]] = {
    "xlsx": read_extras,
    "xlsm": read_extras,
    "xlsb": read_xlsb_extras,
    "xls": read_xls_extras,
}


def open_workbook(name: str, data: bytes, file_format: str, sheet: str | None) -> OpenSheet:
    """Open the sheet asked for, or the one whose header is best understood.

    Raises:
        FileDamaged, PasswordNeeded, SheetMissing, NoTable, FileSuspicious
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise PasswordNeeded(name) from error
    except CalamineError as error:
        if file_format == "xls" and not data.startswith(OLE_MAGIC):
            raise FormatUnknown(name, "old_excel") from error  # Excel 2 to 4, before 1993
        if file_format == "xls" and is_locked(data):
            raise EncryptionUnsupported(name) from error
        raise FileDamaged(name) from error
    metadata = [meta for meta in workbook.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
    if sheet is not None and sheet not in {meta.name for meta in metadata}:
        raise SheetMissing(name, sheet)
    with ThreadPoolExecutor(max_workers=1) as pool:
        # python-calamine parses without the GIL: the extras of the likely sheet are read meanwhile
        likely = sheet or next((meta.name for meta in metadata if _is_visible(meta)), "")
        read = _EXTRAS.get(file_format)
        extras = pool.submit(read, data, likely) if read is not None and likely else None
        chosen, facts = _choose(name, workbook, metadata, sheet)
        if chosen is None:
            raise NoTable(name)
        opened = OpenSheet(chosen, chosen.name, facts)
        if read is not None and extras is not None:
            try:
                opened.extras = (
                    extras.result() if chosen.name == likely else read(data, chosen.name)
                )
            except (
                zipfile.BadZipFile,
                zlib.error,
                ElementTree.ParseError,
                ValueError,
                EOFError,
            ) as error:
                raise FileDamaged(name) from error
    return opened


def _is_visible(meta: Any) -> bool:
    return bool(meta.visible is SheetVisibleEnum.Visible)


def _choose(
    name: str, workbook: Any, metadata: list[Any], wanted: str | None
) -> tuple[Any, tuple[SheetFacts, ...]]:
    """The best sheet and the facts of all; visible sheets first, then understood headers, then size."""
    best, best_score, facts = None, (-1, -1, -1), []
    failure: Exception | None = None
    for meta in metadata[:_MOST_SHEETS]:
        visible = _is_visible(meta)
        try:
            sheet = workbook.get_sheet_by_name(meta.name)
        except CalamineError as error:
            failure = error
            facts.append(SheetFacts(meta.name, hidden=not visible))
            continue
        if sheet.height * max(sheet.width, 1) > _MOST_CELLS:
            raise FileSuspicious(name)
        facts.append(
            SheetFacts(meta.name, not visible, sheet.total_height + 1, sheet.total_width + 1)
        )
        if sheet.start is None or (wanted is not None and meta.name != wanted):
            continue
        score = (int(visible), _known_headers(sheet), sheet.total_height * sheet.total_width)
        if score > best_score:
            best, best_score = sheet, score
    if best is None and failure is not None:
        raise FileDamaged(name) from failure
    return best, tuple(facts)


def _known_headers(sheet: Any) -> int:
    first = sheet.to_python(skip_empty_area=True, nrows=_LOOKED_AT)
    rows = [
        RawRow(number, tuple(v if isinstance(v, str) else _text(v) for v in values))
        for number, values in enumerate(first, start=1)
    ]
    return find_header(rows).known
