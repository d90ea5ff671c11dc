"""Help of a page (F1), and « À propos »."""

from PySide6.QtWidgets import QLabel, QWidget

from app import APPLICATION_NAME, __version__
from app.ui.dialogs.question import QuestionDialog


class HelpDialog(QuestionDialog):
    """A few paragraphs about the page in front."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(title, "", parent)
        for paragraph in text.split("\n\n"):
            label = QLabel(paragraph, self)
            label.setWordWrap(True)
            self.body.addWidget(label)
        self.make_scrollable()
        self.add_reject("Fermer l’aide", default=True)


class AboutDialog(QuestionDialog):
    """Name, version, what it does with data, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            f"{APPLICATION_NAME}, version {__version__}",
            "Lettres d’information aux patients après une violation de données "
            "(RGPD, article 34).\n\n"
            "Les données restent sur cet ordinateur, chiffrées. Le logiciel ne communique qu’avec le "
            "serveur de messagerie que vous indiquez.\n\n"
            "Logiciel libre, licence Apache 2.0.",
            parent,
        )
        self.add_reject("Fermer", default=True)
