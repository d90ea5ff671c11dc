"""Many letters → proved PDF files: laid out in parallel (typst releases the GIL), joined, re-read, named."""

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from app.core.errors import Cancelled
from app.core.errors.paper import PartTooLarge, PrintFileNotWritten
from app.paper.engine import CHUNK_LETTERS, PaperEngine
from app.paper.laid_out import LaidOutLetter, PageRange, sheets_of
from app.paper.layers import LayeredLetters, PlannedLetter
from app.paper.paper_letter import PaperLetter
from app.paper.prepared import Preparation
from app.paper.print_part import PrintPart
from app.paper.proof import ProofReport
from app.paper.sheets import separator_sheet

#: bytes of a file besides its pages: table of objects and page tree, for 20 MB limits
_MARGIN_PER_LETTER = 250
#: letters among which those that share their text are looked for, and letters laid out at once
_WINDOW_LETTERS, _TOGETHER = 200, 40


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


def write_print_file(
    path: Path,
    engine: PaperEngine,
    letters: Iterable[PaperLetter],
    options: FileOptions | None = None,
    *,
    threads: int = 0,
    is_cancelled: Callable[[], bool] = lambda: False,
    before_naming: Callable[[Proved], None] = lambda _proved: None,
    name_for: Callable[[int, int], Path] | None = None,
) -> Iterator[PrintProgress | PrintResult]:
    """Write ``letters`` in their order into ``path``, or into a series of files named after it.

    A file gets its name only after its proof found no difference; the one being written when an exception
    comes is removed, those before stay, each with its PrintResult. ``name_for(sheets, number)`` chooses the
    names of a series (``sheets`` 0 when not grouped).

    Raises:
        Cancelled: ``is_cancelled`` said so.
        MissingGlyph, AddressTooWide, UnreadableImage: from the engine.
        PrintFileNotWritten: the disk refused.
        PartTooLarge: ten letters are larger than ``max_bytes``.
        ProofFailed: the file differs from the letters.
    """
    chosen = options or FileOptions()
    names = name_for or (lambda sheets, number: part_path(path, chosen, sheets, number))
    series = _Series(engine, chosen, names, is_cancelled, before_naming)
    done = 0
    try:
        with series:
            at_once = CHUNK_LETTERS if chosen.max_bytes else _TOGETHER
            workers = threads or os.cpu_count() or 1
            for chunk in _laid_out(engine, letters, workers, at_once, is_cancelled):
                yield from series.add(chunk)
                done += len(chunk)
                yield PrintProgress("layout", done)
            yield from series.finish()
    except OSError as error:
        raise PrintFileNotWritten(path, error.strerror or "") from error


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


def _laid_out(
    engine: PaperEngine,
    letters: Iterable[PaperLetter],
    threads: int,
    together: int,
    is_cancelled: Callable[[], bool],
) -> Iterator[list[LaidOutLetter]]:
    """Letters in order, ``together`` at once, at most two such chunks per thread ahead of the writer."""
    preparation, layered = Preparation(), LayeredLetters(engine)

    def chunks() -> Iterator[list[PlannedLetter]]:
        source = iter(letters)
        while window := list(islice(source, _WINDOW_LETTERS)):
            planned = layered.plan(preparation.prepare(window))
            for at in range(0, len(planned), together):
                yield planned[at : at + together]

    source = chunks()
    waiting: deque[Future[list[LaidOutLetter]]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="mise-en-page") as pool:
        try:
            while True:
                while len(waiting) < 2 * threads and (chunk := next(source, None)):
                    waiting.append(pool.submit(layered.lay_out, chunk))
                if not waiting:
                    return
                if is_cancelled():
                    raise Cancelled
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


class _Series:
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
        expected = part.size + coming + (len(part.ranges) + _TOGETHER) * _MARGIN_PER_LETTER
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
