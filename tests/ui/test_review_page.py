"""The review: every letter checked, five read, the plan in figures, a letter to oneself."""

import email
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.mail_account import AuthKind
from app.core.recipient import PostalAddress, Recipient
from app.core.steps import Missing, Step, StepState, step_reports
from app.services.departure import trial_maildir
from app.services.overview import LETTERS_BLOCKING, campaign_facts
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.steps.review import ReviewPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, few_people, hand_over_person, ready_campaign
from tests.support.smtp_server import Script, ScriptedServer
from tests.ui.conftest import press, settle, type_text


@pytest.fixture
def clock() -> FixedClock:
    """The day on which the ready campaign writes."""
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path, [*few_people(), hand_over_person()])
    made.set_setting("letter.seen", "1")
    yield made
    made.close()


def opened(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> ReviewPage:
    page = ReviewPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.load()
    settle(qtbot, desk)
    return page


def report(campaign_file: CampaignFile, step: Step) -> StepState:
    return step_reports(campaign_facts(campaign_file))[step - 1].state


def test_the_check_runs_by_itself_and_finds_nothing(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert campaign_file.setting(LETTERS_BLOCKING) == "0"
    assert "rien à corriger" in page.check_label.text()
    assert "12\u00a0lettres" in page.check_label.text()
    assert report(campaign_file, Step.SENDING) is StepState.NOT_YET
    assert not list(campaign_file.deliveries())


def test_the_plan_is_told_in_figures(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert [label.text() for label in page.plan_box.counts] == ["9", "2", "1", "1"]
    assert "2\u00a0feuilles" in page.plan_box.words[1].text()
    assert "3,04" in page.plan_box.words[1].text()
    assert page.plan_box.words[3].text() == "doublon\u00a0: 1"


def test_five_letters_are_read_one_by_one_and_the_sending_opens(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert page.reading.list.count() == 5
    assert "lire 5\u00a0lettres" in page.left_label.text()
    seen = set()
    for already in range(5):
        assert report(campaign_file, Step.SENDING) is StepState.NOT_YET
        assert f"{already}" in page.reading.count_label.text()
        name = page.reading.list.currentItem().text()
        seen.add(name)
        person = next(p for p in campaign_file.recipients() if p.display_name == name)
        text = page.reading.preview.text_view.toPlainText()
        assert person.last_name in text or person.is_minor_on(NOW.date())
        with qtbot.waitSignal(page.changed):
            press(qtbot, page.reading.read_button)
    assert len(seen) == 5
    assert not page.reading.read_button.isEnabled()
    assert "terminée" in page.left_label.text()
    assert report(campaign_file, Step.REVIEW) is StepState.DONE
    assert report(campaign_file, Step.SENDING) is StepState.TO_COMPLETE


def test_a_changed_text_asks_for_a_new_check_and_a_new_reading(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    for _ in range(5):
        press(qtbot, page.reading.read_button)
    campaign_file.set_setting(LETTERS_BLOCKING, "")  # what every page does after a change
    page.load()
    settle(qtbot, desk)
    assert campaign_file.setting(LETTERS_BLOCKING) == "0"
    assert "lire 5\u00a0lettres" in page.left_label.text()
    assert report(campaign_file, Step.SENDING) is StepState.NOT_YET


def test_a_letter_that_cannot_leave_is_named_by_its_row(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "fuite"
    folder.mkdir()
    # the name of another patient written into the incident's facts reaches every letter
    with ready_campaign(folder) as campaign_file:
        campaign_file.set_setting("letter.seen", "1")
        text = "Bonjour, {{ appel }} et Jeanne Martin."
        campaign_file.save_template_text("T01", "Information de votre cabinet", text)
        page = opened(qtbot, desk, campaign_file)
        assert int(campaign_file.setting(LETTERS_BLOCKING) or 0) > 0
        assert "empêche" in page.check_label.text()
        remarks = [page.remark_list.item(row).text() for row in range(page.remark_list.count())]
        assert any(remark.startswith("À corriger · Ligne 3") for remark in remarks)
        assert report(campaign_file, Step.REVIEW) is StepState.TO_FIX
        page.close()


def test_the_trial_letter_of_a_sample_reaches_its_trial_mailbox(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert "Recevez d’abord" in page.trial_box.state_label.text()
    press(qtbot, page.trial_box.send_button)
    settle(qtbot, desk)
    assert "a pris la lettre d’essai" in page.trial_box.state_label.text()
    kept = list((trial_maildir(campaign_file) / "new").iterdir())
    assert len(kept) == 1
    message = email.message_from_bytes(kept[0].read_bytes(), policy=policy.default)
    assert message["To"] == "contact@cabinet-tilleuls.example"
    assert page.trial_box.open_button.isVisible()


def test_the_trial_letter_of_a_real_campaign_uses_the_account(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "vrai"
    folder.mkdir()
    with ready_campaign(folder, is_sample=False) as campaign_file, ScriptedServer() as server:
        account = server.account(tmp_path, auth=AuthKind.NONE)
        desk.settings.replace(replace(desk.settings.current, account=account))
        page = opened(qtbot, desk, campaign_file)
        page.trial_box.to_edit.clear()
        press(qtbot, page.trial_box.send_button)
        assert "Écrivez l’adresse" in page.message_bar.text
        assert not server.received
        type_text(page.trial_box.to_edit, "dr.roux@cabinet.example")
        press(qtbot, page.trial_box.send_button)
        settle(qtbot, desk)
        assert [each.recipients for each in server.received] == [("dr.roux@cabinet.example",)]
        assert "dr.roux@cabinet.example" in page.trial_box.state_label.text()
        page.close()


def test_a_refused_trial_says_so(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "refus"
    folder.mkdir()
    script = Script(rcpt=lambda _address: "550 5.1.1 boîte inconnue")
    with ready_campaign(folder, is_sample=False) as campaign_file, ScriptedServer(script) as server:
        account = server.account(tmp_path, auth=AuthKind.NONE)
        desk.settings.replace(replace(desk.settings.current, account=account))
        page = opened(qtbot, desk, campaign_file)
        press(qtbot, page.trial_box.send_button)
        settle(qtbot, desk)
        assert "n’a pas pris la lettre d’essai" in page.message_bar.text
        assert "Aucun patient" in page.message_bar.text
        assert "Recevez d’abord" in page.trial_box.state_label.text()
        page.close()


def test_without_account_the_trial_says_what_is_missing(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "sans"
    folder.mkdir()
    with ready_campaign(folder, is_sample=False) as campaign_file:
        page = opened(qtbot, desk, campaign_file)
        assert "Mon cabinet" in page.plan_box.words[0].text()
        press(qtbot, page.trial_box.send_button)
        settle(qtbot, desk)
        assert "compte d’envoi" in page.message_bar.text
        page.close()


def test_the_focus_goes_to_what_is_missing(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    with qtbot.waitActive(page):
        page.activateWindow()
    page.focus_on(Missing.LETTERS_TO_READ)
    assert page.reading.list.hasFocus()
    page.focus_on(Missing.LETTERS_TO_CHECK)
    assert page.check_button.hasFocus()


def test_people_without_letter_are_not_drawn(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "peu"
    folder.mkdir()
    address = PostalAddress(street="1 rue Neuve", postcode="90000", city="Belfort")
    people = [
        Recipient(2, last_name="Seule", first_name="Ada", address=address),
        Recipient(3, last_name="Sans", first_name="Rien"),
    ]
    with ready_campaign(folder, people) as campaign_file:
        page = opened(qtbot, desk, campaign_file)
        assert page.reading.list.count() == 1
        assert page.reading.list.item(0).text() == "SEULE Ada"
        page.close()
