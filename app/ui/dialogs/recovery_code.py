"""The recovery code of a campaign: shown once when it is made, asked when the keyring has no key."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from app.ui.dialogs.question import QuestionDialog


class ShowRecoveryCode(QuestionDialog):
    """Shows the code, to be copied by hand or printed, before the campaign is used."""

    def __init__(
        self, campaign_name: str, code: str, *, has_keyring: bool, parent: QWidget | None = None
    ) -> None:
        when = (
            "Il servira si vous changez d’ordinateur ou si le trousseau de celui-ci est perdu."
            if has_keyring
            else "Cet ordinateur ne propose pas de trousseau\u202f: "
            "le code sera demandé à chaque ouverture de cet envoi."
        )
        super().__init__(
            "Notez le code de secours",
            f"La liste des patients de «\u00a0{campaign_name}\u00a0» est chiffrée. Sans ce code, personne, "
            f"pas même nous, ne pourrait la relire. {when} "
            "Recopiez-le et rangez-le avec les papiers du cabinet.",
            parent,
        )
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
        self.code_label.setAccessibleName(f"Code de secours\u00a0: {code}")
        self.body.addWidget(self.code_label)
        self.add_accept("J’ai noté le code")
        copy_button = self.add_other("Copier le code")
        copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(code))


class AskRecoveryCode(QuestionDialog):
    """Asks for the code of a campaign whose key is not in this computer's keyring.

    Signals:
        code_given(str): the text typed, as typed.
    """

    code_given = Signal(str)

    def __init__(self, campaign_name: str, fault: str = "", parent: QWidget | None = None) -> None:
        super().__init__(
            "Ouvrir avec le code de secours",
            f"La clé de «\u00a0{campaign_name}\u00a0» n’est pas dans le trousseau de cet ordinateur. "
            "Saisissez le code noté à la création de l’envoi. Majuscules et tirets sont facultatifs.",
            parent,
        )
        label = QLabel("&Code de secours", self)
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
