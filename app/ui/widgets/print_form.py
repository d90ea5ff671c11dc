"""The choices of a print, the same as those of ``avis34 imprimer``."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.paper.envelopes import Envelope
from app.services.print_choices import (
    MOST_LETTERS_PER_FILE,
    MOST_MEGABYTES,
    Output,
    PrintChoices,
)
from app.services.print_plan import PrintOrder, Separation
from app.services.single_files import NameField
from app.ui.widgets.forms import labelled
from app.ui.widgets.window_measures import WindowMeasures
from app.wording.labels_paper import ENVELOPE, NAME_FIELD, ORDER, OUTPUT, SEPARATION

_E = TypeVar("_E", bound=StrEnum)
_EVERY_ENVELOPE = "Toutes les fenêtres courantes (DL, C5/6, C5)"


class PrintForm(QWidget):
    """Shows and gives a ``PrintChoices``; fields that do not apply are hidden.

    Signals:
        reshaped: other fields are shown; the window may have to grow.
    """

    reshaped = Signal()

    def __init__(self, choices: PrintChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = choices
        self.envelope_box = QComboBox(self)
        self.envelope_box.addItem(_EVERY_ENVELOPE, "")
        for envelope in Envelope:
            self.envelope_box.addItem(ENVELOPE[envelope.value], envelope.value)
        self.measured_box = QCheckBox("J’ai &mesuré ma fenêtre", self)
        self.measures = WindowMeasures(self)
        self.order_box = _combo(PrintOrder, ORDER, self)
        self.separation_box = _combo(Separation, SEPARATION, self)
        self.output_box = _combo(Output, OUTPUT, self)
        self.letters_box = _spin(MOST_LETTERS_PER_FILE, "\u00a0lettres au plus", self)
        self.megabytes_box = _spin(MOST_MEGABYTES, "\u00a0Mo au plus", self)
        self.letters_box.setAccessibleName("Lettres par PDF")
        self.megabytes_box.setAccessibleName("Taille d’un PDF")
        self.name_boxes = {field: QCheckBox(NAME_FIELD[field.value], self) for field in NameField}
        self._names = QWidget(self)
        self.duplex_box = QCheckBox("Recto &verso\u00a0: chaque lettre commence sur un recto", self)
        self.large_box = QCheckBox("&Gros caractères (16 points)", self)
        self.sheets_box = QCheckBox("Un PDF par nombre de &feuilles (mise sous pli)", self)
        self._lay_out()
        self._show(choices)
        self.envelope_box.currentIndexChanged.connect(lambda _place: self._adapt())
        self.output_box.currentIndexChanged.connect(lambda _place: self._adapt())
        self.measured_box.toggled.connect(lambda _on: self._adapt())

    def _lay_out(self) -> None:
        names = QHBoxLayout(self._names)
        names.setContentsMargins(0, 0, 0, 0)
        for box in self.name_boxes.values():
            names.addWidget(box)
        names.addStretch(1)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        labelled(form, "&Enveloppe à fenêtre", self.envelope_box)
        form.addRow("", self.measured_box)
        form.addRow("", self.measures)
        labelled(form, "&Ordre des lettres", self.order_box)
        labelled(form, "Feuille de &séparation", self.separation_box)
        labelled(form, "Fi&chiers", self.output_box)
        form.addRow("", self.letters_box)
        form.addRow("", self.megabytes_box)
        form.addRow("Nom du fichier", self._names)
        form.addRow("", self.duplex_box)
        form.addRow("", self.large_box)
        form.addRow("", self.sheets_box)
        self._form = form

    def _show(self, choices: PrintChoices) -> None:
        chosen = choices.envelope.value if choices.envelope else ""
        self.envelope_box.setCurrentIndex(self.envelope_box.findData(chosen))
        self.measured_box.setChecked(choices.window is not None)
        if choices.window is not None:
            self.measures.show_window(choices.window)
        for box, value in (
            (self.order_box, choices.order),
            (self.separation_box, choices.separation),
            (self.output_box, choices.output),
        ):
            box.setCurrentIndex(box.findData(value.value))
        self.letters_box.setValue(choices.letters_per_file)
        self.megabytes_box.setValue(choices.megabytes)
        for field, name_box in self.name_boxes.items():
            name_box.setChecked(field in choices.name_fields)
        self.duplex_box.setChecked(choices.duplex)
        self.large_box.setChecked(choices.large_print)
        self.sheets_box.setChecked(choices.by_sheets)
        self._adapt()

    def _adapt(self) -> None:
        envelope, output = self.envelope_box.currentData(), Output(self.output_box.currentData())
        # a C4 has no usual window: it is always measured
        is_c4 = envelope == Envelope.C4.value
        self._form.setRowVisible(self.measured_box, bool(envelope) and not is_c4)
        self._form.setRowVisible(
            self.measures, bool(envelope) and (is_c4 or self.measured_box.isChecked())
        )
        self._form.setRowVisible(self.letters_box, output is Output.BATCHES)
        self._form.setRowVisible(self.megabytes_box, output is Output.LARGEST)
        self._form.setRowVisible(self._names, output is Output.PATIENTS)
        self._form.setRowVisible(self.sheets_box, output is not Output.PATIENTS)
        self._form.setRowVisible(self.separation_box, output is not Output.PATIENTS)
        self.reshaped.emit()

    @property
    def choices(self) -> PrintChoices:
        """What the user chose."""
        envelope = self.envelope_box.currentData()
        is_measured = not self.measures.isHidden()
        return PrintChoices(
            order=PrintOrder(self.order_box.currentData()),
            envelope=Envelope(envelope) if envelope else None,
            window=self.measures.window_measured if is_measured else None,
            large_print=self.large_box.isChecked(),
            duplex=self.duplex_box.isChecked(),
            separation=Separation(self.separation_box.currentData()),
            by_sheets=self.sheets_box.isChecked() and not self.sheets_box.isHidden(),
            output=Output(self.output_box.currentData()),
            letters_per_file=self.letters_box.value(),
            megabytes=self.megabytes_box.value(),
            name_fields=tuple(field for field, box in self.name_boxes.items() if box.isChecked()),
            letters_per_job=self._before.letters_per_job,
        )


def _combo(kind: type[_E], labels: Mapping[str, str], parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    for member in kind:
        box.addItem(labels[member.value], member.value)
    return box


def _spin(most: int, words: str, parent: QWidget) -> QSpinBox:
    box = QSpinBox(parent)
    box.setRange(1, most)
    box.setGroupSeparatorShown(True)
    box.setSuffix(words)
    return box
