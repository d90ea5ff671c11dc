"""Who a single answer goes to: somebody of the list, or a name typed by hand."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.recipient import Civility, Recipient
from app.wording.labels import CIVILITY
from app.wording.list_places import row_number

FindPeople = Callable[[str], Sequence[Recipient]]


class PersonFields(QWidget):
    """A search in the list, the people found, and three fields for anybody else.

    Args:
        find: people of the list whose name, e-mail or address holds the text.

    Signals:
        edited: another person, or another name.
    """

    edited = Signal()

    def __init__(self, find: FindPeople, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._found: Sequence[Recipient] = ()
        self._search = QWidget(self)
        self.search_edit = QLineEdit(self._search)
        self.search_edit.setMaxLength(80)
        self.search_edit.installEventFilter(self)
        self.find_button = QPushButton("C&hercher", self._search)
        self.find_button.setAutoDefault(False)
        self.found_box = QComboBox(self._search)
        self.found_box.setAccessibleName("Personne")
        self.found_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.found_box.setMinimumContentsLength(20)
        self._typed = QWidget(self)
        self.civility_box = QComboBox(self._typed)
        self.civility_box.setAccessibleName("Civilité")
        for civility, words in CIVILITY.items():
            self.civility_box.addItem(words, civility)
        self.civility_box.setCurrentIndex(list(CIVILITY).index(Civility.UNKNOWN))
        self.first_name_edit, self.last_name_edit = QLineEdit(self._typed), QLineEdit(self._typed)
        self._lay_out()
        self._list()
        self.find_button.clicked.connect(self.search)
        self.found_box.activated.connect(self._take)
        self.civility_box.activated.connect(lambda _place: self.edited.emit())
        for edit in (self.first_name_edit, self.last_name_edit):
            edit.setMaxLength(80)
            edit.textEdited.connect(lambda _text: self.edited.emit())

    def _lay_out(self) -> None:
        search = QHBoxLayout(self._search)
        self._named(search, "&Dans la liste", self.search_edit)
        search.addWidget(self.find_button)
        search.addWidget(self.found_box, 1)
        typed = QHBoxLayout(self._typed)
        typed.addWidget(self.civility_box)
        self._named(typed, "Pré&nom", self.first_name_edit)
        self._named(typed, "No&m", self.last_name_edit)
        layout = QVBoxLayout(self)
        for row in (search, typed, layout):
            row.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._search)
        layout.addWidget(self._typed)

    def _named(self, row: QHBoxLayout, words: str, edit: QLineEdit) -> None:
        label = QLabel(words, edit.parentWidget())
        label.setBuddy(edit)
        edit.setAccessibleName(words.replace("&", ""))
        row.addWidget(label)
        row.addWidget(edit, 1)

    @property
    def chosen(self) -> Recipient | None:
        """The person of the list, None when the name is typed by hand."""
        place = self.found_box.currentIndex() - 1
        is_searched = not self._search.isHidden()
        return self._found[place] if is_searched and 0 <= place < len(self._found) else None

    def person(self) -> Recipient | None:
        """Whom to write to; None without a name."""
        if self.chosen is not None:
            return self.chosen
        last_name = self.last_name_edit.text().strip()
        if not last_name:
            return None
        return Recipient(
            row=0,
            civility=Civility(self.civility_box.currentData()),
            first_name=self.first_name_edit.text().strip(),
            last_name=last_name,
        )

    def ask(self, *, in_list: bool) -> None:
        """Offer the search in the list, or only the typed name."""
        self._search.setVisible(in_list)
        self._typed.setVisible(self.chosen is None)

    def search(self) -> None:
        """Look the typed text up; the first person found is chosen."""
        typed = self.search_edit.text().strip()
        self._found = self._find(typed) if typed else ()
        self._list()
        if self._found:
            self.found_box.setCurrentIndex(1)
        self._take()

    def _list(self) -> None:
        self.found_box.clear()
        is_lost = bool(self.search_edit.text().strip()) and not self._found
        self.found_box.addItem("Absente de la liste" if is_lost else "Une autre personne")
        for person in self._found:
            self.found_box.addItem(f"{person.display_name}, ligne {row_number(person.row)}")

    def _take(self) -> None:
        self._typed.setVisible(self.chosen is None)
        self.edited.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.search_edit
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.search()
            return True
        return False
