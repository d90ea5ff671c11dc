"""Saved messages dropped on the window: .eml, .mbox, or a folder of them."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from app.services.bounce_reading import is_saved_message


def dropped_messages(data: QMimeData) -> tuple[Path, ...]:
    """The local paths of a drag; empty unless each is a saved message or a folder.

    Outlook's own .msg files are let through, so that the answer can say what to do instead.
    """
    urls = data.urls()
    if not urls or not all(url.isLocalFile() for url in urls):
        return ()
    paths = tuple(Path(url.toLocalFile()) for url in urls)
    return paths if all(is_saved_message(path) or is_outlook_file(path) for path in paths) else ()


def is_outlook_file(path: Path) -> bool:
    """True for a message saved by Outlook in its own format, which nothing here reads."""
    return path.suffix.lower() == ".msg"
