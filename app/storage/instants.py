"""Instants as the database keeps them: whole microseconds since 1970, UTC."""

from datetime import UTC, date, datetime, timedelta

from app.core.errors import BugError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970; BugError for an instant without its zone."""
    if moment.tzinfo is None:
        raise BugError("an instant without its zone cannot be stored")
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The instant, in UTC."""
    return _EPOCH + timedelta(microseconds=value)


def to_optional_micros(moment: datetime | None) -> int:
    """As ``to_micros``; 0 stands for None."""
    return 0 if moment is None else to_micros(moment)


def from_optional_micros(value: int) -> datetime | None:
    """As ``from_micros``; None for 0."""
    return from_micros(value) if value else None


def to_day(value: date | None) -> str:
    """« 2026-01-12 », empty for None."""
    return "" if value is None else value.isoformat()


def from_day(value: str) -> date | None:
    """The day, None for an empty text."""
    return date.fromisoformat(value) if value else None
