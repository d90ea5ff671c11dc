"""« Postées le … »: the day on which the printed letters went to the post office."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.date_edit import DateEdit
from app.wording.french import count


class PostingDateDialog(QuestionDialog):
    """Asks for a day, today at the latest.

    Signals:
        confirmed(object): the day (datetime.date).
    """

    confirmed = Signal(object)

    def __init__(
        self, letters: int, printed_on: date, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Quand les lettres ont-elles été postées\u202f?",
            f"{count(letters, 'lettre imprimée sera notée', 'lettres imprimées seront notées')} comme "
            f"{'postée' if letters == 1 else 'postées'}. "
            "C’est cette date qui figurera dans le dossier.",
            parent,
        )
        self._printed_on, self._today = printed_on, today
        label = QLabel("&Postées le", self)
        self.date_edit = DateEdit(self)
        self.date_edit.show_day(today)
        label.setBuddy(self.date_edit.field)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.date_edit)
        row.addStretch(1)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        self.body.addLayout(row)
        self.body.addWidget(self.fault_label)
        self.accept_button = self.add_accept("Noter la date")
        self.add_reject("Renoncer")
        self.date_edit.setFocus()

    @override
    def accept(self) -> None:
        day = self.date_edit.day
        fault = ""
        if day is None:
            fault = "Écrivez la date ainsi\u00a0: 12/01/2026."
        elif day > self._today:
            fault = "Cette date n’est pas encore passée. Notez les lettres une fois postées."
        elif day < self._printed_on:
            fault = "Les lettres ont été imprimées après cette date."
        if fault or day is None:
            self.fault_label.setText(fault)
            self.fault_label.show()
            self.fit()
            self.date_edit.setFocus()
            return
        self.confirmed.emit(day)
        super().accept()
