"""Lists written for people: XLSX or CSV. Every cell is text, so nothing is ever taken for a formula."""

import csv
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.core.errors.files import FileNotWritten
from app.spreadsheet.xlsx_writing import write_xlsx

#: what a spreadsheet would run when it opens a CSV (CWE-1236)
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def write_table(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write ``rows`` to ``path`` (.xlsx, or text with « ; » and a BOM for a French Excel); return how many.

    The file appears whole or not at all.

    Raises:
        FileNotWritten: disk full, place refused, file open in Excel.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        written = (write_xlsx if path.suffix.lower() == ".xlsx" else _write_csv)(
            temporary, headers, rows
        )
        os.replace(temporary, path)  # noqa: PTH105 - atomic on every system
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise FileNotWritten(path.name, error.strerror or "") from error
    return written


def _write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow([_defused(text) for text in headers])
        for row in rows:
            writer.writerow([_defused(text) for text in row])
            count += 1
    return count


def _defused(text: str) -> str:
    """An apostrophe in front, as a spreadsheet itself marks text; not for « +33 … » and plain negative numbers."""
    if _FORMULA.match(text) and not re.fullmatch(r"[+-]?[\d\s.,()]+", text):
        return f"'{text}"
    return text
