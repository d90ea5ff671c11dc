"""« Lettre de suivi »: which letter, to whom, why."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.recipient import Recipient
from app.services.follow_up import Audience, FollowUp
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.choices import OneChoice
from app.ui.widgets.forms import boxed
from app.wording.french import count
from app.wording.list_places import row_number

#: the catalogue's letters for those who were written to already
_LETTERS = {
    "T14": "Un complément ou une correction",
    "T15": "Finalement, vous n’êtes pas concerné",
}
_WHO = {
    Audience.EVERYBODY: "À toutes les personnes à qui une lettre était destinée",
    Audience.INFORMED: "À celles dont la lettre est partie et n’est pas revenue",
    Audience.NOT_INFORMED: "À celles dont la lettre n’est pas arrivée",
    Audience.CHOSEN: "À des personnes choisies une par une",
}
_KEY = Qt.ItemDataRole.UserRole


class FollowUpDialog(QuestionDialog):
    """The first letters stay as they were; this prepares another one.

    Args:
        counts: how many people each choice reaches.
        find: people of the list whose name, e-mail or address holds the text.

    Signals:
        confirmed(FollowUp): prepare it.
    """

    confirmed = Signal(object)

    def __init__(
        self,
        counts: Mapping[Audience, int],
        find: Callable[[str], Sequence[Recipient]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Préparer une lettre de suivi",
            "Les lettres déjà parties ne changent pas. La nouvelle lettre se prépare aux mêmes pages\u00a0: "
            "les faits, le texte, la relecture, l’envoi.",
            parent,
        )
        self._find = find
        self._counts = counts
        self.letter = OneChoice(_LETTERS, self)
        self.letter.show_value("T14")
        self.audience = OneChoice(
            {
                who: words
                if who is Audience.CHOSEN
                else f"{words} ({count(counts.get(who, 0), 'personne')})"
                for who, words in _WHO.items()
            },
            self,
        )
        self.audience.show_value(Audience.INFORMED)
        self.picker = self._build_picker()
        purpose_label = QLabel("&Pourquoi (repris dans le dossier, sans nom de patient)", self)
        self.purpose_edit = QLineEdit(self)
        self.purpose_edit.setMaxLength(300)
        purpose_label.setBuddy(self.purpose_edit)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        for widget in (
            boxed("Quelle lettre\u202f?", self.letter),
            boxed("À qui\u202f?", self.audience, self.picker),
            purpose_label,
            self.purpose_edit,
            self.fault_label,
        ):
            self.body.addWidget(widget)
        self.make_scrollable()
        self.add_accept("Préparer la lettre")
        self.add_reject("Renoncer")
        self.audience.edited.connect(self._adapt)
        self._adapt()
        self.letter.button("T14").setFocus()
        self.resize(self.fontMetrics().averageCharWidth() * 95, self.fontMetrics().height() * 34)

    def _build_picker(self) -> QWidget:
        picker = QWidget(self)
        label = QLabel("&Nom", picker)
        self.search_edit = QLineEdit(picker)
        self.search_edit.setMaxLength(80)
        label.setBuddy(self.search_edit)
        self.find_button = QPushButton("A&jouter", picker)
        self.remove_button = QPushButton("&Retirer", picker)
        for button in (self.find_button, self.remove_button):
            button.setAutoDefault(False)
        self.chosen_list = QListWidget(picker)
        self.chosen_list.setAccessibleName("Personnes choisies")
        self.chosen_list.setTabKeyNavigation(False)
        self.chosen_list.setMinimumHeight(self.fontMetrics().lineSpacing() * 4)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.search_edit, 1)
        row.addWidget(self.find_button)
        row.addWidget(self.remove_button)
        column = QVBoxLayout(picker)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.chosen_list)
        self.find_button.clicked.connect(self.add_people)
        self.search_edit.installEventFilter(self)  # Return adds, it does not confirm the dialog
        self.remove_button.clicked.connect(self._remove)
        return picker

    def _adapt(self) -> None:
        self.picker.setVisible(self._who() is Audience.CHOSEN)

    def _who(self) -> Audience:
        return Audience(self.audience.value())

    def _chosen(self) -> frozenset[int]:
        items = (self.chosen_list.item(row) for row in range(self.chosen_list.count()))
        return frozenset(int(item.data(_KEY)) for item in items)

    def add_people(self) -> None:
        """Add everybody found for what was typed."""
        typed = self.search_edit.text().strip()
        found = self._find(typed) if typed else ()
        known = self._chosen()
        for person in found:
            if person.id not in known:
                name = f"{person.display_name}, ligne {row_number(person.row)}"
                item = QListWidgetItem(name, self.chosen_list)
                item.setData(_KEY, person.id)
        self._say("" if found else "Personne de ce nom n’est dans la liste.")

    def _remove(self) -> None:
        row = self.chosen_list.currentRow()
        if row >= 0:
            self.chosen_list.takeItem(row)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.search_edit
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.add_people()
            return True
        return False

    @override
    def accept(self) -> None:
        who = self._who()
        people = len(self._chosen()) if who is Audience.CHOSEN else self._counts.get(who, 0)
        if not people:
            self._say("Ce choix ne désigne personne.")
            return
        if not self.purpose_edit.text().strip():
            self._say("Écrivez en quelques mots pourquoi vous écrivez de nouveau.")
            self.purpose_edit.setFocus()
            return
        self.confirmed.emit(
            FollowUp(
                template_id=str(self.letter.value()),
                audience=who,
                purpose=self.purpose_edit.text().strip(),
                chosen=self._chosen(),
            )
        )
        super().accept()

    def _say(self, words: str) -> None:
        self.fault_label.setText(words)
        self.fault_label.setVisible(bool(words))
        self.fit()
