"""Backup copies of a campaign: when they were made, making one, putting one back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QListWidget, QWidget

from app.storage.copies import Backup
from app.ui.dialogs.question import QuestionDialog
from app.wording.french import date_time, size_bytes

_LOST = (
    "Rétablir une copie ramène l’envoi à ce qu’il était ce jour-là. Ce qui est parti depuis n’y figure pas\u00a0: "
    "rien ne repartira avant votre confirmation. La version remplacée est gardée à côté."
)


class CopiesDialog(QuestionDialog):
    """Lists the copies, the latest first.

    Signals:
        make_requested: make a copy now.
        restore_requested(Backup): put this copy back.
    """

    make_requested = Signal()
    restore_requested = Signal(object)

    def __init__(
        self,
        name: str,
        copies: Sequence[Backup],
        *,
        why: str = "",
        can_make: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        lead = why or (
            "Une copie chiffrée est faite de temps en temps, avant un envoi et en quittant. "
            "Les cinq dernières sont gardées dans le dossier de l’envoi."
        )
        super().__init__(f"Copies de «\u00a0{name}\u00a0»", f"{lead}\n\n{_LOST}", parent)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 84)
        self._copies: Sequence[Backup] = ()
        label = QLabel("&Copies", self)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Copies")
        self.list.setTabKeyNavigation(False)
        self.list.setMinimumHeight(self.fontMetrics().lineSpacing() * 6)
        label.setBuddy(self.list)
        self.note_label = QLabel(self)
        self.note_label.setWordWrap(True)
        self.note_label.hide()
        for widget in (label, self.list, self.note_label):
            self.body.addWidget(widget)
        self.restore_button = self.add_other("&Rétablir cette copie")
        self.make_button = self.add_other("&Faire une copie maintenant")
        self.make_button.setVisible(can_make)
        self.add_reject("Fermer", default=True)
        self.restore_button.clicked.connect(self._restore)
        self.make_button.clicked.connect(self.make_requested)
        self.show_copies(copies)

    def show_copies(self, copies: Sequence[Backup], note: str = "") -> None:
        """Replace the list; ``note`` says what was just done."""
        self._copies = copies
        self.list.clear()
        for copy in copies:
            self.list.addItem(f"{date_time(copy.made_at)} · {size_bytes(copy.size)}")
        self.list.setCurrentRow(0 if copies else -1)
        self.restore_button.setEnabled(bool(copies))
        self.note_label.setText(note or ("" if copies else "Il n’y a pas encore de copie."))
        self.note_label.setVisible(bool(self.note_label.text()))
        self.fit()

    def _restore(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._copies):
            self.restore_requested.emit(self._copies[row])
            self.accept()
