"""The steps at the left: name, written state, icon. Keyboard: arrows move, Enter goes into the page."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget
from typing_extensions import override

from app.core.steps import Step, StepReport, StepState
from app.ui.theme import Meaning, icon, meaning_icon
from app.wording.steps import STEP, spoken, state_label

Index = QModelIndex | QPersistentModelIndex
_DISPLAY = Qt.ItemDataRole.DisplayRole

_MEANINGS = {
    StepState.TO_FIX: Meaning.PROBLEM,
    StepState.TO_CHECK: Meaning.ATTENTION,
    StepState.DONE: Meaning.DONE,
}


def state_icon(state: StepState, widget: QWidget) -> QIcon:
    """The sign of a state, in the colours of ``widget``; always beside its words."""
    meaning = _MEANINGS.get(state)
    if meaning is not None:
        return meaning_icon(meaning, widget.palette())
    return icon(state.value, widget.palette())


class StepModel(QAbstractListModel):
    """The six reports, as a list of two lines each."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._reports: tuple[StepReport, ...] = ()

    def show_reports(self, reports: Sequence[StepReport]) -> None:
        """Replace the states; the number of rows never changes after the first call."""
        if len(reports) != len(self._reports):
            self.beginResetModel()
            self._reports = tuple(reports)
            self.endResetModel()
            return
        self._reports = tuple(reports)
        self.dataChanged.emit(self.index(0), self.index(len(reports) - 1))

    def report(self, row: int) -> StepReport:
        """The report shown on ``row``."""
        return self._reports[row]

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._reports)

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        report = self._reports[index.row()]
        if role == _DISPLAY:
            return f"{int(report.step)}  {STEP[report.step]}\n{state_label(report)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return state_icon(report.state, self._view)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(report)
        return None


class StepList(QListView):
    """Shows where one is, what is done, what is missing.

    Signals:
        step_chosen(Step): by a click or an arrow; the focus stays here.
        step_entered(Step): by Enter or a double click; the focus goes into the page.
    """

    step_chosen = Signal(object)
    step_entered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = StepModel(self)
        self.setModel(self._model)
        self.setAccessibleName("Étapes de l’envoi")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self._fit()
        self.selectionModel().currentChanged.connect(self._tell_chosen)
        self.activated.connect(self._tell_entered)

    def show_reports(self, reports: Sequence[StepReport]) -> None:
        """Replace the written states."""
        self._model.show_reports(reports)

    def report(self, step: Step) -> StepReport:
        """The report of ``step`` as shown."""
        return self._model.report(int(step) - 1)

    def show_current(self, step: Step) -> None:
        """Mark ``step`` as the page in front, without a signal."""
        selection = self.selectionModel()
        blocked = selection.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.setCurrentIndex(self._model.index(int(step) - 1))
        selection.blockSignals(blocked)
        self.viewport().update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.width(), super().sizeHint().height())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        size = metrics.height() * 5 // 4
        self.setIconSize(QSize(size, size))
        self.setSpacing(metrics.height() // 5)
        widest = metrics.horizontalAdvance("Pas encore possible") + size
        self.setFixedWidth(widest + metrics.height() * 5 // 2)

    def _tell_chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self.step_chosen.emit(self._model.report(current.row()).step)

    def _tell_entered(self, index: QModelIndex) -> None:
        self.step_entered.emit(self._model.report(index.row()).step)
