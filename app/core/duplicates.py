"""The same person twice, or perhaps: exact on birth name, first name and birth date; near within a birth date.

Memory: one short text and a few numbers per person. Time: linear, but for days on which very many people
of a list were born, where only neighbours in the alphabet are compared.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from app.core.headers import fold
from app.core.recipient import Recipient, Restriction

#: rapidfuzz ratio from which two names of one day are shown as a pair (storage.md C: 3,000 of 3,000 found, 9 extra)
NEAR = 88
_REMEMBERED = 300_000
_CROWDED_DAY = 400  # 01/01 of some years, for people whose day is unknown
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Rows that are one person. ``kept`` is the fullest; ``different`` are those whose reach is not the same."""

    kept: int
    others: tuple[int, ...]
    different: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two rows to decide upon. ``why``: spelling, married_name, no_birth_date."""

    first: int
    second: int
    likeness: int
    why: str


#: (fullness, what tells whether two rows reach a person in the same way)
Facts = tuple[int, int]


@dataclass(slots=True)
class NameKeys:
    """What people are compared by, as columns: one short text a person."""

    #: « birth name first name|day » of those with a birth date, and their rows
    keys: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    #: the same with the married name, when it is another
    married: list[tuple[str, int]] = field(default_factory=list)
    #: names of those without a birth date
    dateless: list[tuple[str, int]] = field(default_factory=list)


class NameKeyMaker:
    """Makes keys; names that come back are folded once."""

    def __init__(self) -> None:
        self._folded = _Folded()

    def note(
        self, into: NameKeys, row: int, last: str, birth: str, first: str, born: date | None
    ) -> None:
        """Note one person; without any name nothing can be compared."""
        birth = birth or last
        if not birth or not first:
            return
        given, maiden = self._folded[first], self._folded[birth]
        name = f"{maiden} {given}"
        if not born:
            into.dateless.append((name, row))
            return
        day = born.toordinal()
        if self._folded[last] != maiden:
            into.married.append((f"{self._folded[last]} {given}|{day}", row))
        into.keys.append(f"{name}|{day}")
        into.rows.append(row)

    def note_all(
        self, into: NameKeys, rows: list[int], names: Sequence[Sequence[str]], born: Sequence[Any]
    ) -> None:
        """The same for columns of people who all have a last and a first name; ``names``: last, birth, first."""
        if len(self._folded) > _REMEMBERED:
            self._folded.clear()
        last, birth, first = (list(map(self._folded.__getitem__, column)) for column in names)
        days = {day: f"|{day.toordinal()}" for day in set(born) if day}
        add, add_row = into.keys.append, into.rows.append
        for row, usual, maiden, given, day in zip(rows, last, birth, first, born, strict=True):
            name = f"{maiden or usual} {given}"
            if not day:
                into.dateless.append((name, row))
                continue
            if maiden and maiden != usual:
                into.married.append((f"{usual} {given}{days[day]}", row))
            add(name + days[day])
            add_row(row)


class _Folded(dict[str, str]):
    """Names as they are compared."""

    def __missing__(self, name: str) -> str:
        folded = name.lower() if name.isascii() and name.isalpha() else fold(name)
        if len(self) <= _REMEMBERED:
            self[name] = folded
        return folded


class DuplicateFinder:
    """Fed with people one by one, or with the keys of many."""

    def __init__(self) -> None:
        self._known = NameKeys()
        self._maker = NameKeyMaker()
        self._facts: dict[int, Facts] = {}

    def add(self, person: Recipient) -> None:
        """Note one person."""
        self._maker.note(
            self._known,
            person.row,
            person.last_name,
            person.birth_name,
            person.first_name,
            person.birth_date,
        )
        self._facts[person.row] = facts_of(person)

    def add_keys(self, keys: NameKeys) -> None:
        """Note many people; ``finish`` is then told how to know more of those found twice."""
        known = self._known
        known.keys += keys.keys
        known.rows += keys.rows
        known.married += keys.married
        known.dateless += keys.dateless

    def finish(
        self, look_up: Callable[[int], Facts] | None = None
    ) -> tuple[list[DuplicateGroup], list[LikelyPair]]:
        """Groups of one person, and pairs to decide upon. ``look_up``: row → facts."""
        first_rows: dict[str, int] = {}
        repeated: dict[str, list[int]] = {}
        for key, row in zip(self._known.keys, self._known.rows, strict=True):
            first = first_rows.setdefault(key, row)
            if first != row:
                repeated.setdefault(key, [first]).append(row)
        pairs = list(self._married_names(first_rows, repeated))
        days: dict[str, list[tuple[str, int]]] = {}
        for key, row in first_rows.items():
            name, _, day = key.rpartition("|")
            days.setdefault(day, []).append((name, row))
        for people in days.values():
            if len(people) > 1:
                pairs += _near(people)
        pairs += self._without_date(days)
        seen: set[tuple[int, int]] = set()
        unique = []
        for pair in pairs:
            both = (min(pair.first, pair.second), max(pair.first, pair.second))
            if both not in seen and both[0] != both[1]:
                seen.add(both)
                unique.append(LikelyPair(*both, pair.likeness, pair.why))
        ask = look_up or self._facts.__getitem__
        groups = [
            _group([(row, *ask(row)) for row in rows])
            for rows in sorted(repeated.values(), key=lambda rows: rows[0])
        ]
        return groups, sorted(unique, key=lambda pair: (pair.second, pair.first))

    def _married_names(
        self, first_rows: dict[str, int], repeated: dict[str, list[int]]
    ) -> Iterator[LikelyPair]:
        """« MARTIN née DUPONT » beside somebody whose birth name is MARTIN; rows grow down the list."""
        later: dict[str, int] = {}
        for key, row in self._known.married:
            other = first_rows.get(key)
            if other is not None and other < row:
                again = repeated.get(key)
                if again is None or again[1] > row:
                    yield LikelyPair(other, row, 100, "married_name")
            later.setdefault(key, row)
        for key, row in later.items():
            other = first_rows.get(key)
            if other is not None and other > row and key not in repeated:
                yield LikelyPair(row, other, 100, "married_name")

    def _without_date(self, days: dict[str, list[tuple[str, int]]]) -> Iterator[LikelyPair]:
        """People without a birth date, beside people of the same name."""
        if not self._known.dateless:
            return
        wanted = {name for name, _ in self._known.dateless}
        known: dict[str, int] = {}
        for people in days.values():
            for name, row in people:
                if name in wanted:
                    known.setdefault(name, row)
        for name, row in self._known.dateless:
            other = known.setdefault(name, row)
            if other != row:
                yield LikelyPair(other, row, 100, "no_birth_date")


def facts_of(person: Recipient) -> Facts:
    """Which of two rows to keep: a restriction first, since it protects; then annotations, e-mail, address."""
    address = person.address
    fullness = (
        8 * (person.restriction is not Restriction.NONE)
        + 4 * person.has_annotations
        + 2 * bool(person.email)
        + address.is_complete()
    )
    reach = hash(
        (
            person.email.lower(),
            address.street.lower(),
            address.postcode,
            person.restriction,
            person.has_annotations,
            person.categories,
        )
    )
    return fullness, reach


def _group(entries: list[tuple[int, int, int]]) -> DuplicateGroup:
    """``entries``: row, fullness, reach."""
    kept = max(entries, key=lambda entry: (entry[1], -entry[0]))
    others = tuple(entry[0] for entry in entries if entry is not kept)
    different = frozenset(entry[0] for entry in entries if entry[2] != kept[2])
    return DuplicateGroup(kept[0], others, different)


def _near(people: list[tuple[str, int]]) -> Iterator[LikelyPair]:
    """Names of one day that look alike."""
    if len(people) > _CROWDED_DAY:
        ordered = sorted(people)
        for index, (name, row) in enumerate(ordered):
            yield from _matches(name, row, ordered[index + 1 : index + 1 + _NEIGHBOURS])
        return
    ratio = fuzz.ratio
    for (name, row), (other, other_row) in combinations(people, 2):
        likeness = ratio(name, other, score_cutoff=NEAR)
        if likeness:
            yield LikelyPair(row, other_row, int(likeness), "spelling")


def _matches(name: str, row: int, others: list[tuple[str, int]]) -> Iterator[LikelyPair]:
    for other, other_row in others:
        likeness = fuzz.ratio(name, other, score_cutoff=NEAR)
        if likeness:
            yield LikelyPair(row, other_row, int(likeness), "spelling")
