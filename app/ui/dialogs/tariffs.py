"""« Tarifs postaux »: the table of weights and prices, to check and to complete before each posting."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from app.core.tariff import Tariff, TariffStep, TariffTable
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.date_edit import DateEdit
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import labelled
from app.wording.french import decimal

_HEADERS = ("Tarif", "Jusqu’à (grammes)", "Prix (euros)")
_HEAVIEST = 30_000
_DEAREST = 10_000


class TariffsDialog(QuestionDialog):
    """One row for each product and weight; a price left empty is not estimated.

    Signals:
        confirmed(TariffTable): keep this table.
        reset_asked: go back to the bundled table.
    """

    confirmed = Signal(object)
    reset_asked = Signal()

    def __init__(self, table: TariffTable, parent: QWidget | None = None) -> None:
        super().__init__(
            "Tarifs postaux",
            "Seuls les prix jusqu’à 20 grammes sont fournis, et ils changent chaque année. Comparez-les à ceux de "
            "La Poste, puis ajoutez les autres poids\u00a0: une lettre sans prix n’est pas comptée.",
            parent,
        )
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 76)
        self._table = table
        self.since_edit = DateEdit(self)
        self.since_edit.show_day(_iso(table.since))
        self.sheet_box = _grams(table.sheet_grams, self)
        self.envelope_box = _grams(table.envelope_grams, self)
        form = QFormLayout()
        labelled(form, "Tarifs en &vigueur depuis le", self.since_edit, self.since_edit.field)
        labelled(form, "Poids d’une &feuille", self.sheet_box)
        labelled(form, "Poids d’une &enveloppe (à peser)", self.envelope_box)
        self.body.addLayout(form)
        self.grid = QTableWidget(0, len(_HEADERS), self)
        self.grid.setHorizontalHeaderLabels(list(_HEADERS))
        self.grid.setAccessibleName("Tarifs")
        self.grid.setTabKeyNavigation(False)
        self.grid.verticalHeader().hide()
        self.grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.grid.setMinimumHeight(self.fontMetrics().lineSpacing() * 10)
        for tariff in table.tariffs:
            for step in tariff.steps:
                self._add_row(tariff.name, str(step.grams), _euros(step.cents))
        self.body.addWidget(self.grid, 1)
        self.add_button = QPushButton("&Ajouter un poids", self)
        self.remove_button = QPushButton("&Retirer cette ligne", self)
        self.reset_button = QPushButton("Tarifs f&ournis", self)
        for button in (self.add_button, self.remove_button, self.reset_button):
            button.setAutoDefault(False)
        self.body.addLayout(flow(self.add_button, self.remove_button, self.reset_button))
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        self.body.addWidget(self.fault_label)
        self.keep_button = self.add_accept("Garder ces tarifs")
        self.add_reject("Renoncer")
        self.add_button.clicked.connect(self._add_after)
        self.remove_button.clicked.connect(lambda: self.grid.removeRow(self.grid.currentRow()))
        self.reset_button.clicked.connect(self._reset)
        self.grid.setFocus()

    def _add_row(self, name: str, grams: str, price: str, at: int | None = None) -> None:
        row = self.grid.rowCount() if at is None else at
        self.grid.insertRow(row)
        for column, text in enumerate((name, grams, price)):
            self.grid.setItem(row, column, QTableWidgetItem(text))

    def _add_after(self) -> None:
        """A row under the current one, for the same product."""
        row = self.grid.currentRow()
        name = self._cell(row, 0) if row >= 0 else self._table.tariffs[0].name
        at = row + 1 if row >= 0 else self.grid.rowCount()
        self._add_row(name, "", "", at)
        self.grid.setCurrentCell(at, 1)
        self.grid.edit(self.grid.model().index(at, 1))

    def _reset(self) -> None:
        super().accept()
        self.reset_asked.emit()

    def _cell(self, row: int, column: int) -> str:
        item = self.grid.item(row, column)
        return item.text().strip() if item is not None else ""

    @override
    def accept(self) -> None:
        table = self.read()
        if isinstance(table, str):
            self.fault_label.setText(table)
            self.fault_label.show()
            self.fit()
            self.grid.setFocus()
            return
        super().accept()
        self.confirmed.emit(table)

    def read(self) -> TariffTable | str:
        """The table on the screen, or what is wrong with it."""
        day = self.since_edit.day
        if day is None:
            return "Écrivez la date des tarifs ainsi\u00a0: 01/01/2026."
        steps: dict[str, list[TariffStep]] = {}
        for row in range(self.grid.rowCount()):
            name, grams_text, price_text = (self._cell(row, column) for column in range(3))
            if not (name or grams_text or price_text):
                continue
            grams, cents = _number(grams_text, _HEAVIEST), _cents(price_text)
            if not name or grams is None or cents is None:
                return f"La ligne {row + 1} n’est pas complète\u00a0: un nom, un poids, un prix (1,52)."
            if any(step.grams == grams for step in steps.get(name, [])):
                return f"Le tarif «\u00a0{name}\u00a0» a deux prix pour {grams} grammes."
            steps.setdefault(name, []).append(TariffStep(grams, cents))
        if not steps:
            return "Il faut au moins un tarif."
        ids = {tariff.name: tariff.id for tariff in self._table.tariffs}
        tariffs = tuple(
            Tariff(ids.get(name, f"tarif-{number}"), name, tuple(sorted(found, key=_weight)))
            for number, (name, found) in enumerate(steps.items(), start=1)
        )
        return replace(
            self._table,
            since=day.isoformat(),
            sheet_grams=self.sheet_box.value(),
            envelope_grams=self.envelope_box.value(),
            tariffs=tariffs,
        )


def _weight(step: TariffStep) -> int:
    return step.grams


def _grams(value: float, parent: QWidget) -> QDoubleSpinBox:
    box = QDoubleSpinBox(parent)
    box.setRange(0.1, 500)
    box.setDecimals(1)
    box.setSuffix("\u00a0g")
    box.setValue(value)
    return box


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _euros(cents: int) -> str:
    return decimal(cents / 100, 2)


def _number(text: str, most: int) -> int | None:
    compact = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    return int(compact) if compact.isdecimal() and 0 < int(compact) <= most else None


def _cents(text: str) -> int | None:
    """« 1,52 », « 1.5 » or « 2 » euros in cents."""
    compact = text.replace("€", "").replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    whole, _, part = compact.replace(".", ",").partition(",")
    if not whole.isdecimal() or len(part) > 2 or (part and not part.isdecimal()):
        return None
    cents = int(whole) * 100 + int((part + "00")[:2])
    return cents if cents <= _DEAREST else None
