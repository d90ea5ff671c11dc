"""Home, opening and closing of campaigns, moves between the steps, menus."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.incident import Incident
from app.core.steps import Step
from app.services.campaigns import create_campaign
from app.services.control import Control
from app.settings import Settings
from app.ui.campaign_view import CampaignView
from app.ui.desk import Desk
from app.ui.dialogs.new_campaign import NewCampaignDialog
from app.ui.dialogs.problem import ProblemDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.dialogs.recovery_code import AskRecoveryCode, ShowRecoveryCode
from app.ui.help import HelpDialog
from app.ui.main_window import MainWindow
from app.ui.workers import Job
from tests.ui.conftest import INCIDENT, PRACTICE, ReadyFileChooser, press, settle, type_text


@pytest.fixture
def window(qtbot: QtBot, ready_desk: Desk) -> Iterator[MainWindow]:
    made = MainWindow(ready_desk)
    qtbot.addWidget(made)
    made.resize(1093, 614)
    made.show()
    yield made
    made.close()


D = TypeVar("D", bound=QDialog)


def dialog_of(window: MainWindow, kind: type[D]) -> D:
    found = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
    assert len(found) == 1
    return found[0]


def button_of(dialog: QDialog, words: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == words)


def stored(tmp_path: Path, desk: Desk, name: str = "Ordinateur volé") -> tuple[Path, str]:
    """A closed campaign on the disk and its recovery code."""
    campaign_file, code = create_campaign(
        tmp_path / f"{name}.avis34", name, PRACTICE, INCIDENT, desk.credentials, clock=desk.clock
    )
    path = campaign_file.folder
    campaign_file.close()
    return path, code


def test_the_first_page_offers_one_action(qtbot: QtBot, desk: Desk) -> None:
    desk.settings.replace(Settings())
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    assert window.home.empty.isVisible()
    assert "Mon cabinet" in window.home.message_bar.text
    press(qtbot, window.home.message_bar.findChildren(QPushButton)[0])
    assert window.practice.isVisible()
    press(qtbot, window.practice.back_button)
    assert window.home.isVisible()


def test_a_new_campaign_is_made_opened_and_its_code_shown(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, own_home: Path
) -> None:
    press(qtbot, window.home.empty_new_button)
    dialog = dialog_of(window, NewCampaignDialog)
    press(qtbot, button_of(dialog, "Créer l’envoi"))
    assert dialog.fault_label.isVisible()  # no name yet
    type_text(dialog.name_edit, "Éditeur / mars")
    press(qtbot, button_of(dialog, "Créer l’envoi"))
    view = window.campaign_view
    assert view is not None
    assert view.campaign_file.folder == own_home / "documents" / "Avis 34" / "Éditeur mars.avis34"
    assert view.campaign_file.practice() == PRACTICE
    assert window.windowTitle() == "Éditeur / mars"
    shown = dialog_of(window, ShowRecoveryCode)
    code = shown.code_label.text()
    press(qtbot, button_of(shown, "Le code est en lieu sûr"))
    window.show_home()
    assert window.campaign_view is None
    assert window.home.table.model().rowCount() == 1
    keyring.delete_password("Avis 34", f"campaign:{view.campaign_file.campaign.id}")
    press(qtbot, window.home.open_button)
    asked = dialog_of(window, AskRecoveryCode)
    type_text(asked.code_edit, code[:-1])
    press(qtbot, button_of(asked, "Ouvrir l’envoi"))
    again = dialog_of(window, AskRecoveryCode)
    assert again.fault_label.text()
    type_text(again.code_edit, code.lower())
    press(qtbot, button_of(again, "Ouvrir l’envoi"))
    assert window.campaign_view is not None


def test_the_list_of_campaigns_opens_one_with_enter(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, tmp_path: Path
) -> None:
    stored(tmp_path, ready_desk)
    window.show_home()
    QTest.keyClick(window.home.table, Qt.Key.Key_Return)
    assert window.campaign_view is not None
    assert window.campaign_view.campaign_file.campaign.name == "Ordinateur volé"


def test_a_folder_that_is_no_campaign_gets_one_sentence(
    qtbot: QtBot, window: MainWindow, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path
    press(qtbot, window.home.empty_open_button)
    assert window.home.message_bar.text
    assert window.campaign_view is None


@pytest.fixture
def opened(window: MainWindow, ready_desk: Desk, tmp_path: Path) -> MainWindow:
    path, _ = stored(tmp_path, ready_desk)
    window.opener.open(path)
    return window


def test_steps_one_to_three_are_free_and_the_others_say_what_they_wait_for(
    qtbot: QtBot, opened: MainWindow
) -> None:
    view = opened.campaign_view
    assert view is not None
    QTest.keyClick(opened, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert current(view) is Step.LETTER
    QTest.keyClick(opened, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert current(view) is Step.LETTER
    bar = view.page(Step.LETTER).message_bar
    assert "la liste des patients" in bar.text
    press(qtbot, button_in(bar, "Aller à «\u00a0Les patients\u00a0»"))
    assert current(view) is Step.PATIENTS


def current(view: CampaignView) -> Step:
    return view.current_step


def button_in(widget: QWidget, words: str) -> QPushButton:
    return next(b for b in widget.findChildren(QPushButton) if b.text() == words)


def test_next_and_back_name_the_pages_and_follow_alt_arrows(
    qtbot: QtBot, opened: MainWindow
) -> None:
    view = opened.campaign_view
    assert view is not None
    assert view.next_button.text() == "Les patients \u203a"
    assert not view.back_button.isVisible()
    press(qtbot, view.next_button)
    assert current(view) is Step.PATIENTS
    assert view.back_button.text() == "\u2039 L’incident"
    QTest.keyClick(opened, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert current(view) is Step.INCIDENT
    QTest.keyClick(opened, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert current(view) is Step.PATIENTS


def test_arrows_move_in_the_list_and_enter_goes_into_the_page(
    qtbot: QtBot, opened: MainWindow
) -> None:
    view = opened.campaign_view
    assert view is not None
    with qtbot.waitActive(opened):
        opened.activateWindow()
    view.step_list.setFocus()
    QTest.keyClick(view.step_list, Qt.Key.Key_Down)
    assert current(view) is Step.PATIENTS
    assert view.step_list.hasFocus()
    QTest.keyClick(view.step_list, Qt.Key.Key_Return)
    assert view.page(Step.PATIENTS).heading.hasFocus()


def test_practice_changes_reach_the_open_campaign(qtbot: QtBot, opened: MainWindow) -> None:
    view = opened.campaign_view
    assert view is not None
    opened.show_practice()
    opened.practice.form.phone.clear()
    type_text(opened.practice.form.phone, "03 84 11 11 11")
    press(qtbot, opened.practice.back_button)
    assert view.isVisible()
    assert view.campaign_file.practice().phone == "03 84 11 11 11"


def test_help_speaks_of_the_page_in_front(qtbot: QtBot, opened: MainWindow) -> None:
    QTest.keyClick(opened, Qt.Key.Key_F1)
    dialog = dialog_of(opened, HelpDialog)
    assert dialog.windowTitle() == "L’incident"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not [d for d in opened.findChildren(HelpDialog) if d.isVisible()]


def test_closing_during_a_job_asks_then_stops_it(
    qtbot: QtBot, opened: MainWindow, ready_desk: Desk
) -> None:
    def wait(control: Control) -> Iterator[object]:
        yield 1
        control.wait(3_600)

    ready_desk.jobs.begin(Job("Envoi des courriels", wait))
    opened.close()
    assert opened.isVisible()
    dialog = dialog_of(opened, QuestionDialog)
    assert "Envoi des courriels" in dialog.text_label.text()
    press(qtbot, button_of(dialog, "Arrêter et fermer"))
    settle(qtbot, ready_desk)
    qtbot.waitUntil(lambda: not opened.isVisible())


def test_a_sentence_of_an_error_is_shown_and_a_defect_gets_its_dialog(
    qtbot: QtBot, opened: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    from app.core.errors.storage import DiskFull
    from app.ui.application import FaultTeller

    teller = FaultTeller(opened)
    teller.tell(DiskFull())
    view = opened.campaign_view
    assert view is not None
    assert view.page(Step.INCIDENT).message_bar.text
    teller.tell(ValueError("DURAND Paul, 12 rue des Lilas"))
    dialog = dialog_of(opened, ProblemDialog)
    assert "ValueError" in dialog.description.toPlainText()
    assert "DURAND" not in dialog.description.toPlainText()
    caplog.clear()


def test_an_unfinished_practice_keeps_the_sending_closed(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, tmp_path: Path
) -> None:
    campaign_file, _ = create_campaign(
        tmp_path / "e.avis34", "e", replace(PRACTICE, phone=""), Incident(), ready_desk.credentials
    )
    window.show_campaign(campaign_file)
    view = window.campaign_view
    assert view is not None
    view.show_step(Step.REVIEW)
    bar = view.page(Step.INCIDENT).message_bar
    press(qtbot, button_in(bar, "Compléter «\u00a0Mon cabinet\u00a0»"))
    assert window.practice.isVisible()
