"""A raw row + a mapping → a patient, with a mark for every cell that is not simply taken as it is.

Built for lists of 300,000 rows: each column gets its own small function, and answers are remembered
where values repeat (towns, postcodes, dates, first names).
"""

import re
from datetime import date
from typing import Any

from app.core.address_places import country_line
from app.core.birth_dates import clean_date
from app.core.cell_cleaners import CLEANERS, REPEATING
from app.core.cleaned import Cleaned, Mark, State, doubtful
from app.core.cleaning import (
    clean_flag,
    clean_text,
    says_nothing,
)
from app.core.columns import ColumnMapping, MappedColumn
from app.core.composed_cells import ComposedCells
from app.core.headers import Field
from app.core.incident import DataCategory
from app.core.issue import Level
from app.core.phones import is_mobile
from app.core.postcodes import PostcodeIndex
from app.core.recipient import (
    Civility,
    ExclusionReason,
    PostalAddress,
    Protection,
    Recipient,
    Restriction,
)
from app.core.row_values import (
    ADDRESS,
    ANNOTATIONS,
    BIRTH,
    BORN,
    BUILDING,
    CATEGORY,
    CITY,
    CIVILITY,
    COMPLEMENT,
    COUNTRY,
    DECEASED,
    DO_NOT_WRITE,
    EMAIL,
    EMPTY,
    FIRST,
    HAND_OVER,
    INS,
    LAST,
    LOCALITY,
    MOBILE,
    OTHER_EMAIL,
    OTHER_PHONE,
    PHONE,
    POSTCODE,
    PROTECTION,
    REPRESENTATIVE,
    REPRESENTATIVE_FIRST,
    SEX,
    SLOTS,
    STREET,
    CellCleaner,
    CellMark,
    CleanedRow,
)
from app.core.table import RawRow

_REMEMBERED = 60_000  # answers kept per column
_NO_ADDRESS = PostalAddress()
_MOST_LINES = 4
_TOTAL = re.compile(r"^(total|totaux|sous-total|nombre|nb|effectif|fin)\b", re.IGNORECASE)


def to_recipient(
    raw_row: RawRow,
    mapping: ColumnMapping,
    today: date,
    places: PostcodeIndex | None = None,
) -> CleanedRow:
    """One row; for a whole list make one ``RowCleaner`` and keep it."""
    return RowCleaner(mapping, today, places).clean(raw_row)


#: index of the cell, place of the value, column, cleaner, answers already given
_Planned = tuple[int, int, MappedColumn, CellCleaner, dict[str, Cleaned[Any]] | None]


