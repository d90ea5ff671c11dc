"""« Par courrier » in the real window: choices, the printer, reprints, the mailing house, posting, returns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pypdf
import pypdfium2 as pdfium
import pytest
import pyzipper
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.core.recipient import Recipient
from app.paper.envelopes import ENVELOPES, Envelope
from app.paper.layout import KEEP_OUT, Layout
from app.services import reading
from app.services.departure import plan_options
from app.services.overview import LETTERS_BLOCKING
from app.services.plan_summary import summarise
from app.services.print_choices import Output, kept
from app.services.print_plan import PrintOrder
from app.services.print_records import note_direct_intent, printed_files, unsettled_direct
from app.services.returned_mail import ReturnReason
from app.services.tariffs import load_tariffs, own_file
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.delete_prints import DeletePrintsDialog
from app.ui.dialogs.mailing_house import MailingHouseDialog
from app.ui.dialogs.posting_date import PostingDateDialog
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.dialogs.print_range import PrintRangeDialog
from app.ui.dialogs.printed_letters import After, PrintedLettersDialog
from app.ui.dialogs.registered_numbers import RegisteredNumbersDialog
from app.ui.dialogs.reprint import ReprintDialog
from app.ui.dialogs.returned_decisions import ReturnedDecisionsDialog
from app.ui.dialogs.returned_mail import ReturnedMailDialog
from app.ui.dialogs.tariffs import TariffsDialog
from app.ui.printer import NativePrinterChooser, PrinterTaken, QtPress, a4_printer, knows_a4
from app.ui.steps.sending import SendingPage
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.printing import address_of
from tests.support.ready_campaign import NOW, ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text

_S = DeliveryStatus
PEOPLE = 14
D = TypeVar("D", bound=QDialog)


@dataclass
class PdfPrinter:
    """The system's dialog, answered at once: a printer that writes a PDF."""

    target: Path
    paper: QPageSize.PageSizeId = QPageSize.PageSizeId.A4
    is_there: bool = True
    asked: list[QPrinter] = field(default_factory=list)

    def has_printer(self) -> bool:
        return self.is_there

    def choose(self, parent: QWidget, printer: QPrinter, taken: PrinterTaken) -> None:  # noqa: ARG002
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.target))
        printer.setResolution(200)
        printer.setPageSize(QPageSize(self.paper))
        self.asked.append(printer)
        taken(printer)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    people = [
        make_recipient(number, email="", address=address_of(number))
        for number in range(1, PEOPLE + 1)
    ]
    yield from _reviewed(tmp_path, desk, people)


