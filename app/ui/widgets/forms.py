"""Small ways of laying out forms, so that every label is tied to its field."""

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QAbstractButton,
    QFormLayout,
    QGroupBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)


def labelled(form: QFormLayout, label: str, field: QWidget, focus: QWidget | None = None) -> QLabel:
    """Add a row; the label's letter (&) moves the focus to ``focus``, and names it."""
    words = QLabel(label, form.parentWidget())
    named = focus if focus is not None else field
    words.setBuddy(named)
    # Qt looks for the label among the field's siblings only; a button keeps its own words
    if not isinstance(named, QAbstractButton):
        named.setAccessibleName(label.replace("&", ""))
    form.addRow(words, field)
    return words


def boxed(title: str, *contents: QWidget) -> QGroupBox:
    """Contents one under the other in a titled frame."""
    box = QGroupBox(title)
    layout = QVBoxLayout(box)
    for content in contents:
        layout.addWidget(content)
    return box


def small_form(parent: QWidget) -> QFormLayout:
    """A form without margins inside ``parent``, wrapping its labels when it is narrow."""
    form = QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


class LinesEdit(QPlainTextEdit):
    """Short texts, one per line; Tab leaves the field."""

    def __init__(self, example: str, lines: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(example)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + self.fontMetrics().height())

    def lines(self) -> tuple[str, ...]:
        """The lines that say something."""
        return tuple(line.strip() for line in self.toPlainText().splitlines() if line.strip())

    def show_lines(self, lines: Sequence[str]) -> None:
        """Replace the text, without moving the cursor when nothing changes."""
        if self.lines() != tuple(lines):
            self.setPlainText("\n".join(lines))
