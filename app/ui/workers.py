"""Long work outside the GUI thread: an ordinary generator of events, run by one Job at a time."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from app.core.errors import BugError
from app.services.control import Control

#: a generator of events; it looks at the control between two steps and during every wait
Work = Callable[[Control], Iterator[object]]


class Worker(QObject):
    """Runs one generator in the thread it was moved to and re-emits what it yields.

    Nobody outside this module connects to it: a plain function would run in the worker's thread.
    """

    progressed = Signal(object)  # never « event »: it would hide QObject.event()
    failed = Signal(Exception)
    finished = Signal()

    def __init__(self, work: Work, control: Control) -> None:
        super().__init__()
        self._work = work
        self._control = control

    @Slot()
    def start(self) -> None:
        """Run to the end, to the first exception or to the stop."""
        try:
            for event in self._work(self._control):
                self.progressed.emit(event)
        except Exception as error:  # noqa: BLE001 - last line of defence of a thread
            self.failed.emit(error)
        finally:
            self.finished.emit()


class Job(QObject):
    """Owns the thread of one piece of work.

    It lives in the GUI thread, so whatever is connected to its signals runs there. Events come in
    order; ``failed`` comes at most once and always before ``finished``; a stop asked through
    ``control`` is not a failure.
    """

    progressed = Signal(object)
    failed = Signal(Exception)
    finished = Signal()

    def __init__(self, title: str, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        #: what it does, in French, for « … est en cours »
        self.title = title
        self.control = Control()
        self._thread = QThread(self)
        self._worker = Worker(work, self.control)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.start)
        self._worker.progressed.connect(self.progressed)  # signal to signal
        self._worker.failed.connect(self.failed)
        # at once in the worker's own thread: queued to the GUI thread, ``wait`` there would wait for itself
        self._worker.finished.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)
        self._thread.finished.connect(self._end)

    @property
    def is_running(self) -> bool:
        """True from ``start`` until ``finished``."""
        return self._thread.isRunning()

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the work to end at its next safe point."""
        self.control.stop()

    def wait(self) -> None:
        """Block until the thread has ended; only for closing the program."""
        self._thread.wait()

    @Slot()
    def _end(self) -> None:
        self._thread.wait()
        self.finished.emit()


class JobDesk(QObject):
    """At most one Job at a time for the whole window."""

    started = Signal(object)
    finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: Job | None = None

    @property
    def current(self) -> Job | None:
        """The running Job, if any."""
        return self._current

    @property
    def is_busy(self) -> bool:
        """True while a Job runs."""
        return self._current is not None

    def begin(self, job: Job) -> None:
        """Start ``job``; BugError when another one runs (ask ``is_busy`` first)."""
        if self._current is not None:
            raise BugError(f"« {self._current.title} » is still running")
        self._current = job
        job.setParent(self)
        job.finished.connect(self._forget)
        job.start()
        self.started.emit(job)

    @Slot()
    def _forget(self) -> None:
        job, self._current = self._current, None
        if job is not None:
            self.finished.emit(job)
            job.deleteLater()