class RowCleaner:
    """Cleans rows of one list. ``places`` adds the remark on postcodes that do not go with their town."""

    def __init__(
        self,
        mapping: ColumnMapping,
        today: date,
        places: PostcodeIndex | None = None,
        first_row: int = 0,
    ) -> None:
        """``first_row``: added to row numbers, so that rows of a second list are not taken for the first's."""
        self.mapping = mapping
        self._today = today
        self._places = places
        self._first_row = first_row
        fields = mapping.fields()
        self._columns = {target: mapping.column(target) for target in fields}
        self._composed = ComposedCells(self._columns, last_name_first=mapping.last_name_first)
        self._width = max((column.index for column in mapping.columns), default=-1) + 1
        self._plan: list[_Planned] = [
            (
                column.index,
                SLOTS[column.field],
                column,
                self.cleaner_of(column.field),
                {} if column.field in REPEATING else None,
            )
            for column in mapping.columns
            if column.field is not None
        ]
        self._has_categories = Field.CATEGORY in fields
        self._is_composed = bool(fields & _COMPOSED)
        self._has_status = bool(fields & _STATUS)

    def cleaner_of(self, target: Field) -> CellCleaner:
        """What cleans the cells of one field."""
        if target is Field.BIRTH_DATE:
            return self._clean_day
        if target is Field.DECEASED:
            return self._clean_death
        return CLEANERS.get(target, clean_text)

    def _clean_day(self, text: str) -> Cleaned[date | None]:
        return clean_date(text, self._today)

    def _clean_death(self, text: str) -> Cleaned[Any]:
        """A date of death, or a plain yes or no."""
        flag = clean_flag(text)
        if flag.mark is None:
            return Cleaned(flag.value)
        day = clean_date(text, self._today)
        if day.value is not None:
            return day
        if day.mark is not None and day.mark.code == "date_unknown":
            return Cleaned(value=False)
        return doubtful(value=True, code="death_unclear", seen=text)

    def clean(self, raw_row: RawRow) -> CleanedRow:
        """The patient of a row; cells beyond the mapping are ignored, missing ones are empty."""
        number, cells = raw_row
        if len(cells) < self._width:
            cells = (*cells, *[""] * (self._width - len(cells)))
        values = EMPTY.copy()
        marks: list[CellMark] = []
        categories: set[DataCategory] | None = None
        for index, slot, column, cleaner, known in self._plan:
            text = cells[index]
            if not text:
                continue
            if known is None:
                value, mark = cleaner(text)
            else:
                cleaned = known.get(text)
                if cleaned is None:
                    cleaned = cleaner(text)
                    if len(known) < _REMEMBERED:
                        known[text] = cleaned
                value, mark = cleaned
            if mark is not None:
                marks.append(CellMark(column, mark))
            if slot != CATEGORY:
                values[slot] = value
            elif value and column.category is not None:
                categories = (categories or set()) | {column.category}
        if self._is_composed or not (values[POSTCODE] and values[CITY]):
            self._composed.take_apart(cells, values, marks)
        return CleanedRow(
            self._recipient(number + self._first_row, values, marks, categories), tuple(marks)
        )

    def _recipient(
        self,
        row: int,
        values: list[Any],
        marks: list[CellMark],
        categories: set[DataCategory] | None,
    ) -> Recipient:
        deceased, died, restriction = False, None, Restriction.NONE
        if self._has_status:
            deceased = bool(values[DECEASED])
            died = values[DECEASED] if values[DECEASED].__class__ is date else None
            if values[HAND_OVER]:
                restriction = Restriction.HAND_OVER
            if values[DO_NOT_WRITE]:
                restriction = Restriction.DO_NOT_WRITE
        mobile, phone = values[MOBILE], values[PHONE] or values[OTHER_PHONE]
        if mobile and (not phone or is_mobile(mobile)):
            phone = mobile
        representative = values[REPRESENTATIVE]
        if representative and says_nothing(representative):
            representative = ""
        if values[REPRESENTATIVE_FIRST]:
            representative = f"{values[REPRESENTATIVE_FIRST]} {representative}".strip()
        return Recipient(
            row,
            0,
            values[CIVILITY] or values[SEX] or Civility.UNKNOWN,
            values[LAST] or values[BIRTH],
            values[BIRTH],
            values[FIRST],
            values[BORN],
            values[EMAIL] or values[OTHER_EMAIL],
            phone,
            self._address(values, marks),
            deceased,
            died,
            representative,
            values[PROTECTION] or Protection.NONE,
            restriction,
            bool(values[ANNOTATIONS]),
            frozenset(categories or ()) if self._has_categories else None,
            values[INS],
            ExclusionReason.DECEASED if deceased else None,
        )

    def _address(self, values: list[Any], marks: list[CellMark]) -> PostalAddress:
        street = values[STREET] or values[ADDRESS]
        postcode, city, country = values[POSTCODE], values[CITY], values[COUNTRY]
        if not (street or postcode or city or values[COMPLEMENT]):
            return _NO_ADDRESS
        if (
            postcode
            and city
            and self._places is not None
            and not (country and country_line(country))
            and not self._places.agrees(postcode, city)
        ):
            self._check_place(postcode, city, marks)
        return PostalAddress(
            values[COMPLEMENT],
            values[BUILDING],
            street,
            values[LOCALITY],
            postcode,
            city,
            country,
        )

    def _check_place(self, postcode: str, city: str, marks: list[CellMark]) -> None:
        column = self._columns.get(Field.POSTCODE) or self._columns.get(Field.POSTCODE_CITY)
        if column is None or self._places is None:
            return
        facts: dict[str, str | int] = {
            "postcode": postcode,
            "city": city,
            "towns": ", ".join(self._places.towns(postcode)[:4]),
        }
        behind = self._places.by_insee(postcode)
        if behind is not None and behind[0] != postcode:
            facts["insee_postcode"], facts["insee_town"] = behind
        marks.append(CellMark(column, Mark(State.DOUBTFUL, "town_disagrees", Level.CHECK, facts)))


_COMPOSED = frozenset({Field.FULL_NAME, Field.POSTCODE_CITY, Field.ADDRESS, Field.COUNTRY})
_STATUS = frozenset({Field.DECEASED, Field.DO_NOT_WRITE, Field.HAND_OVER})


def is_total(raw_row: RawRow) -> bool:
    """True for « Total : 2 831 patients » at the foot of a list."""
    filled = [cell.strip() for cell in raw_row.cells if cell.strip()]
    return 0 < len(filled) <= 3 and bool(_TOTAL.match(filled[0]))
