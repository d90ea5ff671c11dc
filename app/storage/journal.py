"""The journal: append-only events, each bound to the one before by SHA-256.

The hash of an event covers its number, instant, kind, letter and public facts, and the *salted digest* of its
private part (what may quote a patient). A purge empties the private parts; the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.storage.database import Database
from app.storage.instants import from_micros, to_micros

Facts = Mapping[str, str | int]
_PAGE = 2_000
_HOUR = 3_600_000_000
#: a computer's clock is corrected by seconds; more is worth a remark
_CLOCK_TOLERANCE = timedelta(minutes=2) // timedelta(microseconds=1)
_SELECT = "SELECT seq, at, kind, delivery_id, facts, private_digest, private, hash FROM events"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal."""

    seq: int
    at: datetime
    kind: str
    facts: Facts
    #: SHA-256 of this event and of all before it, hexadecimal
    hash: str
    delivery_id: int = 0
    #: may name a patient; None once purged, empty when there never was any
    private: Facts | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found. ``first_break`` is the number of the first event that does not fit."""

    events: int
    head: str
    first_break: int | None = None
    #: "content", "missing", "private" or "letter" (a letter whose state disagrees with its last event)
    reason: str = ""
    #: numbers of the events whose instant is earlier than the one before
    clock_steps: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        """True when nothing was altered, removed or inserted."""
        return self.first_break is None


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(facts: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no space: the same bytes for the same facts."""
    return _ENCODER.encode(facts)


def genesis(campaign_id: str) -> bytes:
    """What stands before the first event."""
    return hashlib.sha256(f"avis34 journal {campaign_id}".encode()).digest()


def event_hash(
    previous: bytes, seq: int, at: int, kind: str, delivery_id: int, facts: str, private: str
) -> bytes:
    """SHA-256 of the previous hash and of the event as canonical JSON. ``facts`` is canonical already."""
    body = (
        f'{{"at":{at},"facts":{facts},"kind":"{kind}","letter":{delivery_id},'
        f'"private":"{private}","seq":{seq}}}'
    )
    return hashlib.sha256(previous + body.encode()).digest()


def private_digest(private: str) -> str:
    """Digest of a private part; its text starts with a random salt, so that nobody can guess it back."""
    return hashlib.sha256(private.encode()).hexdigest()


