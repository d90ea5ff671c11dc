"""Two panels side by side where there is room, one under the other where there is not."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override


class TwoColumns(QWidget):
    """``left`` and ``right``; reading order is left, then right.

    Args:
        left: first panel.
        right: second panel.
        stretch: shares of the width when side by side.
        least_characters: width of each panel, in average characters, below which they are stacked.
        tall_right: the right panel takes the whole height when side by side.
        parent: as for every widget.
    """

    def __init__(
        self,
        left: QWidget,
        right: QWidget,
        *,
        stretch: tuple[int, int] = (1, 1),
        least_characters: int = 52,
        tall_right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._panels = (left, right)
        self._least_characters = least_characters
        self._at_the_top = (left,) if tall_right else (left, right)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        for panel, share in zip(self._panels, stretch, strict=True):
            self._box.addWidget(panel, share)

    @property
    def is_stacked(self) -> bool:
        """True when one panel is under the other."""
        return self._box.direction() is QBoxLayout.Direction.TopToBottom

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least = self._least_characters * self.fontMetrics().averageCharWidth()
        widest = max(least, *(panel.minimumSizeHint().width() for panel in self._panels))
        fits = event.size().width() >= 2 * widest + self._box.spacing()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction is not self._box.direction():
            self._box.setDirection(direction)
            for panel in self._at_the_top:  # panels keep their height at the top of their column
                side = Qt.AlignmentFlag.AlignTop if fits else Qt.AlignmentFlag(0)
                self._box.setAlignment(panel, side)
            self.updateGeometry()

    @override
    def minimumSizeHint(self) -> QSize:
        widest = max(panel.minimumSizeHint().width() for panel in self._panels)
        return QSize(widest, self._box.minimumSize().height())
