"""The register of breaches as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.services.register import RegisterLine

Index = QModelIndex | QPersistentModelIndex
#: (title of the column, header of the register)
COLUMNS = (
    ("Incident", "Envoi"),
    ("Découvert le", "Date de découverte"),
    ("Personnes", "Nombre exact de personnes"),
    ("CNIL", "Notification à la CNIL"),
    ("Personnes informées", "Nombre de personnes informées"),
)


class RegisterModel(QAbstractTableModel):
    """One row per incident."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: Sequence[RegisterLine] = ()

    def show_lines(self, lines: Sequence[RegisterLine]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def line(self, row: int) -> RegisterLine:
        """The incident on this row."""
        return self._lines[row]

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._lines)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.cell(COLUMNS[index.column()][1])
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (2, 4):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section][0]
        return None
