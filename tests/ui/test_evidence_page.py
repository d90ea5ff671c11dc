"""The dossier: exact balance, what comes back, calls, files for the CNIL, forgetting the names."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.campaign import Delivery, DeliveryStatus
from app.core.questions import Question
from app.core.recipient import Recipient
from app.core.steps import Step, StepState, step_reports
from app.services.departure import plan_options
from app.services.overview import campaign_facts
from app.services.patient_calls import call_counts
from app.services.planning import plan
from app.services.sample_campaign import make_sample_campaign
from app.services.samples import load_sample
from app.storage.campaign_file import SUFFIX, CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.patient_call import PatientCallDialog
from app.ui.dialogs.purge import PurgeDialog
from app.ui.dialogs.recovery_code import ShowRecoveryCode
from app.ui.dialogs.returned_emails import ReturnedEmailsDialog
from app.ui.dialogs.returned_mail import ReturnedMailDialog
from app.ui.steps.evidence import EvidencePage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, few_people, ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text

_S = DeliveryStatus
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def clock() -> FixedClock:
    """The day on which the ready campaign writes."""
    return FixedClock(NOW)


def sent(campaign_file: CampaignFile, desk: Desk) -> CampaignFile:
    """E-mails accepted but one refused, letters posted."""
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    first = True
    while (claimed := campaign_file.claim_next(NOW)) is not None:
        key = claimed[0].id
        if first:
            campaign_file.move(key, _S.REJECTED, now=NOW)
            first = False
            continue
        campaign_file.move(key, _S.DOT, now=NOW)
        campaign_file.move(key, _S.ACCEPTED, now=NOW)
    for letter in list(campaign_file.deliveries(_S.PENDING)):
        campaign_file.move(letter.id, _S.PRINTED, now=NOW)
        campaign_file.move(letter.id, _S.POSTED, now=NOW)
    return campaign_file


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path)
    yield sent(made, desk)
    made.close()


def opened(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> EvidencePage:
    page = EvidencePage(campaign_file, desk)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.load()
    return page


def dialog_of(page: EvidencePage, kind: type[D]) -> D:
    found = [each for each in page.findChildren(kind) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def letters(
    campaign_file: CampaignFile, status: DeliveryStatus
) -> list[tuple[Delivery, Recipient]]:
    return list(campaign_file.deliveries_with_recipients(status))


def test_before_anything_left_the_page_says_so(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "vide"
    folder.mkdir()
    with ready_campaign(folder) as fresh:
        page = opened(qtbot, desk, fresh)
        assert "Rien pour le moment" in page.empty_label.text()
        assert not page.dossier_box.isVisible()
        page.close()


def test_everybody_is_counted_once(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> None:
    page = opened(qtbot, desk, campaign_file)
    assert page.balance_box.lines == [
        "Acceptées par le serveur\u00a0: 8",
        "Postées\u00a0: 2",
        "Refusées par le serveur\u00a0: 1",
        "Sans lettre, avec une raison\u00a0: 1",
        "Total\u00a0: 12 personnes, chacune comptée une fois.",
    ]


def test_a_refused_person_is_written_to_by_post(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    button = page.returns_box.paper_button
    assert button.text().replace("&", "") == "Écrire par courrier à 1\u00a0personne"
    press(qtbot, button)
    assert "à imprimer" in page.message_bar.text
    assert campaign_file.balance().count(_S.PENDING) == 1
    assert "À envoyer ou à remettre\u00a0: 1" in page.balance_box.lines
    assert not button.isVisible()


def test_returned_envelopes_are_noted_by_their_code(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    letter, person = letters(campaign_file, _S.POSTED)[0]
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.returns_box.returned_button)
    dialog = dialog_of(page, ReturnedMailDialog)
    type_text(dialog.code_edit, letter.code.lower().replace("-", " "))
    QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    assert campaign_file.delivery(letter.id).status is _S.RETURNED
    assert person.display_name in dialog.noted_list.item(0).text()
    assert dialog.code_edit.text() == ""
    type_text(dialog.code_edit, letter.code)
    press(qtbot, dialog.note_button)
    assert dialog.noted_list.count() == 1
    assert dialog.outcome_words.text()
    dialog.reject()
    assert "Plis retournés\u00a0: 1" in page.balance_box.lines


def test_a_returned_email_is_read_from_a_file(
    qtbot: QtBot,
    desk: Desk,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    letter, person = letters(campaign_file, _S.ACCEPTED)[0]
    report = tmp_path / "retour.eml"
    report.write_bytes(
        (
            "From: MAILER-DAEMON@mx.example\r\nTo: contact@cabinet-tilleuls.example\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mx.example\r\n\r\n"
            f"Final-Recipient: rfc822; {person.email}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n"
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Message-ID: {letter.message_id}\r\nTo: {person.email}\r\n\r\n--b--\r\n"
        ).encode()
    )
    files.answer = report
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.returns_box.bounce_button)
    dialog = dialog_of(page, ReturnedEmailsDialog)
    assert not dialog.read_button.isVisible()  # no mailbox to read is set
    press(qtbot, dialog.file_button)
    settle(qtbot, desk)
    assert campaign_file.delivery(letter.id).status is _S.BOUNCED
    assert "1\u00a0courriel retourné" in dialog.summary_label.text()
    dialog.reject()
    assert "Retournées par courriel\u00a0: 1" in page.balance_box.lines


def test_a_patient_calls_with_the_code_with_a_name_or_with_a_false_code(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    letter, person = letters(campaign_file, _S.ACCEPTED)[0]
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.returns_box.call_button)
    dialog = dialog_of(page, PatientCallDialog)
    type_text(dialog.typed_edit, letter.code)
    QTest.keyClick(dialog.typed_edit, Qt.Key.Key_Return)
    assert "bien de nous" in dialog.outcome_label.text()
    assert person.display_name in dialog.found_list.item(0).text()
    assert "numéro de téléphone" in dialog.facts_label.text()
    press(qtbot, dialog.count_button)
    assert not dialog.count_button.isEnabled()
    assert call_counts(campaign_file) == {Question.GENUINE: 1}

    dialog.typed_edit.setText("le goff")
    press(qtbot, dialog.find_button)
    assert "LE GOFF Soazig" in dialog.found_list.item(0).text()

    dialog.typed_edit.setText("2222-2222-2")  # well formed, not ours
    press(qtbot, dialog.find_button)
    assert "n’est sur aucune de nos lettres" in dialog.outcome_label.text()
    assert not dialog.found_list.isVisible()

    dialog.typed_edit.setText("2222-2222-3")
    press(qtbot, dialog.find_button)
    assert "erreur de lecture" in dialog.outcome_label.text()

    dialog.typed_edit.setText("Inconnu Total")
    press(qtbot, dialog.find_button)
    assert "Personne de ce nom" in dialog.outcome_label.text()
    dialog.reject()
    assert "1\u00a0appel compté" in page.returns_box.calls_label.text()


def test_the_dossier_is_written_without_names(
    qtbot: QtBot,
    desk: Desk,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    files.answer = tmp_path / "Dossier CNIL"
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.dossier_box.save_button)
    settle(qtbot, desk)
    assert "est enregistré" in page.message_bar.text
    pages = pypdf.PdfReader(files.answer / "dossier-cnil.pdf").pages
    text = "\n".join(each.extract_text() for each in pages)
    assert "12" in text
    everything = b"".join(
        path.read_bytes()
        for path in files.answer.rglob("*")
        if path.suffix in {".csv", ".json", ".txt", ".jsonl"}
    ).decode("utf-8", "replace")
    everything = everything.replace(
        '"Doublon"', ""
    )  # a reason, and the name of one invented person
    for person in few_people():
        assert person.email not in everything or not person.email
        assert person.last_name not in everything
    assert json.loads((files.answer / "dossier.json").read_text(encoding="utf-8"))
    report = step_reports(campaign_facts(campaign_file))[Step.EVIDENCE - 1]
    assert report.state is StepState.DONE


@pytest.fixture
def keyed_campaign(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    """A sample made as the program makes it, with a header and a key that can be changed."""
    sample = load_sample("editeur", NOW.date())
    made = make_sample_campaign(
        tmp_path / f"Exemple{SUFFIX}",
        "Exemple",
        sample.practice,
        sample.incident,
        desk.credentials,
        desk.clock,
    )
    made.add_recipients(few_people())
    yield sent(made, desk)
    made.close()


def test_the_list_is_erased_once_the_word_is_written(
    qtbot: QtBot,
    desk: Desk,
    keyed_campaign: CampaignFile,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    files.answer = tmp_path / "certificat.pdf"
    page = opened(qtbot, desk, keyed_campaign)
    before = keyed_campaign.balance()
    press(qtbot, page.names_box.purge_button)
    dialog = dialog_of(page, PurgeDialog)
    assert dialog.keep_button.isDefault()
    assert "pas encore été enregistré" in dialog.text_label.text()
    press(qtbot, dialog.erase_button)
    assert dialog.isVisible()
    assert not files.asked
    type_text(dialog.word_edit, "Effacer")
    with qtbot.waitSignal(page.campaign_replaced) as replaced:
        press(qtbot, dialog.erase_button)
    assert replaced.args is not None
    fresh = replaced.args[0]
    assert isinstance(fresh, CampaignFile)
    try:
        assert files.answer.read_bytes().startswith(b"%PDF")
        assert not any(person.last_name for person in fresh.recipients())
        assert fresh.balance() == before
        assert fresh.verify_chain().is_whole
        codes = page.findChildren(ShowRecoveryCode)
        assert len(codes) == 1
        codes[0].close()
        page.campaign_file = fresh
        page.load()
        assert "effacée le 2\u00a0mars 2026" in page.names_box.label.text()
        assert not page.names_box.purge_button.isVisible()
    finally:
        fresh.close()
