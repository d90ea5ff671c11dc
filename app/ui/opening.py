"""Making and opening campaigns: the questions asked on the way, and what is done with the answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.core.errors.storage import (
    CampaignDamaged,
    KeyMissing,
    PassphraseWrong,
    RecoveryCodeMistyped,
    RecoveryCodeWrong,
    WrongKey,
)
from app.core.incident import Incident
from app.paths import documents_dir
from app.services.backups import copies_of, restore
from app.services.campaigns import (
    asks_for_passphrase,
    campaign_path,
    create_campaign,
    open_with_doubts,
)
from app.services.control import Control
from app.storage.campaign_file import SUFFIX
from app.storage.copies import Backup
from app.storage.keys import read_recovery_code
from app.ui.desk import Desk
from app.ui.dialogs.busy import BusyDialog
from app.ui.dialogs.copies import CopiesDialog
from app.ui.dialogs.new_campaign import NewCampaignDialog
from app.ui.dialogs.recovery_code import AskRecoveryCode, ShowRecoveryCode
from app.ui.workers import Job
from app.wording import explain

_ASK_AGAIN = (RecoveryCodeMistyped, RecoveryCodeWrong, PassphraseWrong, WrongKey)


class CampaignOpener(QObject):
    """Asks, makes, opens; the main window only receives open files.

    Signals:
        opened(CampaignFile, tuple): an open campaign and its doubts (storage.CampaignFile.doubts).
        failed(Exception): one sentence to show.
    """

    opened = Signal(object, tuple)
    failed = Signal(Exception)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._restore_error: Exception | None = None

    # making

    def ask_new(self) -> None:
        """Ask the name and the folder of a new campaign, then make it."""
        chosen = self._desk.settings.current.campaigns_folder
        folder = Path(chosen) if chosen else documents_dir()
        dialog = NewCampaignDialog(
            "", folder, self._desk.files, has_keyring=self._desk.has_keyring, parent=self._window
        )
        dialog.confirmed.connect(self.create)
        dialog.open()

    def create(self, name: str, folder: Path, passphrase: str = "") -> None:
        """Make a campaign, open it, show its recovery code."""
        practice = self._desk.settings.current.practice
        try:
            campaign_file, code = create_campaign(
                campaign_path(name, folder),
                name,
                practice,
                Incident(),
                self._desk.credentials,
                clock=self._desk.clock,
                passphrase=passphrase or None,
            )
            self._remember_folder(folder)
        except UserError as error:
            self.failed.emit(error)
            return
        self.opened.emit(campaign_file, ())
        self.show_code(campaign_file.campaign.name, code, practice.name)

    def show_code(self, campaign_name: str, code: str, practice_name: str) -> ShowRecoveryCode:
        """Show a recovery code and offer its sheet for the safe."""
        dialog = ShowRecoveryCode(
            campaign_name, code, self._desk, practice_name=practice_name, parent=self._window
        )
        dialog.open()
        return dialog

    # opening

    def ask_existing(self) -> None:
        """Ask for the folder of a campaign, then open it."""
        self._desk.files.open_folder(
            self._window,
            "Choisir le dossier d’un envoi (son nom finit par .avis34)",
            documents_dir(),
            self.open,
        )

    def open(self, path: Path, typed: str | None = None) -> None:
        """Open the campaign at ``path``; ask for its code or passphrase when no key is at hand."""
        try:
            code, passphrase = _told_apart(path, typed)
            found = open_with_doubts(
                path, self._desk.credentials, code, passphrase, clock=self._desk.clock
            )
        except KeyMissing:
            self._ask_code(path, self.open)
        except _ASK_AGAIN as error:
            self._ask_code(path, self.open, explain(error).one_line())
        except CampaignDamaged as error:
            self._offer_copies(path, error)
        except UserError as error:
            self.failed.emit(error)
        else:
            self.opened.emit(found.campaign_file, found.doubts)

    def _ask_code(self, path: Path, then: Callable[[Path, str], object], fault: str = "") -> None:
        dialog = AskRecoveryCode(
            path.name.removesuffix(SUFFIX),
            fault,
            self._window,
            or_passphrase=then == self.open and asks_for_passphrase(path),
        )
        dialog.code_given.connect(lambda typed: then(path, typed))
        dialog.open()

    # putting a copy back

    def ask_restore(self) -> None:
        """Ask for the folder of a campaign whose copies shall be shown."""
        self._desk.files.open_folder(
            self._window,
            "Choisir le dossier de l’envoi à rétablir (son nom finit par .avis34)",
            documents_dir(),
            self.show_copies,
        )

    def show_copies(self, path: Path, why: str = "") -> None:
        """The copies of a campaign that is not open."""
        dialog = CopiesDialog(
            path.name.removesuffix(SUFFIX),
            copies_of(path),
            why=why,
            can_make=False,
            parent=self._window,
        )
        dialog.restore_requested.connect(lambda copy: self.restore(path, copy))
        dialog.open()

    def _offer_copies(self, path: Path, error: CampaignDamaged) -> None:
        if copies_of(path):
            self.show_copies(path, explain(error).one_line())
        else:
            self.failed.emit(error)

    def restore(self, path: Path, copy: Backup, code: str | None = None) -> None:
        """Put a copy back, in a worker, then open the campaign."""
        if self._desk.jobs.is_busy:
            return
        credentials = self._desk.credentials
        title = "Rétablissement d’une copie"

        def work(_control: Control) -> Iterator[object]:
            yield "begun"
            restore(path, copy, credentials, code)

        job = Job(title, work)
        dialog = BusyDialog(
            title, "La copie est vérifiée, puis mise en place.", can_stop=False, parent=self._window
        )
        self._restore_error = None
        job.failed.connect(self._note_restore_error)
        job.finished.connect(dialog.end)
        job.finished.connect(lambda: self._end_restore(path, copy))
        dialog.open()
        self._desk.jobs.begin(job)

    def _note_restore_error(self, error: Exception) -> None:
        self._restore_error = error

    def _end_restore(self, path: Path, copy: Backup) -> None:
        error = self._restore_error

        def again(_path: Path, typed: str) -> None:
            self.restore(path, copy, typed)

        if error is None:
            self.open(path)
        elif isinstance(error, KeyMissing):
            self._ask_code(path, again)
        elif isinstance(error, _ASK_AGAIN):
            self._ask_code(path, again, explain(error).one_line())
        else:
            self.failed.emit(error)

    def _remember_folder(self, folder: Path) -> None:
        current = self._desk.settings.current
        if folder != documents_dir() and current.campaigns_folder != str(folder):
            self._desk.settings.replace(replace(current, campaigns_folder=str(folder)))


def _told_apart(path: Path, typed: str | None) -> tuple[str | None, str | None]:
    """(recovery code, passphrase) of what was typed: a passphrase only where one was chosen.

    Raises:
        RecoveryCodeMistyped: neither.
    """
    if typed is None:
        return None, None
    try:
        return read_recovery_code(typed), None
    except RecoveryCodeMistyped:
        if not asks_for_passphrase(path):
            raise
        return None, typed
