"""Pages for a printer: the stretches with ink, whole, at their place; nothing lost between two of them."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.paper import page_bands
from app.paper.envelopes import Envelope
from app.paper.page_bands import Band, PageBands
from app.paper.page_images import page_images
from app.paper.sheets import separator_sheet, trial_sheet

DPI = 150


@pytest.fixture(params=["lines", "words"])
def pdf(request: pytest.FixtureRequest) -> bytes:
    """A page with vertical rules from top to bottom, and one with a few words."""
    if request.param == "lines":
        return trial_sheet(Envelope.DL)
    return separator_sheet("Département\u00a0: 90")[0]


def bands_of(source: bytes | Path) -> list[Band]:
    with PageBands(source) as document:
        return list(document.bands(0, DPI))


def is_ink(rows: bytes) -> bool:
    return min(rows, default=255) < 255


def assembled(bands: list[Band], height: int) -> bytes:
    """The bands put on a white page."""
    width = bands[0].width
    page = bytearray(b"\xff" * width * height * 4)
    bottom = 0
    for band in bands:
        assert band.width == width
        assert band.top >= bottom
        bottom = band.top + band.height
        assert len(band.pixels) == width * band.height * 4
        page[band.top * width * 4 : bottom * width * 4] = band.pixels
    assert len(page) == width * height * 4
    return bytes(page)


def test_many_drawings_give_the_page_of_a_single_one(
    pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    height = round(841.89 * DPI / 72)
    monkeypatch.setattr(page_bands, "_BAND_HEIGHT", 100_000)
    whole = assembled(bands_of(pdf), height)
    monkeypatch.setattr(page_bands, "_BAND_HEIGHT", 37)
    again = assembled(bands_of(pdf), height)
    row = len(whole) // height
    furthest = 0
    for start in range(0, len(whole), row):
        one, other = whole[start : start + row], again[start : start + row]
        if one != other:
            furthest = max(furthest, *(abs(a - b) for a, b in zip(one, other, strict=True)))
    # pdfium rounds the shade of an edge by where the drawing begins; a lost or doubled row would be 255
    assert furthest <= 32
    assert is_ink(whole)


def test_the_page_is_the_one_seen_on_the_screen(pdf: bytes) -> None:
    height = round(841.89 * DPI / 72)
    (seen,) = page_images(pdf, DPI)
    page = assembled(bands_of(pdf), height)
    width = len(page) // height // 4
    ink_here = sum(page[at] < 128 for at in range(0, len(page), 4)) / (width * height)
    ink_there = sum(
        seen.pixels[row * seen.stride + column * 3] < 128
        for row in range(seen.height)
        for column in range(seen.width)
    ) / (seen.width * seen.height)
    assert ink_here == pytest.approx(ink_there, rel=0.15)


def test_no_cut_goes_through_ink(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_bands, "_BAND_HEIGHT", 37)
    bands = bands_of(separator_sheet("Département\u00a0: 90")[0])
    assert len(bands) > 1
    for above, below in pairwise(bands):
        assert above.top + above.height < below.top
        for edge in (above, below):
            row = edge.width * 4
            assert is_ink(edge.pixels[:row])
            assert is_ink(edge.pixels[-row:])


def test_a_blank_page_has_no_band(tmp_path: Path) -> None:
    document = pdfium.PdfDocument.new()
    document.new_page(595, 842)
    path = tmp_path / "blanc.pdf"
    document.save(path)
    document.close()
    assert bands_of(path) == []


def test_the_file_is_opened_again_now_and_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(page_bands, "_REOPEN_PAGES", 2)
    path = tmp_path / "essai.pdf"
    path.write_bytes(trial_sheet(Envelope.DL))
    with PageBands(path) as document:
        drawn: Iterator[list[Band]] = (list(document.bands(0, 50)) for _ in range(5))
        first, *others = drawn
        assert all(other == first for other in others)
