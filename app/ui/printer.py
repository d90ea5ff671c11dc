"""The system's printers: the dialog that sets one up, and the pages painted at their exact size."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from app.core.errors import Cancelled
from app.core.errors.paper import PaperNotA4, PrinterRefused
from app.paper.page_bands import Band, PageBands
from app.services.control import Control
from app.services.direct_printing import Piece

#: as fine as office printers print; more only makes the jobs larger
_MOST_DOTS_PER_INCH = 600
#: nobody's name: the list of jobs is seen by everybody who uses the printer
_JOB_NAME = "Lettres du cabinet"


def a4_printer(*, duplex: bool) -> QPrinter:
    """The usual printer, set to A4 upright, whole page, one copy."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_page(printer)
    printer.setDuplex(
        QPrinter.DuplexMode.DuplexLongSide if duplex else QPrinter.DuplexMode.DuplexNone
    )
    printer.setDocName(_JOB_NAME)
    printer.setCreator("Avis 34")
    return printer


def set_page(printer: QPrinter) -> None:
    """A4 upright, measured from the paper's edge: the address must be where the window is."""
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)


class QtPress:
    """Paints pages on a QPrinter; used from a worker's thread (Qt allows it for QPrinter).

    Raises:
        PaperNotA4: this printer has no A4 paper.
    """

    def __init__(self, printer: QPrinter, *, duplex: bool) -> None:
        """``duplex``: what was asked for, where the system does not tell (a PDF)."""
        # the dialog of some systems goes back to the printer's own default, US Letter for many
        set_page(printer)
        found = printer.pageLayout().pageSize().id()
        if found != QPageSize.PageSizeId.A4 or not knows_a4(_paper_sizes(printer)):
            raise PaperNotA4(printer.printerName() or "PDF")
        # each letter is one proved sheet of its patient: never two
        printer.setCopyCount(1)
        self._printer = printer
        self._jobs = 0
        self._duplex = duplex
        self._file = Path(printer.outputFileName()) if printer.outputFileName() else None

    @property
    def name(self) -> str:
        """As the system shows it."""
        return self._printer.printerName() or "PDF"

    @property
    def is_duplex(self) -> bool:
        """True unless the dialog was left on one side, or the printer can only print one."""
        if self._printer.outputFormat() is QPrinter.OutputFormat.PdfFormat:
            return self._duplex
        return self._printer.duplex() is not QPrinter.DuplexMode.DuplexNone

    def print_job(self, pieces: Sequence[Piece], control: Control) -> Iterator[int]:
        """One job; see ``direct_printing.Press``."""
        self._jobs += 1
        if self._file is not None and self._jobs > 1:
            # a « printer » that writes files would overwrite the lot before
            name = f"{self._file.stem}-{self._jobs:03d}{self._file.suffix}"
            self._printer.setOutputFileName(str(self._file.with_name(name)))
        painter = QPainter()
        if not painter.begin(self._printer):
            raise PrinterRefused(self.name)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        try:
            yield from self._pages(painter, pieces, control)
        except BaseException:
            self._printer.abort()
            painter.end()
            raise
        if not painter.end() or self._printer.printerState() is QPrinter.PrinterState.Error:
            raise PrinterRefused(self.name)

    def _pages(self, painter: QPainter, pieces: Sequence[Piece], control: Control) -> Iterator[int]:
        painted = 0
        for piece in pieces:
            with PageBands(piece.source) as document:
                for pages in piece.ranges:
                    for number in range(pages.first_page, pages.first_page + pages.pages):
                        if not control.wait():
                            raise Cancelled
                        self._turn_page(is_first=painted == 0)
                        self._paint(painter, document, number)
                        painted += 1
                        yield painted
                    if self.is_duplex and pages.pages % 2:
                        self._turn_page(is_first=False)
                        painted += 1

    def _turn_page(self, *, is_first: bool) -> None:
        if not is_first and not self._printer.newPage():
            raise PrinterRefused(self.name)

    def _paint(self, painter: QPainter, document: PageBands, number: int) -> None:
        # a whole number of the printer's dots for each of ours: nothing is stretched unevenly
        scale = -(-self._printer.resolution() // _MOST_DOTS_PER_INCH)
        for band in document.bands(number, self._printer.resolution() // scale):
            place = QRect(0, band.top * scale, band.width * scale, band.height * scale)
            painter.drawImage(place, _image(band))


def _image(band: Band) -> QImage:
    """The band, in grey when it has no colour: a third of the job's size."""
    stride = 4 * band.width
    image = QImage(band.pixels, band.width, band.height, stride, QImage.Format.Format_RGB32)
    if image.isGrayscale():
        return image.convertToFormat(QImage.Format.Format_Grayscale8)
    return image.copy()


def knows_a4(sizes: Sequence[QPageSize]) -> bool:
    """True when A4 is among a printer's papers, or when it names none."""
    return not sizes or any(size.id() == QPageSize.PageSizeId.A4 for size in sizes)


def _paper_sizes(printer: QPrinter) -> Sequence[QPageSize]:
    if printer.outputFormat() is QPrinter.OutputFormat.PdfFormat:
        return ()
    return QPrinterInfo(printer).supportedPageSizes()


PrinterTaken = Callable[[QPrinter], object]


class PrinterChooser(Protocol):
    """Lets the user set a printer up and calls back; never blocks. Tests hand in one that answers at once."""

    def has_printer(self) -> bool:
        """False when the computer knows no printer."""
        ...

    def choose(self, parent: QWidget, printer: QPrinter, taken: PrinterTaken) -> None:
        """Show the system's dialog for ``printer``; ``taken`` only if the user goes on."""
        ...


class NativePrinterChooser:
    """The system's own dialog, shown with ``open()``."""

    def has_printer(self) -> bool:
        """False when the computer knows no printer."""
        return bool(QPrinterInfo.availablePrinterNames())

    def choose(self, parent: QWidget, printer: QPrinter, taken: PrinterTaken) -> None:
        """Show the dialog; pages and copies are not to be chosen there, letters are."""
        dialog = QPrintDialog(printer, parent)
        dialog.setWindowTitle("Imprimer les lettres")
        dialog.setOptions(QAbstractPrintDialog.PrintDialogOption.PrintShowPageSize)
        dialog.accepted.connect(lambda: taken(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)
