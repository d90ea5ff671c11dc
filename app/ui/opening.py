"""Making and opening campaigns: the questions asked on the way, and what is done with the answers."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.core.errors.storage import (
    KeyMissing,
    RecoveryCodeMistyped,
    RecoveryCodeWrong,
    WrongKey,
)
from app.core.incident import Incident
from app.paths import documents_dir
from app.services.campaigns import campaign_path, create_campaign, open_with_doubts
from app.storage.campaign_file import SUFFIX, CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.new_campaign import NewCampaignDialog
from app.ui.dialogs.recovery_code import AskRecoveryCode, ShowRecoveryCode
from app.wording import explain

_ASK_AGAIN = (RecoveryCodeMistyped, RecoveryCodeWrong, WrongKey)


class CampaignOpener(QObject):
    """Asks, makes, opens; the main window only receives open files.

    Signals:
        opened(CampaignFile, tuple): an open campaign and its doubts (storage.CampaignFile.doubts).
        failed(UserError): one sentence to show.
    """

    opened = Signal(object, tuple)
    failed = Signal(Exception)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window

    def ask_new(self) -> None:
        """Ask the name and the folder of a new campaign, then make it."""
        chosen = self._desk.settings.current.campaigns_folder
        folder = Path(chosen) if chosen else documents_dir()
        dialog = NewCampaignDialog("", folder, self._desk.files, self._window)
        dialog.confirmed.connect(self.create)
        dialog.open()

    def create(self, name: str, folder: Path) -> None:
        """Make a campaign, open it, show its recovery code."""
        try:
            campaign_file, code = create_campaign(
                campaign_path(name, folder),
                name,
                self._desk.settings.current.practice,
                Incident(),
                self._desk.credentials,
                clock=self._desk.clock,
            )
            self._remember_folder(folder)
        except UserError as error:
            self.failed.emit(error)
            return
        self.opened.emit(campaign_file, ())
        self.show_code(campaign_file, code)

    def show_code(self, campaign_file: CampaignFile, code: str) -> None:
        """Show the recovery code of a campaign just made."""
        ShowRecoveryCode(
            campaign_file.campaign.name,
            code,
            has_keyring=self._desk.has_keyring,
            parent=self._window,
        ).open()

    def ask_existing(self) -> None:
        """Ask for the folder of a campaign, then open it."""
        self._desk.files.open_folder(
            self._window,
            "Choisir le dossier d’un envoi (son nom finit par .avis34)",
            documents_dir(),
            self.open,
        )

    def open(self, path: Path, recovery_code: str | None = None) -> None:
        """Open the campaign at ``path``; ask for the recovery code when no key is at hand."""
        try:
            found = open_with_doubts(
                path, self._desk.credentials, recovery_code, clock=self._desk.clock
            )
        except KeyMissing:
            self._ask_code(path)
            return
        except _ASK_AGAIN as error:
            self._ask_code(path, explain(error).one_line())
            return
        except UserError as error:
            self.failed.emit(error)
            return
        self.opened.emit(found.campaign_file, found.doubts)

    def _ask_code(self, path: Path, fault: str = "") -> None:
        dialog = AskRecoveryCode(path.name.removesuffix(SUFFIX), fault, self._window)
        dialog.code_given.connect(lambda code: self.open(path, code))
        dialog.open()

    def _remember_folder(self, folder: Path) -> None:
        current = self._desk.settings.current
        if folder != documents_dir() and current.campaigns_folder != str(folder):
            self._desk.settings.replace(replace(current, campaigns_folder=str(folder)))
