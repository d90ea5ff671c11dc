"""The first page: the campaigns of this practice, or the offer to make one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.settings import RecentCampaign
from app.ui.theme import Meaning
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.message_bar import MessageAction, MessageBar
from app.wording.french import PARIS, count, date_long, number, time_hm

Index = QModelIndex | QPersistentModelIndex
HOME_HELP = (
    "Un «\u00a0envoi\u00a0» réunit tout ce qui concerne un incident\u00a0: sa description, la liste des "
    "patients, la lettre, ce qui est parti et les preuves.\n\n"
    "Complétez une fois «\u00a0Mon cabinet\u00a0»\u00a0: ces informations figurent dans toutes les lettres.\n\n"
    "«\u00a0Voir un exemple\u00a0» ouvre un envoi complet avec des patients inventés. Ses courriels ne "
    "sortent pas de cet ordinateur\u00a0: vous pouvez tout essayer."
)
_COLUMNS = ("Nom", "État", "Dernière activité")
#: a promised letter is reminded of that long before its day
_SOON = timedelta(days=7)
#: reminders shown at once; the others come when these are settled
_MOST_REMINDERS = 3


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One campaign in the list; French texts."""

    path: Path
    name: str
    state: str
    last_activity: str


def home_row(recent: RecentCampaign, now: datetime) -> HomeRow:
    """How a remembered campaign is shown."""
    if recent.without_letters:
        state = "Au registre, sans lettres"
    elif recent.purged:
        state = "Clos, noms effacés"
    elif recent.closed:
        state = "Clos, dossier conservé"
    elif not recent.total:
        state = "En préparation"
    elif recent.settled < recent.total:
        left = recent.total - recent.settled
        state = f"Reste {count(left, 'personne')} sur {number(recent.total)}"
    else:
        state = "Personne ne reste à prévenir"
    day = recent.used_at.astimezone(PARIS).date()
    is_today = day == now.astimezone(PARIS).date()
    when = f"aujourd’hui à {time_hm(recent.used_at)}" if is_today else date_long(day)
    return HomeRow(Path(recent.path), recent.name, state, when)


def reminders(recents: Sequence[RecentCampaign], now: datetime) -> list[tuple[str, Path]]:
    """What the home page reminds of: a promised letter within a week or late, names that may be erased."""
    today = now.astimezone(PARIS).date()
    found: list[tuple[str, Path]] = []
    for recent in recents:
        name, path = f"«\u00a0{recent.name}\u00a0»", Path(recent.path)
        if recent.remind_on is not None and recent.remind_on - today <= _SOON:
            day = date_long(recent.remind_on)
            when = (
                f"est promise pour le {day}"
                if recent.remind_on >= today
                else f"était promise pour le {day}"
            )
            found.append((f"{name}\u00a0: une lettre de suivi {when}.", path))
        if recent.purge_on is not None and recent.purge_on <= today:
            found.append((f"{name} est clos\u00a0: la liste des patients peut être effacée.", path))
    return found


