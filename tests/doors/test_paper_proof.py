"""The proof finds what a wrong print file holds, and passes a right one."""

import errno
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pikepdf
import pytest

from app.core.errors import Cancelled
from app.core.errors.paper import MissingGlyph, PartTooLarge, PrintFileNotWritten, ProofFailed
from app.paper import proof_parts
from app.paper.engine import PaperEngine
from app.paper.envelopes import Zone
from app.paper.paper_letter import PaperLetter
from app.paper.print_file import FileOptions, PrintResult, write_print_file
from app.paper.proof import (
    DEFAULT_WINDOW,
    Expected,
    ExpectedLetter,
    ExpectedPages,
    ExpectedSheet,
    Finding,
    ProofReport,
    prove,
)
from app.paper.proof_parts import prove_in_parts
from tests.doors.test_paper_engine import PRACTICE, make_letter

CODES = ("7K3M-9QXA-P", "AAAA-BBBB-C", "DDDD-EEEE-F", "GGGG-HHHH-J")


def letters() -> list[PaperLetter]:
    """Letters of one and two pages, each to somebody else."""
    made = []
    for number, code in enumerate(CODES):
        name = f"PATIENTE {'ABCD'[number] * 3}"
        letter = make_letter(code, 16 if number % 2 else 2, name=name.title())
        made.append(
            replace(
                letter,
                address_lines=(name, f"{number + 1} RUE NEUVE", "90000 BELFORT"),
                reminder=f"{name.title()}, lettre du 12 janvier 2026",
            )
        )
    return made


@pytest.fixture(scope="module")
def good() -> tuple[bytes, list[Expected]]:
    """A right file and what it must hold: 1 page and a blank, 2 pages, twice."""
    engine = PaperEngine(PRACTICE)
    source = letters()
    pdf, ranges = engine.chunk(source)
    joined, expected = pikepdf.new(), list[Expected]()
    with pikepdf.open(io.BytesIO(pdf)) as chunk:
        for letter, pages in zip(source, ranges, strict=True):
            first = len(joined.pages)
            joined.pages.extend(chunk.pages[pages.first_page : pages.first_page + pages.pages])
            prints = engine.fingerprints(letter, pages.pages)
            expected.append(ExpectedLetter(letter.code, first, pages.pages, *prints))
            if pages.pages % 2:
                expected.append(ExpectedSheet(len(joined.pages), 1))
                joined.add_blank_page(page_size=(595, 842))
        written = io.BytesIO()
        joined.save(written)
    return written.getvalue(), expected


def damaged(good: bytes, damage: Callable[[pikepdf.Pdf], None], path: Path) -> Path:
    with pikepdf.open(io.BytesIO(good)) as document:
        damage(document)
        document.save(path)
    return path


def swap(first: int, second: int) -> Callable[[pikepdf.Pdf], None]:
    def damage(document: pikepdf.Pdf) -> None:
        order = list(range(len(document.pages)))
        order[first], order[second] = order[second], order[first]
        copy = [document.pages[index].obj for index in order]
        del document.pages[:]
        for page in copy:
            document.pages.append(pikepdf.Page(page))

    return damage


def drop(document: pikepdf.Pdf) -> None:
    del document.pages[3]


def double(document: pikepdf.Pdf) -> None:
    document.pages.insert(2, document.pages[2])


def drop_the_last(document: pikepdf.Pdf) -> None:
    del document.pages[-1]


