"""Longest gap of the window's event loop while a long list is read, imported, filtered, searched and scrolled.

    python -m benchmarks.window [rows …]

Writes one JSON line per size: for each act its seconds and the longest time in which the window could not answer
(milliseconds). A timer of the event loop beats every 5 ms; a gap is the time between two beats beyond that.
The list is the one of benchmarks/import.py. No screen is needed.
"""

import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.core.clock import SystemClock
from app.core.incident import Incident
from app.core.practice import Practice
from app.credentials import MemoryCredentials
from app.services.campaigns import create_campaign
from app.settings import Settings
from app.ui.desk import Desk, NativeFileChooser, SettingsDesk
from app.ui.steps.patients import PatientsPage
from app.ui.workers import JobDesk

_BEAT_MS = 5


class Heartbeat:
    """Beats in the event loop and keeps the longest silence."""

    def __init__(self) -> None:
        self._clock = QElapsedTimer()
        self._clock.start()
        self._last = 0
        self.longest_ms = 0
        self._timer = QTimer(interval=_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = self._clock.elapsed()
        self.longest_ms = max(self.longest_ms, now - self._last - _BEAT_MS)
        self._last = now

    def restart(self) -> None:
        """Forget the longest silence."""
        self._last = self._clock.elapsed()
        self.longest_ms = 0


def until(is_done: Callable[[], bool], at_least_s: float = 0.5) -> None:
    """Let the event loop run until ``is_done``, and a little longer for what follows."""
    loop = QEventLoop()
    start = time.perf_counter()

    def look() -> None:
        if is_done() and time.perf_counter() - start > at_least_s:
            loop.quit()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()


def measure(rows: int, folder: Path) -> dict[str, tuple[float, int]]:
    """(seconds, longest gap in ms) of each act."""
    write_list = importlib.import_module("benchmarks.import").write_list
    path = folder / "liste.xlsx"
    write_list(path, rows)
    campaign_file, _ = create_campaign(
        folder / "mesure.avis34", "Mesure", Practice(), Incident(), MemoryCredentials()
    )
    desk = Desk(
        SettingsDesk(Settings()), MemoryCredentials(), SystemClock(), JobDesk(), NativeFileChooser()
    )
    page = PatientsPage(campaign_file, desk)
    page.resize(1100, 650)
    page.show()
    page.load()
    heart = Heartbeat()
    found: dict[str, tuple[float, int]] = {}

    def act(name: str, do: Callable[[], object], is_done: Callable[[], bool]) -> None:
        heart.restart()
        start = time.perf_counter()
        do()
        until(is_done)
        found[name] = (round(time.perf_counter() - start, 2), heart.longest_ms)

    idle = lambda: desk.jobs.current is None  # noqa: E731 - read as one word
    shown = lambda count: lambda: idle() and page.list.model.rowCount() == count  # noqa: E731
    act("read", lambda: page.read_file(path), lambda: idle() and page.columns.isVisible())
    act("import", page.columns.import_button.click, shown(rows))
    table = page.list.table

    def scroll() -> None:
        bar = table.verticalScrollBar()
        for part in range(0, 101, 2):
            QTimer.singleShot(
                part * 10, lambda part=part: bar.setValue(bar.maximum() * part // 100)
            )  # type: ignore[misc]

    bar = table.verticalScrollBar()
    act("scroll", scroll, lambda: bar.value() == bar.maximum())
    act(
        "search",
        lambda: page.list.search.setText("martin"),
        lambda: page.list.model.rowCount() < rows,
    )
    act("search cleared", page.list.search.clear, shown(rows))
    act("filter", page.list.show_to_fix, lambda: page.list.model.rowCount() < rows)
    act("page shown again", page.load, lambda: page.list.model.rowCount() < rows)
    page.close()
    page.list.end()
    campaign_file.close()
    return found


def main() -> None:
    """One line per size."""
    application = QApplication([])
    assert application is not None
    for rows in [int(word) for word in sys.argv[1:]] or [10_000, 300_000]:
        with tempfile.TemporaryDirectory() as place:
            os.environ["AVIS34_HOME"] = place
            found = measure(rows, Path(place))
        print(json.dumps({"rows": rows, "seconds_and_longest_gap_ms": found}))


if __name__ == "__main__":
    main()
