"""The password of a protected workbook."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.password_edit import PasswordEdit


class AskFilePassword(QuestionDialog):
    """Asks once; the password is used to read the file and kept nowhere.

    Signals:
        password_given(str): as typed.
    """

    password_given = Signal(str)

    def __init__(self, file_name: str, *, is_again: bool, parent: QWidget | None = None) -> None:
        super().__init__(
            "Fichier protégé",
            f"Ce mot de passe n’ouvre pas «\u00a0{file_name}\u00a0». Vérifiez les majuscules."
            if is_again
            else f"«\u00a0{file_name}\u00a0» est protégé par un mot de passe. Demandez-le à la personne "
            "qui vous l’a envoyé. Il ne sera pas conservé.",
            parent,
        )
        label = QLabel("&Mot de passe", self)
        self.password = PasswordEdit(self)
        label.setBuddy(self.password)
        self.body.addWidget(label)
        self.body.addWidget(self.password)
        self.add_accept("Ouvrir le fichier")
        self.add_reject("Renoncer")
        self.password.setFocus()
        self.accepted.connect(lambda: self.password_given.emit(self.password.text()))
