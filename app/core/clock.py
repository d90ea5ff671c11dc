"""The time, as something that can be handed in."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is; tests hand in a fake one."""

    def now(self) -> datetime:
        """The present instant, in UTC with its zone."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The present instant, in UTC with its zone."""
        return datetime.now(UTC)
