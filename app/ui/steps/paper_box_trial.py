"""The sheet with rulers, to try an envelope before hundreds of letters are printed."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app import paths
from app.core.errors.paper import PrintFileNotWritten
from app.paper.envelopes import Envelope
from app.paper.sheets import trial_sheet
from app.services.print_choices import PrintChoices
from app.ui.steps.paper_box_jobs import PaperJobs
from app.ui.steps.sending_gate import SendingGate
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction

if TYPE_CHECKING:
    from app.ui.steps.paper_box import PaperBox


class PaperTrial(QObject):
    """Writes or prints the sheet for the envelope chosen; nothing is recorded."""

    def __init__(self, box: "PaperBox", page: SendingGate, jobs: PaperJobs) -> None:
        super().__init__(page)
        self._box, self._page, self._jobs = box, page, jobs

    def ask_printer(self, choices: PrintChoices) -> None:
        """Let the user choose a printer, then print one page."""
        self._box.with_printer(False, lambda printer: self._jobs.print_trial(printer, choices))  # noqa: FBT003 - two-sided: no

    def ask_file(self, choices: PrintChoices) -> None:
        """Ask where, then write the PDF."""
        self._page.desk.files.save_file(
            self._box,
            "Où écrire la feuille d’essai\u202f?",
            paths.documents_dir() / "Feuille d’essai.pdf",
            lambda target: self.write(target, choices),
        )

    def write(self, target: Path, choices: PrintChoices) -> None:
        """Write the PDF and say what to do with it."""
        with self._page.showing_errors():
            sheet = trial_sheet(choices.envelope or Envelope.DL, choices.window)
            try:
                paths.replace_file(target, sheet)
            except OSError as error:
                raise PrintFileNotWritten(target, error.strerror or "") from error
            self._page.message_bar.show_message(
                Meaning.DONE,
                f"«\u00a0{target.name}\u00a0» est prête. Imprimez-la à 100\u00a0%, mesurez son trait de "
                "10\u00a0cm, puis essayez-la dans une enveloppe.",
                [MessageAction("Ouvrir le PDF", lambda: open_path(target))],
            )
