"""Name and folder of a new campaign."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from app.storage.keys import MINIMUM_PASSPHRASE
from app.storage.places import is_synced_folder
from app.ui.desk import FileChooser
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.forms import labelled
from app.ui.widgets.password_edit import PasswordEdit


class NewCampaignDialog(QuestionDialog):
    """Asks for the name of the « envoi » and where to keep it.

    Without a credential store it also offers a passphrase, to open the campaign more easily than by its code.

    Signals:
        confirmed(str, object, str): the name, the folder (Path), the passphrase ("" for none).
    """

    confirmed = Signal(str, object, str)

    def __init__(
        self,
        proposed_name: str,
        folder: Path,
        files: FileChooser,
        *,
        has_keyring: bool,
        parent: QWidget | None = None,
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
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        self.passphrase_box = self._build_passphrase()
        self.passphrase_box.setVisible(not has_keyring)
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
        self.body.addWidget(self.passphrase_box)
        self.add_accept("Créer l’envoi")
        self.add_reject("Renoncer")
        self.name_edit.selectAll()
        self.name_edit.setFocus()
        self._show_folder(folder)

    def _build_passphrase(self) -> QWidget:
        box = QWidget(self)
        words = QLabel(
            "Cet ordinateur ne propose pas de trousseau\u00a0: l’envoi s’ouvrira avec son code de récupération. "
            f"Vous pouvez aussi choisir une phrase secrète, d’au moins {MINIMUM_PASSPHRASE} caractères\u00a0: "
            "quatre ou cinq mots sans rapport entre eux.",
            box,
        )
        words.setWordWrap(True)
        self.passphrase_edit, self.again_edit = PasswordEdit(box), PasswordEdit(box)
        form = QFormLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(words)
        labelled(form, "&Phrase secrète (facultative)", self.passphrase_edit)
        labelled(form, "La &même phrase, encore", self.again_edit)
        return box

    def _fault(self) -> tuple[str, QWidget] | None:
        passphrase = self.passphrase_edit.text().strip()
        if not self.name_edit.text().strip():
            return "Écrivez d’abord un nom.", self.name_edit
        if passphrase and len(passphrase) < MINIMUM_PASSPHRASE:
            return (
                f"La phrase secrète doit compter au moins {MINIMUM_PASSPHRASE} caractères.",
                self.passphrase_edit,
            )
        if passphrase != self.again_edit.text().strip():
            return "Les deux phrases secrètes ne sont pas les mêmes.", self.again_edit
        return None

    @override
    def accept(self) -> None:
        fault = self._fault()
        if fault is not None:
            words, field = fault
            self.fault_label.setText(words)
            self.fault_label.show()
            self.fit()
            field.setFocus()
            return
        passphrase = self.passphrase_edit.text().strip()
        self.confirmed.emit(self.name_edit.text().strip(), self._folder, passphrase)
        super().accept()

    def _choose(self) -> None:
        self._files.open_folder(self, "Où garder cet envoi\u202f?", self._folder, self._show_folder)

    def _show_folder(self, folder: Path) -> None:
        self._folder = folder
        words = f"Il sera gardé, chiffré, dans «\u00a0{folder}\u00a0»."
        if is_synced_folder(folder):
            words += (
                " Ce dossier est recopié ailleurs par un service en ligne\u00a0: une copie faite en plein travail "
                "peut être inutilisable. Choisissez plutôt un dossier de cet ordinateur."
            )
        self.folder_label.setText(words)
        self.fit()
