"""« Effacer les PDF »: what goes, and what no program can promise."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QListWidget, QWidget

from app.services.clear_text import ClearFile
from app.ui.dialogs.question import QuestionDialog
from app.wording.french import count, size_bytes

_HONEST = (
    "Ces fichiers se lisent sans mot de passe. Les lettres restent dans l’envoi chiffré\u00a0: vous pourrez les "
    "réimprimer.\n\n"
    "Ce qui peut rester ailleurs\u00a0: une sauvegarde, un dossier synchronisé en ligne, la corbeille d’une clé, "
    "la mémoire de l’imprimante, une copie envoyée à un prestataire. Sur un disque récent, des traces effacées "
    "peuvent subsister quelque temps\u00a0; seul un disque chiffré s’en protège."
)


class DeletePrintsDialog(QuestionDialog):
    """Asks before files are deleted; the safe button has the focus.

    Signals:
        confirmed: delete them.
    """

    confirmed = Signal()

    def __init__(self, files: Sequence[ClearFile], parent: QWidget | None = None) -> None:
        size = size_bytes(sum(file.size for file in files))
        super().__init__(
            f"Effacer {count(len(files), 'fichier')} de cet ordinateur\u202f?",
            f"{count(len(files), 'fichier')}, {size}, avec des noms et des adresses de patients.",
            parent,
        )
        self.files_list = QListWidget(self)
        self.files_list.setAccessibleName("Fichiers à effacer")
        self.files_list.addItems([str(file.path) for file in files])
        self.files_list.setMaximumHeight(self.fontMetrics().lineSpacing() * 7)
        self.body.addWidget(self.files_list)
        words = QLabel(_HONEST, self)
        words.setWordWrap(True)
        self.body.addWidget(words)
        self.keep_button = self.add_reject("Garder les fichiers", default=True)
        self.delete_button = self.add_other("Effacer")
        self.delete_button.clicked.connect(self._confirm)

    def _confirm(self) -> None:
        self.confirmed.emit()
        self.accept()
