"""Cells that hold more than one field: a full name, a postcode with its town, an address in one cell."""

import re
from collections.abc import Mapping
from typing import Any

from app.core.address_places import country_line
from app.core.cleaned import Mark, State, repaired
from app.core.columns import MappedColumn
from app.core.headers import Field
from app.core.issue import Level
from app.core.names import split_full_name
from app.core.postcodes import clean_postcode, split_postcode_town
from app.core.row_values import (
    ADDRESS,
    BUILDING,
    CITY,
    COMPLEMENT,
    COUNTRY,
    FIRST,
    FULL,
    LAST,
    LOCALITY,
    POSTCODE,
    POSTCODE_CITY,
    SLOTS,
    CellMark,
)

_MOST_LINES = 4
_STREET_LINE = re.compile(
    r"^\d+\s*(bis|ter|quater|[a-d])?\b|^(rue|avenue|av|boulevard|bd|place|pl|chemin|impasse|all[ée]e|route|quai|cours|square)\b",
    re.IGNORECASE,
)


class ComposedCells:
    """Takes them apart; every change leaves its mark."""

    def __init__(
        self, columns: Mapping[Field, MappedColumn | None], *, last_name_first: bool
    ) -> None:
        self._columns = columns
        self._last_name_first = last_name_first

    def take_apart(self, cells: tuple[str, ...], values: list[Any], marks: list[CellMark]) -> None:
        """Cells that hold more than one field."""
        if values[COUNTRY] and country_line(values[COUNTRY]):
            self._postcode_abroad(cells, values, marks)
        if values[FULL]:
            self._full_name(values, marks)
        if values[POSTCODE_CITY]:
            self._postcode_city(values, marks)
        if values[CITY] and not values[POSTCODE]:
            found = split_postcode_town(values[CITY])
            if found:
                self._take_place(Field.CITY, found, values, marks)
        postcode_cell = self._columns.get(Field.POSTCODE)
        if postcode_cell is not None and values[POSTCODE] and not values[CITY]:
            found = split_postcode_town(cells[postcode_cell.index])
            if found:
                values[CITY] = found[1]
        if values[ADDRESS]:
            self._one_cell_address(cells, values, marks)

    def _postcode_abroad(
        self, cells: tuple[str, ...], values: list[Any], marks: list[CellMark]
    ) -> None:
        column = self._columns.get(Field.POSTCODE)
        if column is None or not cells[column.index]:
            return
        values[POSTCODE] = clean_postcode(cells[column.index], is_french=False).value
        marks[:] = [cell for cell in marks if cell.column is not column]

    def _full_name(self, values: list[Any], marks: list[CellMark]) -> None:
        column = self._columns.get(Field.FULL_NAME)
        if column is None or values[LAST]:
            return
        last, first, mark = split_full_name(values[FULL], last_name_first=self._last_name_first)
        values[LAST] = last
        if first and not values[FIRST]:
            values[FIRST] = first
        if mark is not None:
            marks.append(CellMark(column, mark))

    def _postcode_city(self, values: list[Any], marks: list[CellMark]) -> None:
        found = split_postcode_town(values[POSTCODE_CITY])
        if found:
            self._take_place(Field.POSTCODE_CITY, found, values, marks)
        elif not values[CITY]:
            values[CITY] = values[POSTCODE_CITY]

    def _take_place(
        self, source: Field, found: tuple[str, str], values: list[Any], marks: list[CellMark]
    ) -> None:
        column = self._columns.get(source)
        seen = values[SLOTS[source]]
        values[POSTCODE], values[CITY] = found
        if column is not None:
            marks[:] = [cell for cell in marks if cell.column is not column]
            mark = repaired("", "place_split", seen, " | ".join(found)).mark
            if mark is not None:
                marks.append(CellMark(column, mark))

    def _one_cell_address(
        self, cells: tuple[str, ...], values: list[Any], marks: list[CellMark]
    ) -> None:
        """« Chez Mme X ⏎ 12 rue Y ⏎ 75011 PARIS », or the same on one line with commas."""
        column = self._columns.get(Field.ADDRESS)
        if column is None:
            return
        raw = cells[column.index]
        lines = [line for part in raw.splitlines() if (line := " ".join(part.split()).strip(" ,;"))]
        if len(lines) == 1 and "," in raw:
            lines = [line for part in raw.split(",") if (line := " ".join(part.split()))]
            lines = _rejoined(lines)
        place = split_postcode_town(lines[-1]) if lines else None
        if place is None and len(lines) == 1:
            place, lines = _place_at_end(lines[0])
        if place is not None:
            known = values[POSTCODE]
            if known and known != place[0]:
                marks.append(
                    CellMark(
                        column,
                        Mark(
                            State.DOUBTFUL,
                            "two_postcodes",
                            Level.CHECK,
                            {"seen": raw, "postcode": known},
                        ),
                    )
                )
                return
            lines = lines[:-1] if split_postcode_town(lines[-1]) else lines
            values[POSTCODE] = values[POSTCODE] or place[0]
            if not values[CITY]:
                values[CITY] = place[1]
        if not lines or (place is None and len(lines) == 1):
            if place is not None:
                values[ADDRESS] = ""
            return
        self._lay_out(lines, values)
        if len(lines) > _MOST_LINES:
            marks.append(
                CellMark(
                    column, Mark(State.DOUBTFUL, "address_many_lines", Level.CHECK, {"seen": raw})
                )
            )
            return
        marks[:] = [cell for cell in marks if cell.column is not column]
        kept = " | ".join(lines)
        marks.append(
            CellMark(
                column,
                Mark(State.REPAIRED, "address_split", Level.INFO, {"seen": raw, "kept": kept}),
            )
        )

    def _lay_out(self, lines: list[str], values: list[Any]) -> None:
        """The line that begins with a number, or names a way, is the street; those before it complete it."""
        street = next(
            (i for i, line in enumerate(lines) if _STREET_LINE.match(line)), len(lines) - 1
        )
        values[ADDRESS] = lines[street]
        before, after = lines[:street], lines[street + 1 :]
        for target, line in zip((COMPLEMENT, BUILDING), before, strict=False):
            if not values[target]:
                values[target] = line
        if len(before) > 2:
            values[BUILDING] = ", ".join(before[1:])
        if after:
            values[LOCALITY] = ", ".join(after) if not values[LOCALITY] else values[LOCALITY]


def _rejoined(lines: list[str]) -> list[str]:
    """« 12, rue des Lilas » is one line: a bare number belongs to what follows."""
    joined: list[str] = []
    for line in lines:
        if joined and re.fullmatch(r"\d+\s*(bis|ter|quater|[a-d])?", joined[-1], re.IGNORECASE):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _place_at_end(line: str) -> tuple[tuple[str, str] | None, list[str]]:
    match = re.match(r"^(.*\D)\s(\d{5})\s+(\D+)$", line)
    place = split_postcode_town(f"{match[2]} {match[3]}") if match else None
    if match is None or place is None:
        return None, [line]
    return place, [match[1].strip(" ,-"), f"{match[2]} {match[3]}"]
