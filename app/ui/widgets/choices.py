"""Choices among the members of an enumeration: one of them, or several."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

Choice = TypeVar("Choice")


class _Chooser(QWidget):
    """Holds the signal, since a generic class cannot declare one."""

    edited = Signal()


class OneChoice(_Chooser, Generic[Choice]):
    """Radio buttons, one under the other; ``edited`` when the user takes another one."""

    def __init__(self, labels: Mapping[Choice, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._values = list(labels)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for number, label in enumerate(labels.values()):
            button = QRadioButton(label, self)
            self._group.addButton(button, number)
            layout.addWidget(button)
        self._group.idClicked.connect(lambda _number: self.edited.emit())

    def button(self, value: Choice) -> QRadioButton:
        """The radio button of ``value``."""
        found = self._group.button(self._values.index(value))
        assert isinstance(found, QRadioButton)  # noqa: S101 - for the type checker
        return found

    @property
    def is_chosen(self) -> bool:
        """False until the user, or ``show_value``, took one."""
        return self._group.checkedId() >= 0

    def value(self) -> Choice:
        """The member chosen; the first one before any choice (see ``is_chosen``)."""
        return self._values[max(self._group.checkedId(), 0)]

    def show_value(self, value: Choice) -> None:
        """Choose ``value`` without a signal."""
        self.button(value).setChecked(True)


class SeveralChoices(_Chooser, Generic[Choice]):
    """Check boxes in as many columns as fit, at most two; ``edited`` when the user ticks or unticks one."""

    def __init__(self, labels: Mapping[Choice, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[Choice, QCheckBox] = {}
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSizeConstraint(QGridLayout.SizeConstraint.SetNoConstraint)
        for value, label in labels.items():
            box = QCheckBox(label, self)
            box.clicked.connect(lambda _checked: self.edited.emit())
            self._boxes[value] = box
        self._arrange(2)

    @property
    def first(self) -> QCheckBox:
        """Where the keyboard enters."""
        return next(iter(self._boxes.values()))

    def box(self, value: Choice) -> QCheckBox:
        """The check box of ``value``."""
        return self._boxes[value]

    def values(self) -> tuple[Choice, ...]:
        """The members ticked, in their order."""
        return tuple(value for value, box in self._boxes.items() if box.isChecked())

    def show_values(self, values: Sequence[Choice]) -> None:
        """Tick exactly ``values``, without a signal."""
        for value, box in self._boxes.items():
            box.setChecked(value in values)

    def forbid(self, values: Sequence[Choice]) -> None:
        """Untick and disable ``values``, enable the others."""
        for value, box in self._boxes.items():
            box.setEnabled(value not in values)
            if value in values:
                box.setChecked(False)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits_two = 2 * self._widest() + self._grid.horizontalSpacing() <= event.size().width()
        self._arrange(2 if fits_two else 1)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._widest(), self._grid.sizeHint().height())

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _widest(self) -> int:
        return max((box.sizeHint().width() for box in self._boxes.values()), default=0)

    def _arrange(self, columns: int) -> None:
        """Down the first column, then the second: as one reads a list."""
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-len(self._boxes) // columns)
        for number, box in enumerate(self._boxes.values()):
            self._grid.addWidget(box, number % rows, number // rows)
        self._grid.setColumnStretch(0, 0)
        self._grid.setColumnStretch(1, 0)
        self._grid.setColumnStretch(columns, 1)
        self._grid.setColumnStretch(2, 1)
        self.updateGeometry()
