"""What « Vérifier la connexion » found, one line for each layer."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget
from typing_extensions import override

from app.services.accounts import LAYERS, CheckedLayer
from app.ui.theme import Meaning, icon, meaning_icon
from app.wording import explain
from app.wording.account import LAYERS as GOOD
from app.wording.account import QUESTIONS


class LayersView(QWidget):
    """Hidden until the first check; a sign, and words that say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checked: tuple[CheckedLayer, ...] = ()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        self._signs, self._words = [], []
        for number in range(len(LAYERS)):
            sign, words = QLabel(self), QLabel(self)
            words.setWordWrap(True)
            grid.addWidget(sign, number, 0)
            grid.addWidget(words, number, 1)
            self._signs.append(sign)
            self._words.append(words)
        self.hide()

    @property
    def lines(self) -> list[str]:
        """The sentences shown."""
        return [] if self.isHidden() else [words.text() for words in self._words]

    def show_layers(self, checked: Sequence[CheckedLayer]) -> None:
        """Show the result; layers after the first that failed were not tried."""
        self._checked = tuple(checked)
        for number, name in enumerate(LAYERS):
            if number >= len(checked):
                said = "pas encore essayé"
            elif (error := checked[number].error) is not None:
                said = explain(error).what
            else:
                said = GOOD[name]
            self._words[number].setText(f"{QUESTIONS[name]}\u00a0: {said}")
        self._dress()
        self.show()

    def forget(self) -> None:
        """The account changed: the result speaks of another one."""
        self._checked = ()
        self.hide()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        size = self.fontMetrics().height()
        for number, sign in enumerate(self._signs):
            if number >= len(self._checked):
                drawn = icon("not_yet", self.palette())
            else:
                is_good = self._checked[number].is_good
                drawn = meaning_icon(Meaning.DONE if is_good else Meaning.PROBLEM, self.palette())
            sign.setPixmap(drawn.pixmap(size, size))
