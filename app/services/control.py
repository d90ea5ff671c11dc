"""Pause, resume and stop of long work, from any thread."""

import threading


class Control:
    """Shared between the one who watches (window, command line) and the one who works.

    A plain object with events, never a Qt slot: a busy worker would see a slot too late.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def stop(self) -> None:
        """Ask the work to end at its next safe point; also ends a pause and a wait at once."""
        self._stopped.set()
        self._running.set()

    def pause(self) -> None:
        """Hold the work at its next safe point."""
        self._running.clear()

    def resume(self) -> None:
        """Let paused work go on."""
        self._running.set()

    @property
    def is_stopped(self) -> bool:
        """True once ``stop`` was called."""
        return self._stopped.is_set()

    @property
    def is_paused(self) -> bool:
        """True between ``pause`` and ``resume``."""
        return not self._running.is_set()

    def wait(self, seconds: float = 0.0) -> bool:
        """Wait ``seconds``, then as long as paused. Return False once stopped."""
        if seconds > 0:
            self._stopped.wait(seconds)
        self._running.wait()
        return not self._stopped.is_set()
