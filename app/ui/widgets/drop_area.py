"""Where one file may be dropped; it also offers to choose it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.ui.widgets.empty_state import EmptyState


def dropped_file(event: QDragEnterEvent | QDropEvent) -> Path | None:
    """The one local file of a drag, None for anything else."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


class DropArea(QWidget):
    """A dashed frame around an empty state.

    Signals:
        file_dropped(Path): one file was dropped.
        choose_requested: the button was pressed.
    """

    file_dropped = Signal(object)
    choose_requested = Signal()

    def __init__(self, title: str, text: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._is_over = False
        empty = EmptyState(title, text, self)
        self.button = empty.add_button(verb)
        self.button.clicked.connect(self.choose_requested)
        layout = QVBoxLayout(self)
        layout.addWidget(empty)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()
            self._show_over(over=True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_over(over=False)
        super().dragLeaveEvent(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._show_over(over=False)
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        role = self.palette().ColorRole.Highlight if self._is_over else self.palette().ColorRole.Mid
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(role), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 8, 8)
        painter.end()

    def _show_over(self, *, over: bool) -> None:
        self._is_over = over
        self.update()
