"""PDF pages as pictures for the screen, by pdfium: what is shown is what is printed."""

import threading
from dataclasses import dataclass

import pypdfium2 as pdfium

_POINTS_PER_INCH = 72
#: pdfium keeps state for the whole process: two threads must never be inside it at once
PDFIUM_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page: 3 bytes a pixel in the order blue, green, red; ``stride`` bytes a line."""

    width: int
    height: int
    stride: int
    pixels: bytes


def page_images(pdf: bytes, dots_per_inch: float) -> list[PageImage]:
    """Every page of ``pdf`` on white."""
    with PDFIUM_LOCK:
        document = pdfium.PdfDocument(pdf)
        try:
            return [
                _image(document, number, dots_per_inch / _POINTS_PER_INCH)
                for number in range(len(document))
            ]
        finally:
            document.close()


def _image(document: pdfium.PdfDocument, number: int, scale: float) -> PageImage:
    page = document[number]
    try:
        bitmap = page.render(scale=scale)
        try:
            return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
        finally:
            bitmap.close()
    finally:
        page.close()
