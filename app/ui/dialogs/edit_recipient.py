"""Correct one patient: every field that a letter uses, with the remarks and their answers above."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from app.core.issue import Issue, Level
from app.core.recipient import Civility, Protection, Recipient
from app.services.reviewing import PROPOSALS
from app.storage.issues import StoredIssue
from app.ui.dialogs.question import QuestionDialog
from app.ui.models.recipients import MEANING_OF
from app.ui.theme import meaning_icon
from app.ui.widgets.forms import boxed, labelled, small_form
from app.wording import describe
from app.wording.french import date_short
from app.wording.labels import CIVILITY, LEVEL, PROTECTION
from app.wording.list_places import row_number

_PAIRS = frozenset({"duplicate_differs", "duplicate_likely"})


class EditRecipientDialog(QuestionDialog):
    """Fields of one ``Recipient`` as texts, cleaned by the services like cells of a list.

    Signals:
        corrected(dict): field of ``core.corrections`` → text typed, for the fields that changed.
        annotations_changed(bool): the record held a free remark, or not.
        answered(int, str): key of a remark and « proposal », « same », « different » or « kept ».
    """

    corrected = Signal(dict)
    annotations_changed = Signal(bool)
    answered = Signal(int, str)

    def __init__(
        self, recipient: Recipient, issues: Sequence[StoredIssue], parent: QWidget | None = None
    ) -> None:
        place = row_number(recipient.row)
        super().__init__(f"Ligne {place}\u00a0: {recipient.display_name}", "", parent)
        self._recipient = recipient
        self._issues = issues
        self.lines = {name: QLineEdit(text, self) for name, text in _texts(recipient).items()}
        self.civility, self.protection = QComboBox(self), QComboBox(self)
        for civility, label in CIVILITY.items():
            self.civility.addItem(label, civility)
        self.civility.setCurrentIndex(self.civility.findData(recipient.civility))
        for protection, label in PROTECTION.items():
            self.protection.addItem(label, protection)
        self.protection.setCurrentIndex(self.protection.findData(recipient.protection))
        self.annotations = QCheckBox("Son dossier contenait une remarque écrite &librement", self)
        self.annotations.setChecked(recipient.has_annotations)
        for stored in issues:
            self.body.addWidget(self._remark(stored))
        self._lay_out()
        self.make_scrollable()
        self.resize(self.fontMetrics().averageCharWidth() * 96, self.fontMetrics().height() * 36)
        self.add_accept("Enregistrer la correction")
        self.add_reject("Renoncer")
        self.lines["last_name"].setFocus()

    def changes(self) -> dict[str, str]:
        """Field → text typed, for those that differ; the country first, since it rules the postcode."""
        before = _texts(self._recipient)
        changed = {
            name: line.text()
            for name, line in self.lines.items()
            if line.text().strip() != before[name].strip()
        }
        # Qt gives back plain texts for the members of an enumeration
        civility = Civility(self.civility.currentData())
        protection = Protection(self.protection.currentData())
        if civility is not self._recipient.civility:
            changed["civility"] = civility.value
        if protection is not self._recipient.protection:
            changed["protection"] = protection.value
        return dict(sorted(changed.items(), key=lambda item: item[0] != "country"))

    @override
    def accept(self) -> None:
        changed = self.changes()
        if changed:
            self.corrected.emit(changed)
        if self.annotations.isChecked() != self._recipient.has_annotations:
            self.annotations_changed.emit(self.annotations.isChecked())
        super().accept()

    def _remark(self, stored: StoredIssue) -> QWidget:
        issue = stored.issue
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        size = self.fontMetrics().height() * 5 // 4
        sign = QLabel(line)
        sign.setPixmap(meaning_icon(MEANING_OF[issue.level], self.palette()).pixmap(size, size))
        sign.setAccessibleName(LEVEL[issue.level])
        words = QLabel(describe(issue).one_line(), line)
        words.setWordWrap(True)
        row.addWidget(sign)
        row.addWidget(words, 1)
        for verb, answer in _answers(issue):
            button = QPushButton(verb, line)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, word=answer: self._answer(stored.id, word))
            row.addWidget(button)
        return line

    def _answer(self, issue_id: int, word: str) -> None:
        self.answered.emit(issue_id, word)
        self.reject()

    def _lay_out(self) -> None:
        line = self.lines
        person = QWidget(self)
        form = small_form(person)
        labelled(form, "&Civilité", self.civility)
        labelled(form, "&Nom", line["last_name"])
        labelled(form, "Nom de nai&ssance", line["birth_name"])
        labelled(form, "&Prénom", line["first_name"])
        labelled(form, "&Date de naissance", line["birth_date"])
        labelled(form, "C&ourriel", line["email"])
        labelled(form, "&Téléphone", line["phone"])
        place = QWidget(self)
        address = small_form(place)
        labelled(address, "Numéro et &voie", line["street"])
        labelled(address, "Co&mplément", line["complement"])
        labelled(address, "&Bâtiment, résidence", line["building"])
        labelled(address, "L&ieu-dit, boîte postale", line["locality"])
        town = QWidget(place)
        row = QHBoxLayout(town)
        row.setContentsMargins(0, 0, 0, 0)
        line["postcode"].setMaximumWidth(self.fontMetrics().horizontalAdvance("000000000"))
        row.addWidget(line["postcode"])
        row.addWidget(line["city"], 1)
        labelled(address, "Code postal &et ville", town, line["postcode"])
        line["city"].setAccessibleName("Ville")
        labelled(address, "Pays, si ce n’est pas la &France", line["country"])
        case = QWidget(self)
        other = small_form(case)
        labelled(other, "&Représentant ou tuteur", line["representative"])
        labelled(other, "Protection de l’&adulte", self.protection)
        other.addRow(self.annotations)
        for title, panel in (
            ("Personne", person),
            ("Adresse postale", place),
            ("Cas particuliers", case),
        ):
            self.body.addWidget(boxed(title, panel))


def _texts(person: Recipient) -> dict[str, str]:
    where = person.address
    return {
        "last_name": person.last_name,
        "birth_name": person.birth_name,
        "first_name": person.first_name,
        "birth_date": date_short(person.birth_date) if person.birth_date is not None else "",
        "email": person.email,
        "phone": person.phone,
        "street": where.street,
        "complement": where.complement,
        "building": where.building,
        "locality": where.locality,
        "postcode": where.postcode,
        "city": where.city,
        "country": where.country,
        "representative": person.representative,
    }


def _answers(issue: Issue) -> list[tuple[str, str]]:
    """What may be answered to a remark: verb and word."""
    if issue.code in _PAIRS:
        return [("C’est la même personne", "same"), ("Deux personnes", "different")]
    found = []
    proposal = str(issue.facts.get("proposal", ""))
    if issue.code in PROPOSALS and proposal:
        found.append((f"Mettre «\u00a0{proposal}\u00a0»", "proposal"))
    if issue.level is not Level.BLOCKING:
        found.append(("C’est vérifié", "kept"))
    return found
