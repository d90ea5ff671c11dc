"""Sending: one confirmation by a typed number, pause, stop, faults, printing, what a cut left behind."""

import email
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import TypeVar

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus, Reply
from app.core.recipient import PostalAddress, Recipient
from app.core.steps import Step
from app.services import reading
from app.services.departure import plan_options, trial_maildir
from app.services.overview import LETTERS_BLOCKING
from app.services.planning import plan
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.confirm_send import ConfirmSendDialog
from app.ui.dialogs.posting_date import PostingDateDialog
from app.ui.dialogs.print_letters import PrintLettersDialog
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.ready_campaign import NOW, few_people, hand_over_person, ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text
from tests.ui.sending_support import (
    confirm,
    dialog_of,
    opened,
    reviewed,
    statuses,
)

_S = DeliveryStatus
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def clock() -> FixedClock:
    """The day on which the ready campaign writes."""
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path, [*few_people(), hand_over_person()])
    yield reviewed(made, desk)
    made.close()


def received(campaign_file: CampaignFile) -> list[str]:
    folder = trial_maildir(campaign_file) / "new"
    return [
        str(email.message_from_bytes(path.read_bytes(), policy=policy.default)["To"])
        for path in folder.iterdir()
    ]


def test_a_sample_is_sent_to_its_trial_mailbox_and_each_person_once(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert page.email_box.send_button.text() == "Envoyer 9\u00a0courriels…"
    confirm(qtbot, page, 9)
    settle(qtbot, desk)
    assert "9\u00a0lettres acceptées" in page.message_bar.text
    assert statuses(campaign_file, Channel.EMAIL) == {_S.ACCEPTED: 9}
    assert sorted(received(campaign_file)) == sorted(
        person.email for person in few_people() if person.email and not person.is_excluded
    )
    assert not page.email_box.send_button.isVisible()
    assert not page.progress.isVisible()
    shown = {page.table.model.index(row, 3).data() for row in range(page.table.model.rowCount())}
    assert shown == {
        "Acceptée par le serveur",
        "À imprimer",
        "À remettre en main propre",
        "Sans lettre\u00a0: doublon",
    }


def test_nothing_leaves_without_the_right_number(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.email_box.send_button)
    settle(qtbot, desk)
    dialog = dialog_of(page, ConfirmSendDialog)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    assert dialog.back_button.hasFocus()
    assert dialog.back_button.isDefault()
    assert "&" not in dialog.send_button.text()
    told = dialog.text_label.text()
    assert "Cabinet médical des Tilleuls" in told
    assert "contact@cabinet-tilleuls.example" in told
    assert "Information importante de votre cabinet" in told
    press(qtbot, dialog.send_button)
    assert "Rien n’est parti" in dialog.fault_label.text()
    type_text(dialog.number_edit, "8")
    press(qtbot, dialog.send_button)
    assert "Ce n’est pas le nombre" in dialog.fault_label.text()
    dialog.number_edit.selectAll()
    type_text(dialog.number_edit, "9")
    QTest.keyClick(dialog.number_edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.send_button.hasFocus()
    assert not desk.jobs.is_busy
    with qtbot.waitSignal(page.step_requested) as asked:
        press(qtbot, dialog.back_button)
    assert asked.args == [Step.REVIEW]
    assert statuses(campaign_file, Channel.EMAIL) == {_S.PENDING: 9}
    assert not list(campaign_file.events(kind="sending_confirmed"))


def test_no_key_of_the_page_sends(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert "&" not in page.email_box.send_button.text()
    with qtbot.waitActive(page):
        page.activateWindow()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_E):
        QTest.keyClick(page, key, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(page, key)
    assert not page.findChildren(ConfirmSendDialog)
    assert not list(campaign_file.deliveries())


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda file: file.set_setting(LETTERS_BLOCKING, ""), "contrôlées de nouveau"),
        (lambda file: file.set_setting(LETTERS_BLOCKING, "2"), "doivent d’abord être corrigées"),
        (reading.draw_letters, "Lisez d’abord 5\u00a0lettres"),
        (lambda file: file.set_setting(CLOSED_SETTING, NOW.isoformat()), "est clos"),
    ],
)
def test_what_is_missing_is_said_in_words(
    qtbot: QtBot,
    desk: Desk,
    campaign_file: CampaignFile,
    prepare: Callable[[CampaignFile], object],
    words: str,
) -> None:
    page = opened(qtbot, desk, campaign_file)
    prepare(campaign_file)
    for button in (page.email_box.send_button, page.paper_box.print_button):
        page.message_bar.clear()
        press(qtbot, button)
        settle(qtbot, desk)
        assert words in page.message_bar.text
    assert not page.findChildren(ConfirmSendDialog)
    assert not list(campaign_file.deliveries())


