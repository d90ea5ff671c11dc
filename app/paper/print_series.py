"""The files of one print run: letters go where they belong, full files are proved and named."""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from app.core.errors import Cancelled
from app.core.errors.paper import PartTooLarge
from app.paper.engine import PaperEngine
from app.paper.laid_out import LaidOutLetter, PageRange, sheets_of
from app.paper.print_part import PrintPart
from app.paper.proof import ProofReport
from app.paper.sheets import separator_sheet

#: bytes of a file besides its pages: table of objects and page tree, for 20 MB limits
_MARGIN_PER_LETTER = 250
#: letters that may come at once
MOST_TOGETHER = 40


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How letters become files."""

    #: printed on both sides: each letter starts on a recto, a blank page follows an odd number of pages
    duplex: bool = True
    #: 0 for no limit
    letters_per_file: int = 0
    max_bytes: int = 0
    #: one file (or series of files) per number of sheets, for inserting machines
    by_sheets: bool = False
    #: a sheet with the section's name before each new section
    separators: bool = False
    title: str = "Lettres à imprimer"

    @property
    def is_single_file(self) -> bool:
        """True when all letters go into one file, under the name given."""
        return not (self.letters_per_file or self.max_bytes or self.by_sheets)


@dataclass(frozen=True, slots=True)
class PrintProgress:
    """``phase`` is « layout » (letters laid out) or « proof » (pages re-read in the present file)."""

    phase: str
    done: int
    #: pages of the file being re-read; 0 for the layout, whose end the caller knows
    total: int = 0


@dataclass(frozen=True, slots=True)
class PrintResult:
    """One file under its final name, proved."""

    path: Path
    sha256: str
    size: int
    pages: int
    #: in page order; pages counted from 0 in this file
    ranges: tuple[PageRange, ...]
    proof: ProofReport

    @property
    def sheets(self) -> int:
        """Sheets of paper of the letters."""
        return sum(pages.sheets for pages in self.ranges)


@dataclass(frozen=True, slots=True)
class Proved:
    """A file that passed its proof and is about to get its name; the caller may note it durably first."""

    path: Path
    sha256: str
    ranges: tuple[PageRange, ...]


def part_path(path: Path, options: FileOptions, sheets: int, number: int) -> Path:
    """« lettres.pdf », « lettres-003.pdf », « lettres-2-feuilles.pdf », « lettres-2-feuilles-003.pdf »."""
    if options.is_single_file:
        return path
    stem = path.stem
    if options.by_sheets:
        stem += f"-{sheets}-feuille{'s' if sheets > 1 else ''}"
    if options.letters_per_file or options.max_bytes:
        stem += f"-{number:03d}"
    return path.with_name(stem + path.suffix)


class PrintSeries:
    """The files of one run; at most one open per number of sheets."""

    def __init__(
        self,
        engine: PaperEngine,
        options: FileOptions,
        name_for: Callable[[int, int], Path],
        is_cancelled: Callable[[], bool],
        before_naming: Callable[[Proved], None],
    ) -> None:
        self._engine = engine
        self._options = options
        self._name_for = name_for
        self._is_cancelled = is_cancelled
        self._before_naming = before_naming
        self._open: dict[int, PrintPart] = {}
        self._numbers: dict[int, int] = {}
        self._sections: dict[int, str] = {}
        self._stack = ExitStack()

    def __enter__(self) -> None:
        self._stack.__enter__()

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def add(self, letters: Sequence[LaidOutLetter]) -> Iterator[PrintProgress | PrintResult]:
        """Put the letters where they belong; files that are full come out."""

        def place(letter: LaidOutLetter) -> tuple[int, str]:
            sheets = self._sheets(letter) if self._options.by_sheets else 0
            return sheets, letter.letter.section if self._options.separators else ""

        ordered = sorted(letters, key=self._sheets) if self._options.by_sheets else letters
        for (sheets, section), same in groupby(ordered, place):
            left = list(same)
            while left:
                part, room, full = self._part_with_room(sheets, _bytes_of(left))
                if full is not None:
                    yield from self._finish_part(full)
                if part is None:
                    part = self._start(sheets)
                if self._options.separators and self._sections.get(sheets) != section:
                    pdf, text = separator_sheet(section)
                    part.add_sheet(pdf, text, duplex=self._options.duplex)
                    self._sections[sheets] = section
                now, left = left[:room], left[room:]
                part.add_letters(now, duplex=self._options.duplex)

    def _sheets(self, letter: LaidOutLetter) -> int:
        return sheets_of(len(letter.pages), duplex=self._options.duplex)

    def finish(self) -> Iterator[PrintProgress | PrintResult]:
        """Prove and name the files still open."""
        for sheets in sorted(self._open):
            yield from self._finish_part(sheets)

    def _part_with_room(self, sheets: int, coming: int) -> tuple[PrintPart | None, int, int | None]:
        """The open file if it has room, for how many letters, and which file to close first."""
        limit = self._options.letters_per_file or sys.maxsize
        part = self._open.get(sheets)
        if part is None:
            if self._options.max_bytes and coming + 2_000 > self._options.max_bytes:
                raise PartTooLarge(self._options.max_bytes)
            return None, limit, None
        room = limit - len(part.ranges)
        expected = part.size + coming + (len(part.ranges) + MOST_TOGETHER) * _MARGIN_PER_LETTER
        if room <= 0 or (self._options.max_bytes and expected > self._options.max_bytes):
            return None, limit, sheets
        return part, room, None

    def _start(self, sheets: int) -> PrintPart:
        self._numbers[sheets] = self._numbers.get(sheets, 0) + 1
        path = self._name_for(sheets, self._numbers[sheets])
        part = self._stack.enter_context(PrintPart(path, self._options.title))
        self._open[sheets] = part
        self._sections.pop(sheets, None)
        return part

    def _finish_part(self, sheets: int) -> Iterator[PrintProgress | PrintResult]:
        part = self._open.pop(sheets)

        digest, report = yield from self._read_again(part)
        ranges = tuple(part.ranges)
        self._before_naming(Proved(part.path, digest, ranges))
        size = part.publish()
        yield PrintResult(part.path, digest, size, report.pages, ranges, report)

    def _read_again(
        self, part: PrintPart
    ) -> Generator[PrintProgress, None, tuple[str, ProofReport]]:
        yield PrintProgress("proof", 0, part.pages)
        steps = part.prove(self._engine.layout.window)
        while True:
            try:
                pages = next(steps)
            except StopIteration as end:
                proved: tuple[str, ProofReport] = end.value
                return proved
            yield PrintProgress("proof", pages, part.pages)
            if self._is_cancelled():
                raise Cancelled


def _bytes_of(letters: Sequence[LaidOutLetter]) -> int:
    """No less than what these letters add to a file."""
    own = {id(letter.pdf): len(letter.pdf) for letter in letters}
    shared = {
        page.shared.key: len(page.shared.pdf)
        for letter in letters
        for page in letter.pages
        if page.shared is not None
    }
    return sum(own.values()) + sum(shared.values())
