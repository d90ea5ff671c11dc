"""Letters laid out by typst, read back by pdfium and pikepdf."""

import io
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest

from app.core.errors.paper import AddressTooWide, MissingGlyph, UnreadableImage
from app.core.practice import Practice, Signatory
from app.paper.engine import PaperEngine
from app.paper.fingerprint import fingerprint
from app.paper.layout import KEEP_OUT
from app.paper.paper_letter import PaperLetter

PRACTICE = Practice(
    name="Cabinet médical des Tilleuls",
    street="1 place de la Mairie",
    postcode="90000",
    city="Belfort",
    phone="0384000000",
    signatories=(Signatory("Dr Camille Essai", "médecin généraliste"),),
)
PARAGRAPH = (
    "Notre cabinet utilise un logiciel fourni par une société extérieure. Cette société nous a appris "
    "qu’une personne non autorisée avait copié des informations administratives sur nos patients. "
)


def make_letter(
    code: str = "7K3M-9QXA-P", paragraphs: int = 2, name: str = "Élodie Essai"
) -> PaperLetter:
    blocks: list[dict[str, object]] = [{"t": "p", "c": [{"t": "s", "v": "Madame,"}]}]
    blocks += [
        {"t": "p", "c": [{"t": "s", "v": PARAGRAPH}, {"t": "v", "v": name}, {"t": "s", "v": "."}]}
    ] * paragraphs
    return PaperLetter(
        code=code,
        row=12,
        address_lines=("MADAME ÉLODIE ESSAI", "12 RUE DE L EGLISE", "90000 BELFORT"),
        subject="Information de votre cabinet",
        place_date="Belfort, le 12 janvier 2026",
        blocks=blocks,
        signatories=PRACTICE.signatories,
        reminder="Madame Élodie Essai, lettre du 12 janvier 2026",
        reference=f"Référence : {code}",
    )


def pages_of(pdf: bytes) -> list[str]:
    document = pdfium.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_a_single_letter_is_tagged_titled_french_and_says_its_standards() -> None:
    pdf = PaperEngine(PRACTICE).single(make_letter())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("fr")
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
            assert "Tilleuls" in str(metadata["dc:title"])
            assert "Essai" not in str(metadata)
            assert "lodie" not in str(metadata)


def test_every_page_carries_code_and_page_number_and_the_reminder_from_page_two() -> None:
    pages = pages_of(PaperEngine(PRACTICE).single(make_letter(paragraphs=16)))
    assert len(pages) == 2
    assert "Lettre 7K3M-9QXA-P – page 1/2" in pages[0]
    assert "Lettre 7K3M-9QXA-P – page 2/2" in pages[1]
    assert "lettre du 12 janvier" not in pages[0]
    assert "Madame Élodie Essai, lettre du 12 janvier 2026" in pages[1]


def test_every_letter_of_a_chunk_starts_its_own_page_one() -> None:
    engine = PaperEngine(PRACTICE)
    letters = [
        make_letter("7K3M-9QXA-P", 16),
        make_letter("AAAA-BBBB-C", 2),
        make_letter("DDDD-EEEE-F", 16),
    ]
    pdf, ranges = engine.chunk(letters)
    assert [(r.first_page, r.pages) for r in ranges] == [(0, 2), (2, 1), (3, 2)]
    pages = pages_of(pdf)
    for letter, pages_here in zip(letters, ranges, strict=True):
        for index in range(pages_here.pages):
            text = pages[pages_here.first_page + index]
            assert f"{letter.code} – page {index + 1}/{pages_here.pages}" in text
            assert ("lettre du" in text) == (index > 0)


def test_the_address_stands_in_the_window_and_nothing_else_may_show() -> None:
    pdf = PaperEngine(PRACTICE).single(make_letter(paragraphs=16))
    page = pdfium.PdfDocument(pdf)[0].get_textpage()
    points = 72 / 25.4
    seen = page.get_text_bounded(
        left=KEEP_OUT.left * points,
        right=KEEP_OUT.right * points,
        top=(297 - KEEP_OUT.top) * points,
        bottom=(297 - KEEP_OUT.bottom) * points,
    )
    assert " ".join(seen.split()) == "MADAME ÉLODIE ESSAI 12 RUE DE L EGLISE 90000 BELFORT"
    boxes = [page.get_charbox(i) for i in range(page.count_chars())]
    text = page.get_text_range()
    start = text.index("MADAME ÉLODIE")
    left = boxes[start][0] / points
    bottom_of_last = 297 - boxes[text.index("90000 BELFORT")][1] / points
    assert left == pytest.approx(110, abs=1.0)
    assert 77.5 < bottom_of_last < 79.01


