"""Files and folders shown with the system's own programs."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: str) -> None:
    """Show a file or a folder with the system's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
