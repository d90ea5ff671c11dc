"""« Par courrier »: letters straight to the printer, measured on the paper; stops and cuts."""

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from pytestqt.qtbot import QtBot

from app.core.campaign import DeliveryStatus
from app.paper.envelopes import ENVELOPES
from app.paper.layout import Layout
from app.services.print_records import note_direct_intent, printed_files, unsettled_direct
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.printer import NativePrinterChooser, QtPress, a4_printer, knows_a4
from app.ui.steps.sending import SendingPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW
from tests.ui.conftest import press, settle
from tests.ui.paper_support import (
    PEOPLE,
    PdfPrinter,
    bar_button,
    dialog_of,
    ink_box,
    paper_campaign,
    paper_page,
    paper_people,
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


def test_letters_go_to_the_printer_at_full_size(
    qtbot: QtBot, page: SendingPage, tmp_path: Path, campaign_file: CampaignFile
) -> None:
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    dialog.lot_box.setValue(10)
    press(qtbot, dialog.printer_button)
    settle(qtbot, page.desk)
    assert statuses(campaign_file) == {_S.PRINTED: PEOPLE}
    assert "confiées à l’imprimante" in page.message_bar.text
    jobs = [tmp_path / "sorti.pdf", tmp_path / "sorti-002.pdf"]
    records = [printed for _, printed in printed_files(campaign_file)]
    assert [len(printed.ids) for printed in records] == [10, 4]
    window = Layout().window
    for path, printed in zip(jobs, records, strict=True):
        reader = pypdf.PdfReader(path)
        size = reader.pages[0].mediabox
        assert abs(float(size.width) - 595.28) < 1
        assert abs(float(size.height) - 841.89) < 1
        last = printed.first_pages[-1] + printed.pages[-1]
        assert len(reader.pages) == last + last % 2
        for first in printed.first_pages:
            left, top, right, bottom = ink_box(path, first)
            assert window.left <= left
            assert window.top <= top
            assert right <= window.right
            assert bottom <= window.bottom
            for shape in ENVELOPES.values():
                seen = shape.always_visible()
                assert seen.left <= left
                assert right <= seen.right
                assert bottom <= seen.bottom
    events = list(campaign_file.events(kind="print_file"))
    assert [event.facts["direct"] for event in events] == [1, 1]
    # nothing of it lies on the disk but what the « printer » wrote
    assert not list(tmp_path.rglob("*.en-cours"))


def test_a_part_first_then_the_rest(
    qtbot: QtBot, page: SendingPage, campaign_file: CampaignFile
) -> None:
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    dialog.first_box.setValue(3)
    dialog.last_box.setValue(2)
    press(qtbot, dialog.printer_button)
    assert "première lettre" in dialog.fault_label.text()
    dialog.last_box.setValue(6)
    press(qtbot, dialog.printer_button)
    settle(qtbot, page.desk)
    assert statuses(campaign_file) == {_S.PRINTED: 4, _S.PENDING: PEOPLE - 4}
    assert page.paper_box.print_button.isVisible()


def test_a_dialog_left_on_another_paper_still_prints_a4(
    qtbot: QtBot, page: SendingPage, tmp_path: Path
) -> None:
    """As the dialog does on Linux for a printer whose default is US Letter."""
    page.paper_box.printers = PdfPrinter(tmp_path / "x.pdf", QPageSize.PageSizeId.Letter)
    press(qtbot, page.paper_box.print_button)
    press(qtbot, dialog_of(page, PrintLettersDialog).printer_button)
    settle(qtbot, page.desk)
    box = pypdf.PdfReader(tmp_path / "x.pdf").pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


def test_a_printer_without_a4_is_known() -> None:
    a4, letter = (QPageSize(one) for one in (QPageSize.PageSizeId.A4, QPageSize.PageSizeId.Letter))
    assert knows_a4([letter, a4])
    assert knows_a4([])
    assert not knows_a4([letter])


def test_without_printer_the_page_says_so(qtbot: QtBot, page: SendingPage, tmp_path: Path) -> None:
    page.paper_box.printers = PdfPrinter(tmp_path / "x.pdf", is_there=False)
    press(qtbot, page.paper_box.print_button)
    press(qtbot, dialog_of(page, PrintLettersDialog).printer_button)
    settle(qtbot, page.desk)
    assert "aucune imprimante" in page.message_bar.text
    assert _S.PRINTED not in statuses(page.campaign_file)


def test_the_native_dialog_opens_and_its_printer_prints(
    qtbot: QtBot, page: SendingPage, tmp_path: Path
) -> None:
    """Qt's own dialog, without any printer installed: it prints to a file."""
    chosen: list[QPrinter] = []
    printer = a4_printer(duplex=True)
    printer.setOutputFileName(str(tmp_path / "fichier.pdf"))
    NativePrinterChooser().choose(page, printer, chosen.append)
    (dialog,) = page.findChildren(QPrintDialog)
    assert dialog.isVisible()
    dialog.accept()
    assert chosen == [printer]
    assert QtPress(printer, duplex=True).name
    assert printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A4
    assert printer.copyCount() == 1


def test_a_cut_print_is_asked_about(
    qtbot: QtBot, page: SendingPage, campaign_file: CampaignFile, tmp_path: Path
) -> None:
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    dialog.last_box.setValue(4)
    press(qtbot, dialog.printer_button)
    settle(qtbot, page.desk)
    ((_, printed),) = printed_files(campaign_file)
    waiting = tuple(letter.id for letter in campaign_file.deliveries(_S.PENDING))[:3]
    cut = type(printed)("00" * 32, "", waiting, (0, 2, 4), (1, 1, 1), (1, 1, 1), printer="Salle 2")
    note_direct_intent(campaign_file, cut)
    page.load()
    assert "a été coupée" in page.message_bar.text
    press(qtbot, page.paper_box.print_button)
    assert not [d for d in page.findChildren(PrintLettersDialog) if d.isVisible()]
    press(qtbot, bar_button(page, "Elles sont toutes là"))
    assert statuses(campaign_file) == {_S.PRINTED: 7, _S.PENDING: PEOPLE - 7}
    assert unsettled_direct(campaign_file) is None


def test_a_stop_while_printing_keeps_the_rest_waiting(
    qtbot: QtBot, page: SendingPage, campaign_file: CampaignFile
) -> None:
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    dialog.lot_box.setValue(1)
    press(qtbot, dialog.printer_button)
    qtbot.waitUntil(page.paper_box.stop_button.isVisible)
    press(qtbot, page.paper_box.stop_button)
    settle(qtbot, page.desk)
    counts = statuses(campaign_file)
    assert counts.get(_S.PENDING, 0) + counts.get(_S.PRINTED, 0) in {0, PEOPLE}
    assert counts.get(_S.PRINTED, 0) < PEOPLE
    assert unsettled_direct(campaign_file) is None
    assert page.paper_box.print_button.isEnabled()
    assert page.message_bar.text.startswith("Arrêté.")
