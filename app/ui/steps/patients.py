"""Step 2: choose the list, correct its columns, import it, settle what is doubtful."""

from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.core.steps import Missing, Step
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.steps.page import StepPage
from app.ui.steps.patients_columns import ColumnsPanel
from app.ui.steps.patients_import import PatientsImport
from app.ui.steps.patients_list import PatientsList
from app.ui.steps.patients_review import PatientsReview
from app.ui.widgets.drop_area import DropArea
from app.ui.widgets.progress_panel import ProgressPanel

_LEAD = "Indiquez la liste des personnes concernées. Le fichier reste sur cet ordinateur."


class PatientsPage(StepPage):
    """Four faces: nothing yet, work in progress, a file to confirm, the patients."""

    step = Step.PATIENTS
    title = "Les patients"
    lead = _LEAD
    help_text = (
        "Demandez à l’éditeur de votre logiciel, ou exportez vous-même, la liste des personnes concernées, "
        "au format Excel, CSV ou LibreOffice. Une ligne par patient, avec au moins le nom, et le courriel "
        "ou l’adresse postale.\n\n"
        "Après la lecture, vérifiez ce que devient chaque colonne. Les observations, les motifs et le numéro "
        "de sécurité sociale ne sont pas importés\u00a0: ils sont inutiles pour la lettre.\n\n"
        "Les lignes «\u00a0À corriger\u00a0» empêchent l’envoi. Les lignes «\u00a0À vérifier\u00a0» "
        "attendent votre avis, mais ne bloquent rien.\n\n"
        "Une personne écartée reste dans la liste avec la raison\u00a0: le dossier montrera que ce n’est "
        "pas un oubli."
    )

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(campaign_file, desk, parent)
        self.setAcceptDrops(True)
        self.empty = DropArea(
            "Déposez ici la liste des patients",
            "Le fichier exporté de votre logiciel\u00a0: Excel, CSV ou LibreOffice.",
            "&Choisir le fichier…",
            self,
        )
        self.progress = ProgressPanel(self)
        self.columns = ColumnsPanel(self)
        self.list = PatientsList(campaign_file, self)
        self._faces = QStackedWidget(self)
        for face in (self.empty, self.progress, self.columns, self.list):
            self._faces.addWidget(face)
        self.content.addWidget(self._faces, 1)
        self._before: QWidget = self.empty
        self._connect()

    # the page's life

    @override
    def load(self) -> None:
        if self._faces.currentWidget() in {self.progress, self.columns}:
            return
        if self.campaign_file.count_recipients():
            self.show_list()
        else:
            self.set_lead(_LEAD)
            self._faces.setCurrentWidget(self.empty)

    @override
    def focus_on(self, missing: Missing) -> None:
        if missing is Missing.PATIENTS:
            self.empty.button.setFocus()
        elif missing is Missing.PATIENTS_TO_FIX:
            self.show_list()
            self.list.show_to_fix()
            self.list.table.setFocus()

    # a file

    def read_file(self, path: Path) -> None:
        """Read a list in the background; it is shown before anything is written."""
        self.imports.read_file(path)

    def show_progress(self, title: str) -> None:
        """Bring the work that has just begun to the front."""
        self._before = self._faces.currentWidget() or self.empty
        self.progress.start(f"{title}…")
        self._faces.setCurrentWidget(self.progress)

    def show_columns(self) -> None:
        """Bring the file to confirm to the front."""
        self._faces.setCurrentWidget(self.columns)
        self.columns.table.selectRow(0)
        self.columns.table.setFocus()

    def end_of_job(self) -> None:
        """Stopped or failed: back to what was in front, nothing was written."""
        if self._faces.currentWidget() is self.progress:
            self._faces.setCurrentWidget(self._before)
            self.load()

    @override
    def show_failure(self, error: Exception) -> None:
        if not self.imports.takes(error):
            super().show_failure(error)

    # the patients

    def show_list(self) -> None:
        """The patients as the file has them now."""
        imports = self.campaign_file.imports()
        last = imports[-1] if imports else None
        place = f", feuille «\u00a0{last.sheet}\u00a0»" if last is not None and last.sheet else ""
        self.list.load(f"{last.file_name}{place}" if last is not None else "")
        self._faces.setCurrentWidget(self.list)

    def _connect(self) -> None:
        self.empty.file_dropped.connect(self.read_file)
        self.columns.given_up.connect(self._give_up_file)
        self.list.counted.connect(self.set_lead)
        self.imports = PatientsImport(self)
        self.empty.choose_requested.connect(self.imports.choose_file)
        self.review = PatientsReview(self, self.list)

    def _give_up_file(self) -> None:
        self.message_bar.clear()
        self._faces.setCurrentWidget(self.empty)
        self.load()
