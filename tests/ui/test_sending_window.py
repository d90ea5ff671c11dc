"""The real window while letters leave: title, closing, a copied campaign, a second window, faults."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.core.pacing import DAY, RateWindow
from app.core.steps import Step
from app.services.campaigns import create_campaign, open_campaign
from app.services.samples import load_sample
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.question import QuestionDialog
from app.ui.dialogs.returned_emails import ReturnedEmailsDialog
from app.ui.main_window import MainWindow
from app.ui.notification import notify
from app.ui.steps.sending import SendingPage
from tests.doors.test_mail_reports import dsn
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.ready_campaign import NOW
from tests.support.smtp_server import Script, ScriptedServer
from tests.ui.conftest import press, settle
from tests.ui.sending_support import (
    Gate,
    bar_button,
    confirm,
    dialog_of,
    drop,
    go_on,
    reviewed,
    statuses,
    with_account,
)

_S = DeliveryStatus


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def stored(tmp_path: Path, desk: Desk) -> Path:
    """A reviewed campaign of forty people, closed, as the program makes it."""
    sample = load_sample("editeur", NOW.date())
    path = tmp_path / "Essai.avis34"
    made, _ = create_campaign(
        path, "Essai", sample.practice, sample.incident, desk.credentials, clock=desk.clock
    )
    with made:
        made.add_recipients(make_recipient(number) for number in range(1, 41))
        reviewed(made, desk)
    return path


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> MainWindow:
    made = MainWindow(desk)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made


def sending_page(window: MainWindow) -> SendingPage:
    assert window.campaign_view is not None
    window.campaign_view.show_step(Step.SENDING)
    page = window.campaign_view.page(Step.SENDING)
    assert isinstance(page, SendingPage)
    return page


def reopened(path: Path, desk: Desk) -> CampaignFile:
    return open_campaign(path, desk.credentials)


def test_the_title_tells_and_closing_asks_and_loses_nothing(
    qtbot: QtBot, desk: Desk, window: MainWindow, stored: Path, tmp_path: Path
) -> None:
    gate = Gate(after=20)
    with ScriptedServer(Script(data=gate.answer)) as server:
        with_account(desk, server, tmp_path)
        window.opener.open(stored)
        page = sending_page(window)
        confirm(qtbot, page, 40)
        qtbot.waitUntil(lambda: page.progress.tally.settled == 20, timeout=10_000)
        qtbot.waitUntil(
            lambda: window.windowTitle() == "Envoi en cours, 50\u00a0% – Essai", timeout=5_000
        )
        window.show_practice()
        assert window.windowTitle().startswith("Envoi en cours, 50\u00a0% – Mon cabinet")
        window._back_to_campaign()
        assert not window.close()
        question = dialog_of(window, QuestionDialog)
        buttons = {button.text(): button for button in question.findChildren(QPushButton)}
        assert buttons["Laisser continuer"].isDefault()
        press(qtbot, buttons["Laisser continuer"])
        assert desk.jobs.is_busy
        assert not window.close()
        question = dialog_of(window, QuestionDialog)
        buttons = {button.text(): button for button in question.findChildren(QPushButton)}
        press(qtbot, buttons["Arrêter et fermer"])
        gate.open.set()
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
        with reopened(stored, desk) as file:
            counted = statuses(file, Channel.EMAIL)
            assert counted == {_S.ACCEPTED: 21, _S.PENDING: 19}
            assert file.balance().is_exact()
        again = MainWindow(desk)
        qtbot.addWidget(again)
        again.show()
        again.opener.open(stored)
        page = sending_page(again)
        go_on(qtbot, page)
        settle(qtbot, desk)
        assert len(server.received) == 40
        assert len({each.recipients for each in server.received}) == 40
        assert again.windowTitle() == "Essai"


def test_pause_and_stop_answer_at_once_while_a_limit_is_waited_for(
    qtbot: QtBot, desk: Desk, window: MainWindow, stored: Path, tmp_path: Path
) -> None:
    with ScriptedServer() as server:
        with_account(desk, server, tmp_path, limits=(RateWindow(6, DAY),))
        window.opener.open(stored)
        page = sending_page(window)
        confirm(qtbot, page, 40)
        progress = page.progress
        qtbot.waitUntil(lambda: "La limite de votre hébergeur" in progress.words_label.text())
        assert "La suite partira demain à 10\u00a0h\u00a004" in progress.words_label.text()
        assert "fermer le logiciel" in progress.words_label.text()
        assert progress.states_label.text() == (
            "Acceptées\u00a0: 6  ·  Refusées\u00a0: 0  ·  À envoyer\u00a0: 34"
        )
        assert window.windowTitle() == "Envoi en attente, 15\u00a0% – Essai"
        press(qtbot, progress.pause_button)
        assert progress.words_label.text() == "Envoi suspendu à 6 sur 40."
        assert window.windowTitle() == "Envoi suspendu, 15\u00a0% – Essai"
        press(qtbot, progress.pause_button)
        assert "La limite de votre hébergeur" in progress.words_label.text()
        page.email_box.run.stop()
        qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=1_500)
        assert "Envoi arrêté à 6 sur 40" in page.message_bar.text
        assert page.email_box.plan.shorten_button.isVisible()
        assert len(server.received) == 6


def test_the_end_is_told_to_the_system_without_a_name(
    qtbot: QtBot, desk: Desk, window: MainWindow, stored: Path, tmp_path: Path
) -> None:
    with ScriptedServer() as server:
        with_account(desk, server, tmp_path)
        window.opener.open(stored)
        page = sending_page(window)
        with qtbot.waitSignal(page.notified, timeout=20_000) as told:
            confirm(qtbot, page, 40)
        settle(qtbot, desk)
    frozen = list(page.campaign_file.events(kind="run_frozen"))
    assert [event.at for event in frozen] == [NOW]  # the desk's clock, not the system's
    assert not notify(window, "Essai", told.args[0])  # in front, or no tray on this screen
    assert told.args == ["L’envoi est terminé\u00a0: 40\u00a0lettres acceptées par le serveur."]


def test_a_copied_campaign_asks_before_it_goes_on(
    qtbot: QtBot, desk: Desk, window: MainWindow, stored: Path, tmp_path: Path
) -> None:
    before = tmp_path / "avant"
    copytree(stored, before)
    with ScriptedServer() as server:
        with_account(desk, server, tmp_path)
        window.opener.open(stored)
        page = sending_page(window)
        confirm(qtbot, page, 40, first=5)
        settle(qtbot, desk)
        window.show_home()
        copy = tmp_path / "Restauré.avis34"
        copytree(before, copy)
        window.opener.open(copy)
        page = sending_page(window)
        doubt = page.message_bar.text
        assert doubt
        press(qtbot, page.email_box.send_button)
        settle(qtbot, desk)
        assert page.message_bar.text == doubt
        assert len(server.received) == 5
        press(qtbot, bar_button(page, "C’est bien cet envoi, continuer"))
        assert page.message_bar.text != doubt
        assert [e.kind for e in page.campaign_file.events(kind="doubts_confirmed")]
        confirm(qtbot, page, 40)
        settle(qtbot, desk)
        assert len(server.received) == 45


def test_messages_dropped_on_another_page_are_read_on_the_sending_page(
    qtbot: QtBot, desk: Desk, window: MainWindow, stored: Path, tmp_path: Path
) -> None:
    with ScriptedServer() as server:
        with_account(desk, server, tmp_path)
        window.opener.open(stored)
        page = sending_page(window)
        confirm(qtbot, page, 40)
        settle(qtbot, desk)
    letter = next(page.campaign_file.deliveries(_S.ACCEPTED))
    saved = tmp_path / "retour.eml"
    saved.write_bytes(dsn(returned=f"Message-ID: {letter.message_id}\r\n"))
    view = window.campaign_view
    assert view is not None
    view.show_step(Step.PATIENTS)
    drop(view, saved)
    settle(qtbot, desk)
    assert view.current_step is Step.SENDING
    assert dialog_of(page, ReturnedEmailsDialog).table.rowCount() == 1
    assert page.campaign_file.delivery(letter.id).status is _S.BOUNCED
    dialog_of(page, ReturnedEmailsDialog).reject()


def test_a_second_window_says_one_sentence(
    qtbot: QtBot, desk: Desk, window: MainWindow, stored: Path
) -> None:
    window.opener.open(stored)
    other = MainWindow(desk)
    qtbot.addWidget(other)
    other.show()
    other.opener.open(stored)
    assert other.campaign_view is None
    assert "déjà ouvert" in other.home.message_bar.text


@pytest.fixture
def refusing() -> Iterator[ScriptedServer]:
    """Knows nobody of even number, but says it in many ways so that only the share speaks."""

    def rcpt(to: str) -> str:
        number = int("".join(char for char in to.split("@")[0] if char.isdigit()))
        return f"550 5.1.1 no user {to}" if number % 2 == 0 else "250 OK"

    with ScriptedServer(Script(rcpt=rcpt)) as running:
        yield running


def test_too_many_refusals_stop_the_sending_and_say_what_to_do(
    qtbot: QtBot,
    desk: Desk,
    window: MainWindow,
    stored: Path,
    tmp_path: Path,
    refusing: ScriptedServer,
) -> None:
    with_account(desk, refusing, tmp_path)
    window.opener.open(stored)
    page = sending_page(window)
    confirm(qtbot, page, 40)
    settle(qtbot, desk)
    counted = statuses(page.campaign_file, Channel.EMAIL)
    assert counted[_S.PENDING] > 0
    assert "Trop de lettres sont refusées\u00a0: 10 sur 20." in page.message_bar.text
    assert "colonne des adresses" in page.message_bar.text
    assert "Il reste" in page.message_bar.text
    press(qtbot, bar_button(page, "Voir les refus"))
    assert page.table.model.rowCount() == counted[_S.REJECTED]
    press(qtbot, bar_button(page, "Reprendre l’envoi"))
    settle(qtbot, desk)
    assert dialog_of(page, QuestionDialog)
    dialog_of(page, QuestionDialog).reject()


def test_a_limit_met_offers_to_go_on_by_itself(
    qtbot: QtBot,
    desk: Desk,
    window: MainWindow,
    stored: Path,
    tmp_path: Path,
    clock: FixedClock,
) -> None:
    with ScriptedServer() as server:
        with_account(desk, server, tmp_path)
        window.opener.open(stored)
        page = sending_page(window)
        confirm(qtbot, page, 40, first=3)
        settle(qtbot, desk)
        later = page.email_box.later
        later.propose(clock.now() + timedelta(hours=14))
        later.wait()
        assert "L’envoi reprendra le" in page.message_bar.text or "demain" in page.message_bar.text
        later.look()
        assert not desk.jobs.is_busy
        clock.moment += timedelta(hours=15)
        later.look()
        settle(qtbot, desk)
        assert len(server.received) == 40
        assert not later.timer.isActive()


def test_the_password_that_is_missing_leads_to_the_practice(
    qtbot: QtBot, desk: Desk, window: MainWindow, stored: Path, tmp_path: Path
) -> None:
    with ScriptedServer(wants_login=True) as server:
        account = replace(server.account(tmp_path), user_name="contact")
        desk.settings.replace(replace(desk.settings.current, account=account))
        window.opener.open(stored)
        page = sending_page(window)
        confirm(qtbot, page, 40)
        settle(qtbot, desk)
        assert "mot de passe" in page.message_bar.text
        press(qtbot, bar_button(page, "Ouvrir «\u00a0Mon cabinet"))
        assert window.practice.isVisible()
        assert not server.received
