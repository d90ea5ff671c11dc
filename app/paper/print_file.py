"""Many letters → proved PDF files: laid out in parallel (typst releases the GIL), joined, re-read, named."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from app.core.errors import Cancelled
from app.core.errors.paper import PrintFileNotWritten
from app.paper.engine import CHUNK_LETTERS, PaperEngine
from app.paper.laid_out import LaidOutLetter
from app.paper.layers import LayeredLetters, PlannedLetter
from app.paper.paper_letter import PaperLetter
from app.paper.prepared import Preparation
from app.paper.print_series import MOST_TOGETHER, PrintSeries
from app.paper.print_series import FileOptions as FileOptions
from app.paper.print_series import PrintProgress as PrintProgress
from app.paper.print_series import PrintResult as PrintResult
from app.paper.print_series import Proved as Proved
from app.paper.print_series import part_path as part_path

#: letters among which those that share their text are looked for
_WINDOW_LETTERS = 200
#: letters laid out, and the rows left out
_Chunk: TypeAlias = tuple[list[LaidOutLetter], list[int]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows whose address the window cannot show: not printed."""

    rows: tuple[int, ...]


def write_print_file(
    path: Path,
    engine: PaperEngine,
    letters: Iterable[PaperLetter],
    options: FileOptions | None = None,
    *,
    threads: int = 0,
    leave_out: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
    before_naming: Callable[[Proved], None] = lambda _proved: None,
    name_for: Callable[[int, int], Path] | None = None,
) -> Iterator[PrintProgress | PrintResult | LeftOut]:
    """Write ``letters`` in their order into ``path``, or into a series of files named after it.

    A file gets its name only after its proof found no difference; the one being written when an exception
    comes is removed, those before stay, each with its PrintResult. ``name_for(sheets, number)`` chooses the
    names of a series (``sheets`` 0 when not grouped). With ``leave_out`` letters whose address does not fit the
    window are told and left out instead of ending the run.

    Raises:
        Cancelled: ``is_cancelled`` said so.
        MissingGlyph, AddressTooWide, AddressTooTall, UnreadableImage: from the engine.
        PrintFileNotWritten: the disk refused.
        PartTooLarge: ten letters are larger than ``max_bytes``.
        ProofFailed: the file differs from the letters.
    """
    chosen = options or FileOptions()
    names = name_for or (lambda sheets, number: part_path(path, chosen, sheets, number))
    series = PrintSeries(engine, chosen, names, is_cancelled, before_naming)
    done = 0
    try:
        with series:
            at_once = CHUNK_LETTERS if chosen.max_bytes else MOST_TOGETHER
            workers = threads or os.cpu_count() or 1
            lay_out = partial(LayeredLetters.lay_out, leave_out=leave_out)
            chunks = _laid_out(engine, letters, workers, at_once, lay_out, is_cancelled)
            for chunk, left_out in chunks:
                if left_out:
                    yield LeftOut(tuple(left_out))
                yield from series.add(chunk)
                done += len(chunk) + len(left_out)
                yield PrintProgress("layout", done)
            yield from series.finish()
    except OSError as error:
        raise PrintFileNotWritten(path, error.strerror or "") from error


def _laid_out(
    engine: PaperEngine,
    letters: Iterable[PaperLetter],
    threads: int,
    together: int,
    lay_out: Callable[[LayeredLetters, Sequence[PlannedLetter]], _Chunk],
    is_cancelled: Callable[[], bool],
) -> Iterator[_Chunk]:
    """Letters in order, ``together`` at once, at most two such chunks per thread ahead of the writer."""
    preparation, layered = Preparation(), LayeredLetters(engine)

    def chunks() -> Iterator[list[PlannedLetter]]:
        source = iter(letters)
        while window := list(islice(source, _WINDOW_LETTERS)):
            planned = layered.plan(preparation.prepare(window))
            for at in range(0, len(planned), together):
                yield planned[at : at + together]

    source = chunks()
    waiting: deque[Future[_Chunk]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="mise-en-page") as pool:
        try:
            while True:
                while len(waiting) < 2 * threads and (chunk := next(source, None)):
                    waiting.append(pool.submit(lay_out, layered, chunk))
                if not waiting:
                    return
                if is_cancelled():
                    raise Cancelled
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
