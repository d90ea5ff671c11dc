"""Print the letters that go by post: laid out, proved, then marked as printed, in this order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from app.core.address import address_block, sort_key_by_postcode
from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.errors.paper import AddressesToCorrect, NothingToPrint
from app.core.recipient import Recipient
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.paper.layout import Layout
from app.paper.paper_letter import PaperLetter
from app.paper.print_file import PrintProgress, PrintResult, write_print_file
from app.services import lettering
from app.services.control import Control
from app.services.paper_letters import paper_letter
from app.storage.campaign_file import CampaignFile

_PAGE = 200
_ROWS_SHOWN = 20


class PrintOrder(StrEnum):
    """In which order the letters lie in the file."""

    POSTCODE = "code-postal"
    LIST = "liste"
    NAME = "nom"


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """Choices of one print run."""

    order: PrintOrder = PrintOrder.POSTCODE
    #: printed on both sides: each letter starts on a recto
    duplex: bool = True
    large_print: bool = False
    #: print the others when some addresses have to be corrected first
    leave_out_bad_addresses: bool = False
    run: int = 1


@dataclass(frozen=True, slots=True)
class PrintStep:
    """Progress: « prepare », « layout », « proof » or « record »."""

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
    left_out: tuple[int, ...]


PrintEvent = PrintStep | FilePrinted | PrintFinished


class PrintRun:
    """One print of all pending paper letters of a run into ``path``."""

    def __init__(
        self,
        campaign_file: CampaignFile,
        path: Path,
        options: PrintOptions | None = None,
        *,
        renderer: LetterRenderer | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._file = campaign_file
        self._path = path
        self._options = options or PrintOptions()
        self._renderer = renderer
        self._clock = clock or SystemClock()

    def run(self, control: Control) -> Iterator[PrintEvent]:
        """Print; the last event is PrintFinished.

        Raises:
            NothingToPrint: no paper letter waits.
            AddressesToCorrect: some cannot be printed and ``leave_out_bad_addresses`` is off.
            Cancelled: ``control`` was stopped; nothing was written nor marked.
            MissingValue, MissingGlyph, AddressTooWide, ProofFailed, PrintFileNotWritten: see there.
        """
        renderer = self._renderer or lettering.renderer_for(self._file)
        ids, left_out = self._chosen(renderer.letter_date)
        total = len(ids)
        yield PrintStep("prepare", total, total)
        layout = Layout().large_print() if self._options.large_print else Layout()
        engine = PaperEngine(renderer.practice, layout, self._clock.now())
        events = write_print_file(
            self._path,
            engine,
            self._letters(ids, renderer),
            duplex=self._options.duplex,
            is_cancelled=lambda: not control.wait(),
        )
        files: list[FilePrinted] = []
        for event in events:
            if isinstance(event, PrintProgress):
                yield PrintStep(event.phase, event.done, total)
            else:
                files.append(self._recorded(event, ids))
                yield files[-1]
        yield PrintFinished(tuple(files), total, tuple(left_out))

    def _chosen(self, day: date) -> tuple[list[int], list[int]]:
        """Keys of the letters in printing order, and rows left out."""
        chosen: list[tuple[tuple[str | int, ...], int]] = []
        bad: list[int] = []
        waiting = self._file.deliveries_with_recipients(
            DeliveryStatus.PENDING, channel=Channel.PAPER, run=self._options.run
        )
        for delivery, recipient in waiting:
            if address_block(recipient, day).is_postable:
                chosen.append((self._key(recipient), delivery.id))
            else:
                bad.append(recipient.row)
        if bad and not self._options.leave_out_bad_addresses:
            raise AddressesToCorrect(tuple(sorted(bad)[:_ROWS_SHOWN]), len(bad))
        if not chosen:
            raise NothingToPrint
        chosen.sort()
        return [delivery_id for _, delivery_id in chosen], sorted(bad)

    def _key(self, recipient: Recipient) -> tuple[str | int, ...]:
        match self._options.order:
            case PrintOrder.POSTCODE:
                return sort_key_by_postcode(recipient)
            case PrintOrder.NAME:
                return (recipient.display_name, recipient.row)
            case PrintOrder.LIST:
                return (recipient.row,)

    def _letters(self, ids: list[int], renderer: LetterRenderer) -> Iterator[PaperLetter]:
        for start in range(0, len(ids), _PAGE):
            for delivery, recipient in self._file.deliveries_by_ids(ids[start : start + _PAGE]):
                yield paper_letter(renderer, recipient, delivery)

    def _recorded(self, result: PrintResult, ids: list[int]) -> FilePrinted:
        now = self._clock.now()
        sheets = sum(pages.sheets for pages in result.ranges)
        facts: dict[str, str | int] = {
            "file": result.path.name,
            "sha256": result.sha256,
            "letters": len(ids),
            "pages": result.pages,
            "sheets": sheets,
            "proof_findings": result.proof.finding_count,
            "run": self._options.run,
        }
        with self._file.transaction():
            self._file.append_event("print_file", facts, now)
            for delivery_id in ids:
                self._file.move(delivery_id, DeliveryStatus.PRINTED, now=now, sha256=result.sha256)
        return FilePrinted(result.path, len(ids), result.pages, sheets, result.sha256, result.size)
