"""The road of a file on « Les patients »: read, confirmed, compared, imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.errors.files import PasswordNeeded, PasswordWrong
from app.services.control import Control
from app.services.importing import (
    ImportProgress,
    ImportSummary,
    ListDifference,
    ReadOptions,
    Understanding,
    apply,
    preview,
    today_in_france,
    understand,
)
from app.services.overview import forget_checks
from app.services.rows_to_correct import RowsToCorrect
from app.settings import ColumnHabit
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.ask_password import AskFilePassword
from app.ui.dialogs.list_difference import ListDifferenceDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.page import CampaignWork
from app.ui.steps.patients_export import LIST_FILES, FileRead, PatientsExport
from app.ui.theme import Meaning
from app.ui.workers import Job
from app.wording.french import count, number

if TYPE_CHECKING:
    from app.ui.steps.patients import PatientsPage

_DOING = {
    "reading": "Lecture du fichier",
    "comparing": "Comparaison avec la liste de la campagne",
    "cleaning": "Lecture des patients",
    "checking": "Recherche des doublons et des cas particuliers",
    "writing": "Enregistrement",
}
_HABITS_KEPT = 30
_AS_FOUND = ReadOptions()


class PatientsImport(QObject):
    """One file at a time, each step a Job that can be stopped; nothing is written before « Importer »."""

    def __init__(self, page: PatientsPage) -> None:
        super().__init__(page)
        self._page = page
        self._desk = page.desk
        self._reading: tuple[Path, ReadOptions] = (Path(), ReadOptions())
        self._when_read: Callable[[FileRead], None] = self._show_columns
        self._next: Callable[[], None] | None = None
        self._job: Job | None = None
        self._desk.jobs.finished.connect(self._end_of_job)
        columns = page.columns
        columns.import_requested.connect(self.demand_import)
        columns.replace_requested.connect(self._ask_replacement)
        columns.other_file_requested.connect(self.choose_file)
        columns.reread_requested.connect(self._read_again)
        columns.refused.connect(page.message_bar.show_error)
        page.progress.stop_requested.connect(self._stop)
        page.list.other_file_requested.connect(self.choose_file)
        self.export = PatientsExport(self, page)

    # reading

    def choose_file(self) -> None:
        """Ask for a file and read it."""
        self._desk.files.open_file(
            self._page, "Choisir la liste des patients", LIST_FILES, self.read_file
        )

    def read_file(self, path: Path, options: ReadOptions = _AS_FOUND) -> None:
        """Read a list in the background; it is shown before anything is written."""
        self._when_read = self._show_columns
        self._read(path, options)

    def read_for(self, when_read: Callable[[FileRead], None], path: Path) -> None:
        """Read a list for another purpose than to import it."""
        self._when_read = when_read
        self._read(path, _AS_FOUND)

    def _read(self, path: Path, options: ReadOptions) -> None:
        habits = {
            habit.headers: dict(habit.mapping)
            for habit in self._desk.settings.current.known_columns
        }
        today = today_in_france(self._desk.clock)

        def work(_file: CampaignFile, control: Control) -> Iterator[object]:
            for event in understand(path, options, control, remembered=habits, today=today):
                if isinstance(event, Understanding):
                    rows = sum(not row.is_blank() for row in event.table.rows())
                    yield FileRead(event, rows)
                else:
                    yield event

        self._reading = (path, options)
        self.run("Lecture de la liste", work)

    def ask_file_password(self, *, is_again: bool) -> None:
        """The file is locked: ask its password and read on."""
        path, options = self._reading
        dialog = AskFilePassword(path.name, is_again=is_again, parent=self._page)
        dialog.password_given.connect(
            lambda word: self._read(path, replace(options, password=word))
        )
        dialog.open()

    def takes(self, error: Exception) -> bool:
        """True when ``error`` only asks for a password, and is asked for here."""
        if isinstance(error, PasswordNeeded | PasswordWrong):
            self.ask_file_password(is_again=isinstance(error, PasswordWrong))
            return True
        return False

    def _show_columns(self, read: FileRead) -> None:
        page = self._page
        people = page.campaign_file.count_recipients()
        is_planned = page.campaign_file.count_deliveries() > 0
        page.set_lead("Voici ce que le logiciel a compris. Vérifiez ce que devient chaque colonne.")
        page.columns.show_understanding(read.understanding, read.rows)
        page.columns.offer(adds=bool(people), replaces=bool(people) and not is_planned)
        page.show_columns()

    def _read_again(self, options: ReadOptions) -> None:
        understanding = self._page.columns.understanding
        if understanding is not None:
            self.read_file(understanding.path, options)

    # into the campaign

    def demand_import(self) -> None:
        """Import at once the first list; a later one only after its differences were seen."""
        understanding = self._page.columns.understanding
        if understanding is None:
            return
        if not self._page.campaign_file.count_recipients():
            self.import_file()
            return

        def work(own: CampaignFile, control: Control) -> Iterator[object]:
            yield from preview(own, understanding, control)

        self.run("Comparaison des listes", work)

    def _ask_replacement(self) -> None:
        people = self._page.campaign_file.count_recipients()
        dialog = QuestionDialog(
            "Remplacer la liste\u202f?",
            f"La liste actuelle ({count(people, 'patient')}), vos corrections et vos décisions sur ces patients "
            "seront oubliées. Pour ne rien perdre, complétez plutôt la liste.",
            self._page,
        )
        dialog.add_accept("Remplacer la liste", default=False)
        dialog.add_reject("Garder la liste actuelle", default=True)
        dialog.accepted.connect(lambda: self.import_file(replace_list=True))
        dialog.open()

    def import_file(self, *, replace_list: bool = False) -> None:
        """Write the patients of the file in front into the campaign, all or none."""
        understanding = self._page.columns.understanding
        if understanding is None:
            return

        def work(own: CampaignFile, control: Control) -> Iterator[object]:
            yield from apply(
                own, understanding, control, self._desk.clock, replace_list=replace_list
            )

        self.run("Import de la liste", work)

    def _show_difference(self, difference: ListDifference) -> None:
        understanding = self._page.columns.understanding
        if understanding is None:
            return
        people = self._page.campaign_file.count_recipients()
        self._page.show_columns()
        dialog = ListDifferenceDialog(understanding.path.name, difference, people, self._page)
        dialog.accepted.connect(self.import_file)
        dialog.open()

    def _note_import(self, summary: ImportSummary) -> None:
        page = self._page
        understanding = page.columns.understanding
        if understanding is not None:
            self.export.imported = understanding
            self._remember(understanding)
        forget_checks(page.campaign_file)
        page.show_list()
        if summary.list_number > 1:
            page.message_bar.show_message(Meaning.DONE, _second_list(summary))
        page.changed.emit()

    def _remember(self, understanding: Understanding) -> None:
        """Columns corrected by hand are proposed again for the next file with the same titles."""
        if not understanding.table.place.exists:
            return
        headers = understanding.table.headers
        habit = ColumnHabit(headers, understanding.mapping.by_header())
        current = self._desk.settings.current
        others = [known for known in current.known_columns if known.headers != headers]
        known = (habit, *others)[:_HABITS_KEPT]
        with self._page.showing_errors():
            self._desk.settings.replace(replace(current, known_columns=known))

    # every Job of this page

    def run(self, title: str, work: CampaignWork) -> None:
        """Begin a Job of this page, unless another one runs; its progress comes to the front."""
        job = self._page.new_job(title, work)
        job.progressed.connect(self._take_event)
        self._next = None
        if self._page.begin(job):
            self._job = job
            self._page.message_bar.clear()
            self._page.show_progress(title)

    def _take_event(self, event: object) -> None:
        match event:
            case ImportProgress(step, done, total):
                words = f"{_DOING[step]}\u00a0: {count(done, 'ligne')}" if done else _DOING[step]
                self._page.progress.show_progress(words, done, total)
            case FileRead():
                self._next = partial(self._when_read, event)
            case ListDifference():
                self._next = partial(self._show_difference, event)
            case ImportSummary():
                self._note_import(event)
            case RowsToCorrect():
                self._page.show_list()
                self.export.tell(event)
            case _:
                pass

    def _end_of_job(self, job: Job) -> None:
        """Another Job may begin only now; after a stop or a failure there is nothing to go on with."""
        if job is not self._job:
            return
        what_follows, self._next = self._next, None
        if what_follows is None:
            self._page.end_of_job()
        else:
            what_follows()

    def _stop(self) -> None:
        job = self._desk.jobs.current
        if job is not None:
            job.stop()


def _second_list(summary: ImportSummary) -> str:
    parts = [
        f"{count(summary.added, 'patient')} de plus",
        f"{number(summary.updated)} mis à jour",
        f"{number(summary.unchanged)} sans changement",
    ]
    if summary.already_written:
        parts.append(f"{number(summary.already_written)} déjà prévenus, laissés tels quels")
    return f"La liste est complétée\u00a0: {', '.join(parts)}."
