"""Keep the computer awake while letters leave."""

from collections.abc import Iterator
from contextlib import contextmanager

from wakepy import keep


@contextmanager
def computer_awake() -> Iterator[bool]:
    """Ask the system not to sleep; yields whether it agreed. The screen may still go dark."""
    with keep.running(on_fail="pass") as mode:
        yield bool(mode.active)
