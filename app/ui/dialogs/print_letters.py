"""« Imprimer les lettres »: how, and on what: a PDF, the printer, or a sheet to try the envelope."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.core.errors import UserError
from app.services.direct_printing import Part
from app.services.print_choices import MOST_LETTERS_PER_FILE, PrintChoices
from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning, colour
from app.ui.widgets.forms import labelled
from app.ui.widgets.print_form import PrintForm
from app.wording import explain
from app.wording.french import count


class PrintLettersDialog(QuestionDialog):
    """The choices, then one button for each kind of paper.

    Signals:
        file_asked(PrintChoices): write PDF files.
        printer_asked(PrintChoices, Part): print these letters now.
        trial_file_asked(PrintChoices), trial_print_asked(PrintChoices): the sheet to try the envelope.
        closed_with(PrintChoices): the choices to keep, whatever came.
    """

    file_asked = Signal(object)
    printer_asked = Signal(object, object)
    trial_file_asked = Signal(object)
    trial_print_asked = Signal(object)
    closed_with = Signal(object)

    def __init__(self, letters: int, choices: PrintChoices, parent: QWidget | None = None) -> None:
        super().__init__(
            "Imprimer les lettres",
            f"{count(letters, 'lettre attend', 'lettres attendent')}. Chacune est relue et comparée à la "
            "liste avant d’être imprimée. Imprimez à 100\u00a0%, sans ajuster à la page.",
            parent,
        )
        self.form = PrintForm(choices, self)
        self.body.addWidget(self.form)
        self.first_box, self.last_box = QSpinBox(self), QSpinBox(self)
        for box, place in ((self.first_box, 1), (self.last_box, letters)):
            box.setRange(1, max(letters, 1))
            box.setGroupSeparatorShown(True)
            box.setValue(place)
        self.last_box.setAccessibleName("Dernière lettre à imprimer")
        self.lot_box = QSpinBox(self)
        self.lot_box.setRange(1, MOST_LETTERS_PER_FILE)
        self.lot_box.setSuffix("\u00a0lettres à la fois")
        self.lot_box.setValue(choices.letters_per_job)
        between = QHBoxLayout()
        between.addWidget(self.first_box)
        between.addWidget(QLabel("à", self))
        between.addWidget(self.last_box)
        between.addStretch(1)
        range_place = QWidget(self)
        between.setContentsMargins(0, 0, 0, 0)
        range_place.setLayout(between)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        labelled(form, "Sur l’imprima&nte, lettres de", range_place, self.first_box)
        labelled(form, "Par lo&ts de", self.lot_box)
        self.body.addLayout(form)
        self.trial_button = QPushButton("Feuille d’ess&ai", self)
        self.trial_button.setAutoDefault(False)
        trial = QHBoxLayout()
        trial.addWidget(self.trial_button)
        trial.addWidget(QLabel("pour essayer l’enveloppe avant d’imprimer.", self), 1)
        self.body.addLayout(trial)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        palette = self.fault_label.palette()
        palette.setColor(
            palette.ColorRole.WindowText, colour(Meaning.PROBLEM, self.fault_label.palette())
        )
        self.fault_label.setPalette(palette)
        self.body.addWidget(self.fault_label)
        self.body.addStretch(1)
        self._add_buttons()
        self.make_scrollable()
        self.show_whole()
        self.form.reshaped.connect(self.show_whole)

    def _add_buttons(self) -> None:
        self.file_button = self.add_other("Éc&rire le PDF…")
        self.file_button.setDefault(True)
        self.printer_button = self.add_other("&Imprimer maintenant…")
        menu = QMenu(self.trial_button)
        self.trial_file_action = QAction("Écrire le PDF de la feuille d’essai…", menu)
        self.trial_print_action = QAction("Imprimer la feuille d’essai…", menu)
        menu.addActions([self.trial_file_action, self.trial_print_action])
        self.trial_button.setMenu(menu)
        self.add_reject("Fermer")
        self.file_button.clicked.connect(self._ask_file)
        self.printer_button.clicked.connect(self._ask_printer)
        self.trial_file_action.triggered.connect(
            lambda: self._ask_trial(self.trial_file_asked.emit)
        )
        self.trial_print_action.triggered.connect(
            lambda: self._ask_trial(self.trial_print_asked.emit)
        )
        self.finished.connect(lambda _code: self.closed_with.emit(self.choices))

    @property
    def choices(self) -> PrintChoices:
        """What is on the screen."""
        return replace(self.form.choices, letters_per_job=self.lot_box.value())

    def _is_right(self) -> bool:
        """False with the reason shown: a window that does not suit, letters in the wrong order."""
        fault = ""
        try:
            self.choices.options().layout()
        except UserError as error:
            fault = explain(error).one_line()
        if not fault and self.first_box.value() > self.last_box.value():
            fault = "La première lettre vient après la dernière."
        self.fault_label.setText(fault)
        self.fault_label.setVisible(bool(fault))
        if fault:
            self.fit()
        return not fault

    def _ask_file(self) -> None:
        if self._is_right():
            choices = self.choices
            self.accept()
            self.file_asked.emit(choices)

    def _ask_printer(self) -> None:
        if self._is_right():
            choices, part = self.choices, Part(self.first_box.value(), self.last_box.value())
            self.accept()
            self.printer_asked.emit(choices, part)

    def _ask_trial(self, tell: Callable[[PrintChoices], object]) -> None:
        if self._is_right():
            choices = self.choices
            self.accept()
            tell(choices)
