"""« Les patients »: a real spreadsheet read, its columns corrected, its patients settled."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.core.headers import Field
from app.core.issue import Level
from app.core.recipient import ExclusionReason, Restriction
from app.core.steps import Missing
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery
from app.ui.desk import Desk
from app.ui.dialogs.edit_recipient import EditRecipientDialog
from app.ui.dialogs.exclude import ExcludeDialog
from app.ui.dialogs.file_remarks import FileRemarksDialog
from app.ui.dialogs.import_reason import ReasonDialog
from app.ui.dialogs.list_difference import ListDifferenceDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps import patients_list
from app.ui.steps.patients import PatientsPage
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text

MakeCampaign = Callable[..., CampaignFile]
D = TypeVar("D", bound=QDialog)
HEADERS = ("CIV", "NOM", "PRENOM", "DDN", "MAIL", "ADRESSE", "CP", "VILLE", "OBSERVATIONS")
ROWS = (
    ("Mme", "MARTIN", "Jeanne", "12/03/1950", "jeanne.m@exemple.fr", "1 rue du Lac", "90000", "Belfort", "vue"),
    ("M.", "DURAND", "Paul", "01/02/1960", "paul.durand@", "2 rue du Lac", "90000", "Belfort", "appel"),
    ("M.", "DURAND", "Paul", "01/02/1960", "", "2 rue du Lac", "90000", "Belfort", ""),
    ("Mme", "PETIT", "Anne", "05/06/1971", "", "", "", "", ""),
    ("Mme", "LE GOFF", "Soazig", "05/06/1918", "", "3 rue du Lac", "1000", "Bourg-en-Bresse", ""),
)  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.title = "Export"
    for row in (HEADERS, *ROWS):
        active.append(row)
    path = tmp_path / "patients.xlsx"
    book.save(path)
    book.close()
    return path


def shown(qtbot: QtBot, campaign_file: CampaignFile, desk: Desk) -> PatientsPage:
    page = PatientsPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    page.load()
    return page


@pytest.fixture
def page(qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk) -> PatientsPage:
    return shown(qtbot, make_campaign(), desk)


@pytest.fixture
def loaded(qtbot: QtBot, page: PatientsPage, desk: Desk, sheet: Path) -> PatientsPage:
    page.read_file(sheet)
    settle(qtbot, desk)
    press(qtbot, page.columns.import_button)
    settle(qtbot, desk)
    return page


def dialog_of(page: PatientsPage, kind: type[D]) -> D:
    (found,) = [dialog for dialog in page.findChildren(kind) if dialog.isVisible()]
    return found


def button_of(dialog: QDialog, words: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == words)


def bar_button(page: PatientsPage, words: str) -> QPushButton:
    return next(
        b for b in page.message_bar.findChildren(QPushButton) if b.text().replace("&", "") == words
    )


def select(page: PatientsPage, name: str) -> int:
    """Select the patient of that name in the table; the key."""
    for row in range(page.list.model.rowCount()):
        record = page.list.model.record(row)
        if record is not None and record.recipient.display_name == name:
            page.list.table.selectRow(row)
            return record.recipient.id
    raise AssertionError(name)


def remarks(page: PatientsPage, row: int) -> set[str]:
    return {s.issue.code for s in page.campaign_file.issues(row=row, settled=False)}


def test_a_chosen_file_is_shown_before_anything_is_written(
    qtbot: QtBot, page: PatientsPage, desk: Desk, files: ReadyFileChooser, sheet: Path
) -> None:
    files.answer = sheet
    press(qtbot, page.empty.button)
    assert page.progress.isVisible()
    settle(qtbot, desk)
    assert page.columns.isVisible()
    assert (
        page.columns.facts.text()
        == "patients.xlsx, feuille «\u00a0Export\u00a0»\u00a0: 5\u00a0lignes."
    )
    assert page.campaign_file.count_recipients() == 0
    model = page.columns.table.model()
    targets = {model.index(row, 0).data(): model.index(row, 2).data() for row in range(9)}
    assert targets["NOM"] == "Nom"
    assert targets["OBSERVATIONS"].startswith("Ne pas importer\u00a0: texte libre")


def test_a_dropped_file_is_read(qtbot: QtBot, page: PatientsPage, desk: Desk, sheet: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sheet))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page.empty, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page.empty, drop)
    settle(qtbot, desk)
    assert page.columns.isVisible()


def test_an_imported_list_is_counted_and_shown(loaded: PatientsPage) -> None:
    assert loaded.list.isVisible()
    assert loaded.campaign_file.count_recipients() == 5
    assert loaded.lead_label.text().startswith(
        "5\u00a0lignes\u00a0: 4\u00a0patients à prévenir, 1\u00a0doublon"
    )
    assert "à corriger" in loaded.lead_label.text()
    assert loaded.list.model.rowCount() == 5
    assert loaded.list.source.text() == "patients.xlsx, feuille «\u00a0Export\u00a0»"


def test_a_column_is_changed_by_hand_and_remembered(
    qtbot: QtBot, page: PatientsPage, desk: Desk, sheet: Path
) -> None:
    page.read_file(sheet)
    settle(qtbot, desk)
    model = page.columns.table.model()
    assert model.setData(model.index(5, 2), Field.COMPLEMENT)
    understanding = page.columns.understanding
    assert understanding is not None
    assert understanding.mapping.columns[5].field is Field.COMPLEMENT
    press(qtbot, page.columns.import_button)
    settle(qtbot, desk)
    first = next(page.campaign_file.recipients())
    assert (first.address.street, first.address.complement) == ("", "1 rue du Lac")
    (habit,) = desk.settings.current.known_columns
    assert habit.headers == HEADERS
    page.read_file(sheet)
    settle(qtbot, desk)
    again = page.columns.understanding
    assert again is not None
    assert again.mapping.columns[5].field is Field.COMPLEMENT


def test_a_useless_column_needs_a_reason(
    qtbot: QtBot, page: PatientsPage, desk: Desk, sheet: Path
) -> None:
    page.read_file(sheet)
    settle(qtbot, desk)
    model = page.columns.table.model()
    model.setData(model.index(8, 2), Field.LOCALITY)
    dialog = dialog_of(page, ReasonDialog)
    press(qtbot, button_of(dialog, "Importer cette colonne"))
    assert dialog.fault.isVisible()
    type_text(dialog.reason, "Elle contient les lieux-dits")
    press(qtbot, button_of(dialog, "Importer cette colonne"))
    understanding = page.columns.understanding
    assert understanding is not None
    assert understanding.mapping.columns[8].field is Field.LOCALITY
    assert understanding.mapping.columns[8].reason == "Elle contient les lieux-dits"


def test_columns_without_a_name_are_refused_with_a_sentence(
    qtbot: QtBot, page: PatientsPage, desk: Desk, sheet: Path
) -> None:
    page.read_file(sheet)
    settle(qtbot, desk)
    model = page.columns.table.model()
    model.setData(model.index(1, 2), None)
    press(qtbot, page.columns.import_button)
    assert not desk.jobs.is_busy
    assert page.message_bar.text
    assert page.columns.isVisible()


def test_a_file_that_is_no_list_gets_one_sentence_and_nothing_changes(
    qtbot: QtBot, page: PatientsPage, desk: Desk, tmp_path: Path
) -> None:
    broken = tmp_path / "liste.xlsx"
    broken.write_bytes(b"PK\x03\x04" + bytes(200))
    page.read_file(broken)
    settle(qtbot, desk)
    assert "liste.xlsx" in page.message_bar.text
    assert page.empty.isVisible()


def test_stopping_the_reading_changes_nothing(
    qtbot: QtBot, page: PatientsPage, desk: Desk, sheet: Path
) -> None:
    page.read_file(sheet)
    press(qtbot, page.progress.stop_button)
    settle(qtbot, desk)
    assert page.empty.isVisible()
    assert page.message_bar.text == ""


def test_the_filters_and_the_search_show_the_right_people(
    qtbot: QtBot, loaded: PatientsPage
) -> None:
    labels = [loaded.list.filter.itemText(i) for i in range(loaded.list.filter.count())]
    assert labels[0] == "Tous les patients (5)"
    to_fix = next(label for label in labels if label.startswith("À corriger"))
    loaded.list.filter.setCurrentText(to_fix)
    loaded.list.refresh()
    expected = loaded.campaign_file.count_recipients(RecipientQuery(issue_level=Level.BLOCKING))
    assert loaded.list.model.rowCount() == expected > 0
    loaded.list.filter.setCurrentIndex(0)
    loaded.list.refresh()
    type_text(loaded.list.search, "legoff soazig".replace("legoff", "le goff"))
    qtbot.waitUntil(lambda: loaded.list.model.rowCount() == 1)
    loaded.list.search.clear()
    qtbot.waitUntil(lambda: loaded.list.model.rowCount() == 5)


def test_an_exclusion_asks_a_reason_and_can_be_undone(qtbot: QtBot, loaded: PatientsPage) -> None:
    key = select(loaded, "PETIT Anne")
    press(qtbot, loaded.list.exclude_button)
    dialog = dialog_of(loaded, ExcludeDialog)
    press(qtbot, button_of(dialog, "Ne pas écrire"))
    assert dialog.fault.text() == "Choisissez d’abord une raison."
    press(qtbot, dialog.reason.button(ExclusionReason.USER_DECISION))
    press(qtbot, button_of(dialog, "Ne pas écrire"))
    assert dialog.fault.text() == "Écrivez en quelques mots pourquoi."
    type_text(dialog.note, "Déjà vue ce matin")
    press(qtbot, button_of(dialog, "Ne pas écrire"))
    person = loaded.campaign_file.recipient(key)
    assert (person.excluded, person.exclusion_note) == (
        ExclusionReason.USER_DECISION,
        "Déjà vue ce matin",
    )
    select(loaded, "PETIT Anne")
    assert loaded.list.exclude_button.text() == "&Écrire quand même"
    press(qtbot, loaded.list.undo_button)
    assert loaded.campaign_file.recipient(key).excluded is None
    assert not loaded.list.undo_button.isEnabled()


def test_hand_over_goes_on_and_off(qtbot: QtBot, loaded: PatientsPage) -> None:
    key = select(loaded, "PETIT Anne")
    press(qtbot, loaded.list.hand_over_button)
    assert loaded.campaign_file.recipient(key).restriction is Restriction.HAND_OVER
    select(loaded, "PETIT Anne")
    assert loaded.list.hand_over_button.text() == "Ne plus &remettre en main propre"
    press(qtbot, loaded.list.hand_over_button)
    assert loaded.campaign_file.recipient(key).restriction is Restriction.NONE


def test_a_corrected_patient_loses_the_remark(qtbot: QtBot, loaded: PatientsPage) -> None:
    key = select(loaded, "PETIT Anne")
    row = loaded.campaign_file.recipient(key).row
    before = remarks(loaded, row)
    assert before
    with qtbot.waitSignal(loaded.changed):
        press(qtbot, loaded.list.correct_button)
        dialog = dialog_of(loaded, EditRecipientDialog)
        type_text(dialog.lines["email"], "anne.petit@exemple.fr")
        press(qtbot, button_of(dialog, "Enregistrer la correction"))
    assert loaded.campaign_file.recipient(key).email == "anne.petit@exemple.fr"
    assert "no_reach" in before
    assert "no_reach" not in remarks(loaded, row)


def test_the_email_is_edited_in_place(qtbot: QtBot, loaded: PatientsPage) -> None:
    key = select(loaded, "PETIT Anne")
    table, model = loaded.list.table, loaded.list.model
    row = model.row_of(key)
    assert row is not None
    table.setCurrentIndex(model.index(row, 2))
    QTest.keyClick(table, Qt.Key.Key_F2)
    (editor,) = table.viewport().findChildren(QLineEdit)
    type_text(editor, "anne@exemple.fr")
    with qtbot.waitSignal(loaded.changed):
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert loaded.campaign_file.recipient(key).email == "anne@exemple.fr"


def test_doubts_are_settled_with_a_word(qtbot: QtBot, loaded: PatientsPage) -> None:
    key = select(loaded, "LE GOFF Soazig")
    row = loaded.campaign_file.recipient(key).row
    assert "very_old" in remarks(loaded, row)
    press(qtbot, loaded.list.settle_button)
    assert "very_old" not in remarks(loaded, row)


def test_remarks_on_the_file_are_read_then_gone(qtbot: QtBot, loaded: PatientsPage) -> None:
    assert loaded.list.remarks_button.isVisible()
    press(qtbot, loaded.list.remarks_button)
    press(qtbot, button_of(dialog_of(loaded, FileRemarksDialog), "J’ai lu ces remarques"))
    assert not loaded.list.remarks_button.isVisible()


@pytest.fixture
def complement(sheet: Path) -> Path:
    """The same list with one more person, and another e-mail for Mme Martin."""
    book = openpyxl.load_workbook(sheet)
    active = book.active
    assert active is not None
    active["E2"] = "jeanne.martin@exemple.fr"
    active.append(("M.", "BLANC", "René", "07/08/1955", "rene.blanc@exemple.fr", "", "", "", ""))
    path = sheet.with_name("complement.xlsx")
    book.save(path)
    book.close()
    return path


def test_a_second_file_completes_the_list_once_its_changes_were_seen(
    qtbot: QtBot, loaded: PatientsPage, desk: Desk, complement: Path, files: ReadyFileChooser
) -> None:
    files.answer = complement
    press(qtbot, loaded.list.other_button)
    settle(qtbot, desk)
    assert loaded.columns.import_button.text() == "&Compléter la liste avec 6\u00a0lignes"
    assert loaded.columns.replace_button.isVisible()
    press(qtbot, loaded.columns.import_button)
    settle(qtbot, desk)
    assert loaded.campaign_file.count_recipients() == 5
    dialog = dialog_of(loaded, ListDifferenceDialog)
    assert dialog.text_label.text().startswith(
        "1\u00a0patient de plus, 1 mis à jour, 4 sans changement."
    )
    changes = dialog.table.model()
    (told,) = [changes.index(row, 2).data() for row in range(changes.rowCount())]
    assert told == "Courriel\u00a0: jeanne.m@exemple.fr → jeanne.martin@exemple.fr"
    press(qtbot, dialog.accept_button)
    settle(qtbot, desk)
    assert "1\u00a0patient de plus" in loaded.message_bar.text
    people = {person.display_name: person for person in loaded.campaign_file.recipients()}
    assert people["MARTIN Jeanne"].email == "jeanne.martin@exemple.fr"
    assert "BLANC René" in people


def test_a_second_file_given_up_at_its_changes_changes_nothing(
    qtbot: QtBot, loaded: PatientsPage, desk: Desk, complement: Path
) -> None:
    loaded.read_file(complement)
    settle(qtbot, desk)
    press(qtbot, loaded.columns.import_button)
    settle(qtbot, desk)
    press(qtbot, button_of(dialog_of(loaded, ListDifferenceDialog), "Revenir aux colonnes"))
    assert loaded.columns.isVisible()
    assert loaded.campaign_file.count_recipients() == 5
    assert len(loaded.campaign_file.imports()) == 1


def test_the_list_is_replaced_only_after_a_question(
    qtbot: QtBot, loaded: PatientsPage, desk: Desk, complement: Path
) -> None:
    key = select(loaded, "PETIT Anne")
    loaded.read_file(complement)
    settle(qtbot, desk)
    press(qtbot, loaded.columns.replace_button)
    question = dialog_of(loaded, QuestionDialog)
    assert "5\u00a0patients" in question.text_label.text()
    assert loaded.campaign_file.recipient(key).first_name == "Anne"
    press(qtbot, button_of(question, "Remplacer la liste"))
    settle(qtbot, desk)
    assert loaded.campaign_file.count_recipients() == 6


def test_rows_to_correct_go_back_with_the_reason(
    qtbot: QtBot, loaded: PatientsPage, desk: Desk, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "retour.xlsx"
    press(qtbot, loaded.list.export_button)
    settle(qtbot, desk)
    book = openpyxl.load_workbook(files.answer)
    titles, *rows = [[cell.value or "" for cell in row] for row in book.worksheets[0].iter_rows()]
    book.close()
    assert titles == [*HEADERS[:-1], "Pourquoi"]  # observations never leave
    assert {row[1] for row in rows} == {"PETIT"}
    assert "retour.xlsx" in loaded.message_bar.text
    assert loaded.list.isVisible()


def test_rows_to_correct_of_an_earlier_day_need_the_very_file(
    qtbot: QtBot,
    loaded: PatientsPage,
    desk: Desk,
    files: ReadyFileChooser,
    complement: Path,
    sheet: Path,
) -> None:
    page = shown(qtbot, loaded.campaign_file, desk)
    press(qtbot, page.list.export_button)
    files.answer = complement
    press(qtbot, bar_button(page, "Choisir ce fichier…"))
    settle(qtbot, desk)
    assert "n’est pas le fichier importé en dernier" in page.message_bar.text
    files.answer = sheet
    press(qtbot, page.list.export_button)
    files.asked.clear()
    press(qtbot, bar_button(page, "Choisir ce fichier…"))
    files.answer = sheet.with_name("retour.csv")
    settle(qtbot, desk)
    settle(qtbot, desk)  # reading, then writing
    assert files.asked == ["Choisir la liste importée", "Enregistrer les lignes à corriger"]
    assert "PETIT" in files.answer.read_text(encoding="utf-8-sig")


def test_a_long_list_is_read_apart_from_the_window(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patients_list, "_READ_AT_ONCE", 10)
    page = shown(qtbot, make_campaign(40), desk)
    assert page.list.model.rowCount() == 0  # not read in this thread
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 40)
    assert page.lead_label.text().startswith("40\u00a0lignes")
    name = page.list.model.record(7).recipient.last_name  # type: ignore[union-attr]  # row 7 of 40 is there
    type_text(page.list.search, name)
    qtbot.waitUntil(lambda: 0 < page.list.model.rowCount() < 40)
    page.list.end()


def test_what_is_missing_takes_the_focus(qtbot: QtBot, loaded: PatientsPage) -> None:
    with qtbot.waitActive(loaded):
        loaded.activateWindow()
    loaded.focus_on(Missing.PATIENTS_TO_FIX)
    assert loaded.list.filter.currentText().startswith("À corriger")
    assert loaded.list.table.hasFocus()


def test_a_job_elsewhere_keeps_the_list_as_it_is(
    qtbot: QtBot, loaded: PatientsPage, desk: Desk
) -> None:
    from tests.ui.test_workers import waiting_job

    key = select(loaded, "PETIT Anne")
    job = waiting_job()
    desk.jobs.begin(job)
    press(qtbot, loaded.list.hand_over_button)
    assert loaded.campaign_file.recipient(key).restriction is Restriction.NONE
    assert "n’est pas terminé" in loaded.message_bar.text
    job.stop()
    settle(qtbot, desk)
