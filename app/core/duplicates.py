"""The same person twice, or perhaps: exact on birth name, first name and birth date; near within a birth date.

Memory: one short text and a few numbers per person. Time: linear, but for days on which very many people
of a list were born, where only neighbours in the alphabet are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from app.core.headers import fold
from app.core.recipient import Recipient, Restriction

#: rapidfuzz ratio from which two names of one day are shown as a pair (storage.md C: 3,000 of 3,000 found, 9 extra)
NEAR = 88
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


_Entry = tuple[int, int, int]  # row, fullness, digest of e-mail and address


class DuplicateFinder:
    """Fed with people one by one."""

    def __init__(self) -> None:
        self._exact: dict[str, _Entry | list[_Entry]] = {}
        self._days: dict[int, list[tuple[str, int]]] = {}
        self._married: dict[str, int] = {}
        self._dateless: list[tuple[str, int]] = []
        self._pairs: list[LikelyPair] = []
        self._folded: dict[str, str] = {}

    def add(self, person: Recipient) -> None:
        """Note one person; without any name nothing can be compared."""
        birth, last = person.birth_name or person.last_name, person.last_name
        if not birth or not person.first_name:
            return
        first = self._fold(person.first_name)
        name = f"{self._fold(birth)} {first}"
        born = person.birth_date
        if born is None:
            self._dateless.append((name, person.row))
            return
        day = born.toordinal()
        key = f"{name}|{day}"
        entry = (person.row, _fullness(person), _reach(person))
        known = self._exact.get(key)
        if known is None:
            self._exact[key] = entry
            self._days.setdefault(day, []).append((name, person.row))
        elif isinstance(known, list):
            known.append(entry)
        else:
            self._exact[key] = [known, entry]
        if birth is not last and birth != last:
            self._married_name(f"{self._fold(last)} {first}|{day}", key, person.row)

    def _married_name(self, married: str, key: str, row: int) -> None:
        if married == key:
            return
        other = self._exact.get(married)
        if isinstance(other, tuple):
            self._pairs.append(LikelyPair(other[0], row, 100, "married_name"))
        self._married.setdefault(married, row)

    def _fold(self, name: str) -> str:
        folded = self._folded.get(name)
        if folded is None:
            folded = name.lower() if name.isascii() and name.isalpha() else fold(name)
            if len(self._folded) < 200_000:
                self._folded[name] = folded
        return folded

    def finish(self) -> tuple[list[DuplicateGroup], list[LikelyPair]]:
        """Groups of one person, and pairs to decide upon."""
        groups = [_group(entries) for entries in self._exact.values() if isinstance(entries, list)]
        pairs = list(self._pairs)
        for married, row in self._married.items():
            other = self._exact.get(married)
            if isinstance(other, tuple) and other[0] > row:
                pairs.append(LikelyPair(row, other[0], 100, "married_name"))
        for people in self._days.values():
            if len(people) > 1:
                pairs += _near(people)
        pairs += self._without_date()
        seen: set[tuple[int, int]] = set()
        unique = []
        for pair in pairs:
            rows = (min(pair.first, pair.second), max(pair.first, pair.second))
            if rows not in seen and rows[0] != rows[1]:
                seen.add(rows)
                unique.append(LikelyPair(*rows, pair.likeness, pair.why))
        return groups, sorted(unique, key=lambda pair: (pair.second, pair.first))

    def _without_date(self) -> Iterator[LikelyPair]:
        """People without a birth date, beside people of the same name."""
        if not self._dateless:
            return
        wanted = {name for name, _ in self._dateless}
        known: dict[str, int] = {}
        for people in self._days.values():
            for name, row in people:
                if name in wanted:
                    known.setdefault(name, row)
        for name, row in self._dateless:
            other = known.setdefault(name, row)
            if other != row:
                yield LikelyPair(other, row, 100, "no_birth_date")


def _fullness(person: Recipient) -> int:
    """Which of two rows to keep: a restriction first, since it protects; then annotations, e-mail, address."""
    return (
        8 * (person.restriction is not Restriction.NONE)
        + 4 * person.has_annotations
        + 2 * bool(person.email)
        + person.address.is_complete()
    )


def _reach(person: Recipient) -> int:
    address = person.address
    return hash(
        (
            person.email.lower(),
            address.street.lower(),
            address.postcode,
            person.restriction,
            person.has_annotations,
            person.categories,
        )
    )


def _group(entries: list[_Entry]) -> DuplicateGroup:
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
    for index, (name, row) in enumerate(people[:-1]):
        yield from _matches(name, row, people[index + 1 :])


def _matches(name: str, row: int, others: list[tuple[str, int]]) -> Iterator[LikelyPair]:
    for other, other_row in others:
        likeness = fuzz.ratio(name, other, score_cutoff=NEAR)
        if likeness:
            yield LikelyPair(row, other_row, int(likeness), "spelling")
