"""Files in clear with names of patients: where they are, and « Supprimer »."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.core.clock import Clock
from app.core.errors import UserError
from app.services.clear_exports import ClearExport, ExportKind, delete_export, exports_left
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.question import QuestionDialog
from app.ui.system_open import open_path
from app.wording import explain
from app.wording.french import count, date_time

_KIND = {
    ExportKind.EML: "Courriels en fichiers",
    ExportKind.MSS: "Liste MSSanté",
    ExportKind.REFUSED: "Tableau des refus",
    ExportKind.ROWS_TO_CORRECT: "Lignes à corriger",
}


class ClearFilesDialog(QuestionDialog):
    """A list; what is chosen in it can be opened or deleted for good."""

    def __init__(
        self, campaign_file: CampaignFile, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__("Fichiers en clair", "", parent)
        self._file = campaign_file
        self._clock = clock
        self._shown: list[ClearExport] = []
        self.list = QListWidget(self)
        self.list.setAccessibleName("Fichiers en clair")
        self.list.setTabKeyNavigation(False)
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(self.fontMetrics().lineSpacing() * 6)
        self.body.addWidget(self.list)
        self.delete_button = self.add_other("&Supprimer ce fichier")
        self.open_button = self.add_other("&Ouvrir le dossier")
        self.add_reject("Fermer", default=True)
        self.delete_button.clicked.connect(self._delete)
        self.open_button.clicked.connect(self._open)
        self._load()

    def _load(self) -> None:
        self._shown = exports_left(self._file)
        self.list.clear()
        for export in self._shown:
            written = date_time(export.written_at)
            letters = count(export.letters, "lettre")
            item = QListWidgetItem(
                f"{_KIND[export.kind]}, {letters}, {written}\n{export.path}", self.list
            )
            item.setToolTip(str(export.path))
        if self._shown:
            self.list.setCurrentRow(0)
        self._say(
            "Ils ont été écrits depuis cet envoi et contiennent des noms de patients. Supprimez-les quand "
            "vous n’en avez plus besoin\u00a0: la suppression ne passe pas par la corbeille."
            if self._shown
            else "Plus aucun fichier en clair."
        )
        self.delete_button.setEnabled(bool(self._shown))
        self.open_button.setEnabled(bool(self._shown))

    def _say(self, text: str) -> None:
        self.text_label.setText(text)
        self.text_label.setTextFormat(Qt.TextFormat.PlainText)
        self.text_label.show()
        self.fit()

    def _chosen(self) -> ClearExport | None:
        row = self.list.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _delete(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        try:
            delete_export(self._file, chosen, self._clock)
        except UserError as error:
            told = explain(error)
            self._say("\n".join(part for part in (told.what, told.why, told.what_to_do) if part))
            return
        self._load()

    def _open(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            open_path(chosen.path if chosen.path.is_dir() else chosen.path.parent)
