"""A sentence in the colour of its meaning, said aloud by screen readers."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from app.ui.theme import Meaning, colour, meaning_icon


class ColouredWords(QWidget):
    """An icon and words; empty until something is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meaning = Meaning.INFORMATION
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        font = self._words.font()
        font.setBold(True)
        self._words.setFont(font)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self._words.setMinimumHeight(self._words.fontMetrics().lineSpacing() * 2)

    @property
    def meaning(self) -> Meaning:
        """The meaning shown last."""
        return self._meaning

    def text(self) -> str:
        """The words shown."""
        return self._words.text()

    def show_words(self, meaning: Meaning, words: str) -> None:
        """Replace what is said."""
        self._meaning = meaning
        self._words.setText(words)
        self._dress()
        event = QAccessibleAnnouncementEvent(self, words)
        if meaning is Meaning.PROBLEM:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._words.text():
            self._dress()

    def _dress(self) -> None:
        size = self.fontMetrics().height() * 5 // 4
        self._icon.setPixmap(meaning_icon(self._meaning, self.palette()).pixmap(size, size))
        palette = self._words.palette()
        palette.setColor(palette.ColorRole.WindowText, colour(self._meaning, self.palette()))
        self._words.setPalette(palette)
