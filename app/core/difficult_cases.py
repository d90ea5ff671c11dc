"""The people on whose letter a template most often breaks: worth a look before the first sending."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.recipient import Civility, Protection, Recipient


class Difficulty(StrEnum):
    """Why a letter deserves a look."""

    LONGEST_NAME = "longest_name"
    MINOR = "minor"
    PROTECTED = "protected"
    NO_CIVILITY = "no_civility"
    ACCENTS = "accents"
    ANNOTATIONS = "annotations"
    LONGEST_ADDRESS = "longest_address"
    ABROAD = "abroad"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class DifficultCase:
    """One person for one difficulty."""

    difficulty: Difficulty
    recipient_id: int


def difficult_cases(people: Iterable[Recipient], today: date) -> list[DifficultCase]:
    """At most one person per difficulty, among those who get a letter; in the order of ``Difficulty``."""
    firsts: dict[Difficulty, int] = {}
    longest_name = longest_address = 0
    for person in people:
        if person.is_excluded:
            continue
        if len(person.display_name) > longest_name:
            longest_name = len(person.display_name)
            firsts[Difficulty.LONGEST_NAME] = person.id
        width = _address_width(person)
        if width > longest_address:
            longest_address = width
            firsts[Difficulty.LONGEST_ADDRESS] = person.id
        for difficulty, applies in _RULES.items():
            if difficulty not in firsts and applies(person, today):
                firsts[difficulty] = person.id
    return [DifficultCase(kind, firsts[kind]) for kind in Difficulty if kind in firsts]


def _address_width(person: Recipient) -> int:
    where = person.address
    return max(map(len, (where.complement, where.building, where.street, where.locality)))


_RULES: dict[Difficulty, Callable[[Recipient, date], bool]] = {
    Difficulty.MINOR: lambda person, today: person.is_minor_on(today),
    Difficulty.PROTECTED: lambda person, _: person.protection is not Protection.NONE,
    Difficulty.NO_CIVILITY: lambda person, _: person.civility is Civility.UNKNOWN,
    Difficulty.ACCENTS: lambda person, _: not person.display_name.isascii(),
    Difficulty.ANNOTATIONS: lambda person, _: person.has_annotations,
    Difficulty.ABROAD: lambda person, _: bool(person.address.country),
    Difficulty.NO_ADDRESS: lambda person, _: not person.address.is_complete(),
}
