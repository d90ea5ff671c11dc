"""Letters printed in layers are, glyph by glyph, the letters laid out whole; the others are laid out whole."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from app.core.campaign import new_letter_code
from app.core.errors.paper import AddressTooWide, MissingGlyph
from app.paper.engine import PaperEngine
from app.paper.laid_out import LaidOutLetter
from app.paper.layers import LayeredLetters
from app.paper.layout import Layout
from app.paper.paper_letter import PaperLetter
from app.paper.prepared import Preparation
from app.paper.print_file import FileOptions, PrintResult, write_print_file
from app.paper.proof import ExpectedLetter, prove
from tests.doors.test_paper_engine import PARAGRAPH, PRACTICE
from tests.doors.test_paper_images import png

NAMES = (
    "Zoé Petit", "Élodie Le Goff-Kermarrec", "דוד כהן", "Γιώργος Παπαδόπουλος", "王小明", "محمد العربي",
    "Jean", "Nguyễn Thị Hồng", "*gras* #set page(fill: red)", "A" * 30, "Anne-Marie de La Tour " * 6,
)  # fmt: skip


def text(value: str, kind: str = "s") -> dict[str, object]:
    return {"t": kind, "v": value}


def paragraph(*nodes: dict[str, object]) -> dict[str, object]:
    return {"t": "p", "c": list(nodes)}


def letter(
    number: int, paragraphs: int = 10, own_at: int = 5, own_sentences: int = 1
) -> PaperLetter:
    """One of a run: all share their text but for the name and code in one paragraph."""
    name = NAMES[number % len(NAMES)]
    code = new_letter_code(bytes([number % 29, number // 29] * 4))
    blocks: list[dict[str, object]] = [paragraph(text("Madame, Monsieur,"))]
    blocks += [paragraph(text(f"{at}. {PARAGRAPH}")) for at in range(paragraphs)]
    own = paragraph(
        text("Cette lettre porte le code "), {"t": "b", "c": [text(code, "v")]}, text(" ; elle est pour "),
        text(name, "v"), text(f", n° {number}." + " Appelez-nous, puis donnez ce code." * own_sentences),
    )  # fmt: skip
    blocks.insert(own_at, own)
    return PaperLetter(
        code=code,
        row=number + 2,
        address_lines=(name.upper()[:30], f"{number} RUE NEUVE", "90000 BELFORT"),
        subject="Information sur vos données",
        place_date="Belfort, le 12 janvier 2026",
        blocks=blocks,
        signatories=PRACTICE.signatories,
        reminder=f"{name}, lettre du 12 janvier 2026",
        reference=f"Référence : {code}",
    )


def glyphs(pdf: bytes | Path, pages: Sequence[int]) -> list[list[tuple[float, ...]]]:
    """Every character of the pages with its box in hundredths of a point, in no order."""
    document = pdfium.PdfDocument(pdf)
    found = []
    for number in pages:
        page = document[number].get_textpage()
        drawn: list[tuple[float, ...]] = []
        for at in range(page.count_chars()):
            char = page.get_text_range(at, 1)
            if char.strip() and char.isprintable():
                drawn.append((ord(char[0]), *(round(edge, 2) for edge in page.get_charbox(at))))
        found.append(sorted(drawn))
    return found


def printed(path: Path, letters: Sequence[PaperLetter], **kinds: object) -> list[PrintResult]:
    events = write_print_file(path, PaperEngine(PRACTICE), iter(letters), **kinds)  # type: ignore[arg-type]
    return [event for event in events if isinstance(event, PrintResult)]


def made(letters: Sequence[PaperLetter], engine: PaperEngine | None = None) -> list[LaidOutLetter]:
    layered = LayeredLetters(engine or PaperEngine(PRACTICE))
    return layered.lay_out(layered.plan(Preparation().prepare(letters)))[0]


def in_layers(letters: Sequence[LaidOutLetter]) -> list[bool]:
    return [each.pages[0].shared is not None for each in letters]


@pytest.mark.parametrize(
    ("paragraphs", "own_at", "pages", "layout"),
    [
        (4, 2, 1, Layout()),
        (4, 5, 1, Layout()),
        (13, 3, 2, Layout()),
        (13, 12, 2, Layout()),
        (20, 15, 3, Layout().large_print()),
    ],
)
def test_layers_put_together_are_the_letter_laid_out_whole(
    tmp_path: Path, paragraphs: int, own_at: int, pages: int, layout: Layout
) -> None:
    letters = [letter(number, paragraphs, own_at) for number in range(22)]
    engine = PaperEngine(PRACTICE, layout)
    assert sum(in_layers(made(letters, engine))) >= 18
    (result,) = [
        event
        for event in write_print_file(tmp_path / "a.pdf", engine, iter(letters))
        if isinstance(event, PrintResult)
    ]
    assert result.proof.is_clean
    for source, where in zip(letters, result.ranges, strict=True):
        assert where.pages >= pages
        whole, _ = engine.chunk([source])
        expected = glyphs(whole, range(where.pages))
        found = glyphs(result.path, range(where.first_page, where.first_page + where.pages))
        assert found == expected, source.row


def test_several_own_paragraphs_with_logo_and_signature(tmp_path: Path) -> None:
    practice = replace(PRACTICE, logo=png(40, 20), signature_image=png(30, 10))
    letters = []
    for number in range(30):
        each = letter(number, 12, 3)
        thanks = paragraph(text(f"Merci à {NAMES[number % len(NAMES)]}, du n° {number * 977}."))
        blocks = [*each.blocks[:9], thanks, *each.blocks[9:]]
        letters.append(replace(each, blocks=blocks))
    engine = PaperEngine(practice)
    assert sum(in_layers(made(letters, engine))) >= 25
    (result,) = [
        event
        for event in write_print_file(tmp_path / "a.pdf", engine, iter(letters))
        if isinstance(event, PrintResult)
    ]
    for source, where in zip(letters, result.ranges, strict=True):
        whole, _ = engine.chunk([source])
        found = glyphs(result.path, range(where.first_page, where.first_page + where.pages))
        assert found == glyphs(whole, range(where.pages)), source.row


def test_a_paragraph_without_words_is_laid_out_whole() -> None:
    letters = [
        replace(each, blocks=[*each.blocks, paragraph(text("…" * each.row))])
        for each in map(letter, range(6))
    ]
    assert in_layers(made(letters)) == [False] * 6


def test_shared_pages_are_in_the_file_once(tmp_path: Path) -> None:
    (few,) = printed(tmp_path / "a.pdf", [letter(0, 12) for _ in range(1)])
    (many,) = printed(tmp_path / "b.pdf", [letter(number * 11, 12) for number in range(80)])
    assert few.size > 10_000
    assert many.size < few.size + 80 * 4_000
    with pikepdf.open(many.path) as document:
        forms = {page.Resources.XObject.Shared.objgen for page in document.pages}
    assert len(forms) <= 6


def test_a_paragraph_over_the_end_of_a_page_is_laid_out_whole() -> None:
    found = [
        in_layers(made([letter(number * 11, 15, own_at, own_sentences=8) for number in range(6)]))
        for own_at in (8, 13)
    ]
    assert found == [[True] * 6, [False] * 6]


def test_own_lists_and_texts_that_are_mostly_own_are_laid_out_whole() -> None:
    own_list = [
        replace(
            each,
            blocks=[*each.blocks, {"t": "ul", "c": [{"t": "li", "c": [text(each.code)]}]}],
        )
        for each in map(letter, range(6))
    ]
    assert in_layers(made(own_list)) == [False] * 6
    assert in_layers(made([letter(number, 0, 0) for number in range(6)])) == [False] * 6
    assert in_layers(made([letter(number) for number in range(3)])) == [False] * 3


def test_the_same_letters_give_the_same_file(tmp_path: Path) -> None:
    letters = [letter(number, 12) for number in range(100)]
    prints = {
        printed(tmp_path / f"{threads}-{again}.pdf", letters, threads=threads)[0].sha256
        for threads in (1, 2, 4)
        for again in range(2)
    }
    assert len(prints) == 1


@pytest.mark.parametrize("at", [0, 7, 50])
def test_a_letter_that_cannot_be_printed_names_its_row(tmp_path: Path, at: int) -> None:
    for change, error in (
        ({"reminder": "Madame \U0001f600"}, MissingGlyph),
        ({"address_lines": ("W" * 38, "90000 BELFORT")}, AddressTooWide),
    ):
        letters = [letter(number) for number in range(60)]
        letters[at] = replace(letters[at], **change)
        with pytest.raises(error) as caught:
            printed(tmp_path / "a.pdf", letters)
        assert getattr(caught.value, "row", None) == at + 2
    assert list(tmp_path.iterdir()) == []


def test_parts_of_a_series_hold_what_they_need(tmp_path: Path) -> None:
    letters = [letter(number, 4 + number % 2 * 10) for number in range(60)]
    results = printed(
        tmp_path / "a.pdf", letters, options=FileOptions(letters_per_file=7, by_sheets=True)
    )
    assert sorted(pages.code for result in results for pages in result.ranges) == sorted(
        each.code for each in letters
    )
    for result in results:
        with pikepdf.open(io.BytesIO(result.path.read_bytes())) as document:
            assert document.check_pdf_syntax() == []


@pytest.mark.parametrize(
    "order",
    [
        pytest.param([0, 3, 2, 1], id="page 2 of two letters swapped"),
        pytest.param([2, 1, 0, 3], id="page 1 of two letters swapped"),
        pytest.param([2, 3, 0, 1], id="two letters swapped"),
        pytest.param([1, 0, 2, 3], id="both pages of one letter swapped"),
        pytest.param([0, 2, 3], id="a page dropped"),
        pytest.param([2, 3], id="a letter dropped"),
        pytest.param([0, 1, 1, 2, 3], id="a page doubled"),
        pytest.param([0, 1, 0, 1, 2, 3], id="a letter doubled"),
    ],
)
def test_the_proof_finds_pages_in_a_wrong_place(tmp_path: Path, order: list[int]) -> None:
    letters = [letter(number * 11, 13) for number in range(8)]
    assert in_layers(made(letters)) == [True] * 8
    engine = PaperEngine(PRACTICE)
    (result,) = printed(tmp_path / "a.pdf", letters)
    assert {where.pages for where in result.ranges} == {2}
    expected = [
        ExpectedLetter(where.code, where.first_page, 2, *engine.fingerprints(each, 2))
        for each, where in zip(letters, result.ranges, strict=True)
    ]
    assert prove(result.path, expected).is_clean
    with pikepdf.open(result.path) as document, pikepdf.new() as wrong:
        for number in (*order, *range(4, 16)):
            wrong.pages.append(document.pages[number])
        wrong.save(tmp_path / "b.pdf")
    assert not prove(tmp_path / "b.pdf", expected).is_clean
