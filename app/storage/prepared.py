"""People made ready for the table ``recipients`` elsewhere (another process), written in bulk.

Most people of a list leave half of the columns empty: they are written with fewer values, four times faster.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app.core.recipient import Protection, Recipient, Restriction
from app.storage.folding import fold
from app.storage.moves import Moves
from app.storage.recipients import FIELDS, INSERT, recipient_values

#: what a plain person has a value for, the searched text aside
PLAIN_FIELDS = (
    "row", "civility", "last_name", "birth_name", "first_name", "birth_date", "email", "phone",
    "complement", "building", "street", "locality", "postcode", "city", "has_annotations", "ins",
)  # fmt: skip
_CONSTANT: dict[str, str] = {
    "country": "''",
    "deceased": "0",
    "deceased_on": "''",
    "representative": "''",
    "protection": f"'{Protection.NONE}'",
    "restriction": f"'{Restriction.NONE}'",
    "categories": "NULL",
    "excluded": "''",
    "exclusion_note": "''",
}
_INSERT_PLAIN = (
    f"INSERT INTO recipients({', '.join(FIELDS)}, folded) VALUES "  # noqa: S608 - names are ours, values are bound
    f"({', '.join(_CONSTANT.get(name, '?') for name in (*FIELDS, 'folded'))})"
)
_BULK_CACHE_KIB = 65_536
_FOLDED_KEPT = 300_000
_RUNS = re.compile(rb"\x01+|\x00+")


@dataclass(slots=True)
class PreparedPeople:
    """People of one block in the order of the list."""

    #: 1 for a plain person, 0 for another
    order: bytes = b""
    #: one list per name of PLAIN_FIELDS, then the searched text
    plain: list[list[Any]] = field(default_factory=list)
    others: list[tuple[Any, ...]] = field(default_factory=list)


class PeoplePreparer:
    """Makes them; names that come back are folded once."""

    def __init__(self) -> None:
        self._folded = _Folded()

    def other(self, person: Recipient) -> tuple[Any, ...]:
        """Values of anybody."""
        return recipient_values(person)

    def plain(self, numbers: list[int], columns: Mapping[str, Sequence[Any]]) -> list[list[Any]]:
        """``columns``: those of core.plain_rows.PlainRows."""
        if len(self._folded) > _FOLDED_KEPT:
            self._folded.clear()
        days = {day: day.isoformat() for day in set(columns["birth_date"]) if day}
        days[""] = ""
        values: dict[str, list[Any]] = {
            **columns,  # type: ignore[dict-item]  # they are lists
            "row": numbers,
            "civility": [one.value for one in columns["civility"]],
            "birth_date": [days[day] for day in columns["birth_date"]],
            "has_annotations": list(map(int, map(bool, columns["has_annotations"]))),
        }
        return [*(values[name] for name in PLAIN_FIELDS), self._searchable(columns)]

    def _searchable(self, columns: Mapping[str, Sequence[Any]]) -> list[str]:
        """See storage.recipients.searchable; an address is ASCII without blanks."""
        folded = self._folded.__getitem__
        names = [map(folded, columns[name]) for name in ("last_name", "first_name", "birth_name")]
        emails = "\n".join(columns["email"]).lower().split("\n")
        towns = map(folded, columns["city"])
        return [
            " ".join(filter(None, parts))
            for parts in zip(*names, emails, columns["postcode"], towns, strict=True)
        ]


class _Folded(dict[str, str]):
    def __missing__(self, text: str) -> str:
        folded = self[text] = fold(text)
        return folded


class BulkWriting:
    """One large writing into an empty table: its indexes are made at the end, in one go."""

    def __init__(self, connection: Any, statements: list[str], pool: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._statements = statements
        self._pool = pool
        self._making: Future[None] | None = None

    def make_indexes(self) -> None:
        """Begin to make them meanwhile: the engine needs no Python. Read and write nothing until ``wait``."""
        if self._making is None:
            self._making = self._pool.submit(self._make)

    def wait(self) -> None:
        """Until the indexes are there; what failed is raised here."""
        self.make_indexes()
        if self._making is not None:
            self._making.result()

    def _make(self) -> None:
        for statement in self._statements:
            self._connection.execute(statement)


class PreparedWriter(Moves):
    """Bulk writing into ``recipients``."""

    @contextmanager
    def bulk_writing(self) -> Iterator[BulkWriting]:
        """Inside a transaction, which undoes all of it after an error."""
        statements: list[str] = []
        if not self._value("SELECT EXISTS(SELECT 1 FROM recipients)"):
            indexes = self._rows(
                "SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name='recipients'"
            )
            for name, sql in indexes:
                self._execute(f"DROP INDEX {name}")
                statements.append(sql)
        usual = int(self._value("PRAGMA cache_size"))
        self._execute(f"PRAGMA cache_size=-{_BULK_CACHE_KIB}")
        try:
            with ThreadPoolExecutor(max_workers=1) as pool:
                bulk = BulkWriting(self._connection, statements, pool)
                yield bulk
                bulk.wait()
        finally:
            self._connection.execute(f"PRAGMA cache_size={usual}")

    def add_prepared(self, people: PreparedPeople) -> int:
        """Insert the people of one block, in a transaction; how many."""
        with self._writing():
            plain, others = zip(*people.plain, strict=True), iter(people.others)
            insert = self._connection.executemany
            for run in _RUNS.findall(people.order):
                if run[0]:
                    insert(_INSERT_PLAIN, islice(plain, len(run)))
                else:
                    insert(INSERT, islice(others, len(run)))
        return len(people.order)
