"""What every page is handed: settings, secrets, clock, the one running Job, questions about files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

from app import settings
from app.core.clock import Clock
from app.credentials import CredentialStore
from app.services.accounts import Outside
from app.settings import Settings
from app.ui.workers import JobDesk

PathTaken = Callable[[Path], object]


class SettingsDesk:
    """The settings in memory; replacing them writes the file at once."""

    def __init__(self, current: Settings) -> None:
        self._current = current

    @property
    def current(self) -> Settings:
        """The settings as last saved."""
        return self._current

    def replace(self, new: Settings) -> None:
        """Save ``new`` (atomic) and keep it."""
        settings.save(new)
        self._current = new


class FileChooser(Protocol):
    """Asks for a path and calls back; never blocks. Tests hand in one that answers at once."""

    def open_file(self, parent: QWidget, caption: str, filters: str, taken: PathTaken) -> None:
        """An existing file; ``filters`` as QFileDialog writes them."""
        ...

    def save_file(self, parent: QWidget, caption: str, proposed: Path, taken: PathTaken) -> None:
        """A file to write; the dialog itself asks before it replaces one."""
        ...

    def open_folder(self, parent: QWidget, caption: str, start: Path, taken: PathTaken) -> None:
        """An existing folder."""
        ...


class NativeFileChooser:
    """The system's own dialogs, shown with ``open()``."""

    def open_file(self, parent: QWidget, caption: str, filters: str, taken: PathTaken) -> None:
        """An existing file."""
        dialog = QFileDialog(parent, caption, "", filters)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._open(dialog, taken)

    def save_file(self, parent: QWidget, caption: str, proposed: Path, taken: PathTaken) -> None:
        """A file to write."""
        dialog = QFileDialog(parent, caption, str(proposed.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(proposed.suffix.removeprefix("."))
        dialog.selectFile(proposed.name)
        self._open(dialog, taken)

    def open_folder(self, parent: QWidget, caption: str, start: Path, taken: PathTaken) -> None:
        """An existing folder."""
        dialog = QFileDialog(parent, caption, str(start))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog, taken)

    def _open(self, dialog: QFileDialog, taken: PathTaken) -> None:
        dialog.fileSelected.connect(lambda chosen: taken(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


@dataclass(frozen=True, slots=True)
class Desk:
    """The objects shared by the whole window, built once in ``application.py``."""

    settings: SettingsDesk
    credentials: CredentialStore
    clock: Clock
    jobs: JobDesk
    files: FileChooser
    #: False when this computer keeps no secret: passwords live in memory until the program ends
    has_keyring: bool = True
    #: browser, https, name service and identity providers, as the set-up of an account uses them
    outside: Outside = field(default_factory=Outside)
