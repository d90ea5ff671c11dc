"""A row of widgets that goes on to the next line when it is too narrow."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem
from typing_extensions import override


class FlowLayout(QLayout):
    """Lays its widgets out as words in a paragraph; never wider than its widest widget needs."""

    def __init__(self, parent: QWidget | None = None, *, to_the_right: bool = False) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._to_the_right = to_the_right

    @override
    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    @override
    def count(self) -> int:
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    @override
    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    @override
    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), apply=False)

    @override
    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, apply=True)

    @override
    def sizeHint(self) -> QSize:
        shown = self._shown()
        gaps = max(len(shown) - 1, 0) * self._gap()
        width = sum(item.sizeHint().width() for item in shown) + gaps
        return QSize(width, max((item.sizeHint().height() for item in shown), default=0))

    @override
    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _gap(self) -> int:
        return max(self.spacing(), 6)

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = [[]]
        used = 0
        for item in self._shown():
            wanted = item.sizeHint().width()
            if lines[-1] and used + self._gap() + wanted > width:
                lines.append([])
                used = 0
            used += wanted + (self._gap() if lines[-1] else 0)
            lines[-1].append(item)
        return lines

    def _place(self, rect: QRect, *, apply: bool) -> int:
        top = rect.y()
        for line in self._lines(rect.width()):
            height = max((item.sizeHint().height() for item in line), default=0)
            length = sum(i.sizeHint().width() for i in line) + self._gap() * max(len(line) - 1, 0)
            left = rect.x() + (max(rect.width() - length, 0) if self._to_the_right else 0)
            for item in line:
                width = min(item.sizeHint().width(), rect.width())
                if apply:
                    item.setGeometry(QRect(QPoint(left, top), QSize(width, height)))
                left += width + self._gap()
            top += height + self._gap()
        return max(top - self._gap() - rect.y(), 0)


def flow(*widgets: QWidget, to_the_right: bool = False) -> FlowLayout:
    """A flow of these widgets."""
    layout = FlowLayout(to_the_right=to_the_right)
    for widget in widgets:
        layout.addItem(QWidgetItem(widget))
        layout.addChildWidget(widget)
    return layout
