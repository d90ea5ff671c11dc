"""Remarks on the letters, by kind; under each kind, the letters that raise it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget
from typing_extensions import override

from app.core.issue import Issue, Level
from app.core.letter_warnings import LetterWarning
from app.services.letter_warnings import of_row
from app.ui.theme import Meaning, meaning_icon
from app.wording import describe
from app.wording.french import count
from app.wording.labels import LEVEL
from app.wording.list_places import row_number

_LETTERS_SHOWN = 200
_KIND, _ROW, _MEANS = (Qt.ItemDataRole.UserRole + offset for offset in range(3))
_MEANING = {
    Level.BLOCKING: Meaning.PROBLEM,
    Level.CHECK: Meaning.ATTENTION,
    Level.INFO: Meaning.INFORMATION,
}


@dataclass(frozen=True, slots=True)
class RemarkKind:
    """One line of the tree: a remark, in how many letters, and who answered for it."""

    issue: Issue
    rows: tuple[int, ...] = ()
    #: letters that raise it; more than ``rows`` when not all rows are known
    letters: int = 0
    #: what may still be accepted; None for errors, information, and what is accepted already
    warning: LetterWarning | None = None
    #: « Accepté par Mme Petit : vérifié au cabinet »
    accepted: str = ""


class RemarkTree(QTreeWidget):
    """Kinds of remarks that open on their letters; several lines may be selected.

    Signals:
        letter_asked(object, int): show the letter of this row where it raises this Issue.
    """

    letter_asked = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setAccessibleName("Remarques sur les lettres")
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setUniformRowHeights(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line = self.fontMetrics().height()
        self.setIconSize(QSize(line, line))
        self.itemActivated.connect(self._ask)
        self.itemClicked.connect(self._ask_for_a_letter)

    def show_kinds(self, kinds: Sequence[RemarkKind]) -> None:
        """Replace everything."""
        self.clear()
        for kind in kinds:
            self.addTopLevelItem(self._item(kind))

    def chosen_warnings(self) -> list[LetterWarning]:
        """Warnings under the selection: whole kinds, or single letters of them."""
        whole: dict[str, LetterWarning] = {}
        single: list[LetterWarning] = []
        for item in self.selectedItems():
            kind: RemarkKind = item.data(0, _KIND)
            if kind.warning is None:
                continue
            row = item.data(0, _ROW)
            if row is None:
                whole[kind.warning.key] = kind.warning
            else:
                single.append(of_row(kind.warning, row))
        return [*whole.values(), *(each for each in single if each.key not in whole)]

    def current_remark(self) -> tuple[Issue, int | None] | None:
        """Remark and row under the focus; row None when the remark is about no letter."""
        item = self.currentItem()
        if item is None:
            return None
        kind: RemarkKind = item.data(0, _KIND)
        row = item.data(0, _ROW)
        if row is None and kind.rows:
            row = kind.rows[0]
        return kind.issue, row

    def _item(self, kind: RemarkKind) -> QTreeWidgetItem:
        text = describe(kind.issue)
        meaning = Meaning.DONE if kind.accepted else _MEANING[kind.issue.level]
        how_many = f" ({count(kind.letters, 'lettre')})" if kind.letters else ""
        label = "Accepté" if kind.accepted else LEVEL[kind.issue.level]
        words = f"{label}\u00a0: {text.what}{how_many}"
        if kind.accepted:
            words += f" {kind.accepted}"
        item = QTreeWidgetItem([words])
        item.setToolTip(
            0, "\n".join(part for part in (text.what, text.why, text.what_to_do) if part)
        )
        item.setData(0, _KIND, kind)
        item.setData(0, _MEANS, meaning)
        item.setIcon(0, meaning_icon(meaning, self.palette()))
        for row in kind.rows[:_LETTERS_SHOWN]:
            child = QTreeWidgetItem([f"Ligne {row_number(row)}"])
            child.setData(0, _KIND, kind)
            child.setData(0, _ROW, row)
            item.addChild(child)
        left = kind.letters - min(len(kind.rows), _LETTERS_SHOWN)
        if kind.rows and left > 0:
            more = QTreeWidgetItem([f"et {count(left, 'autre lettre', 'autres lettres')}"])
            more.setFlags(Qt.ItemFlag.ItemIsEnabled)
            more.setData(0, _KIND, kind)
            item.addChild(more)
        return item

    def _ask(self, item: QTreeWidgetItem) -> None:
        kind: RemarkKind = item.data(0, _KIND)
        row = item.data(0, _ROW)
        if row is None and kind.rows:
            row = kind.rows[0]
        if row is not None:
            self.letter_asked.emit(kind.issue, row)

    def _ask_for_a_letter(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _ROW) is not None and len(self.selectedItems()) == 1:
            self._ask(item)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for place in range(self.topLevelItemCount()):
                item = self.topLevelItem(place)
                if item is not None:
                    item.setIcon(0, meaning_icon(Meaning(item.data(0, _MEANS)), self.palette()))
