"""Sending: one confirmation by a typed number, pause, stop, faults, printing, what a cut left behind."""

import email
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path
from threading import Event
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
from app.ui.dialogs.question import QuestionDialog
from app.ui.dialogs.uncertain import UncertainDialog
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.ready_campaign import NOW, few_people, hand_over_person, ready_campaign
from tests.support.smtp_server import Script, ScriptedServer
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text
from tests.ui.sending_support import (
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


def cut_after_the_dot(campaign_file: CampaignFile, desk: Desk) -> tuple[int, int]:
    """As a power cut leaves it: one letter claimed, one whose dot may have left."""
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    first, second = campaign_file.claim_next(NOW), campaign_file.claim_next(NOW)
    assert first is not None
    assert second is not None
    campaign_file.move(first[0].id, _S.DOT, now=NOW)
    return first[0].id, second[0].id


def test_after_a_cut_the_user_decides_about_the_uncertain_letter(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    unsure, claimed = cut_after_the_dot(campaign_file, desk)
    page = opened(qtbot, desk, campaign_file)
    assert campaign_file.delivery(unsure).status is _S.UNCERTAIN
    assert campaign_file.delivery(claimed).status is _S.PENDING
    assert "on ne sait pas" in page.message_bar.text
    press(qtbot, bar_button(page, "Décider maintenant"))
    dialog = dialog_of(page, UncertainDialog)
    patient, reference = dialog.table.item(0, 0), dialog.table.item(0, 3)
    assert patient is not None
    assert patient.text() == "MARTIN Jeanne"
    assert reference is not None
    assert reference.text() == campaign_file.delivery(unsure).message_id
    assert not dialog.look_button.isVisible()  # a sample has no mailbox
    assert dialog.later_button.isDefault()
    press(qtbot, dialog.later_button)
    assert campaign_file.delivery(unsure).status is _S.UNCERTAIN
    press(qtbot, page.email_box.uncertain_button)
    press(qtbot, dialog_of(page, UncertainDialog).sent_button)
    assert campaign_file.delivery(unsure).status is _S.ACCEPTED
    assert not [d for d in page.findChildren(UncertainDialog) if d.isVisible()]
    assert campaign_file.balance().is_exact()


def test_a_letter_not_found_goes_again_under_the_same_reference(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    unsure, _ = cut_after_the_dot(campaign_file, desk)
    message_id = campaign_file.delivery(unsure).message_id
    page = opened(qtbot, desk, campaign_file)
    page.uncertain_letters.open()
    press(qtbot, dialog_of(page, UncertainDialog).resend_button)
    assert campaign_file.delivery(unsure).status is _S.PENDING
    confirm(qtbot, page, 9)
    settle(qtbot, desk)
    assert statuses(campaign_file, Channel.EMAIL) == {_S.ACCEPTED: 9}
    folder = trial_maildir(campaign_file) / "new"
    ids = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"]
        for path in folder.iterdir()
    ]
    assert ids.count(message_id) == 1


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
