"""The columns of a list and what becomes of each; the third column is edited in place."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.core.columns import ColumnMapping, MappedColumn
from app.core.headers import Field
from app.core.incident import DataCategory
from app.ui.models.paged import Index
from app.ui.theme import Meaning, meaning_icon
from app.wording.columns import NOT_IMPORTED, target_label
from app.wording.issues_list import FIELD_NAMES

_TITLES = ("Colonne du fichier", "Exemples", "Devient")
TARGET = 2
_DISPLAY = Qt.ItemDataRole.DisplayRole


class ColumnsModel(QAbstractTableModel):
    """One row per column of the file.

    Signals:
        target_chosen(int, object): the user wants column ``index`` to give a Field, or None.
    """

    target_chosen = Signal(int, object)

    def __init__(self, categories: Mapping[DataCategory, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self._categories = categories
        self._mapping = ColumnMapping()
        self._examples: Sequence[str] = ()

    def show_mapping(self, mapping: ColumnMapping, examples: Sequence[str]) -> None:
        """Replace all rows. ``examples``: some cells of each column, in one line."""
        self.beginResetModel()
        self._mapping = mapping
        self._examples = examples
        self.endResetModel()

    def column(self, row: int) -> MappedColumn:
        """The column of the file on this row."""
        return self._mapping.columns[row]

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._mapping.columns)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(_TITLES)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.column() == TARGET else found

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY and orientation == Qt.Orientation.Horizontal:
            return _TITLES[section]
        return None

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        column = self.column(index.row())
        texts = (
            column.header,
            self._examples[index.row()],
            target_label(column, self._categories),
        )
        if role in {_DISPLAY, Qt.ItemDataRole.ToolTipRole}:
            return texts[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{texts[0]}, {_TITLES[TARGET].lower()} {texts[TARGET]}"
        if role == Qt.ItemDataRole.EditRole:
            return column.field
        is_target = index.column() == TARGET and column.is_imported
        if role == Qt.ItemDataRole.DecorationRole and is_target:
            return meaning_icon(Meaning.DONE, self._view.palette())
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        wanted = Field(value) if value else None  # Qt gives back a plain str
        if role != Qt.ItemDataRole.EditRole or wanted is self.column(index.row()).field:
            return False
        self.target_chosen.emit(index.row(), wanted)
        return True


class TargetDelegate(QStyledItemDelegate):
    """Edits the target with a combo box of French names."""

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        box = QComboBox(parent)
        box.setAccessibleName(f"{_TITLES[TARGET]}\u00a0:")
        box.addItem(NOT_IMPORTED, None)
        if isinstance(model, ColumnsModel):
            column = model.column(index.row())
            for target, label in FIELD_NAMES.items():
                if target is not Field.CATEGORY or column.category is not None:
                    box.addItem(label, target)
        box.activated.connect(lambda _row: self._commit(box))
        return box

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(editor.findData(index.data(Qt.ItemDataRole.EditRole)), 0))

    @override
    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData(), Qt.ItemDataRole.EditRole)

    def _commit(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)
