"""The letters of the campaign: filter, search, and what can be done with the chosen ones."""

from PySide6.QtCore import Qt, QTimer, Signal
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

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.clock import Clock
from app.storage.campaign_file import CampaignFile
from app.storage.queries import DeliveryQuery
from app.ui.models.deliveries import FAILED, FILTERS, STATE, DeliveriesModel
from app.ui.widgets.flow_layout import flow
from app.wording.french import count

_SEARCH_MS = 200
#: what a selection allows is judged on its first letters: somebody may select 300,000
_MOST_CHOSEN = 500
_FAILED = {DeliveryStatus.REJECTED, DeliveryStatus.BOUNCED}
_WAITING = {DeliveryStatus.PENDING, DeliveryStatus.DEFERRED}
_TO_HAND_OVER = {DeliveryStatus.PENDING, DeliveryStatus.PRINTED}


class DeliveriesTable(QWidget):
    """Rows are read by pages; refreshing keeps the selection.

    Signals:
        print_asked(list), paper_asked(list), handed_over_asked(list), retry_asked(list): keys of the
            chosen letters.
    """

    print_asked = Signal(list)
    paper_asked = Signal(list)
    handed_over_asked = Signal(list)
    retry_asked = Signal(list)

    def __init__(
        self, campaign_file: CampaignFile, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._file = campaign_file
        self.model = DeliveriesModel(campaign_file, clock, self)
        filter_label = QLabel("Affic&her", self)
        self.filter_box = QComboBox(self)
        self.filter_box.addItems(list(FILTERS))
        self.filter_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.filter_box.setMinimumContentsLength(16)
        self.filter_box.setMaximumWidth(self.fontMetrics().averageCharWidth() * 34)
        filter_label.setBuddy(self.filter_box)
        #: shown once a follow-up letter exists: which letter of each person
        self.run_box = QComboBox(self)
        self.run_box.setAccessibleName("Quelle lettre")
        self.run_box.hide()
        search_label = QLabel("Cherche&r", self)
        self.search_edit = QLineEdit(self)
        self.search_edit.setClearButtonEnabled(True)
        search_label.setBuddy(self.search_edit)
        self.count_label = QLabel(self)
        self.view = QTableView(self)
        self.view.setModel(self.model)
        self.view.setAccessibleName("Lettres")
        self.view.setTabKeyNavigation(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() * 3 // 2)
        self.view.setMinimumHeight(self.fontMetrics().lineSpacing() * 9)
        self._size_columns()
        self.empty_label = QLabel(
            "Chaque lettre et son état apparaîtront ici dès le premier envoi ou la première impression.",
            self,
        )
        self.empty_label.setWordWrap(True)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.print_button = QPushButton("&Imprimer cette lettre…", self)
        self.paper_button = QPushButton("&Envoyer par courrier", self)
        self.retry_button = QPushButton("Réessayer par co&urriel", self)
        self.hand_button = QPushButton("&Noter la remise en main propre", self)
        self._lay_out(filter_label, search_label)
        self._search_timer = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._connect()

    def _size_columns(self) -> None:
        header = self.view.horizontalHeader()
        width = self.fontMetrics().averageCharWidth()
        for column, characters in enumerate((12, 30, 18, 40, 22)):
            header.resizeSection(column, width * characters)
        header.setSectionResizeMode(STATE, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)

    def _lay_out(self, filter_label: QLabel, search_label: QLabel) -> None:
        top = QHBoxLayout()
        top.addWidget(filter_label)
        top.addWidget(self.filter_box)
        top.addWidget(self.run_box)
        top.addWidget(search_label)
        top.addWidget(self.search_edit, 1)
        top.addWidget(self.count_label)
        below = flow(self.print_button, self.retry_button, self.paper_button, self.hand_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.empty_label, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self.filter_box.activated.connect(lambda _place: self.load())
        self.run_box.activated.connect(lambda _place: self.load())
        self.search_edit.textChanged.connect(lambda _text: self._search_timer.start())
        self._search_timer.timeout.connect(self.load)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_actions())
        self.print_button.clicked.connect(lambda: self.print_asked.emit(self.chosen_keys()))
        self.paper_button.clicked.connect(lambda: self.paper_asked.emit(self.chosen_keys()))
        self.retry_button.clicked.connect(lambda: self.retry_asked.emit(self.chosen_keys()))
        self.hand_button.clicked.connect(lambda: self.handed_over_asked.emit(self.chosen_keys()))

    def load(self) -> None:
        """Read the letters again, filter and search applied."""
        self._offer_runs()
        query = DeliveryQuery(
            statuses=FILTERS[self.filter_box.currentText()],
            run=self.run_box.currentData(),
            text=self.search_edit.text(),
        )
        self.model.show_query(query)
        rows = self.model.rowCount()
        self.count_label.setText(count(rows, "lettre"))
        is_planned = rows > 0 or self._file.count_deliveries() > 0
        self.view.setVisible(is_planned)
        self.empty_label.setVisible(not is_planned)
        self._show_actions()

    def _offer_runs(self) -> None:
        """« Lettre n° 2 » first, then the former ones, then all."""
        current = self._file.current_run
        if current == 1 or self.run_box.count() == current + 1:
            return
        self.run_box.clear()
        for run in range(current, 0, -1):
            self.run_box.addItem(f"Lettre n°\u00a0{run}", run)
        self.run_box.addItem("Toutes les lettres", None)
        self.run_box.show()

    def show_failed(self) -> None:
        """Only what was refused or came back; the focus goes to the table."""
        self.filter_box.setCurrentText(FAILED)
        self.search_edit.clear()
        self.load()
        self.view.setFocus()

    def rest(self) -> None:
        """Forget a search that waits: the campaign may be closed next."""
        self._search_timer.stop()

    def refresh(self) -> None:
        """Read the visible rows again: states changed, the set of letters did not."""
        self.model.forget_records()

    def chosen_keys(self) -> list[int]:
        """Keys of the selected letters, in the order of the table."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self.model.key(row) for row in rows]

    def _chosen(self) -> list[Delivery]:
        return [
            letter for letter, _ in self._file.deliveries_by_ids(self.chosen_keys()[:_MOST_CHOSEN])
        ]

    def _show_actions(self) -> None:
        letters = self._chosen()
        self.print_button.setVisible(
            bool(letters) and all(letter.channel is not Channel.NONE for letter in letters)
        )
        self.paper_button.setVisible(
            bool(letters) and all(_may_go_by_post(letter) for letter in letters)
        )
        self.retry_button.setVisible(
            bool(letters)
            and all(
                letter.status is DeliveryStatus.REJECTED and letter.channel is Channel.EMAIL
                for letter in letters
            )
        )
        self.hand_button.setVisible(
            bool(letters)
            and all(
                letter.status in _TO_HAND_OVER
                and letter.channel in {Channel.HAND_OVER, Channel.PAPER}
                and (letter.channel is Channel.HAND_OVER or letter.status is DeliveryStatus.PRINTED)
                for letter in letters
            )
        )


def _may_go_by_post(letter: Delivery) -> bool:
    """An e-mail that failed, or has not left yet."""
    waits = letter.channel is Channel.EMAIL and letter.status in _WAITING
    return waits or letter.status in _FAILED
