"""The rows nobody has to look at, cleaned column by column; all others go through ``RowCleaner`` one by one.

In a list as programs export it nine rows out of ten hold nothing doubtful. A column of them is cleaned by a few
calls, values that come back are cleaned once, and no object is made for a person. What a plain row becomes is what
``RowCleaner`` and ``ListChecker`` make of it (a test compares both), or the row is not plain.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

from typing_extensions import override

from app.core.address import MAX_LINE
from app.core.cleaned import Cleaned, Mark, State
from app.core.cleaning import all_clean, clean_text
from app.core.columns import ColumnMapping, MappedColumn
from app.core.emails import usable_as_written
from app.core.errors import BugError
from app.core.headers import Field
from app.core.issue import Issue, Level
from app.core.list_checks import (
    CARE_HINT,
    MOST_UPPER_LINES,
    ROOM_FOR_CIVILITY,
    ListChecker,
)
from app.core.phones import is_mobile, spaced
from app.core.postcodes import PostcodeIndex
from app.core.recipient import Civility, Protection
from app.core.rows import REPEATING, RowCleaner

#: cells that hold several fields: their rows are taken apart one by one
_NEVER_PLAIN = frozenset({Field.FULL_NAME, Field.POSTCODE_CITY, Field.CATEGORY})
_NEEDED = (Field.LAST_NAME, Field.FIRST_NAME, Field.POSTCODE, Field.CITY)
#: a plain person has nothing there
_EMPTY_IN_PLAIN = (
    Field.COUNTRY,
    Field.DECEASED,
    Field.REPRESENTATIVE,
    Field.REPRESENTATIVE_FIRST_NAME,
    Field.PROTECTION,
    Field.DO_NOT_WRITE,
    Field.HAND_OVER,
)
_UPPER = (Field.COMPLEMENT, Field.BUILDING, Field.LOCALITY)
#: an address in one cell that may hold more than a street
_MORE_THAN_A_STREET = re.compile(r"[,\n\r]|\d{4}")
_BARE_PHONES = re.compile(r"(?:(?:0[1-9][0-9]{8})?\x1f)*")
_REMEMBERED = 200_000
_POSTCODE = 5

#: one value per row of a block; None for a cell that must be looked at
Values = list[Any]
#: (kind of repair, header of the column) → rows, what was seen first, what was kept then
Repairs = dict[tuple[str, str], tuple[list[int], str, str]]


@dataclass(slots=True)
class PlainRows:
    """The plain rows of a block, one value per row in each column; a text is empty where there is nothing."""

    #: for each row of the block, whether it is plain
    mask: list[bool]
    numbers: list[int] = field(default_factory=list)
    columns: dict[str, Values] = field(default_factory=dict)
    repairs: Repairs = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


class _Column(dict[str, Any]):
    """Cleaned values of one column by their text; None for what must be looked at."""

    def __init__(self, column: MappedColumn, clean: Callable[[str], Cleaned[Any]]) -> None:
        super().__init__()
        self.column = column
        self._clean = clean
        self._repeats = column.field in REPEATING
        #: the repairs of the texts met; None for a telephone number put in pairs
        self._repairs: dict[str, Mark | None] = {}

    def __missing__(self, text: str) -> Any:
        value: Any = ""
        if text:
            value, mark = self._clean(text)
            if mark is not None and mark.state is State.REPAIRED:
                self._repairs[text] = mark
            elif mark is not None or value is None:
                value = None
        self[text] = value
        return value

    def cleaned(self, texts: Sequence[str]) -> Values:
        """One value per cell."""
        if not self._repeats or len(self) > _REMEMBERED:
            self.clear()
            self._repairs.clear()
        return list(map(self.__getitem__, texts))

    def note_repairs(
        self,
        texts: Sequence[str],
        values: Values,
        numbers: Sequence[int],
        mask: list[bool],
        into: Repairs,
    ) -> None:
        """Rows of the plain cells that were repaired."""
        kinds = self._repairs
        if not kinds or kinds.keys().isdisjoint(texts):
            return
        for text, value, number in compress(zip(texts, values, numbers, strict=True), mask):
            if text in kinds:
                mark = kinds[text]
                key = (mark.code if mark else "phone_formatted", self.column.header)
                if key in into:
                    into[key][0].append(number)
                elif mark is None:
                    into[key] = ([number], text, value)
                else:
                    seen, kept = (str(mark.facts.get(name, "")) for name in ("seen", "kept"))
                    into[key] = ([number], seen, kept)


class _PhoneColumn(_Column):
    """« 0612345678 » all the way down is the usual case."""

    @override
    def cleaned(self, texts: Sequence[str]) -> Values:
        if _BARE_PHONES.fullmatch("\x1f".join(texts) + "\x1f"):
            self._repairs = dict.fromkeys(filter(None, texts))
            return [spaced(text) if text else "" for text in texts]
        return super().cleaned(texts)


class _TextColumn(_Column):
    """Streets and the like: taken as they are but for blanks."""

    @override
    def cleaned(self, texts: Sequence[str]) -> Values:
        if all_clean(texts):
            self._repairs.clear()
            return list(texts)
        return super().cleaned(texts)


class _EmailColumn(_Column):
    """Addresses are each other’s equals only in families: nothing is remembered."""

    def __init__(self, column: MappedColumn, clean: Callable[[str], Cleaned[Any]]) -> None:
        super().__init__(column, clean)
        self._is_usable = usable_as_written()

    @override
    def cleaned(self, texts: Sequence[str]) -> Values:
        self.clear()
        self._repairs.clear()
        is_usable = self._is_usable
        return [text if not text or is_usable(text) else self[text] for text in texts]


def _column(column: MappedColumn, cleaner: RowCleaner) -> _Column:
    target = column.field
    if target is None:
        raise BugError("a column that is not imported")
    clean = cleaner.cleaner_of(target)
    if target in (Field.MOBILE, Field.PHONE, Field.OTHER_PHONE):
        return _PhoneColumn(column, clean)
    if target in (Field.EMAIL, Field.OTHER_EMAIL):
        return _EmailColumn(column, clean)
    return _TextColumn(column, clean) if clean is clean_text else _Column(column, clean)


class PlainRowReader:
    """Picks and cleans the plain rows of one list, block after block."""

    def __init__(
        self,
        mapping: ColumnMapping,
        cleaner: RowCleaner,
        checker: ListChecker,
        places: PostcodeIndex,
    ) -> None:
        self._checker = checker
        self._places = places
        fields = mapping.fields()
        mapped = [column for column in mapping.columns if column.field is not None]
        #: False when the list must be read row by row
        self.is_possible = (
            not fields & _NEVER_PLAIN
            and fields.issuperset(_NEEDED)
            and len(mapped) == len(fields)
            and bool(fields & {Field.STREET, Field.ADDRESS})
        )
        self._columns: dict[Field, _Column] = {
            column.field: _column(column, cleaner) for column in mapped if column.field is not None
        }
        self._agreement: dict[tuple[str, str], bool] = {}
        self._minors: dict[date, dict[str, str | int] | None] = {}

    def read(self, numbers: Sequence[int], columns: Sequence[Sequence[str]]) -> PlainRows:
        """The plain rows among these; ``columns`` from A, texts as the list shows them."""
        count = len(numbers)
        absent: Sequence[str] = [""] * count
        texts = {
            target: columns[one.column.index] if one.column.index < len(columns) else absent
            for target, one in self._columns.items()
        }
        values = {target: one.cleaned(texts[target]) for target, one in self._columns.items()}
        empty: Values = [""] * count

        def of(target: Field) -> Values:
            return values.get(target, empty)

        street = _either(of(Field.STREET), of(Field.ADDRESS), empty)
        email = _either(of(Field.EMAIL), of(Field.OTHER_EMAIL), empty)
        phone = _phone(of(Field.MOBILE), of(Field.PHONE), of(Field.OTHER_PHONE), empty)
        last, first = of(Field.LAST_NAME), of(Field.FIRST_NAME)
        postcode, city, born = of(Field.POSTCODE), of(Field.CITY), of(Field.BIRTH_DATE)
        upper = [of(target) for target in _UPPER]
        mask = list(map(all, zip(last, first, street, postcode, city, strict=True)))
        for place in self._to_look_at(values, texts, count):
            mask[place] = False
        for place, pair in enumerate(zip(postcode, city, strict=True)):
            if mask[place] and not self._agrees(pair):
                mask[place] = False
        self._check_lines(mask, email, (street, *upper), (first, last), (postcode, city))
        read = PlainRows(mask)
        self._note_ages(read, born, numbers)
        read.numbers = list(compress(numbers, mask))
        civility = _either(of(Field.CIVILITY), of(Field.SEX), empty)
        read.columns = {
            "civility": [one or Civility.UNKNOWN for one in compress(civility, mask)],
            **{
                name: list(compress(kept, mask))
                for name, kept in (
                    ("last_name", last),
                    ("birth_name", of(Field.BIRTH_NAME)),
                    ("first_name", first),
                    ("birth_date", born),
                    ("email", email),
                    ("phone", phone),
                    ("complement", upper[0]),
                    ("building", upper[1]),
                    ("street", street),
                    ("locality", upper[2]),
                    ("postcode", postcode),
                    ("city", city),
                    ("has_annotations", of(Field.ANNOTATIONS)),
                    ("ins", of(Field.INS)),
                )
            },
        }
        for target, one in self._columns.items():
            one.note_repairs(texts[target], values[target], numbers, mask, read.repairs)
        return read

    def _to_look_at(
        self, values: dict[Field, Values], texts: dict[Field, Sequence[str]], count: int
    ) -> Iterable[int]:
        """Places of rows with a cell that is doubtful, or that says something unusual of the person."""
        for target, column in values.items():
            if None in column:
                yield from (place for place in range(count) if column[place] is None)
            if target in _EMPTY_IN_PLAIN:
                yield from (
                    place
                    for place, value in enumerate(column)
                    if value and value is not Protection.NONE
                )
        for target in _UPPER:
            if target in values:
                hinted = {text for text in set(values[target]) if text and CARE_HINT.search(text)}
                if hinted:
                    yield from (p for p, text in enumerate(values[target]) if text in hinted)
        if Field.ADDRESS in texts:
            search = _MORE_THAN_A_STREET.search
            yield from (p for p, text in enumerate(texts[Field.ADDRESS]) if text and search(text))

    def _agrees(self, pair: tuple[str, str]) -> bool:
        known = self._agreement.get(pair)
        if known is None:
            known = self._agreement[pair] = self._places.agrees(*pair)
        return known

    def _check_lines(
        self,
        mask: list[bool],
        email: Values,
        lines: tuple[Values, ...],
        names: tuple[Values, Values],
        town: tuple[Values, Values],
    ) -> None:
        """Who has no e-mail must fit into the window; see ListChecker._fit."""
        room = MAX_LINE - ROOM_FOR_CIVILITY - 1
        for place, (mail, one, other) in enumerate(zip(email, *names, strict=True)):
            if not mail and mask[place] and len(one) + len(other) > room:
                mask[place] = False
        if (
            all(max(map(len, filter(None, line)), default=0) <= MAX_LINE for line in lines)
            and max(map(len, filter(None, town[1])), default=0) < MAX_LINE - _POSTCODE
            and not all(map(any, lines[1:]))
        ):
            return
        for place, mail in enumerate(email):
            if not mail and mask[place]:
                mask[place] = (
                    len(town[0][place]) + len(town[1][place]) < MAX_LINE
                    and all(len(line[place]) <= MAX_LINE for line in lines)
                    and sum(bool(line[place]) for line in lines[1:]) < MOST_UPPER_LINES
                )

    def _note_ages(self, read: PlainRows, born: Values, numbers: Sequence[int]) -> None:
        """Remarks on minors; the very old are looked at one by one."""
        checker, known = self._checker, self._minors
        told = set()
        for day in set(born):
            if day and (day > checker.adult_since or day < checker.oldest):
                told.add(day)
                if day not in known:
                    known[day] = {"age": checker.age(day)} if day > checker.oldest else None
        if not told:
            return
        for place, day in enumerate(born):
            if day in told and read.mask[place]:
                facts = known[day]
                if facts is None:
                    read.mask[place] = False
                else:
                    read.issues.append(
                        Issue("minor_alone", Level.CHECK, numbers[place], "birth_date", facts)
                    )


def _either(first: Values, second: Values, empty: Values) -> Values:
    """The first that says something, as RowCleaner takes them."""
    if second is empty:
        return first
    if first is empty:
        return second
    return [one or other for one, other in zip(first, second, strict=True)]


def _phone(mobile: Values, phone: Values, other: Values, empty: Values) -> Values:
    fixed = _either(phone, other, empty)
    if mobile is empty:
        return fixed
    if fixed is empty:
        return mobile
    return [
        one if one and (not two or is_mobile(one)) else two
        for one, two in zip(mobile, fixed, strict=True)
    ]
