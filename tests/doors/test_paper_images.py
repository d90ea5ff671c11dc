"""Logo and signature: shown, or refused by name; never fetched, run or dropped in silence."""

import ctypes
import io
import struct
import zlib
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from app.core.errors.paper import UnreadableImage
from app.core.practice import LetterColour
from app.paper.engine import PaperEngine
from app.paper.images import as_svg
from tests.doors.test_paper_engine import PRACTICE, make_letter

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    + b'<rect width="40" height="20" fill="#c00"/></svg>'
)


def png(width: int = 40, height: int = 20, *, alpha: int = 255) -> bytes:
    """A plain red picture, written by hand."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">L", zlib.crc32(kind + body))
        return struct.pack(">L", len(body)) + kind + body + check

    rows = (b"\0" + bytes([204, 0, 0, alpha]) * width) * height
    head = struct.pack(">LLBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def red_pixels(pdf: bytes) -> int:
    """How many pixels of the first page are red, at 50 dots per inch."""
    bitmap = pdfium.PdfDocument(pdf)[0].render(scale=50 / 72)
    data, step = bytes(bitmap.buffer), bitmap.n_channels
    return sum(
        1 for at in range(0, len(data), step) if data[at] < 90 and data[at + 1] < 90 < data[at + 2]
    )


@pytest.mark.parametrize("image", [SVG, png(), png(alpha=200), png(4000, 20)])
def test_logo_and_signature_are_printed_beside_the_window(image: bytes) -> None:
    plain = PaperEngine(PRACTICE).single(make_letter())
    engine = PaperEngine(replace(PRACTICE, logo=image, signature_image=image))
    pdf = engine.single(make_letter())
    assert red_pixels(plain) == 0
    assert red_pixels(pdf) > 100
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    assert engine.chunk([make_letter()])[1][0].pages == 1


@pytest.mark.parametrize(
    "image",
    [
        b"GIF89a",
        b"",
        png()[:-30],
        png()[:60] + b"x" + png()[61:],
        b"\xff\xd8\xff\xe0 cut",
        SVG.replace(b"<rect", b"<script>alert(1)</script><rect"),
        SVG.replace(b"<rect", b'<image href="http://exemple.invalid/a.png"/><rect'),
        SVG.replace(b"<rect", b'<rect onload="alert(1)"'),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
        SVG.decode().encode("utf-16"),
    ],
)
def test_anything_else_is_refused(image: bytes) -> None:
    with pytest.raises(UnreadableImage) as caught:
        as_svg(image, "signature")
    assert caught.value.role == "signature"


@pytest.mark.parametrize("role", ["logo", "signature"])
def test_a_broken_svg_is_refused_when_the_page_is_made(role: str) -> None:
    broken = b'<svg xmlns="http://www.w3.org/2000/svg"><rect'
    images = {"logo": png(), "signature_image": png()}
    images["logo" if role == "logo" else "signature_image"] = broken
    engine = PaperEngine(replace(PRACTICE, **images))  # type: ignore[arg-type]  # names of fields
    with pytest.raises(UnreadableImage) as caught:
        engine.single(make_letter())
    assert caught.value.role == role


def test_the_practice_chooses_large_print_and_the_ink_of_its_name() -> None:
    plain = PaperEngine(PRACTICE).single_with_pages(make_letter(paragraphs=8))
    large = PaperEngine(replace(PRACTICE, large_print=True))
    assert large.layout.body_pt == 16
    assert large.single_with_pages(make_letter(paragraphs=8))[1] > plain[1]
    inked = PaperEngine(replace(PRACTICE, colour=LetterColour.BURGUNDY)).single(make_letter())
    assert colours(plain[0]) == {(0, 0, 0)}
    assert colours(inked) == {(0, 0, 0), (0x6B, 0x1F, 0x2E)}


def colours(pdf: bytes) -> set[tuple[int, ...]]:
    """Of every text on the first page."""
    found = set()
    for thing in pdfium.PdfDocument(pdf)[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        parts = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFPageObj_GetFillColor(thing.raw, *parts)
        found.add(tuple(part.value for part in parts[:3]))
    return found
