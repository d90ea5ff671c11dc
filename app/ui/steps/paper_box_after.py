"""After the print, from « Par courrier »: reprint, give to a mailing house, post, delete the files."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app import paths
from app.core.errors import UserError
from app.services import reprinting
from app.services.clear_text import ClearFile, clear_files, delete_files
from app.services.direct_printing import Part
from app.services.mailing_house import new_password
from app.services.mailing_pack import MailingPack, postage_of
from app.services.posting import (
    PrintedBatch,
    note_registered_number,
    printed_batches,
)
from app.services.print_records import PrintedFile, printed_files
from app.services.tariffs import forget_own_tariffs, load_tariffs, save_tariffs
from app.ui.dialogs.delete_prints import DeletePrintsDialog
from app.ui.dialogs.mailing_house import MailingHouseDialog, PackChoice
from app.ui.dialogs.posting_date import PostingDateDialog
from app.ui.dialogs.print_range import PrintRangeDialog
from app.ui.dialogs.printed_letters import After, PrintedLettersDialog, PrintLine
from app.ui.dialogs.registered_numbers import Outcome, RegisteredNumbersDialog
from app.ui.dialogs.reprint import ReprintDialog
from app.ui.dialogs.tariffs import TariffsDialog
from app.ui.steps.paper_box_jobs import PaperJobs
from app.ui.steps.sending_gate import SendingGate
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording import explain
from app.wording.french import PARIS, count

if TYPE_CHECKING:
    from app.ui.steps.paper_box import PaperBox


class PaperAfter(QObject):
    """Opens the windows of what follows a print.

    Signals:
        noted: letters were posted, or files deleted.
    """

    noted = Signal()

    def __init__(self, box: "PaperBox", page: SendingGate, jobs: PaperJobs) -> None:
        super().__init__(page)
        self._box, self._page, self._jobs = box, page, jobs

    def show_prints(self) -> None:
        """Every print of the campaign."""
        if self._page.is_busy():
            return
        file = self._page.campaign_file
        waiting = {batch.sha256: batch.waiting for batch in printed_batches(file)}
        lines = [
            PrintLine(at, printed, waiting.get(printed.sha256, 0))
            for at, printed in printed_files(file)
        ]
        dialog = PrintedLettersDialog(lines, self._box)
        dialog.asked.connect(self._act)
        dialog.open()

    def _act(self, act: After, chosen: list[PrintedFile]) -> None:
        match act:
            case After.PRINT:
                self._ask_range(chosen[0])
            case After.REPRINT:
                self._ask_reprint(chosen[0])
            case After.MAILING_HOUSE:
                self._ask_pack(chosen)
            case After.REGISTERED:
                RegisteredNumbersDialog(self.note_registered, self._box).open()
            case After.OPEN_FOLDER:
                open_path(str(Path(chosen[0].path).parent))
            case After.DELETE:
                digests = {printed.sha256 for printed in chosen}
                self.ask_delete(digests)

    # print again

    def _ask_range(self, printed: PrintedFile) -> None:
        dialog = PrintRangeDialog(printed, self._box)
        dialog.asked.connect(lambda part: self._print_file(printed, part))
        dialog.open()

    def _print_file(self, printed: PrintedFile, part: Part) -> None:
        choices = self._box.choices
        self._box.with_printer(
            choices.duplex,
            lambda printer: self._jobs.print_file(printer, printed, choices, part),
        )

    def _ask_reprint(self, printed: PrintedFile) -> None:
        file = self._page.campaign_file
        dialog = ReprintDialog(
            printed,
            lambda codes: reprinting.by_codes(file, codes),
            reprinting.from_letter,
            reprinting.on_pages,
            self._box,
        )
        choices = self._box.choices
        dialog.file_asked.connect(lambda keys: self._box.print_chosen(list(keys)))
        dialog.printer_asked.connect(
            lambda keys: self._box.ask_printer(choices, Part(), chosen=keys)
        )
        dialog.open()

    # mailing house

    def _ask_pack(self, files: list[PrintedFile]) -> None:
        dialog = MailingHouseDialog(
            files,
            self._today(),
            load_tariffs,
            lambda tariff_id: postage_of(files, tariff_id),
            new_password,
            self._box,
        )
        dialog.tariffs_asked.connect(lambda: self.show_tariffs(dialog))
        dialog.asked.connect(lambda choice: self._ask_folder(files, choice))
        dialog.open()

    def _ask_folder(self, files: list[PrintedFile], choice: PackChoice) -> None:
        def write(folder: Path) -> None:
            self._jobs.pack(
                MailingPack(
                    tuple(files),
                    folder,
                    choice.maileva,
                    choice.manifest_csv,
                    choice.manifest_xlsx,
                    choice.slip,
                    choice.password,
                    choice.tariff_id,
                    choice.deposit_on,
                )
            )

        start = Path(files[0].path).parent if files[0].path else paths.documents_dir()
        self._page.desk.files.open_folder(
            self._box, "Dans quel dossier écrire ces fichiers\u202f?", start, write
        )

    def show_tariffs(self, opener: MailingHouseDialog) -> None:
        """Check and complete the tariffs; the estimate of ``opener`` follows."""
        try:
            table = load_tariffs()
        except UserError as error:
            self._page.message_bar.show_error(error)
            return
        dialog = TariffsDialog(table, opener)

        def keep(new: object) -> None:
            with self._page.showing_errors():
                save_tariffs(new)  # type: ignore[arg-type]  # the dialog gives a table; Qt signals say object
            opener.read_tariffs()

        def reset() -> None:
            forget_own_tariffs()
            opener.read_tariffs()

        dialog.confirmed.connect(keep)
        dialog.reset_asked.connect(reset)
        dialog.open()

    def note_registered(self, typed_code: str, typed_number: str) -> Outcome:
        """Keep a label's number; the sentence to show."""
        file, now = self._page.campaign_file, self._page.desk.clock.now()
        try:
            number = note_registered_number(file, typed_code, typed_number, now)
        except UserError as error:
            return explain(error).one_line(), False
        return f"{number}\u00a0: noté.", True

    # the post

    def ask_posted(self) -> None:
        """Ask which prints went to the post, and when."""
        if self._page.is_busy():
            return
        dialog = PostingDateDialog(
            printed_batches(self._page.campaign_file), self._today(), self._box
        )
        dialog.confirmed.connect(self.note_posted)
        dialog.open()

    def note_posted(self, day: date, batches: list[PrintedBatch]) -> None:
        """The letters of ``batches`` went to the post on ``day``."""
        self._jobs.note_posted(day, batches)

    def tell_posted(self, how_many: int, files_left: int) -> None:
        """Say it, and offer to delete the files that are of no more use."""
        words = f"{count(how_many, 'lettre notée comme postée', 'lettres notées comme postées')}."
        actions = []
        if files_left:
            words += (
                f" {count(files_left, 'fichier reste', 'fichiers restent')} sur cet ordinateur, "
                "lisibles sans mot de passe."
            )
            actions = [MessageAction("Effacer ces fichiers…", self.ask_delete)]
        self._page.message_bar.show_message(Meaning.DONE, words, actions)

    # clear text on the disk

    def ask_delete(self, digests: set[str] | None = None) -> None:
        """Offer to delete files of ours that are still there; only those of ``digests`` when given."""
        if self._page.is_busy():
            return
        file = self._page.campaign_file
        wanted = None
        if digests is not None:
            known = [printed for _, printed in printed_files(file) if printed.sha256 in digests]
            wanted = {Path(printed.path) for printed in known if printed.path}
        found = [one for one in clear_files(file) if wanted is None or one.path in wanted]
        if not found:
            self._page.message_bar.show_message(
                Meaning.INFORMATION,
                "Aucun de ces fichiers n’est plus à sa place, tel qu’il a été écrit. S’ils ont été déplacés ou "
                "renommés, effacez-les vous-même.",
            )
            return
        dialog = DeletePrintsDialog(found, self._box)
        dialog.confirmed.connect(lambda: self.delete(found))
        dialog.open()

    def delete(self, files: list[ClearFile]) -> None:
        """Delete them and say so."""
        with self._page.showing_errors():
            gone = delete_files(self._page.campaign_file, files, self._page.desk.clock.now())
            self._page.message_bar.show_message(
                Meaning.DONE,
                f"{count(gone.files, 'fichier effacé', 'fichiers effacés')} de cet ordinateur. Pensez aux "
                "copies\u00a0: sauvegarde, clé, dossier synchronisé.",
            )
        self.noted.emit()

    def _today(self) -> date:
        return self._page.desk.clock.now().astimezone(PARIS).date()
