"""What a page shows before it has anything: what will be here, and the action that fills it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_TITLE_SCALE = 1.3


class EmptyState(QWidget):
    """A title, a few sentences and one or more buttons; the first button is the default one."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(title, self)
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * _TITLE_SCALE)
        font.setBold(True)
        self.title.setFont(font)
        self.text = QLabel(text, self)
        for label in (self.title, self.text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch()
        self._buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(self.fontMetrics().height())
        layout.addStretch()
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addLayout(self._buttons)
        layout.addStretch()

    def add_button(self, label: str) -> QPushButton:
        """Add an action; connect to its ``clicked``."""
        button = QPushButton(label, self)
        button.setDefault(self._buttons.count() == 2)
        button.setMinimumHeight(self.fontMetrics().height() * 2)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button
