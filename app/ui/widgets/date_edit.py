"""A date typed as one writes it in French, « 12/01/2026 », which may stay empty."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.ui.theme import Meaning, colour
from app.wording.french import date_short, read_date_short

_WIDEST = "00/00/00000000"


class DateEdit(QWidget):
    """A line of text and, under it, what is wrong with it.

    Signals:
        edited: the day (or its absence) changed by the user; only for a whole date or an empty field.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("jj/mm/aaaa")
        self.field.setMaxLength(10)
        self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance(_WIDEST) * 3 // 2)
        self._fault = QLabel(self)
        self._fault.setWordWrap(True)
        self._fault.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.field)
        layout.addWidget(self._fault)
        self.field.textEdited.connect(self._follow)
        self.field.editingFinished.connect(self._judge)
        self._day: date | None = None

    @property
    def day(self) -> date | None:
        """The date, None when the field is empty or not a date."""
        return self._day

    @property
    def fault(self) -> str:
        """What is wrong with the text, empty when nothing is."""
        return "" if self._fault.isHidden() else self._fault.text()

    def show_day(self, day: date | None) -> None:
        """Show ``day`` without a signal."""
        self._day = day
        self.field.setText("" if day is None else date_short(day))
        self._fault.hide()

    def _follow(self, text: str) -> None:
        read = read_date_short(text)
        if read is None and text.strip():
            return
        self._fault.hide()
        if read != self._day:
            self._day = read
            self.edited.emit()

    def _judge(self) -> None:
        text = self.field.text()
        if not text.strip():
            return
        read = read_date_short(text)
        if read is not None:
            self.field.setText(date_short(read))
            return
        ink = colour(Meaning.PROBLEM, self.palette())
        palette = self._fault.palette()
        palette.setColor(palette.ColorRole.WindowText, ink)
        self._fault.setPalette(palette)
        self._fault.setText("Cette date n’existe pas. Écrivez-la ainsi\u00a0: 12/01/2026.")
        self._fault.show()
        if self._day is not None:  # what is shown and what is kept never differ
            self._day = None
            self.edited.emit()
