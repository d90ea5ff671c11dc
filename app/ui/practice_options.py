"""What goes with each e-mail: its PDF, a signature certificate; and what the sender's domain says of itself."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.core.mail_account import MailAccount
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import boxed, labelled, small_form


class OptionsForm(QWidget):
    """Options of the messages, and the advice on the domain.

    Signals:
        edited: a box was ticked.
        certificate_requested, certificate_removed, advice_requested: the buttons.
    """

    edited = Signal()
    certificate_requested = Signal()
    certificate_removed = Signal()
    advice_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attach_pdf = QCheckBox("Joindre &la lettre en PDF à chaque courriel", self)
        self.certificate_label = QLabel(self)
        self.choose_certificate_button = QPushButton("Choisir un cer&tificat…", self)
        self.remove_certificate_button = QPushButton("Ne plus signer", self)
        self.selector = QLineEdit(self)
        self.selector.setPlaceholderText("donné par l’hébergeur, par exemple «\u00a0s1\u00a0»")
        self.advice_button = QPushButton("E&xaminer le domaine…", self)
        self.advice_label = QLabel(self)
        for label in (self.certificate_label, self.advice_label):
            label.setWordWrap(True)
        self.advice_label.hide()
        for button in (
            self.choose_certificate_button,
            self.remove_certificate_button,
            self.advice_button,
        ):
            button.setAutoDefault(False)
        self._lay_out()
        self._connect()
        self.show_certificate("", is_set=False)

    def show_account(self, account: MailAccount | None) -> None:
        """Fill the fields, without a signal."""
        blocker = QSignalBlocker(self)
        self.attach_pdf.setChecked(account is not None and account.attach_pdf)
        blocker.unblock()

    def show_certificate(self, words: str, *, is_set: bool) -> None:
        """Describe the signature certificate."""
        self.certificate_label.setText(
            words or "Les courriels partent sans signature électronique."
        )
        self.remove_certificate_button.setVisible(is_set)

    def show_advice(self, lines: Sequence[str]) -> None:
        """What was found about the domain; nothing hides it."""
        self.advice_label.setText("\n".join(lines))
        self.advice_label.setVisible(bool(lines))

    def read(self, base: MailAccount) -> MailAccount:
        """``base`` with these options."""
        return replace(base, attach_pdf=self.attach_pdf.isChecked())

    def _lay_out(self) -> None:
        message = QWidget(self)
        column = QVBoxLayout(message)
        column.setContentsMargins(0, 0, 0, 0)
        note = QLabel(
            "Le texte du courriel suffit\u202f; le PDF aide ceux qui l’impriment. Il alourdit l’envoi.",
            message,
        )
        note.setWordWrap(True)
        buttons = QWidget(message)
        buttons.setLayout(flow(self.choose_certificate_button, self.remove_certificate_button))
        for part in (self.attach_pdf, note, self.certificate_label, buttons):
            column.addWidget(part)
        domain = QWidget(self)
        form = small_form(domain)
        labelled(form, "&Sélecteur DKIM (facultatif)", self.selector)
        button = QWidget(domain)
        button.setLayout(flow(self.advice_button))
        form.addRow(button)
        form.addRow(self.advice_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(boxed("Chaque courriel", message))
        layout.addWidget(boxed("Nom de domaine de l’expéditeur", domain))
        layout.addStretch()

    def _connect(self) -> None:
        self.attach_pdf.clicked.connect(self.edited)
        self.choose_certificate_button.clicked.connect(self.certificate_requested)
        self.remove_certificate_button.clicked.connect(self.certificate_removed)
        self.advice_button.clicked.connect(self.advice_requested)
