"""The whole window keeps a campaign: code, key, copies, follow-up, closing, forgetting, register."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import openpyxl
import pypdf
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.campaign import DeliveryStatus
from app.core.incident import DataCategory
from app.core.register import Cause, Ground
from app.core.steps import Step
from app.services import backups, campaigns, follow_up, lettering, planning
from app.services.departure import plan_options
from app.services.due_days import reminder
from app.services.follow_up import Audience
from app.storage.campaign_file import SUFFIX, CampaignFile
from app.storage.header import read_header
from app.ui.desk import Desk
from app.ui.dialogs.close_campaign import CloseCampaignDialog
from app.ui.dialogs.copies import CopiesDialog
from app.ui.dialogs.decision import DecisionDialog
from app.ui.dialogs.follow_up import FollowUpDialog
from app.ui.dialogs.incident_without_letters import IncidentWithoutLettersDialog
from app.ui.dialogs.new_campaign import NewCampaignDialog
from app.ui.dialogs.purge import PurgeDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.dialogs.recovery_code import AskRecoveryCode, ShowRecoveryCode
from app.ui.dialogs.register_entry import RegisterEntryDialog
from app.ui.dialogs.was_informed import WasInformedDialog
from app.ui.main_window import MainWindow
from app.ui.steps.evidence import EvidencePage
from tests.support.campaigns import NOW, FixedClock
from tests.support.ready_campaign import few_people
from tests.ui.conftest import INCIDENT, PRACTICE, ReadyFileChooser, press, settle, type_text

S = DeliveryStatus
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def window(qtbot: QtBot, ready_desk: Desk) -> Iterator[MainWindow]:
    made = MainWindow(ready_desk)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    made.close()


@pytest.fixture
def sent(tmp_path: Path, ready_desk: Desk) -> tuple[Path, str]:
    """A campaign whose letters have left, closed on the disk; its recovery code."""
    path = tmp_path / f"Éditeur{SUFFIX}"
    file, code = campaigns.create_campaign(
        path, "Éditeur", PRACTICE, INCIDENT, ready_desk.credentials, clock=ready_desk.clock
    )
    file.add_recipients(few_people())
    planning.plan(file, plan_options(file, ready_desk.settings.current.account), ready_desk.clock)
    lettering.freeze(file, clock=ready_desk.clock)
    while (claimed := file.claim_next(NOW)) is not None:
        file.move(claimed[0].id, S.DOT, now=NOW)
        file.move(claimed[0].id, S.ACCEPTED, now=NOW)
    for letter in list(file.deliveries(S.PENDING)):
        file.move(letter.id, S.PRINTED, now=NOW)
        file.move(letter.id, S.POSTED, now=NOW)
    campaigns.backup(file, ready_desk.clock)
    campaigns.remember(file, ready_desk.clock)
    file.close()
    return path, code


def dialog_of(window: QWidget, kind: type[D]) -> D:
    found = [each for each in window.findChildren(kind) if each.isVisible()]
    assert len(found) == 1, (kind, found)
    return found[0]


def button_of(dialog: QDialog, words: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == words)


def evidence(window: MainWindow, path: Path) -> EvidencePage:
    """Open the campaign and go to the last page."""
    window.opener.open(path)
    view = window.campaign_view
    assert view is not None
    view.show_step(Step.EVIDENCE)
    page = view.page(Step.EVIDENCE)
    assert isinstance(page, EvidencePage)
    return page


def file_of(window: MainWindow) -> CampaignFile:
    assert window.campaign_view is not None
    return window.campaign_view.campaign_file


def test_the_sheet_for_the_safe_is_saved_then_deleted(
    qtbot: QtBot, window: MainWindow, files: ReadyFileChooser, tmp_path: Path
) -> None:
    window.opener.create("Neuf", tmp_path)
    shown = dialog_of(window, ShowRecoveryCode)
    files.answer = tmp_path / "fiche.pdf"
    press(qtbot, shown.sheet_button)
    text = pypdf.PdfReader(files.answer).pages[0].extract_text()
    assert shown.code_label.text() in text
    assert "Neuf" in text
    assert "Cabinet du Dr Roux" in text
    press(qtbot, shown.delete_button)
    assert not files.answer.exists()
    assert not shown.delete_button.isVisible()
    files.answer = tmp_path / "absent" / "fiche.pdf"
    press(qtbot, shown.sheet_button)
    assert "n’a pas pu être écrit" in shown.sheet_label.text()
    press(qtbot, shown.done_button)


def test_the_key_is_changed_once_the_new_code_is_in_safe_hands(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, sent: tuple[Path, str]
) -> None:
    path, old_code = sent
    evidence(window, path)
    before = read_header(path).fingerprint
    window.safekeeping.ask_key_change()
    press(qtbot, button_of(dialog_of(window, QuestionDialog), "Changer la clé"))
    shown = dialog_of(window, ShowRecoveryCode)
    new_code = shown.code_label.text()
    assert read_header(path).fingerprint == before
    press(qtbot, shown.done_button)
    settle(qtbot, ready_desk)
    assert read_header(path).fingerprint != before
    assert window.campaign_view is not None
    assert window.campaign_view.isVisible()
    assert window.campaign_view.current_step is Step.EVIDENCE
    assert file_of(window).count_recipients() == 12
    assert "clé est changée" in window.campaign_view.page(Step.EVIDENCE).message_bar.text
    window.show_home()
    ready_desk.credentials.delete(campaigns.credential_name(read_header(path).campaign_id))
    window.opener.open(path)
    asked = dialog_of(window, AskRecoveryCode)
    type_text(asked.code_edit, old_code)
    press(qtbot, button_of(asked, "Ouvrir l’envoi"))
    again = dialog_of(window, AskRecoveryCode)
    assert "n’ouvre pas" in again.fault_label.text()
    type_text(again.code_edit, new_code.lower())
    press(qtbot, button_of(again, "Ouvrir l’envoi"))
    assert file_of(window).count_recipients() == 12


def test_a_lost_sheet_is_replaced(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, sent: tuple[Path, str]
) -> None:
    path, old_code = sent
    evidence(window, path)
    window.safekeeping.renew_code()
    press(qtbot, button_of(dialog_of(window, QuestionDialog), "Faire une nouvelle fiche"))
    shown = dialog_of(window, ShowRecoveryCode)
    new_code = shown.code_label.text()
    press(qtbot, shown.done_button)
    window.show_home()
    assert new_code != old_code
    campaigns.open_campaign(path, ready_desk.credentials, recovery_code=new_code).close()


def test_a_copy_is_made_and_put_back_with_a_doubt(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, clock: FixedClock, sent: tuple[Path, str]
) -> None:
    path, _ = sent
    evidence(window, path)
    clock.moment = NOW + timedelta(hours=1)
    window.safekeeping.show_copies()
    dialog = dialog_of(window, CopiesDialog)
    assert dialog.list.count() == 1
    press(qtbot, dialog.make_button)
    assert dialog.list.count() == 2
    assert "Copie faite" in dialog.note_label.text()
    file_of(window).append_event("essai", {}, clock.now())
    dialog.list.setCurrentRow(1)
    press(qtbot, dialog.restore_button)
    settle(qtbot, ready_desk)
    view = window.campaign_view
    assert view is not None
    assert file_of(window).is_doubtful
    assert "attend votre confirmation" in view.page(view.current_step).message_bar.text


def test_a_damaged_campaign_offers_its_copies(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, sent: tuple[Path, str]
) -> None:
    path, _ = sent
    (path / "campagne.db").write_bytes(bytes(9000))
    window.opener.open(path)
    dialog = dialog_of(window, CopiesDialog)
    assert "abîmé" in dialog.text_label.text()
    press(qtbot, dialog.restore_button)
    settle(qtbot, ready_desk)
    assert file_of(window).count_recipients() == 12
    for copy in backups.copies_of(path):
        copy.path.unlink()
    window.show_home()
    for copy in backups.copies_of(path):
        copy.path.unlink()
    (path / "campagne.db").write_bytes(bytes(9000))
    window.opener.open(path)
    assert "abîmé" in window.home.message_bar.text


def test_without_a_keyring_a_passphrase_opens(
    qtbot: QtBot, ready_desk: Desk, tmp_path: Path
) -> None:
    desk = replace(ready_desk, has_keyring=False)
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    window.opener.ask_new()
    dialog = dialog_of(window, NewCampaignDialog)
    dialog._show_folder(tmp_path / "OneDrive - Cabinet")
    assert "service en ligne" in dialog.folder_label.text()
    dialog._show_folder(tmp_path)
    type_text(dialog.name_edit, "Sans trousseau")
    type_text(dialog.passphrase_edit, "court")
    press(qtbot, button_of(dialog, "Créer l’envoi"))
    assert "au moins 12" in dialog.fault_label.text()
    dialog.passphrase_edit.setText("")
    type_text(dialog.passphrase_edit, "quatre chevaux bleus")
    press(qtbot, button_of(dialog, "Créer l’envoi"))
    assert "pas les mêmes" in dialog.fault_label.text()
    type_text(dialog.again_edit, "quatre chevaux bleus")
    press(qtbot, button_of(dialog, "Créer l’envoi"))
    path = file_of(window).folder
    press(qtbot, dialog_of(window, ShowRecoveryCode).done_button)
    window.show_home()
    desk.credentials.delete(campaigns.credential_name(read_header(path).campaign_id))
    window.opener.open(path)
    asked = dialog_of(window, AskRecoveryCode)
    type_text(asked.code_edit, "quatre chevaux verts")
    press(qtbot, button_of(asked, "Ouvrir l’envoi"))
    again = dialog_of(window, AskRecoveryCode)
    assert "n’ouvre pas l’envoi" in again.fault_label.text()
    type_text(again.code_edit, "quatre chevaux bleus")
    press(qtbot, button_of(again, "Ouvrir l’envoi"))
    assert file_of(window).folder == path
    window.close()


def test_a_follow_up_letter_goes_back_to_the_first_page(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, sent: tuple[Path, str]
) -> None:
    page = evidence(window, sent[0])
    window.safekeeping.follow_up()
    dialog = dialog_of(window, FollowUpDialog)
    press(qtbot, dialog.audience.button(Audience.CHOSEN))
    press(qtbot, button_of(dialog, "Préparer la lettre"))
    assert "ne désigne personne" in dialog.fault_label.text()
    type_text(dialog.search_edit, "le goff")
    press(qtbot, dialog.find_button)
    assert dialog.chosen_list.count() == 1
    press(qtbot, button_of(dialog, "Préparer la lettre"))
    assert "pourquoi" in dialog.fault_label.text()
    type_text(dialog.purpose_edit, "Les données bancaires étaient aussi concernées")
    press(qtbot, button_of(dialog, "Préparer la lettre"))
    settle(qtbot, ready_desk)
    file = file_of(window)
    assert file.current_run == 2
    assert len(list(file.deliveries(run=2))) == 1
    assert file.incident().template_id == "T14"
    assert window.campaign_view is not None
    assert window.campaign_view.current_step is Step.INCIDENT
    window.campaign_view.show_step(Step.EVIDENCE)
    assert (
        "Lettre de suivi n°\u00a01\u00a0: 1\u00a0destinataire"
        in page.follow_up_box.runs_label.text()
    )
    (person,) = [one for one in file.recipients() if one.last_name.casefold() == "le goff"]
    assert [letter.run for letter in follow_up.history(file, person.id)] == [1, 2]
    window.safekeeping.follow_up()  # the one before has not left yet
    assert "n’a pas encore commencé" in page.message_bar.text


def test_a_promised_day_is_shown_on_the_home_page(
    qtbot: QtBot, window: MainWindow, clock: FixedClock, sent: tuple[Path, str]
) -> None:
    page = evidence(window, sent[0])
    type_text(page.follow_up_box.remind_edit.field, "15/02/2026")
    assert reminder(file_of(window)) == date(2026, 2, 15)
    window.show_home()
    assert window.home.reminder_bar.text == ""
    clock.moment = NOW + timedelta(days=18)
    window.show_home()
    assert "est promise pour le 15\u00a0février 2026" in window.home.reminder_bar.text
    (button,) = window.home.reminder_bar.findChildren(QPushButton)
    press(qtbot, button)
    assert file_of(window).folder == sent[0]


def test_closing_proposes_a_day_then_erasing_keeps_the_proof(
    qtbot: QtBot,
    window: MainWindow,
    ready_desk: Desk,
    clock: FixedClock,
    files: ReadyFileChooser,
    sent: tuple[Path, str],
    tmp_path: Path,
) -> None:
    page = evidence(window, sent[0])
    press(qtbot, page.names_box.close_button)
    closing = dialog_of(window, CloseCampaignDialog)
    assert closing.day_edit.day == date(2026, 7, 26)  # six months later
    closing.day_edit.field.setText("")
    type_text(closing.day_edit.field, "01/03/2026")
    press(qtbot, closing.accept_button)
    assert "à partir du 1er\u00a0mars 2026" in page.names_box.label.text()
    assert not page.follow_up_box.letter_button.isVisible()
    clock.moment = NOW + timedelta(days=60)
    window.show_home()
    assert "peut être effacée" in window.home.reminder_bar.text

    page = evidence(window, sent[0])
    before = file_of(window).balance()
    press(qtbot, page.names_box.purge_button)
    dialog = dialog_of(window, PurgeDialog)
    type_text(dialog.word_edit, "effacer")
    files.answer = tmp_path / "certificat.pdf"
    press(qtbot, dialog.erase_button)
    settle(qtbot, ready_desk)
    press(qtbot, dialog_of(window, ShowRecoveryCode).done_button)
    file = file_of(window)
    assert not any(person.last_name or person.email for person in file.recipients())
    assert file.balance() == before
    assert file.verify_chain().is_whole
    view = window.campaign_view
    assert view is not None
    page = view.page(Step.EVIDENCE)  # type: ignore[assignment]
    assert files.answer.read_bytes().startswith(b"%PDF")

    person = few_people()[0]
    press(qtbot, page.names_box.asked_button)
    asked = dialog_of(window, WasInformedDialog)
    press(qtbot, asked.find_button)
    assert "Saisissez" in asked.answer_label.text()
    type_text(asked.email_edit, "inconnu@exemple.example")
    press(qtbot, asked.find_button)
    assert "Aucune lettre" in asked.answer_label.text()
    asked.email_edit.setText(person.email)
    press(qtbot, asked.find_button)
    assert "Oui, une lettre" in asked.answer_label.text()
    asked.reject()

    files.answer = tmp_path / "encore.pdf"
    press(qtbot, page.names_box.certificate_button)
    assert files.answer.read_bytes().startswith(b"%PDF")


def test_a_certificate_that_cannot_be_written_is_told_and_written_later(
    qtbot: QtBot,
    window: MainWindow,
    ready_desk: Desk,
    files: ReadyFileChooser,
    sent: tuple[Path, str],
    tmp_path: Path,
) -> None:
    page = evidence(window, sent[0])
    page.names_box.purge_names(tmp_path / "absent" / "certificat.pdf")
    settle(qtbot, ready_desk)
    view = window.campaign_view
    assert view is not None
    assert "n’a pas pu être écrit" in view.page(view.current_step).message_bar.text
    assert not any(person.last_name for person in file_of(window).recipients())
    page = view.page(Step.EVIDENCE)  # type: ignore[assignment]
    files.answer = tmp_path / "certificat.pdf"
    press(qtbot, page.names_box.certificate_button)
    assert files.answer.exists()


def test_figures_are_copied_and_a_decision_is_noted(
    qtbot: QtBot, window: MainWindow, ready_desk: Desk, sent: tuple[Path, str]
) -> None:
    page = evidence(window, sent[0])
    press(qtbot, page.dossier_box.decision_button)
    dialog = dialog_of(window, DecisionDialog)
    press(qtbot, button_of(dialog, "Noter la décision"))
    assert dialog.fault_label.isVisible()
    press(qtbot, dialog.ground.button(Ground.DISPROPORTIONATE))
    dialog.people_box.setValue(1250)
    press(qtbot, button_of(dialog, "Noter la décision"))
    press(qtbot, page.dossier_box.figures_button)
    settle(qtbot, ready_desk)
    pasted = QGuiApplication.clipboard().text().replace("\u202f", " ").replace("\u00a0", " ")
    assert "Personnes concernées : 11" in pasted
    assert "1 250 personnes : RGPD, article 34(3)(c)" in pasted


def test_the_register_holds_every_incident_and_is_exported(
    qtbot: QtBot,
    window: MainWindow,
    ready_desk: Desk,
    files: ReadyFileChooser,
    sent: tuple[Path, str],
    tmp_path: Path,
) -> None:
    ready_desk.settings.replace(
        replace(ready_desk.settings.current, campaigns_folder=str(tmp_path))
    )
    evidence(window, sent[0])
    window.show_register()
    settle(qtbot, ready_desk)
    page = window.register_page
    assert window.campaign_view is None
    assert page._model.rowCount() == 1
    press(qtbot, page.edit_button)
    dialog = dialog_of(window, RegisterEntryDialog)
    assert dialog.form.entry().cause is Cause.EXTERNAL_MALICIOUS
    type_text(dialog.form.facts, "Vol de données chez l’éditeur")
    press(qtbot, button_of(dialog, "Enregistrer"))
    settle(qtbot, ready_desk)

    press(qtbot, page.add_button)
    adding = dialog_of(window, IncidentWithoutLettersDialog)
    press(qtbot, button_of(adding, "Ajouter au registre"))
    assert "Donnez un nom" in adding.fault_label.text()
    type_text(adding.name_edit, "Fax au mauvais numéro")
    type_text(adding.discovered_on.field, "20/01/2026")
    adding.categories.box(DataCategory.IDENTITY).click()
    type_text(adding.form.facts, "Un compte rendu faxé à une pharmacie, détruit aussitôt")
    adding.form.people.setValue(1)
    press(qtbot, button_of(adding, "Ajouter au registre"))
    assert "pourquoi les personnes" in adding.fault_label.text()
    adding.form.ground.setCurrentIndex(adding.form.ground.findData(Ground.NO_HIGH_RISK.value))
    press(qtbot, button_of(adding, "Ajouter au registre"))
    assert "pourquoi la CNIL" in adding.fault_label.text()
    type_text(adding.form.cnil_reason, "Pas de risque")
    press(qtbot, button_of(adding, "Ajouter au registre"))
    settle(qtbot, ready_desk)
    press(qtbot, dialog_of(window, ShowRecoveryCode).done_button)
    assert page._model.rowCount() == 2

    files.answer = tmp_path / "registre.xlsx"
    press(qtbot, page.export_button)
    settle(qtbot, ready_desk)
    assert "2\u00a0incidents" in page.message_bar.text
    sheet = openpyxl.load_workbook(files.answer).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert {row[0] for row in rows[1:]} == {"Éditeur", "Fax au mauvais numéro"}
    files.answer = tmp_path / "registre.csv"
    press(qtbot, page.csv_button)
    settle(qtbot, ready_desk)
    with files.answer.open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.DictReader(stream, delimiter=";"))
    facts = {row["Envoi"]: row["Faits"] for row in written}
    assert facts["Éditeur"] == "Vol de données chez l’éditeur"
    press(qtbot, page.back_button)
    assert window.home.isVisible()
    states = [window.home._model.row(number).state for number in range(2)]
    assert "Au registre, sans lettres" in states
