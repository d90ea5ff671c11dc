"""Meanings, their colours by palette, and icons recoloured from the palette."""

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.paths import resources_dir

_DARK_BELOW = 128  # lightness of the window colour, 0–255
_ICON_SIZES = (16, 20, 24, 32, 48, 64)


class Meaning(StrEnum):
    """The only four meanings that have a colour; the words always say it too."""

    PROBLEM = "problem"
    ATTENTION = "attention"
    DONE = "done"
    INFORMATION = "information"


#: contrast with the window and the base at least 5.4 : 1 (interface.md); a test computes it
_LIGHT = {
    Meaning.PROBLEM: "#b3261e",
    Meaning.ATTENTION: "#8a5300",
    Meaning.DONE: "#1b6e33",
    Meaning.INFORMATION: "#0b5cad",
}
_DARK = {
    Meaning.PROBLEM: "#ff8a80",
    Meaning.ATTENTION: "#ffb95c",
    Meaning.DONE: "#7ddc96",
    Meaning.INFORMATION: "#8ab8ff",
}


def is_dark(palette: QPalette) -> bool:
    """True when the window is darker than its text."""
    return palette.color(QPalette.ColorRole.Window).lightness() < _DARK_BELOW


def colour(meaning: Meaning, palette: QPalette) -> QColor:
    """The colour of ``meaning`` for text and icons on this palette's window or base."""
    return QColor((_DARK if is_dark(palette) else _LIGHT)[meaning])


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _coloured_icon(name: str, rgb: str, selected_rgb: str) -> QIcon:
    drawn = QIcon()
    for ink, mode in ((rgb, QIcon.Mode.Normal), (selected_rgb, QIcon.Mode.Selected)):
        renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", ink).encode()))
        for size in _ICON_SIZES:
            pixmap = QPixmap(QSize(size, size))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter, QRectF(0, 0, size, size))
            painter.end()
            drawn.addPixmap(pixmap, mode)
    return drawn


def _on_selection(palette: QPalette) -> str:
    return palette.color(QPalette.ColorRole.HighlightedText).name()


def icon(name: str, palette: QPalette | None = None) -> QIcon:
    """The drawing ``resources/icons/<name>.svg`` in the text colour of the palette."""
    used = palette if palette is not None else QApplication.palette()
    return _coloured_icon(
        name, used.color(QPalette.ColorRole.WindowText).name(), _on_selection(used)
    )


def meaning_icon(meaning: Meaning, palette: QPalette | None = None) -> QIcon:
    """The sign of ``meaning`` in its colour; always shown beside words."""
    used = palette if palette is not None else QApplication.palette()
    return _coloured_icon(meaning.value, colour(meaning, used).name(), _on_selection(used))
