"""Columns of the list → fields of a patient: proposed from headers and content, corrected by the user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.core.cleaning import is_flag, says_yes_or_no
from app.core.column_content import field_of_content, looks_like_nir
from app.core.errors.files import ColumnRefused
from app.core.headers import (
    REPEATABLE,
    Field,
    Refusal,
    category_of,
    field_of,
    fold,
    is_unneeded,
    refusal_of,
)
from app.core.incident import DataCategory
from app.core.table import RawRow

#: second column of the same kind → where it may go
_SECOND = {
    Field.EMAIL: Field.OTHER_EMAIL,
    Field.MOBILE: Field.PHONE,
    Field.PHONE: Field.OTHER_PHONE,
    Field.ADDRESS: Field.COMPLEMENT,
    Field.STREET: Field.COMPLEMENT,
    Field.COMPLEMENT: Field.BUILDING,
    Field.BUILDING: Field.LOCALITY,
}
NAME_FIELDS = frozenset({Field.LAST_NAME, Field.FULL_NAME, Field.BIRTH_NAME})
PLACE_FIELDS = frozenset(
    {Field.ADDRESS, Field.STREET, Field.POSTCODE, Field.CITY, Field.POSTCODE_CITY}
)


class Basis(StrEnum):
    """Why a column goes where it goes."""

    HEADER = "header"
    CONTENT = "content"
    REMEMBERED = "remembered"
    USER = "user"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column; ``field`` is None when it is not imported."""

    index: int
    header: str
    field: Field | None = None
    basis: Basis = Basis.NONE
    #: set for NIR, observations, health data and INS: not imported unless the user insists
    refusal: Refusal | None = None
    #: somebody else's data, or of no use in a letter
    unneeded: bool = False
    category: DataCategory | None = None
    #: why the user insisted on a refused column
    reason: str = ""

    @property
    def is_imported(self) -> bool:
        """True when its cells go into a patient's fields."""
        return self.field is not None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """All columns in the order of the list. Immutable: corrections give a new one."""

    columns: tuple[MappedColumn, ...] = ()
    #: « NOM Prénom » or « Prénom NOM » in one cell, when capitals do not tell
    last_name_first: bool = True
    headers_are_real: bool = True

    def assign(
        self,
        index: int,
        target: Field | None,
        *,
        category: DataCategory | None = None,
        reason: str = "",
    ) -> "ColumnMapping":
        """Map one column by hand; whoever held a single field before loses it.

        Raises:
            ColumnRefused: a refused column without a reason (the INS may go to INS without one).
        """
        column = self.columns[index]
        insisting = target is not None and column.refusal is not None
        allowed = column.refusal is Refusal.INS and target is Field.INS
        if insisting and not allowed and not reason.strip():
            raise ColumnRefused(column.header)
        changed = replace(
            column, field=target, basis=Basis.USER, category=category, reason=reason.strip()
        )
        return replace(
            self,
            columns=tuple(
                changed
                if other.index == index
                else replace(other, field=None, basis=Basis.NONE)
                if target is not None and target not in REPEATABLE and other.field is target
                else other
                for other in self.columns
            ),
        )

    def column(self, target: Field) -> MappedColumn | None:
        """The first column that gives ``target``."""
        return next((column for column in self.columns if column.field is target), None)

    def fields(self) -> frozenset[Field]:
        """Every field some column gives."""
        return frozenset(column.field for column in self.columns if column.field is not None)

    @property
    def not_imported(self) -> tuple[MappedColumn, ...]:
        """Columns left out, refused ones first."""
        left = [column for column in self.columns if column.field is None]
        return tuple(sorted(left, key=lambda column: (column.refusal is None, column.index)))

    @property
    def gives_names(self) -> bool:
        """True when patients will have a name."""
        return bool(self.fields() & NAME_FIELDS)

    @property
    def gives_reach(self) -> bool:
        """True when patients will have an e-mail or a postal address."""
        return bool(self.fields() & {Field.EMAIL, Field.ADDRESS, Field.STREET})

    def by_header(self) -> dict[str, str]:
        """Header → field, for the record of the import and for remembering; no cell in it."""
        return {
            column.header: _as_text(column) if column.field is not None else ""
            for column in self.columns
        }


def _as_text(column: MappedColumn) -> str:
    text = column.field.value if column.field is not None else ""
    if column.category is not None:
        text += f":{column.category.value}"
    return f"{text} ({column.reason})" if column.reason else text


