"""The bar on top of a page: one message, its actions, its details. Hidden when there is nothing to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.errors import UserError
from app.ui.theme import Meaning, colour, meaning_icon
from app.wording import explain


@dataclass(frozen=True, slots=True)
class MessageAction:
    """A button of the bar: its verb (French) and what it does."""

    label: str
    act: Callable[[], object]


class MessageBar(QFrame):
    """Shows one message at a time, above the form it speaks of; never takes the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meaning = Meaning.INFORMATION
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch()
        words = QVBoxLayout()
        words.addWidget(self._text)
        words.addLayout(self._buttons)
        layout = QHBoxLayout(self)
        layout.addWidget(self._icon)
        layout.addLayout(words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, empty when the bar is hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_message(
        self, meaning: Meaning, text: str, actions: Sequence[MessageAction] = (), details: str = ""
    ) -> None:
        """Replace what is shown. ``details`` (no patient data) adds « Copier les détails »."""
        self._meaning = meaning
        self._text.setText(text)
        self._remove_buttons()
        for action in actions:
            self._add_button(action)
        if details:
            self._add_button(MessageAction("Copier les détails", lambda: copy_text(details)))
        self._dress()
        self.show()
        self._announce(text)

    def show_error(self, error: UserError, actions: Sequence[MessageAction] = ()) -> None:
        """What happened, why, what to do; the details name the kind of error only."""
        told = explain(error)
        lines = [part for part in (told.what, told.why, told.what_to_do) if part]
        details = "\n".join([*lines, type(error).__name__])
        self.show_message(Meaning.PROBLEM, "\n".join(lines), actions, details)

    def clear(self) -> None:
        """Hide the bar."""
        self.hide()
        self._text.clear()
        self._remove_buttons()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        size = self.fontMetrics().height() * 5 // 4
        self._icon.setPixmap(meaning_icon(self._meaning, self.palette()).pixmap(size, size))
        ink = colour(self._meaning, self.palette()).name()
        # what a palette cannot say: a coloured edge
        self.setStyleSheet(f"MessageBar {{ border: 1px solid {ink}; border-left-width: 4px; }}")

    def _announce(self, text: str) -> None:
        event = QAccessibleAnnouncementEvent(self, text)
        if self._meaning is Meaning.PROBLEM:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _add_button(self, action: MessageAction) -> None:
        button = QPushButton(action.label, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: action.act())
        self._buttons.addWidget(button)

    def _remove_buttons(self) -> None:
        while self._buttons.count() > 1:
            item = self._buttons.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def copy_text(text: str) -> None:
    """Put ``text`` on the clipboard."""
    QGuiApplication.clipboard().setText(text)
