"""What a later list would change, before it changes anything."""

from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.services.importing import ListDifference
from app.ui.dialogs.question import QuestionDialog
from app.wording.changes import changed_value
from app.wording.french import count, number
from app.wording.list_places import row_number

_TITLES = ("Patient", "Ligne du fichier", "Ce qui change")


class ListDifferenceDialog(QuestionDialog):
    """``accepted`` means « Compléter la liste »; closing it changes nothing."""

    def __init__(
        self, file_name: str, difference: ListDifference, people: int, parent: QWidget | None = None
    ) -> None:
        """``people``: how many the campaign holds now."""
        super().__init__(
            f"Ce que change «\u00a0{file_name}\u00a0»", sentence(difference, people), parent
        )
        if difference.same_file:
            again = QLabel(
                "Ce fichier a déjà été importé dans cette campagne, à l’identique.", self
            )
            again.setWordWrap(True)
            self.body.addWidget(again)
        self.table = QTableWidget(len(difference.changes), len(_TITLES), self)
        self._fill(difference)
        self.body.addWidget(self.table, 1)
        self.table.setVisible(bool(difference.changes))
        shown, changed = len(difference.changes), difference.updated + difference.already_written
        self.more = QLabel(
            f"Voici les {number(shown)} premiers changements, sur {number(changed)}.", self
        )
        self.body.addWidget(self.more)
        self.more.setVisible(shown < changed)
        nothing = not (difference.added or difference.updated)
        verb = "Enregistrer quand même cette liste" if nothing else "Compléter la liste"
        self.accept_button = self.add_accept(verb, default=not nothing)
        self.add_reject("Revenir aux colonnes", default=nothing)
        if difference.changes:
            metrics = self.fontMetrics()
            self.resize(metrics.averageCharWidth() * 105, metrics.height() * 26)

    def _fill(self, difference: ListDifference) -> None:
        self.table.setHorizontalHeaderLabels(_TITLES)
        self.table.setAccessibleName("Patients modifiés")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        for row, change in enumerate(difference.changes):
            told = " · ".join(
                changed_value(change.before, change.after, name) for name in change.fields
            )
            if change.already_written:
                told = f"Déjà prévenu, laissé tel quel. {told}"
            for column, text in enumerate(
                (change.before.display_name, row_number(change.row), told)
            ):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)


def sentence(difference: ListDifference, people: int) -> str:
    """The counts, in French: nothing is written yet."""
    known = difference.updated + difference.unchanged + difference.already_written
    lines = [
        f"{count(difference.added, 'patient')} de plus, {number(difference.updated)} mis à jour, "
        f"{number(difference.unchanged)} sans changement."
    ]
    if difference.already_written:
        lines.append(
            f"{count(difference.already_written, 'patient')} de ce fichier, déjà "
            f"{'prévenu' if difference.already_written == 1 else 'prévenus'}, "
            f"{'garde sa fiche' if difference.already_written == 1 else 'gardent leur fiche'}\u00a0: "
            "aucune lettre ne part deux fois."
        )
    absent = people - known
    if absent > 0:
        lines.append(
            f"{count(absent, 'patient')} de la liste actuelle ne "
            f"{'figure' if absent == 1 else 'figurent'} pas dans ce fichier\u00a0: rien ne change pour "
            f"{'lui' if absent == 1 else 'eux'}."
        )
    return "\n".join(lines)
