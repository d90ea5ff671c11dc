"""Print the letters that go by post: laid out, proved, named, then marked as printed, in this order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.core.clock import Clock, SystemClock
from app.core.errors.paper import AddressesToCorrect, NothingToPrint
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.paper.envelopes import Envelope, Window, envelope_shape
from app.paper.layout import Layout
from app.paper.paper_letter import PaperLetter
from app.paper.print_file import (
    FileOptions,
    LeftOut,
    PrintProgress,
    PrintResult,
    Proved,
    part_path,
    write_print_file,
)
from app.paper.print_part import TEMPORARY_SUFFIX
from app.services import lettering
from app.services.control import Control
from app.services.paper_letters import paper_letter
from app.services.posting import mark_posted
from app.services.print_plan import (
    ChosenLetters,
    PrintOrder,
    Separation,
    in_pages,
    pending_letters,
    section_of,
)
from app.services.print_records import PrintedFile, complete_interrupted, note_intent, record
from app.services.print_space import MERGED_LETTER_BYTES, check_space
from app.storage.campaign_file import CampaignFile

__all__ = [
    "FilePrinted",
    "PrintFinished",
    "PrintOptions",
    "PrintOrder",
    "PrintRun",
    "PrintStep",
    "Separation",
    "mark_posted",
]

_ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """Choices of one print run."""

    order: PrintOrder = PrintOrder.POSTCODE
    #: None: an address place that every usual window shows
    envelope: Envelope | None = None
    #: measures of the user's own window
    window: Window | None = None
    large_print: bool = False
    #: print the others when some addresses have to be corrected first
    leave_out_bad_addresses: bool = False
    separation: Separation = Separation.NONE
    #: printed on both sides: each letter starts on a recto
    duplex: bool = True
    #: 0 for no limit
    letters_per_file: int = 0
    max_bytes: int = 0
    #: one file per number of sheets
    by_sheets: bool = False
    run: int = 1
    threads: int = 0

    def layout(self) -> Layout:
        """The page design. Raises WindowNotMeasured, WindowUnsuitable."""
        layout = Layout()
        if self.envelope is not None:
            layout = Layout.for_envelope(envelope_shape(self.envelope, self.window))
        return layout.large_print() if self.large_print else layout

    def files(self) -> FileOptions:
        """How letters become files."""
        return FileOptions(
            self.duplex,
            self.letters_per_file,
            self.max_bytes,
            self.by_sheets,
            separators=self.separation is not Separation.NONE,
        )


@dataclass(frozen=True, slots=True)
class PrintStep:
    """Progress: « layout » counts letters, « proof » the pages of the present file."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FilePrinted:
    """A proved file under its final name, its letters marked as printed."""

    path: Path
    letters: int
    pages: int
    sheets: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class PrintFinished:
    """End of the run; ``left_out`` are rows whose address has to be corrected, still to print."""

    files: tuple[FilePrinted, ...]
    letters: int
    left_out: tuple[int, ...] = field(default=(), repr=False)


PrintEvent = PrintStep | FilePrinted | PrintFinished


