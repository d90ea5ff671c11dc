"""« Aide, Exemples complets »: every kind of incident opens as a whole campaign."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.services.samples import all_samples, load_sample, sample_ids
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from tests.support.ready_campaign import NOW
from tests.ui.conftest import settle


def _entries(window: MainWindow) -> list[QAction]:
    menus = [menu for menu in window.findChildren(QMenu) if menu.title() == "&Exemples complets"]
    (menu,) = menus
    return list(menu.actions())


def test_the_menu_names_every_sample_and_tells_its_story(qtbot: QtBot, desk: Desk) -> None:
    window = MainWindow(desk)
    qtbot.addWidget(window)
    entries = _entries(window)
    assert [entry.text() for entry in entries] == [sample.title for sample in all_samples()]
    assert len(entries) == len(sample_ids()) == 6
    assert all(len(entry.toolTip()) > 60 for entry in entries)


@pytest.mark.parametrize("sample_id", ["teleconsultation", "hopital-3-cloture"])
def test_a_sample_opens_with_its_own_incident_and_patients(
    qtbot: QtBot, desk: Desk, sample_id: str
) -> None:
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    wanted = load_sample(sample_id, NOW.date())
    (entry,) = [each for each in _entries(window) if each.text() == wanted.title]
    entry.trigger()
    settle(qtbot, desk)
    view = window.campaign_view
    assert view is not None
    opened = view.campaign_file
    assert opened.campaign.is_sample
    assert opened.incident().template_id == wanted.incident.template_id
    assert opened.count_recipients() == 72
    window.close()