def _reviewed(tmp_path: Path, desk: Desk, people: list[Recipient]) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path, people)
    options = plan_options(made, desk.settings.current.account)
    list(summarise(made, options, clock=desk.clock))
    made.set_setting(LETTERS_BLOCKING, "0")
    for letter in reading.draw_letters(made):
        reading.mark_read(made, letter.recipient_id, desk.clock)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, tmp_path: Path) -> SendingPage:
    made = SendingPage(campaign_file, desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.paper_box.printers = PdfPrinter(tmp_path / "sorti.pdf")
    made.load()
    settle(qtbot, desk)
    return made


def dialog_of(page: SendingPage, kind: type[D]) -> D:
    found = [each for each in page.findChildren(kind) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def bar_button(page: SendingPage, words: str) -> QAbstractButton:
    """The one shown last: those before go away a moment later."""
    return [b for b in page.message_bar.findChildren(QPushButton) if b.text() == words][-1]


def texts(path: Path) -> list[str]:
    return [each.extract_text() for each in pypdf.PdfReader(path).pages]


def statuses(campaign_file: CampaignFile) -> dict[DeliveryStatus, int]:
    counts = campaign_file.delivery_counts()
    return {status: n for (road, status), n in counts.items() if road is Channel.PAPER and n}


def print_pdf(qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, target: Path) -> None:
    files.answer = target
    press(qtbot, page.paper_box.print_button)
    press(qtbot, dialog_of(page, PrintLettersDialog).file_button)
    settle(qtbot, page.desk)


def prints_dialog(qtbot: QtBot, page: SendingPage) -> PrintedLettersDialog:
    press(qtbot, page.paper_box.printed_button)
    return dialog_of(page, PrintedLettersDialog)


def act(qtbot: QtBot, page: SendingPage, what: After) -> None:
    press(qtbot, prints_dialog(qtbot, page).buttons_by_act[what])


# choices


def test_choices_shape_the_files_and_are_remembered(
    qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "lettres.pdf"
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    form = dialog.form
    form.order_box.setCurrentIndex(form.order_box.findData(PrintOrder.LIST.value))
    form.output_box.setCurrentIndex(form.output_box.findData(Output.BATCHES.value))
    assert form.letters_box.isVisible()
    assert not form.megabytes_box.isVisible()
    form.letters_box.setValue(5)
    press(qtbot, form.large_box)
    with qtbot.waitSignal(page.notified, timeout=30_000):
        press(qtbot, dialog.file_button)
    settle(qtbot, page.desk)
    parts = sorted(path.name for path in tmp_path.glob("lettres*.pdf"))
    assert parts == ["lettres-001.pdf", "lettres-002.pdf", "lettres-003.pdf"]
    assert "3\u00a0fichiers sont prêts" in page.message_bar.text
    assert statuses(page.campaign_file) == {_S.PRINTED: PEOPLE}
    remembered = kept(page.desk.settings.current.interface.choices)
    assert remembered.output is Output.BATCHES
    assert remembered.letters_per_file == 5
    assert remembered.large_print
    assert remembered.order is PrintOrder.LIST


def test_one_file_per_patient_with_the_chosen_name(
    qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "un par patient"
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    form = dialog.form
    form.output_box.setCurrentIndex(form.output_box.findData(Output.PATIENTS.value))
    names = {words.text(): words for words in form.name_boxes.values()}
    press(qtbot, names["nom"])
    press(qtbot, dialog.file_button)
    settle(qtbot, page.desk)
    written = [path.name for path in files.answer.iterdir()]
    assert len(written) == PEOPLE
    assert any(name.startswith("lettre-n-diaye-") for name in written)


def test_a_window_that_does_not_suit_is_refused_in_the_dialog(
    qtbot: QtBot, page: SendingPage
) -> None:
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    box = dialog.form.envelope_box
    box.setCurrentIndex(box.findData(Envelope.C4.value))
    assert dialog.form.measures.isVisible()
    press(qtbot, dialog.file_button)
    assert "fenêtre" in dialog.fault_label.text()
    assert dialog.isVisible()
    assert statuses(page.campaign_file) == {}
    dialog.reject()


def test_the_trial_sheet_is_written_and_printed(
    qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "essai.pdf"
    press(qtbot, page.paper_box.print_button)
    dialog_of(page, PrintLettersDialog).trial_file_action.trigger()
    assert "10" in " ".join(texts(files.answer))
    press(qtbot, page.paper_box.print_button)
    dialog_of(page, PrintLettersDialog).trial_print_action.trigger()
    settle(qtbot, page.desk)
    assert len(pypdf.PdfReader(tmp_path / "sorti.pdf").pages) == 1
    assert statuses(page.campaign_file) == {_S.PENDING: PEOPLE} or not statuses(page.campaign_file)


# the printer


def ink_box(path: Path, number: int, dpi: int = 150) -> tuple[float, float, float, float]:
    """What is printed in the window rectangle of a page: left, top, right, bottom in millimetres."""
    document = pdfium.PdfDocument(path)
    bitmap = document[number].render(scale=dpi / 72, grayscale=True)
    image = QImage(
        bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride,
        QImage.Format.Format_Grayscale8,
    ).copy()  # fmt: skip
    document.close()
    mm = 25.4 / dpi
    dark = [
        (x, y)
        for y in range(int(KEEP_OUT.top / mm) + 1, int(KEEP_OUT.bottom / mm))
        for x in range(int(KEEP_OUT.left / mm) + 1, int(KEEP_OUT.right / mm) - 1)
        if image.pixelColor(x, y).lightness() < 128
    ]
    columns, rows = [x for x, _ in dark], [y for _, y in dark]
    return min(columns) * mm, min(rows) * mm, max(columns) * mm, max(rows) * mm


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


# after the print


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


def posted(qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    press(qtbot, page.paper_box.posted_button)
    press(qtbot, dialog_of(page, PostingDateDialog).accept_button)
    settle(qtbot, page.desk)


def scan(dialog: ReturnedMailDialog, code: str) -> None:
    """A scanner types and presses Enter."""
    type_text(dialog.code_edit, code)
    QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)


def test_returned_envelopes_from_the_scan_to_the_balance(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    campaign_file: CampaignFile,
) -> None:
    posted(qtbot, page, files, tmp_path)
    letters = list(campaign_file.deliveries(_S.POSTED))
    press(qtbot, page.paper_box.returned_button)
    dialog = dialog_of(page, ReturnedMailDialog)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    dialog.reason_box.setCurrentIndex(dialog.reason_box.findData(ReturnReason.REFUSED.value))
    dialog.reason_box.activated.emit(dialog.reason_box.currentIndex())
    for letter in letters[:4]:
        scan(dialog, letter.code)
        assert dialog.code_edit.hasFocus()
    assert dialog.noted_list.count() == 4
    scan(dialog, letters[0].code)
    assert "déjà notée" in dialog.outcome_words.text()
    assert dialog.code_edit.selectedText() == letters[0].code
    press(qtbot, dialog.undo_button)
    assert campaign_file.delivery(letters[3].id).status is _S.POSTED
    assert dialog.noted_list.count() == 3
    assert dialog.code_edit.hasFocus()
    press(qtbot, dialog.decide_button)
    decisions = dialog_of(page, ReturnedDecisionsDialog)
    assert decisions.letters_list.count() == 3
    assert "refusé" in decisions.letters_list.item(0).text()
    press(qtbot, decisions.write_button)
    assert "Écrivez la nouvelle" in decisions.outcome_words.text()
    decisions.address_edits["street"].setText("")
    press(qtbot, decisions.write_button)
    assert "ne peut pas être imprimée" in decisions.outcome_words.text()
    decisions.address_edits["street"].setText("8 rue Neuve")
    decisions.address_edits["complement"].setText("")
    press(qtbot, decisions.write_button)
    assert decisions.letters_list.count() == 2
    press(qtbot, decisions.hand_button)
    press(qtbot, decisions.give_up_button)
    assert decisions.letters_list.count() == 0
    assert not decisions.write_button.isEnabled()
    decisions.reject()
    balance = campaign_file.balance()
    assert balance.is_exact()
    assert balance.by_status == {_S.POSTED: PEOPLE - 3, _S.PENDING: 2, _S.EXCLUDED: 1}
    assert page.paper_box.print_button.isVisible()
    files.answer = tmp_path / "nouvelle.pdf"
    press(qtbot, page.paper_box.print_button)
    press(qtbot, dialog_of(page, PrintLettersDialog).file_button)
    settle(qtbot, page.desk)
    assert "8 RUE NEUVE" in "\n".join(texts(tmp_path / "nouvelle.pdf"))
    # the one to hand over was not planned anew as a letter by post
    by_hand = campaign_file.delivery_counts().get((Channel.HAND_OVER, _S.PENDING), 0)
    assert by_hand == 1
    assert campaign_file.balance().by_status == {
        _S.POSTED: PEOPLE - 3, _S.PRINTED: 1, _S.PENDING: 1, _S.EXCLUDED: 1
    }  # fmt: skip


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
