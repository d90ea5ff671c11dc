"""Where the header is: vendors put titles, dates and empty lines above it, sometimes two lines of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.headers import field_of, fold, is_unneeded, refusal_of
from app.core.table import RawRow

#: rows looked at; a header lower than this is a choice for the user
ROWS_SEARCHED = 60
_ENOUGH = 2  # known headers that make a header row
_DATA_LIKE = re.compile(r"@|^\s*\d{4,}\s*$|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|^(\+33|0)\s*\d")
_LONGEST_HEADER = 80


@dataclass(frozen=True, slots=True)
class HeaderPlace:
    """``first`` and ``last`` are indexes in the rows given; both -1 when the list has no header."""

    first: int
    last: int
    headers: tuple[str, ...]
    #: number of headers understood
    known: int = 0

    @property
    def exists(self) -> bool:
        """False when the first row already holds a person."""
        return self.first >= 0


def find_header(rows: Sequence[RawRow]) -> HeaderPlace:
    """The most telling header among the first rows, on one line or two; without one, invented names.

    A list without header gets « Colonne A », « Colonne B »… and is mapped by its content.
    """
    width = max((len(row.cells) for row in rows), default=0)
    best = HeaderPlace(-1, -1, column_names(width))
    for index, row in enumerate(rows[:ROWS_SEARCHED]):
        if row.is_blank() or looks_like_data(row.cells):
            continue
        candidates = [_place(index, index, row.cells, width)]
        below = rows[index + 1] if index + 1 < len(rows) else None
        if below is not None and not below.is_blank() and not looks_like_data(below.cells):
            candidates.append(_place(index, index + 1, two_lines(row.cells, below.cells), width))
        for place in candidates:
            if place.known > best.known:
                best = place
    return best if best.known >= _ENOUGH else _fallback(rows, width)


def header_at(rows: Sequence[RawRow], index: int) -> HeaderPlace:
    """The header the user pointed at."""
    width = max((len(row.cells) for row in rows), default=0)
    return _place(index, index, rows[index].cells, width)


def _fallback(rows: Sequence[RawRow], width: int) -> HeaderPlace:
    """Nothing known: the first full row of words is the header, unless it already looks like data."""
    for index, row in enumerate(rows[:ROWS_SEARCHED]):
        filled = [cell for cell in row.cells if cell.strip()]
        if not filled or (width > 1 and len(filled) * 2 <= width):
            continue
        if looks_like_data(row.cells) or len({fold(cell) for cell in filled}) < len(filled):
            break
        return _place(index, index, row.cells, width)
    return HeaderPlace(-1, -1, column_names(width))


def _place(first: int, last: int, cells: Sequence[str], width: int) -> HeaderPlace:
    names = column_names(width)
    headers = tuple(
        clean_header(cells[index]) if index < len(cells) and cells[index].strip() else names[index]
        for index in range(width)
    )
    known = {
        field_of(cell) or ((refusal_of(cell) or is_unneeded(cell) or None) and fold(cell))
        for cell in cells
        if 0 < len(cell) <= _LONGEST_HEADER
    }
    return HeaderPlace(first, last, headers, len(known - {None, "", False}))


def two_lines(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """« Représentant légal | » over « Nom | Prénom » → « Représentant légal Nom », « Représentant légal Prénom ».

    A group title reaches to the right over the empty cells a merged header leaves.
    """
    width = max(len(upper), len(lower))
    group, joined = "", []
    for index in range(width):
        title = upper[index].strip() if index < len(upper) else ""
        name = lower[index].strip() if index < len(lower) else ""
        group = title or group
        joined.append(f"{group} {name}".strip() if name else title)
    return tuple(joined)


def looks_like_data(cells: Sequence[str]) -> bool:
    """True when a cell holds what only a person’s row holds: an address with @, a date, a postcode, a number."""
    return any(_DATA_LIKE.search(cell) for cell in cells if cell)


def clean_header(text: str) -> str:
    """The header on one line, without the BOM and no-break spaces Excel leaves."""
    return " ".join(text.replace("\ufeff", "").split())


def column_names(width: int) -> tuple[str, ...]:
    """« Colonne A », …, as the spreadsheet letters them."""
    return tuple(f"Colonne {column_letters(index)}" for index in range(width))


def column_letters(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
