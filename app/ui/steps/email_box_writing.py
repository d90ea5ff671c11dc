"""Writes what « Autres façons d’envoyer » asks for, in a worker, and tells what became of it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.mail_account import MailAccount
from app.services import lettering
from app.services.control import Control
from app.services.departure import plan_options
from app.services.other_roads import (
    Exported,
    ExportProgress,
    write_eml_files,
    write_mss_list,
    write_refused_list,
)
from app.services.planning import PlanProgress, plan_steps
from app.services.run_choice import run_to_send
from app.services.sent_elsewhere import NoteProgress, note_sent_elsewhere
from app.storage.campaign_file import CampaignFile
from app.ui.steps.page import CampaignWork
from app.ui.steps.sending_gate import SendingGate
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.widgets.progress_panel import ProgressPanel
from app.ui.workers import Job
from app.wording.french import NBSP, count


class RoadWriter(QObject):
    """One Job at a time.

    Signals:
        noted: letters were written down, or files appeared.
        files_asked: the list of files in clear.
    """

    noted = Signal()
    files_asked = Signal()

    def __init__(self, page: SendingGate, progress: ProgressPanel) -> None:
        super().__init__(page)
        self._page = page
        self._progress = progress
        self._job: Job | None = None
        progress.stop_requested.connect(self._stop)

    def write_eml(self, folder: Path) -> None:
        """Plan, then write."""
        page = self._page
        account, clock = page.desk.settings.current.account, page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            run = run_to_send(campaign_file)
            options = plan_options(campaign_file, account, run)
            yield from plan_steps(campaign_file, options, control, clock)
            sender = account or MailAccount(options.sender, "localhost", 25)
            yield from write_eml_files(
                campaign_file,
                folder,
                sender,
                partial(lettering.renderer_for, run=run, clock=clock),
                control,
                practice_name=campaign_file.practice(run).name,
                run=run,
                clock=clock,
            )

        self._begin("Courriels écrits en fichiers", work)

    def write_mss(self, path: Path) -> None:
        """Plan, then write."""
        page = self._page
        account, clock = page.desk.settings.current.account, page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            run = run_to_send(campaign_file)
            options = plan_options(campaign_file, account, run)
            yield from plan_steps(campaign_file, options, control, clock)
            yield from write_mss_list(
                campaign_file,
                path,
                partial(lettering.renderer_for, run=run, clock=clock),
                control,
                run=run,
                clock=clock,
            )

        self._begin("Liste MSSanté", work)

    def write_refused(self, path: Path) -> None:
        """Who could not be reached, in the list's own columns."""
        clock = self._page.desk.clock

        def work(campaign_file: CampaignFile, _control: Control) -> Iterator[object]:
            yield from write_refused_list(
                campaign_file, path, run=run_to_send(campaign_file), clock=clock
            )

        self._begin("Tableau des refus", work)

    def _begin(self, title: str, work: CampaignWork) -> None:
        job = self._page.new_job(title, work)
        job.progressed.connect(self._follow)
        job.finished.connect(self._end)
        if self._page.begin(job):
            self._job = job
            self._page.message_bar.clear()
            self._progress.start(f"{title}…")
            self._progress.show()

    def _follow(self, event: object) -> None:
        if isinstance(event, ExportProgress | PlanProgress | NoteProgress):
            self._progress.show_progress(self._progress.text.text(), event.done, event.total)
        elif isinstance(event, Exported):
            self._tell(event)
        elif isinstance(event, int):
            self._page.message_bar.show_message(
                Meaning.DONE,
                f"{count(event, 'lettre notée comme partie', 'lettres notées comme parties')}, sur votre parole.",
            )

    def _end(self) -> None:
        self._job = None
        self._progress.hide()
        self.noted.emit()

    def _tell(self, done: Exported) -> None:
        bar = self._page.message_bar
        if not done.written and done.left_out:
            bar.show_message(
                Meaning.ATTENTION,
                f"Le fichier est vide{NBSP}: l’INS d’aucun de ces patients n’est connu. "
                "Importez une liste qui le contient, en demandant à garder cette colonne.",
                [MessageAction("Supprimer ce fichier", self.files_asked.emit)],
            )
            return
        left_out = ""
        if done.left_out:
            left_out = (
                f" {count(done.left_out, 'personne n’y figure', 'personnes n’y figurent')} pas."
            )
        folder = done.path if done.path.is_dir() else done.path.parent
        bar.show_message(
            Meaning.DONE,
            f"«\u00a0{done.path.name}\u00a0»{NBSP}: "
            f"{count(done.written, 'lettre écrite', 'lettres écrites')}.{left_out} "
            "Ces données sont en clair\u00a0: supprimez-les quand vous n’en aurez plus besoin.",
            [
                MessageAction("Ouvrir le dossier", lambda: open_path(folder)),
                MessageAction("Fichiers en clair…", self.files_asked.emit),
            ],
        )

    def note_elsewhere(self) -> None:
        """Write it down, in the journal first."""
        clock = self._page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from note_sent_elsewhere(campaign_file, control, clock)

        self._begin("Lettres notées comme parties", work)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()
