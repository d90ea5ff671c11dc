"""The values of a row while it is cleaned: one place per field; and what is told of its cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from app.core.cleaned import Cleaned, Mark, State
from app.core.columns import MappedColumn
from app.core.headers import Field
from app.core.issue import Issue
from app.core.recipient import Recipient

SLOTS = {target: place for place, target in enumerate(Field)}
CIVILITY, SEX, LAST, BIRTH, FIRST, FULL, BORN = (
    SLOTS[target]
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
EMAIL, OTHER_EMAIL, MOBILE, PHONE, OTHER_PHONE = (
    SLOTS[target]
    for target in (Field.EMAIL, Field.OTHER_EMAIL, Field.MOBILE, Field.PHONE, Field.OTHER_PHONE)
)
ADDRESS, STREET, COMPLEMENT, BUILDING, LOCALITY, POSTCODE, CITY, POSTCODE_CITY, COUNTRY = (
    SLOTS[target]
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
DECEASED, REPRESENTATIVE, REPRESENTATIVE_FIRST, PROTECTION, DO_NOT_WRITE, HAND_OVER = (
    SLOTS[target]
    for target in (
        Field.DECEASED,
        Field.REPRESENTATIVE,
        Field.REPRESENTATIVE_FIRST_NAME,
        Field.PROTECTION,
        Field.DO_NOT_WRITE,
        Field.HAND_OVER,
    )
)
ANNOTATIONS, CATEGORY, INS = (
    SLOTS[target] for target in (Field.ANNOTATIONS, Field.CATEGORY, Field.INS)
)
#: one value per field, in the order of Field; copied for each row
EMPTY: list[Any] = [None if target is Field.BIRTH_DATE else "" for target in Field]

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
