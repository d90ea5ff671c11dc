"""An incident for the register only: somebody saw something, nobody has to be written to."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.core.clock import Clock
from app.core.incident import CnilStatus, DataCategory, Incident
from app.core.register import Nature, RegisterEntry
from app.letters.catalogue import load
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.choices import SeveralChoices
from app.ui.widgets.date_edit import DateEdit
from app.ui.widgets.forms import LinesEdit, boxed, labelled, small_form
from app.ui.widgets.guided_pages import AwarenessPage
from app.ui.widgets.register_form import RegisterForm
from app.wording.labels import CNIL

_TOLD = (CnilStatus.NOTIFIED, CnilStatus.NOTIFIED_WITH_VENDOR)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What was typed."""

    name: str
    incident: Incident
    entry: RegisterEntry


class IncidentWithoutLettersDialog(QuestionDialog):
    """Facts, data concerned, measures, CNIL, and why nobody is written to.

    Signals:
        confirmed(NewEntry): keep it, encrypted like the others.
    """

    confirmed = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(
            "Ajouter un incident sans lettres",
            "Toute violation figure au registre, même quand personne n’a besoin d’être prévenu. "
            "Elle est gardée chiffrée, comme un envoi.",
            parent,
        )
        labels = {
            category: load().knowledge.categories[category].label for category in DataCategory
        }
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(80)
        self.happened_on, self.discovered_on = DateEdit(self), DateEdit(self)
        self.awareness = AwarenessPage(None, clock, self)
        self.categories = SeveralChoices(labels, self)
        self.measures = LinesEdit("Accès coupés le jour même", parent=self)
        self.cnil = QComboBox(self)
        for status, words in CNIL.items():
            self.cnil.addItem(words, status)
        self.cnil.setCurrentIndex(list(CNIL).index(CnilStatus.NOT_YET))
        self.cnil_on, self.cnil_reference = DateEdit(self), QLineEdit(self)
        first = RegisterEntry((Nature.CONFIDENTIALITY,))
        self.form = RegisterForm(first, has_list=False, parent=self)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        facts = QWidget(self)
        rows = small_form(facts)
        labelled(rows, "Nom de l’incid&ent", self.name_edit)
        labelled(rows, "Survenu le (vide si inconnu)", self.happened_on, self.happened_on.field)
        labelled(rows, "&Découvert le", self.discovered_on, self.discovered_on.field)
        for widget in (
            facts,
            self.awareness,
            boxed("Données concernées", self.categories),
            self._measures(),
            self._authority(),
            boxed("Registre", self.form),
            self.fault_label,
        ):
            self.body.addWidget(widget)
        self.make_scrollable()
        self.add_accept("Ajouter au registre")
        self.add_reject("Renoncer")
        self.name_edit.setFocus()
        self.resize(self.fontMetrics().averageCharWidth() * 100, self.fontMetrics().height() * 38)

    def _measures(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        labelled(form, "Mesures déjà prises, une par &ligne", self.measures)
        return panel

    def _authority(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        labelled(form, "Notification à la CN&IL", self.cnil)
        labelled(form, "Faite le", self.cnil_on, self.cnil_on.field)
        labelled(form, "Numéro (facultatif)", self.cnil_reference)
        return boxed("CNIL", panel)

    def _fault(self) -> tuple[str, QWidget] | None:
        entry = self.form.entry()
        status = CnilStatus(self.cnil.currentData())
        if not self.name_edit.text().strip():
            return "Donnez un nom à l’incident.", self.name_edit
        if self.discovered_on.day is None:
            return (
                "Notez le jour de la découverte, ainsi\u00a0: 12/01/2026.",
                self.discovered_on.field,
            )
        if not self.categories.values():
            return "Cochez les données concernées.", self.categories.first
        if not entry.natures:
            return "Cochez au moins une nature.", self.form.natures.first
        if not entry.facts:
            return "Décrivez les faits en quelques phrases.", self.form.facts
        if entry.ground is None:
            return "Dites pourquoi les personnes ne sont pas informées.", self.form.ground
        if status in _TOLD and self.cnil_on.day is None:
            return "Notez le jour de la notification à la CNIL.", self.cnil_on.field
        if status not in _TOLD and not entry.cnil_reason:
            return "Dites pourquoi la CNIL n’est pas notifiée.", self.form.cnil_reason
        return None

    @override
    def accept(self) -> None:
        fault = self._fault()
        if fault is not None:
            words, field = fault
            self.fault_label.setText(words)
            self.fault_label.show()
            field.setFocus()
            return
        status = CnilStatus(self.cnil.currentData())
        incident = Incident(
            categories=self.categories.values(),
            happened_on=self.happened_on.day,
            discovered_on=self.discovered_on.day,
            aware_at=self.awareness.moment(),
            measures_taken=self.measures.lines(),
            cnil_status=status,
            cnil_on=self.cnil_on.day if status in _TOLD else None,
            cnil_reference=self.cnil_reference.text().strip(),
        )
        self.confirmed.emit(NewEntry(self.name_edit.text().strip(), incident, self.form.entry()))
        super().accept()
