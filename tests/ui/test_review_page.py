"""The review: every letter checked, five read, the plan in figures, a letter to oneself."""

import email
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from app.core.mail_account import AuthKind
from app.core.recipient import ExclusionReason, PostalAddress, Recipient
from app.core.steps import Missing, Step, StepState, step_reports
from app.letters.catalogue import load
from app.services import letter_warnings, lettering
from app.services.departure import trial_maildir
from app.services.overview import LETTERS_BLOCKING, campaign_facts
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.accept_warning import AcceptWarningDialog
from app.ui.dialogs.remark_letter import RemarkLetterDialog
from app.ui.steps.letter import LetterPage
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


def _child(item: QTreeWidgetItem, row: int) -> QTreeWidgetItem:
    child = item.child(row)
    assert child is not None
    return child


def _kinds(page: ReviewPage) -> dict[str, list[str]]:
    """Lines of the remarks, each with the lines under it."""
    tree = page.check_box.tree
    lines = {}
    for place in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(place)
        assert item is not None
        lines[item.text(0)] = [_child(item, row).text(0) for row in range(item.childCount())]
    return lines


def report(campaign_file: CampaignFile, step: Step) -> StepState:
    return step_reports(campaign_facts(campaign_file))[step - 1].state


def test_the_check_runs_by_itself_and_finds_nothing(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert campaign_file.setting(LETTERS_BLOCKING) == "0"
    assert "rien à corriger" in page.check_box.label.text()
    assert "12\u00a0lettres" in page.check_box.label.text()
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
    assert page.left_label.text() == "Reste à faire\u00a0: accepter 1\u00a0avertissement."
    assert report(campaign_file, Step.SENDING) is StepState.NOT_YET
    type_text(page.second_reader.name_edit, "Mme Claire Petit")
    press(qtbot, page.second_reader.note_button)
    assert "Relu aussi par Mme Claire Petit" in page.second_reader.state_label.text()
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
        assert "empêche" in page.check_box.label.text()
        kinds = _kinds(page)
        leak = next(text for text in kinds if "autre personne de la liste" in text)
        assert leak.startswith("À corriger")
        assert "Ligne 3" in kinds[leak]
        assert report(campaign_file, Step.REVIEW) is StepState.TO_FIX
        page.close()


def _with_an_english_word(campaign_file: CampaignFile) -> None:
    """A wording that raises a warning in every letter."""
    template = load().template("T01")
    source = template.source.replace("## Vos droits", "Attention au phishing.\n\n## Vos droits")
    lettering.save_wording(campaign_file, template.with_wording(source, template.subject_email))


def _answer(page: ReviewPage, by: str, reason: str) -> AcceptWarningDialog:
    dialog = page.findChildren(AcceptWarningDialog)[-1]  # closed ones wait to be deleted
    dialog.by_edit.setText(by)
    dialog.reason_edit.setText(reason)
    dialog.accept()
    return dialog


def _accepted(campaign_file: CampaignFile) -> list[tuple[str, int, str, str, str]]:
    return [
        (a.code, a.letters, a.rows, a.by, a.reason) for a in letter_warnings.accepted(campaign_file)
    ]


def test_a_warning_waits_for_a_name_and_a_reason(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    _with_an_english_word(campaign_file)
    page = opened(qtbot, desk, campaign_file)
    assert "2\u00a0avertissements à accepter" in page.check_box.label.text()
    tree = page.check_box.tree
    english = tree.findItems("phishing", Qt.MatchFlag.MatchContains)[0]
    assert "(11\u00a0lettres)" in english.text(0)  # the annotated person's letter is T02
    # one letter alone first
    english.setExpanded(True)
    _child(english, 1).setSelected(True)
    press(qtbot, page.check_box.accept_button)
    dialog = _answer(page, "", "parce que")
    assert "Il faut un nom." in dialog.fault.text()
    _answer(page, "Dr Roux", "")
    assert "Il faut une raison." in dialog.fault.text()
    _answer(page, "Dr Roux", "Paul Durand le connaît")  # a patient of the list
    assert "nom, le numéro ou l’adresse d’un patient" in dialog.fault.text()
    assert _accepted(campaign_file) == []
    _answer(page, "Dr Roux", "mot expliqué à l’accueil")
    assert _accepted(campaign_file) == [
        ("letter_11_english", 1, "3", "Dr Roux", "mot expliqué à l’accueil")
    ]
    english = tree.findItems("À vérifier", Qt.MatchFlag.MatchStartsWith)[0]
    assert "(10\u00a0lettres)" in english.text(0)
    # then all that is left, at once
    press(qtbot, page.check_box.accept_all_button)
    _answer(page, "Dr Roux", "relu et gardé")
    assert [each[:2] for each in _accepted(campaign_file)][1:] == [
        ("letter_11_english", 10),
        ("letter_20_no_second_reader", 0),
    ]
    assert report(campaign_file, Step.REVIEW) is StepState.TO_COMPLETE
    assert page.left_label.text() == "Reste à faire\u00a0: lire 5\u00a0lettres."
    assert campaign_file.verify_chain().is_whole


def test_an_accepted_warning_does_not_outlive_its_text(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    _with_an_english_word(campaign_file)
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.check_box.accept_all_button)
    _answer(page, "Dr Roux", "relu et gardé")
    assert letter_warnings.open_warnings(campaign_file) == ()
    press(qtbot, page.check_box.again_button)  # the same text: still accepted
    settle(qtbot, desk)
    assert letter_warnings.open_warnings(campaign_file) == ()
    practice = campaign_file.practice()
    campaign_file.save_practice(replace(practice, opening_hours="le matin"))
    press(qtbot, page.check_box.again_button)
    settle(qtbot, desk)
    assert {w.code for w in letter_warnings.open_warnings(campaign_file)} == {
        "letter_11_english",
        "letter_20_no_second_reader",
    }


def test_a_click_on_a_letter_shows_its_sentence_then_its_text(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    _with_an_english_word(campaign_file)
    page = opened(qtbot, desk, campaign_file)
    tree = page.check_box.tree
    english = tree.findItems("phishing", Qt.MatchFlag.MatchContains)[0]
    english.setExpanded(True)
    child = _child(english, 0)
    tree.scrollToItem(child)
    place = tree.visualItemRect(child).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    dialog = page.findChild(RemarkLetterDialog)
    assert dialog is not None
    assert "MARTIN Jeanne" in dialog.windowTitle()
    assert "phishing" in dialog.preview.email_view.textCursor().selectedText()
    assert "phishing" in dialog.preview.text_view.textCursor().selectedText()
    with qtbot.waitSignal(page.step_requested) as asked:
        dialog.text_button.click()
    assert asked.args == [Step.LETTER]
    letter = LetterPage(campaign_file, desk)
    qtbot.addWidget(letter)
    letter.load()
    assert "phishing" in letter.editor.text_edit.textCursor().selectedText()
    letter.leave()


def test_people_without_a_written_reason_stop_the_run(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    person = next(iter(campaign_file.recipients()))
    campaign_file.update_recipient(replace(person, excluded=ExclusionReason.USER_DECISION))
    page = opened(qtbot, desk, campaign_file)
    assert campaign_file.setting(LETTERS_BLOCKING) == "1"
    assert any("Sans lettre ni raison écrite" in line for line in _kinds(page))


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
    assert page.check_box.again_button.hasFocus()


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
