"""« Par courrier »: sheets printed again, a checked PDF printed, prints posted, files deleted."""

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from pytestqt.qtbot import QtBot

from app.core.campaign import DeliveryStatus
from app.services.print_choices import Output
from app.services.print_records import printed_files
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.delete_prints import DeletePrintsDialog
from app.ui.dialogs.posting_date import PostingDateDialog
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.dialogs.print_range import PrintRangeDialog
from app.ui.dialogs.printed_letters import After
from app.ui.dialogs.reprint import ReprintDialog
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
    texts,
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


def test_damaged_sheets_are_printed_again_and_count_once(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    campaign_file: CampaignFile,
) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    ((_, printed),) = printed_files(campaign_file)
    act(qtbot, page, After.REPRINT)
    dialog = dialog_of(page, ReprintDialog)
    press(qtbot, dialog.file_button)
    assert "au moins un code" in dialog.fault_label.text()
    press(qtbot, dialog.pages_radio)
    type_text(dialog.pages_edit, "abc")
    press(qtbot, dialog.file_button)
    assert "3, 8-12" in dialog.fault_label.text()
    dialog.pages_edit.clear()
    type_text(dialog.pages_edit, f"1, {printed.first_pages[4] + 1}")
    files.answer = tmp_path / "encore.pdf"
    press(qtbot, dialog.file_button)
    settle(qtbot, page.desk)
    again = "\n".join(texts(tmp_path / "encore.pdf"))
    for place in (0, 4):
        assert campaign_file.delivery(printed.ids[place]).code in again
    assert campaign_file.delivery(printed.ids[1]).code not in again
    assert statuses(campaign_file) == {_S.PRINTED: PEOPLE}
    assert len(list(campaign_file.events(kind="letters_reprinted"))) == 1


def test_from_the_nth_and_by_code_on_the_printer(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    campaign_file: CampaignFile,
) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    ((_, printed),) = printed_files(campaign_file)
    act(qtbot, page, After.REPRINT)
    dialog = dialog_of(page, ReprintDialog)
    press(qtbot, dialog.from_radio)
    dialog.from_box.setValue(PEOPLE - 1)
    press(qtbot, dialog.printer_button)
    settle(qtbot, page.desk)
    (event,) = campaign_file.events(kind="letters_reprinted")
    assert event.facts["letters"] == 2
    act(qtbot, page, After.REPRINT)
    dialog = dialog_of(page, ReprintDialog)
    press(qtbot, dialog.codes_radio)
    dialog.codes_edit.setPlainText("7K3M-9QXA-P")
    press(qtbot, dialog.printer_button)
    assert "7K3M-9QXA-P" in dialog.fault_label.text()
    dialog.codes_edit.setPlainText(campaign_file.delivery(printed.ids[2]).code.lower())
    press(qtbot, dialog.printer_button)
    settle(qtbot, page.desk)
    assert len(list(campaign_file.events(kind="letters_reprinted"))) == 2
    assert statuses(campaign_file) == {_S.PRINTED: PEOPLE}


def test_a_checked_pdf_goes_to_the_printer(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    campaign_file: CampaignFile,
) -> None:
    target = tmp_path / "lettres.pdf"
    print_pdf(qtbot, page, files, target)
    act(qtbot, page, After.PRINT)
    dialog = dialog_of(page, PrintRangeDialog)
    dialog.first_box.setValue(5)
    dialog.last_box.setValue(4)
    press(qtbot, dialog.print_button)
    assert dialog.fault_label.isVisible()
    dialog.first_box.setValue(1)
    dialog.last_box.setValue(PEOPLE)
    press(qtbot, dialog.print_button)
    settle(qtbot, page.desk)
    assert len(pypdf.PdfReader(tmp_path / "sorti.pdf").pages) == len(pypdf.PdfReader(target).pages)
    (event,) = campaign_file.events(kind="sent_to_printer")
    assert event.facts["letters"] == PEOPLE
    target.write_bytes(target.read_bytes() + b"\n%changed\n")
    act(qtbot, page, After.PRINT)
    press(qtbot, dialog_of(page, PrintRangeDialog).print_button)
    settle(qtbot, page.desk)
    assert "a changé depuis son contrôle" in page.message_bar.text


def test_posted_by_batch_then_the_files_are_deleted(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    campaign_file: CampaignFile,
) -> None:
    files.answer = tmp_path / "lettres.pdf"
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    form = dialog.form
    form.output_box.setCurrentIndex(form.output_box.findData(Output.BATCHES.value))
    form.letters_box.setValue(8)
    press(qtbot, dialog.file_button)
    settle(qtbot, page.desk)
    press(qtbot, page.paper_box.posted_button)
    posting = dialog_of(page, PostingDateDialog)
    assert len(posting.batch_boxes) == 2
    press(qtbot, posting.batch_boxes[0])
    press(qtbot, posting.accept_button)
    settle(qtbot, page.desk)
    assert statuses(campaign_file) == {_S.POSTED: PEOPLE - 8, _S.PRINTED: 8}
    assert "2\u00a0fichiers restent" in page.message_bar.text
    press(qtbot, bar_button(page, "Effacer ces fichiers…"))
    question = dialog_of(page, DeletePrintsDialog)
    assert question.keep_button.isDefault()
    assert question.files_list.count() == 2
    press(qtbot, question.delete_button)
    assert not list(tmp_path.glob("lettres*.pdf"))
    assert "2\u00a0fichiers effacés" in page.message_bar.text
    (event,) = campaign_file.events(kind="print_files_deleted")
    assert event.facts["files"] == 2
