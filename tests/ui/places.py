"""Every page of the window, open on a campaign with something to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.core.issue import Issue, Level
from app.core.steps import Step
from app.services.departure import plan_options
from app.services.lettering import freeze
from app.services.planning import plan
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.steps.registry import PAGES
from tests.support.ready_campaign import ready_campaign
from tests.ui.conftest import settle

#: tabs of « Mon cabinet »
_TABS = ("practice", "practice_letterhead", "practice_account", "practice_options")
#: home, « Mon cabinet », the register, the dossier of letters that have left, and the six steps
PLACES = ("home", *_TABS, *(page.step.name.lower() for page in PAGES))


@contextmanager
def window_at(place: str, qtbot: QtBot, desk: Desk, folder: Path) -> Iterator[MainWindow]:
    """The window with ``place`` in front, at its smallest size."""
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.resize(window.minimumSize())
    window.show()
    if place in _TABS:
        window.show_practice()
        window.practice.tabs.setCurrentIndex(_TABS.index(place))
    elif place == "register":
        window.show_register()
    elif place != "home":
        campaign_file = ready_campaign(folder)
        row = next(campaign_file.recipients()).row
        campaign_file.replace_issues([Issue("very_old", Level.CHECK, row, "", {"age": 107})])
        window.show_campaign(campaign_file)
        view = window.campaign_view
        assert view is not None
        if place == "kept":
            _post_everything(campaign_file, desk)
            place = "evidence"
        view.bring(Step[place.upper()])
    settle(qtbot, desk)
    yield window
    settle(qtbot, desk)
    window.close()


def _post_everything(campaign_file: CampaignFile, desk: Desk) -> None:
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    freeze(campaign_file, clock=desk.clock)
    for letter in list(campaign_file.deliveries(DeliveryStatus.PENDING, channel=Channel.PAPER)):
        for state in (DeliveryStatus.PRINTED, DeliveryStatus.POSTED):
            campaign_file.move(letter.id, state, now=desk.clock.now())


def focusable(window: QWidget) -> list[QWidget]:
    """Every control that Tab reaches on what is in front."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.objectName() != "qt_spinbox_lineedit"
    ]


def spoken_name(widget: QWidget) -> str:
    """What a screen reader calls the control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    if isinstance(widget, QComboBox):  # on Linux Qt answers the value, the label is a relation
        labels = [related.text(QAccessible.Text.Name) for related, _ in _relations(interface)]
        return labels[0] if labels else widget.accessibleName()
    return interface.text(QAccessible.Text.Name)


def _relations(
    interface: QAccessibleInterface,
) -> list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]:
    return interface.relations(QAccessible.RelationFlag.Label)
