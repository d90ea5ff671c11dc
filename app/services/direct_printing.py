"""Letters given to a printer without any file: laid out and proved in memory, lot by lot, then recorded.

Each lot is one job of the printer. Before it starts, the campaign file says durably which letters are about to
leave; a cut in between is asked about, never guessed (``print_records.unsettled_direct``).
"""

import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol, cast

from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled
from app.core.errors.paper import (
    AddressesToCorrect,
    DirectPrintUnsettled,
    NothingToPrint,
    PrintedFileGone,
    PrinterRefused,
    ProofFailed,
)
from app.letters.render import LetterRenderer
from app.paper.engine import CHUNK_LETTERS, PageRange, PaperEngine, sheets_of
from app.paper.paper_letter import PaperLetter
from app.paper.proof import ExpectedLetter, prove
from app.paper.sheets import separator_sheet
from app.services import lettering
from app.services.control import Control
from app.services.paper_letters import paper_letter
from app.services.print_plan import (
    ChosenLetters,
    Separation,
    in_pages,
    pending_letters,
    section_of,
)
from app.services.print_records import (
    PrintedFile,
    file_sha256,
    forget_direct_intent,
    note_direct_intent,
    record_direct,
    unsettled_direct,
)
from app.services.printing import PrintOptions, PrintStep
from app.storage.campaign_file import CampaignFile

_ROWS_SHOWN = 20
_SEPARATOR = PageRange("", 0, 1)


@dataclass(frozen=True, slots=True)
class Piece:
    """Pages to put on paper: ranges of one PDF, each starting on a recto."""

    source: bytes | Path
    ranges: tuple[PageRange, ...]


class Press(Protocol):
    """A printer that was chosen and set up; the window's is ``app.ui.printer.QtPress``."""

    @property
    def name(self) -> str:
        """As the system shows it."""
        ...

    @property
    def is_duplex(self) -> bool:
        """True when an odd page is followed by a blank verso."""
        ...

    def print_job(self, pieces: Sequence[Piece], control: Control) -> Iterator[int]:
        """Give one job to the printer, telling the pages painted so far.

        Raises:
            PrinterRefused, Cancelled: the job was aborted.
        """
        ...


@dataclass(frozen=True, slots=True)
class LotPrinted:
    """One job taken by the printer, its letters recorded."""

    letters: int
    pages: int
    sheets: int


@dataclass(frozen=True, slots=True)
class DirectFinished:
    """End of the run; ``left_out`` are rows whose address has to be corrected, still to print."""

    printer: str
    letters: int
    pages: int
    sheets: int
    left_out: tuple[int, ...] = ()


DirectEvent = PrintStep | LotPrinted | DirectFinished


