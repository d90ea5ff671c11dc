"""« Par courrier »: what a mailing house gets, tariffs, registered numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import pyzipper
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.campaign import DeliveryStatus
from app.services import mailing_house, mailing_pack
from app.services.tariffs import load_tariffs, own_file
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.mailing_house import MailingHouseDialog
from app.ui.dialogs.printed_letters import After
from app.ui.dialogs.registered_numbers import RegisteredNumbersDialog
from app.ui.dialogs.tariffs import TariffsDialog
from app.ui.steps.sending import SendingPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text
from tests.ui.paper_support import (
    PEOPLE,
    act,
    bar_button,
    dialog_of,
    paper_campaign,
    paper_page,
    paper_people,
    print_pdf,
    statuses,
)

_S = DeliveryStatus


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    with paper_campaign(tmp_path, desk, paper_people()) as made:
        yield made


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, tmp_path: Path) -> SendingPage:
    return paper_page(qtbot, desk, campaign_file, tmp_path)


def test_the_mailing_house_gets_its_files_and_password(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    act(qtbot, page, After.MAILING_HOUSE)
    dialog = dialog_of(page, MailingHouseDialog)
    assert "de timbres" in dialog.stamps_label.text()
    press(qtbot, dialog.xlsx_box)
    press(qtbot, dialog.archive_box)
    proposed = dialog.password_edit.text()
    assert len(proposed) == 19
    dialog.password_edit.setText("court")
    press(qtbot, dialog.write_button)
    assert "12\u00a0caractères" in dialog.fault_label.text().replace(" ", "\u00a0")
    dialog.password_edit.setText("le mot de passe du cabinet")
    folder = tmp_path / "prestataire"
    folder.mkdir()
    files.answer = folder
    press(qtbot, dialog.write_button)
    settle(qtbot, page.desk)
    assert sorted(path.name for path in folder.iterdir()) == [
        "Bordereau de dépôt.pdf", "Lettres.zip", "Liste des lettres.xlsx", "lettres.csv"
    ]  # fmt: skip
    with pyzipper.AESZipFile(folder / "Lettres.zip") as archive:
        archive.setpassword(b"le mot de passe du cabinet")
        assert archive.read("lettres.pdf") == (tmp_path / "lettres.pdf").read_bytes()
    act(qtbot, page, After.MAILING_HOUSE)
    again = dialog_of(page, MailingHouseDialog)
    assert again.password_edit.text() not in {proposed, ""}
    again.reject()


def test_a_pdf_too_large_for_the_mailing_house_is_written_again_in_parts(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    campaign_file: CampaignFile,
) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    size = (tmp_path / "lettres.pdf").stat().st_size
    for module in (mailing_house, mailing_pack):
        monkeypatch.setattr(module, "MAILEVA_MAX_BYTES", size - 1)
    act(qtbot, page, After.MAILING_HOUSE)
    files.answer = tmp_path
    press(qtbot, dialog_of(page, MailingHouseDialog).write_button)
    settle(qtbot, page.desk)
    assert "trop lourd" in page.message_bar.text
    assert not list(tmp_path.glob("*.csv"))
    files.answer = tmp_path / "parts.pdf"
    press(qtbot, bar_button(page, "Refaire en PDF de 20\u00a0Mo…"))
    settle(qtbot, page.desk)
    assert [path.name for path in tmp_path.glob("parts*.pdf")] == ["parts-001.pdf"]
    assert statuses(campaign_file) == {_S.PRINTED: PEOPLE}


def test_tariffs_are_completed_in_the_window(
    qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path
) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    act(qtbot, page, After.MAILING_HOUSE)
    opener = dialog_of(page, MailingHouseDialog)
    before = opener.stamps_label.text()
    press(qtbot, opener.tariffs_button)
    dialog = dialog_of(page, TariffsDialog)
    price = dialog.grid.item(0, 2)
    assert price is not None
    price.setText("deux euros")
    press(qtbot, dialog.keep_button)
    assert "ligne 1" in dialog.fault_label.text().replace("\u00a0", " ")
    price.setText("2,00")
    dialog.grid.setCurrentCell(0, 0)
    press(qtbot, dialog.add_button)
    for column, text in ((1, "100"), (2, "3,1")):
        item = dialog.grid.item(1, column)
        assert item is not None
        item.setText(text)
    press(qtbot, dialog.keep_button)
    table = load_tariffs()
    assert [(s.grams, s.cents) for s in table.tariff("verte").steps] == [(20, 200), (100, 310)]
    assert opener.stamps_label.text() != before
    press(qtbot, opener.tariffs_button)
    press(qtbot, dialog_of(page, TariffsDialog).reset_button)
    assert not own_file().exists()
    assert opener.stamps_label.text() == before
    opener.reject()


def test_registered_numbers_are_typed_back(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    campaign_file: CampaignFile,
) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    letter = next(iter(campaign_file.deliveries(_S.PRINTED)))
    act(qtbot, page, After.REGISTERED)
    dialog = dialog_of(page, RegisteredNumbersDialog)
    type_text(dialog.code_edit, letter.code)
    QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    assert dialog.number_edit.hasFocus() or dialog.focusWidget() is dialog.number_edit
    type_text(dialog.number_edit, "RR 473 124 828 CH")
    QTest.keyClick(dialog.number_edit, Qt.Key.Key_Return)
    assert "n’est pas un numéro" in dialog.outcome_words.text()
    dialog.number_edit.clear()
    type_text(dialog.number_edit, "RR 473 124 829 CH")
    QTest.keyClick(dialog.number_edit, Qt.Key.Key_Return)
    assert dialog.noted_list.count() == 1
    (event,) = campaign_file.events(kind="registered_number")
    assert event.facts["number"] == "RR473124829CH"
    dialog.reject()
