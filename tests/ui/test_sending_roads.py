"""Files for other tools: warned about, written, listed as lying in clear, deleted on demand."""

import csv
import email
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus, Reply
from app.services.departure import plan_options
from app.services.planning import plan
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.clear_files import ClearFilesDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.sending import SendingPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, few_people, ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, settle
from tests.ui.sending_support import bar_button, dialog_of, opened, reviewed, statuses

_S = DeliveryStatus


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    folder = tmp_path / "envoi"
    folder.mkdir()
    with ready_campaign(folder) as made:
        yield reviewed(made, desk)


def accept(qtbot: QtBot, page: SendingPage, verb: str) -> None:
    question = dialog_of(page, QuestionDialog)
    safe = next(b for b in question.findChildren(QPushButton) if b.isDefault())
    assert safe.text() == "Ne rien écrire"
    press(qtbot, next(b for b in question.findChildren(QPushButton) if b.text().startswith(verb)))


def test_the_emails_are_written_as_files_and_deleted_later(
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    campaign_file: CampaignFile,
    tmp_path: Path,
) -> None:
    files.answer = tmp_path / "dehors"
    files.answer.mkdir()
    page = opened(qtbot, desk, campaign_file)
    page.email_box.roads.eml_action.trigger()
    question = dialog_of(page, QuestionDialog)
    assert "en clair" in question.text_label.text()
    accept(qtbot, page, "Choisir")
    settle(qtbot, desk)
    folder = files.answer / "Courriels Essai"
    written = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in folder.iterdir()
    ]
    expected = {person.email for person in few_people() if person.email and not person.is_excluded}
    assert {str(message["To"]) for message in written} == expected
    assert statuses(campaign_file, Channel.EMAIL) == {_S.PENDING: 9}
    assert "9\u00a0lettres écrites" in page.message_bar.text
    assert "1\u00a0fichier en clair" in page.email_box.clear_label.text()
    assert desk.settings.current.interface.last_folder == str(files.answer)
    assert [dict(e.facts) for e in campaign_file.events(kind="exported_eml")] == [{"count": 9}]

    page.email_box.roads.eml_action.trigger()  # again: the folder is not empty
    accept(qtbot, page, "Choisir")
    accept(qtbot, page, "Remplacer")
    settle(qtbot, desk)
    assert len(list(folder.iterdir())) == 9

    press(qtbot, bar_button(page, "Fichiers en clair"))
    dialog = dialog_of(page, ClearFilesDialog)
    assert str(folder) in dialog.list.item(0).text()
    press(qtbot, dialog.delete_button)
    assert "Plus aucun fichier" in dialog.text_label.text()
    dialog.reject()
    assert not folder.exists()
    assert not page.email_box.clear_label.isVisible()
    page.close()


def test_files_sent_with_another_tool_are_noted_on_the_users_word(
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    campaign_file: CampaignFile,
    tmp_path: Path,
) -> None:
    files.answer = tmp_path
    page = opened(qtbot, desk, campaign_file)
    page.email_box.roads.button.menu().aboutToShow.emit()
    assert not page.email_box.roads.elsewhere_action.isEnabled()
    page.email_box.roads.eml_action.trigger()
    accept(qtbot, page, "Choisir")
    settle(qtbot, desk)
    page.email_box.roads.button.menu().aboutToShow.emit()
    page.email_box.roads.elsewhere_action.trigger()
    question = dialog_of(page, QuestionDialog)
    press(
        qtbot, next(b for b in question.findChildren(QPushButton) if b.text().startswith("Noter"))
    )
    settle(qtbot, desk)
    assert "9\u00a0lettres notées comme parties" in page.message_bar.text
    assert statuses(campaign_file, Channel.EMAIL) == {_S.ACCEPTED: 9}
    assert not page.email_box.send_button.isVisible()
    events = list(campaign_file.events(kind="sent_elsewhere"))
    assert [dict(event.facts) for event in events] == [{"run": 1, "count": 9}]
    page.close()


def test_the_refused_table_holds_the_reason(
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    campaign_file: CampaignFile,
    tmp_path: Path,
) -> None:
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    claimed = campaign_file.claim_next(NOW)
    assert claimed is not None
    campaign_file.move(claimed[0].id, _S.REJECTED, now=NOW, reply=Reply(550, "no", "5.1.1"))
    files.answer = tmp_path / "refus.csv"
    page = opened(qtbot, desk, campaign_file)
    page.email_box.roads.refused_action.trigger()
    accept(qtbot, page, "Choisir")
    settle(qtbot, desk)
    with files.answer.open(encoding="utf-8-sig", newline="") as stream:
        header, row = csv.reader(stream, delimiter=";")
    told = dict(zip(header, row, strict=True))
    assert (told["Nom"], told["Motif"]) == ("Martin", "adresse inconnue")
    page.close()


def test_the_list_for_mssante_says_when_no_ins_is_known(
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    campaign_file: CampaignFile,
    tmp_path: Path,
) -> None:
    files.answer = tmp_path / "mss.csv"
    page = opened(qtbot, desk, campaign_file)
    page.email_box.roads.mss_action.trigger()
    accept(qtbot, page, "Choisir")
    settle(qtbot, desk)
    assert "l’INS d’aucun de ces patients" in page.message_bar.text
    campaign_file.update_recipient(replace(campaign_file.recipient(2), ins="250012A12345678"))
    page.email_box.roads.mss_action.trigger()
    accept(qtbot, page, "Choisir")
    settle(qtbot, desk)
    with files.answer.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["250012A12345678@patient.mssante.fr"]
    assert "1\u00a0lettre écrite" in page.message_bar.text
    page.close()


def test_a_place_that_refuses_is_said_in_the_bar(
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    campaign_file: CampaignFile,
    tmp_path: Path,
) -> None:
    taken = tmp_path / "pris"
    taken.mkdir()
    (taken / "Courriels Essai").write_text("un fichier")
    files.answer = taken
    page = opened(qtbot, desk, campaign_file)
    page.email_box.roads.eml_action.trigger()
    accept(qtbot, page, "Choisir")
    settle(qtbot, desk)
    assert "n’a pas pu être écrit" in page.message_bar.text
    assert not page.email_box.plan.progress.isVisible()
    page.close()
