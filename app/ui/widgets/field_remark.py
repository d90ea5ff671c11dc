"""A sentence under a field that says what is wrong with it; what was typed stays."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.ui.theme import Meaning, colour


class FieldRemark(QLabel):
    """Hidden while there is nothing to say; also told to screen readers with the field."""

    def __init__(self, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self.setWordWrap(True)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show ``sentence``, or nothing when it is empty."""
        self.setText(f"À vérifier\u00a0: {sentence}" if sentence else "")
        self.setVisible(bool(sentence))
        self._field.setAccessibleDescription(sentence)
        self._dress()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dress()

    def _dress(self) -> None:
        palette = QPalette(self._field.palette())
        palette.setColor(QPalette.ColorRole.WindowText, colour(Meaning.ATTENTION, palette))
        self.setPalette(palette)
