"""Blocks of rows → people, remarks and keys ready to be stored: the dearest part of an import."""

import marshal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress

from app.core.columns import ColumnMapping
from app.core.duplicates import NameKeyMaker, NameKeys
from app.core.issue import Issue, Level
from app.core.list_checks import ListChecker
from app.core.plain_rows import PlainRowReader, PlainRows
from app.core.recipient import Recipient
from app.core.repairs import RepairLog
from app.core.rows import RowCleaner
from app.core.table import RawRow
from app.services.understanding import left_out, postcode_index
from app.storage.issues import IssueLine, issue_line
from app.storage.prepared import PeoplePreparer, PreparedPeople

Columns = Sequence[Sequence[str]]
#: a text and the row it stands on
Keyed = tuple[list[str], list[int]]


@dataclass(frozen=True, slots=True)
class ListSettings:
    """What must be known of the list besides its rows; picklable."""

    mapping: ColumnMapping
    headers: tuple[str, ...]
    today: date
    #: added to the numbers of rows
    first_row: int = 0


@dataclass(slots=True)
class PreparedBlock:
    """One block, in the order of the list."""

    people: PreparedPeople = field(default_factory=PreparedPeople)
    issues: list[IssueLine] = field(default_factory=list)
    #: see RepairLog.counted
    repairs: list[tuple[str, str, list[int], str, str]] = field(default_factory=list)
    keys: NameKeys = field(default_factory=NameKeys)
    emails: Keyed = field(default_factory=lambda: ([], []))
    phones: Keyed = field(default_factory=lambda: ([], []))
    #: rows with something in them; blank ones; remarks on those that are no patient
    rows: int = 0
    blank: int = 0
    left_out: list[IssueLine] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        """For another process of ours."""
        people, keys = self.people, self.keys
        return marshal.dumps(
            (
                (people.order, people.plain, people.others),
                self.issues,
                self.repairs,
                (keys.keys, keys.rows, keys.married, keys.dateless),
                self.emails,
                self.phones,
                self.rows,
                self.blank,
                self.left_out,
            )
        )

    @classmethod
    def from_bytes(cls, told: bytes) -> "PreparedBlock":
        """Back from ``to_bytes``."""
        people, issues, repairs, keys, *rest = marshal.loads(told)  # noqa: S302 - from our own process
        return cls(PreparedPeople(*people), issues, repairs, NameKeys(*keys), *rest)


class BlockPreparer:
    """Prepares the blocks of one list, in any order."""

    def __init__(self, settings: ListSettings) -> None:
        places = postcode_index()
        self._settings = settings
        self._cleaner = RowCleaner(settings.mapping, settings.today, places, settings.first_row)
        self._checker = ListChecker(settings.today)
        self._reader = PlainRowReader(settings.mapping, self._cleaner, self._checker, places)
        self._people = PeoplePreparer()
        self._keys = NameKeyMaker()
        self._first_header = next((title for title in settings.headers if title), "")
        self._header_places = {title: place for place, title in enumerate(settings.headers)}

    def prepare(self, numbers: Sequence[int], columns: Columns) -> PreparedBlock:
        """``numbers``: rows as the spreadsheet shows them; ``columns`` from A, all of the same length."""
        first = self._settings.first_row
        if self._reader.is_possible:
            plain = self._reader.read([number + first for number in numbers], columns)
        else:
            plain = PlainRows([False] * len(numbers))
        block, repairs = PreparedBlock(rows=len(plain.numbers)), RepairLog()
        order = bytearray(plain.mask)
        for place in (place for place, is_plain in enumerate(plain.mask) if not is_plain):
            cells = tuple(column[place] for column in columns)
            if not self._one_row(RawRow(numbers[place], cells), block, repairs):
                order[place] = _NOBODY
        block.people.order = bytes(order.replace(bytes([_NOBODY]), b""))
        if plain.numbers:
            self._plain_people(plain, block)
        block.issues += map(issue_line, plain.issues)
        block.issues.sort(key=lambda line: line[0])  # type: ignore[arg-type,return-value]  # rows are numbers
        block.repairs = self._joined_repairs(plain, repairs)
        _in_order(block)
        return block

    def _one_row(self, raw_row: RawRow, block: PreparedBlock, repairs: RepairLog) -> bool:
        """Clean and check one row; False when nobody is in it."""
        if raw_row.is_blank():
            block.blank += 1
            return False
        block.rows += 1
        code = left_out(raw_row, self._settings.headers, self._first_header)
        if code:
            row = raw_row.number + self._settings.first_row
            block.left_out.append(issue_line(Issue(code, Level.INFO, row)))
            return False
        cleaned = self._cleaner.clean(raw_row)
        if cleaned.marks:
            repairs.note(cleaned)
            block.issues += map(issue_line, cleaned.issues())
        person = cleaned.recipient
        block.issues += map(issue_line, self._checker.row_issues(person))
        block.people.others.append(self._people.other(person))
        if person.excluded is None:
            self._note_keys(person, block)
        return True

    def _note_keys(self, person: Recipient, block: PreparedBlock) -> None:
        self._keys.note(
            block.keys,
            person.row,
            person.last_name,
            person.birth_name,
            person.first_name,
            person.birth_date,
        )
        for text, (texts, rows) in (
            (person.email.lower(), block.emails),
            (person.phone, block.phones),
        ):
            if text:
                texts.append(text)
                rows.append(person.row)

    def _plain_people(self, plain: PlainRows, block: PreparedBlock) -> None:
        columns, rows = plain.columns, plain.numbers
        block.people.plain = self._people.plain(rows, columns)
        names = [columns[name] for name in ("last_name", "birth_name", "first_name")]
        self._keys.note_all(block.keys, rows, names, columns["birth_date"])
        emails = "\n".join(columns["email"]).lower().split("\n")
        for texts, (known, known_rows) in (
            (emails, block.emails),
            (columns["phone"], block.phones),
        ):
            known += filter(None, texts)
            known_rows += compress(rows, texts)

    def _joined_repairs(
        self, plain: PlainRows, others: RepairLog
    ) -> list[tuple[str, str, list[int], str, str]]:
        joined = dict(plain.repairs)
        for code, header, rows, seen, kept in others.counted():
            known = joined.get((code, header))
            if known is None:
                joined[code, header] = (rows, seen, kept)
            else:
                told = known[1:] if known[0][0] < rows[0] else (seen, kept)
                joined[code, header] = (sorted(known[0] + rows), *told)
        places = self._header_places
        return [
            (code, header, *told)
            for (code, header), told in sorted(
                joined.items(), key=lambda item: (item[1][0][0], places.get(item[0][1], -1))
            )
        ]


_NOBODY = 2


def _in_order(block: PreparedBlock) -> None:
    """Plain rows and others were noted apart: put their keys back in the order of the list."""
    keys = block.keys
    keys.keys, keys.rows = _sorted((keys.keys, keys.rows))
    keys.married.sort(key=lambda item: item[1])
    keys.dateless.sort(key=lambda item: item[1])
    block.emails, block.phones = _sorted(block.emails), _sorted(block.phones)


def _sorted(keyed: Keyed) -> Keyed:
    texts, rows = keyed
    if not rows:
        return keyed
    both = sorted(zip(rows, texts, strict=True))
    return [text for _, text in both], [row for row, _ in both]
