"""« Par courrier »: one PDF to print, proved page by page; then « postées le … »."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from app import paths
from app.core.campaign import Channel, DeliveryStatus
from app.core.errors.paper import AddressesToCorrect
from app.services.control import Control
from app.services.departure import plan_options
from app.services.plan_summary import kept_summary
from app.services.planning import plan_steps
from app.services.posting import mark_posted
from app.services.printing import FilePrinted, PrintFinished, PrintOptions, PrintRun, PrintStep
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.posting_date import PostingDateDialog
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.workers import Job
from app.wording import explain
from app.wording.french import PARIS, count, number, size_bytes

_PHASE = {"layout": "Mise en page", "proof": "Contrôle page par page"}


class PaperBox(QGroupBox):
    """Print, open the folder, note the posting.

    Signals:
        noted: letters were printed or posted.
    """

    noted = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__("Par courrier", page)
        self._page = page
        self._job: Job | None = None
        self._printed: list[FilePrinted] = []
        self._target = Path()
        self.state_label = QLabel(self)
        self.state_label.setWordWrap(True)
        self.large_box = QCheckBox("&Gros caractères", self)
        self.print_button = QPushButton("&Préparer le PDF à imprimer…", self)
        self.stop_button = QPushButton("Arrêter", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement du PDF")
        self.posted_button = QPushButton("Noter la date de la &poste…", self)
        row = QHBoxLayout()
        row.addWidget(self.print_button)
        row.addWidget(self.large_box)
        row.addStretch(1)
        running = QHBoxLayout()
        running.addWidget(self.bar, 1)
        running.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.addWidget(self.state_label)
        column.addLayout(row)
        column.addLayout(running)
        column.addWidget(self.posted_button)
        column.addStretch(1)
        self._show_running(is_running=False)
        self.print_button.clicked.connect(self.ask_where)
        self.stop_button.clicked.connect(self._stop)
        self.posted_button.clicked.connect(self._ask_date)

    def load(self) -> None:
        """Show what is to print and what is to post."""
        counts = self._page.campaign_file.delivery_counts()
        to_print = counts.get((Channel.PAPER, DeliveryStatus.PENDING), 0)
        printed = self._count_printed()
        posted = counts.get((Channel.PAPER, DeliveryStatus.POSTED), 0)
        summary = kept_summary(self._page.campaign_file)
        if not counts and summary is not None:
            to_print = summary.paper
        lines = []
        if to_print:
            lines.append(f"{count(to_print, 'lettre')} à imprimer, par code postal.")
        if printed:
            lines.append(
                f"{count(printed, 'lettre imprimée', 'lettres imprimées')}, à mettre sous enveloppe et à poster."
            )
        if posted:
            lines.append(f"{count(posted, 'lettre postée', 'lettres postées')}.")
        self.state_label.setText("\n".join(lines) or "Aucune lettre par courrier.")
        self.print_button.setVisible(bool(to_print))
        self.large_box.setVisible(bool(to_print))
        self.posted_button.setVisible(bool(printed))

    def ask_where(self) -> None:
        """Ask for the file, then print."""
        if not self._page.is_ready():
            return
        proposed = paths.documents_dir() / "Lettres à imprimer.pdf"
        self._page.desk.files.save_file(
            self, "Où écrire le PDF à imprimer\u202f?", proposed, self.print_into
        )

    def print_into(self, target: Path) -> None:
        """Print every letter that waits into ``target``; a bad address stops before anything is written."""
        self._print(target, PrintOptions(large_print=self.large_box.isChecked()))

    def print_chosen(self, keys: list[int]) -> None:
        """One more print of given letters, whatever their state."""
        proposed = paths.documents_dir() / "Lettre.pdf"
        self._page.desk.files.save_file(
            self,
            "Où écrire le PDF\u202f?",
            proposed,
            lambda target: self._print(target, PrintOptions(), tuple(keys)),
        )

    def _print(
        self, target: Path, options: PrintOptions, chosen: tuple[int, ...] | None = None
    ) -> None:
        page = self._page
        account, clock = page.desk.settings.current.account, page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            if chosen is None:
                yield from plan_steps(
                    campaign_file, plan_options(campaign_file, account), control, clock
                )
            yield from PrintRun(campaign_file, target, options, clock=clock, reprint=chosen).run(
                control
            )

        self._target, self._printed = target, []
        job = page.new_job("Préparation du PDF", work)
        job.progressed.connect(self._follow)
        job.failed.connect(self._show_failure)
        job.finished.connect(self._end)
        if page.begin(job):
            self._job = job
            page.message_bar.clear()
            self.bar.setRange(0, 0)
            self.state_label.setText("Préparation du PDF…")
            self._show_running(is_running=True)

    def _follow(self, event: object) -> None:
        if isinstance(event, PrintStep):
            self.bar.setRange(0, max(event.total, 1))
            self.bar.setValue(min(event.done, event.total))
            self.state_label.setText(
                f"{_PHASE.get(event.phase, event.phase)}\u00a0: {number(event.done)} sur {number(event.total)}."
            )
        elif isinstance(event, FilePrinted):
            self._printed.append(event)
        elif isinstance(event, PrintFinished):
            self._tell_finished(event)

    def _tell_finished(self, event: PrintFinished) -> None:
        if not event.files:
            return
        first = event.files[0]
        text = (
            f"«\u00a0{first.path.name}\u00a0» est prêt\u00a0: {count(event.letters, 'lettre')}, "
            f"{count(sum(each.sheets for each in event.files), 'feuille')} recto verso, "
            f"{size_bytes(sum(each.size for each in event.files))}. "
            "Chaque page a été relue et comparée à la liste. Imprimez à 100\u00a0%, sans ajuster à la page."
        )
        if event.left_out:
            text += (
                f" {count(len(event.left_out), 'adresse reste', 'adresses restent')} à corriger."
            )
        folder = str(first.path.parent)
        self._page.message_bar.show_message(
            Meaning.DONE,
            text,
            [
                MessageAction("Ouvrir le dossier", lambda: open_path(folder)),
                MessageAction("Ouvrir le PDF", lambda: open_path(str(first.path))),
            ],
        )

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, AddressesToCorrect):
            self._page.message_bar.show_message(
                Meaning.PROBLEM,
                explain(error).one_line(),
                [MessageAction("Imprimer les autres", self._print_others)],
            )

    def _print_others(self) -> None:
        self._print(
            self._target,
            PrintOptions(large_print=self.large_box.isChecked(), leave_out_bad_addresses=True),
        )

    def _end(self) -> None:
        self._job = None
        self._show_running(is_running=False)
        self.load()
        self.noted.emit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self.state_label.setText("Arrêt demandé…")

    def _show_running(self, *, is_running: bool) -> None:
        self.bar.setVisible(is_running)
        self.stop_button.setVisible(is_running)
        self.print_button.setEnabled(not is_running)
        self.large_box.setEnabled(not is_running)

    def _count_printed(self) -> int:
        counts = self._page.campaign_file.delivery_counts()
        return counts.get((Channel.PAPER, DeliveryStatus.PRINTED), 0)

    def _ask_date(self) -> None:
        if self._page.is_busy():
            return
        printed = self._page.campaign_file.deliveries(DeliveryStatus.PRINTED, limit=1)
        today = self._page.desk.clock.now().astimezone(PARIS).date()
        first = next((letter.changed_at for letter in printed if letter.changed_at), None)
        printed_on = today if first is None else first.astimezone(PARIS).date()
        dialog = PostingDateDialog(self._count_printed(), printed_on, today, self)
        dialog.confirmed.connect(self.note_posted)
        dialog.open()

    def note_posted(self, day: date) -> None:
        """All printed letters went to the post on ``day``."""
        with self._page.showing_errors():
            how_many = mark_posted(self._page.campaign_file, day, self._page.desk.clock.now())
            self._page.message_bar.show_message(
                Meaning.DONE,
                f"{count(how_many, 'lettre notée comme postée', 'lettres notées comme postées')}.",
            )
        self.load()
        self.noted.emit()


def open_path(path: str) -> None:
    """Show a file or a folder with the system's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
