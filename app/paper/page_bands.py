"""PDF pages as pictures for a printer, band by band: a page at 600 dots per inch is 140 MB in one piece.

Bands are cut where the page is blank, never through a line of text: a printer, or the program that converts its
job, may round the edges of two pictures that touch differently, and the line would look torn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from app.paper.page_images import PDFIUM_LOCK

_POINTS_PER_INCH = 72
_BAND_HEIGHT = 512
#: from here on dots are so fine that grey edges only blur the letters
_SHARP_FROM = 500
_REOPEN_PAGES = 500
_BYTES_PER_PIXEL = 4


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a page over its whole width, with ink; 4 bytes a pixel: blue, green, red, unused."""

    top: int
    width: int
    height: int
    pixels: bytes


class PageBands:
    """The pages of one PDF (a path, or its bytes); use as a context manager, from any thread."""

    def __init__(self, source: bytes | Path) -> None:
        self._source = source
        self._read = 0
        with PDFIUM_LOCK:
            self._document = pdfium.PdfDocument(source)
            #: number of pages
            self.pages = len(self._document)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with PDFIUM_LOCK:
            self._document.close()

    def bands(self, number: int, dots_per_inch: int) -> Iterator[Band]:
        """What is printed on page ``number`` (from 0), top to bottom. The lock is free between two drawings."""
        scale = dots_per_inch / _POINTS_PER_INCH
        flags = pdfium_raw.FPDF_PRINTING
        if dots_per_inch >= _SHARP_FROM:
            flags |= pdfium_raw.FPDF_RENDER_NO_SMOOTHTEXT | pdfium_raw.FPDF_RENDER_NO_SMOOTHPATH
        with PDFIUM_LOCK:
            self._reopen_now_and_then()
            page = self._document[number]
            width, height = (round(points * scale) for points in page.get_size())
        cutter = _Cutter(width)
        try:
            for top in range(0, height, _BAND_HEIGHT):
                rows = min(_BAND_HEIGHT, height - top)
                with PDFIUM_LOCK:
                    pixels = _drawn(page, (width, height), top, rows, flags)
                yield from cutter.add(pixels)
            yield from cutter.finish()
        finally:
            with PDFIUM_LOCK:
                page.close()

    def _reopen_now_and_then(self) -> None:
        """Close what was read: pdfium keeps every font until then."""
        self._read += 1
        if self._read % _REOPEN_PAGES == 0:
            self._document.close()
            self._document = pdfium.PdfDocument(self._source)


class _Cutter:
    """Takes rows of pixels from the top of a page and gives the stretches with ink, whole."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._stride = width * _BYTES_PER_PIXEL
        self._blank_row = b"\xff" * self._stride
        self._waiting = bytearray()
        self._top = 0

    def add(self, pixels: bytes) -> Iterator[Band]:
        """The band above the last blank row, if there is one."""
        self._waiting += pixels
        rows = len(self._waiting) // self._stride
        cut = rows
        while cut and not self._is_blank(cut - 1):
            cut -= 1
        yield from self._give(cut)

    def finish(self) -> Iterator[Band]:
        """What is left at the foot of the page."""
        yield from self._give(len(self._waiting) // self._stride)

    def _give(self, rows: int) -> Iterator[Band]:
        first, last = 0, rows
        while first < last and self._is_blank(first):
            first += 1
        while last > first and self._is_blank(last - 1):
            last -= 1
        if last > first:
            pixels = bytes(self._waiting[first * self._stride : last * self._stride])
            yield Band(self._top + first, self._width, last - first, pixels)
        del self._waiting[: rows * self._stride]
        self._top += rows

    def _is_blank(self, row: int) -> bool:
        start = row * self._stride
        return self._waiting[start : start + self._stride] == self._blank_row


def _drawn(page: pdfium.PdfPage, size: tuple[int, int], top: int, rows: int, flags: int) -> bytes:
    bitmap = pdfium.PdfBitmap.new_native(size[0], rows, pdfium_raw.FPDFBitmap_BGRx)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, size[0], rows)
        pdfium_raw.FPDF_RenderPageBitmap(bitmap.raw, page.raw, 0, -top, *size, 0, flags)
        return bytes(bitmap.buffer)[: size[0] * rows * _BYTES_PER_PIXEL]
    finally:
        bitmap.close()