@pytest.fixture
def real_campaign(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    folder = tmp_path / "vrai"
    folder.mkdir()
    people = [make_recipient(number) for number in range(1, 21)]
    made = ready_campaign(folder, people, is_sample=False)
    yield made
    made.close()


def test_a_letter_put_off_says_when_it_is_tried_again(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    claimed = campaign_file.claim_next(NOW)
    assert claimed is not None
    campaign_file.move(
        claimed[0].id,
        _S.DEFERRED,
        now=NOW,
        reply=Reply(450, "later", "4.2.0"),
        retry_at=NOW + timedelta(minutes=15),
    )
    page = opened(qtbot, desk, campaign_file)
    assert page.table.model.index(0, 3).data().endswith("nouvel essai à 10\u00a0h\u00a019")
    page.close()


def test_without_account_the_page_leads_to_the_practice(
    qtbot: QtBot, desk: Desk, real_campaign: CampaignFile
) -> None:
    real_campaign.set_setting(LETTERS_BLOCKING, "0")
    for letter in reading.draw_letters(real_campaign):
        reading.mark_read(real_campaign, letter.recipient_id)
    real_campaign.set_setting("review.plan", '{"email": 20}')
    page = opened(qtbot, desk, real_campaign)
    press(qtbot, page.email_box.send_button)
    assert "compte d’envoi" in page.message_bar.text
    assert not page.findChildren(ConfirmSendDialog)
    page.close()


def test_the_paper_letters_are_printed_proved_and_posted(
    qtbot: QtBot,
    desk: Desk,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    target = tmp_path / "A imprimer.pdf"
    files.answer = target
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.paper_box.print_button)
    press(qtbot, dialog_of(page, PrintLettersDialog).file_button)
    settle(qtbot, desk)
    text = "\n".join(each.extract_text() for each in pypdf.PdfReader(target).pages)
    assert "GIRARD" in text
    assert "LEMAÎTRE" in text
    assert "MARTIN" not in text
    assert "est prêt" in page.message_bar.text
    actions = [button.text() for button in page.message_bar.findChildren(QPushButton)]
    assert "Ouvrir le dossier" in actions
    assert statuses(campaign_file, Channel.PAPER) == {_S.PRINTED: 2}
    assert not page.paper_box.print_button.isVisible()
    press(qtbot, page.paper_box.posted_button)
    dialog = dialog_of(page, PostingDateDialog)
    dialog.date_edit.field.selectAll()
    type_text(dialog.date_edit.field, "05/03/2026")
    press(qtbot, dialog.accept_button)
    assert "pas encore passée" in dialog.fault_label.text()
    dialog.date_edit.field.selectAll()
    type_text(dialog.date_edit.field, "02/03/2026")
    press(qtbot, dialog.accept_button)
    settle(qtbot, desk)
    assert statuses(campaign_file, Channel.PAPER) == {_S.POSTED: 2}
    assert "2\u00a0lettres postées" in page.paper_box.state_label.text()


def test_a_bad_address_stops_the_print_and_the_others_can_go(
    qtbot: QtBot, desk: Desk, files: ReadyFileChooser, tmp_path: Path
) -> None:
    folder = tmp_path / "adresses"
    folder.mkdir()
    bad = PostalAddress(street=f"1 rue {'Interminable' * 5}", postcode="90000", city="Belfort")
    people = [*few_people(), Recipient(30, last_name="Mauvaise", first_name="Eve", address=bad)]
    files.answer = tmp_path / "lettres.pdf"
    with ready_campaign(folder, people) as campaign_file:
        page = opened(qtbot, desk, reviewed(campaign_file, desk))
        press(qtbot, page.paper_box.print_button)
        press(qtbot, dialog_of(page, PrintLettersDialog).file_button)
        settle(qtbot, desk)
        assert not files.answer.exists()
        others = next(
            b
            for b in page.message_bar.findChildren(QPushButton)
            if b.text() == "Imprimer les autres"
        )
        press(qtbot, others)
        settle(qtbot, desk)
        assert files.answer.exists()
        assert statuses(campaign_file, Channel.PAPER) == {_S.PRINTED: 2, _S.PENDING: 1}
        page.close()


def test_a_letter_is_given_by_hand(
    qtbot: QtBot,
    desk: Desk,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    files.answer = tmp_path / "remise.pdf"
    page = opened(qtbot, desk, campaign_file)
    page.table.search_edit.setText("discrète")
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 1)
    page.table.view.selectRow(0)
    press(qtbot, page.table.print_button)
    settle(qtbot, desk)
    text = "\n".join(each.extract_text() for each in pypdf.PdfReader(files.answer).pages)
    assert "DISCRÈTE" in text
    assert statuses(campaign_file, Channel.HAND_OVER) == {_S.PENDING: 1}
    page.table.view.selectRow(0)
    press(qtbot, page.table.hand_button)
    assert statuses(campaign_file, Channel.HAND_OVER) == {_S.HANDED_OVER: 1}


def test_the_whole_page_speaks_french_to_a_screen_reader(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, qapp: QApplication
) -> None:
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    page = opened(qtbot, desk, campaign_file)
    model = page.table.model
    spoken = [
        model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole)
        for column in range(model.columnCount())
    ]
    assert spoken[:4] == ["2", "MARTIN Jeanne", "Par courriel", "À envoyer"]
