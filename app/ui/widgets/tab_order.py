"""Tab in the order one reads, taken from the layouts themselves."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QSplitter, QStackedWidget, QTabWidget, QWidget


def order_tabs(root: QWidget) -> None:
    """Make Tab visit the controls under ``root`` as its layouts place them.

    Containers must not have a focus proxy: Qt would stop at them where they were created.
    """
    for before, after in pairwise(_controls(root)):
        QWidget.setTabOrder(before, after)


def _controls(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    if isinstance(widget, QScrollArea):
        inner = widget.widget()
        if inner is not None:
            yield from _controls(inner)
        return
    if isinstance(widget, QTabWidget):
        yield widget  # Qt takes its bar, which stands for it, along
    if isinstance(widget, QStackedWidget | QSplitter | QTabWidget):
        for number in range(widget.count()):
            child = widget.widget(number)
            if child is not None:
                yield from _controls(child)
        return
    layout = widget.layout()
    if layout is not None:
        yield from _placed(layout)


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        child, inner = item.widget(), item.layout()
        if child is not None:
            yield from _controls(child)
        elif inner is not None:
            yield from _placed(inner)
