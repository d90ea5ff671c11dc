"""Rows to correct, given back in the list's own columns: to be sent to the software's vendor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services.control import Control
from app.services.importing import Understanding
from app.services.rows_to_correct import RowsToCorrect, export_rows_to_correct
from app.storage.campaign_file import CampaignFile
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording.french import count

if TYPE_CHECKING:
    from app.ui.steps.patients import PatientsPage
    from app.ui.steps.patients_import import PatientsImport

LIST_FILES = "Listes de patients (*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt *.zip);;Tous les fichiers (*)"


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file read, and how many of its lines hold something."""

    understanding: Understanding
    rows: int


class PatientsExport(QObject):
    """Writes the rows when the list is at hand; asks for the very file again on a later day."""

    def __init__(self, imports: PatientsImport, page: PatientsPage) -> None:
        super().__init__(imports)
        self._imports, self._page, self._desk = imports, page, page.desk
        #: the list imported last, while this window is open: its rows can be given back without reading again
        self.imported: Understanding | None = None
        page.list.export_requested.connect(self.ask)

    def ask(self) -> None:
        """Ask where to write the rows to correct; the list is read again when this window did not import it."""
        last = self._page.campaign_file.imports()[-1]
        if self.imported is not None and self.imported.table.facts.sha256 == last.sha256:
            self._ask_place(self.imported)
            return
        self._page.message_bar.show_message(
            Meaning.INFORMATION,
            f"Indiquez de nouveau «\u00a0{last.file_name}\u00a0»\u00a0: ses colonnes sont reprises telles quelles.",
            (MessageAction("Choisir ce fichier…", self._choose),),
        )

    def _choose(self) -> None:
        read = partial(self._imports.read_for, self._check)
        self._desk.files.open_file(self._page, "Choisir la liste importée", LIST_FILES, read)

    def _check(self, read: FileRead) -> None:
        page = self._page
        page.show_list()
        last = page.campaign_file.imports()[-1]
        if read.understanding.table.facts.sha256 != last.sha256:
            page.message_bar.show_message(
                Meaning.PROBLEM,
                f"«\u00a0{read.understanding.path.name}\u00a0» n’est pas le fichier importé en dernier "
                f"(«\u00a0{last.file_name}\u00a0»), ou il a été modifié depuis. Rien n’a été écrit\u00a0; "
                "choisissez le fichier d’origine.",
            )
            return
        self.imported = read.understanding
        self._ask_place(read.understanding)

    def _ask_place(self, understanding: Understanding) -> None:
        proposed = understanding.path.with_name(f"{understanding.path.stem} - à corriger.xlsx")
        self._desk.files.save_file(
            self._page,
            "Enregistrer les lignes à corriger",
            proposed,
            lambda path: self._export(understanding, path),
        )

    def _export(self, understanding: Understanding, path: Path) -> None:
        clock = self._desk.clock

        def work(own: CampaignFile, control: Control) -> Iterator[object]:
            yield export_rows_to_correct(own, understanding, path, clock=clock, control=control)

        self._imports.run("Export des lignes à corriger", work)

    def tell(self, written: RowsToCorrect) -> None:
        """Say where the rows are, and that they lie there in clear."""
        self._page.message_bar.show_message(
            Meaning.DONE,
            f"{count(written.rows, 'ligne')} dans «\u00a0{written.path.name}\u00a0», avec la raison en dernière "
            "colonne. Ce fichier contient des données de patients en clair\u00a0: supprimez-le après usage.",
            (MessageAction("Ouvrir le dossier", lambda: open_path(written.path.parent)),),
        )
