"""A run in the window: pause, stop, faults, refusals, the first letters looked at first."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.confirm_send import ConfirmSendDialog
from app.ui.dialogs.question import QuestionDialog
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.ready_campaign import NOW, ready_campaign
from tests.support.smtp_server import Script, ScriptedServer
from tests.ui.conftest import press, settle, type_text
from tests.ui.sending_support import (
    Gate,
    answer_go_on,
    bar_button,
    confirm,
    dialog_of,
    go_on,
    opened,
    reviewed,
    statuses,
    with_account,
)

_S = DeliveryStatus
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def clock() -> FixedClock:
    """The day on which the ready campaign writes."""
    return FixedClock(NOW)


@pytest.fixture
def real_campaign(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    folder = tmp_path / "vrai"
    folder.mkdir()
    people = [make_recipient(number) for number in range(1, 21)]
    made = ready_campaign(folder, people, is_sample=False)
    yield made
    made.close()


def test_pause_resume_and_a_bar_that_never_goes_back(
    qtbot: QtBot, desk: Desk, real_campaign: CampaignFile, tmp_path: Path
) -> None:
    gate = Gate(after=5)
    with ScriptedServer(Script(data=gate.answer)) as server:
        with_account(desk, server, tmp_path)
        page = opened(qtbot, desk, reviewed(real_campaign, desk))
        values: list[int] = []
        page.progress.bar.valueChanged.connect(values.append)
        confirm(qtbot, page, 20)
        qtbot.waitUntil(lambda: gate.seen > 5 and page.progress.tally.settled == 5, timeout=10_000)
        qtbot.waitUntil(lambda: "5\u00a0courriels sur 20" in page.progress.words_label.text())
        assert page.progress.isVisible()
        press(qtbot, page.progress.pause_button)
        gate.open.set()
        qtbot.waitUntil(lambda: "suspendu à 6 sur 20" in page.progress.words_label.text())
        assert page.progress.pause_button.text() == "Reprendre"
        assert len(server.received) == 6
        press(qtbot, page.email_box.send_button)  # disabled while a run is under way
        assert not [d for d in page.findChildren(ConfirmSendDialog) if d.isVisible()]
        press(qtbot, page.progress.pause_button)
        settle(qtbot, desk)
        assert statuses(real_campaign, Channel.EMAIL) == {_S.ACCEPTED: 20}
        assert values == sorted(values)
        page.close()


def test_a_stop_is_asked_for_and_the_rest_can_follow(
    qtbot: QtBot, desk: Desk, real_campaign: CampaignFile, tmp_path: Path
) -> None:
    gate = Gate(after=3)
    with ScriptedServer(Script(data=gate.answer)) as server:
        with_account(desk, server, tmp_path)
        page = opened(qtbot, desk, reviewed(real_campaign, desk))
        confirm(qtbot, page, 20)
        qtbot.waitUntil(lambda: gate.seen > 3, timeout=10_000)
        press(qtbot, page.progress.stop_button)
        question = next(d for d in page.findChildren(QuestionDialog) if d.isVisible())
        buttons = {button.text(): button for button in question.findChildren(QPushButton)}
        assert buttons["Continuer l’envoi"].isDefault()
        press(qtbot, buttons["Arrêter"])
        gate.open.set()
        settle(qtbot, desk)
        assert "Envoi arrêté à 4 sur 20" in page.message_bar.text
        assert statuses(real_campaign, Channel.EMAIL) == {_S.ACCEPTED: 4, _S.PENDING: 16}
        assert page.email_box.send_button.text() == "Envoyer la suite\u00a0: 16\u00a0courriels…"
        go_on(qtbot, page)
        settle(qtbot, desk)
        assert statuses(real_campaign, Channel.EMAIL) == {_S.ACCEPTED: 20}
        recipients = [each.recipients[0] for each in server.received]
        assert len(recipients) == len(set(recipients)) == 20
        page.close()


def test_an_untrusted_server_gets_nothing_and_one_clear_sentence(
    qtbot: QtBot, desk: Desk, real_campaign: CampaignFile, tmp_path: Path
) -> None:
    with ScriptedServer(certificate="wrong_name") as server:
        with_account(desk, server, tmp_path)
        page = opened(qtbot, desk, reviewed(real_campaign, desk))
        confirm(qtbot, page, 20)
        settle(qtbot, desk)
        assert "connexion" in page.message_bar.text
        assert "Il reste 20\u00a0courriels" in page.message_bar.text
        assert not server.received
        assert statuses(real_campaign, Channel.EMAIL) == {_S.PENDING: 20}
        page.close()


def test_refused_letters_are_shown_with_their_reason_and_go_to_paper(
    qtbot: QtBot, desk: Desk, real_campaign: CampaignFile, tmp_path: Path
) -> None:
    script = Script(
        rcpt=lambda to: "550 5.1.1 no such user" if to.startswith("patient3@") else "250 OK"
    )
    with ScriptedServer(script) as server:
        with_account(desk, server, tmp_path)
        page = opened(qtbot, desk, reviewed(real_campaign, desk))
        confirm(qtbot, page, 20)
        settle(qtbot, desk)
    assert "1\u00a0refusée" in page.message_bar.text
    page.table.filter_box.setCurrentText("Refusées ou retournées")
    page.table.filter_box.activated.emit(page.table.filter_box.currentIndex())
    assert page.table.model.rowCount() == 1
    words = page.table.model.index(0, 3).data()
    assert words.startswith("Refusée\u00a0: ")
    assert not page.table.paper_button.isVisible()
    page.table.view.selectRow(0)
    assert page.table.paper_button.isVisible()
    press(qtbot, page.table.paper_button)
    assert "partira par courrier" in page.message_bar.text
    assert statuses(real_campaign, Channel.PAPER) == {_S.PENDING: 1}
    assert "1\u00a0lettre à imprimer" in page.paper_box.state_label.text()
    page.close()


def test_a_refused_letter_goes_again_to_the_corrected_address(
    qtbot: QtBot, desk: Desk, real_campaign: CampaignFile, tmp_path: Path
) -> None:
    script = Script(
        rcpt=lambda to: "550 5.1.1 no such user" if to.startswith("patient3@") else "250 OK"
    )
    with ScriptedServer(script) as server:
        with_account(desk, server, tmp_path)
        page = opened(qtbot, desk, reviewed(real_campaign, desk))
        confirm(qtbot, page, 20)
        settle(qtbot, desk)
        page.table.show_failed()
        page.table.view.selectRow(0)
        press(qtbot, page.table.retry_button)
        assert "1\u00a0lettre est de nouveau à envoyer" in page.message_bar.text
        refused = real_campaign.recipient(3)
        real_campaign.update_recipient(replace(refused, email="juste3@exemple.fr"))
        go_on(qtbot, page)
        settle(qtbot, desk)
        assert statuses(real_campaign, Channel.EMAIL) == {_S.ACCEPTED: 20}
        assert server.received[-1].recipients == ("juste3@exemple.fr",)
        page.close()


def test_the_first_letters_of_a_large_run_are_looked_at_first(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "grand"
    folder.mkdir()
    people = [make_recipient(number) for number in range(1, 41)]
    script = Script(
        rcpt=lambda to: "550 5.1.1 no such user" if to.startswith("patient3@") else "250 OK"
    )
    with ready_campaign(folder, people, is_sample=False) as large, ScriptedServer(script) as server:
        with_account(desk, server, tmp_path)
        page = opened(qtbot, desk, reviewed(large, desk))
        press(qtbot, page.email_box.send_button)
        settle(qtbot, desk)
        dialog = dialog_of(page, ConfirmSendDialog)
        assert (dialog.first_box.isChecked(), dialog.first_spin.value()) == (True, 10)
        dialog.first_spin.setValue(6)
        type_text(dialog.number_edit, "40")
        press(qtbot, dialog.send_button)
        settle(qtbot, desk)
        assert statuses(large, Channel.EMAIL) == {_S.ACCEPTED: 5, _S.REJECTED: 1, _S.PENDING: 34}
        told = page.message_bar.text
        assert (
            "Les 6 premières lettres sont parties\u00a0: 5\u00a0acceptées, 1\u00a0refusée" in told
        )
        assert not page.progress.isVisible()
        page.load()  # another day: the question is still there
        assert page.message_bar.text == told
        press(qtbot, bar_button(page, "Envoyer les 34 autres"))
        settle(qtbot, desk)
        answer_go_on(qtbot, page)
        settle(qtbot, desk)
        assert statuses(large, Channel.EMAIL) == {_S.ACCEPTED: 39, _S.REJECTED: 1}
        assert len(server.received) == 39
        confirmations = list(large.events(kind="sending_confirmed"))
        assert [dict(event.facts) for event in confirmations] == [{"run": 1, "letters": 40}]
        page.close()
