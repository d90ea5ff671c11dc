"""A raw row + a mapping → a patient, with a mark for every cell that is not simply taken as it is.

Built for lists of 300,000 rows: each column gets its own small function, and answers are remembered
where values repeat (towns, postcodes, dates, first names).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from typing_extensions import override

from app.core.address_places import country_line
from app.core.birth_dates import clean_date
from app.core.cleaned import Cleaned, Mark, State, doubtful, repaired
from app.core.cleaning import (
    clean_civility,
    clean_country,
    clean_flag,
    clean_protection,
    clean_text,
    says_nothing,
)
from app.core.columns import ColumnMapping, MappedColumn
from app.core.emails import clean_email
from app.core.headers import Field
from app.core.incident import DataCategory
from app.core.issue import Issue, Level
from app.core.names import clean_name, split_full_name
from app.core.phones import clean_phone, is_mobile
from app.core.postcodes import PostcodeIndex, clean_postcode, clean_town, split_postcode_town
from app.core.recipient import (
    Civility,
    ExclusionReason,
    PostalAddress,
    Protection,
    Recipient,
    Restriction,
)
from app.core.table import RawRow

_REMEMBERED = 60_000  # answers kept per column
_NO_ADDRESS = PostalAddress()
_MOST_LINES = 4
_TOTAL = re.compile(r"^(total|totaux|sous-total|nombre|nb|effectif|fin)\b", re.IGNORECASE)

_SLOTS = {target: place for place, target in enumerate(Field)}
_CIVILITY, _SEX, _LAST, _BIRTH, _FIRST, _FULL, _BORN = (
    _SLOTS[target]
    for target in (
        Field.CIVILITY,
        Field.SEX,
        Field.LAST_NAME,
        Field.BIRTH_NAME,
        Field.FIRST_NAME,
        Field.FULL_NAME,
        Field.BIRTH_DATE,
    )
)
_EMAIL, _OTHER_EMAIL, _MOBILE, _PHONE, _OTHER_PHONE = (
    _SLOTS[target]
    for target in (Field.EMAIL, Field.OTHER_EMAIL, Field.MOBILE, Field.PHONE, Field.OTHER_PHONE)
)
_ADDRESS, _STREET, _COMPLEMENT, _BUILDING, _LOCALITY, _POSTCODE, _CITY, _POSTCODE_CITY, _COUNTRY = (
    _SLOTS[target]
    for target in (
        Field.ADDRESS,
        Field.STREET,
        Field.COMPLEMENT,
        Field.BUILDING,
        Field.LOCALITY,
        Field.POSTCODE,
        Field.CITY,
        Field.POSTCODE_CITY,
        Field.COUNTRY,
    )
)
_DECEASED, _REPRESENTATIVE, _REPRESENTATIVE_FIRST, _PROTECTION, _DO_NOT_WRITE, _HAND_OVER = (
    _SLOTS[target]
    for target in (
        Field.DECEASED,
        Field.REPRESENTATIVE,
        Field.REPRESENTATIVE_FIRST_NAME,
        Field.PROTECTION,
        Field.DO_NOT_WRITE,
        Field.HAND_OVER,
    )
)
_ANNOTATIONS, _CATEGORY, _INS = (
    _SLOTS[target] for target in (Field.ANNOTATIONS, Field.CATEGORY, Field.INS)
)
#: one value per field, in the order of Field; copied for each row
_EMPTY: list[Any] = [None if target is Field.BIRTH_DATE else "" for target in Field]

CellCleaner = Callable[[str], Cleaned[Any]]


@dataclass(frozen=True, slots=True)
class CellMark:
    """What happened to one cell."""

    column: MappedColumn
    mark: Mark

    def issue(self, row: int) -> Issue:
        """The remark about it."""
        return Issue(self.mark.code, self.mark.level, row, self.column.header, self.mark.facts)


@dataclass(frozen=True, slots=True)
class CleanedRow:
    """One patient and the marks of its cells."""

    recipient: Recipient
    marks: tuple[CellMark, ...] = ()

    def issues(self) -> Iterator[Issue]:
        """Remarks the user must see one by one: everything but undisputed repairs."""
        for cell in self.marks:
            if cell.mark.state is not State.REPAIRED:
                yield cell.issue(self.recipient.row)

    @override
    def __repr__(self) -> str:
        return f"CleanedRow({self.recipient.row}, {len(self.marks)} marks)"


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
        self._width = max((column.index for column in mapping.columns), default=-1) + 1
        self._plan: list[_Planned] = [
            (
                column.index,
                _SLOTS[column.field],
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
        return _CLEANERS.get(target, clean_text)

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
        values = _EMPTY.copy()
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
            if slot != _CATEGORY:
                values[slot] = value
            elif value and column.category is not None:
                categories = (categories or set()) | {column.category}
        if self._is_composed or not (values[_POSTCODE] and values[_CITY]):
            self._compose(cells, values, marks)
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
            deceased = bool(values[_DECEASED])
            died = values[_DECEASED] if values[_DECEASED].__class__ is date else None
            if values[_HAND_OVER]:
                restriction = Restriction.HAND_OVER
            if values[_DO_NOT_WRITE]:
                restriction = Restriction.DO_NOT_WRITE
        mobile, phone = values[_MOBILE], values[_PHONE] or values[_OTHER_PHONE]
        if mobile and (not phone or is_mobile(mobile)):
            phone = mobile
        representative = values[_REPRESENTATIVE]
        if representative and says_nothing(representative):
            representative = ""
        if values[_REPRESENTATIVE_FIRST]:
            representative = f"{values[_REPRESENTATIVE_FIRST]} {representative}".strip()
        return Recipient(
            row,
            0,
            values[_CIVILITY] or values[_SEX] or Civility.UNKNOWN,
            values[_LAST] or values[_BIRTH],
            values[_BIRTH],
            values[_FIRST],
            values[_BORN],
            values[_EMAIL] or values[_OTHER_EMAIL],
            phone,
            self._address(values, marks),
            deceased,
            died,
            representative,
            values[_PROTECTION] or Protection.NONE,
            restriction,
            bool(values[_ANNOTATIONS]),
            frozenset(categories or ()) if self._has_categories else None,
            values[_INS],
            ExclusionReason.DECEASED if deceased else None,
        )

    def _address(self, values: list[Any], marks: list[CellMark]) -> PostalAddress:
        street = values[_STREET] or values[_ADDRESS]
        postcode, city, country = values[_POSTCODE], values[_CITY], values[_COUNTRY]
        if not (street or postcode or city or values[_COMPLEMENT]):
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
            values[_COMPLEMENT],
            values[_BUILDING],
            street,
            values[_LOCALITY],
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

    def _compose(self, cells: tuple[str, ...], values: list[Any], marks: list[CellMark]) -> None:
        """Cells that hold more than one field."""
        if values[_COUNTRY] and country_line(values[_COUNTRY]):
            self._postcode_abroad(cells, values, marks)
        if values[_FULL]:
            self._full_name(values, marks)
        if values[_POSTCODE_CITY]:
            self._postcode_city(values, marks)
        if values[_CITY] and not values[_POSTCODE]:
            found = split_postcode_town(values[_CITY])
            if found:
                self._take_place(Field.CITY, found, values, marks)
        postcode_cell = self._columns.get(Field.POSTCODE)
        if postcode_cell is not None and values[_POSTCODE] and not values[_CITY]:
            found = split_postcode_town(cells[postcode_cell.index])
            if found:
                values[_CITY] = found[1]
        if values[_ADDRESS]:
            self._one_cell_address(cells, values, marks)

    def _postcode_abroad(
        self, cells: tuple[str, ...], values: list[Any], marks: list[CellMark]
    ) -> None:
        column = self._columns.get(Field.POSTCODE)
        if column is None or not cells[column.index]:
            return
        values[_POSTCODE] = clean_postcode(cells[column.index], is_french=False).value
        marks[:] = [cell for cell in marks if cell.column is not column]

    def _full_name(self, values: list[Any], marks: list[CellMark]) -> None:
        column = self._columns.get(Field.FULL_NAME)
        if column is None or values[_LAST]:
            return
        last, first, mark = split_full_name(
            values[_FULL], last_name_first=self.mapping.last_name_first
        )
        values[_LAST] = last
        if first and not values[_FIRST]:
            values[_FIRST] = first
        if mark is not None:
            marks.append(CellMark(column, mark))

    def _postcode_city(self, values: list[Any], marks: list[CellMark]) -> None:
        found = split_postcode_town(values[_POSTCODE_CITY])
        if found:
            self._take_place(Field.POSTCODE_CITY, found, values, marks)
        elif not values[_CITY]:
            values[_CITY] = values[_POSTCODE_CITY]

    def _take_place(
        self, source: Field, found: tuple[str, str], values: list[Any], marks: list[CellMark]
    ) -> None:
        column = self._columns.get(source)
        seen = values[_SLOTS[source]]
        values[_POSTCODE], values[_CITY] = found
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
            known = values[_POSTCODE]
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
            values[_POSTCODE] = values[_POSTCODE] or place[0]
            if not values[_CITY]:
                values[_CITY] = place[1]
        if not lines or (place is None and len(lines) == 1):
            if place is not None:
                values[_ADDRESS] = ""
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
        values[_ADDRESS] = lines[street]
        before, after = lines[:street], lines[street + 1 :]
        for target, line in zip((_COMPLEMENT, _BUILDING), before, strict=False):
            if not values[target]:
                values[target] = line
        if len(before) > 2:
            values[_BUILDING] = ", ".join(before[1:])
        if after:
            values[_LOCALITY] = ", ".join(after) if not values[_LOCALITY] else values[_LOCALITY]


_STREET_LINE = re.compile(
    r"^\d+\s*(bis|ter|quater|[a-d])?\b|^(rue|avenue|av|boulevard|bd|place|pl|chemin|impasse|all[ée]e|route|quai|cours|square)\b",
    re.IGNORECASE,
)
#: fields whose values come back: what was answered once is remembered
REPEATING = frozenset(
    {
        Field.CIVILITY,
        Field.SEX,
        Field.FIRST_NAME,
        Field.BIRTH_DATE,
        Field.POSTCODE,
        Field.CITY,
        Field.POSTCODE_CITY,
        Field.COUNTRY,
        Field.DECEASED,
        Field.PROTECTION,
        Field.DO_NOT_WRITE,
        Field.HAND_OVER,
        Field.ANNOTATIONS,
        Field.CATEGORY,
        Field.LAST_NAME,
        Field.BIRTH_NAME,
        Field.COMPLEMENT,
        Field.BUILDING,
    }
)
_COMPOSED = frozenset({Field.FULL_NAME, Field.POSTCODE_CITY, Field.ADDRESS, Field.COUNTRY})
_STATUS = frozenset({Field.DECEASED, Field.DO_NOT_WRITE, Field.HAND_OVER})
_CLEANERS: dict[Field, CellCleaner] = {
    Field.CIVILITY: clean_civility,
    Field.SEX: clean_civility,
    Field.LAST_NAME: clean_name,
    Field.BIRTH_NAME: clean_name,
    Field.FIRST_NAME: clean_name,
    Field.EMAIL: clean_email,
    Field.OTHER_EMAIL: clean_email,
    Field.MOBILE: clean_phone,
    Field.PHONE: clean_phone,
    Field.OTHER_PHONE: clean_phone,
    Field.POSTCODE: clean_postcode,
    Field.CITY: clean_town,
    Field.COUNTRY: clean_country,
    Field.PROTECTION: clean_protection,
    Field.DO_NOT_WRITE: clean_flag,
    Field.HAND_OVER: clean_flag,
    Field.ANNOTATIONS: clean_flag,
    Field.CATEGORY: clean_flag,
}


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


def is_total(raw_row: RawRow) -> bool:
    """True for « Total : 2 831 patients » at the foot of a list."""
    filled = [cell.strip() for cell in raw_row.cells if cell.strip()]
    return 0 < len(filled) <= 3 and bool(_TOTAL.match(filled[0]))
