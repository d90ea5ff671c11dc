"""The closing balance: every person in exactly one line, and the sum."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QGroupBox, QLabel, QWidget

from app.core.campaign import ClosingBalance, DeliveryStatus
from app.core.errors import BugError
from app.ui.models.deliveries import MEANING_OF
from app.ui.theme import meaning_icon
from app.wording.french import number

_S = DeliveryStatus
_LINES: tuple[tuple[str, tuple[DeliveryStatus, ...]], ...] = (
    ("Acceptées par le serveur", (_S.ACCEPTED,)),
    ("Postées", (_S.POSTED,)),
    ("Remises en main propre", (_S.HANDED_OVER,)),
    ("Imprimées, à poster", (_S.PRINTED,)),
    ("À envoyer ou à remettre", (_S.PENDING, _S.OPEN, _S.DOT)),
    ("Différées par le serveur", (_S.DEFERRED,)),
    ("Refusées par le serveur", (_S.REJECTED,)),
    ("Retournées par courriel", (_S.BOUNCED,)),
    ("Plis retournés", (_S.RETURNED,)),
    ("Incertaines", (_S.UNCERTAIN,)),
    ("Sans lettre, avec une raison", (_S.EXCLUDED,)),
    ("Remplacées", (_S.REPLACED,)),
)
_COLUMNS = 2


class BalanceBox(QGroupBox):
    """Lines without anybody are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Où en est chaque personne", parent)
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(2, 1)
        self._grid.setColumnStretch(5, 1)
        self.lines: list[str] = []

    def show_balance(self, balance: ClosingBalance) -> None:
        """Replace the lines; BugError when somebody is missing from the count."""
        if not balance.is_exact():
            raise BugError("the closing balance does not add up")
        self._clear()
        entries = [(name, balance.count(*statuses), statuses[0]) for name, statuses in _LINES]
        shown = [entry for entry in entries if entry[1]]
        if balance.not_planned:
            shown.append(("Pas encore prévues", balance.not_planned, _S.PENDING))
        rows = -(-len(shown) // _COLUMNS)
        for place, (name, how_many, status) in enumerate(shown):
            column, row = divmod(place, rows)
            self._add_line(row, column * 3, name, how_many, status)
        total = QLabel(
            f"Total\u00a0: {number(balance.total)} personnes, chacune comptée une fois.", self
        )
        font = total.font()
        font.setBold(True)
        total.setFont(font)
        self._grid.addWidget(total, rows, 0, 1, 6)
        self.lines.append(total.text())

    def _add_line(
        self, row: int, column: int, name: str, how_many: int, status: DeliveryStatus
    ) -> None:
        sign = QLabel(self)
        meaning = MEANING_OF.get(status)
        size = self.fontMetrics().height()
        if meaning is not None:
            sign.setPixmap(meaning_icon(meaning, self.palette()).pixmap(QSize(size, size)))
        figures = QLabel(number(how_many), self)
        figures.setAlignment(Qt.AlignmentFlag.AlignRight)
        words = QLabel(name, self)
        for offset, widget in enumerate((sign, figures, words)):
            self._grid.addWidget(widget, row, column + offset)
        self.lines.append(f"{name}\u00a0: {number(how_many)}")

    def _clear(self) -> None:
        self.lines.clear()
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
