"""Dataclasses ↔ plain values (dict, list, str, int, bool), the same for JSON and TOML.

Handles str, int, float, bool, bytes, date, time, datetime (UTC), enums, ``X | None``, tuples, frozensets,
``dict[str, str]`` and nested dataclasses. ``None`` is left out, since TOML has no word for it.
"""

import base64
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from app.core.errors import BugError

T = TypeVar("T")
Plain = str | int | float | bool | list["Plain"] | dict[str, "Plain"]


def to_plain(value: object) -> Plain:
    """Plain form of a dataclass or of one of the types named above."""
    if isinstance(value, Enum):
        return cast("Plain", value.value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise BugError("an instant without its zone cannot be stored")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted((to_plain(item) for item in value), key=str)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        named = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: to_plain(item) for name, item in named if item is not None}
    raise BugError(f"no plain form for {type(value).__name__}")


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def from_plain(kind: type[T], plain: object) -> T:
    """The ``kind`` object described by ``plain``; an absent field takes its default.

    Raises:
        ValueError: a field has another type than expected, a value that an enum does not know, or a name
            that ``kind`` does not have.
    """
    return cast("T", _read(kind, plain))


def _read_dataclass(kind: type, plain: object) -> object:
    if not isinstance(plain, Mapping):
        raise ValueError(f"{kind.__name__}: a table is expected")  # noqa: TRY004 - bad data, not a bad call
    known = {field.name: field for field in fields(kind)}
    if unknown := set(plain) - set(known):
        raise ValueError(f"{kind.__name__}: unknown field {sorted(map(str, unknown))}")
    hints = _hints(kind)
    values: dict[str, object] = {}
    for name, field in known.items():
        if name in plain:
            values[name] = _read(hints[name], plain[name])
        elif field.default is MISSING and field.default_factory is MISSING:
            if type(None) not in get_args(hints[name]):
                raise ValueError(f"{kind.__name__}: field {name} is absent")
            values[name] = None
    return kind(**values)


def _read(kind: Any, plain: object) -> object:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (only,) = (argument for argument in arguments if argument is not type(None))
        return _read(only, plain)
    if origin in (tuple, frozenset):
        if not isinstance(plain, list):
            raise ValueError("a list is expected")
        return origin(_read(arguments[0], item) for item in plain)
    if origin in (dict, Mapping) or (origin is not None and issubclass(origin, Mapping)):
        if not isinstance(plain, Mapping):
            raise ValueError("a table is expected")
        return {str(key): _read(arguments[1], item) for key, item in plain.items()}
    if is_dataclass(kind):
        return _read_dataclass(cast("type", kind), plain)
    return _read_scalar(kind, plain)


def _read_scalar(kind: type, plain: object) -> object:
    if issubclass(kind, Enum):
        return kind(plain)
    if kind is bool or kind is int or kind is float:
        if isinstance(plain, bool) is not (kind is bool) or not isinstance(plain, int | float):
            raise ValueError(f"{kind.__name__} is expected")
        return kind(plain)
    if not isinstance(plain, str):
        raise ValueError("a text is expected")  # noqa: TRY004 - bad data, not a bad call
    if kind is bytes:
        return base64.b64decode(plain, validate=True)
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if kind is date:
        return date.fromisoformat(plain)
    if kind is time:
        return time.fromisoformat(plain)
    if kind is str:
        return plain
    raise BugError(f"no reader for {kind}")
