"""What the tests of the sending page share: a page on a reviewed campaign, answers to its questions."""

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.core.mail_account import AuthKind
from app.services import reading
from app.services.departure import plan_options
from app.services.overview import LETTERS_BLOCKING
from app.services.plan_summary import summarise
from app.services.trial_letter import TRIAL_SENT_AT
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.confirm_send import ConfirmSendDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.sending import SendingPage
from tests.support.ready_campaign import NOW
from tests.support.smtp_server import ScriptedServer
from tests.ui.conftest import press, settle, type_text

D = TypeVar("D", bound=QDialog)


class Gate:
    """A server's answer that waits for the test."""

    def __init__(self, after: int) -> None:
        self.open = Event()
        self.seen = 0
        self._after = after

    def answer(self, _address: str) -> str:
        self.seen += 1
        if self.seen > self._after:
            self.open.wait(20)
        return "250 2.0.0 OK"


def reviewed(campaign_file: CampaignFile, desk: Desk) -> CampaignFile:
    """As the review page leaves it: checked, counted, read, a trial letter received."""
    options = plan_options(campaign_file, desk.settings.current.account)
    list(summarise(campaign_file, options, clock=desk.clock))
    campaign_file.set_setting(LETTERS_BLOCKING, "0")
    for letter in reading.draw_letters(campaign_file):
        reading.mark_read(campaign_file, letter.recipient_id, desk.clock)
    campaign_file.set_setting(TRIAL_SENT_AT, NOW.isoformat())
    return campaign_file


def opened(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> SendingPage:
    """The page, loaded."""
    page = SendingPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.load()
    settle(qtbot, desk)
    return page


def dialog_of(page: QWidget, kind: type[D]) -> D:
    """The one dialog of this kind that is open."""
    found = [each for each in page.findChildren(kind) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def confirm(qtbot: QtBot, page: SendingPage, number: int | str, *, first: int = 0) -> None:
    """Press « Envoyer… », write the number, press the button of the question."""
    press(qtbot, page.email_box.send_button)
    settle(qtbot, page.desk)
    dialog = dialog_of(page, ConfirmSendDialog)
    dialog.first_box.setChecked(bool(first))
    dialog.first_spin.setValue(first or 1)
    type_text(dialog.number_edit, str(number))
    press(qtbot, dialog.send_button)


def go_on(qtbot: QtBot, page: SendingPage) -> None:
    """Press « Envoyer la suite… » and answer the question: the number was typed before."""
    press(qtbot, page.email_box.send_button)
    settle(qtbot, page.desk)
    answer_go_on(qtbot, page)


def answer_go_on(qtbot: QtBot, page: SendingPage) -> None:
    """« Pas maintenant » is the safe button; press the other one."""
    question = dialog_of(page, QuestionDialog)
    assert not isinstance(question, ConfirmSendDialog)
    later, now = (
        next(b for b in question.findChildren(QPushButton) if b.text().startswith(verb))
        for verb in ("Pas maintenant", "Envoyer")
    )
    assert later.isDefault()
    press(qtbot, now)


def bar_button(page: SendingPage, words: str) -> QPushButton:
    """The button of the message bar that begins with ``words``."""
    return next(b for b in page.message_bar.findChildren(QPushButton) if b.text().startswith(words))


def statuses(campaign_file: CampaignFile, channel: Channel) -> dict[DeliveryStatus, int]:
    """Letters of a channel by state."""
    counts = campaign_file.delivery_counts()
    return {status: n for (road, status), n in counts.items() if road is channel and n}


def with_account(desk: Desk, server: ScriptedServer, folder: Path, **changes: Any) -> None:
    """Letters leave from this server."""
    settings = {"auth": AuthKind.NONE, "limits": (), **changes}
    account = server.account(folder, **settings)
    desk.settings.replace(replace(desk.settings.current, account=account))


def drop(widget: QWidget, *paths: Path) -> None:
    """Drop these files in the middle of nowhere of ``widget``."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    entered = QDragEnterEvent(QPointF(5, 5).toPoint(), copy, data, buttons, keys)
    QApplication.sendEvent(widget, entered)
    if entered.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), copy, data, buttons, keys))
