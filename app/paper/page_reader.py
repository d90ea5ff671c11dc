"""Pages of a PDF as pdfium reads them: text, text in a rectangle, and where lines and pictures are."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from app.paper.envelopes import SHEET_HEIGHT, Zone
from app.paper.page_images import PDFIUM_LOCK

_POINTS_PER_MM = 72 / 25.4
_REOPEN_PAGES = 1_000
_DRAWINGS = frozenset(
    {
        pdfium_raw.FPDF_PAGEOBJ_IMAGE,
        pdfium_raw.FPDF_PAGEOBJ_PATH,
        pdfium_raw.FPDF_PAGEOBJ_SHADING,
    }
)
#: a b c d e f of ISO 32000-1, 8.3.4
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)


class ReadPage:
    """One open page."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._text = page.get_textpage()

    def text(self, zone: Zone | None = None) -> str:
        """The page's text, or that of a zone in millimetres from the top left corner."""
        if zone is None:
            return str(self._text.get_text_range())
        return str(
            self._text.get_text_bounded(
                left=zone.left * _POINTS_PER_MM,
                right=zone.right * _POINTS_PER_MM,
                top=(SHEET_HEIGHT - zone.top) * _POINTS_PER_MM,
                bottom=(SHEET_HEIGHT - zone.bottom) * _POINTS_PER_MM,
            )
        )

    def drawings(self) -> Iterator[Zone]:
        """Where images and lines are, those inside forms too."""
        page = self._page.raw
        for index in range(pdfium_raw.FPDFPage_CountObjects(page)):
            yield from _drawings(pdfium_raw.FPDFPage_GetObject(page, index), _IDENTITY)

    def close(self) -> None:
        """Let the page go."""
        self._text.close()
        self._page.close()


def _drawings(thing: Any, matrix: _Matrix) -> Iterator[Zone]:
    kind = pdfium_raw.FPDFPageObj_GetType(thing)
    if kind == pdfium_raw.FPDF_PAGEOBJ_FORM:
        # bounds are told in the coordinates of the form
        inner = _times(_matrix_of(thing), matrix)
        for index in range(pdfium_raw.FPDFFormObj_CountObjects(thing)):
            yield from _drawings(pdfium_raw.FPDFFormObj_GetObject(thing, index), inner)
    elif kind in _DRAWINGS:
        edges = [ctypes.c_float() for _ in range(4)]
        pdfium_raw.FPDFPageObj_GetBounds(thing, *edges)
        left, bottom, right, top = (edge.value for edge in edges)
        a, b, c, d, e, f = matrix
        corners = [(x, y) for x in (left, right) for y in (bottom, top)]
        across = [(a * x + c * y + e) / _POINTS_PER_MM for x, y in corners]
        down = [SHEET_HEIGHT - (b * x + d * y + f) / _POINTS_PER_MM for x, y in corners]
        yield Zone(min(across), min(down), max(across), max(down))


def _matrix_of(form: Any) -> _Matrix:
    found = pdfium_raw.FS_MATRIX()
    pdfium_raw.FPDFPageObj_GetMatrix(form, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r, a * q + b * s,
        c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


class PageReader:
    """The file, opened again now and then: pdfium keeps every font it has read until the file is closed.

    The preview on the screen may use pdfium at the same time, from another thread: one page each in turn.
    """

    def __init__(self, path: Path | bytes) -> None:
        self._path = path
        self._read = 0
        with PDFIUM_LOCK:
            self._document = pdfium.PdfDocument(path)
            self.pages = len(self._document)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with PDFIUM_LOCK:
            self._document.close()

    @contextmanager
    def page(self, number: int) -> Iterator[ReadPage]:
        """One page, closed at the end of the block: memory would otherwise grow with the file."""
        with PDFIUM_LOCK:
            if self._read >= _REOPEN_PAGES:
                self._document.close()
                self._document = pdfium.PdfDocument(self._path)
                self._read = 0
            self._read += 1
            page = ReadPage(self._document[number])
            try:
                yield page
            finally:
                page.close()
