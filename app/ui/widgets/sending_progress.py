"""One bar for the sending: words above it, figures per state, « Suspendre », « Arrêter… ». It never goes back."""

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.pacing import RateWindow
from app.services.sending_events import Tally, Waiting
from app.services.sending_plan import Pause
from app.ui import sending_words as sending
from app.ui.theme import Meaning, colour

_REFRESH_MS = 150
#: how often the end and the next pause are reckoned anew
_FORECAST_MS = 10_000
_MANY = 50_000
_TENTHS = 10
#: the pace is measured once it is stable
_LETTERS_BEFORE_PACE, _SECONDS_BEFORE_PACE = 20, 5
_USUAL_PACE_S = 0.5


class SendingProgress(QWidget):
    """What a run tells, at most seven times a second.

    Signals:
        pause_asked, resume_asked, stop_asked: the buttons.
        refreshed: the figures changed; the table may be read again.
        forecast_asked: ``note_forecast`` should be called with fresh figures.
        headline(str): a few words for the title of the window; empty when nothing is being sent.
    """

    pause_asked = Signal()
    resume_asked = Signal()
    stop_asked = Signal()
    refreshed = Signal()
    forecast_asked = Signal()
    headline = Signal(str)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._tally = Tally(0)
        self._waiting: Waiting | None = None
        self._end: datetime | None = None
        self._pause: Pause | None = None
        self._paused = self._stopping = False
        self._started_at: datetime | None = None
        self._settled_at_start = 0
        self._tenth = 0
        self._headline = ""
        self._refreshed = Tally(0)
        self.words_label = QLabel(self)
        self.words_label.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement de l’envoi")
        self.pause_button = QPushButton("Suspendre", self)
        self.stop_button = QPushButton("Arrêter…", self)
        self.states_label = QLabel(self)
        self.states_label.setWordWrap(True)
        self.advice_label = QLabel(self)
        self.advice_label.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.pause_button)
        row.addWidget(self.stop_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words_label)
        layout.addLayout(row)
        layout.addWidget(self.states_label)
        layout.addWidget(self.advice_label)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._forecast_timer = QTimer(self, interval=_FORECAST_MS)
        self._forecast_timer.timeout.connect(self.forecast_asked)
        self.pause_button.clicked.connect(self._press_pause)
        self.stop_button.clicked.connect(self.stop_asked)
        self.hide()

    @property
    def tally(self) -> Tally:
        """The figures last told."""
        return self._tally

    @property
    def seconds_per_letter(self) -> float:
        """The pace of this run between two waits; the usual one until it is known."""
        if self._started_at is None:
            return _USUAL_PACE_S
        sent = self._tally.settled - self._settled_at_start
        elapsed = (self._clock.now() - self._started_at).total_seconds()
        if sent < _LETTERS_BEFORE_PACE or elapsed < _SECONDS_BEFORE_PACE:
            return _USUAL_PACE_S
        return elapsed / sent

    def begin(self, words: str, *, may_pause: bool = True) -> None:
        """Show the bar, before the first figure."""
        self._tally, self._waiting, self._paused, self._stopping = Tally(0), None, False, False
        self._end = self._pause = self._started_at = None
        self._tenth = 0
        self.bar.setRange(0, 0)
        self.words_label.setText(words)
        self.advice_label.setText(sending.ADVICE if may_pause else "")
        self.advice_label.setVisible(may_pause)
        self.pause_button.setVisible(may_pause)
        self.states_label.hide()
        self._dress_pause()
        self.stop_button.setEnabled(True)
        self.pause_button.setEnabled(True)
        if may_pause:
            self._timer.start()
            self._forecast_timer.start()
        self.show()
        self._announce(words)

    def end(self) -> None:
        """The run is over."""
        self._timer.stop()
        self._forecast_timer.stop()
        self._refresh()
        self.hide()
        self._tell_headline("")

    def note_preparing(self, words: str, done: int, total: int) -> None:
        """Work before the first letter."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.words_label.setText(words)

    def note_tally(self, tally: Tally) -> None:
        """New figures; a letter moved, so nothing is being waited for."""
        if self._started_at is None:
            self._started_at, self._settled_at_start = self._clock.now(), tally.settled
            QTimer.singleShot(0, self, self.forecast_asked.emit)
        elif self._waiting is not None:  # the time spent waiting is no part of the pace
            self._started_at, self._settled_at_start = self._clock.now(), tally.settled
        self._tally, self._waiting = tally, None

    def note_waiting(self, waiting: Waiting) -> None:
        """Nothing leaves for a while."""
        self._tally, self._waiting = waiting.tally, waiting
        if not self._paused:
            self._refresh()

    def note_paused(self, tally: Tally) -> None:
        """The run is held."""
        self._tally, self._paused = tally, True
        self._dress_pause()
        self._refresh()
        self._announce(self.words_label.text())

    def note_learned(self, window: RateWindow) -> None:
        """The server allows fewer letters than was set."""
        self.advice_label.setText(sending.learned_words(window))

    def note_awake(self, *, agreed: bool) -> None:
        """Whether the computer stays awake by itself."""
        self.advice_label.setText(sending.ADVICE if agreed else sending.ADVICE_MAY_SLEEP)

    def note_forecast(self, end: datetime | None, pause: Pause | None) -> None:
        """When the last letter should leave, and the next wait on the way."""
        self._end, self._pause = end, pause
        many = self._tally.left > _MANY  # a plan of 300,000 letters takes a tenth of a second
        self._forecast_timer.setInterval(_FORECAST_MS * (6 if many else 1))
        if self._tally.total and not self._stopping:
            self.words_label.setText(self._words())

    def note_stopping(self) -> None:
        """The stop was asked; the letter under way is finished first."""
        self._stopping = True
        self.stop_button.setEnabled(False)
        self.pause_button.setEnabled(False)
        self.words_label.setText("Arrêt demandé\u00a0: la lettre en cours se termine.")
        self._timer.stop()

    def _press_pause(self) -> None:
        self._paused = not self._paused
        (self.pause_asked if self._paused else self.resume_asked).emit()
        self._dress_pause()
        self._refresh()

    def _dress_pause(self) -> None:
        self.pause_button.setText("Reprendre" if self._paused else "Suspendre")
        palette = QPalette()
        if self._paused:
            palette.setColor(
                QPalette.ColorRole.Highlight, colour(Meaning.ATTENTION, self.palette())
            )
        self.bar.setPalette(palette)

    def _refresh(self) -> None:
        tally = self._tally
        if not tally.total:
            return
        if self.bar.maximum() != tally.total:
            self.bar.setRange(0, tally.total)
        self.bar.setValue(max(self.bar.value(), tally.settled))
        if not self._stopping:
            self.words_label.setText(self._words())
        self.states_label.setText(sending.tally_words(tally))
        self.states_label.show()
        tenth = tally.settled * _TENTHS // tally.total
        if tenth > self._tenth:
            self._tenth = tenth
            self._announce(self.words_label.text())
        is_waiting = self._waiting is not None
        self._tell_headline(sending.headline(tally, is_paused=self._paused, is_waiting=is_waiting))
        if tally != self._refreshed or not (is_waiting or self._paused):
            self._refreshed = tally  # while nothing moves, the table is not read again
            self.refreshed.emit()

    def _words(self) -> str:
        now = self._clock.now()
        if self._paused:
            return sending.paused_words(self._tally)
        if self._waiting is not None:
            return sending.waiting_words(self._waiting, now)
        return sending.running_words(self._tally, self._end, self._pause, now)

    def _tell_headline(self, words: str) -> None:
        if words != self._headline:
            self._headline = words
            self.headline.emit(words)

    def _announce(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
