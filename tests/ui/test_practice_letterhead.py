"""« Papier à lettres » of « Mon cabinet »: pictures judged, the real page beside, everything in the settings."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter
from pytestqt.qtbot import QtBot

from app import settings
from app.core.errors.paper import ImageTooHeavy
from app.core.practice import LetterColour, Signatory
from app.paper.page_images import page_images
from app.services.letterhead import letterhead_page
from app.ui.desk import Desk
from app.ui.practice import PracticePage
from app.ui.practice_picture import LARGEST_FILE, prepared
from tests.ui.conftest import PRACTICE, ReadyFileChooser, press, type_text
from tests.ui.practice_tools import shown
from tests.ui.test_every_page import contrast

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" viewBox="0 0 200 60">'
    b'<rect width="200" height="60" fill="#1f3a5f"/></svg>'
)


def image(width: int, height: int, kind: bytes = b"png", *, alpha: bool = False) -> bytes:
    drawn = QImage(
        width, height, QImage.Format.Format_ARGB32 if alpha else QImage.Format.Format_RGB32
    )
    for x in range(width):  # noise: a plain surface would compress to nothing
        for y in range(0, height, 3):
            drawn.setPixelColor(x, y, QColor((x * 7 + y) % 256, (x * y) % 256, (x + y * 5) % 256))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(kind)).write(drawn)
    return bytes(data.data())


def turned(jpeg: bytes) -> bytes:
    """The same photo, said by EXIF to lie on its side (orientation 6)."""
    tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    body = b"Exif\x00\x00" + tiff + b"\x00\x00\x00\x00"
    segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    return jpeg[:2] + segment + jpeg[2:]


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def waits_for_page(qtbot: QtBot, page: PracticePage) -> None:
    qtbot.waitUntil(lambda: bool(page.letterhead.page_view.page_labels), timeout=20_000)


@pytest.mark.parametrize("kind", ["svg", "png", "jpeg"])
@pytest.mark.parametrize("role", ["logo", "signature"])
def test_a_picture_is_shown_saved_and_printed(
    role: str, kind: str, qtbot: QtBot, desk: Desk, files: ReadyFileChooser, tmp_path: Path
) -> None:
    content = {"svg": SVG, "png": image(120, 40), "jpeg": image(120, 40, b"jpeg")}[kind]
    files.answer = tmp_path / f"image.{kind}"
    files.answer.write_bytes(content)
    page = shown(qtbot, desk, "letterhead")
    field = page.letterhead.logo if role == "logo" else page.letterhead.signature
    press(qtbot, field.choose_button)
    qtbot.waitUntil(lambda: field.content == content, timeout=20_000)
    assert field.thumbnail.isVisible()
    page.leave()
    kept = settings.load().practice
    assert (kept.logo if role == "logo" else kept.signature_image) == content
    today = desk.clock.now().date()
    assert len(letterhead_page(kept, today)) > len(letterhead_page(PRACTICE, today))
    page.load()
    page.tabs.setCurrentIndex(1)
    press(qtbot, field.remove_button)
    page.leave()
    assert settings.load().practice == PRACTICE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a" + bytes(100), "ne peut pas être imprimée"),
        (image(50, 50)[:-20], "ne peut pas être imprimée"),
        (b"", "ne peut pas être imprimée"),
        (SVG.replace(b"</svg>", b"<script>alert(1)</script></svg>"), "ne peut pas être imprimée"),
        (
            SVG.replace(b"</svg>", b'<image href="http://x.example/a.png"/></svg>'),
            "ne peut pas être imprimée",
        ),
        (SVG.replace(b"</svg>", b"<g>"), "ne peut pas être imprimée"),
        (SVG + b" " * 600_000, "trop lourde"),
    ],
    ids=["gif", "cut", "empty", "script", "remote", "broken", "heavy"],
)
def test_a_bad_file_is_told_in_the_bar_and_the_logo_stays(
    content: bytes,
    sentence: str,
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    desk.settings.replace(replace(desk.settings.current, practice=replace(PRACTICE, logo=SVG)))
    files.answer = tmp_path / "logo.png"
    files.answer.write_bytes(content)
    page = shown(qtbot, desk, "letterhead")
    press(qtbot, page.letterhead.logo.choose_button)
    qtbot.waitUntil(lambda: page.message_bar.text != "", timeout=20_000)
    assert sentence in page.message_bar.text
    assert "du logo" in page.message_bar.text
    assert page.letterhead.logo.content == SVG
    page.leave()
    assert settings.load().practice.logo == SVG


def test_a_photo_from_a_telephone_is_straightened_and_reduced() -> None:
    photo = turned(image(2_400, 900, b"jpeg"))
    made = prepared(photo, "signature")
    upright = QImage.fromData(made.content)
    assert (upright.width(), upright.height()) == (600, 1_600)
    assert "Image réduite à" in made.note
    assert len(made.content) < len(photo)
    small = prepared(turned(image(90, 30, b"jpeg")), "signature")
    assert QImage.fromData(small.content).height() == 90
    see_through = prepared(image(2_000, 100, alpha=True), "logo")
    assert QImage.fromData(see_through.content).hasAlphaChannel()


def test_a_file_far_too_large_is_not_read_as_a_picture() -> None:
    with pytest.raises(ImageTooHeavy):
        prepared(bytes(LARGEST_FILE + 1), "logo")


def test_the_page_follows_what_is_typed(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk, "letterhead")
    waits_for_page(qtbot, page)
    before = page.letterhead.page_view.page_labels[0].pixmap().toImage()
    page.letterhead.large_print.click()
    qtbot.waitUntil(
        lambda: (
            bool(page.letterhead.page_view.page_labels)
            and page.letterhead.page_view.page_labels[0].pixmap().toImage() != before
        ),
        timeout=20_000,
    )
    colours = page.letterhead.colour
    colours.setCurrentIndex(colours.findData(LetterColour.PINE_GREEN))
    colours.activated.emit(colours.currentIndex())
    type_text(page.letterhead.foreign_notice, "This letter is about your personal data.")
    page.leave()
    kept = settings.load().practice
    assert kept.large_print
    assert kept.colour is LetterColour.PINE_GREEN
    assert kept.foreign_notice == "This letter is about your personal data."


def test_the_page_of_a_practice_not_filled_yet_says_what_is_missing(desk: Desk) -> None:
    today = desk.clock.now().date()
    words = " ".join(pages_of(letterhead_page(replace(PRACTICE, phone="", name=""), today)))
    assert "[téléphone]" in words
    assert "[nom du cabinet]" in words
    filled = " ".join(pages_of(letterhead_page(PRACTICE, today)))
    assert "[" not in filled
    assert "Dr Hélène Roux" in filled


def test_notice_and_signatories_are_in_the_printed_letter(desk: Desk) -> None:
    practice = replace(
        PRACTICE,
        signatories=(Signatory("Dr Hélène Roux", "généraliste"), Signatory("Dr Paul Weiss")),
        foreign_notice="This letter is about your personal data.",
    )
    words = " ".join(pages_of(letterhead_page(practice, desk.clock.now().date())))
    for text in ("Dr Hélène Roux", "généraliste", "Dr Paul Weiss", practice.foreign_notice):
        assert text in words


@pytest.mark.parametrize("colour", [each for each in LetterColour if each.value])
def test_the_name_is_printed_in_the_colour_that_was_chosen(
    colour: LetterColour, desk: Desk
) -> None:
    today = desk.clock.now().date()
    assert colour.value in inks(letterhead_page(replace(PRACTICE, colour=colour), today))
    assert colour.value not in inks(letterhead_page(PRACTICE, today))


def inks(pdf: bytes) -> set[str]:
    """Colours of the first page, rendered large enough for whole strokes."""
    page = page_images(pdf, 150)[0]
    drawn = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_BGR888)
    head = drawn.copy(0, 0, page.width // 2, page.height // 4)
    return {head.pixelColor(x, y).name() for x in range(head.width()) for y in range(head.height())}


def test_every_colour_is_sober_on_white_paper() -> None:
    """At least 7 : 1 on white (WCAG 2.2, 1.4.6)."""
    for colour in LetterColour:
        assert contrast(QColor(colour.value or "#000000"), QColor("#ffffff")) >= 7
