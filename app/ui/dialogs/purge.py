"""« Clore et effacer la liste »: what goes, what stays, and a word typed to confirm."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from app.ui.dialogs.question import QuestionDialog
from app.wording.french import count

_WORD = "effacer"


class PurgeDialog(QuestionDialog):
    """Asks to write a word. The safe button has the focus.

    Signals:
        confirmed(bool): the list may be erased; True: the files in clear too.
    """

    confirmed = Signal(bool)

    def __init__(
        self,
        people: int,
        left_to_do: str,
        *,
        evidence_saved: bool,
        clear_files: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        text = [
            f"Les noms, adresses et remarques de {count(people, 'personne')} seront effacés de cet envoi.",
            "Restent\u00a0: les comptes, les dates, les codes des lettres et la preuve qu’elles sont parties. "
            "Avec l’adresse d’une personne en main, vous pourrez encore dire si vous lui avez écrit.",
            "Rien ne permettra de retrouver la liste ensuite.",
        ]
        if left_to_do:
            text.append(left_to_do)
        if not evidence_saved:
            text.append(
                "Le dossier pour la CNIL n’a pas encore été enregistré. Il vaut mieux le faire avant."
            )
        super().__init__("Clore cet envoi et effacer la liste\u202f?", "\n\n".join(text), parent)
        label = QLabel(f"Pour confirmer, écrivez le mot «\u00a0{_WORD}\u00a0»\u00a0:", self)
        self.word_edit = QLineEdit(self)
        label.setBuddy(self.word_edit)
        self.fault_label = QLabel(f"Écrivez «\u00a0{_WORD}\u00a0». Rien n’a été effacé.", self)
        self.fault_label.hide()
        files = count(len(clear_files), "fichier lisible par tous", "fichiers lisibles par tous")
        self.files_box = QCheckBox(
            f"Supprimer aussi {files}, là où vous les avez enregistrés", self
        )
        self.files_box.setVisible(bool(clear_files))
        self.files_box.setChecked(bool(clear_files))
        self.files_box.setToolTip("\n".join(clear_files))
        for widget in (self.files_box, label, self.word_edit, self.fault_label):
            self.body.addWidget(widget)
        self.keep_button = self.add_reject("Garder la liste", default=True)
        self.erase_button = self.add_other("Clore et effacer la liste")
        self.erase_button.clicked.connect(self._try)

    def _try(self) -> None:
        if self.word_edit.text().strip().casefold() != _WORD:
            self.fault_label.show()
            self.fit()
            self.word_edit.setFocus()
            return
        self.confirmed.emit(self.files_box.isChecked())
        self.accept()
