"""« Postées le … »: the day on which printed letters went to the post office, batch by batch."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from app.services.posting import PrintedBatch
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.date_edit import DateEdit
from app.wording.french import PARIS, count, date_time


class PostingDateDialog(QuestionDialog):
    """Asks which batches and for a day, today at the latest.

    Signals:
        confirmed(object, list): the day (datetime.date) and the batches chosen.
    """

    confirmed = Signal(object, list)

    def __init__(
        self, batches: Sequence[PrintedBatch], today: date, parent: QWidget | None = None
    ) -> None:
        letters = sum(batch.waiting for batch in batches)
        super().__init__(
            "Quand les lettres ont-elles été postées\u202f?",
            f"{count(letters, 'lettre imprimée attend', 'lettres imprimées attendent')} la poste. "
            "C’est cette date qui figurera dans le dossier.",
            parent,
        )
        self._batches, self._today = list(batches), today
        self.batch_boxes = [QCheckBox(_words(batch), self) for batch in batches]
        for box in self.batch_boxes:
            box.setChecked(True)
            # a single batch is no choice
            box.setVisible(len(self.batch_boxes) > 1)
            self.body.addWidget(box)
        label = QLabel("&Postées le", self)
        self.date_edit = DateEdit(self)
        self.date_edit.show_day(today)
        label.setBuddy(self.date_edit.field)
        self.date_edit.field.setAccessibleName("Postées le")
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.date_edit)
        row.addStretch(1)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        self.body.addLayout(row)
        self.body.addWidget(self.fault_label)
        self.body.addStretch(1)
        self.accept_button = self.add_accept("Noter la date")
        self.add_reject("Renoncer")
        if len(batches) > 4:
            self.make_scrollable()
            self.show_whole()
        self.date_edit.setFocus()

    @property
    def chosen(self) -> list[PrintedBatch]:
        """The batches ticked."""
        pairs = zip(self._batches, self.batch_boxes, strict=True)
        return [batch for batch, box in pairs if box.isChecked()]

    @override
    def accept(self) -> None:
        day, chosen = self.date_edit.day, self.chosen
        fault = ""
        if day is None:
            fault = "Écrivez la date ainsi\u00a0: 12/01/2026."
        elif not chosen:
            fault = "Cochez au moins une impression."
        elif day > self._today:
            fault = "Cette date n’est pas encore passée. Notez les lettres une fois postées."
        elif day < max(batch.printed_at.astimezone(PARIS).date() for batch in chosen):
            fault = "Des lettres ont été imprimées après cette date."
        if fault or day is None:
            self.fault_label.setText(fault)
            self.fault_label.show()
            self.fit()
            self.date_edit.setFocus()
            return
        self.confirmed.emit(day, chosen)
        super().accept()


def _words(batch: PrintedBatch) -> str:
    name = f"«\u00a0{batch.file_name}\u00a0»" if batch.file_name else "Lettres une par une"
    # an ampersand in a file name is no shortcut
    return f"{name}, {date_time(batch.printed_at)}\u00a0: {count(batch.waiting, 'lettre')}".replace(
        "&", "&&"
    )
