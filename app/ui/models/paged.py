"""A table over keys: all keys in memory (8 bytes each), rows read by pages when they come into view."""

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex
from typing_extensions import override

Index = QModelIndex | QPersistentModelIndex
Record = TypeVar("Record")
_PAGE = 100
_PAGES_KEPT = 40


class PagedModel(QAbstractTableModel, Generic[Record]):
    """300,000 rows scroll like sixty: no proxy, no copy of the list.

    Subclasses give ``read_records(keys)``, ``columnCount`` and ``data`` (with ``record(row)``).
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: array[int] = array("q")
        self._pages: OrderedDict[int, list[Record | None]] = OrderedDict()

    def read_records(self, keys: Sequence[int]) -> Sequence[Record | None]:
        """The records of ``keys``, in their order; None for one that is gone."""
        raise NotImplementedError

    def show_keys(self, keys: "array[int]") -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._keys = keys
        self._pages.clear()
        self.endResetModel()

    def forget_records(self) -> None:
        """Read the visible rows again; the keys stay."""
        self._pages.clear()
        if self._keys:
            last = self.index(len(self._keys) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def key(self, row: int) -> int:
        """Key of the record on ``row``."""
        return self._keys[row]

    def row_of(self, key: int) -> int | None:
        """Row on which ``key`` is shown, if it is."""
        try:
            return self._keys.index(key)
        except ValueError:
            return None

    def record(self, row: int) -> Record | None:
        """The record on ``row``, read with its neighbours."""
        number, place = divmod(row, _PAGE)
        page = self._pages.get(number)
        if page is None:
            start = number * _PAGE
            page = list(self.read_records(self._keys[start : start + _PAGE]))
            self._pages[number] = page
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[place]

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._keys)
