"""Files and folders shown by the system's own programs."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: Path | str) -> None:
    """Show a file, or a folder, with the program the system keeps for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
