"""« Le logiciel a rencontré un problème »: for our own defects, with a description free of patients."""

import platform

import PySide6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from app import APPLICATION_NAME, __version__
from app.logs import without_values
from app.ui.dialogs.question import QuestionDialog


def describe_defect(error: BaseException) -> str:
    """Version, system, and where in the code; never the message of the error, which may quote a cell."""
    return "\n".join(
        [
            f"{APPLICATION_NAME} {__version__}",
            f"Python {platform.python_version()}, PySide6 {PySide6.__version__}",
            platform.platform(),
            without_values(error),
        ]
    )


class ProblemDialog(QuestionDialog):
    """Says that nothing is lost, and offers the description to copy."""

    def __init__(self, description: str, parent: QWidget | None = None) -> None:
        super().__init__(
            "Le logiciel a rencontré un problème",
            "Votre travail est enregistré à mesure et rien ne part sans être noté d’abord. "
            "Vous pouvez envoyer la description suivante au support\u00a0; "
            "elle ne contient aucun patient.",
            parent,
        )
        self.description = QPlainTextEdit(description, self)
        self.description.setReadOnly(True)
        self.description.setTabChangesFocus(True)
        self.description.setAccessibleName("Description du problème")
        self.description.hide()
        self.details_button = QPushButton("Voir la description", self)
        self.details_button.setCheckable(True)
        self.details_button.setAutoDefault(False)
        self.details_button.toggled.connect(self.description.setVisible)
        self.body.addWidget(self.details_button)
        self.body.addWidget(self.description, 1)
        copy_button = self.add_other("Copier la description")
        copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(description))
        self.add_reject("Fermer", default=True)
