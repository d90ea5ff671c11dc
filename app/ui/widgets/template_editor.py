"""Editor of a letter's text: gaps as coloured chips, a menu to insert them, undo, redo, find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeySequence,
    QPalette,
    QShortcut,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.theme import Meaning, colour
from app.ui.widgets.template_text import SHOWN_TOKEN, TemplateText


@dataclass(frozen=True, slots=True)
class InsertableField:
    """One entry of « Insérer un mot »: group of the menu, French name, token of the source."""

    group: str
    label: str
    token: str


class ChipHighlighter(QSyntaxHighlighter):
    """Colours the gaps, the conditions, and the Markdown marks of one document."""

    def __init__(self, document: QTextDocument, text: TemplateText, palette: QPalette) -> None:
        super().__init__(document)
        self._text = text
        self._palette = palette

    def set_text_rules(self, text: TemplateText) -> None:
        """Use other names of gaps."""
        self._text = text
        self.rehighlight()

    def set_palette(self, palette: QPalette) -> None:
        """Follow the system's light or dark colours."""
        self._palette = palette
        self.rehighlight()

    @override
    def highlightBlock(self, text: str) -> None:
        if text.startswith("#"):
            bold = QTextCharFormat()
            bold.setFontWeight(QFont.Weight.Bold)
            self.setFormat(0, _units(text), bold)
        for match in SHOWN_TOKEN.finditer(text):
            start = _units(text[: match.start()])
            self.setFormat(start, _units(match[0]), self._chip(match[0]))

    def _chip(self, token: str) -> QTextCharFormat:
        if not self._text.is_known(token):
            ink = colour(Meaning.PROBLEM, self._palette)
        elif self._text.is_condition(token):
            ink = colour(Meaning.ATTENTION, self._palette)
        else:
            ink = colour(Meaning.INFORMATION, self._palette)
        chip = QTextCharFormat()
        chip.setForeground(ink)
        chip.setBackground(_tinted(self._palette.color(QPalette.ColorRole.Base), ink))
        chip.setFontWeight(QFont.Weight.DemiBold)
        if not self._text.is_known(token):
            chip.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            chip.setUnderlineColor(ink)
        return chip


