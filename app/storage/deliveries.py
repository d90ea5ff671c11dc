"""Letters: one row each, read by key, by page and in figures."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from app.core.campaign import Channel, ClosingBalance, Delivery, DeliveryStatus, Reply
from app.core.errors import BugError
from app.core.recipient import Recipient
from app.storage.instants import from_optional_micros, to_optional_micros
from app.storage.queries import ALL_LETTERS, DeliveryQuery
from app.storage.recipients import COLUMNS as RECIPIENT_COLUMNS
from app.storage.recipients import Recipients, recipient_from

_PAGE = 500
_NAMES = (
    "id", "recipient_id", "channel", "status", "code", "message_id", "template_id", "attempts",
    "retry_at", "changed_at", "reply_code", "reply_enhanced", "reply_text", "sha256", "run",
)  # fmt: skip
_COLUMNS = ", ".join(f"d.{name}" for name in _NAMES)
_WIDTH = len(_NAMES)
_INSERT = f"INSERT INTO deliveries({', '.join(_NAMES[1:])}) VALUES ({','.join('?' * (_WIDTH - 1))})"  # noqa: S608 - names are ours, values are bound
_S = DeliveryStatus
_STATUSES = {item.value: item for item in DeliveryStatus}
_CHANNELS = {item.value: item for item in Channel}


def delivery_from(row: Any) -> Delivery:
    """The letter of a row read with all columns."""
    reply = Reply(row[10], row[12], row[11]) if row[10] else None
    return Delivery(
        id=row[0],
        recipient_id=row[1],
        channel=_CHANNELS[row[2]],
        status=_STATUSES[row[3]],
        code=row[4],
        message_id=row[5],
        template_id=row[6],
        attempts=row[7],
        retry_at=from_optional_micros(row[8]),
        changed_at=from_optional_micros(row[9]),
        reply=reply,
        sha256=row[13],
        run=row[14],
    )


def _values(letter: Delivery) -> tuple[object, ...]:
    reply = letter.reply or Reply(0)
    return (
        letter.recipient_id,
        letter.channel.value,
        letter.status.value,
        letter.code,
        letter.message_id,
        letter.template_id,
        letter.attempts,
        to_optional_micros(letter.retry_at),
        to_optional_micros(letter.changed_at),
        reply.code,
        reply.enhanced,
        reply.text,
        letter.sha256,
        letter.run,
    )


class Deliveries(Recipients):
    """The table ``deliveries``, read; ``moves`` changes it."""

    def add_deliveries(self, letters: Iterable[Delivery]) -> int:
        """Insert planned letters (their ``id`` is ignored); how many."""
        with self._writing():
            first = int(self._value("SELECT coalesce(max(id), 0) FROM deliveries")) + 1
            self._connection.executemany(_INSERT, map(_values, letters))
            last = int(self._value("SELECT coalesce(max(id), 0) FROM deliveries"))
            return last - first + 1

    # reading

    def delivery(self, delivery_id: int) -> Delivery:
        """One letter by key; BugError when absent."""
        row = self._one(f"SELECT {_COLUMNS} FROM deliveries d WHERE d.id=?", (delivery_id,))  # noqa: S608 - names are ours, values are bound
        if row is None:
            raise BugError("no such delivery")
        return delivery_from(row)

    def delivery_by_code(self, code: str) -> Delivery | None:
        """The letter that carries this code, as printed."""
        row = self._one(f"SELECT {_COLUMNS} FROM deliveries d WHERE d.code=?", (code,))  # noqa: S608 - names are ours, values are bound
        return None if row is None else delivery_from(row)

    def delivery_by_message_id(self, message_id: str) -> Delivery | None:
        """The letter sent under this Message-ID, with its angle brackets."""
        if not message_id:
            return None
        sql = f"SELECT {_COLUMNS} FROM deliveries d WHERE d.message_id=? AND d.message_id<>''"  # noqa: S608 - names are ours, values are bound
        row = self._one(sql, (message_id,))
        return None if row is None else delivery_from(row)

    def deliveries_of(self, recipient_id: int) -> list[Delivery]:
        """All letters to one person, in order."""
        sql = f"SELECT {_COLUMNS} FROM deliveries d WHERE d.recipient_id=? ORDER BY d.id"  # noqa: S608 - names are ours, values are bound
        return [delivery_from(row) for row in self._rows(sql, (recipient_id,))]

    def deliveries(
        self,
        *statuses: DeliveryStatus,
        channel: Channel | None = None,
        run: int | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> Iterator[Delivery]:
        """Letters by key, never all in memory."""
        for row in self._pages(DeliveryQuery(statuses, channel, run), offset, limit):
            yield delivery_from(row)

    def deliveries_with_recipients(
        self,
        *statuses: DeliveryStatus,
        channel: Channel | None = None,
        run: int | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> Iterator[tuple[Delivery, Recipient]]:
        """Letters and their persons by key of the letter, never all in memory."""
        query = DeliveryQuery(statuses, channel, run)
        for row in self._pages(query, offset, limit, with_recipients=True):
            yield delivery_from(row), recipient_from(row[_WIDTH:])

    def _pages(
        self,
        query: DeliveryQuery,
        offset: int = 0,
        limit: int | None = None,
        *,
        with_recipients: bool = False,
    ) -> Iterator[Any]:
        where, values = query.conditions()
        columns, join = _COLUMNS, ""
        if with_recipients:
            columns += f", {RECIPIENT_COLUMNS}"
            join = "JOIN recipients r ON r.id = d.recipient_id"
        last, left, skip = 0, limit, offset
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            rows = self._rows(
                f"SELECT {columns} FROM deliveries d {join} WHERE d.id > ? AND {where} "  # noqa: S608 - names are ours, values are bound
                "ORDER BY d.id LIMIT ? OFFSET ?",
                (last, *values, size, skip),
            )
            yield from rows
            if len(rows) < size:
                return
            last, skip = rows[-1][0], 0
            left = None if left is None else left - len(rows)

    def delivery_ids(self, query: DeliveryQuery = ALL_LETTERS) -> "array[int]":
        """Keys in order, for table models."""
        where, values = query.conditions()
        sql = f"SELECT d.id FROM deliveries d WHERE {where} ORDER BY d.id"  # noqa: S608 - names are ours, values are bound
        return array("q", (row[0] for row in self._rows(sql, values)))

    def deliveries_by_ids(self, ids: "array[int] | list[int]") -> list[tuple[Delivery, Recipient]]:
        """Letters and persons in the order of ``ids``."""
        found: dict[int, tuple[Delivery, Recipient]] = {}
        for start in range(0, len(ids), _PAGE):
            page = list(ids[start : start + _PAGE])
            sql = (
                f"SELECT {_COLUMNS}, {RECIPIENT_COLUMNS} FROM deliveries d "  # noqa: S608 - names are ours, values are bound
                f"JOIN recipients r ON r.id = d.recipient_id WHERE d.id IN ({','.join('?' * len(page))})"
            )
            for row in self._rows(sql, page):
                found[row[0]] = (delivery_from(row), recipient_from(row[_WIDTH:]))
        return [found[key] for key in ids if key in found]

    def count_deliveries(self, query: DeliveryQuery = ALL_LETTERS) -> int:
        """How many letters the query lets through."""
        where, values = query.conditions()
        return int(self._value(f"SELECT count(*) FROM deliveries d WHERE {where}", values))  # noqa: S608 - names are ours, values are bound

    def delivery_counts(
        self, run: int | None = None
    ) -> Mapping[tuple[Channel, DeliveryStatus], int]:
        """Number of letters by channel and state."""
        where, values = ("run=?", (run,)) if run is not None else ("1", ())
        rows = self._rows(
            f"SELECT channel, status, count(*) FROM deliveries WHERE {where} GROUP BY channel, status",  # noqa: S608 - names are ours, values are bound
            values,
        )
        return {(_CHANNELS[channel], _STATUSES[status]): count for channel, status, count in rows}

    def template_counts(self, run: int) -> Mapping[str, int]:
        """Number of letters by template in one run."""
        rows = self._rows(
            "SELECT template_id, count(*) FROM deliveries WHERE run=? AND template_id<>'' GROUP BY 1",
            (run,),
        )
        return {str(template): int(count) for template, count in rows}

    def delivery_spans(
        self, run: int
    ) -> Mapping[tuple[Channel, DeliveryStatus], tuple[datetime | None, datetime | None]]:
        """First and last change of state by channel and state, for one run."""
        rows = self._rows(
            "SELECT channel, status, min(nullif(changed_at, 0)), max(changed_at) FROM deliveries "
            "WHERE run=? GROUP BY channel, status",
            (run,),
        )
        return {
            (_CHANNELS[channel], _STATUSES[status]): (
                from_optional_micros(first or 0),
                from_optional_micros(last),
            )
            for channel, status, first, last in rows
        }

    def balance(self, run: int | None = None) -> ClosingBalance:
        """Every person in exactly one place: the state of the last letter to them (of ``run``, or of all)."""
        where, values = ("run=?", (run,)) if run is not None else ("1", ())
        rows = self._rows(
            "SELECT d.status, count(*) FROM deliveries d JOIN (SELECT max(id) AS id FROM deliveries "  # noqa: S608 - names are ours, values are bound
            f"WHERE {where} GROUP BY recipient_id) USING (id) GROUP BY d.status",
            values,
        )
        by_status = {_STATUSES[status]: count for status, count in rows}
        total = int(self._value("SELECT count(*) FROM recipients"))
        unplanned_excluded = int(
            self._value(
                "SELECT count(*) FROM recipients r WHERE r.excluded <> '' AND NOT EXISTS "  # noqa: S608 - names are ours, values are bound
                f"(SELECT 1 FROM deliveries WHERE recipient_id = r.id AND {where})",
                values,
            )
        )
        if unplanned_excluded:
            by_status[_S.EXCLUDED] = by_status.get(_S.EXCLUDED, 0) + unplanned_excluded
        return ClosingBalance(total, by_status, total - sum(by_status.values()))

    def last_states(self) -> dict[int, DeliveryStatus]:
        """State that each letter's last event says; letters without any event are absent."""
        rows = self._rows(
            "SELECT delivery_id, substr(kind, 8), max(seq) FROM events "
            "WHERE delivery_id > 0 AND kind LIKE 'letter\\_%' ESCAPE '\\' GROUP BY delivery_id"
        )
        return {int(key): _STATUSES[name] for key, name, _ in rows}