@dataclass(frozen=True, slots=True)
class Part:
    """Which letters of those that wait, in printing order, from 1; ``last`` 0 for the end."""

    first: int = 1
    last: int = 0

    def of(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        """The chosen keys."""
        return ids[max(self.first, 1) - 1 : self.last or None]


class DirectRun:
    """Prints the pending paper letters (or ``reprint``: given letters once more) on ``press``."""

    def __init__(
        self,
        campaign_file: CampaignFile,
        press: Press,
        options: PrintOptions | None = None,
        *,
        letters_per_job: int = 100,
        part: Part | None = None,
        clock: Clock | None = None,
        reprint: tuple[int, ...] | None = None,
    ) -> None:
        self._file = campaign_file
        self._press = press
        self._options = options or PrintOptions()
        self._per_job = max(letters_per_job, 1)
        self._part = part or Part()
        self._clock = clock or SystemClock()
        self._reprint = reprint
        self._keys: dict[str, int] = {}

    def run(self, control: Control) -> Iterator[DirectEvent]:
        """Print; the last event is DirectFinished.

        Raises:
            DirectPrintUnsettled: a former run was cut; ask about it first.
            NothingToPrint, AddressesToCorrect, ProofFailed, MissingValue, MissingGlyph, AddressTooWide,
            AddressTooTall, WindowNotMeasured, WindowUnsuitable: as ``services.printing``; nothing of the lot
            reached the printer.
            PrinterRefused, Cancelled: the lots announced by LotPrinted are recorded, nothing else is.
        """
        cut = unsettled_direct(self._file)
        if cut is not None:
            raise DirectPrintUnsettled(len(cut.ids))
        run = self._options.run
        renderer = lettering.renderer_for(self._file, run, self._clock)
        chosen = self._chosen(renderer)
        engine = PaperEngine(renderer.practice, self._options.layout(), self._clock.now())
        lettering.freeze(self._file, run, self._clock)
        done: list[LotPrinted] = []
        total = len(chosen.ids)
        yield PrintStep("printer", 0, total)
        with ThreadPoolExecutor(self._options.threads or os.cpu_count() or 1) as pool:
            for ids in in_pages(chosen.ids, self._per_job):
                letters = sum(lot.letters for lot in done)
                pieces = self._proved(ids, renderer, engine, pool, control)
                lot = yield from self._given(pieces, letters, total, control)
                done.append(lot)
                yield lot
        yield DirectFinished(
            self._press.name,
            total,
            sum(lot.pages for lot in done),
            sum(lot.sheets for lot in done),
            chosen.bad_rows,
        )

    def _chosen(self, renderer: LetterRenderer) -> ChosenLetters:
        if self._reprint is not None:
            chosen = ChosenLetters(self._reprint, ())
        else:
            chosen = pending_letters(
                self._file, renderer.letter_date, self._options.order, self._options.run
            )
            if chosen.bad_rows and not self._options.leave_out_bad_addresses:
                raise AddressesToCorrect(chosen.bad_rows[:_ROWS_SHOWN], len(chosen.bad_rows))
            chosen = ChosenLetters(self._part.of(chosen.ids), chosen.bad_rows)
        if not chosen.ids:
            raise NothingToPrint
        return chosen

    def _proved(
        self,
        ids: list[int],
        renderer: LetterRenderer,
        engine: PaperEngine,
        pool: ThreadPoolExecutor,
        control: Control,
    ) -> list[Piece]:
        """The lot's pages, each re-read by pdfium and compared with its letter."""
        letters: list[PaperLetter] = []
        for delivery, recipient in self._file.deliveries_by_ids(ids):
            self._keys[delivery.code] = delivery.id
            section = section_of(recipient, self._options.separation)
            letters.append(paper_letter(renderer, recipient, delivery, section=section))
        chunks = [letters[at : at + CHUNK_LETTERS] for at in range(0, len(letters), CHUNK_LETTERS)]
        pieces: list[Piece] = []
        section = ""
        for chunk, (pdf, ranges) in zip(chunks, pool.map(engine.chunk, chunks), strict=True):
            if not control.wait():
                raise Cancelled
            _prove(pdf, chunk, ranges, engine)
            for letter, pages in zip(chunk, ranges, strict=True):
                if self._options.separation is not Separation.NONE and letter.section != section:
                    section = letter.section
                    pieces.append(Piece(separator_sheet(section)[0], (_SEPARATOR,)))
                if pieces and pieces[-1].source is pdf:
                    pieces[-1] = Piece(pdf, (*pieces[-1].ranges, pages))
                else:
                    pieces.append(Piece(pdf, (pages,)))
        return pieces

    def _given(
        self, pieces: list[Piece], before: int, total: int, control: Control
    ) -> Generator[DirectEvent, None, LotPrinted]:
        printed = self._printed(pieces)
        pages = printed.first_pages[-1] + printed.pages[-1]
        note_direct_intent(self._file, printed)
        try:
            for page in self._press.print_job(pieces, control):
                done = before + min(len(printed.ids) * page // pages, len(printed.ids))
                yield PrintStep("printer", done, total)
        except Cancelled:
            forget_direct_intent(self._file)
            raise
        except PrinterRefused as error:
            forget_direct_intent(self._file)
            raise PrinterRefused(error.printer, before) from error
        record_direct(self._file, printed, self._clock.now())
        return LotPrinted(len(printed.ids), sum(printed.pages), sum(printed.sheets))

    def _printed(self, pieces: list[Piece]) -> PrintedFile:
        """Whose letters are on which pages, as they come out of the printer."""
        duplex = self._press.is_duplex
        digest = sha256()
        at = 0
        rows: list[tuple[int, int, int, int]] = []
        for piece in pieces:
            assert isinstance(piece.source, bytes)  # noqa: S101 - for the type checker
            digest.update(piece.source)
            for pages in piece.ranges:
                if pages.code:
                    sheets = sheets_of(pages.pages, duplex=duplex)
                    rows.append((self._keys[pages.code], at, pages.pages, sheets))
                at += pages.pages + (pages.pages % 2 if duplex else 0)
        ids, first_pages, counts, sheet_counts = zip(*rows, strict=True)
        return PrintedFile(
            digest.hexdigest(),
            "",
            ids,
            first_pages,
            counts,
            sheet_counts,
            self._options.run,
            self._reprint is not None,
            self._press.name,
        )


def print_checked_file(
    campaign_file: CampaignFile,
    printed: PrintedFile,
    press: Press,
    control: Control,
    *,
    part: Part | None = None,
    letters_per_job: int = 100,
    clock: Clock | None = None,
) -> Iterator[DirectEvent]:
    """Give a PDF made before to the printer, whole or ``part`` of its letters; the letters' states do not change.

    Raises:
        PrintedFileGone: it is not there any more, or not the one that was proved.
        NothingToPrint, PrinterRefused, Cancelled: as ``DirectRun``.
    """
    path = Path(printed.path)
    if not path.is_file():
        raise PrintedFileGone(printed.name, is_changed=False)
    if file_sha256(path) != printed.sha256:
        raise PrintedFileGone(printed.name, is_changed=True)
    table = zip(printed.ids, printed.first_pages, printed.pages, printed.sheets, strict=True)
    every = [PageRange("", first, pages, sheets) for _, first, pages, sheets in table]
    wanted = part or Part()
    first = max(wanted.first, 1)
    chosen = every[first - 1 : wanted.last or None]
    if not chosen:
        raise NothingToPrint
    moment = clock or SystemClock()
    sheets = pages = letters = 0
    yield PrintStep("printer", 0, len(chosen))
    for at in range(0, len(chosen), max(letters_per_job, 1)):
        lot = tuple(chosen[at : at + max(letters_per_job, 1)])
        lot_pages = sum(one.pages for one in lot)
        try:
            for page in press.print_job([Piece(path, lot)], control):
                done = letters + min(len(lot) * page // lot_pages, len(lot))
                yield PrintStep("printer", done, len(chosen))
        except PrinterRefused as error:
            raise PrinterRefused(error.printer, letters) from error
        facts: dict[str, str | int] = {
            "sha256": printed.sha256,
            "letters": len(lot),
            "first": first + at,
            "last": first + at + len(lot) - 1,
        }
        campaign_file.append_event(
            "sent_to_printer", facts, moment.now(), private={"printer": press.name}
        )
        letters += len(lot)
        pages += lot_pages
        lot_sheets = sum(sheets_of(one.pages, duplex=press.is_duplex) for one in lot)
        sheets += lot_sheets
        yield LotPrinted(len(lot), lot_pages, lot_sheets)
    yield DirectFinished(press.name, letters, pages, sheets)


def _prove(
    pdf: bytes, letters: Sequence[PaperLetter], ranges: Sequence[PageRange], engine: PaperEngine
) -> None:
    expected = [
        ExpectedLetter(
            pages.code, pages.first_page, pages.pages, *engine.fingerprints(letter, pages.pages)
        )
        for letter, pages in zip(letters, ranges, strict=True)
    ]
    report = prove(cast(Path, pdf), expected, window=engine.layout.window)
    if not report.is_clean:
        first = report.findings[0]
        raise ProofFailed(first.page, first.finding.value, report.finding_count)