class TemplateEditor(QWidget):
    """The text of a letter. ``source`` is what the file holds, the widget shows French names.

    Signals:
        edited: the user changed the text.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules = TemplateText({})
        self.text_edit = QPlainTextEdit(self)
        self.text_edit.setAccessibleName("Texte de la lettre")
        self.text_edit.setTabChangesFocus(True)
        self.text_edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._highlighter = ChipHighlighter(self.text_edit.document(), self._rules, self.palette())
        self.insert_button = QToolButton(self)
        self.insert_button.setText("&Insérer un mot")
        self.insert_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.insert_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.insert_button.setToolTip(
            "Ajoute au texte un mot qui sera remplacé pour chaque patient"
        )
        self.undo_button = QPushButton("Annuler la frappe", self)
        self.undo_button.setToolTip("Ctrl+Z")
        self.redo_button = QPushButton("Rétablir", self)
        self.redo_button.setToolTip("Ctrl+Y")
        self.find_edit = QLineEdit(self)
        self.find_edit.setClearButtonEnabled(True)
        self.find_edit.setPlaceholderText("Chercher dans le texte")
        self.find_edit.setAccessibleName("Chercher dans le texte")
        self.found_label = QLabel(self)
        self._build()
        self.undo_button.clicked.connect(self.text_edit.undo)
        self.redo_button.clicked.connect(self.text_edit.redo)
        document = self.text_edit.document()
        self.undo_button.setEnabled(False)
        self.redo_button.setEnabled(False)
        document.undoAvailable.connect(self.undo_button.setEnabled)
        document.redoAvailable.connect(self.redo_button.setEnabled)
        self.text_edit.textChanged.connect(self._text_changed)
        self.find_edit.returnPressed.connect(self.find_next)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._go_to_find)
        self._last_shown = ""

    def _build(self) -> None:
        tools = QHBoxLayout()
        tools.addWidget(self.insert_button)
        tools.addWidget(self.undo_button)
        tools.addWidget(self.redo_button)
        tools.addStretch(1)
        finding = QHBoxLayout()
        finding.addWidget(self.find_edit, 1)
        finding.addWidget(self.found_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(tools)
        layout.addWidget(self.text_edit, 1)
        layout.addLayout(finding)
        self.text_edit.setMinimumHeight(self.fontMetrics().lineSpacing() * 8)

    def set_fields(self, fields: Sequence[InsertableField], labels: Mapping[str, str]) -> None:
        """The gaps this letter knows: those of the menu, and the French name of every token."""
        source = self.source()
        self._rules = TemplateText(labels)
        self._highlighter.set_text_rules(self._rules)
        self.set_source(source)
        menu = QMenu(self.insert_button)
        groups: dict[str, QMenu] = {}
        for field in fields:
            if field.group not in groups:
                groups[field.group] = menu.addMenu(field.group)
            action = groups[field.group].addAction(field.label)
            action.setData(field.token)
        menu.triggered.connect(lambda action: self.insert(str(action.data())))
        former = self.insert_button.menu()
        self.insert_button.setMenu(menu)
        if former is not None:
            former.deleteLater()

    def set_source(self, source: str) -> None:
        """Show another text; what was undone before is forgotten."""
        self._last_shown = self._rules.to_shown(source)
        if self._last_shown != self._shown():
            self.text_edit.setPlainText(self._last_shown)

    def source(self) -> str:
        """The text as the file holds it."""
        return self._rules.to_source(self._shown())

    def _shown(self) -> str:
        """What is on the screen; ``toPlainText`` would turn every no-break space into an ordinary one."""
        raw = self.text_edit.document().toRawText()
        return raw.replace("\u2029", "\n").replace("\u2028", "\n")

    def insert(self, token: str) -> None:
        """Write a gap where the cursor is, as one step of undo."""
        self.text_edit.textCursor().insertText(self._rules.to_shown(token))
        self.text_edit.setFocus()

    def show_span(self, span: tuple[int, int]) -> None:
        """Select a passage given in characters of the source, and bring it into view."""
        start, end = self._rules.shown_span(self.source(), span)
        shown = self._shown()
        cursor = self.text_edit.textCursor()
        cursor.setPosition(_units(shown[:start]))
        cursor.setPosition(_units(shown[:end]), QTextCursor.MoveMode.KeepAnchor)
        self.text_edit.setTextCursor(cursor)
        self.text_edit.ensureCursorVisible()
        self.text_edit.setFocus()

    def mark(self, spans: Sequence[tuple[tuple[int, int], Meaning]]) -> None:
        """Underline passages (characters of the source) in the colour of their meaning."""
        source, shown = self.source(), self._shown()
        selections = []
        for span, meaning in spans:
            start, end = self._rules.shown_span(source, span)
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.text_edit.document())
            cursor.setPosition(_units(shown[:start]))
            cursor.setPosition(_units(shown[:end]), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            underline = QTextCharFormat()
            underline.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            underline.setUnderlineColor(colour(meaning, self.palette()))
            selection.format = underline
            selections.append(selection)
        self.text_edit.setExtraSelections(selections)

    def find_next(self) -> None:
        """Select the next place where the searched words stand, from the top again after the last."""
        wanted = self.find_edit.text()
        if not wanted:
            self.found_label.clear()
            return
        found = self.text_edit.find(wanted)
        if not found:
            cursor = self.text_edit.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.Start)
            self.text_edit.setTextCursor(cursor)
            found = self.text_edit.find(wanted)
        self.found_label.setText("" if found else "Introuvable dans le texte")

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._highlighter.set_palette(self.palette())

    def _text_changed(self) -> None:
        shown = self._shown()
        if shown != self._last_shown:  # colouring alone also announces a change
            self._last_shown = shown
            self.edited.emit()

    def _go_to_find(self) -> None:
        self.find_edit.setFocus()
        self.find_edit.selectAll()


def _units(text: str) -> int:
    """Length as Qt counts it: UTF-16 units, two for an emoji."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def _tinted(base: QColor, ink: QColor) -> QColor:
    """The base colour with a little of the ink: a chip's background in light and dark."""
    share = 0.13
    return QColor.fromRgbF(
        base.redF() * (1 - share) + ink.redF() * share,
        base.greenF() * (1 - share) + ink.greenF() * share,
        base.blueF() * (1 - share) + ink.blueF() * share,
    )
