"""Opening « Mon cabinet » in tests, and finding what it shows."""

from pathlib import Path
from typing import TypeVar

import trustme
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.desk import Desk
from app.ui.practice import PracticePage
from tests.ui.conftest import press

Dialog = TypeVar("Dialog", bound=QDialog)
TABS = ("practice", "letterhead", "account", "options")


def shown(qtbot: QtBot, desk: Desk, tab: str = "practice") -> PracticePage:
    """The page as the window opens it, with one tab in front."""
    page = PracticePage(desk)
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    page.load()
    page.tabs.setCurrentIndex(TABS.index(tab))
    return page


def dialog_of(page: QWidget, kind: type[Dialog]) -> Dialog:
    """The dialog of this kind that is open."""
    found = [each for each in page.findChildren(kind) if each.isVisible()]
    assert len(found) == 1, found
    return found[0]


def button(parent: QWidget, words: str) -> QPushButton:
    """The visible button that says ``words``."""
    QApplication.processEvents()  # a layout shows new widgets in the next turn
    found = [
        each
        for each in parent.findChildren(QPushButton)
        if each.isVisible() and each.text().replace("&", "") == words
    ]
    assert len(found) == 1, [each.text() for each in parent.findChildren(QPushButton)]
    return found[0]


def accept(qtbot: QtBot, page: QWidget, kind: type[Dialog], words: str) -> None:
    """Say yes to the dialog of this kind."""
    press(qtbot, button(dialog_of(page, kind), words))


def pem_of(folder: Path, *authorities: trustme.CA) -> Path:
    """One file with these authorities."""
    file = folder / "autorites.pem"
    file.write_bytes(b"".join(each.cert_pem.bytes() for each in authorities))
    return file
