"""« Relu aussi par »: the name of somebody else who read the drawn letters (domain.md §8, point 20)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.services.run_check import SecondReader
from app.wording.french import date_time


class SecondReaderLine(QWidget):
    """A field and a button, then who read.

    Signals:
        noted(str): this person read the letters too.
    """

    noted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel("Une a&utre personne a relu ces lettres\u00a0:", self)
        self.label.setWordWrap(True)
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(80)
        self.name_edit.setPlaceholderText("son nom")
        self.label.setBuddy(self.name_edit)
        self.note_button = QPushButton("&Noter sa relecture", self)
        self.state_label = QLabel(self)
        self.state_label.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.name_edit, 1)
        layout.addWidget(self.note_button)
        layout.addWidget(self.state_label, 1)
        self.note_button.clicked.connect(self._note)
        self.name_edit.returnPressed.connect(self._note)

    def show_reader(self, reader: SecondReader | None) -> None:
        """Ask for a name, or say who read."""
        for widget in (self.label, self.name_edit, self.note_button):
            widget.setVisible(reader is None)
        self.state_label.setVisible(reader is not None)
        if reader is not None:
            self.state_label.setText(f"Relu aussi par {reader.by}, {date_time(reader.at)}.")

    def _note(self) -> None:
        self.noted.emit(self.name_edit.text())
