"""Correct one patient: every field that a letter uses, with the remarks above."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget
from typing_extensions import override

from app.core.recipient import Civility, PostalAddress, Protection, Recipient
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.date_edit import DateEdit
from app.ui.widgets.forms import boxed, labelled, small_form
from app.wording.labels import CIVILITY, PROTECTION


class EditRecipientDialog(QuestionDialog):
    """Fields of one ``Recipient``.

    Signals:
        corrected(Recipient): the person with the new values; emitted only when something changed.
    """

    corrected = Signal(object)

    def __init__(
        self, recipient: Recipient, remarks: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            f"Ligne {recipient.row}\u00a0: {recipient.display_name}", "\n".join(remarks), parent
        )
        self._recipient = recipient
        where = recipient.address
        self.civility = QComboBox(self)
        for civility, label in CIVILITY.items():
            self.civility.addItem(label, civility)
        self.civility.setCurrentIndex(self.civility.findData(recipient.civility))
        self.last_name = QLineEdit(recipient.last_name, self)
        self.birth_name = QLineEdit(recipient.birth_name, self)
        self.first_name = QLineEdit(recipient.first_name, self)
        self.birth_date = DateEdit(self)
        self.birth_date.show_day(recipient.birth_date)
        self.email = QLineEdit(recipient.email, self)
        self.phone = QLineEdit(recipient.phone, self)
        self.complement = QLineEdit(where.complement, self)
        self.building = QLineEdit(where.building, self)
        self.street = QLineEdit(where.street, self)
        self.locality = QLineEdit(where.locality, self)
        self.postcode = QLineEdit(where.postcode, self)
        self.city = QLineEdit(where.city, self)
        self.country = QLineEdit(where.country, self)
        self.representative = QLineEdit(recipient.representative, self)
        self.protection = QComboBox(self)
        for protection, label in PROTECTION.items():
            self.protection.addItem(label, protection)
        self.protection.setCurrentIndex(self.protection.findData(recipient.protection))
        self.deceased = QCheckBox("Personne décéd&ée", self)
        self.deceased.setChecked(recipient.deceased)
        self.annotations = QCheckBox("Son dossier contenait une &remarque écrite librement", self)
        self.annotations.setChecked(recipient.has_annotations)
        self._lay_out()
        self.make_scrollable()
        self.resize(self.fontMetrics().averageCharWidth() * 90, self.fontMetrics().height() * 38)
        self.add_accept("Enregistrer la correction")
        self.add_reject("Renoncer")
        self.last_name.setFocus()

    def read(self) -> Recipient:
        """The person with what the fields say."""
        return replace(
            self._recipient,
            civility=Civility(self.civility.currentData()),
            last_name=self.last_name.text().strip(),
            birth_name=self.birth_name.text().strip(),
            first_name=self.first_name.text().strip(),
            birth_date=self.birth_date.day,
            email=self.email.text().strip(),
            phone=self.phone.text().strip(),
            address=PostalAddress(
                self.complement.text().strip(),
                self.building.text().strip(),
                self.street.text().strip(),
                self.locality.text().strip(),
                self.postcode.text().strip(),
                self.city.text().strip(),
                self.country.text().strip(),
            ),
            deceased=self.deceased.isChecked(),
            representative=self.representative.text().strip(),
            protection=Protection(self.protection.currentData()),
            has_annotations=self.annotations.isChecked(),
        )

    @override
    def accept(self) -> None:
        person = self.read()
        if person != self._recipient:
            self.corrected.emit(person)
        super().accept()

    def _lay_out(self) -> None:
        person = QWidget(self)
        form = small_form(person)
        labelled(form, "&Civilité", self.civility)
        labelled(form, "&Nom", self.last_name)
        labelled(form, "Nom de naissance", self.birth_name)
        labelled(form, "&Prénom", self.first_name)
        labelled(form, "&Date de naissance", self.birth_date, self.birth_date.field)
        labelled(form, "C&ourriel", self.email)
        labelled(form, "&Téléphone", self.phone)
        place = QWidget(self)
        address = small_form(place)
        labelled(address, "N° et &voie", self.street)
        labelled(address, "Comp&lément", self.complement)
        labelled(address, "&Bâtiment, résidence", self.building)
        labelled(address, "L&ieu-dit, boîte postale", self.locality)
        town = QWidget(place)
        row = QHBoxLayout(town)
        row.setContentsMargins(0, 0, 0, 0)
        self.postcode.setMaximumWidth(self.fontMetrics().horizontalAdvance("000000000"))
        row.addWidget(self.postcode)
        row.addWidget(self.city, 1)
        labelled(address, "Code postal et ville", town, self.postcode)
        self.city.setAccessibleName("Ville")
        labelled(address, "Pays, si ce n’est pas la France", self.country)
        case = QWidget(self)
        other = small_form(case)
        labelled(other, "&Représentant ou tuteur", self.representative)
        labelled(other, "Protection de l’adulte", self.protection)
        other.addRow(self.deceased)
        other.addRow(self.annotations)
        for title, panel in (
            ("Personne", person),
            ("Adresse postale", place),
            ("Cas particuliers", case),
        ):
            self.body.addWidget(boxed(title, panel))