def stamp(text: bytes, x: float, y: float, page: int = 0) -> Callable[[pikepdf.Pdf], None]:
    """Print a foreign text at millimetres from the top left corner."""

    def damage(document: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        target = document.pages[page]
        name = target.add_resource(font, pikepdf.Name.Font)
        down = (297 - y) * 72 / 25.4
        content = b"q BT %s 10 Tf %f %f Td (%s) Tj ET Q" % (
            str(name).encode(), x * 72 / 25.4, down, text,
        )  # fmt: skip
        target.contents_add(content)

    return damage


def line_in_the_window(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"q 300 650 m 400 650 l S Q")


def line_in_a_form(x: int, y: int) -> Callable[[pikepdf.Pdf], None]:
    """A line at the origin of a form, which the page shows elsewhere (points from the bottom left corner)."""

    def damage(document: pikepdf.Pdf) -> None:
        form = document.make_stream(b"0 0 m 50 0 l S")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [-1, -1, 60, 60]
        name = document.pages[0].add_resource(form, pikepdf.Name.XObject)
        document.pages[0].contents_add(b"q 1 0 0 1 %d %d cm %s Do Q" % (x, y, str(name).encode()))

    return damage


def test_a_right_file_passes(good: tuple[bytes, list[Expected]], tmp_path: Path) -> None:
    path = damaged(good[0], lambda _document: None, tmp_path / "a.pdf")
    report = prove(path, good[1])
    assert report.findings == ()
    assert report.is_clean
    assert (report.letters, report.pages) == (4, 8)


@pytest.mark.parametrize(
    ("damage", "finding", "page"),
    [
        (swap(0, 4), Finding.NO_CODE, 1),
        (swap(2, 3), Finding.PAGE_NUMBER, 3),
        (swap(3, 7), Finding.NO_CODE, 4),
        (swap(0, 1), Finding.NO_CODE, 1),
        (drop, Finding.NO_CODE, 4),
        (drop_the_last, Finding.PAGE_COUNT, 7),
        (double, Finding.PAGE_NUMBER, 4),
        (stamp(b"AAAA-BBBB-C", 30, 250), Finding.OTHER_CODE, 1),
        (stamp(b"DUPONT", 130, 90), Finding.ADDRESS, 1),
        (stamp(b"Encore un mot", 30, 250, page=3), Finding.TEXT, 3),
        (stamp(b"x", 30, 250, page=1), Finding.NOT_BLANK, 2),
        (line_in_the_window, Finding.KEEP_OUT, 1),
        (line_in_a_form(300, 650), Finding.KEEP_OUT, 1),
    ],
)
def test_each_damage_is_found(
    good: tuple[bytes, list[Expected]],
    tmp_path: Path,
    damage: Callable[[pikepdf.Pdf], None],
    finding: Finding,
    page: int,
) -> None:
    report = prove(damaged(good[0], damage, tmp_path / "a.pdf"), good[1])
    assert not report.is_clean
    assert (finding, page) in [(found.finding, found.page) for found in report.findings]


def test_a_line_in_a_form_shown_elsewhere_does_no_harm(
    good: tuple[bytes, list[Expected]], tmp_path: Path
) -> None:
    path = damaged(good[0], line_in_a_form(60, 100), tmp_path / "a.pdf")
    assert prove(path, good[1]).is_clean


def test_an_address_outside_the_window_is_found(
    good: tuple[bytes, list[Expected]], tmp_path: Path
) -> None:
    path = damaged(good[0], lambda _document: None, tmp_path / "a.pdf")
    report = prove(path, good[1], window=Zone(120, 55, 190, 80))
    assert {found.finding for found in report.findings} == {Finding.OUTSIDE_WINDOW}


@pytest.mark.parametrize(
    ("damage", "finding", "page"),
    [
        (swap(3, 7), Finding.OTHER_CODE, 8),
        (swap(0, 4), Finding.ADDRESS, 5),
        (drop, Finding.PAGE_COUNT, 7),
        (drop_the_last, Finding.PAGE_COUNT, 7),
        (double, Finding.PAGE_NUMBER, 8),
    ],
)
def test_parts_of_a_file_are_proved_by_several_processes(
    good: tuple[bytes, list[Expected]],
    tmp_path: Path,
    damage: Callable[[pikepdf.Pdf], None],
    finding: Finding,
    page: int,
) -> None:
    path = damaged(good[0], lambda _document: None, tmp_path / "a.pdf")
    whole = prove(path, good[1])
    for parts in (2, 3):
        assert in_parts(path, good[1], parts) == whole
    path = damaged(good[0], damage, tmp_path / "b.pdf")
    report = in_parts(path, good[1], 3)
    assert not report.is_clean
    assert (finding, page) in [(found.finding, found.page) for found in report.findings]


def test_pages_of_a_process_that_was_killed_are_read_again(
    good: tuple[bytes, list[Expected]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = damaged(good[0], swap(3, 7), tmp_path / "a.pdf")
    monkeypatch.setattr(proof_parts, "main", slice)  # ends at once, saying nothing
    report = in_parts(path, good[1], 2)
    assert report == prove(path, good[1])
    assert not report.is_clean


def test_without_the_right_to_start_processes_all_is_read_here(
    good: tuple[bytes, list[Expected]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = damaged(good[0], swap(3, 7), tmp_path / "a.pdf")
    monkeypatch.setattr(BaseProcess, "start", refuse)
    assert in_parts(path, good[1], 3) == prove(path, good[1])


def refuse(_process: BaseProcess) -> None:
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


def in_parts(path: Path, expected: list[Expected], parts: int) -> ProofReport:
    steps = prove_in_parts(path, ExpectedPages.of(expected), window=DEFAULT_WINDOW, parts=parts)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: ProofReport = end.value
            return report


def written(path: Path, source: Iterator[PaperLetter], **kinds: object) -> list[PrintResult]:
    events = write_print_file(path, PaperEngine(PRACTICE), source, **kinds)  # type: ignore[arg-type]
    return [event for event in events if isinstance(event, PrintResult)]


def test_the_written_file_starts_each_letter_on_a_recto_and_is_not_scaled(tmp_path: Path) -> None:
    (result,) = written(tmp_path / "a.pdf", iter(letters()))
    assert [pages.first_page for pages in result.ranges] == [0, 2, 4, 6]
    assert [pages.sheets for pages in result.ranges] == [1, 1, 1, 1]
    with pikepdf.open(result.path) as document:
        assert document.Root.ViewerPreferences.PrintScaling == pikepdf.Name("/None")
        assert str(document.Root.Lang) == "fr-FR"
        info = {key: str(value) for key, value in document.docinfo.items()}
        assert info == {"/Title": "Lettres à imprimer", "/Producer": "Avis 34"}


def test_printed_on_one_side_there_is_no_blank_page(tmp_path: Path) -> None:
    (result,) = written(tmp_path / "a.pdf", iter(letters()), options=FileOptions(duplex=False))
    assert [pages.first_page for pages in result.ranges] == [0, 1, 3, 4]
    assert result.sheets == 6


def test_the_file_on_the_disk_is_proved_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PaperEngine, "prints", lambda *_: (1, 2))
    with pytest.raises(ProofFailed):
        written(tmp_path / "a.pdf", iter(letters()))
    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_when_a_letter_cannot_be_printed_or_the_user_stops(tmp_path: Path) -> None:
    bad = [*letters(), make_letter(name="\U0001f600")]
    with pytest.raises(MissingGlyph):
        written(tmp_path / "a.pdf", iter(bad))
    with pytest.raises(Cancelled):
        written(tmp_path / "a.pdf", iter(letters()), is_cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PrintFileNotWritten):
        written(tmp_path / "absent" / "a.pdf", iter(letters()))


def test_an_impossible_size_limit_is_said(tmp_path: Path) -> None:
    with pytest.raises(PartTooLarge):
        written(tmp_path / "a.pdf", iter(letters()), options=FileOptions(max_bytes=5_000))
    assert list(tmp_path.iterdir()) == []
