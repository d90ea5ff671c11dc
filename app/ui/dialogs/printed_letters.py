"""« Lettres imprimées »: every print of the campaign, and what can be done with the chosen ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.services.print_records import PrintedFile
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.flow_layout import flow
from app.wording.french import count, date_time, number

_HEADERS = ("Impression", "Le", "Lettres", "Feuilles", "À poster", "Fichier")


class After(Enum):
    """What to do with printed letters."""

    PRINT = auto()
    REPRINT = auto()
    MAILING_HOUSE = auto()
    REGISTERED = auto()
    OPEN_FOLDER = auto()
    DELETE = auto()


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One print: when, what, how many letters of it wait for the post."""

    at: datetime
    printed: PrintedFile
    waiting: int

    @property
    def is_on_disk(self) -> bool:
        """True when a file is where it was written; nobody looks inside here."""
        return bool(self.printed.path) and Path(self.printed.path).is_file()


class PrintedLettersDialog(QuestionDialog):
    """A table of prints; a button closes the window and tells what is wanted.

    Signals:
        asked(After, list): the act and the chosen prints (PrintedFile), in the order of the table.
    """

    asked = Signal(object, list)

    def __init__(self, lines: Sequence[PrintLine], parent: QWidget | None = None) -> None:
        super().__init__(
            "Lettres imprimées",
            "Une réimpression est notée comme telle\u00a0: la personne ne compte pas deux fois.",
            parent,
        )
        self._lines = list(lines)
        self.table = QTableWidget(len(lines), len(_HEADERS), self)
        self._fill()
        self.body.addWidget(self.table, 1)
        self.hint_label = QLabel(self)
        self.hint_label.setWordWrap(True)
        self.body.addWidget(self.hint_label)
        self.buttons_by_act = {
            After.PRINT: QPushButton("&Imprimer ce PDF…", self),
            After.REPRINT: QPushButton("&Réimprimer des lettres…", self),
            After.MAILING_HOUSE: QPushButton("Pour un &prestataire…", self),
            After.REGISTERED: QPushButton("Numéros de recomman&dés…", self),
            After.OPEN_FOLDER: QPushButton("&Ouvrir le dossier", self),
            After.DELETE: QPushButton("&Effacer les PDF…", self),
        }
        for act, button in self.buttons_by_act.items():
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, act=act: self._ask(act))
        self.body.addLayout(flow(*self.buttons_by_act.values()))
        self.add_reject("Fermer")
        self.table.itemSelectionChanged.connect(self._adapt)
        if lines:
            self.table.selectRow(len(lines) - 1)
        self._adapt()
        width = self.fontMetrics().averageCharWidth() * 100
        self.resize(width, self.fontMetrics().lineSpacing() * 26)
        self.table.setFocus()

    def _fill(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(list(_HEADERS))
        table.setAccessibleName("Impressions")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.horizontalHeader().setHighlightSections(False)
        for row, line in enumerate(self._lines):
            printed = line.printed
            name = f"{printed.name}, réimpression" if printed.reprint else printed.name
            place = "imprimante" if printed.printer else "présent" if line.is_on_disk else "absent"
            waiting = "" if printed.reprint else number(line.waiting)
            cells = (
                name,
                date_time(line.at),
                number(len(printed.ids)),
                number(sum(printed.sheets)),
                waiting,
                place,
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column in {2, 3, 4}:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                table.setItem(row, column, item)
        table.resizeColumnsToContents()
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    @property
    def chosen(self) -> list[PrintLine]:
        """The lines selected."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self._lines[row] for row in rows]

    def _adapt(self) -> None:
        """Only what can be done now is enabled, and the line says why not."""
        chosen = self.chosen
        on_disk = [line for line in chosen if line.is_on_disk]
        one = len(chosen) == 1
        can = {
            After.PRINT: one and bool(on_disk),
            After.REPRINT: one,
            After.MAILING_HOUSE: bool(on_disk) and len(on_disk) == len(chosen),
            After.REGISTERED: bool(self._lines),
            After.OPEN_FOLDER: bool(on_disk),
            After.DELETE: bool(on_disk),
        }
        for act, button in self.buttons_by_act.items():
            button.setEnabled(can[act])
        if not self._lines:
            hint = "Aucune lettre n’a encore été imprimée."
        elif not chosen:
            hint = "Choisissez une impression dans la liste."
        else:
            hint = f"{count(sum(len(line.printed.ids) for line in chosen), 'lettre choisie', 'lettres choisies')}."
            if len(on_disk) < len(chosen) and any(not line.printed.printer for line in chosen):
                hint += " Un fichier absent a été déplacé, renommé ou effacé."
        self.hint_label.setText(hint)

    def _ask(self, act: After) -> None:
        chosen = [line.printed for line in self.chosen]
        self.accept()
        self.asked.emit(act, chosen)