class PrintRun:
    """One print of the pending paper letters of a run, or a reprint of given letters, into ``path``.

    Nothing that exists is overwritten: a taken name gets a number. Stopping keeps the files that are
    finished, recorded; the next run prints what is left.
    """

    def __init__(
        self,
        campaign_file: CampaignFile,
        path: Path,
        options: PrintOptions | None = None,
        *,
        renderer: LetterRenderer | None = None,
        clock: Clock | None = None,
        reprint: tuple[int, ...] | None = None,
    ) -> None:
        """``reprint``: keys of letters to print once more, in this order; their state does not change."""
        self._file = campaign_file
        self._path = path
        self._options = options or PrintOptions()
        self._renderer = renderer
        self._clock = clock or SystemClock()
        self._reprint = reprint
        self._keys: dict[str, int] = {}

    def run(self, control: Control) -> Iterator[PrintEvent]:
        """Print; the last event is PrintFinished.

        Raises:
            NothingToPrint: no paper letter waits.
            AddressesToCorrect: some cannot be printed and ``leave_out_bad_addresses`` is off.
            NotEnoughSpace: the disk may become full.
            Cancelled: ``control`` was stopped; files announced by FilePrinted stay, nothing else.
            MissingValue, MissingGlyph, AddressTooWide, AddressTooTall, ProofFailed, PrintFileNotWritten,
            WindowNotMeasured, WindowUnsuitable: see there.
        """
        layout = self._options.layout()
        complete_interrupted(self._file, self._clock.now())
        run = self._options.run
        renderer = self._renderer or lettering.renderer_for(self._file, run, self._clock)
        chosen = self._chosen(renderer)
        engine = PaperEngine(renderer.practice, layout, self._clock.now())
        each = MERGED_LETTER_BYTES + engine.image_bytes // 10  # images are in every chunk
        check_space(self._path.parent, len(chosen.ids) * each)
        self._remove_leftovers()
        lettering.freeze(self._file, run, self._clock)
        yield from self._write(chosen, renderer, engine, control)

    def _write(
        self,
        chosen: ChosenLetters,
        renderer: LetterRenderer,
        engine: PaperEngine,
        control: Control,
    ) -> Iterator[PrintEvent]:
        total = len(chosen.ids)
        yield PrintStep("layout", 0, total)
        events = write_print_file(
            self._path,
            engine,
            self._letters(chosen.ids, renderer),
            self._options.files(),
            threads=self._options.threads,
            leave_out=self._options.leave_out_bad_addresses,
            is_cancelled=lambda: not control.wait(),
            before_naming=lambda proved: note_intent(self._file, self._printed(proved)),
            name_for=self._free_name,
        )
        files: list[FilePrinted] = []
        left_out = set(chosen.bad_rows)
        for event in events:
            if isinstance(event, PrintProgress):
                yield PrintStep(event.phase, event.done, event.total or total)
            elif isinstance(event, LeftOut):
                left_out.update(event.rows)
            else:
                files.append(self._recorded(event))
                yield files[-1]
        if not files:
            raise NothingToPrint
        letters = sum(each.letters for each in files)
        yield PrintFinished(tuple(files), letters, tuple(sorted(left_out)))

    def _chosen(self, renderer: LetterRenderer) -> ChosenLetters:
        if self._reprint is not None:
            if not self._reprint:
                raise NothingToPrint
            return ChosenLetters(self._reprint, ())
        chosen = pending_letters(
            self._file, renderer.letter_date, self._options.order, self._options.run
        )
        if chosen.bad_rows and not self._options.leave_out_bad_addresses:
            raise AddressesToCorrect(chosen.bad_rows[:_ROWS_SHOWN], len(chosen.bad_rows))
        if not chosen.ids:
            raise NothingToPrint
        return chosen

    def _remove_leftovers(self) -> None:
        """Files of a run that was killed: they hold patients' letters and nobody else would remove them."""
        for leftover in self._path.parent.glob(f"*{self._path.suffix}{TEMPORARY_SUFFIX}"):
            if leftover.name.startswith(self._path.stem):
                leftover.unlink(missing_ok=True)

    def _letters(self, ids: tuple[int, ...], renderer: LetterRenderer) -> Iterator[PaperLetter]:
        for page in in_pages(ids):
            for delivery, recipient in self._file.deliveries_by_ids(page):
                self._keys[delivery.code] = delivery.id
                section = section_of(recipient, self._options.separation)
                yield paper_letter(renderer, recipient, delivery, section=section)

    def _free_name(self, sheets: int, number: int) -> Path:
        path = part_path(self._path, self._options.files(), sheets, number)
        again = 1
        candidate = path
        while candidate.exists():
            again += 1
            candidate = path.with_name(f"{path.stem} ({again}){path.suffix}")
        return candidate

    def _printed(self, proved: Proved) -> PrintedFile:
        ranges = proved.ranges
        return PrintedFile(
            proved.sha256,
            str(proved.path.absolute()),
            tuple(self._keys[pages.code] for pages in ranges),
            tuple(pages.first_page for pages in ranges),
            tuple(pages.pages for pages in ranges),
            tuple(pages.sheets for pages in ranges),
            self._options.run,
            self._reprint is not None,
        )

    def _recorded(self, result: PrintResult) -> FilePrinted:
        printed = self._printed(Proved(result.path, result.sha256, result.ranges))
        record(self._file, printed, self._clock.now())
        for pages in result.ranges:
            del self._keys[pages.code]
        return FilePrinted(
            result.path,
            len(result.ranges),
            result.pages,
            result.sheets,
            result.sha256,
            result.size,
        )
