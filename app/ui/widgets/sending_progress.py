"""One bar for the sending: words above it, « Suspendre », « Arrêter… ». It never goes back."""

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.services.sending_events import Tally, Waiting, WaitReason
from app.wording import explain
from app.wording.french import count, duration, number
from app.wording.pace import moment_words

_REFRESH_MS = 150
_TENTHS = 10
#: a forecast is shown once it is stable
_LETTERS_BEFORE_FORECAST, _SECONDS_BEFORE_FORECAST = 20, 5
_WHY = {
    WaitReason.RATE: "La limite de votre hébergeur est atteinte pour le moment",
    WaitReason.HOURS: "Les lettres ne partent qu’aux heures choisies",
    WaitReason.BACK_OFF: "Le serveur demande d’attendre",
    WaitReason.RETRY: "Il ne reste que des lettres que le serveur a remises à plus tard",
}


class SendingProgress(QWidget):
    """What a run tells, at most seven times a second.

    Signals:
        pause_asked, resume_asked, stop_asked: the buttons.
        refreshed: the figures changed; the table may be read again.
    """

    pause_asked = Signal()
    resume_asked = Signal()
    stop_asked = Signal()
    refreshed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._tally = Tally(0)
        self._waiting: Waiting | None = None
        self._paused = False
        self._started_at: datetime | None = None
        self._settled_at_start = 0
        self._tenth = 0
        self.words_label = QLabel(self)
        self.words_label.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement de l’envoi")
        self.pause_button = QPushButton("Suspendre", self)
        self.stop_button = QPushButton("Arrêter…", self)
        self.advice_label = QLabel(
            "Gardez l’ordinateur allumé\u00a0; vous pouvez faire autre chose.", self
        )
        self.advice_label.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.pause_button)
        row.addWidget(self.stop_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words_label)
        layout.addLayout(row)
        layout.addWidget(self.advice_label)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self.pause_button.clicked.connect(self._press_pause)
        self.stop_button.clicked.connect(self.stop_asked)
        self.hide()

    @property
    def tally(self) -> Tally:
        """The figures last told."""
        return self._tally

    def begin(self, words: str) -> None:
        """Show the bar, before the first figure."""
        self._tally, self._waiting, self._paused = Tally(0), None, False
        self._started_at, self._tenth = None, 0
        self.bar.setRange(0, 0)
        self.words_label.setText(words)
        self._dress_pause()
        self.stop_button.setEnabled(True)
        self._timer.start()
        self.show()
        self._announce(words)

    def end(self) -> None:
        """The run is over."""
        self._timer.stop()
        self._refresh()
        self.hide()

    def note_tally(self, tally: Tally) -> None:
        """New figures; a letter moved, so nothing is being waited for."""
        if self._started_at is None:
            self._started_at, self._settled_at_start = self._clock.now(), tally.settled
        self._tally, self._waiting = tally, None

    def note_waiting(self, waiting: Waiting) -> None:
        """Nothing leaves for a while."""
        self._tally, self._waiting = waiting.tally, waiting

    def note_paused(self, tally: Tally) -> None:
        """The run is held."""
        self._tally, self._paused = tally, True
        self._dress_pause()
        self._refresh()
        self._announce(self.words_label.text())

    def note_stopping(self) -> None:
        """The stop was asked; the letter under way is finished first."""
        self.stop_button.setEnabled(False)
        self.words_label.setText("Arrêt demandé\u00a0: la lettre en cours se termine.")
        self._timer.stop()

    def _press_pause(self) -> None:
        if self._paused:
            self._paused = False
            self.resume_asked.emit()
        else:
            self._paused = True
            self.pause_asked.emit()
        self._dress_pause()
        self._refresh()

    def _dress_pause(self) -> None:
        self.pause_button.setText("Reprendre" if self._paused else "Suspendre")

    def _refresh(self) -> None:
        tally = self._tally
        if not tally.total:
            return
        if self.bar.maximum() != tally.total:
            self.bar.setRange(0, tally.total)
        self.bar.setValue(max(self.bar.value(), tally.settled))
        self.words_label.setText(self._words(tally))
        tenth = tally.settled * _TENTHS // tally.total
        if tenth > self._tenth:
            self._tenth = tenth
            self._announce(self.words_label.text())
        self.refreshed.emit()

    def _words(self, tally: Tally) -> str:
        done = f"{number(tally.settled)} sur {number(tally.total)}"
        if self._paused:
            return f"Envoi suspendu à {done}."
        start = (
            f"Envoi en cours\u00a0: {count(tally.settled, 'courriel')} sur {number(tally.total)}."
        )
        waiting = self._waiting
        if waiting is not None:
            when = moment_words(waiting.until, self._clock.now())
            why = (
                explain(waiting.error).what
                if waiting.error is not None
                else f"{_WHY[waiting.why]}."
            )
            return f"{start} {why} La suite {when}."
        return f"{start}{self._forecast(tally)}"

    def _forecast(self, tally: Tally) -> str:
        if self._started_at is None:
            return ""
        sent = tally.settled - self._settled_at_start
        elapsed = (self._clock.now() - self._started_at).total_seconds()
        if sent < _LETTERS_BEFORE_FORECAST or elapsed < _SECONDS_BEFORE_FORECAST:
            return ""
        return f" Encore {duration(elapsed / sent * tally.left)}."

    def _announce(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