def propose_mapping(
    headers: Sequence[str],
    sample_rows: Sequence[RawRow],
    remembered: Mapping[str, str] | None = None,
    today: date = date.max,
) -> ColumnMapping:
    """The mapping shown to the user: by header first, then by content; nothing twice.

    ``remembered`` is header → field, chosen by the user for a file with the same headers.
    """
    samples = [_cells(sample_rows, index) for index in range(len(headers))]
    columns: list[MappedColumn] = []
    taken: set[Field] = set()
    for index, header in enumerate(headers):
        column = _by_header(index, header, samples[index])
        if remembered is not None and header in remembered:
            column = _as_remembered(column, remembered[header])
        column = _free(column, taken)
        columns.append(column)
    columns = _by_content(columns, samples, taken, today)
    full = next((column for column in columns if column.field is Field.FULL_NAME), None)
    first = fold(full.header).startswith(("prenom", "first")) if full is not None else False
    return ColumnMapping(_settle_addresses(tuple(columns)), last_name_first=not first)


def _cells(rows: Sequence[RawRow], index: int) -> list[str]:
    return [text for row in rows if index < len(row.cells) and (text := row.cells[index].strip())]


def _flags_only(sample: Sequence[str]) -> bool:
    """True when every cell reads as yes or no, and one of them says so by itself.

    « Aucune » alone answers « which one? » as often as « is there one? ».
    """
    return all(is_flag(text) for text in sample) and any(says_yes_or_no(text) for text in sample)


def _by_header(index: int, header: str, sample: Sequence[str]) -> MappedColumn:
    """A column of oui / non speaks about its header's subject; any other gives it."""
    found, refusal = field_of(header), refusal_of(header)
    flags = _flags_only(sample)
    if found is Field.INS or refusal is not None:
        category = category_of(header) if flags else None
        if category is DataCategory.ANNOTATIONS:
            return MappedColumn(index, header, Field.ANNOTATIONS, Basis.HEADER)
        if category is not None:
            return MappedColumn(index, header, Field.CATEGORY, Basis.HEADER, category=category)
        return MappedColumn(index, header, refusal=refusal or Refusal.INS)
    if found is Field.ANNOTATIONS and sample and not flags:
        return MappedColumn(index, header, refusal=Refusal.FREE_TEXT)  # the notes themselves
    if flags and found not in _FLAG_FIELDS and (category := category_of(header)) is not None:
        return MappedColumn(index, header, Field.CATEGORY, Basis.HEADER, category=category)
    if found is not None:
        return MappedColumn(index, header, found, Basis.HEADER)
    return MappedColumn(index, header, unneeded=is_unneeded(header))


_FLAG_FIELDS = frozenset(
    {
        Field.DO_NOT_WRITE,
        Field.HAND_OVER,
        Field.ANNOTATIONS,
        Field.DECEASED,
        Field.PROTECTION,
        Field.SEX,
        Field.CIVILITY,
    }
)


def _as_remembered(column: MappedColumn, text: str) -> MappedColumn:
    """What the user chose last time; a refused column stays refused, she must insist again."""
    if column.refusal is not None:
        return column
    name, _, category = text.partition(" (")[0].partition(":")
    if name and name not in Field.__members__.values():
        return column
    return replace(
        column,
        field=Field(name) if name else None,
        basis=Basis.REMEMBERED,
        category=DataCategory(category) if category in DataCategory.__members__.values() else None,
    )


def _free(column: MappedColumn, taken: set[Field]) -> MappedColumn:
    """Move a second « Mail » to « autre courriel »; a third stays out, and is said to be left out."""
    target = column.field
    while target is not None and target in taken and target not in REPEATABLE:
        target = _SECOND.get(target)
    if target is not None:
        taken.add(target)
    return replace(column, field=target)


def _by_content(
    columns: list[MappedColumn], samples: list[list[str]], taken: set[Field], today: date
) -> list[MappedColumn]:
    """Unknown headers judged by what the cells hold: only forms nobody could mistake."""
    judged = []
    for column, sample in zip(columns, samples, strict=True):
        if column.field is None and column.refusal is None and not column.unneeded and sample:
            if looks_like_nir(sample):
                column = replace(column, refusal=Refusal.NIR)
            else:
                target = field_of_content(sample, today)
                if target is not None and target not in taken:
                    taken.add(target)
                    column = replace(column, field=target, basis=Basis.CONTENT)
        judged.append(column)
    return judged


def _settle_addresses(columns: tuple[MappedColumn, ...]) -> tuple[MappedColumn, ...]:
    """« Adresse » beside « Adresse 1 » or « Rue » is its complement, and the other way round."""
    fields = {column.field for column in columns}
    if Field.ADDRESS in fields and Field.STREET in fields and Field.COMPLEMENT not in fields:
        return tuple(
            replace(column, field=Field.COMPLEMENT) if column.field is Field.ADDRESS else column
            for column in columns
        )
    return columns
