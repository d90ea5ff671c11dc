"""The list: one row per person."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.core.errors import BugError
from app.core.incident import DataCategory
from app.core.recipient import (
    Civility,
    ExclusionReason,
    PostalAddress,
    Protection,
    Recipient,
    Restriction,
)
from app.storage.database import Row
from app.storage.folding import fold
from app.storage.instants import from_day, to_day
from app.storage.journal import Journal
from app.storage.queries import EVERYBODY, RecipientOrder, RecipientQuery

_PAGE = 500
FIELDS = (
    "row", "civility", "last_name", "birth_name", "first_name", "birth_date", "email", "phone",
    "complement", "building", "street", "locality", "postcode", "city", "country", "deceased",
    "deceased_on", "representative", "protection", "restriction", "has_annotations", "categories",
    "ins", "excluded", "exclusion_note",
)  # fmt: skip
COLUMNS = ", ".join(f"r.{name}" for name in ("id", *FIELDS))
_JOINED = " || char(31) || ".join(f"coalesce(r.{name}, '')" for name in ("id", *FIELDS))
WIDTH = len(FIELDS) + 1
INSERT = f"INSERT INTO recipients({', '.join(FIELDS)}, folded) VALUES ({','.join('?' * (WIDTH))})"  # noqa: S608 - names are ours, values are bound
_UPDATE = f"UPDATE recipients SET {', '.join(f'{name}=?' for name in FIELDS)}, folded=? WHERE id=?"  # noqa: S608 - names are ours, values are bound


def searchable(person: Recipient) -> str:
    """What the search box looks into; starts with the name, so that its index also sorts by name."""
    where = person.address
    parts = (person.last_name, person.first_name, person.birth_name, person.email, where.postcode)
    return fold(" ".join((*parts, where.city)))


def recipient_values(person: Recipient) -> tuple[object, ...]:
    """One value per field, then the searched text."""
    where = person.address
    categories = person.categories
    return (
        person.row,
        person.civility.value,
        person.last_name,
        person.birth_name,
        person.first_name,
        to_day(person.birth_date),
        person.email,
        person.phone,
        where.complement,
        where.building,
        where.street,
        where.locality,
        where.postcode,
        where.city,
        where.country,
        int(person.deceased),
        to_day(person.deceased_on),
        person.representative,
        person.protection.value,
        person.restriction.value,
        int(person.has_annotations),
        None if categories is None else ",".join(sorted(item.value for item in categories)),
        person.ins,
        "" if person.excluded is None else person.excluded.value,
        person.exclusion_note,
        searchable(person),
    )


_CIVILITIES = {item.value: item for item in Civility}
_PROTECTIONS = {item.value: item for item in Protection}
_RESTRICTIONS = {item.value: item for item in Restriction}


def _categories(text: str | None) -> frozenset[DataCategory] | None:
    if text is None:
        return None
    return frozenset(DataCategory(item) for item in text.split(",") if item)


def recipient_from(row: Row | Sequence[Any]) -> Recipient:
    """The person of a row read with ``COLUMNS``."""
    return Recipient(
        id=row[0],
        row=row[1],
        civility=_CIVILITIES[row[2]],
        last_name=row[3],
        birth_name=row[4],
        first_name=row[5],
        birth_date=from_day(row[6]),
        email=row[7],
        phone=row[8],
        address=PostalAddress(*row[9:16]),
        deceased=bool(row[16]),
        deceased_on=from_day(row[17]),
        representative=row[18],
        protection=_PROTECTIONS[row[19]],
        restriction=_RESTRICTIONS[row[20]],
        has_annotations=bool(row[21]),
        categories=_categories(row[22]),
        ins=row[23],
        excluded=ExclusionReason(row[24]) if row[24] else None,
        exclusion_note=row[25],
    )


class Recipients(Journal):
    """The table ``recipients``."""

    def add_recipients(self, people: Iterable[Recipient]) -> int:
        """Insert people as they come (their ``id`` is ignored); how many. One transaction."""
        with self._writing():
            if not self._inside:
                raise BugError("unreachable")
            cursor = self._connection.executemany(INSERT, map(recipient_values, people))
            return max(int(cursor.rowcount), 0)

    def clear_list(self) -> None:
        """Forget the list and its remarks before another import.

        Raises:
            BugError: letters were planned for these people.
        """
        with self._writing():
            if self._value("SELECT count(*) FROM deliveries"):
                raise BugError("the list cannot be replaced once letters are planned")
            self._execute("DELETE FROM issues")
            self._execute("DELETE FROM recipients")

    def update_recipient(self, person: Recipient) -> None:
        """Replace one person's row, found by ``id``."""
        with self._writing():
            if self._execute(_UPDATE, (*recipient_values(person), person.id)) != 1:
                raise BugError("no such recipient")

    def recipient(self, recipient_id: int) -> Recipient:
        """One person by key; BugError when absent."""
        row = self._one(f"SELECT {COLUMNS} FROM recipients r WHERE r.id=?", (recipient_id,))  # noqa: S608 - names are ours, values are bound
        if row is None:
            raise BugError("no such recipient")
        return recipient_from(row)

    def recipient_by_row(self, row_number: int) -> Recipient | None:
        """The person of a row of the practice's list."""
        row = self._one(f"SELECT {COLUMNS} FROM recipients r WHERE r.row=?", (row_number,))  # noqa: S608 - names are ours, values are bound
        return None if row is None else recipient_from(row)

    def recipients(
        self, *, offset: int = 0, limit: int | None = None, query: RecipientQuery = EVERYBODY
    ) -> Iterator[Recipient]:
        """People one by one, never all in memory; safe while rows are being updated."""
        if query.order is not RecipientOrder.LIST or offset:
            ids = self.recipient_ids(query, offset=offset, limit=limit)
            for start in range(0, len(ids), _PAGE):
                yield from self.recipients_by_ids(ids[start : start + _PAGE])
            return
        where, values = query.conditions()
        last, left = 0, limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            rows = self._rows(
                f"SELECT {COLUMNS} FROM recipients r WHERE r.id > ? AND {where} ORDER BY r.id LIMIT ?",  # noqa: S608 - names are ours, values are bound
                (last, *values, size),
            )
            yield from map(recipient_from, rows)
            if len(rows) < size:
                return
            last = rows[-1][0]
            left = None if left is None else left - len(rows)

    def recipient_ids(
        self, query: RecipientQuery = EVERYBODY, *, offset: int = 0, limit: int | None = None
    ) -> "array[int]":
        """Keys in the order of the query, for table models."""
        where, values = query.conditions()
        rows = self._rows(
            f"SELECT r.id FROM recipients r WHERE {where} ORDER BY {query.order_by()} LIMIT ? OFFSET ?",  # noqa: S608 - names are ours, values are bound
            (*values, -1 if limit is None else limit, offset),
        )
        return array("q", (row[0] for row in rows))

    def recipients_by_ids(self, ids: Sequence[int]) -> list[Recipient]:
        """People in the order of ``ids``; absent ones are left out."""
        found: dict[int, Row] = {}
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            marks = ",".join("?" * len(page))
            sql = f"SELECT {COLUMNS} FROM recipients r WHERE r.id IN ({marks})"  # noqa: S608 - names are ours, values are bound
            found.update((row[0], row) for row in self._rows(sql, list(page)))
        return [recipient_from(found[key]) for key in ids if key in found]

    def count_recipients(self, query: RecipientQuery = EVERYBODY) -> int:
        """How many people the query lets through."""
        where, values = query.conditions()
        return int(self._value(f"SELECT count(*) FROM recipients r WHERE {where}", values))  # noqa: S608 - names are ours, values are bound

    def exclusion_counts(self) -> dict[ExclusionReason, int]:
        """How many people by reason of not writing."""
        rows = self._rows(
            "SELECT excluded, count(*) FROM recipients WHERE excluded <> '' GROUP BY excluded"
        )
        return {ExclusionReason(reason): count for reason, count in rows}

    def list_sha256(self) -> str:
        """SHA-256 over all rows in order: which list a run was frozen with."""
        digest = hashlib.sha256()
        last = 0
        while True:
            # the engine joins the columns: five times faster, and one text per row in memory
            rows = self._rows(
                f"SELECT r.id, {_JOINED} FROM recipients r WHERE r.id > ? ORDER BY r.id LIMIT ?",  # noqa: S608 - names are ours, values are bound
                (last, _PAGE * 4),
            )
            digest.update("".join([f"{text}\x1e" for _, text in rows]).encode())
            if len(rows) < _PAGE * 4:
                return digest.hexdigest()
            last = rows[-1][0]
