"""Logo and signature: shown, or refused by name; never fetched, run or dropped in silence."""

import io
import struct
import zlib
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest

from app.core.errors.paper import UnreadableImage
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


def test_a_broken_svg_is_refused_when_the_page_is_made() -> None:
    engine = PaperEngine(replace(PRACTICE, logo=b'<svg xmlns="http://www.w3.org/2000/svg"><rect'))
    with pytest.raises(UnreadableImage):
        engine.single(make_letter())
