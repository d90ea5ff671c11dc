"""The file as understood, before anything is written: facts, columns to correct, « Importer »."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.core.columns import MappedColumn
from app.core.errors import UserError
from app.core.errors.files import ColumnRefused
from app.core.headers import Field
from app.letters.catalogue import load as load_catalogue
from app.services.importing import ReadOptions, Understanding, check_mapping
from app.ui.dialogs.import_reason import ReasonDialog
from app.ui.models.columns import ColumnsModel, TargetDelegate
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import labelled, small_form
from app.wording.french import count

_EXAMPLES = 3
_LONGEST_EXAMPLE = 60
#: code pages French lists come in; labels as one meets them (storage.md B)
_ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows (Europe de l’Ouest)",
    "mac_roman": "Macintosh",
    "cp850": "MS-DOS",
    "utf-16": "UTF-16",
    "iso8859-15": "ISO 8859-15 (Unix)",
}


class ColumnsPanel(QWidget):
    """Shows an ``Understanding`` and gives it back corrected.

    Signals:
        import_requested: « Importer … »; read ``understanding``.
        other_file_requested: « Choisir un autre fichier… ».
        reread_requested(ReadOptions): another sheet or other accents: the file must be read again.
        replace_requested: the same, in place of the present list.
        given_up: nothing is imported.
        refused(UserError): the columns cannot give a letter.
    """

    import_requested = Signal()
    other_file_requested = Signal()
    reread_requested = Signal(object)
    replace_requested = Signal()
    given_up = Signal()
    refused = Signal(Exception)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._understanding: Understanding | None = None
        self._rows = 0
        self._adds = False
        self.facts = QLabel(self)
        self.facts.setWordWrap(True)
        self.import_button = QPushButton("&Importer", self)
        self.import_button.setDefault(True)
        self.replace_button = QPushButton("&Remplacer la liste", self)
        self.give_up_button = QPushButton("Re&noncer à ce fichier", self)
        self.other_button = QPushButton("Choisir un a&utre fichier…", self)
        self.sheet, self.encoding = QComboBox(self), QComboBox(self)
        for box in (self.sheet, self.encoding):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(18)
        self.header_row = QSpinBox(self)
        self.header_row.setRange(0, 60)
        self.header_row.setMaximumWidth(self.fontMetrics().averageCharWidth() * 16)
        self.header_row.setSpecialValueText("aucune")
        self.accents = QLabel(self)
        self.accents.setWordWrap(True)
        self.last_name_first = QCheckBox(
            "Dans la colonne des noms, le nom vient avant le &prénom", self
        )
        catalogue = load_catalogue()
        labels = {key: facts.label for key, facts in catalogue.knowledge.categories.items()}
        self.table = QTableView(self)
        self._model = ColumnsModel(labels, self.table)
        self.table.setModel(self._model)
        self.table.setItemDelegate(TargetDelegate(self.table))
        self._lay_out()
        self._connect()

    @property
    def understanding(self) -> Understanding | None:
        """The file with the columns as corrected so far."""
        return self._understanding

    def show_understanding(self, understanding: Understanding, rows: int | None = None) -> None:
        """Show a file just read (``rows``: lines with something in them), or corrected."""
        self._understanding = understanding
        self._rows = self._rows if rows is None else rows
        rows = self._rows
        facts = understanding.table.facts
        place = f", feuille «\u00a0{facts.sheet}\u00a0»" if facts.sheet else ""
        self.facts.setText(f"{facts.name}{place}\u00a0: {count(rows, 'ligne')}.")
        self._word_button()
        blockers = [QSignalBlocker(box) for box in (self.sheet, self.encoding, self.header_row)]
        self.sheet.clear()
        for sheet in facts.sheets:
            hidden = " (masquée)" if sheet.hidden else ""
            self.sheet.addItem(f"{sheet.name}{hidden}", sheet.name)
        self.sheet.setCurrentIndex(self.sheet.findData(facts.sheet))
        self.encoding.clear()
        known = {**_ENCODINGS}
        if facts.encoding == "utf-8-sig":  # the same, with a mark at its beginning
            known = {"utf-8-sig": "UTF-8", **{k: v for k, v in known.items() if k != "utf-8"}}
        elif facts.encoding:
            known.setdefault(facts.encoding, facts.encoding)
        for name, label in known.items():
            self.encoding.addItem(label, name)
        self.encoding.setCurrentIndex(self.encoding.findData(facts.encoding))
        self.header_row.setValue(understanding.table.header_row)
        blockers.clear()
        self._form.setRowVisible(self.sheet, len(facts.sheets) > 1)
        self._form.setRowVisible(self.encoding, bool(facts.encoding))
        words = ", ".join(facts.accents)
        self.accents.setText(f"Ces mots sont-ils lisibles\u202f? {words}")
        self._form.setRowVisible(self.accents, bool(words) and not facts.encoding_is_sure)
        self.last_name_first.setChecked(understanding.mapping.last_name_first)
        has_full_name = understanding.mapping.column(Field.FULL_NAME) is not None
        self.last_name_first.setVisible(has_full_name)
        self._show_columns()

    def offer(self, *, adds: bool, replaces: bool) -> None:
        """``adds``: a list is there already; ``replaces``: it may still be replaced."""
        self._adds = adds
        self.replace_button.setVisible(replaces)
        self._word_button()

    def _word_button(self) -> None:
        verb = "&Compléter la liste avec" if self._adds else "&Importer"
        self.import_button.setText(f"{verb} {count(self._rows, 'ligne')}")

    def _lay_out(self) -> None:
        self.table.setAccessibleName("Colonnes du fichier")
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() * 2)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.change_button = QPushButton("C&hanger cette colonne…", self)
        options = QWidget(self)
        self._form = small_form(options)
        labelled(self._form, "&Feuille", self.sheet)
        labelled(self._form, "Accen&ts du fichier", self.encoding)
        self._form.addRow(self.accents)
        labelled(self._form, "&Ligne des titres", self.header_row)
        top = QHBoxLayout()
        top.addWidget(self.facts, 1)
        top.addWidget(self.other_button)
        below = flow(
            self.change_button, self.give_up_button, self.replace_button, self.import_button
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(options)
        layout.addWidget(self.last_name_first)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self.import_button.clicked.connect(lambda: self._demand(self.import_requested))
        self.replace_button.clicked.connect(lambda: self._demand(self.replace_requested))
        self.give_up_button.clicked.connect(self.given_up)
        self.other_button.clicked.connect(self.other_file_requested)
        self.change_button.clicked.connect(self._edit_current)
        self.sheet.activated.connect(self._take_sheet)
        self.encoding.activated.connect(self._take_encoding)
        self.header_row.editingFinished.connect(self._take_header_row)
        self.last_name_first.clicked.connect(self._take_name_order)
        self._model.target_chosen.connect(self._assign)

    def _show_columns(self) -> None:
        understanding = self._understanding
        if understanding is None:
            return
        columns = understanding.mapping.columns
        sample = understanding.table.sample()
        examples = []
        for column in columns:
            cells = (row.cells[column.index] for row in sample if column.index < len(row.cells))
            shown = list(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))[:_EXAMPLES]
            text = "" if column.refusal is not None else " · ".join(shown).replace("\n", " ")
            examples.append(text[:_LONGEST_EXAMPLE])
        self._model.show_mapping(understanding.mapping, examples)

    def _demand(self, wanted: SignalInstance) -> None:
        if self._understanding is None:
            return
        try:
            check_mapping(self._understanding)
        except UserError as error:
            self.refused.emit(error)
            self.table.setFocus()
            return
        wanted.emit()

    def _edit_current(self) -> None:
        row = max(self.table.currentIndex().row(), 0)
        target = self._model.index(row, 2)
        self.table.setCurrentIndex(target)
        self.table.edit(target)

    def _assign(self, index: int, target: Field | None, reason: str = "") -> None:
        understanding = self._understanding
        if understanding is None:
            return
        column = understanding.mapping.columns[index]
        try:
            mapping = understanding.mapping.assign(
                index, target, category=column.category, reason=reason
            )
        except ColumnRefused:
            if target is not None:
                self._ask_reason(column, target)
            return
        self.show_understanding(understanding.with_mapping(mapping))
        self.table.setCurrentIndex(self._model.index(index, 2))

    def _ask_reason(self, column: MappedColumn, target: Field) -> None:
        dialog = ReasonDialog(column, target, self)
        dialog.reason_given.connect(lambda reason: self._assign(column.index, target, reason))
        dialog.open()

    def _take_sheet(self) -> None:
        self._reread(sheet=str(self.sheet.currentData()), header_row=None)

    def _take_encoding(self) -> None:
        self._reread(encoding=str(self.encoding.currentData()))

    def _take_header_row(self) -> None:
        understanding, number = self._understanding, self.header_row.value()
        if understanding is not None and number != understanding.table.header_row:
            self.show_understanding(understanding.with_header_row(number))

    def _take_name_order(self) -> None:
        if self._understanding is not None:
            mapping = replace(
                self._understanding.mapping, last_name_first=self.last_name_first.isChecked()
            )
            self.show_understanding(self._understanding.with_mapping(mapping))

    def _reread(self, **changes: str | int | None) -> None:
        options = self._understanding.options if self._understanding is not None else ReadOptions()
        self.reread_requested.emit(replace(options, **changes))  # type: ignore[arg-type]  # the fields are named by our own table
