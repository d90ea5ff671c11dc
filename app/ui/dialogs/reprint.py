"""« Réimprimer des lettres »: one by its code, from the nth, or those of damaged sheets."""

import re
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QRadioButton, QSpinBox, QVBoxLayout, QWidget
from typing_extensions import override

from app.core.errors import UserError
from app.services.print_records import PrintedFile
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.forms import LinesEdit
from app.wording import explain
from app.wording.french import count

_PAGES = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")


class Way(Enum):
    """How the letters to print once more are named."""

    CODES = auto()
    FROM = auto()
    PAGES = auto()


class ReprintDialog(QuestionDialog):
    """Which letters, and on what.

    Args:
        by_codes: keys of letters from their codes; raises LetterCodeUnknown.

    Signals:
        file_asked(tuple), printer_asked(tuple): keys of the letters, in their order.
    """

    file_asked = Signal(tuple)
    printer_asked = Signal(tuple)

    def __init__(
        self,
        printed: PrintedFile,
        by_codes: Callable[[list[str]], tuple[int, ...]],
        from_letter: Callable[[PrintedFile, int], tuple[int, ...]],
        on_pages: Callable[[PrintedFile, list[int]], tuple[int, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Réimprimer des lettres",
            f"De «\u00a0{printed.name}\u00a0», {count(len(printed.ids), 'lettre')}. Passez les feuilles abîmées "
            "au broyeur\u00a0: elles portent un nom.",
            parent,
        )
        self._printed = printed
        self._by_codes, self._from_letter, self._on_pages = by_codes, from_letter, on_pages
        self.pages_radio = QRadioButton(
            "Les lettres de ces &faces, comptées depuis la première", self
        )
        self.pages_edit = QLineEdit(self)
        self.pages_edit.setPlaceholderText("3, 8-12")
        self.pages_edit.setAccessibleName("Faces abîmées")
        self.from_radio = QRadioButton("Tout, à &partir de la lettre n°", self)
        self.from_box = QSpinBox(self)
        self.from_box.setRange(1, len(printed.ids))
        self.from_box.setGroupSeparatorShown(True)
        self.from_box.setAccessibleName("Première lettre à réimprimer")
        self.codes_radio = QRadioButton("Les lettres de ces &codes, en bas de chaque feuille", self)
        self.codes_edit = LinesEdit("7K3M-9QXA-P", 3, self)
        self.codes_edit.setAccessibleName("Codes des lettres, un par ligne")
        self.codes_radio.setChecked(True)
        column = QVBoxLayout()
        self._fields: dict[Way, tuple[QRadioButton, QWidget]] = {
            Way.CODES: (self.codes_radio, self.codes_edit),
            Way.FROM: (self.from_radio, self.from_box),
            Way.PAGES: (self.pages_radio, self.pages_edit),
        }
        for radio, edit in self._fields.values():
            column.addWidget(radio)
            column.addWidget(edit)
            radio.toggled.connect(self._adapt)
        self.body.addLayout(column)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        self.body.addWidget(self.fault_label)
        self.file_button = self.add_other("Écrire le P&DF…")
        self.file_button.setDefault(True)
        self.printer_button = self.add_other("&Imprimer maintenant…")
        self.add_reject("Renoncer")
        self.file_button.clicked.connect(lambda: self._ask(self.file_asked.emit))
        self.printer_button.clicked.connect(lambda: self._ask(self.printer_asked.emit))
        self._adapt()
        self.codes_edit.setFocus()

    @property
    def way(self) -> Way:
        """Which of the three is chosen."""
        return next(way for way, (radio, _) in self._fields.items() if radio.isChecked())

    def _adapt(self) -> None:
        for way, (_, edit) in self._fields.items():
            edit.setEnabled(way is self.way)

    def _keys(self) -> tuple[int, ...]:
        match self.way:
            case Way.PAGES:
                return self._on_pages(self._printed, self._pages())
            case Way.FROM:
                return self._from_letter(self._printed, self.from_box.value())
            case Way.CODES:
                return self._by_codes(list(self.codes_edit.lines()))

    def _pages(self) -> list[int]:
        last = self._printed.first_pages[-1] + self._printed.pages[-1] + 1
        return page_numbers(self.pages_edit.text(), last)

    def _ask(self, tell: Callable[[tuple[int, ...]], object]) -> None:
        try:
            keys = self._keys()
            fault = "" if keys else "Écrivez au moins un code."
        except UserError as error:
            keys, fault = (), explain(error).one_line()
            if self.way is Way.PAGES:
                fault = "Aucune lettre n’a ces pages. Écrivez leurs numéros ainsi\u00a0: 3, 8-12."
        if fault:
            self.fault_label.setText(fault)
            self.fault_label.show()
            self.fit()
            self._fields[self.way][1].setFocus()
            return
        super().accept()
        tell(keys)

    @override
    def accept(self) -> None:
        self._ask(self.file_asked.emit)


def page_numbers(text: str, most: int) -> list[int]:
    """« 3, 8-12 » → 3, 8, 9, 10, 11, 12, none above ``most``; empty when it cannot be read."""
    numbers: list[int] = []
    for part in text.replace(" ", "").replace("\u00a0", "").split(","):
        match = _PAGES.fullmatch(part)
        if match is None:
            return []
        numbers += range(int(match[1]), min(int(match[2] or match[1]), most) + 1)
    return numbers
