"""A file understood: what its columns are and how its first rows would become patients. Nothing is written.

A generator of events; it can be stopped, and then nothing has happened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from app import paths
from app.core.clock import Clock, SystemClock
from app.core.columns import ColumnMapping, propose_mapping
from app.core.errors import Cancelled
from app.core.errors.files import NoNameColumn, NoReachColumn
from app.core.header_row import looks_like_data
from app.core.headers import fold
from app.core.issue import Issue, Level
from app.core.postcodes import PostcodeIndex
from app.core.repairs import RepairLog
from app.core.row_values import CleanedRow
from app.core.rows import RowCleaner, is_total
from app.core.table import RawRow
from app.services.control import Control
from app.spreadsheet import Table, read_steps
from app.wording.french import PARIS

_SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user chose instead of what was found; None leaves it to the program."""

    password: str | None = field(default=None, repr=False)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    #: number of the header row, 0 for « no header »
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """``step``: reading, comparing, cleaning, checking, writing. ``total`` is 0 while unknown."""

    step: str
    done: int
    total: int = 0


@dataclass(frozen=True, slots=True)
class Understanding:
    """A file as understood; nothing is written yet."""

    path: Path
    options: ReadOptions
    table: Table
    mapping: ColumnMapping
    #: first rows as they would become patients
    first_rows: tuple[CleanedRow, ...] = ()
    #: day on which ages and future dates are judged
    today: date = date.max

    def with_mapping(self, mapping: ColumnMapping) -> "Understanding":
        """The same file with corrected columns."""
        changed = replace(self, mapping=mapping)
        return replace(changed, first_rows=_first_rows(changed))

    def with_header_row(
        self, number: int, remembered: Mapping[tuple[str, ...], Mapping[str, str]] | None = None
    ) -> "Understanding":
        """The same file with another header row (0: none); columns are proposed again."""
        table = self.table.with_header_row(number)
        return _understood(self.path, self.options, table, remembered or {}, self.today)


def today_in_france(clock: Clock | None = None) -> date:
    """The calendar day in France."""
    return (clock or SystemClock()).now().astimezone(PARIS).date()


@lru_cache(maxsize=1)
def postcode_index() -> PostcodeIndex:
    """The bundled extract of postcodes (see resources/communes)."""
    with (paths.resources_dir() / "communes" / "codes-postaux.tsv").open(encoding="utf-8") as lines:
        return PostcodeIndex(lines)


def understand(
    path: Path,
    options: ReadOptions | None = None,
    control: Control | None = None,
    *,
    remembered: Mapping[tuple[str, ...], Mapping[str, str]] | None = None,
    today: date | None = None,
) -> Iterator[ImportProgress | Understanding]:
    """Read the file and propose what its columns are; the last event is the Understanding.

    ``remembered``: headers → mapping (header → field) that the user corrected before.

    Raises:
        UserError: one of core.errors.files, in one sentence.
        Cancelled: the control was stopped.
    """
    chosen = options or ReadOptions()
    steps = read_steps(
        path,
        password=chosen.password,
        encoding=chosen.encoding,
        delimiter=chosen.delimiter,
        sheet=chosen.sheet,
        header_row=chosen.header_row,
    )
    table: Table | None = None
    try:
        for step in steps:
            if control is not None and not control.wait():
                raise Cancelled
            if isinstance(step, Table):
                table = step
            else:
                yield ImportProgress("reading", step)
    finally:
        steps.close()
    if table is not None:
        yield _understood(path, chosen, table, remembered or {}, today or today_in_france())


def _understood(
    path: Path,
    options: ReadOptions,
    table: Table,
    remembered: Mapping[tuple[str, ...], Mapping[str, str]],
    today: date,
) -> Understanding:
    known = remembered.get(table.headers) if table.place.exists else None
    mapping = propose_mapping(table.headers, table.sample(), known, today)
    mapping = replace(mapping, headers_are_real=table.place.exists)
    found = Understanding(path, options, table, mapping, (), today)
    return replace(found, first_rows=_first_rows(found))


def _first_rows(understanding: Understanding) -> tuple[CleanedRow, ...]:
    cleaner = RowCleaner(understanding.mapping, understanding.today, postcode_index())
    return tuple(
        cleaner.clean(row) for row in understanding.table.sample(_SHOWN_ROWS) if not is_total(row)
    )


@dataclass(slots=True)
class RowCounts:
    """What became of the rows under the header."""

    rows: int = 0
    blank: int = 0
    left_out: list[Issue] = field(default_factory=list)


def people_of(
    understanding: Understanding, counts: RowCounts, repairs: RepairLog, *, first_row: int = 0
) -> Iterator[CleanedRow]:
    """Every patient of the list; blank rows, totals and repeated headers are counted, not lost in silence."""
    cleaner = RowCleaner(understanding.mapping, understanding.today, postcode_index(), first_row)
    headers = understanding.table.headers
    first_header = next((title for title in headers if title), "")
    for raw_row in understanding.table.rows():
        cells = raw_row.cells
        if not any(map(str.strip, cells)):
            counts.blank += 1
            continue
        counts.rows += 1
        code = left_out(raw_row, headers, first_header)
        if code:
            counts.left_out.append(Issue(code, Level.INFO, raw_row.number + first_row))
            continue
        cleaned = cleaner.clean(raw_row)
        if cleaned.marks:
            repairs.note(cleaned)
        yield cleaned


def left_out(raw_row: RawRow, headers: tuple[str, ...], first_header: str) -> str:
    """Why a row is no patient: a total, or the header printed again on each page."""
    cells = raw_row.cells
    filled = len(cells) - cells.count("")
    if filled <= 3 and is_total(raw_row):
        return "row_total"
    if first_header and first_header in cells and not looks_like_data(cells):
        same = sum(
            fold(cell) == fold(title) for cell, title in zip(cells, headers, strict=False) if cell
        )
        if same > 1 and same >= filled - 1:
            return "row_header_again"
    return ""


def heed(control: Control | None) -> None:
    """Wait while paused; Cancelled once stopped."""
    if control is not None and not control.wait():
        raise Cancelled


def check_mapping(understanding: Understanding) -> None:
    """Refuse a mapping that could give no letter.

    Raises:
        NoNameColumn, NoReachColumn
    """
    if not understanding.mapping.gives_names:
        raise NoNameColumn(understanding.path.name)
    if not understanding.mapping.gives_reach:
        raise NoReachColumn(understanding.path.name)
