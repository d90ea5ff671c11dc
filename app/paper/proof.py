"""Re-reads a print file with another program than the one that made it (pdfium) and compares, page by page."""

import re
from array import array
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from app.core.campaign import CODE_ALPHABET
from app.paper.envelopes import Zone
from app.paper.fingerprint import add, fingerprint
from app.paper.layout import KEEP_OUT, Layout
from app.paper.page_reader import PageReader, ReadPage

_CODE = re.compile(rf"\b[{CODE_ALPHABET}]{{4}}-[{CODE_ALPHABET}]{{4}}-[{CODE_ALPHABET}]\b")
_PAGE_NUMBER = re.compile(r"page\s+(\d+)/(\d+)")
DEFAULT_WINDOW = Layout().window
#: pages between two words of progress
_STEP = 100
#: findings kept with their page; beyond, they are only counted
MOST_FINDINGS = 100


class Finding(StrEnum):
    """What can be wrong with a printed page."""

    PAGE_COUNT = "page_count"
    NO_CODE = "no_code"
    OTHER_CODE = "other_code"
    PAGE_NUMBER = "page_number"
    ADDRESS = "address"
    OUTSIDE_WINDOW = "outside_window"
    KEEP_OUT = "keep_out"
    NOT_BLANK = "not_blank"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ExpectedLetter:
    """What the pages of one letter must hold. Numbers only: no patient's text is kept for the proof."""

    code: str
    #: from 0
    first_page: int
    pages: int
    #: fingerprint of the address lines
    address: int
    #: fingerprint of everything on the letter's pages
    text: int


@dataclass(frozen=True, slots=True)
class ExpectedSheet:
    """A separator sheet or a blank verso: pages with this fingerprint (0 for blank) and no letter's code."""

    first_page: int
    pages: int
    text: int = 0


Expected = ExpectedLetter | ExpectedSheet


