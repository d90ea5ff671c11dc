"""« M’avez-vous écrit ? » after the names were erased: the address in hand still finds the letter."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from app.storage.names import PurgedLetter
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.forms import labelled
from app.wording.french import date_time
from app.wording.labels import CHANNEL, STATUS

#: e-mail, last name, first name, postcode, street → letters
FindPurged = Callable[[str, str, str, str, str], Sequence[PurgedLetter]]


class WasInformedDialog(QuestionDialog):
    """Asks for the e-mail address, or the name and the postal address, as they were at the time."""

    def __init__(self, find: FindPurged, parent: QWidget | None = None) -> None:
        super().__init__(
            "«\u00a0M’avez-vous écrit\u202f?\u00a0»",
            "Les noms sont effacés, mais l’adresse que la personne vous donne se vérifie encore. "
            "Saisissez son courriel, ou son nom et son adresse postale, tels qu’ils étaient à l’époque.",
            parent,
        )
        self._find = find
        form = QFormLayout()
        self.email_edit, self.last_name_edit = QLineEdit(self), QLineEdit(self)
        self.first_name_edit, self.street_edit = QLineEdit(self), QLineEdit(self)
        self.postcode_edit = QLineEdit(self)
        labelled(form, "&Courriel", self.email_edit)
        labelled(form, "&Nom", self.last_name_edit)
        labelled(form, "&Prénom", self.first_name_edit)
        labelled(form, "N° et &rue", self.street_edit)
        labelled(form, "Code p&ostal", self.postcode_edit)
        self.answer_label = QLabel(self)
        self.answer_label.setWordWrap(True)
        self.body.addLayout(form)
        self.body.addWidget(self.answer_label)
        self.find_button = self.add_accept("Chercher")
        self.buttons.accepted.disconnect(self.accept)
        self.buttons.accepted.connect(self.search)
        self.add_reject("Fermer")
        self.email_edit.setFocus()

    def search(self) -> None:
        """Say whether a letter went to this address, when, and how it ended."""
        fields = (
            self.email_edit,
            self.last_name_edit,
            self.first_name_edit,
            self.postcode_edit,
            self.street_edit,
        )
        email, last, first, postcode, street = (field.text().strip() for field in fields)
        if not email and not (last and (postcode or street)):
            self._say("Saisissez un courriel, ou un nom avec une adresse postale.")
            return
        found = self._find(email, last, first, postcode, street)
        if not found:
            self._say(
                "Aucune lettre n’a été préparée pour cette adresse, écrite ainsi. Vérifiez l’orthographe, "
                "ou l’adresse que la personne avait à l’époque."
            )
            return
        lines = [
            ", ".join(
                filter(
                    None,
                    (
                        CHANNEL[one.channel],
                        STATUS[one.status].lower(),
                        date_time(one.changed_at) if one.changed_at else "",
                    ),
                )
            )
            + "."
            for one in found
        ]
        self._say("Oui, une lettre a été préparée pour cette adresse.\n" + "\n".join(lines))

    def _say(self, words: str) -> None:
        self.answer_label.setText(words)
        self.fit()
