"""« Par courrier »: print, proved page by page; then post, and follow what comes back."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from app import paths
from app.core.campaign import Channel, DeliveryStatus
from app.services.direct_printing import Part
from app.services.mailing_house import MAILEVA_MAX_BYTES
from app.services.plan_summary import kept_summary
from app.services.print_choices import Output, PrintChoices, kept, to_keep
from app.services.print_records import settle_direct, unsettled_direct
from app.services.print_run_choice import run_to_print, waiting_letters
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.printer import NativePrinterChooser, PrinterChooser, PrinterTaken, a4_printer
from app.ui.steps.paper_box_after import PaperAfter
from app.ui.steps.paper_box_jobs import Chosen, PaperJobs
from app.ui.steps.paper_box_returns import PaperReturns
from app.ui.steps.paper_box_trial import PaperTrial
from app.ui.steps.sending_gate import SendingGate
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.message_bar import MessageAction
from app.wording.french import count

__all__ = ["PaperBox", "open_path"]


class PaperBox(QGroupBox):
    """What waits, what is printed, what is posted, and a button for each next act.

    Signals:
        noted: letters were printed or posted, or came back.
        ended(str): long work is over, for a user who looks elsewhere.
    """

    noted = Signal()
    ended = Signal(str)

    def __init__(self, page: SendingGate) -> None:
        super().__init__("Par courrier", page)
        self._page = page
        #: tests put one that answers at once
        self.printers: PrinterChooser = NativePrinterChooser()
        self.jobs = PaperJobs(page)
        self.returns = PaperReturns(page)
        self.after = PaperAfter(self, page, self.jobs)
        self.trial = PaperTrial(self, page, self.jobs)
        self.state_label = QLabel(self)
        self.state_label.setWordWrap(True)
        self.print_button = QPushButton("Im&primer les lettres…", self)
        self.printed_button = QPushButton("&Lettres imprimées…", self)
        self.posted_button = QPushButton("Noter la &date de la poste…", self)
        self.returned_button = QPushButton("Plis re&tournés…", self)
        self.stop_button = QPushButton("Arrêter", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement de l’impression")
        running = QHBoxLayout()
        running.addWidget(self.bar, 1)
        running.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.addWidget(self.state_label)
        self._acts = (
            self.print_button, self.printed_button, self.posted_button, self.returned_button
        )  # fmt: skip
        column.addLayout(flow(*self._acts))
        column.addLayout(running)
        column.addStretch(1)
        self._show_running(is_running=False)
        self._connect()

    def _connect(self) -> None:
        self.print_button.clicked.connect(self.ask_how)
        self.printed_button.clicked.connect(self.after.show_prints)
        self.posted_button.clicked.connect(self.after.ask_posted)
        self.returned_button.clicked.connect(self._open_returns)
        self.stop_button.clicked.connect(self._stop)
        self.jobs.posted.connect(self.after.tell_posted)
        self.jobs.told.connect(self._follow)
        self.jobs.split_asked.connect(self._split)
        self.jobs.done.connect(self.ended)
        self.jobs.ended.connect(self._end)
        self.after.noted.connect(self._end)
        self.returns.noted.connect(self._end)

    # what is shown

    def load(self) -> None:
        """Show what is to print, to post and to decide."""
        counts = self._page.campaign_file.delivery_counts()
        to_print = counts.get((Channel.PAPER, DeliveryStatus.PENDING), 0)
        printed = counts.get((Channel.PAPER, DeliveryStatus.PRINTED), 0)
        posted = counts.get((Channel.PAPER, DeliveryStatus.POSTED), 0)
        returned = counts.get((Channel.PAPER, DeliveryStatus.RETURNED), 0)
        summary = kept_summary(self._page.campaign_file)
        if not counts and summary is not None:
            to_print = summary.paper
        run = run_to_print(self._page.campaign_file)
        self._to_print = waiting_letters(self._page.campaign_file, run) if counts else to_print
        lines = []
        if to_print:
            lines.append(f"{count(to_print, 'lettre')} à imprimer.")
        if printed:
            lines.append(
                f"{count(printed, 'lettre imprimée', 'lettres imprimées')}, à mettre sous enveloppe et à poster."
            )
        if posted:
            lines.append(f"{count(posted, 'lettre postée', 'lettres postées')}.")
        if returned:
            lines.append(
                f"{count(returned, 'pli retourné attend', 'plis retournés attendent')} une décision."
            )
        self.state_label.setText("\n".join(lines) or "Aucune lettre par courrier.")
        self.print_button.setVisible(bool(to_print))
        self.printed_button.setVisible(bool(printed or posted or returned))
        self.posted_button.setVisible(bool(printed))
        self.returned_button.setVisible(bool(posted or returned))
        if not self._page.desk.jobs.is_busy:
            self._ask_about_cut_print()

    def _ask_about_cut_print(self) -> None:
        """Letters were being given to a printer when the program was cut: only the user knows."""
        cut = unsettled_direct(self._page.campaign_file)
        if cut is None:
            return
        letters = count(len(cut.ids), "lettre")
        self._page.message_bar.show_message(
            Meaning.ATTENTION,
            f"L’impression de {letters} sur «\u00a0{cut.printer}\u00a0» a été coupée\u00a0: on ne sait pas si "
            "toutes sont sorties. Regardez le bac. Si une seule manque, jetez le lot et imprimez-le de nouveau.",
            [
                MessageAction("Elles sont toutes là", lambda: self._settle_cut(came_out=True)),
                MessageAction("Les imprimer de nouveau", lambda: self._settle_cut(came_out=False)),
            ],
        )

    def _settle_cut(self, *, came_out: bool) -> None:
        if self._page.is_busy():
            return
        with self._page.showing_errors():
            settle_direct(self._page.campaign_file, self._page.desk.clock.now(), came_out=came_out)
            self._page.message_bar.clear()
        self._end()

    # choices

    @property
    def choices(self) -> PrintChoices:
        """The choices kept from the last time; a practice that always prints large starts so."""
        chosen = kept(self._page.desk.settings.current.interface.choices)
        if self._page.campaign_file.practice().large_print:
            return replace(chosen, large_print=True)
        return chosen

    def keep_choices(self, choices: PrintChoices) -> None:
        """Remember the choices for the next time."""
        current = self._page.desk.settings.current
        words = {**current.interface.choices, **to_keep(choices)}
        if words != dict(current.interface.choices):
            with self._page.showing_errors():
                habits = replace(current.interface, choices=words)
                self._page.desk.settings.replace(replace(current, interface=habits))

    def ask_how(self) -> None:
        """Ask how to print the letters that wait."""
        if not self._page.is_ready():
            return
        if unsettled_direct(self._page.campaign_file) is not None:
            self._ask_about_cut_print()
            return
        dialog = PrintLettersDialog(self._to_print, self.choices, self)
        dialog.closed_with.connect(self.keep_choices)
        dialog.file_asked.connect(self.ask_where)
        dialog.printer_asked.connect(self.ask_printer)
        dialog.trial_file_asked.connect(self.trial.ask_file)
        dialog.trial_print_asked.connect(self.trial.ask_printer)
        dialog.open()

    # PDF files

    def ask_where(self, choices: PrintChoices, chosen: Chosen = None) -> None:
        """Ask for the file, or for the folder of one file per patient; then write."""
        files = self._page.desk.files
        if choices.output is Output.PATIENTS and chosen is None:
            files.open_folder(
                self,
                "Dans quel dossier écrire les PDF\u202f?",
                paths.documents_dir(),
                lambda folder: self.jobs.write_files(folder, choices),
            )
            return
        name = "Lettres à imprimer.pdf" if chosen is None else "Réimpression.pdf"
        files.save_file(
            self,
            "Où écrire le PDF à imprimer\u202f?",
            paths.documents_dir() / name,
            lambda target: self.jobs.write_files(target, choices, chosen=chosen),
        )

    def print_chosen(self, keys: list[int]) -> None:
        """One more print of given letters, whatever their state."""
        if self._page.is_busy():
            return
        self.ask_where(replace(self.choices, output=Output.ONE, by_sheets=False), tuple(keys))

    def _split(self, keys: tuple[int, ...]) -> None:
        """Letters printed in a PDF too large for a mailing house: once more, in smaller ones."""
        megabytes = MAILEVA_MAX_BYTES // 1_000_000
        self.ask_where(
            replace(self.choices, output=Output.LARGEST, megabytes=megabytes, by_sheets=False), keys
        )

    # the printer

    def ask_printer(self, choices: PrintChoices, part: Part, chosen: Chosen = None) -> None:
        """Show the system's dialog, then print."""
        self.with_printer(
            choices.duplex,
            lambda printer: self.jobs.print_now(printer, choices, part, chosen=chosen),
        )

    def with_printer(self, duplex: bool, taken: PrinterTaken) -> None:  # noqa: FBT001 - a choice handed on
        """Let the user choose a printer; say so when there is none."""
        if not self.printers.has_printer():
            self._page.message_bar.show_message(
                Meaning.ATTENTION,
                "Cet ordinateur ne connaît aucune imprimante. Installez-en une, ou écrivez le PDF pour "
                "l’imprimer ailleurs.",
            )
            return
        printer: QPrinter = a4_printer(duplex=duplex)
        self.printers.choose(self, printer, taken)

    # running

    def _open_returns(self) -> None:
        self.returns.open(self)

    def _follow(self, words: str, done: int, total: int) -> None:
        if not self.stop_button.isVisible():
            self._show_running(is_running=True)
        if words and self.stop_button.isEnabled():
            self.state_label.setText(words)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _end(self) -> None:
        self._show_running(is_running=False)
        self.load()
        self.noted.emit()

    def _stop(self) -> None:
        self.jobs.stop()
        self.stop_button.setEnabled(False)
        self.state_label.setText("Arrêt demandé…")

    def _show_running(self, *, is_running: bool) -> None:
        self.bar.setVisible(is_running)
        self.stop_button.setVisible(is_running)
        self.stop_button.setEnabled(is_running)
        for button in self._acts:
            button.setEnabled(not is_running)
