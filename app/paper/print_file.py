"""Many letters → one proved PDF: chunks laid out in parallel (typst releases the GIL), joined, re-read, renamed."""

import hashlib
import io
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pikepdf

from app.core.errors import Cancelled
from app.core.errors.paper import PrintFileNotWritten, ProofFailed
from app.paper.engine import CHUNK_LETTERS, PageRange, PaperEngine
from app.paper.paper_letter import PaperLetter
from app.paper.proof import Expected, ExpectedLetter, ExpectedSheet, ProofReport, prove

_BLANK_PAGE_POINTS = (595, 842)  # A4
_TEMPORARY_SUFFIX = ".en-cours"


@dataclass(frozen=True, slots=True)
class PrintProgress:
    """``phase`` is « layout » (letters laid out) or « proof » (letters re-read)."""

    phase: str
    done: int


@dataclass(frozen=True, slots=True)
class PrintResult:
    """One file under its final name, proved."""

    path: Path
    sha256: str
    size: int
    pages: int
    ranges: tuple[PageRange, ...]
    proof: ProofReport


def write_print_file(
    path: Path,
    engine: PaperEngine,
    letters: Iterable[PaperLetter],
    *,
    duplex: bool = True,
    threads: int = 0,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[PrintProgress | PrintResult]:
    """Write ``letters`` in their order into ``path``; the last event is the PrintResult.

    ``duplex``: each letter starts on a recto, a blank page follows an odd number of pages. The file gets its
    name only after the proof found no difference; before, and after any exception, nothing is there.

    Raises:
        Cancelled: ``is_cancelled`` said so.
        MissingGlyph, AddressTooWide, UnreadableImage: from the engine.
        PrintFileNotWritten: the disk refused.
        ProofFailed: the file differs from the letters.
    """
    temporary = path.with_name(f"{path.name}{_TEMPORARY_SUFFIX}")
    try:
        writer = _Writer(engine, duplex=duplex)
        for done in writer.lay_out(letters, threads or os.cpu_count() or 1, is_cancelled):
            yield PrintProgress("layout", done)
        writer.save(temporary)
        yield from _proved(temporary, path, writer, is_cancelled)
    except OSError as error:
        raise PrintFileNotWritten(path, error.strerror or "") from error
    finally:
        temporary.unlink(missing_ok=True)


def _proved(
    temporary: Path, path: Path, writer: "_Writer", is_cancelled: Callable[[], bool]
) -> Iterator[PrintProgress | PrintResult]:
    def watch(_pages: int) -> None:
        if is_cancelled():
            raise Cancelled

    report = prove(temporary, writer.expected, progress=watch)
    if not report.is_clean:
        first = report.findings[0]
        raise ProofFailed(first.page, first.finding.value, report.finding_count)
    yield PrintProgress("proof", report.letters)
    digest, size = _sha256(temporary)
    temporary.replace(path)
    yield PrintResult(path, digest, size, report.pages, tuple(writer.ranges), report)


class _Writer:
    """Collects the chunks of one file."""

    def __init__(self, engine: PaperEngine, *, duplex: bool) -> None:
        self._engine = engine
        self._duplex = duplex
        self._joined = pikepdf.new()
        self._page = 0
        self.expected: list[Expected] = []
        self.ranges: list[PageRange] = []

    def lay_out(
        self, letters: Iterable[PaperLetter], threads: int, is_cancelled: Callable[[], bool]
    ) -> Iterator[int]:
        """Lay out chunk after chunk, at most two per thread ahead; yields the letters done so far."""
        done = 0
        waiting: deque[tuple[Sequence[PaperLetter], Future[tuple[bytes, list[PageRange]]]]] = (
            deque()
        )
        source = iter(letters)
        with ThreadPoolExecutor(threads, thread_name_prefix="mise-en-page") as pool:
            try:
                while True:
                    while len(waiting) < 2 * threads:
                        chunk = list(islice(source, CHUNK_LETTERS))
                        if not chunk:
                            break
                        waiting.append((chunk, pool.submit(self._engine.chunk, chunk)))
                    if not waiting:
                        return
                    if is_cancelled():
                        raise Cancelled
                    laid_out, future = waiting.popleft()
                    self._join(laid_out, *future.result())
                    done += len(laid_out)
                    yield done
            finally:
                for _, future in waiting:
                    future.cancel()

    def _join(self, letters: Sequence[PaperLetter], pdf: bytes, ranges: list[PageRange]) -> None:
        with pikepdf.open(io.BytesIO(pdf)) as chunk:
            for letter, pages in zip(letters, ranges, strict=True):
                self._joined.pages.extend(
                    chunk.pages[pages.first_page : pages.first_page + pages.pages]
                )
                self._add(letter, pages.pages)
                if self._duplex and pages.pages % 2:
                    self._joined.add_blank_page(page_size=_BLANK_PAGE_POINTS)
                    self.expected.append(ExpectedSheet(self._page, 1))
                    self._page += 1

    def _add(self, letter: PaperLetter, pages: int) -> None:
        self.ranges.append(PageRange(letter.code, self._page, pages))
        address, text = self._engine.fingerprints(letter, pages)
        self.expected.append(ExpectedLetter(letter.code, self._page, pages, address, text))
        self._page += pages

    def save(self, path: Path) -> None:
        """Write and force to the disk."""
        with path.open("wb") as stream:
            self._joined.save(stream, deterministic_id=True)
            stream.flush()
            os.fsync(stream.fileno())
        self._joined.close()


def _sha256(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return digest.hexdigest(), stream.tell()
