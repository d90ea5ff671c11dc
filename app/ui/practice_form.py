"""The fields of ``Practice``: who writes, where, who answers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.mail_account import is_whole_address
from app.core.phones import clean_phone
from app.core.practice import Practice, PracticeKind, Signatory
from app.ui.widgets.field_remark import FieldRemark
from app.ui.widgets.forms import LinesEdit, boxed, labelled, small_form
from app.ui.widgets.two_columns import TwoColumns

_POSTCODE = 5  # digits
#: of an establishment: « 36 31 », « 1034 »
_SHORT_NUMBER = re.compile(r"[13]\d ?\d\d")
KINDS = {
    PracticeKind.PRACTICE: "Cabinet",
    PracticeKind.MULTI_PROFESSIONAL: "Maison de santé",
    PracticeKind.HEALTH_CENTRE: "Centre de santé",
    PracticeKind.CLINIC: "Clinique",
    PracticeKind.HOSPITAL: "Hôpital",
    PracticeKind.PLATFORM: "Autre service de soin",
}


class PracticeForm(QWidget):
    """Shows one practice and reads it back.

    Signals:
        edited: the user changed something.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(self)
        self.kind = QComboBox(self)
        for kind, label in KINDS.items():
            self.kind.addItem(label, kind)
        self.street, self.complement = QLineEdit(self), QLineEdit(self)
        self.postcode, self.city = QLineEdit(self), QLineEdit(self)
        self.phone, self.hours = QLineEdit(self), QLineEdit(self)
        self.email, self.website = QLineEdit(self), QLineEdit(self)
        self.controller, self.contact = QLineEdit(self), QLineEdit(self)
        self.postcode_remark = FieldRemark(self.postcode, self)
        self.phone_remark = FieldRemark(self.phone, self)
        self.email_remark = FieldRemark(self.email, self)
        self.signatories = LinesEdit("Dr Hélène Roux, médecin généraliste", 2, self)
        self.home_visits = QCheckBox("No&us faisons des visites à domicile", self)
        self.payment_link = QCheckBox("Nous &encaissons par un lien envoyé au patient", self)
        self._hint()
        self._lay_out()
        self._connect()

    def show_practice(self, practice: Practice) -> None:
        """Fill every field, without a signal."""
        blocker = QSignalBlocker(self)
        for field, text in self._texts(practice):
            if field.text() != text:
                field.setText(text)
        self.kind.setCurrentIndex(self.kind.findData(practice.kind))
        self.signatories.show_lines([_line_of(signatory) for signatory in practice.signatories])
        self.home_visits.setChecked(practice.makes_home_visits)
        self.payment_link.setChecked(practice.takes_payment_by_link)
        blocker.unblock()
        self._judge()

    def read(self, base: Practice) -> Practice:
        """``base`` with what the form says."""
        return replace(
            base,
            name=self.name.text().strip(),
            kind=PracticeKind(self.kind.currentData()),  # Qt gives back a plain str
            street=self.street.text().strip(),
            address_complement=self.complement.text().strip(),
            postcode=self.postcode.text().strip(),
            city=self.city.text().strip(),
            phone=self.phone.text().strip(),
            opening_hours=self.hours.text().strip(),
            email=self.email.text().strip(),
            website=self.website.text().strip(),
            controller=self.controller.text().strip(),
            contact=self.contact.text().strip(),
            signatories=tuple(_signatory_of(line) for line in self.signatories.lines()),
            makes_home_visits=self.home_visits.isChecked(),
            takes_payment_by_link=self.payment_link.isChecked(),
        )

    def field(self, name: str) -> QWidget | None:
        """The widget of a field of ``Practice``."""
        return {
            "name": self.name,
            "street": self.street,
            "postcode": self.postcode,
            "city": self.city,
            "phone": self.phone,
            "opening_hours": self.hours,
            "controller": self.controller,
            "contact": self.contact,
            "signatories": self.signatories,
        }.get(name)

    def _judge(self) -> None:
        """Say what looks wrong; what was typed is kept as it is."""
        postcode, phone, email = (
            field.text().strip() for field in (self.postcode, self.phone, self.email)
        )
        self.postcode_remark.say(
            _remark(
                postcode,
                is_good=len(postcode) == _POSTCODE and postcode.isdigit(),
                sentence="un code postal a cinq chiffres.",
            )
        )
        self.phone_remark.say(
            _remark(
                phone,
                is_good=bool(clean_phone(phone).value or _SHORT_NUMBER.fullmatch(phone)),
                sentence="ce numéro n’a pas la forme d’un téléphone. Les patients l’appelleront.",
            )
        )
        self.email_remark.say(
            _remark(
                email, is_good=is_whole_address(email), sentence="cette adresse n’est pas complète."
            )
        )

    def _texts(self, practice: Practice) -> Sequence[tuple[QLineEdit, str]]:
        return (
            (self.name, practice.name),
            (self.street, practice.street),
            (self.complement, practice.address_complement),
            (self.postcode, practice.postcode),
            (self.city, practice.city),
            (self.phone, practice.phone),
            (self.hours, practice.opening_hours),
            (self.email, practice.email),
            (self.website, practice.website),
            (self.controller, practice.controller),
            (self.contact, practice.contact),
        )

    def _hint(self) -> None:
        self.name.setPlaceholderText("Cabinet du Dr Roux")
        self.hours.setPlaceholderText("du lundi au vendredi, de 9 h à 12 h")
        self.controller.setPlaceholderText("Dr Hélène Roux")
        self.contact.setPlaceholderText("Mme Claire Petit, secrétariat")
        self.postcode.setMaxLength(5)
        self.postcode.setMaximumWidth(self.fontMetrics().horizontalAdvance("000000000"))
        self.postcode.setAccessibleName("Code postal")
        self.city.setAccessibleName("Ville")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        left, right = QWidget(self), QWidget(self)
        for side, boxes in (
            (left, [boxed("Qui écrit", self._identity_panel())]),
            (
                right,
                [
                    boxed("Qui répond aux patients", self._contact_panel()),
                    boxed("Selon vos habitudes", self._habits_panel()),
                ],
            ),
        ):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            for box in boxes:
                column.addWidget(box)
            column.addStretch()
        layout.addWidget(TwoColumns(left, right, parent=self))

    def _identity_panel(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        labelled(form, "&Nom affiché", self.name)
        labelled(form, "T&ype", self.kind)
        labelled(form, "A&dresse", self.street)
        labelled(form, "Co&mplément (facultatif)", self.complement)
        town = QWidget(panel)
        row = QHBoxLayout(town)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.postcode)
        row.addWidget(self.city, 1)
        labelled(form, "Code postal et &ville", town, self.postcode)
        form.addRow(self.postcode_remark)
        label = "&Signataires, un par ligne\u00a0: nom, fonction"
        labelled(form, label, self.signatories)
        labelled(form, "Responsable de trai&tement", self.controller)
        return panel

    def _contact_panel(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        labelled(form, "Personne à &contacter, ou DPO", self.contact)
        labelled(form, "Té&léphone", self.phone)
        form.addRow(self.phone_remark)
        labelled(form, "&Horaires", self.hours)
        labelled(form, "Courr&iel (facultatif)", self.email)
        form.addRow(self.email_remark)
        labelled(form, "Site &web (facultatif)", self.website)
        return panel

    def _habits_panel(self) -> QWidget:
        panel = QWidget(self)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        for box in (self.home_visits, self.payment_link):
            layout.addWidget(box)
        return panel

    def _connect(self) -> None:
        for field, _ in self._texts(Practice()):
            field.textEdited.connect(self.edited)
            field.editingFinished.connect(self._judge)
        for box in (self.home_visits, self.payment_link):
            box.clicked.connect(self.edited)
        self.signatories.textChanged.connect(self.edited)
        self.kind.activated.connect(self.edited)


def _remark(typed: str, *, is_good: bool, sentence: str) -> str:
    return "" if is_good or not typed else sentence


def _signatory_of(line: str) -> Signatory:
    name, _, role = line.partition(",")
    return Signatory(name.strip(), role.strip())


def _line_of(signatory: Signatory) -> str:
    return f"{signatory.name}, {signatory.role}" if signatory.role else signatory.name