@pytest.mark.parametrize("lines", [6, 7])
def test_six_and_seven_lines_stay_between_55_and_79_millimetres(lines: int) -> None:
    address = tuple(f"LIGNE {number} DE L ADRESSE" for number in range(lines))
    pdf = PaperEngine(PRACTICE).single(replace(make_letter(), address_lines=address))
    page = pdfium.PdfDocument(pdf)[0].get_textpage()
    text, points = page.get_text_range(), 72 / 25.4
    tops = [page.get_charbox(text.index(line))[3] / points for line in address]
    bottoms = [page.get_charbox(text.index(line))[1] / points for line in address]
    assert 297 - max(tops) > 54.9
    assert 297 - min(bottoms) < 79.1
    assert tops == sorted(tops, reverse=True)


@pytest.mark.parametrize(
    "hostile",
    [
        "*gras* _souligné_ `code`",
        "#set page(width: 1cm)",
        "#panic(1) $x^2$ <étiquette> @renvoi",
        "= Titre\\ - liste // commentaire /* */",
        "<script>alert(1)</script> &amp; {{ code }} {% if %}",
        "https://exemple.fr ~ -- --- ... 'x' \"y\"",
    ],
)
def test_markup_in_a_value_is_printed_as_it_is(hostile: str) -> None:
    letter = replace(
        make_letter(name=hostile), address_lines=(hostile.upper()[:38], "90000 BELFORT")
    )
    text = " ".join("".join(pages_of(PaperEngine(PRACTICE).single(letter))).split())
    assert hostile in text
    assert hostile.upper()[:38].strip() in text


@pytest.mark.parametrize(
    "name",
    [
        "Γιώργος Παπαδόπουλος",
        "Дмитрий Иванов",
        "محمد العربي",
        "דוד כהן",
        "Nguyễn Thị Hồng",
        "王小明",
        "김민수",
        "やまだ",
    ],
)
def test_names_in_other_scripts_are_printed(name: str) -> None:
    text = "".join(pages_of(PaperEngine(PRACTICE).single(make_letter(name=name, paragraphs=1))))
    assert fingerprint("".join(c for c in text if ord(c) > 0x17F)) == fingerprint(
        "".join(c for c in name if ord(c) > 0x17F)
    )


@pytest.mark.parametrize("name", ["محمد العربي", "דוד כהן"])
def test_a_reminder_is_read_from_left_to_right_after_a_right_to_left_name(name: str) -> None:
    letter = replace(
        make_letter(paragraphs=16, name=name), reminder=f"{name}, lettre du 12 janvier 2026"
    )
    page = pdfium.PdfDocument(PaperEngine(PRACTICE).single(letter))[1].get_textpage()
    text = page.get_text_range()
    words = text.index("lettre du 12 janvier")
    left, bottom, _, _ = page.get_charbox(words)
    boxes = [page.get_charbox(at) for at in range(len(text)) if text[at] in name.replace(" ", "")]
    lefts = [box[0] for box in boxes if box[1] > bottom - 5]
    assert len(lefts) > 4
    assert max(lefts) < left


@pytest.mark.parametrize("char", ["😀", "\U00012000", "\ue000", "\x07"])
def test_a_character_without_a_glyph_names_row_and_character(char: str) -> None:
    with pytest.raises(MissingGlyph) as caught:
        PaperEngine(PRACTICE).chunk([make_letter("AAAA-BBBB-C"), make_letter(name=f"Jean {char}")])
    assert (caught.value.row, caught.value.character) == (12, char)


def test_an_address_wider_than_the_window_is_refused() -> None:
    letter = replace(make_letter(), address_lines=("W" * 38, "90000 BELFORT"))
    with pytest.raises(AddressTooWide) as caught:
        PaperEngine(PRACTICE).chunk([letter])
    assert caught.value.row == 12
    assert caught.value.millimetres > 80


def test_a_broken_logo_is_refused() -> None:
    with pytest.raises(UnreadableImage):
        PaperEngine(replace(PRACTICE, logo=b"GIF89a"))
