"""What cleaning a cell gives: a value, and a mark when the value is not exactly what the list shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from typing_extensions import override

from app.core.issue import Level

T = TypeVar("T")


class State(StrEnum):
    """How far a cleaned value can be trusted."""

    SURE = "sure"
    #: changed in a way nobody would dispute; the mark says how
    REPAIRED = "repaired"
    #: kept or left out, and shown to the user
    DOUBTFUL = "doubtful"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a value is not simply sure. ``facts`` may hold the patient's value, never shown by repr."""

    state: State
    code: str
    level: Level = Level.INFO
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @override
    def __repr__(self) -> str:
        return f"Mark({self.state}, {self.code})"


class Cleaned(NamedTuple, Generic[T]):
    """A value ready for a ``Recipient`` field; ``mark`` is None when it is sure."""

    value: T
    mark: Mark | None = None

    @property
    def state(self) -> State:
        """SURE without a mark."""
        return State.SURE if self.mark is None else self.mark.state

    @override
    def __repr__(self) -> str:
        return f"Cleaned({self.state})"


def repaired(value: T, code: str, seen: str, kept: str) -> Cleaned[T]:
    """A change nobody would dispute, with what was seen."""
    return Cleaned(value, Mark(State.REPAIRED, code, Level.INFO, {"seen": seen, "kept": kept}))


def doubtful(
    value: T, code: str, seen: str, level: Level = Level.CHECK, **facts: str | int
) -> Cleaned[T]:
    """To be looked at; ``value`` is what goes on meanwhile."""
    return Cleaned(value, Mark(State.DOUBTFUL, code, level, {"seen": seen, **facts}))


def unusable(
    value: T, code: str, seen: str, level: Level = Level.CHECK, **facts: str | int
) -> Cleaned[T]:
    """Nothing can be made of it; ``value`` is the empty value of the field."""
    return Cleaned(value, Mark(State.UNUSABLE, code, level, {"seen": seen, **facts}))
