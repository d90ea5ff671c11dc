"""« Imprimer ce PDF »: which of its letters go to the printer now."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QSpinBox, QWidget
from typing_extensions import override

from app.services.direct_printing import Part
from app.services.print_records import PrintedFile
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.forms import labelled
from app.wording.french import count


class PrintRangeDialog(QuestionDialog):
    """Two numbers, all the letters at first: a full tray or a jam rarely comes at the end.

    Signals:
        asked(Part): print these letters.
    """

    asked = Signal(object)

    def __init__(self, printed: PrintedFile, parent: QWidget | None = None) -> None:
        letters = len(printed.ids)
        super().__init__(
            "Imprimer ce PDF",
            f"«\u00a0{printed.name}\u00a0» a {count(letters, 'lettre')}. Il est relu avant d’être imprimé\u00a0: "
            "s’il a changé depuis son contrôle, rien ne sort.",
            parent,
        )
        self.first_box, self.last_box = QSpinBox(self), QSpinBox(self)
        form = QFormLayout()
        for words, box, place in (
            ("&De la lettre", self.first_box, 1),
            ("À &la lettre", self.last_box, letters),
        ):
            box.setRange(1, letters)
            box.setGroupSeparatorShown(True)
            box.setValue(place)
            labelled(form, words, box)
        self.body.addLayout(form)
        self.fault_label = QLabel("La première lettre vient après la dernière.", self)
        self.fault_label.hide()
        self.body.addWidget(self.fault_label)
        self.print_button = self.add_accept("&Imprimer…")
        self.add_reject("Renoncer")
        self.first_box.setFocus()

    @override
    def accept(self) -> None:
        part = Part(self.first_box.value(), self.last_box.value())
        if part.first > part.last:
            self.fault_label.show()
            self.fit()
            self.first_box.setFocus()
            return
        super().accept()
        self.asked.emit(part)
