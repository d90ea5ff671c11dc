"""One job at a time; events in order; stop, failure and end always come home."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.core.errors import BugError
from app.services.control import Control
from app.ui.desk import Desk
from app.ui.workers import Job
from tests.ui.conftest import settle


def waiting_job() -> Job:
    """A job that does nothing until it is stopped."""

    def wait(control: Control) -> Iterator[object]:
        yield 1
        control.wait(3_600)

    return Job("Attente", wait)


def test_events_come_in_order_in_the_gui_thread(qtbot: QtBot, desk: Desk) -> None:
    seen: list[object] = []
    threads: list[QThread] = []

    def count(_control: Control) -> Iterator[object]:
        yield from range(500)

    job = Job("Essai", count)
    job.progressed.connect(seen.append)
    job.progressed.connect(lambda _event: threads.append(QThread.currentThread()))
    with qtbot.waitSignal(desk.jobs.finished):
        desk.jobs.begin(job)
    assert seen == list(range(500))
    assert set(threads) == {QThread.currentThread()}
    assert not desk.jobs.is_busy


def test_a_stop_is_seen_at_once_in_a_long_wait(qtbot: QtBot, desk: Desk) -> None:
    def wait(control: Control) -> Iterator[object]:
        yield "began"
        control.wait(3_600)

    job = Job("Attente", wait)
    job.progressed.connect(lambda _event: job.stop())
    with qtbot.waitSignal(desk.jobs.finished, timeout=5_000):
        desk.jobs.begin(job)


def test_a_failure_comes_once_and_before_the_end(qtbot: QtBot, desk: Desk) -> None:
    order: list[str] = []

    def fail(_control: Control) -> Iterator[object]:
        yield 1
        raise BugError("for the test")

    job = Job("Échec", fail)
    job.failed.connect(lambda error: order.append(type(error).__name__))
    job.finished.connect(lambda: order.append("finished"))
    with qtbot.waitSignal(desk.jobs.finished):
        desk.jobs.begin(job)
    assert order == ["BugError", "finished"]


def test_a_second_job_is_refused_while_one_runs(qtbot: QtBot, desk: Desk) -> None:
    def wait(control: Control) -> Iterator[object]:
        yield 1
        control.wait(3_600)

    job = Job("Premier", wait)
    desk.jobs.begin(job)
    with pytest.raises(BugError):
        desk.jobs.begin(Job("Second", wait))
    with qtbot.waitSignal(desk.jobs.finished):
        job.stop()


def test_waiting_needs_no_event_loop(qtbot: QtBot, desk: Desk) -> None:
    """The program closes while a Job runs: ``wait`` must end although no event of this thread is treated."""
    job = waiting_job()
    desk.jobs.begin(job)
    job.stop()
    job.wait()
    assert not job.is_running
    settle(qtbot, desk)
