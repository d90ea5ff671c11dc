"""The understanding of a list for machines: the JSON of « avis34 lire » (docs/lire.md, docs/lire.schema.json)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.cleaned import State
from app.core.headers import Field
from app.core.issue import Issue
from app.core.list_checks import ListChecker
from app.core.recipient import Recipient
from app.core.repairs import RepairLog
from app.core.row_values import CellMark, CleanedRow
from app.services.file_remarks import remarks_on_file
from app.services.understanding import RowCounts, Understanding, people_of
from app.wording import describe

#: raised when a field changes its meaning or goes away; a new field does not raise it
FORMAT = 1

#: key in the JSON → columns that give it, and its attribute (of the address when « address. »)
_FIELDS: tuple[tuple[str, frozenset[Field], str], ...] = (
    ("civility", frozenset({Field.CIVILITY, Field.SEX}), "civility"),
    ("last_name", frozenset({Field.LAST_NAME, Field.FULL_NAME}), "last_name"),
    ("birth_name", frozenset({Field.BIRTH_NAME}), "birth_name"),
    ("first_name", frozenset({Field.FIRST_NAME, Field.FULL_NAME}), "first_name"),
    ("birth_date", frozenset({Field.BIRTH_DATE}), "birth_date"),
    ("email", frozenset({Field.EMAIL, Field.OTHER_EMAIL}), "email"),
    ("phone", frozenset({Field.MOBILE, Field.PHONE, Field.OTHER_PHONE}), "phone"),
    ("complement", frozenset({Field.COMPLEMENT, Field.ADDRESS}), "address.complement"),
    ("building", frozenset({Field.BUILDING, Field.ADDRESS}), "address.building"),
    ("street", frozenset({Field.STREET, Field.ADDRESS}), "address.street"),
    ("locality", frozenset({Field.LOCALITY, Field.ADDRESS}), "address.locality"),
    ("postcode", frozenset({Field.POSTCODE, Field.POSTCODE_CITY}), "address.postcode"),
    ("city", frozenset({Field.CITY, Field.POSTCODE_CITY}), "address.city"),
    ("country", frozenset({Field.COUNTRY}), "address.country"),
    ("deceased", frozenset({Field.DECEASED}), "deceased"),
    ("deceased_on", frozenset({Field.DECEASED}), "deceased_on"),
    ("representative", frozenset({Field.REPRESENTATIVE, Field.REPRESENTATIVE_FIRST_NAME}), "representative"),
    ("protection", frozenset({Field.PROTECTION}), "protection"),
    ("restriction", frozenset({Field.DO_NOT_WRITE, Field.HAND_OVER}), "restriction"),
    ("has_annotations", frozenset({Field.ANNOTATIONS}), "has_annotations"),
    ("categories", frozenset({Field.CATEGORY}), "categories"),
    ("ins", frozenset({Field.INS}), "ins"),
)  # fmt: skip
_STATES = (State.SURE, State.REPAIRED, State.DOUBTFUL, State.UNUSABLE)


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """Plain values, ready for JSON."""

    file: Mapping[str, Any]
    columns: list[Mapping[str, Any]]
    recipients: list[Mapping[str, Any]]
    issues: list[Mapping[str, Any]]
    counts: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The whole document."""
        return {
            "format": FORMAT,
            "file": self.file,
            "columns": self.columns,
            "recipients": self.recipients,
            "issues": self.issues,
            "counts": self.counts,
        }


def reading_report(understanding: Understanding) -> ReadingReport:
    """Everything the import would do with this file; nothing is written."""
    counts, repairs, checker = RowCounts(), RepairLog(), ListChecker(understanding.today)
    recipients: list[Mapping[str, Any]] = []
    issues: list[Issue] = []
    for cleaned in people_of(understanding, counts, repairs):
        issues.extend(cleaned.issues())
        issues.extend(checker.add(cleaned.recipient))
        recipients.append(_recipient(cleaned))
    findings = checker.finish()
    issues += findings.issues
    issues += counts.left_out
    issues += repairs.issues(1)
    issues += remarks_on_file(understanding.table, understanding.mapping, 1)
    again = {row: group.kept for group in findings.duplicates for row in group.others}
    for plain in recipients:
        if plain["row"] in again:
            plain["duplicate_of"] = again[plain["row"]]  # type: ignore[index]  # the key was put there above
    levels = Counter(issue.level.value for issue in issues)
    codes = Counter(issue.code for issue in issues)
    return ReadingReport(
        _file(understanding),
        list(_columns(understanding)),
        recipients,
        [_issue(issue) for issue in issues],
        {
            "rows": counts.rows,
            "blank_rows": counts.blank,
            "left_out_rows": len(counts.left_out),
            "recipients": len(recipients),
            "duplicates": len(again),
            "issues_by_level": dict(sorted(levels.items())),
            "issues_by_code": dict(sorted(codes.items())),
        },
    )


def _file(understanding: Understanding) -> dict[str, Any]:
    facts = understanding.table.facts.to_json()
    facts["header_row"] = understanding.table.header_row
    facts["today"] = understanding.today.isoformat()
    return facts


def _columns(understanding: Understanding) -> Iterator[dict[str, Any]]:
    for column in understanding.mapping.columns:
        yield {
            "index": column.index,
            "header": column.header,
            "field": column.field.value if column.field else None,
            "basis": column.basis.value,
            "refused": column.refusal.value if column.refusal and not column.field else None,
            "category": column.category.value if column.category else None,
        }


def _recipient(cleaned: CleanedRow) -> dict[str, Any]:
    person = cleaned.recipient
    fields = {
        key: _field(
            _value(person, attribute),
            [cell for cell in cleaned.marks if cell.column.field in sources],
        )
        for key, sources, attribute in _FIELDS
    }
    return {
        "row": person.row,
        "excluded": person.excluded.value if person.excluded else None,
        "fields": fields,
    }


def _value(person: Recipient, attribute: str) -> Any:
    part, _, name = attribute.rpartition(".")
    value = getattr(person.address if part else person, name)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(item.value for item in value)
    return value


def _field(value: Any, marks: list[CellMark]) -> dict[str, Any]:
    state = max((cell.mark.state for cell in marks), key=_STATES.index, default=State.SURE)
    plain: dict[str, Any] = {"value": value, "state": state.value}
    if marks:
        plain["marks"] = [
            {
                "code": cell.mark.code,
                "state": cell.mark.state.value,
                "header": cell.column.header,
                **_told(cell),
            }
            for cell in marks
        ]
    return plain


def _told(cell: CellMark) -> dict[str, Any]:
    return {
        key: cell.mark.facts[key] for key in ("seen", "kept", "proposal") if key in cell.mark.facts
    }


def _issue(issue: Issue) -> dict[str, Any]:
    text = describe(issue)
    return {
        "code": issue.code,
        "level": issue.level.value,
        "row": issue.row,
        "column": issue.column,
        "what": text.what,
        "why": text.why,
        "what_to_do": text.what_to_do,
    }
