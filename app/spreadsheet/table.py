"""What a reading gives: the file's facts and its rows of text."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import zip_longest
from typing import Any

from typing_extensions import override

from app.core.header_row import ROWS_SEARCHED, HeaderPlace, find_header, header_at
from app.core.table import RawRow

CELL_END, ROW_END = "\x1f", "\x1e"
_BLANK_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """One sheet of a workbook."""

    name: str
    hidden: bool = False
    rows: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of the file. Row and column numbers are the spreadsheet's own, from 1."""

    name: str
    #: xlsx, xlsm, xlsb, xls, ods, csv
    format: str
    size: int
    sha256: str
    #: python name of the encoding of a text file, empty for a workbook
    encoding: str = ""
    #: False when the accents must be shown for confirmation
    encoding_is_sure: bool = True
    #: some cells with accents, to be shown beside the choice of encoding
    accents: tuple[str, ...] = ()
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[SheetFacts, ...] = ()
    #: name of the list inside a zip file
    member: str = ""
    #: True when the name says another format than the content
    extension_is_wrong: bool = False
    was_encrypted: bool = False
    rows: int = 0
    columns: int = 0
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    #: « A1:C1 »
    merged: tuple[str, ...] = ()
    #: cells holding a formula whose result was never computed: « B7 »
    empty_formulas: tuple[str, ...] = ()
    #: dates shown in short (« mars-85 ») that are given in full here
    dates_completed: int = 0
    #: control characters replaced by a space
    control_characters: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values for a machine."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "FileFacts":
        """Back from ``to_json``."""
        known: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()
        }
        known["sheets"] = tuple(SheetFacts(**sheet) for sheet in plain.get("sheets", ()))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some thousands of rows as one text: compact to keep, safe to receive (nothing to execute, nothing to parse).

    ``numbers`` are row numbers of the spreadsheet.
    """

    numbers: Sequence[int]
    text: str
    #: the text holds column after column instead of row after row
    by_columns: bool = False
    #: columns of the whole sheet, so that every row of it is as wide
    width: int = 0

    def rows(self) -> Iterator[RawRow]:
        """The rows, in order."""
        if self.by_columns:
            yield from map(RawRow, self.numbers, zip(*self.columns(), strict=True))
            return
        cell_end = CELL_END
        for number, line in zip(self.numbers, self.text.split(ROW_END), strict=True):
            yield RawRow(number, tuple(line.split(cell_end)))

    def columns(self) -> list[Sequence[str]]:
        """The columns from A, all of the same length; short rows are filled with empty cells."""
        if self.by_columns:
            columns: list[Sequence[str]] = [
                column.split(CELL_END) for column in self.text.split(ROW_END)
            ]
        else:
            lines = [line.split(CELL_END) for line in self.text.split(ROW_END)]
            columns = list(zip_longest(*lines, fillvalue=""))
        missing = [""] * len(self.numbers) if len(columns) < self.width else []
        return columns + [missing] * (self.width - len(columns))

    def without_first(self, count: int) -> "Batch":
        """The batch without its first rows."""
        if not count:
            return self
        numbers = self.numbers[count:]
        if not self.by_columns:
            return replace(self, numbers=numbers, text=self.text.split(ROW_END, count)[count])
        columns = [column.split(CELL_END, count)[count] for column in self.text.split(ROW_END)]
        return replace(self, numbers=numbers, text=ROW_END.join(columns))

    @override
    def __repr__(self) -> str:
        return f"Batch({len(self.numbers)} rows)"


def join_facts(parts: Sequence[FileFacts]) -> FileFacts:
    """The facts of a sheet read in parts, in their order."""
    whole = parts[0]
    for part in parts[1:]:
        rows, columns = max(whole.rows, part.rows), max(whole.columns, part.columns)
        whole = replace(
            whole,
            sheets=tuple(replace(one, rows=rows, columns=columns) for one in whole.sheets),
            rows=rows,
            columns=columns,
            hidden_rows=whole.hidden_rows + part.hidden_rows,
            merged=whole.merged + part.merged,
            dates_completed=whole.dates_completed + part.dates_completed,
            control_characters=whole.control_characters + part.control_characters,
        )
    return whole


def without_gaps(batches: Sequence[Batch]) -> list[Batch]:
    """Rows that are not in the file at all are blank rows of the sheet."""
    whole: list[Batch] = []
    expected = 1
    for batch in batches:
        for start in range(expected, batch.numbers[0], _BLANK_ROWS):
            numbers = range(start, min(start + _BLANK_ROWS, batch.numbers[0]))
            whole.append(Batch(numbers, CELL_END * (len(numbers) - 1), by_columns=True))
        whole.append(batch)
        expected = batch.numbers[-1] + 1
    return whole


@dataclass(frozen=True, slots=True)
class Table:
    """A list as read; ``rows()`` streams the rows under the header as often as wanted."""

    facts: FileFacts
    batches: tuple[Batch, ...]
    place: HeaderPlace = field(default_factory=lambda: HeaderPlace(-1, -1, ()))

    @classmethod
    def build(
        cls, facts: FileFacts, batches: Sequence[Batch], header_row: int | None = None
    ) -> "Table":
        """Find the header (or take the row the user named, 0 for none)."""
        width = facts.columns
        table = cls(
            facts,
            tuple(replace(one, width=width) if one.by_columns else one for one in batches),
        )
        if header_row is None:
            return replace(table, place=find_header(table.first_rows()))
        return table.with_header_row(header_row)

    def with_header_row(self, number: int) -> "Table":
        """The same list with its header on row ``number``; 0 when it has none."""
        first = self.first_rows()
        for index, row in enumerate(first):
            if row.number == number:
                return replace(self, place=header_at(first, index))
        return replace(self, place=HeaderPlace(-1, -1, _names(first)))

    @property
    def headers(self) -> tuple[str, ...]:
        """Titles of the columns, invented ones where the list gives none."""
        return self.place.headers

    @property
    def header_row(self) -> int:
        """Number of the (last) header row, 0 when there is none."""
        return self.first_rows()[self.place.last].number if self.place.exists else 0

    def first_rows(self, limit: int = ROWS_SEARCHED) -> list[RawRow]:
        """The first rows of the sheet, header and titles included."""
        rows: list[RawRow] = []
        for batch in self.batches:
            for row in batch.rows():
                rows.append(row)
                if len(rows) >= limit:
                    return rows
        return rows

    def rows(self) -> Iterator[RawRow]:
        """Every row below the header, blank ones included."""
        skipped = self.place.last + 1
        for batch in self.batches:
            rows = batch.rows()
            while skipped and next(rows, None) is not None:
                skipped -= 1
            yield from rows

    def batches_of_people(self) -> Iterator[Batch]:
        """The same rows as ``rows()``, by batches."""
        skipped = self.place.last + 1
        for batch in self.batches:
            if skipped >= len(batch.numbers):
                skipped -= len(batch.numbers)
                continue
            yield batch.without_first(skipped)
            skipped = 0

    def sample(self, limit: int = 200) -> list[RawRow]:
        """The first rows with something in them."""
        found: list[RawRow] = []
        for row in self.rows():
            if not row.is_blank():
                found.append(row)
                if len(found) >= limit:
                    break
        return found

    @override
    def __repr__(self) -> str:
        return f"Table({self.facts.format}, {self.facts.rows} rows)"


def _names(rows: Sequence[RawRow]) -> tuple[str, ...]:
    from app.core.header_row import column_names

    return column_names(max((len(row.cells) for row in rows), default=0))
