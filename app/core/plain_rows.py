"""The rows nobody has to look at, cleaned column by column; all others go through ``RowCleaner`` one by one.

In a list as programs export it nine rows out of ten hold nothing doubtful. A column of them is cleaned by a few
calls, values that come back are cleaned once, and no object is made for a person. What a plain row becomes is what
``RowCleaner`` and ``ListChecker`` make of it (a test compares both), or the row is not plain.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress

from app.core.address import MAX_LINE
from app.core.column_cleaners import ColumnCleaner, Repairs, Values, column_cleaner
from app.core.columns import ColumnMapping
from app.core.headers import Field
from app.core.issue import Issue, Level
from app.core.list_checks import (
    CARE_HINT,
    MOST_UPPER_LINES,
    ROOM_FOR_CIVILITY,
    ListChecker,
)
from app.core.phones import is_mobile
from app.core.postcodes import PostcodeIndex
from app.core.recipient import Civility, Protection
from app.core.rows import RowCleaner

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
_POSTCODE = 5


@dataclass(slots=True)
class PlainRows:
    """The plain rows of a block, one value per row in each column; a text is empty where there is nothing."""

    #: for each row of the block, whether it is plain
    mask: list[bool]
    numbers: list[int] = field(default_factory=list)
    columns: dict[str, Values] = field(default_factory=dict)
    repairs: Repairs = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


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
        self._columns: dict[Field, ColumnCleaner] = {
            column.field: column_cleaner(column, cleaner)
            for column in mapped
            if column.field is not None
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
