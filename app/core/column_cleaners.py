"""A whole column of cells cleaned at once; what comes back is cleaned once."""

import re
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any

from typing_extensions import override

from app.core.cell_cleaners import REPEATING
from app.core.cleaned import Cleaned, Mark, State
from app.core.cleaning import all_clean, clean_text
from app.core.columns import MappedColumn
from app.core.emails import usable_as_written
from app.core.errors import BugError
from app.core.fields import Field
from app.core.phones import spaced
from app.core.rows import RowCleaner

_BARE_PHONES = re.compile(r"(?:(?:0[1-9][0-9]{8})?\x1f)*")
_REMEMBERED = 200_000

#: one value per row of a block; None for a cell that must be looked at
Values = list[Any]
#: (kind of repair, header of the column) → rows, what was seen first, what was kept then
Repairs = dict[tuple[str, str], tuple[list[int], str, str]]


class ColumnCleaner(dict[str, Any]):
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


class _PhoneColumn(ColumnCleaner):
    """« 0612345678 » all the way down is the usual case."""

    @override
    def cleaned(self, texts: Sequence[str]) -> Values:
        if _BARE_PHONES.fullmatch("\x1f".join(texts) + "\x1f"):
            self._repairs = dict.fromkeys(filter(None, texts))
            return [spaced(text) if text else "" for text in texts]
        return super().cleaned(texts)


class _TextColumn(ColumnCleaner):
    """Streets and the like: taken as they are but for blanks."""

    @override
    def cleaned(self, texts: Sequence[str]) -> Values:
        if all_clean(texts):
            self._repairs.clear()
            return list(texts)
        return super().cleaned(texts)


class _EmailColumn(ColumnCleaner):
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


def column_cleaner(column: MappedColumn, cleaner: RowCleaner) -> ColumnCleaner:
    """The quickest cleaner of this column that gives what the row’s own gives."""
    target = column.field
    if target is None:
        raise BugError("a column that is not imported")
    clean = cleaner.cleaner_of(target)
    if target in (Field.MOBILE, Field.PHONE, Field.OTHER_PHONE):
        return _PhoneColumn(column, clean)
    if target in (Field.EMAIL, Field.OTHER_EMAIL):
        return _EmailColumn(column, clean)
    return _TextColumn(column, clean) if clean is clean_text else ColumnCleaner(column, clean)
