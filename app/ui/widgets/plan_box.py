"""« Plan d’envoi »: how many letters by which road, how long, what it costs."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QGroupBox, QLabel, QWidget

from app.services.plan_summary import PlanSummary
from app.wording.french import NBSP, count, euros, number
from app.wording.labels import EXCLUSION

_ROWS = ("Par courriel", "Par courrier", "En main propre", "Sans lettre")


class PlanBox(QGroupBox):
    """Four lines, read only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Plan d’envoi", parent)
        grid = QGridLayout(self)
        self.counts: list[QLabel] = []
        self.words: list[QLabel] = []
        for row, name in enumerate(_ROWS):
            figures, words = QLabel(self), QLabel(self)
            figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            words.setWordWrap(True)
            grid.addWidget(QLabel(name, self), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(figures, row, 1)
            grid.addWidget(words, row, 2)
            self.counts.append(figures)
            self.words.append(words)
        grid.setColumnStretch(2, 1)

    def show_summary(self, summary: PlanSummary, pace: Callable[[int], str]) -> None:
        """``pace`` says how long so many e-mails take."""
        figures = (summary.email, summary.paper, summary.hand_over, summary.none)
        for label, value in zip(self.counts, figures, strict=True):
            label.setText(number(value))
        self.words[0].setText(pace(summary.email) if summary.email else "")
        self.words[1].setText(_paper_words(summary) if summary.paper else "")
        self.words[2].setText(
            "lettres à imprimer une par une, à remettre" if summary.hand_over else ""
        )
        reasons = [
            f"{EXCLUSION[reason][:1].lower()}{EXCLUSION[reason][1:]}{NBSP}: {number(how_many)}"
            for reason, how_many in summary.exclusions.items()
            if how_many
        ]
        self.words[3].setText(", ".join(reasons))

    def show_unknown(self) -> None:
        """Nothing is counted yet."""
        for label in (*self.counts, *self.words):
            label.clear()
        self.words[0].setText("Les lettres ne sont pas encore comptées.")


def _paper_words(summary: PlanSummary) -> str:
    sheets = f"environ {count(summary.sheets, 'feuille')} recto verso"
    if summary.stamps_cents is None:
        return f"{sheets}\u00a0; plus de 20\u00a0g par lettre, demandez le tarif à La Poste"
    return f"{sheets}, environ {euros(summary.stamps_cents)} de timbres (lettre verte jusqu’à 20\u00a0g)"
