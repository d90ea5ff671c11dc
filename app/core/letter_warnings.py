"""Warnings of the checklist: gathered by kind, accepted with a name and a reason, letter by letter or together.

An error stops the letters; a warning (``Level.CHECK``) stops them until somebody answered for it.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from typing_extensions import override

from app.core.issue import Issue, Level

#: stands for the whole run where a row is wanted: the rows of a list begin at 1
WHOLE_RUN = 0


@dataclass(frozen=True, slots=True)
class LetterWarning:
    """One kind of warning and the letters that raise it. ``facts`` are those of the first letter."""

    code: str
    rows: frozenset[int]
    #: may hold a word of a letter, hence never in ``repr``
    facts: Mapping[str, str | int] = field(default_factory=dict)
    #: place in the body of the first letter
    span: tuple[int, int] | None = None

    @property
    def letters(self) -> int:
        """How many letters raise it; 0 when it is about the whole run."""
        return len(self.rows - {WHOLE_RUN})

    @property
    def first_row(self) -> int | None:
        """Smallest row, None for the whole run."""
        row = min(self.rows)
        return row or None

    @property
    def key(self) -> str:
        """What makes two warnings the same kind: the code and the words told; numbers differ by letter."""
        return kind_key(self.code, self.facts)

    def issue(self) -> Issue:
        """The warning as a remark on its first letter."""
        return Issue(self.code, Level.CHECK, self.first_row, "body", self.facts, self.span)

    @override
    def __repr__(self) -> str:
        return f"LetterWarning({self.code}, {len(self.rows)} rows)"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody answered for one kind of warning, in these rows, for the text of that moment."""

    key: str
    code: str
    rows: frozenset[int]
    by: str
    reason: str
    at: datetime
    #: digest of the wording, the incident and the practice it was given for
    text: str = ""


def kind_key(code: str, facts: Mapping[str, str | int]) -> str:
    """Hexadecimal digest: a word of a letter may be in ``facts`` and must not be kept."""
    told = "\x1f".join(f"{k}={v}" for k, v in sorted(facts.items()) if isinstance(v, str))
    return hashlib.sha256(f"{code}\x1e{told}".encode()).hexdigest()[:32]


class WarningCollector:
    """Gathers the warnings of a run while its letters stream by."""

    def __init__(self) -> None:
        self._rows: dict[str, set[int]] = {}
        self._first: dict[str, Issue] = {}

    def add(self, issue: Issue, row: int | None) -> None:
        """Note one warning; other levels are left out."""
        if issue.level is not Level.CHECK:
            return
        key = kind_key(issue.code, issue.facts)
        self._first.setdefault(key, issue)
        self._rows.setdefault(key, set()).add(row or WHOLE_RUN)

    def warnings(self) -> tuple[LetterWarning, ...]:
        """What was gathered, the kinds with most letters first."""
        found = [
            LetterWarning(first.code, frozenset(self._rows[key]), first.facts, first.span)
            for key, first in self._first.items()
        ]
        return tuple(sorted(found, key=lambda each: (-each.letters, each.code)))


def still_open(
    warnings: Iterable[LetterWarning], acceptances: Iterable[Acceptance], text: str
) -> tuple[LetterWarning, ...]:
    """Warnings with the rows nobody answered for. What was accepted of another text does not count."""
    accepted: dict[str, set[int]] = {}
    for acceptance in acceptances:
        if acceptance.text == text:
            accepted.setdefault(acceptance.key, set()).update(acceptance.rows)
    left: list[LetterWarning] = []
    for warning in warnings:
        rows = warning.rows - accepted.get(warning.key, set())
        if rows:
            left.append(replace(warning, rows=rows))
    return tuple(left)


def rows_text(rows: Collection[int]) -> str:
    """« 2-17,19 »: the rows in order, runs of them joined."""
    parts: list[str] = []
    start = end = None
    for row in [*sorted(rows), None]:
        if start is not None and end is not None and row == end + 1:
            end = row
            continue
        if start is not None and end is not None:
            parts.append(str(start) if start == end else f"{start}-{end}")
        start = end = row
    return ",".join(parts)


def rows_of(text: str) -> frozenset[int]:
    """The rows of « 2-17,19 ». Raises ValueError."""
    rows: set[int] = set()
    for part in _parts(text):
        first, _, last = part.partition("-")
        rows.update(range(int(first), int(last or first) + 1))
    return frozenset(rows)


def _parts(text: str) -> Sequence[str]:
    return [part for part in text.split(",") if part]
