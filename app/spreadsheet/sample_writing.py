"""A workbook as a vendor's support sends it: typed cells and number formats. For samples only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ShownAs:
    """A value with the number format that shows it: 1000 as « 00000 »."""

    value: int | float | date
    number_format: str


Cell = str | int | float | date | ShownAs | None


def write_typed_workbook(path: Path, sheet_name: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows of typed cells; text stays text, even when it looks like a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(sheet_name)
    for row in rows:
        cells = []
        for value in row:
            shown = value if isinstance(value, ShownAs) else None
            bare: Any = shown.value if shown else value
            cell = WriteOnlyCell(sheet, bare)
            if shown:
                cell.number_format = shown.number_format
            elif isinstance(value, date):
                cell.number_format = "dd/mm/yyyy"
            elif isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    workbook.save(path)
