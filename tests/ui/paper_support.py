"""« Par courrier » in the real window: a campaign by post, a printer that writes PDFs, short ways."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pypdf
import pypdfium2 as pdfium
from PySide6.QtGui import QImage, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QAbstractButton, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.core.recipient import Recipient
from app.paper.layout import KEEP_OUT
from app.services import reading
from app.services.departure import plan_options
from app.services.overview import LETTERS_BLOCKING
from app.services.plan_summary import summarise
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.dialogs.printed_letters import After, PrintedLettersDialog
from app.ui.printer import PrinterTaken
from app.ui.steps.sending import SendingPage
from tests.support.campaigns import make_recipient
from tests.support.printing import address_of
from tests.support.ready_campaign import ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, settle

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


def paper_people() -> list[Recipient]:
    """Nobody has an e-mail address."""
    return [
        make_recipient(number, email="", address=address_of(number))
        for number in range(1, PEOPLE + 1)
    ]


def paper_campaign(folder: Path, desk: Desk, people: list[Recipient]) -> CampaignFile:
    """A campaign whose letters all go by post, reviewed."""
    made = ready_campaign(folder, people)
    options = plan_options(made, desk.settings.current.account)
    list(summarise(made, options, clock=desk.clock))
    made.set_setting(LETTERS_BLOCKING, "0")
    for letter in reading.draw_letters(made):
        reading.mark_read(made, letter.recipient_id, desk.clock)
    return made


def paper_page(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, folder: Path) -> SendingPage:
    """« Envoi » with a printer that writes « sorti.pdf » into ``folder``."""
    made = SendingPage(campaign_file, desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.paper_box.printers = PdfPrinter(folder / "sorti.pdf")
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
