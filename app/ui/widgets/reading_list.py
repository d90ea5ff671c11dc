"""The letters drawn at random to be read: a list with ticks, the letter beside it, « J’ai lu cette lettre »."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.theme import Meaning, icon, meaning_icon
from app.ui.widgets.letter_preview import LetterPreview
from app.wording.french import count

_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class DrawnLetter:
    """One letter of the draw: person, how it is named in the list, whether somebody read it."""

    recipient_id: int
    name: str
    is_read: bool

    @override
    def __repr__(self) -> str:
        return f"DrawnLetter({self.recipient_id}, is_read={self.is_read})"


class ReadingList(QWidget):
    """A letter counts as read once it was shown here and its button pressed.

    Signals:
        shown(int): key of the person whose letter is wanted in ``preview``.
        read(int): the person's letter was read.
    """

    shown = Signal(int)
    read = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Lettres tirées au hasard")
        self.list.setTabKeyNavigation(False)
        line = self.fontMetrics().height()
        self.list.setIconSize(QSize(line, line))
        self.list.setMaximumWidth(self.fontMetrics().averageCharWidth() * 30)
        self.count_label = QLabel(self)
        self.count_label.setWordWrap(True)
        self.read_button = QPushButton("J’ai &lu cette lettre", self)
        self.next_button = QPushButton("Lire la &suivante", self)
        self.preview = LetterPreview(self)
        self.preview.setMinimumHeight(self.fontMetrics().lineSpacing() * 15)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self.count_label)
        left.addWidget(self.read_button)
        left.addWidget(self.next_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(left)
        layout.addWidget(self.preview, 1)
        self.setTabOrder(self.next_button, self.preview)
        self._letters: tuple[DrawnLetter, ...] = ()
        self.list.currentItemChanged.connect(self._show_current)
        self.read_button.clicked.connect(self._note_read)
        self.next_button.clicked.connect(self.go_to_unread)

    @property
    def current(self) -> int:
        """Key of the person whose letter is shown, 0 without any."""
        row = self.list.currentRow()
        return int(self.list.item(row).data(_KEY)) if row >= 0 else 0

    def show_letters(self, letters: Sequence[DrawnLetter]) -> None:
        """Replace the list; stay on the same letter when it is still there."""
        former = self.current
        self._letters = tuple(letters)
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.list.clear()
        for letter in letters:
            item = QListWidgetItem(letter.name)
            item.setData(_KEY, letter.recipient_id)
            self._dress(item, is_read=letter.is_read)
            self.list.addItem(item)
        keys = [letter.recipient_id for letter in letters]
        if keys:
            self.list.setCurrentRow(keys.index(former) if former in keys else 0)
        self.list.blockSignals(False)  # noqa: FBT003 - Qt's signature
        done = sum(letter.is_read for letter in letters)
        self.count_label.setText(f"{count(done, 'lettre lue', 'lettres lues')} sur {len(letters)}")
        self._show_current()

    def go_to_unread(self) -> None:
        """Show the first letter nobody read yet."""
        for row, letter in enumerate(self._letters):
            if not letter.is_read:
                self.list.setCurrentRow(row)
                self._show_current()
                return

    def _dress(self, item: QListWidgetItem, *, is_read: bool) -> None:
        item.setIcon(
            meaning_icon(Meaning.DONE, self.palette())
            if is_read
            else icon("nothing", self.palette())
        )
        spoken = "lue" if is_read else "à lire"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {spoken}")
        item.setToolTip("Lue" if is_read else "À lire")

    def _show_current(self) -> None:
        key = self.current
        read = {letter.recipient_id for letter in self._letters if letter.is_read}
        self.read_button.setEnabled(bool(key) and key not in read)
        self.next_button.setEnabled(len(read) < len(self._letters))
        if key:
            self.shown.emit(key)

    def _note_read(self) -> None:
        if self.current:
            self.read.emit(self.current)
