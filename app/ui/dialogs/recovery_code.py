"""The recovery code of a campaign: shown once when it is made, asked when the keyring has no key."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app import paths
from app.core.errors import UserError
from app.services.recovery_sheet import write_sheet
from app.ui.desk import Desk
from app.ui.dialogs.question import QuestionDialog
from app.ui.system_open import open_path
from app.wording import explain


class ShowRecoveryCode(QuestionDialog):
    """Shows the code, to be printed or copied by hand, before the campaign is used.

    Args:
        code: shown and written to the sheet the user asks for, kept nowhere.
        practice_name: printed on the sheet.
    """

    def __init__(
        self,
        campaign_name: str,
        code: str,
        desk: Desk,
        *,
        practice_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        when = (
            "Il servira si vous changez d’ordinateur ou si le trousseau de celui-ci est perdu."
            if desk.has_keyring
            else "Cet ordinateur ne propose pas de trousseau\u202f: "
            "le code sera demandé à chaque ouverture de cet envoi."
        )
        super().__init__(
            "Gardez le code de récupération",
            f"La liste des patients de «\u00a0{campaign_name}\u00a0» est chiffrée. Sans ce code, personne, "
            f"pas même nous, ne pourrait la relire. {when} "
            "Imprimez la fiche, ou recopiez le code, et rangez-le avec les papiers du cabinet.",
            parent,
        )
        self._name, self._code, self._desk, self._practice = (
            campaign_name,
            code,
            desk,
            practice_name,
        )
        self._sheet: Path | None = None
        self.code_label = QLabel(code, self)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() * 1.4)
        self.code_label.setFont(font)
        self.code_label.setWordWrap(True)
        self.code_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code_label.setAccessibleName(f"Code de récupération\u00a0: {code}")
        self.sheet_label = QLabel(self)
        self.sheet_label.setWordWrap(True)
        self.sheet_button = QPushButton("&Enregistrer la fiche à imprimer…", self)
        self.copy_button = QPushButton("&Copier le code", self)
        self.open_button = QPushButton("&Ouvrir la fiche", self)
        self.delete_button = QPushButton("&Supprimer le fichier de la fiche", self)
        self.body.addWidget(self.code_label)
        self.body.addLayout(_row(self.sheet_button, self.copy_button))
        self.body.addWidget(self.sheet_label)
        self.body.addLayout(_row(self.open_button, self.delete_button))
        self.done_button = self.add_accept("Le code est en &lieu sûr")
        self.sheet_button.clicked.connect(self._ask_place)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(code))
        self.open_button.clicked.connect(self._open_sheet)
        self.delete_button.clicked.connect(self._delete_sheet)
        self._say("")

    def _ask_place(self) -> None:
        self._desk.files.save_file(
            self,
            "Où enregistrer la fiche de récupération\u202f?",
            paths.documents_dir() / f"Fiche de récupération {self._name}.pdf",
            self.save_sheet,
        )

    def save_sheet(self, path: Path) -> None:
        """Write the sheet for the safe."""
        try:
            write_sheet(path, self._name, self._practice, self._code, self._desk.clock.now())
        except UserError as error:
            self._say(explain(error).one_line())
            return
        self._sheet = path
        self._say(
            f"La fiche est dans «\u00a0{path.name}\u00a0». Imprimez-la, puis supprimez le fichier\u00a0: "
            "il contient le code."
        )

    def _open_sheet(self) -> None:
        if self._sheet is not None:
            open_path(str(self._sheet))

    def _delete_sheet(self) -> None:
        if self._sheet is None:
            return
        try:
            self._sheet.unlink(missing_ok=True)
        except OSError:
            self._say("Ce fichier est ouvert dans un autre programme. Fermez-le, puis recommencez.")
            return
        self._sheet = None
        self._say(
            "Le fichier de la fiche est supprimé. Videz aussi la corbeille si vous l’y avez mis."
        )

    def _say(self, words: str) -> None:
        self.sheet_label.setText(words)
        self.sheet_label.setVisible(bool(words))
        for button in (self.open_button, self.delete_button):
            button.setVisible(self._sheet is not None)
        self.fit()


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        button.setAutoDefault(False)
        row.addWidget(button)
    row.addStretch(1)
    return row


class AskRecoveryCode(QuestionDialog):
    """Asks for the code (or the passphrase) of a campaign whose key is not in this computer's keyring.

    Signals:
        code_given(str): the text typed, as typed.
    """

    code_given = Signal(str)

    def __init__(
        self,
        campaign_name: str,
        fault: str = "",
        parent: QWidget | None = None,
        *,
        or_passphrase: bool = False,
    ) -> None:
        what = (
            "Saisissez la phrase secrète choisie à la création de l’envoi, ou le code de la fiche de récupération."
            if or_passphrase
            else "Saisissez le code de la fiche de récupération. Majuscules et tirets sont facultatifs."
        )
        super().__init__(
            "Ouvrir avec le code de récupération",
            f"La clé de «\u00a0{campaign_name}\u00a0» n’est pas dans le trousseau de cet ordinateur. {what}",
            parent,
        )
        label = QLabel(
            "&Phrase secrète ou code" if or_passphrase else "&Code de récupération", self
        )
        self.code_edit = QLineEdit(self)
        label.setBuddy(self.code_edit)
        self.fault_label = QLabel(fault, self)
        self.fault_label.setWordWrap(True)
        self.fault_label.setVisible(bool(fault))
        self.body.addWidget(label)
        self.body.addWidget(self.code_edit)
        self.body.addWidget(self.fault_label)
        self.add_accept("Ouvrir l’envoi")
        self.add_reject("Renoncer")
        self.code_edit.setFocus()
        self.accepted.connect(lambda: self.code_given.emit(self.code_edit.text()))
