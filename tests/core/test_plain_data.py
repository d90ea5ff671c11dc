"""Dataclasses there and back, and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BugError
from app.core.plain_data import from_plain, to_plain


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Inner:
    name: str
    size: int = 0


@dataclass(frozen=True)
class Outer:
    text: str
    yes: bool = False
    ratio: float = 0.0
    data: bytes = b""
    day: date | None = None
    moment: datetime | None = None
    hour: time = time(8)
    colour: Colour = Colour.RED
    colours: frozenset[Colour] = frozenset()
    inner: Inner | None = None
    inners: tuple[Inner, ...] = ()
    table: Mapping[str, int] = field(default_factory=dict)


objects = st.builds(
    Outer,
    text=st.text(),
    yes=st.booleans(),
    data=st.binary(max_size=20),
    day=st.none() | st.dates(),
    moment=st.none() | st.datetimes(timezones=st.just(UTC)),
    colour=st.sampled_from(Colour),
    colours=st.frozensets(st.sampled_from(Colour)),
    inner=st.none() | st.builds(Inner, name=st.text(), size=st.integers()),
    inners=st.lists(st.builds(Inner, name=st.text()), max_size=3).map(tuple),
    table=st.dictionaries(st.text(), st.integers(), max_size=3),
)


@given(objects)
def test_there_and_back(value: Outer) -> None:
    assert from_plain(Outer, to_plain(value)) == value


@pytest.mark.parametrize(
    "plain",
    [
        [],
        {},
        {"text": 1},
        {"text": "a", "unknown": 1},
        {"text": "a", "yes": 1},
        {"text": "a", "colour": "green"},
        {"text": "a", "day": "demain"},
        {"text": "a", "data": "pas du base64 !"},
        {"text": "a", "inners": "a"},
        {"text": "a", "table": []},
        {"text": "a", "inner": {"size": 2}},
    ],
)
def test_foreign_data_is_refused(plain: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        from_plain(Outer, plain)


def test_what_has_no_plain_form_is_our_fault() -> None:
    with pytest.raises(BugError):
        to_plain(object())
    with pytest.raises(BugError):
        to_plain(datetime(2026, 1, 1))  # noqa: DTZ001 - without its zone
