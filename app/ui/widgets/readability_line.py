"""How easy the letter shown is to read: a score and its words."""

from PySide6.QtWidgets import QLabel, QWidget

from app.letters.readability import readability
from app.wording.french import count
from app.wording.readability import readability_label


class ReadabilityLine(QLabel):
    """« Facile à lire (68 sur l’échelle de Kandel et Moles), 14 mots par phrase »."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setToolTip(
            "Formule de Kandel et Moles\u00a0: plus la note est haute, plus le texte est facile. "
            "80 et plus, très facile\u00a0; 65, facile\u00a0; 50, assez facile\u00a0; moins de 50, difficile."
        )

    def show_text(self, text: str) -> None:
        """Judge the body of one letter; an empty or very short text shows nothing."""
        found = readability(text)
        if found is None:
            self.clear()
            return
        words = count(round(found.words_per_sentence), "mot")
        self.setText(
            f"{readability_label(found.score)}\u00a0: note {round(found.score)}, {words} par phrase"
        )
