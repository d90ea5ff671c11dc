"""The fields of an ``Incident`` and how they are laid out."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.core.incident import CnilStatus, ComplaintStatus, DataCategory, Incident
from app.letters.catalogue import Catalogue, Detail, LetterTemplate
from app.ui.widgets.choices import OneChoice, SeveralChoices
from app.ui.widgets.date_edit import DateEdit
from app.ui.widgets.detail_fields import DetailFields
from app.ui.widgets.forms import LinesEdit, boxed, labelled, small_form
from app.wording.labels import CERTAINTY, CNIL, COMPLAINT

_TOLD_CNIL = {CnilStatus.NOTIFIED, CnilStatus.NOTIFIED_WITH_VENDOR}


class IncidentForm(QWidget):
    """Shows one incident and reads it back.

    Signals:
        edited: the user changed something.
    """

    edited = Signal()

    def __init__(self, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._templates: Mapping[str, LetterTemplate] = {
            template.id: template for template in catalogue.letters()
        }
        labels = {
            category: catalogue.knowledge.categories[category].label for category in DataCategory
        }
        self.situation = QComboBox(self)
        self.situation.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.situation.setMinimumContentsLength(20)
        for template in self._templates.values():
            self.situation.addItem(template.situation, template.id)
        self.situation_help = QLabel(self)
        self.situation_help.setWordWrap(True)
        self.certainty = OneChoice(CERTAINTY, self)
        self.happened_on, self.happened_until = DateEdit(self), DateEdit(self)
        self.date_unknown = QCheckBox("Date &inconnue", self)
        self.discovered_on = DateEdit(self)
        self.vendor, self.software = QLineEdit(self), QLineEdit(self)
        self.vendor_told_on = DateEdit(self)
        self.details = DetailFields(self)
        self.exposed = SeveralChoices(labels, parent=self)
        self.not_exposed = SeveralChoices(labels, parent=self)
        self.measures_taken = LinesEdit(
            "Accès coupés le 21 janvier\nMots de passe changés", 4, self
        )
        self.measures_planned = LinesEdit("Contrôle de sécurité de nos ordinateurs", 3, self)
        self.cnil_status = OneChoice(CNIL, self)
        self.cnil_on = DateEdit(self)
        self.cnil_reference = QLineEdit(self)
        self.complaint_status = OneChoice(COMPLAINT, self)
        self.complaint_on = DateEdit(self)
        self.next_update_on = DateEdit(self)
        self._lay_out()
        self._connect()

    # show and read

    def show_incident(self, incident: Incident) -> None:
        """Fill every field, without a signal."""
        blocker = QSignalBlocker(self)
        self.situation.setCurrentIndex(self.situation.findData(incident.template_id))
        self.certainty.show_value(incident.certainty)
        self.happened_on.show_day(incident.happened_on)
        self.happened_until.show_day(incident.happened_until)
        self.date_unknown.setChecked(incident.happened_on is None)
        self.discovered_on.show_day(incident.discovered_on)
        self.vendor.setText(incident.vendor)
        self.software.setText(incident.software)
        self.vendor_told_on.show_day(incident.vendor_told_on)
        self.details.show_details(self._details(), incident.details)
        self.exposed.show_values(incident.categories)
        self.not_exposed.show_values(incident.excluded_categories)
        self.measures_taken.show_lines(incident.measures_taken)
        self.measures_planned.show_lines(incident.measures_planned)
        self.cnil_status.show_value(incident.cnil_status)
        self.cnil_on.show_day(incident.cnil_on)
        self.cnil_reference.setText(incident.cnil_reference)
        self.complaint_status.show_value(incident.complaint_status)
        self.complaint_on.show_day(incident.complaint_on)
        self.next_update_on.show_day(incident.next_update_on)
        self._adapt()
        blocker.unblock()

    def read(self, base: Incident) -> Incident:
        """``base`` with what the form says; facts of other templates are kept."""
        details = {**base.details, **self.details.values()}
        cnil, complaint = self.cnil_status.value(), self.complaint_status.value()
        return replace(
            base,
            template_id=self.situation.currentData() or base.template_id,
            certainty=self.certainty.value(),
            categories=self.exposed.values(),
            excluded_categories=self.not_exposed.values(),
            happened_on=self.happened_on.day,
            happened_until=self.happened_until.day,
            discovered_on=self.discovered_on.day,
            vendor=self.vendor.text().strip(),
            software=self.software.text().strip(),
            vendor_told_on=self.vendor_told_on.day,
            measures_taken=self.measures_taken.lines(),
            measures_planned=self.measures_planned.lines(),
            cnil_status=cnil,
            cnil_on=self.cnil_on.day if cnil in _TOLD_CNIL else None,
            cnil_reference=self.cnil_reference.text().strip(),
            complaint_status=complaint,
            complaint_on=self.complaint_on.day if complaint is ComplaintStatus.FILED else None,
            next_update_on=self.next_update_on.day,
            details={name: value for name, value in details.items() if value},
        )

    def template(self) -> LetterTemplate | None:
        """The template of the situation chosen."""
        return self._templates.get(self.situation.currentData())

    def field(self, name: str) -> QWidget | None:
        """The widget of an incident's field or of a detail."""
        own: dict[str, QWidget] = {
            "template_id": self.situation,
            "happened_on": self.happened_on.field,
            "discovered_on": self.discovered_on.field,
            "categories": self.exposed.first,
            "measures_taken": self.measures_taken,
            "vendor": self.vendor,
            "software": self.software,
            "vendor_told_on": self.vendor_told_on.field,
            "cnil_on": self.cnil_on.field,
            "complaint_on": self.complaint_on.field,
            "next_update_on": self.next_update_on.field,
        }
        return own.get(name) or self.details.field(name)

    # how it is built

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self.fontMetrics().height())
        layout.addWidget(self._facts_panel())
        layout.addWidget(self.details)
        layout.addWidget(boxed("Données concernées", self.exposed))
        layout.addWidget(
            boxed("Certainement pas concernées, si vous en êtes sûr", self.not_exposed)
        )
        layout.addWidget(self._measures_panel())
        layout.addWidget(self._cnil_box())
        layout.addWidget(self._complaint_box())
        layout.addWidget(self._next_panel())

    def _facts_panel(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        form.setVerticalSpacing(self.fontMetrics().height() * 2 // 3)
        labelled(form, "&Que s’est-il passé\u202f?", self.situation)
        form.addRow(self.situation_help)
        first = self.certainty.button(next(iter(CERTAINTY)))
        labelled(form, "Est-ce éta&bli\u202f?", self.certainty, first)
        until = QLabel("&jusqu’au", panel)
        until.setBuddy(self.happened_until.field)
        self.happened_until.field.setAccessibleName("Fin de l’incident")
        when = _line(self.happened_on, until, self.happened_until)
        labelled(form, "&Date de l’incident", when, self.happened_on.field)
        form.addRow("", self.date_unknown)
        labelled(form, "Dé&couvert le", self.discovered_on, self.discovered_on.field)
        labelled(form, "Nom du &prestataire", self.vendor)
        labelled(form, "&Logiciel", self.software)
        labelled(form, "Il vous a pré&venus le", self.vendor_told_on, self.vendor_told_on.field)
        self._facts = form
        return panel

    def _measures_panel(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        form.setRowWrapPolicy(form.RowWrapPolicy.WrapAllRows)
        labelled(form, "&Mesures déjà prises, une par ligne", self.measures_taken)
        labelled(form, "Mesures prévues, &une par ligne (facultatif)", self.measures_planned)
        return panel

    def _cnil_box(self) -> QWidget:
        self._cnil_facts = QWidget(self)
        form = small_form(self._cnil_facts)
        labelled(form, "Décla&rée le", self.cnil_on, self.cnil_on.field)
        labelled(form, "&Numéro de dossier (facultatif)", self.cnil_reference)
        return boxed("Déclaration à la CNIL", self.cnil_status, self._cnil_facts)

    def _complaint_box(self) -> QWidget:
        self._complaint_facts = QWidget(self)
        form = small_form(self._complaint_facts)
        labelled(form, "Dépo&sée le", self.complaint_on, self.complaint_on.field)
        return boxed("Plainte", self.complaint_status, self._complaint_facts)

    def _next_panel(self) -> QWidget:
        panel = QWidget(self)
        form = small_form(panel)
        label = "Vous leur écrirez de nouveau au plus &tard le (facultatif)"
        labelled(form, label, self.next_update_on, self.next_update_on.field)
        return panel

    def _connect(self) -> None:
        days = (
            self.happened_until, self.discovered_on, self.vendor_told_on, self.cnil_on,
            self.complaint_on, self.next_update_on,
        )  # fmt: skip
        for day in days:
            day.edited.connect(self._tell)
        for line in (self.vendor, self.software, self.cnil_reference):
            line.textEdited.connect(self._tell)
        for text in (self.measures_taken, self.measures_planned):
            text.textChanged.connect(self._tell)
        for choice in (self.certainty, self.exposed, self.not_exposed, self.cnil_status):
            choice.edited.connect(self._tell)
        self.complaint_status.edited.connect(self._tell)
        self.details.edited.connect(self._tell)
        self.situation.activated.connect(self._propose)
        self.happened_on.edited.connect(self._follow_day)
        self.date_unknown.clicked.connect(self._forget_day)

    def _tell(self) -> None:
        self._adapt()
        self.edited.emit()

    def _propose(self) -> None:
        """Another situation: its facts, and its usual categories when none is ticked yet."""
        template = self.template()
        if template is not None and not self.exposed.values():
            self.exposed.show_values(template.proposes)
        self.details.show_details(self._details(), self.details.values())
        self._tell()

    def _follow_day(self) -> None:
        self.date_unknown.setChecked(self.happened_on.day is None)
        self._tell()

    def _forget_day(self) -> None:
        if self.date_unknown.isChecked():
            self.happened_on.show_day(None)
            self.happened_until.show_day(None)
        else:
            self.happened_on.setFocus()
        self._tell()

    def _details(self) -> tuple[Detail, ...]:
        template = self.template()
        return () if template is None else template.details

    def _adapt(self) -> None:
        """Show only the fields that the answers call for."""
        template = self.template()
        self.situation_help.setText("" if template is None else template.when)
        asks_vendor = template is not None and "vendor" in template.needs
        for field in (self.vendor, self.software, self.vendor_told_on):
            self._facts.setRowVisible(field, asks_vendor)
        self.not_exposed.forbid(self.exposed.values())
        self._cnil_facts.setVisible(self.cnil_status.value() in _TOLD_CNIL)
        self._complaint_facts.setVisible(self.complaint_status.value() is ComplaintStatus.FILED)


def _line(*widgets: QWidget) -> QWidget:
    panel = QWidget()
    layout = QHBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return panel
