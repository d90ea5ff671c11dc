"""Step 1: what happened, as far as it is known. Every change is saved."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from typing_extensions import override

from app.core.incident import Incident
from app.core.steps import Missing, Step, has_begun
from app.letters.catalogue import load as load_catalogue
from app.services.overview import details_missing, forget_wording
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.guided_choice import GuidedChoiceDialog
from app.ui.steps.incident_form import IncidentForm
from app.ui.steps.page import StepPage
from app.ui.theme import Meaning

_SAVE_AFTER_MS = 400


class IncidentPage(StepPage):
    """The form of the campaign's ``Incident``."""

    step = Step.INCIDENT
    title = "L’incident"
    lead = (
        "Ce que vous savez aujourd’hui. Vous pourrez compléter plus tard par une lettre de suivi."
    )
    help_text = (
        "Décrivez l’événement tel qu’il est connu aujourd’hui. Les lettres reprennent vos réponses\u00a0: "
        "la nature de l’incident, les données concernées, les mesures prises.\n\n"
        "«\u00a0M’aider à choisir…\u00a0» pose quelques questions, puis propose une lettre et dit qui "
        "prévenir, avec le temps qui reste. Rien ne change avant que vous l’acceptiez.\n\n"
        "«\u00a0Est-ce établi\u202f?\u00a0» change les phrases de la lettre\u00a0: un fait probable n’y "
        "est pas présenté comme certain.\n\n"
        "Cochez «\u00a0Certainement pas concernées\u00a0» seulement si vous en êtes sûr. "
        "Une donnée laissée sans coche n’est pas citée.\n\n"
        "Tout est enregistré au fur et à mesure."
    )

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(campaign_file, desk, parent)
        self._saved = Incident()
        self._save_timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_timer.timeout.connect(self.save)
        self.form = IncidentForm(load_catalogue(), self)
        self.form.edited.connect(self._save_timer.start)
        reminder = QLabel(
            "Les patients doivent être prévenus «\u00a0dans les meilleurs délais\u00a0» "
            "(RGPD, article 34).",
            self,
        )
        reminder.setWordWrap(True)
        self.guide_button = QPushButton("M’aider à c&hoisir…", self)
        self.guide_button.clicked.connect(self._guide)
        self.content.addWidget(self.guide_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addWidget(self.form)
        self.content.addWidget(reminder)
        self.content.addStretch()

    @override
    def load(self) -> None:
        self._saved = self.campaign_file.incident()
        self.form.show_incident(self._saved)
        if has_begun(self.campaign_file.balance(self.campaign_file.current_run)):
            self.message_bar.show_message(
                Meaning.INFORMATION,
                "Des lettres sont déjà parties\u00a0: leur texte ne changera plus. "
                "Ce que vous modifiez ici servira à une lettre de suivi.",
            )

    @override
    def leave(self) -> None:
        if self._save_timer.isActive():
            self.save()

    @override
    def focus_on(self, missing: Missing) -> None:
        name = missing.value
        if missing is Missing.DETAILS:
            name = next(iter(details_missing(self.form.read(self._saved))), "")
        field = self.form.field(name)
        if field is not None:
            field.setFocus()
            self.scroll_area.ensureWidgetVisible(field)

    def save(self) -> None:
        """Write the form into the campaign file when it says something else."""
        self._save_timer.stop()
        incident = self.form.read(self._saved)
        if incident == self._saved:
            return
        with self.showing_errors():
            self.campaign_file.save_incident(incident, self.desk.clock.now())
            forget_wording(self.campaign_file)
            self._saved = incident
            self.changed.emit()

    def _guide(self) -> None:
        self.save()
        practice, clock = self.campaign_file.practice(), self.desk.clock
        dialog = GuidedChoiceDialog(self._saved, practice, clock, self)
        dialog.taken.connect(self._take)
        dialog.open()

    def _take(self, incident: Incident) -> None:
        """The user took the proposal: keep it and show it in the form."""
        self.form.show_incident(incident)
        with self.showing_errors():
            self.campaign_file.save_incident(incident, self.desk.clock.now())
            forget_wording(self.campaign_file)
            self._saved = incident
            self.changed.emit()
