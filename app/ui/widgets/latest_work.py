"""Small pieces of work for the screen in one background thread: only the last one asked for counts."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal
from typing_extensions import override

from app.core.errors import UserError

DEBOUNCE_MS = 120


class _Piece(QRunnable):
    def __init__(self, number: int, make: Callable[[], object], owner: "LatestWork") -> None:
        super().__init__()
        self._number = number
        self._make = make
        self._owner = owner

    @override
    def run(self) -> None:
        try:
            made = self._make()
        except Exception as error:  # noqa: BLE001 - last line of defence of a thread
            made = error
        self._owner.arrived.emit(self._number, made)


class LatestWork(QObject):
    """Runs what ``ask`` was given last, after a short rest, always in the same thread.

    Nothing here touches the campaign file: the work is handed plain data. Call ``end`` before the widget
    that owns it goes away.

    Signals:
        ready(object): the result; emitted in the GUI thread.
        failed(object): the UserError that came instead.
    """

    ready = Signal(object)
    failed = Signal(object)
    arrived = Signal(int, object)  # from the background thread, for this object alone

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)  # engines keep their compiler by thread
        self._number = 0
        self._next: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._start)
        self.arrived.connect(self._deliver)

    def ask(self, make: Callable[[], object]) -> None:
        """Replace what was asked before by ``make``."""
        self._number += 1
        self._next = make
        self._timer.start()

    def end(self) -> None:
        """Forget what waits and wait for what runs (a tenth of a second)."""
        self._number += 1
        self._timer.stop()
        self._next = None
        self._pool.clear()
        self._pool.waitForDone()

    def _start(self) -> None:
        if self._next is None:
            return
        make, self._next = self._next, None
        self._pool.clear()
        self._pool.start(_Piece(self._number, make, self))

    def _deliver(self, number: int, made: object) -> None:
        if number != self._number:
            return
        if isinstance(made, UserError):
            self.failed.emit(made)
        elif isinstance(made, Exception):
            raise made
        else:
            self.ready.emit(made)
