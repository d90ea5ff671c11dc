"""The long work of « Par courrier »: PDF files, the printer, what goes to a mailing house; one at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter

from app.core.errors.paper import AddressesToCorrect, ParcelTooLarge
from app.core.tariff import Postage
from app.paper.engine import PageRange
from app.paper.envelopes import Envelope
from app.paper.sheets import trial_sheet
from app.services.control import Control
from app.services.direct_printing import (
    DirectFinished,
    DirectRun,
    LotPrinted,
    Part,
    Piece,
    print_checked_file,
)
from app.services.mailing_pack import (
    MailingPack,
    PackStep,
    PackWritten,
    too_large,
    write_pack,
)
from app.services.posting import Posted, PrintedBatch, post_batches
from app.services.print_choices import Output, PrintChoices
from app.services.print_records import PrintedFile
from app.services.print_run_choice import planned, run_of, run_to_print, some_wait
from app.services.printing import (
    FilePrinted,
    PrintFinished,
    PrintOptions,
    PrintRun,
    PrintStep,
)
from app.services.single_files import SingleFilesRun
from app.services.tariffs import with_postage
from app.storage.campaign_file import CampaignFile
from app.ui.printer import QtPress
from app.ui.steps.page import CampaignWork
from app.ui.steps.paper_box_progress import WHOLE, PrintProgress
from app.ui.steps.paper_box_words import (
    STILL_WAITING,
    files_words,
    pack_words,
    printed_words,
)
from app.ui.steps.sending_gate import SendingGate
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.workers import Job
from app.wording import explain

#: keys of chosen letters, None for all that wait
Chosen = tuple[int, ...] | None


class PaperJobs(QObject):
    """Starts one piece of work, tells how it goes, and says in the page's bar how it ended.

    Signals:
        told(str, int, int): what is being done ("" for the same), done so far, in all (0 when unknown).
        posted(int, int): letters noted as posted, files of ours still on the disk.
        done(str): the work came to its end, in a sentence.
        split_asked(tuple): write these letters again, in files that a mailing house takes.
        ended: the work is over, well or not.
    """

    told = Signal(str, int, int)
    posted = Signal(int, int)
    done = Signal(str)
    split_asked = Signal(tuple)
    ended = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__(page)
        self._page = page
        self._job: Job | None = None
        self._again: Callable[[], object] = lambda: None
        self._progress = PrintProgress()
        self._too_large: tuple[int, ...] = ()
        self._postage: Postage | None = None
        self._is_stopped = self._is_told = self._some_still_wait = False

    def stop(self) -> None:
        """Ask the running work to end."""
        if self._job is not None:
            self._is_stopped = True
            self._job.stop()

    def write_files(
        self, target: Path, choices: PrintChoices, *, leave_out: bool = False, chosen: Chosen = None
    ) -> None:
        """Write PDF files: the letters that wait, or ``chosen`` ones once more."""
        with self._page.showing_errors():
            options = choices.options(leave_out_bad_addresses=leave_out, run=self._run_of(chosen))
            self._write_files(target, choices, options, chosen)
            self._again = lambda: self.write_files(target, choices, leave_out=True)

    def _write_files(
        self, target: Path, choices: PrintChoices, options: PrintOptions, chosen: Chosen
    ) -> None:
        clock = self._page.desk.clock
        is_copy = some_wait(self._page.campaign_file, chosen or ())

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from self._planned(campaign_file, control, chosen)
            if choices.output is Output.PATIENTS and chosen is None:
                run = SingleFilesRun(
                    campaign_file, target, choices.name_fields, options, clock=clock
                )
                yield from with_postage(campaign_file, run.run(control))
            else:
                again = PrintRun(campaign_file, target, options, clock=clock, reprint=chosen)
                yield from with_postage(campaign_file, again.run(control))

        if self._begin("Préparation du PDF", work):
            self._some_still_wait = is_copy

    def print_now(
        self,
        printer: QPrinter,
        choices: PrintChoices,
        part: Part | None = None,
        *,
        leave_out: bool = False,
        chosen: Chosen = None,
    ) -> None:
        """Print on the system's printer: the letters that wait, or ``chosen`` ones once more."""
        clock = self._page.desk.clock
        with self._page.showing_errors():
            options = choices.options(leave_out_bad_addresses=leave_out, run=self._run_of(chosen))
            press = QtPress(printer, duplex=choices.duplex)

            def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                yield from self._planned(campaign_file, control, chosen)
                run = DirectRun(
                    campaign_file,
                    press,
                    options,
                    letters_per_job=choices.letters_per_job,
                    part=part,
                    clock=clock,
                    reprint=chosen,
                )
                yield from run.run(control)

            self._again = lambda: self.print_now(printer, choices, part, leave_out=True)
            self._begin("Impression", work)

    def print_file(
        self, printer: QPrinter, printed: PrintedFile, choices: PrintChoices, part: Part
    ) -> None:
        """Give letters of a PDF made before to the printer."""
        clock = self._page.desk.clock
        with self._page.showing_errors():
            press = QtPress(printer, duplex=choices.duplex)

            def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                yield from print_checked_file(
                    campaign_file,
                    printed,
                    press,
                    control,
                    part=part,
                    letters_per_job=choices.letters_per_job,
                    clock=clock,
                )

            self._begin("Impression", work)

    def print_trial(self, printer: QPrinter, choices: PrintChoices) -> None:
        """The sheet to try the envelope; nothing is recorded."""
        with self._page.showing_errors():
            press = QtPress(printer, duplex=False)
            sheet = trial_sheet(choices.envelope or Envelope.DL, choices.window)

            def work(_campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                yield from press.print_job([Piece(sheet, (PageRange("", 0, 1),))], control)

            self._begin("Impression de la feuille d’essai", work)

    def pack(self, pack: MailingPack) -> None:
        """Write what a mailing house wants."""
        clock = self._page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from write_pack(campaign_file, pack, control, clock)

        self._too_large = too_large(pack)
        self._begin("Fichiers pour le prestataire", work)

    def note_posted(self, day: date, batches: Sequence[PrintedBatch]) -> None:
        """The letters of these prints went to the post on ``day``."""
        now = self._page.desk.clock.now()

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield post_batches(campaign_file, day, batches, now, control)

        self._begin("Date de la poste", work)

    def _planned(
        self, campaign_file: CampaignFile, control: Control, chosen: Chosen
    ) -> Iterator[object]:
        if chosen is None:
            account, clock = self._page.desk.settings.current.account, self._page.desk.clock
            yield from planned(campaign_file, account, control, clock)

    def _run_of(self, chosen: Chosen) -> int:
        """The run to print. Raises LettersOfSeveralRuns."""
        file = self._page.campaign_file
        return run_to_print(file) if chosen is None else run_of(file, chosen)

    def _begin(self, title: str, work: CampaignWork) -> bool:
        job = self._page.new_job(title, work)
        job.progressed.connect(self._follow)
        job.failed.connect(self._show_failure)
        job.finished.connect(self._end)
        if self._page.begin(job):
            self._job = job
            self._postage, self._progress = None, PrintProgress()
            self._is_stopped = self._is_told = self._some_still_wait = False
            self._page.message_bar.clear()
            self.told.emit(f"{title}…", 0, 0)
            return True
        return False

    def _follow(self, event: object) -> None:
        if isinstance(event, PrintStep | FilePrinted | LotPrinted):
            words, place = self._progress.follow(event)
            self.told.emit(words, place, WHOLE)
        elif isinstance(event, PackStep):
            self.told.emit(f"{event.what}…", event.done, event.total)
        elif isinstance(event, Postage):
            self._postage = event
        elif isinstance(event, PrintFinished):
            self._tell_files(event)
        elif isinstance(event, DirectFinished):
            self._tell(printed_words(event))
        elif isinstance(event, PackWritten):
            self._tell_pack(event)
        elif isinstance(event, Posted):
            self.posted.emit(event.letters, event.files_left)

    def _tell_files(self, event: PrintFinished) -> None:
        if not event.files:
            return
        first = event.files[0].path
        actions = [MessageAction("Ouvrir le dossier", lambda: open_path(first.parent))]
        if len(event.files) == 1:
            actions.append(MessageAction("Ouvrir le PDF", lambda: open_path(first)))
        words = files_words(event, self._postage)
        if self._some_still_wait:
            words += f" {STILL_WAITING}"
        self._tell(words, actions)

    def _tell_pack(self, event: PackWritten) -> None:
        folder = event.files[0].parent
        self._tell(
            pack_words(event), [MessageAction("Ouvrir le dossier", lambda: open_path(folder))]
        )

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, ParcelTooLarge):
            letters = self._too_large
            again = MessageAction(
                "Refaire en PDF de 20\u00a0Mo…", lambda: self.split_asked.emit(letters)
            )
            self._page.message_bar.show_message(Meaning.PROBLEM, explain(error).one_line(), [again])
        elif isinstance(error, AddressesToCorrect):
            self._page.message_bar.show_message(
                Meaning.PROBLEM,
                explain(error).one_line(),
                [MessageAction("Imprimer les autres", lambda: self._again())],
            )

    def _tell(self, words: str, actions: Sequence[MessageAction] = ()) -> None:
        self._is_told = True
        self._page.message_bar.show_message(Meaning.DONE, words, actions)
        self.done.emit(words)

    def _end(self) -> None:
        self._job = None
        if self._is_stopped and not self._is_told:
            self._page.message_bar.show_message(
                Meaning.INFORMATION,
                "Arrêté. Ce qui était fini est gardé et noté\u00a0; les autres lettres attendent.",
            )
        self.ended.emit()
