"""The extra facts a letter template asks for: one field each, by kind."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from app.letters.catalogue import Detail, DetailKind
from app.ui.widgets.date_edit import DateEdit

_LINES = 3


class DetailFields(QWidget):
    """Shows the fields of one template and reads them as the letters want them.

    Lists: one item per line; dates: ISO; flags: « oui » or empty (``Incident.details``).

    Signals:
        edited: the user changed a field.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._readers: dict[str, Callable[[], str]] = {}
        self._fields: dict[str, QWidget] = {}
        self._details: tuple[Detail, ...] = ()

    def show_details(self, details: Sequence[Detail], values: Mapping[str, str]) -> None:
        """Build the fields of ``details`` (only when they differ from those shown) and fill them."""
        if tuple(details) != self._details:
            self._build(details)
        for detail in details:
            self._fill(detail, values.get(detail.name, ""))

    def values(self) -> dict[str, str]:
        """Name → value of every field shown."""
        return {name: read() for name, read in self._readers.items()}

    def field(self, name: str) -> QWidget | None:
        """The widget of the field of that name, if it is shown."""
        found = self._fields.get(name)
        return found.field if isinstance(found, DateEdit) else found

    def _build(self, details: Sequence[Detail]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._readers.clear()
        self._fields.clear()
        self._details = tuple(details)
        for detail in details:
            field = self._field(detail)
            field.setToolTip(detail.help)
            self._fields[detail.name] = field
            if detail.kind == DetailKind.FLAG:
                self._form.addRow(field)
            else:
                self._form.addRow(detail.label, field)
        self.setVisible(bool(details))

    def _field(self, detail: Detail) -> QWidget:
        if detail.kind == DetailKind.FLAG:
            box = QCheckBox(detail.label, self)
            box.clicked.connect(lambda _checked: self.edited.emit())
            self._readers[detail.name] = lambda: "oui" if box.isChecked() else ""
            return box
        if detail.kind == DetailKind.DATE:
            day = DateEdit(self)
            day.edited.connect(self.edited)
            day.field.setAccessibleName(detail.label)
            self._readers[detail.name] = lambda: day.day.isoformat() if day.day else ""
            return day
        if detail.kind == DetailKind.LIST:
            text = QPlainTextEdit(self)
            text.setTabChangesFocus(True)
            text.setPlaceholderText(detail.example or "Une ligne par élément")
            text.setFixedHeight(self.fontMetrics().lineSpacing() * (_LINES + 1))
            text.textChanged.connect(self.edited)
            self._readers[detail.name] = text.toPlainText
            return text
        line = QLineEdit(self)
        line.setPlaceholderText(detail.example)
        line.textEdited.connect(lambda _text: self.edited.emit())
        self._readers[detail.name] = line.text
        return line

    def _fill(self, detail: Detail, value: str) -> None:
        field = self._fields[detail.name]
        if self._readers[detail.name]() == value:
            return
        blocked = self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        if isinstance(field, QCheckBox):
            field.setChecked(value == "oui")
        elif isinstance(field, DateEdit):
            field.show_day(_day(value))
        elif isinstance(field, QPlainTextEdit):
            field.setPlainText(value)
        elif isinstance(field, QLineEdit):
            field.setText(value)
        self.blockSignals(blocked)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