class HomeModel(QAbstractTableModel):
    """The campaigns, newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: Sequence[HomeRow] = ()

    def show_rows(self, rows: Sequence[HomeRow]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> HomeRow:
        """The campaign on this row."""
        return self._rows[number]

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(_COLUMNS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.name, row.state, row.last_activity)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}, {row.state}, {row.last_activity}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(row.path)
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _COLUMNS[section]
        return None


class HomePage(QWidget):
    """Lists the campaigns and opens them.

    Signals:
        new_requested, sample_requested, practice_requested, open_requested, register_requested: the buttons.
        campaign_chosen(Path): a row was opened.
    """

    new_requested = Signal()
    sample_requested = Signal()
    practice_requested = Signal()
    open_requested = Signal()
    register_requested = Signal()
    campaign_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message_bar = MessageBar(self)
        self.reminder_bar = MessageBar(self)
        self.empty = EmptyState(
            "Aucun envoi pour le moment",
            "Quand des données de patients ont été exposées, il faut souvent les prévenir. "
            "Ce logiciel prépare une lettre pour chacun, l’envoie, et garde la preuve.",
            self,
        )
        self.empty_new_button = self.empty.add_button("Préparer un &nouvel envoi")
        self.empty_sample_button = self.empty.add_button("Voir un e&xemple")
        self.empty_open_button = self.empty.add_button("&Ouvrir un envoi…")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._build_list())
        inner = QWidget(self)
        inner_layout = QVBoxLayout(inner)
        inner_layout.addWidget(self._stack, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.reminder_bar)
        layout.addWidget(area, 1)
        self.empty_new_button.clicked.connect(self.new_requested)
        self.empty_sample_button.clicked.connect(self.sample_requested)
        self.empty_open_button.clicked.connect(self.open_requested)

    def show_campaigns(self, rows: Sequence[HomeRow], *, practice_is_complete: bool) -> None:
        """Replace the list; without any, offer to make one."""
        self._model.show_rows(rows)
        self._stack.setCurrentIndex(1 if rows else 0)
        if rows:
            self.table.selectRow(0)
        if practice_is_complete:
            self.message_bar.clear()
        else:
            self.message_bar.show_message(
                Meaning.INFORMATION,
                "Avant de commencer\u00a0: complétez «\u00a0Mon cabinet\u00a0» (nom, adresse, téléphone, "
                "adresse électronique d’envoi).",
                [
                    MessageAction(
                        "Compléter «\u00a0Mon cabinet\u00a0»", self.practice_requested.emit
                    )
                ],
            )

    def show_reminders(self, found: Sequence[tuple[str, Path]]) -> None:
        """What waits for somebody, with the way to it."""
        if not found:
            self.reminder_bar.clear()
            return
        shown = found[:_MOST_REMINDERS]
        actions = [
            MessageAction(_open_words(path, len(shown)), self._opening(path)) for _, path in shown
        ]
        words = "\n".join(sentence for sentence, _ in shown)
        self.reminder_bar.show_message(Meaning.ATTENTION, words, actions)

    def _opening(self, path: Path) -> Callable[[], None]:
        return lambda: self.campaign_chosen.emit(path)

    def focus_first(self) -> None:
        """Where the keyboard starts on this page."""
        target = self.table if self._stack.currentIndex() else self.empty_new_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_list(self) -> QWidget:
        panel = QWidget(self)
        heading = QLabel("Vos envois", panel)
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        heading.setFont(font)
        self.practice_button = QPushButton("&Mon cabinet…", panel)
        self.sample_button = QPushButton("Voir un e&xemple", panel)
        self.new_button = QPushButton("&Nouvel envoi…", panel)
        self.new_button.setDefault(True)
        self._model = HomeModel(panel)
        self.table = QTableView(panel)
        self.table.setModel(self._model)
        self.table.setAccessibleName("Vos envois")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() * 2)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.open_button = QPushButton("&Ouvrir cet envoi", panel)
        self.other_button = QPushButton("Ouvrir &un autre envoi…", panel)
        self.register_button = QPushButton("&Registre des violations…", panel)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self.practice_button)
        top.addWidget(self.sample_button)
        top.addWidget(self.new_button)
        below = QHBoxLayout()
        below.addWidget(self.open_button)
        below.addWidget(self.other_button)
        below.addWidget(self.register_button)
        below.addStretch()
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        self.practice_button.clicked.connect(self.practice_requested)
        self.sample_button.clicked.connect(self.sample_requested)
        self.new_button.clicked.connect(self.new_requested)
        self.other_button.clicked.connect(self.open_requested)
        self.register_button.clicked.connect(self.register_requested)
        self.open_button.clicked.connect(self._open_selected)
        self.table.activated.connect(self._open_index)
        return panel

    def _open_selected(self) -> None:
        self._open_index(self.table.currentIndex())

    def _open_index(self, index: Index) -> None:
        if index.isValid():
            self.campaign_chosen.emit(self._model.row(index.row()).path)


def _open_words(path: Path, many: int) -> str:
    return "Ouvrir cet envoi" if many == 1 else f"Ouvrir «\u00a0{path.stem}\u00a0»"
