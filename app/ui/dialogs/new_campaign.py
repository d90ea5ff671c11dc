"""Name and folder of a new campaign."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from app.ui.desk import FileChooser
from app.ui.dialogs.question import QuestionDialog


class NewCampaignDialog(QuestionDialog):
    """Asks for the name of the « envoi » and where to keep it.

    Signals:
        confirmed(str, object): the name and the folder (Path).
    """

    confirmed = Signal(str, object)

    def __init__(
        self, proposed_name: str, folder: Path, files: FileChooser, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Nouvel envoi",
            "Donnez-lui un nom qui vous le fera retrouver, par exemple "
            "«\u00a0Logiciel de l’éditeur, mars 2026\u00a0». Les patients ne le verront pas.",
            parent,
        )
        self._folder = folder
        self._files = files
        name_label = QLabel("&Nom de l’envoi", self)
        self.name_edit = QLineEdit(proposed_name, self)
        self.name_edit.setMaxLength(80)
        name_label.setBuddy(self.name_edit)
        self.fault_label = QLabel("Écrivez d’abord un nom.", self)
        self.fault_label.hide()
        self.folder_label = QLabel(self)
        self.folder_label.setWordWrap(True)
        change = QPushButton("Choisir un autre &dossier…", self)
        change.setAutoDefault(False)
        change.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self.folder_label, 1)
        row.addWidget(change)
        for widget in (name_label, self.name_edit, self.fault_label):
            self.body.addWidget(widget)
        self.body.addLayout(row)
        self.add_accept("Créer l’envoi")
        self.add_reject("Renoncer")
        self.name_edit.selectAll()
        self.name_edit.setFocus()
        self._show_folder(folder)

    @override
    def accept(self) -> None:
        name = self.name_edit.text().strip()
        if not name:
            self.fault_label.show()
            self.name_edit.setFocus()
            return
        self.confirmed.emit(name, self._folder)
        super().accept()

    def _choose(self) -> None:
        self._files.open_folder(self, "Où garder cet envoi\u202f?", self._folder, self._show_folder)

    def _show_folder(self, folder: Path) -> None:
        self._folder = folder
        self.folder_label.setText(f"Il sera gardé, chiffré, dans «\u00a0{folder}\u00a0».")
