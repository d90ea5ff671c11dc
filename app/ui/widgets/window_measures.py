"""Four measures of the user's own envelope window, in millimetres."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QWidget

from app.paper.envelopes import Window
from app.services.print_choices import MOST_MILLIMETRES

_LABELS = ("&Largeur", "&Hauteur", "Jusqu’au bord &droit", "Jusqu’au &bas")
_USUAL = Window(100, 45, 20, 20)


class WindowMeasures(QWidget):
    """Width, height, distance to the envelope's right and bottom edges.

    Signals:
        edited: a measure changed.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: list[QDoubleSpinBox] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for number, words in enumerate(_LABELS):
            box = QDoubleSpinBox(self)
            box.setRange(0, MOST_MILLIMETRES)
            box.setDecimals(1)
            box.setSingleStep(1)
            box.setSuffix("\u00a0mm")
            box.setAccessibleName(words.replace("&", ""))
            label = QLabel(words, self)
            label.setBuddy(box)
            box.valueChanged.connect(lambda _value: self.edited.emit())
            grid.addWidget(label, number // 2, number % 2 * 2)
            grid.addWidget(box, number // 2, number % 2 * 2 + 1)
            self._boxes.append(box)
        grid.setColumnStretch(4, 1)
        self.show_window(_USUAL)

    @property
    def window_measured(self) -> Window:
        """The measures shown."""
        return Window(*(box.value() for box in self._boxes))

    def show_window(self, window: Window) -> None:
        """Show these measures without a signal."""
        measures = (window.width, window.height, window.from_right, window.from_bottom)
        for box, measure in zip(self._boxes, measures, strict=True):
            box.blockSignals(True)  # noqa: FBT003 - Qt's own
            box.setValue(measure)
            box.blockSignals(False)  # noqa: FBT003 - Qt's own
