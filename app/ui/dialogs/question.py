"""A dialog made of sentences, fields and buttons that name their act; the base of all the others."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

_WIDTH_IN_CHARACTERS = 62


class QuestionDialog(QDialog):
    """Window-modal (a sheet on macOS), closed by Esc.

    Fill ``self.body`` (QVBoxLayout); add buttons with ``add_accept`` and ``add_reject``. The focus goes to
    the safe button unless a field takes it. It deletes itself once closed.
    """

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS)
        heading = QLabel(title, self)
        heading.setWordWrap(True)
        font = heading.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        heading.setFont(font)
        self.text_label = QLabel(text, self)
        self.text_label.setWordWrap(True)
        self.text_label.setTextFormat(Qt.TextFormat.PlainText)
        self.text_label.setVisible(bool(text))
        inner = QWidget(self)
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(heading)
        self.body.addWidget(self.text_label)
        self.buttons = QDialogButtonBox(self)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(inner, 1)
        layout.addWidget(self.buttons)

    def make_scrollable(self) -> None:
        """Put the body in a scroll area: for forms taller than a small screen."""
        inner = self.body.parentWidget()
        layout = self.layout()
        if inner is None or not isinstance(layout, QVBoxLayout):
            return
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.removeWidget(inner)
        area.setWidget(inner)
        layout.insertWidget(0, area, 1)

    def show_whole(self) -> None:
        """Open a scrollable dialog as tall as its content, if the screen allows."""
        inner = self.body.parentWidget()
        if inner is None:
            return
        around = self.buttons.sizeHint().height() + self.fontMetrics().lineSpacing() * 4
        width = max(inner.sizeHint().width() + around // 2, self.minimumWidth())
        height = max(inner.sizeHint().height(), inner.heightForWidth(width)) + around
        width, height = max(width, self.width()), max(height, self.height())
        self.resize(width, min(height, self.screen().availableGeometry().height() * 9 // 10))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        # Qt opens a dialog at two thirds of the screen at most: its sentences then need more lines
        self.fit()
        super().showEvent(event)

    def fit(self) -> None:
        """Grow for a sentence that was just shown; wrapped labels do not ask for it by themselves."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            self.resize(self.width(), max(self.height(), needed))

    def add_accept(self, verb: str, *, default: bool = True) -> QPushButton:
        """The button that acts."""
        button = self.buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        button.setDefault(default)
        button.setAutoDefault(default)
        return button

    def add_reject(self, verb: str, *, default: bool = False) -> QPushButton:
        """The button that changes nothing."""
        button = self.buttons.addButton(verb, QDialogButtonBox.ButtonRole.RejectRole)
        button.setDefault(default)
        button.setAutoDefault(default)
        if default:
            button.setFocus()
        return button

    def add_other(self, verb: str) -> QPushButton:
        """A button that neither accepts nor closes; connect to its ``clicked``."""
        button = self.buttons.addButton(verb, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        return button
