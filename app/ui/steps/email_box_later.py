"""« Reprendre demain à 8 h »: the sending goes on by itself while the program stays open."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording.pace import moment_words

_MINUTE_MS = 60_000


class ResumeLater(QObject):
    """Looks at the clock each minute: a computer that slept resumes late, never early.

    Args:
        page: its bar says what will happen.
        resume: sends what waits; called once, at the hour or after it.
    """

    def __init__(self, page: SendingGate, resume: Callable[[], object]) -> None:
        super().__init__(page)
        self._page = page
        self._resume = resume
        self._at: datetime | None = None
        self.timer = QTimer(self, interval=_MINUTE_MS)
        self.timer.timeout.connect(self.look)

    def propose(self, at: datetime | None) -> None:
        """Keep the hour at which going on makes sense; None when there is none."""
        self.forget()
        self._at = at

    def wait(self) -> None:
        """Go on at the hour proposed."""
        if self._at is None:
            return
        self.timer.start()
        when = moment_words(self._at, self._page.desk.clock.now())
        self._page.message_bar.show_message(
            Meaning.INFORMATION,
            f"L’envoi reprendra {when} si le logiciel reste ouvert et l’ordinateur allumé.",
            [MessageAction("Ne pas reprendre", self._cancel)],
        )

    def forget(self) -> None:
        """Nothing will go on by itself."""
        self.timer.stop()
        self._at = None

    def look(self) -> None:
        """Is it time?"""
        at = self._at
        if at is None or self._page.desk.clock.now() < at or self._page.desk.jobs.is_busy:
            return
        self.forget()
        self._resume()

    def _cancel(self) -> None:
        self.forget()
        self._page.message_bar.clear()
