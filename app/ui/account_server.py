"""Servers of the account: sending, private authority, reading of returned mail."""

import re

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.mail_account import MailAccount, Security
from app.ui.widgets.field_remark import FieldRemark
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import boxed, labelled, small_form

STARTTLS_PORT, TLS_PORT = 587, 465
_HOST = re.compile(r"(?=.{1,253}$)[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:]+\]")


class ServerForm(QWidget):
    """Host, port, protection, user name, private authority, IMAP.

    Signals:
        edited: a field changed.
        host_typed: the user wrote another server.
        authority_requested, authority_removed: the buttons of the private authority.
    """

    edited = Signal()
    host_typed = Signal()
    authority_requested = Signal()
    authority_removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host = QLineEdit(self)
        self.host.setPlaceholderText("smtp.hebergeur.fr")
        self.host_remark = FieldRemark(self.host, self)
        self.security = QComboBox(self)
        self.security.addItem("STARTTLS", Security.STARTTLS)
        self.security.addItem("TLS dès le début", Security.TLS)
        self.security.setToolTip("STARTTLS va avec le port 587, TLS dès le début avec le port 465.")
        self.port, self.imap_port = QSpinBox(self), QSpinBox(self)
        for box in (self.port, self.imap_port):
            box.setRange(1, 65_535)
            box.setGroupSeparatorShown(False)
        self.port.setAccessibleName("Port d’envoi")
        self.user_name = QLineEdit(self)
        self.user_name.setPlaceholderText("le plus souvent, l’adresse elle-même")
        self.authority_label = QLabel(self)
        self.authority_label.setWordWrap(True)
        self.add_authority_button = QPushButton("Ajouter &l’autorité de l’établissement…", self)
        self.remove_authority_button = QPushButton("Retirer cette autorité", self)
        self.imap_host = QLineEdit(self)
        self.imap_host.setPlaceholderText("imap.hebergeur.fr")
        self.imap_port.setAccessibleName("Port de réception")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(boxed("Serveur d’envoi", self._sending_panel()))
        layout.addWidget(boxed("Lecture des courriels retournés", self._reading_panel()))
        layout.addStretch()
        self._connect()

    def show_account(self, account: MailAccount) -> None:
        """Fill every field, without a signal."""
        blocker = QSignalBlocker(self)
        for field, text in (
            (self.host, account.host),
            (self.user_name, account.user_name if account.user_name != account.address else ""),
            (self.imap_host, account.imap_host),
        ):
            if field.text() != text:
                field.setText(text)
                field.setCursorPosition(0)  # a long name is read from its beginning
        self.security.setCurrentIndex(max(self.security.findData(account.security), 0))
        self.port.setValue(account.port)
        self.imap_port.setValue(account.imap_port)
        blocker.unblock()
        self._judge_host()

    def show_authority(self, words: str, *, is_set: bool) -> None:
        """Describe the private authority."""
        self.authority_label.setText(words)
        self.remove_authority_button.setVisible(is_set)

    def set_way(self, security: Security, port: int) -> None:
        """Take another protection and port, as if chosen by the user."""
        self.security.setCurrentIndex(self.security.findData(security))
        self.port.setValue(port)
        self.edited.emit()

    def _sending_panel(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        labelled(form, "&Serveur d’envoi", self.host)
        form.addRow(self.host_remark)
        way = QWidget(panel)
        row = QHBoxLayout(way)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.security, 1)
        row.addWidget(QLabel("port", way))
        row.addWidget(self.port)
        labelled(form, "Conne&xion chiffrée", way, self.security)
        labelled(form, "Nom d’&utilisateur (facultatif)", self.user_name)
        buttons = QWidget(panel)
        buttons.setLayout(flow(self.add_authority_button, self.remove_authority_button))
        form.addRow(self.authority_label)
        form.addRow(buttons)
        return panel

    def _reading_panel(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        way = QWidget(panel)
        row = QHBoxLayout(way)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.imap_host, 1)
        row.addWidget(QLabel("port", way))
        row.addWidget(self.imap_port)
        labelled(form, "Ser&veur IMAP (facultatif)", way, self.imap_host)
        return panel

    def _connect(self) -> None:
        for field in (self.host, self.user_name, self.imap_host):
            field.textEdited.connect(self.edited)
        self.host.textEdited.connect(self.host_typed)
        self.host.editingFinished.connect(self._judge_host)
        for box in (self.port, self.imap_port):
            box.valueChanged.connect(self.edited)
        self.security.activated.connect(self._follow_security)
        for button in (self.add_authority_button, self.remove_authority_button):
            button.setAutoDefault(False)
        self.add_authority_button.clicked.connect(self.authority_requested)
        self.remove_authority_button.clicked.connect(self.authority_removed)

    def _judge_host(self) -> None:
        host = self.host.text().strip()
        wrong = bool(host) and _HOST.fullmatch(host) is None
        self.host_remark.say(
            "un nom de serveur s’écrit sans «\u00a0https://\u00a0», sans espace et sans «\u00a0/\u00a0»."
            if wrong
            else ""
        )

    def _follow_security(self) -> None:
        is_tls = Security(self.security.currentData()) is Security.TLS
        if self.port.value() in {STARTTLS_PORT, TLS_PORT}:
            self.port.setValue(TLS_PORT if is_tls else STARTTLS_PORT)
        self.edited.emit()
