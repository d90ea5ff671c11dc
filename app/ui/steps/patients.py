"""Step 2: choose the list, correct its columns, import it, settle what is doubtful."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.core.errors.files import PasswordNeeded, PasswordWrong
from app.core.issue import Level
from app.core.recipient import ExclusionReason
from app.core.steps import Missing, Step
from app.services.control import Control
from app.services.importing import (
    ImportProgress,
    ImportSummary,
    ReadOptions,
    Understanding,
    apply,
    today_in_france,
    understand,
)
from app.services.overview import forget_checks
from app.settings import ColumnHabit
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.ask_password import AskFilePassword
from app.ui.steps.page import CampaignWork, StepPage
from app.ui.steps.patients_columns import ColumnsPanel
from app.ui.steps.patients_list import PatientsList
from app.ui.steps.patients_review import PatientsReview
from app.ui.theme import Meaning
from app.ui.widgets.drop_area import DropArea
from app.ui.widgets.progress_panel import ProgressPanel
from app.wording.french import count, number

_FILTERS = "Listes de patients (*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt *.zip);;Tous les fichiers (*)"
_DOING = {
    "reading": "Lecture du fichier",
    "cleaning": "Lecture des patients",
    "checking": "Recherche des doublons et des cas particuliers",
    "writing": "Enregistrement",
}
_LEAD = "Indiquez la liste des personnes concernées. Le fichier reste sur cet ordinateur."
_HABITS_KEPT = 30
_AS_FOUND = ReadOptions()


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file read, and how many of its lines hold something."""

    understanding: Understanding
    rows: int


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
        self._reading: tuple[Path, ReadOptions] = (Path(), ReadOptions())
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

    def choose_file(self) -> None:
        """Ask for a file and read it."""
        self.desk.files.open_file(self, "Choisir la liste des patients", _FILTERS, self.read_file)

    def read_file(self, path: Path, options: ReadOptions = _AS_FOUND) -> None:
        """Read a list in the background; it is shown before anything is written."""
        habits = {
            habit.headers: dict(habit.mapping) for habit in self.desk.settings.current.known_columns
        }
        today = today_in_france(self.desk.clock)

        def work(_file: CampaignFile, control: Control) -> Iterator[object]:
            for event in understand(path, options, control, remembered=habits, today=today):
                if isinstance(event, Understanding):
                    rows = sum(not row.is_blank() for row in event.table.rows())
                    yield FileRead(event, rows)
                else:
                    yield event

        self._reading = (path, options)
        self._run("Lecture de la liste", work)

    def import_file(self, *, replace_list: bool = False) -> None:
        """Write the patients of the file in front into the campaign, all or none."""
        understanding = self.columns.understanding
        if understanding is None:
            return

        def work(own: CampaignFile, control: Control) -> Iterator[object]:
            yield from apply(
                own, understanding, control, self.desk.clock, replace_list=replace_list
            )

        self._run("Import de la liste", work)

    def _run(self, title: str, work: CampaignWork) -> None:
        job = self.new_job(title, work)
        job.progressed.connect(self._take_event)
        job.finished.connect(self._end_of_job)
        before = self._faces.currentWidget() or self.empty
        if self.begin(job):
            self._before = before
            self.message_bar.clear()
            self.progress.start(f"{title}…")
            self._faces.setCurrentWidget(self.progress)

    def _take_event(self, event: object) -> None:
        match event:
            case ImportProgress(step, done, total):
                words = f"{_DOING[step]}\u00a0: {count(done, 'ligne')}" if done else _DOING[step]
                self.progress.show_progress(words, done, total)
            case FileRead(understanding, rows):
                self._show_columns(understanding, rows)
            case ImportSummary():
                self._note_import(event)
            case _:
                pass

    def _end_of_job(self) -> None:
        """Stopped or failed: back to what was in front, nothing was written."""
        if self._faces.currentWidget() is self.progress:
            self._faces.setCurrentWidget(self._before)
            self.load()

    @override
    def show_failure(self, error: Exception) -> None:
        if isinstance(error, PasswordNeeded | PasswordWrong):
            path, options = self._reading
            dialog = AskFilePassword(
                path.name, is_again=isinstance(error, PasswordWrong), parent=self
            )
            dialog.password_given.connect(
                lambda word: self.read_file(path, replace(options, password=word))
            )
            dialog.open()
            return
        super().show_failure(error)

    def _show_columns(self, understanding: Understanding, rows: int) -> None:
        people = self.campaign_file.count_recipients()
        is_planned = self.campaign_file.count_deliveries() > 0
        self.set_lead("Voici ce que le logiciel a compris. Vérifiez ce que devient chaque colonne.")
        self.columns.show_understanding(understanding, rows)
        self.columns.offer(adds=bool(people), replaces=bool(people) and not is_planned)
        self._faces.setCurrentWidget(self.columns)
        self.columns.table.selectRow(0)
        self.columns.table.setFocus()

    def _note_import(self, summary: ImportSummary) -> None:
        understanding = self.columns.understanding
        if understanding is not None:
            self._remember(understanding)
        forget_checks(self.campaign_file)
        self.show_list()
        if summary.list_number > 1:
            self.message_bar.show_message(Meaning.DONE, _second_list(summary))
        self.changed.emit()

    def _remember(self, understanding: Understanding) -> None:
        """Columns corrected by hand are proposed again for the next file with the same titles."""
        if not understanding.table.place.exists:
            return
        headers = understanding.table.headers
        habit = ColumnHabit(headers, understanding.mapping.by_header())
        current = self.desk.settings.current
        others = [known for known in current.known_columns if known.headers != headers]
        known = (habit, *others)[:_HABITS_KEPT]
        with self.showing_errors():
            self.desk.settings.replace(replace(current, known_columns=known))

    # the patients

    def show_list(self) -> None:
        """The patients as the file has them now."""
        imports = self.campaign_file.imports()
        people = self.campaign_file.count_recipients()
        self.set_lead(_counts_sentence(self.campaign_file, people))
        last = imports[-1] if imports else None
        place = f", feuille «\u00a0{last.sheet}\u00a0»" if last is not None and last.sheet else ""
        self.list.load(f"{last.file_name}{place}" if last is not None else "")
        self._faces.setCurrentWidget(self.list)

    def _connect(self) -> None:
        self.empty.choose_requested.connect(self.choose_file)
        self.empty.file_dropped.connect(self.read_file)
        self.progress.stop_requested.connect(self._stop)
        self.columns.import_requested.connect(self.import_file)
        self.columns.replace_requested.connect(lambda: self.import_file(replace_list=True))
        self.columns.other_file_requested.connect(self.choose_file)
        self.columns.reread_requested.connect(self._read_again)
        self.columns.refused.connect(self.message_bar.show_error)
        self.columns.given_up.connect(self._give_up_file)
        self.list.other_file_requested.connect(self.choose_file)
        self.review = PatientsReview(self, self.list)

    def _stop(self) -> None:
        job = self.desk.jobs.current
        if job is not None:
            job.stop()

    def _read_again(self, options: ReadOptions) -> None:
        understanding = self.columns.understanding
        if understanding is not None:
            self.read_file(understanding.path, options)

    def _give_up_file(self) -> None:
        self.message_bar.clear()
        self._faces.setCurrentWidget(self.empty)
        self.load()


