"""The patients in the campaign: filter, search, table, and what can be done with those selected."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.issue import Level
from app.core.recipient import Restriction
from app.storage.campaign_file import CampaignFile
from app.storage.issues import StoredIssue
from app.storage.queries import RecipientQuery
from app.ui.models.issues import PatientFilter
from app.ui.models.patient_list import ListState, ListWish, read_list, read_list_apart
from app.ui.models.recipients import MEANING_OF, PatientRow, RecipientsModel
from app.ui.theme import meaning_icon
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.latest_work import LatestWork

_SEARCH_AFTER_MS = 250
_ROWS_LOOKED_AT = 100
#: up to here the file answers within a tenth of a second
_READ_AT_ONCE = 20_000
#: of a longer selection only the beginning could be seen again
_MOST_KEPT = 500
_WIDTHS_IN_CHARACTERS = (8, 26, 28, 22)


class PatientsList(QWidget):
    """Shows the list and tells what the user wants; changes nothing by itself.

    Signals:
        correct_requested(int): open this patient.
        typed(int, str, str): key, field and text typed into the table.
        exclude_requested, include_requested, settle_requested: about ``selected()``.
        restrict_requested(Restriction): about ``selected()``.
        settle_kind_requested(str): every remark of this code.
        undo_requested, file_remarks_requested, other_file_requested, export_requested.
        counted(str): the sentence that counts the list, whenever it was read.
    """

    correct_requested = Signal(int)
    exclude_requested = Signal()
    include_requested = Signal()
    restrict_requested = Signal(object)
    settle_requested = Signal()
    settle_kind_requested = Signal(str)
    typed = Signal(int, str, str)
    undo_requested = Signal()
    file_remarks_requested = Signal()
    other_file_requested = Signal()
    export_requested = Signal()
    counted = Signal(str)

    def __init__(self, campaign_file: CampaignFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file = campaign_file
        self._filters: tuple[PatientFilter, ...] = ()
        self._work = LatestWork(self)
        self._work.ready.connect(self._show)
        self.source = QLabel(self)
        self.source.setWordWrap(True)
        self.remarks_button = QPushButton("Re&marques sur le fichier…", self)
        self.other_button = QPushButton("Ajouter un a&utre fichier…", self)
        self.filter = QComboBox(self)
        self.filter.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.filter.setMinimumContentsLength(14)
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText("nom, courriel, ville")
        self.table = QTableView(self)
        self.model = RecipientsModel(campaign_file, self.table)
        self.table.setModel(self.model)
        self.correct_button = QPushButton("Corri&ger…", self)
        self.exclude_button = QPushButton("&Ne pas écrire…", self)
        self.hand_over_button = QPushButton("&Remettre en main propre", self)
        self.settle_button = QPushButton("C’est &vérifié", self)
        self.settle_kind_button = QPushButton("Tou&s vérifiés", self)
        self.undo_button = QPushButton("&Défaire", self)
        self.export_button = QPushButton("E&xporter les lignes à corriger…", self)
        self.export_button.setToolTip(
            "Un fichier avec les colonnes de votre liste et la raison, à renvoyer à l’éditeur du logiciel."
        )
        self._wanted = Restriction.HAND_OVER
        self._search_timer = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._lay_out()
        self._connect()

    def load(self, source: str) -> None:
        """Read filters and rows again; the choice, the search and the selection stay when they can."""
        self.source.setText(source)
        self.refresh()

    def show_to_fix(self) -> None:
        """Choose the filter of the gravest level that shows somebody."""
        self._ask(ListWish(to_fix=True, text=self.search.text()))

    def refresh(self) -> None:
        """Ask the file for the present filter and search."""
        key = self._chosen().key if self._filters else None
        self._ask(ListWish(key, text=self.search.text()))

    def end(self) -> None:
        """Wait for what is being read; call before the campaign is closed."""
        self._work.end()

    def _ask(self, wish: ListWish) -> None:
        """A short list at once; a long one is read in the background, the rows shown stay meanwhile."""
        self._search_timer.stop()
        campaign_file = self._file
        if campaign_file.count_recipients() <= _READ_AT_ONCE:
            self._work.end()
            self._show(read_list(campaign_file, wish))
        else:
            self._work.ask(lambda: read_list_apart(campaign_file, wish))

    def _show(self, state: ListState) -> None:
        kept = self.selected() if self._count_selected() <= _MOST_KEPT else []
        self._filters = state.filters
        blocker = QSignalBlocker(self.filter)
        self.filter.clear()
        for item in state.filters:
            level = item.query.issue_level
            if level is None:
                self.filter.addItem(item.label)
            else:
                self.filter.addItem(meaning_icon(MEANING_OF[level], self.palette()), item.label)
        self.filter.setCurrentIndex(state.chosen)
        blocker.unblock()
        self.remarks_button.setVisible(state.has_file_remarks)
        self.export_button.setVisible(state.has_rows_to_fix)
        self.model.show_keys(state.keys)
        self._select_again(kept)
        self.counted.emit(state.sentence)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._work.end()
        super().hideEvent(event)

    def selected(self) -> list[int]:
        """Keys of the patients selected, in the order of the table."""
        return [self.model.key(row) for span in self._spans() for row in span]

    def selected_rows(self) -> list[PatientRow]:
        """The first patients selected, with their remarks: enough to word the buttons."""
        rows = [row for span in self._spans() for row in span[:_ROWS_LOOKED_AT]]
        looked_at = rows[:_ROWS_LOOKED_AT]
        return [shown for row in looked_at if (shown := self.model.record(row)) is not None]

    def _count_selected(self) -> int:
        return sum(len(span) for span in self._spans())

    def _spans(self) -> list[range]:
        """Rows selected, as spans in order; never one index per row."""
        selection = self.table.selectionModel().selection()
        ranges = (selection.at(number) for number in range(selection.count()))
        return sorted(
            (range(each.top(), each.bottom() + 1) for each in ranges), key=lambda span: span.start
        )

    def show_undo(self, what: str) -> None:
        """Offer to undo ``what`` (French), or nothing when empty."""
        self.undo_button.setEnabled(bool(what))
        self.undo_button.setToolTip(what)
        self.undo_button.setAccessibleDescription(what)

    def _chosen(self) -> PatientFilter:
        return self._filters[max(self.filter.currentIndex(), 0)]

    def _select_again(self, kept: Sequence[int]) -> None:
        selection = self.table.selectionModel()
        mode = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for key in kept:
            row = self.model.row_of(key)
            if row is not None:
                index = self.model.index(row, 0)
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
                selection.select(index, mode)
        if not selection.hasSelection() and self.model.rowCount():
            self.table.selectRow(0)
        self._adapt()

    def file_remarks(self) -> Iterator[StoredIssue]:
        """Open remarks about the file as a whole."""
        return (
            stored
            for stored in self._file.issues(settled=False, limit=200)
            if stored.issue.row is None and not stored.issue.code.startswith("letter_")
        )

    def _adapt(self) -> None:
        """Buttons say what they would do; they are grey only when nobody is selected."""
        shown = self.selected_rows()
        for button in (self.correct_button, self.exclude_button, self.hand_over_button):
            button.setEnabled(bool(shown))
        excluded = bool(shown) and all(row.recipient.is_excluded for row in shown)
        self.exclude_button.setText("&Écrire quand même" if excluded else "&Ne pas écrire…")
        handed = bool(shown) and all(
            row.recipient.restriction is Restriction.HAND_OVER for row in shown
        )
        self._wanted = Restriction.NONE if handed else Restriction.HAND_OVER
        self.hand_over_button.setText(
            "Ne plus &remettre en main propre" if handed else "&Remettre en main propre"
        )
        kind = self._chosen().query if self._filters else RecipientQuery()
        self.settle_kind_button.setVisible(
            bool(kind.issue_code) and kind.issue_level is not Level.BLOCKING
        )
        checkable = any(row.level in {Level.CHECK, Level.INFO} for row in shown)
        self.settle_button.setEnabled(checkable)

    @property
    def asks_inclusion(self) -> bool:
        """True when everybody selected is excluded."""
        shown = self.selected_rows()
        return bool(shown) and all(row.recipient.is_excluded for row in shown)

    def _lay_out(self) -> None:
        self.table.setAccessibleName("Patients")
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.table.verticalHeader().hide()
        vertical = self.table.verticalHeader()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(self.fontMetrics().height() * 9 // 5)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        # painting a header asks the selection about every row of every column: 7 s after « select all » on
        # 300,000 patients; with a selection of its own, always empty, it has nothing to ask
        header.setSectionsClickable(False)
        header.setSelectionModel(QItemSelectionModel(self.model, header))
        for column, characters in enumerate(_WIDTHS_IN_CHARACTERS):
            self.table.setColumnWidth(column, self.fontMetrics().averageCharWidth() * characters)
        self.table.setMinimumHeight(self.fontMetrics().height() * 9)
        top = QHBoxLayout()
        top.addWidget(self.source, 1)
        top.addLayout(flow(self.remarks_button, self.other_button, to_the_right=True), 2)
        filters = QHBoxLayout()
        show_label, search_label = QLabel("Affic&her", self), QLabel("&Chercher", self)
        show_label.setBuddy(self.filter)
        search_label.setBuddy(self.search)
        filters.addWidget(show_label)
        filters.addWidget(self.filter, 1)
        filters.addWidget(search_label)
        filters.addWidget(self.search, 1)
        below = flow(
            self.correct_button,
            self.exclude_button,
            self.hand_over_button,
            self.settle_button,
            self.settle_kind_button,
            self.undo_button,
            self.export_button,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addLayout(filters)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        self.show_undo("")

    def _connect(self) -> None:
        self.filter.activated.connect(self.refresh)
        self.search.textEdited.connect(self._search_timer.start)
        self.search.textChanged.connect(self._search_timer.start)
        self._search_timer.timeout.connect(self.refresh)
        self.table.selectionModel().selectionChanged.connect(self._adapt)
        self.table.activated.connect(self._correct)
        self.correct_button.clicked.connect(self._correct)
        self.exclude_button.clicked.connect(self._exclude_or_include)
        self.hand_over_button.clicked.connect(lambda: self.restrict_requested.emit(self._wanted))
        self.settle_kind_button.clicked.connect(
            lambda: self.settle_kind_requested.emit(self._chosen().query.issue_code)
        )
        self.model.typed.connect(self.typed)
        self.settle_button.clicked.connect(self.settle_requested)
        self.undo_button.clicked.connect(self.undo_requested)
        self.remarks_button.clicked.connect(self.file_remarks_requested)
        self.other_button.clicked.connect(self.other_file_requested)
        self.export_button.clicked.connect(self.export_requested)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self.table)
        undo.setContext(Qt.ShortcutContext.WidgetShortcut)
        undo.activated.connect(self.undo_requested)

    def _correct(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.correct_requested.emit(self.model.key(index.row()))

    def _exclude_or_include(self) -> None:
        if self.asks_inclusion:
            self.include_requested.emit()
        else:
            self.exclude_requested.emit()