class ExpectedPages:
    """What a file must hold, in page order: some twenty bytes a letter, picklable, can be cut in parts."""

    def __init__(self, first_page: int = 0) -> None:
        self.first_page = first_page
        self._codes: list[str] = []
        self._pages = array("H")
        self._prints = array("Q")

    @classmethod
    def of(cls, expected: Iterable[Expected]) -> Self:
        """The same as a table; pages must follow one another."""
        table = cls()
        for item in expected:
            if isinstance(item, ExpectedLetter):
                table.add_letter(item.code, item.pages, item.address, item.text)
            else:
                table.add_sheet(item.pages, item.text)
        return table

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[Expected]:
        at = self.first_page
        prints = self._prints
        for index, (code, pages) in enumerate(zip(self._codes, self._pages, strict=True)):
            address, text = prints[2 * index : 2 * index + 2]
            if code:
                yield ExpectedLetter(code, at, pages, address, text)
            else:
                yield ExpectedSheet(at, pages, text)
            at += pages

    @property
    def pages(self) -> int:
        """Pages of all items."""
        return sum(self._pages)

    def add_letter(self, code: str, pages: int, address: int, text: int) -> None:
        """Then come the pages of one letter; fingerprints of its address and of its text."""
        self._codes.append(code)
        self._pages.append(pages)
        self._prints.extend((address, text))

    def add_sheet(self, pages: int, text: int = 0) -> None:
        """Then come pages that are no letter's, blank or with this fingerprint."""
        self._codes.append("")
        self._pages.append(pages)
        self._prints.extend((0, text))

    def parts(self, count: int) -> "list[ExpectedPages]":
        """Cut in ``count`` parts of as many items."""
        cut: list[ExpectedPages] = []
        at = self.first_page
        for number in range(count):
            start, end = (len(self) * edge // count for edge in (number, number + 1))
            part = ExpectedPages(at)
            part._codes = self._codes[start:end]
            part._pages = self._pages[start:end]
            part._prints = self._prints[2 * start : 2 * end]
            cut.append(part)
            at += part.pages
        return cut


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """One difference; ``page`` from 1, 0 for the whole file."""

    page: int
    finding: Finding
    code: str = ""


@dataclass(frozen=True, slots=True)
class ProofReport:
    """Outcome of one proof."""

    pages: int
    letters: int
    findings: tuple[ProofFinding, ...]
    finding_count: int

    @property
    def is_clean(self) -> bool:
        """True when the file is exactly what was asked."""
        return self.finding_count == 0


def prove(
    path: Path | bytes, expected: Iterable[Expected], *, window: Zone = DEFAULT_WINDOW
) -> ProofReport:
    """Compare every page of ``path`` (or of a file's content) with ``expected``, which must be in page order.

    ``window`` is where the address must lie (millimetres).
    """
    steps = prove_steps(path, expected, window=window)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: ProofReport = end.value
            return report


def prove_steps(
    path: Path | bytes,
    expected: Iterable[Expected],
    *,
    window: Zone = DEFAULT_WINDOW,
    first_page: int = 0,
    to_the_end: bool = True,
) -> Generator[int, None, ProofReport]:
    """As ``prove``, telling now and then how many pages were read.

    ``expected`` may be a part of the file, from ``first_page`` on, ``to_the_end`` or not.
    """
    with PageReader(path) as reader:
        return (yield from _Proof(reader, window).run(expected, first_page, to_the_end=to_the_end))


class _Proof:
    def __init__(self, reader: PageReader, window: Zone) -> None:
        self._reader = reader
        self._window = window
        self._findings: list[ProofFinding] = []
        self._count = 0

    def run(
        self, expected: Iterable[Expected], first_page: int, *, to_the_end: bool
    ) -> Generator[int, None, ProofReport]:
        total = self._reader.pages
        at = told = first_page
        letters = 0
        for item in expected:
            if item.first_page != at or at + item.pages > total:
                self._found(at, Finding.PAGE_COUNT, getattr(item, "code", ""))
                at = -1
                break
            if isinstance(item, ExpectedLetter):
                self._letter(item)
                letters += 1
            else:
                self._sheet(item)
            at += item.pages
            if at - told >= _STEP:
                told = at
                yield at - first_page
        if to_the_end and at not in {-1, total}:
            self._found(-1, Finding.PAGE_COUNT, "")
        return ProofReport(total, letters, tuple(self._findings), self._count)

    def _letter(self, letter: ExpectedLetter) -> None:
        seen = 0
        for index in range(letter.pages):
            number = letter.first_page + index
            with self._reader.page(number) as page:
                text = page.text()
                seen = add(seen, fingerprint(text))
                self._marks(letter, index, number, text)
                if index == 0:
                    self._window_of(letter, number, page)
        if seen != letter.text:
            self._found(letter.first_page, Finding.TEXT, letter.code)

    def _marks(self, letter: ExpectedLetter, index: int, number: int, text: str) -> None:
        codes = set(_CODE.findall(text))
        if letter.code not in codes:
            self._found(number, Finding.NO_CODE, letter.code)
        if codes - {letter.code}:
            self._found(number, Finding.OTHER_CODE, letter.code)
        numbers = _PAGE_NUMBER.findall(text)
        if not numbers or numbers[-1] != (str(index + 1), str(letter.pages)):
            self._found(number, Finding.PAGE_NUMBER, letter.code)

    def _window_of(self, letter: ExpectedLetter, number: int, page: ReadPage) -> None:
        if fingerprint(page.text(KEEP_OUT)) != letter.address:
            self._found(number, Finding.ADDRESS, letter.code)
        elif fingerprint(page.text(self._window)) != letter.address:
            self._found(number, Finding.OUTSIDE_WINDOW, letter.code)
        if any(KEEP_OUT.meets(zone) for zone in page.drawings()):
            self._found(number, Finding.KEEP_OUT, letter.code)

    def _sheet(self, sheet: ExpectedSheet) -> None:
        for number in range(sheet.first_page, sheet.first_page + sheet.pages):
            with self._reader.page(number) as page:
                text = page.text()
                if fingerprint(text) != sheet.text or _CODE.search(text):
                    self._found(number, Finding.NOT_BLANK, "")

    def _found(self, index: int, finding: Finding, code: str) -> None:
        self._count += 1
        if len(self._findings) < MOST_FINDINGS:
            self._findings.append(ProofFinding(index + 1, finding, code))