def _counts_sentence(campaign_file: CampaignFile, people: int) -> str:
    """« 2 831 lignes lues : 2 823 patients, 5 doublons réunis, 3 lignes à corriger. »."""
    to_write = people - sum(campaign_file.exclusion_counts().values())
    parts = [count(to_write, "patient") + " à prévenir"]
    duplicates = campaign_file.exclusion_counts().get(ExclusionReason.DUPLICATE, 0)
    if duplicates:
        parts.append(count(duplicates, "doublon"))
    others = people - to_write - duplicates
    if others:
        parts.append(f"{number(others)} sans lettre")
    counts = campaign_file.issue_counts()
    blocking = sum(n for (level, _), n in counts.items() if level is Level.BLOCKING)
    to_check = sum(n for (level, _), n in counts.items() if level is Level.CHECK)
    if blocking:
        parts.append(f"{count(blocking, 'point')} à corriger")
    if to_check:
        parts.append(f"{count(to_check, 'point')} à vérifier")
    return f"{count(people, 'ligne')}\u00a0: {', '.join(parts)}."


def _second_list(summary: ImportSummary) -> str:
    parts = [
        f"{count(summary.added, 'patient')} de plus",
        f"{number(summary.updated)} mis à jour",
        f"{number(summary.unchanged)} sans changement",
    ]
    if summary.already_written:
        parts.append(f"{number(summary.already_written)} déjà prévenus, laissés tels quels")
    return f"La liste est complétée\u00a0: {', '.join(parts)}."
