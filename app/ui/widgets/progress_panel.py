"""What a long piece of work shows: a sentence, one bar that never goes back, and « Arrêter »."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

_WHOLE = 1_000


class ProgressPanel(QWidget):
    """Text above, bar and button below.

    Signals:
        stop_requested: the button was pressed.
    """

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName("Avancement")
        self.bar.setTextVisible(False)
        self.stop_button = QPushButton("&Arrêter", self)
        self.stop_button.setAutoDefault(False)
        line = QHBoxLayout()
        line.addWidget(self.bar, 1)
        line.addWidget(self.stop_button)
        layout = QVBoxLayout(self)
        layout.addStretch()
        layout.addWidget(self.text)
        layout.addLayout(line)
        layout.addStretch(2)
        self.stop_button.clicked.connect(self.stop_requested)

    def start(self, text: str) -> None:
        """Begin again, at an unknown length."""
        self.text.setText(text)
        self.bar.setRange(0, 0)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def show_progress(self, text: str, done: int, total: int) -> None:
        """``total`` 0 while unknown; the bar never goes back."""
        self.text.setText(text)
        if total <= 0:
            self.bar.setRange(0, 0)
            return
        share = min(_WHOLE, done * _WHOLE // total)
        before = self.bar.value() if self.bar.maximum() else 0
        self.bar.setRange(0, _WHOLE)
        self.bar.setValue(max(before, share))