class Journal(Database):
    """The table ``events``."""

    @property
    def _campaign_id(self) -> str:
        raise NotImplementedError

    def append_event(
        self,
        kind: str,
        facts: Facts,
        now: datetime,
        *,
        private: Facts | None = None,
        delivery_id: int = 0,
    ) -> None:
        """Add a line, in the caller's transaction or in its own.

        ``facts`` stay for ever and must not name a patient (a row number may); what does goes to ``private``.
        """
        with self._writing():
            self._append(kind, facts, to_micros(now), private=private, delivery_id=delivery_id)
            self._has_news = True

    def _append(
        self,
        kind: str,
        facts: Facts,
        at: int,
        *,
        private: Facts | None = None,
        delivery_id: int = 0,
    ) -> None:
        self._append_after(self._tail(), kind, facts, at, private=private, delivery_id=delivery_id)

    def _tail(self) -> tuple[int, bytes]:
        """Number and hash of the last line, or what stands before the first."""
        last = self._one("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
        return (last[0], last[1]) if last else (0, genesis(self._campaign_id))

    def _append_after(
        self,
        tail: tuple[int, bytes],
        kind: str,
        facts: Facts,
        at: int,
        *,
        private: Facts | None = None,
        delivery_id: int = 0,
    ) -> tuple[int, bytes]:
        """Add a line after ``tail``, the last line of this transaction; returns the new tail."""
        seq, previous = tail[0] + 1, tail[1]
        public = canonical(facts)
        sealed, digest = None, ""
        if private:
            sealed = secrets.token_hex(16) + canonical(private)
            digest = private_digest(sealed)
        hashed = event_hash(previous, seq, at, kind, delivery_id, public, digest)
        self._execute(
            "INSERT INTO events VALUES (?,?,?,?,?,?,?,?)",
            (seq, at, kind, delivery_id, public, digest, sealed, hashed),
        )
        return seq, hashed

    def events(
        self, *, offset: int = 0, limit: int | None = None, kind: str = "", delivery_id: int = 0
    ) -> Iterator[Event]:
        """Lines in order, read by pages; ``offset`` counts lines of the whole journal."""
        last, left = offset, limit
        conditions, values = "seq > ?", [kind or delivery_id or None]
        if kind:
            conditions += " AND kind = ?"
            if not kind.startswith("letter_"):
                conditions += " AND substr(kind, 1, 7) <> 'letter_'"  # as the index says it
        elif delivery_id:
            conditions += " AND delivery_id = ? AND delivery_id > 0"
        else:
            values = []
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            rows = self._rows(
                f"{_SELECT} WHERE {conditions} ORDER BY seq LIMIT ?",
                (last, *values, size),
            )
            for row in rows:
                yield _event(row)
            if len(rows) < size:
                return
            last = rows[-1][0]
            left = None if left is None else left - len(rows)

    def journal_lines(self) -> Iterator[str]:
        """Every line as JSON, for a third party: with the salted digest in place of what may name a patient."""
        last = 0
        while rows := self._rows(f"{_SELECT} WHERE seq > ? ORDER BY seq LIMIT ?", (last, _PAGE)):
            for seq, at, kind, delivery_id, facts, digest, _, hashed in rows:
                yield (
                    f'{{"at":{at},"facts":{facts},"hash":"{hashed.hex()}","kind":"{kind}",'
                    f'"letter":{delivery_id},"private":"{digest}","seq":{seq}}}'
                )
            last = rows[-1][0]

    def count_events(self) -> int:
        """Number of lines."""
        return int(self._value("SELECT coalesce(max(seq), 0) FROM events"))

    def event_counts(self) -> dict[str, int]:
        """Number of lines of each kind."""
        rows = self._rows("SELECT kind, count(*) FROM events GROUP BY kind ORDER BY min(seq)")
        return {str(kind): int(count) for kind, count in rows}

    def events_per_hour(self, kinds: Sequence[str]) -> list[tuple[str, datetime, int]]:
        """(kind, start of the hour in UTC, number), in order."""
        marks = ",".join("?" * len(kinds))
        rows = self._rows(
            f"SELECT kind, at / {_HOUR}, count(*) FROM events WHERE kind IN ({marks}) "  # noqa: S608 - names are ours, values are bound
            "GROUP BY 1, 2 ORDER BY 2, 1",
            list(kinds),
        )
        return [(kind, from_micros(hour * _HOUR), count) for kind, hour, count in rows]

    def chain_head(self) -> tuple[int, str]:
        """Number and hash of the last line; (0, "") for an empty journal."""
        last = self._one("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
        return (last[0], last[1].hex()) if last else (0, "")

    def last_event_at(self) -> datetime | None:
        """Instant of the last line."""
        value = self._value("SELECT at FROM events ORDER BY seq DESC LIMIT 1")
        return None if value is None else from_micros(value)

    def verify_chain(self) -> ChainReport:
        """Read the whole journal again and recompute every hash.

        Raises:
            CampaignDamaged: a page of the file is not authentic.
        """
        previous = genesis(self._campaign_id)
        expected, last_at = 1, 0
        steps: list[int] = []
        while True:
            rows = self._rows(f"{_SELECT} WHERE seq >= ? ORDER BY seq LIMIT ?", (expected, _PAGE))
            for seq, at, kind, delivery_id, facts, digest, private, stored in rows:
                if seq != expected:
                    return ChainReport(seq, previous.hex(), expected, "missing", tuple(steps))
                previous = event_hash(previous, seq, at, kind, delivery_id, facts, digest)
                if previous != stored:
                    return ChainReport(seq, previous.hex(), seq, "content", tuple(steps))
                if private is not None and private_digest(private) != digest:
                    return ChainReport(seq, previous.hex(), seq, "private", tuple(steps))
                if at < last_at - _CLOCK_TOLERANCE:
                    steps.append(seq)
                last_at = at
                expected += 1
            if len(rows) < _PAGE:
                break
        return ChainReport(
            expected - 1, previous.hex() if expected > 1 else "", None, "", tuple(steps)
        )


def _event(row: Any) -> Event:
    seq, at, kind, delivery_id, facts, digest, private, hashed = row
    opened: Facts | None = {} if not digest else None
    if private is not None:
        opened = json.loads(private[32:])
    return Event(seq, from_micros(at), kind, json.loads(facts), hashed.hex(), delivery_id, opened)


def verify_lines(lines: Iterable[str], campaign_id: str) -> ChainReport:
    """Recompute the chain of an exported journal (``journal_lines``).

    Raises:
        ValueError: a line is not an event.
    """
    previous = genesis(campaign_id)
    expected = 1
    for line in lines:
        event = json.loads(line)
        try:
            seq, stored = int(event["seq"]), str(event["hash"])
            values = (seq, int(event["at"]), str(event["kind"]), int(event["letter"]))
            facts, digest = canonical(event["facts"]), str(event["private"])
        except (KeyError, TypeError) as error:
            raise ValueError("not an event") from error
        if seq != expected:
            return ChainReport(seq, previous.hex(), expected, "missing")
        previous = event_hash(previous, *values, facts, digest)
        if previous.hex() != stored:
            return ChainReport(seq, previous.hex(), seq, "content")
        expected += 1
    return ChainReport(expected - 1, previous.hex() if expected > 1 else "")
