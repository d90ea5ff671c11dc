"""One tagged PDF per patient (PDF/A-2a, PDF/UA-1), for those who post or archive letters one by one."""

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from app.core.campaign import Delivery, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled
from app.core.errors.paper import (
    AddressesToCorrect,
    AddressTooTall,
    AddressTooWide,
    NothingToPrint,
    PrintFileNotWritten,
    ProofFailed,
)
from app.core.recipient import Recipient
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.paper.paper_letter import PaperLetter
from app.paper.print_part import TEMPORARY_SUFFIX
from app.paper.proof import ExpectedLetter, prove
from app.services import lettering
from app.services.control import Control
from app.services.paper_letters import paper_letter
from app.services.print_plan import in_pages, pending_letters
from app.services.print_space import SINGLE_LETTER_BYTES, check_space
from app.services.printing import FilePrinted, PrintFinished, PrintOptions, PrintStep
from app.storage.campaign_file import CampaignFile
from app.storage.folding import fold

_BATCH = 50
_FIRST_WORD = "lettre"
_LONGEST_FIELD = 40
_UNSAFE = re.compile(r"[^a-z0-9]+")
_ROWS_SHOWN = 20


class NameField(StrEnum):
    """What a file name may tell; the letter's code always ends it."""

    ROW = "ligne"
    LAST_NAME = "nom"
    FIRST_NAME = "prenom"
    POSTCODE = "code-postal"


def file_name(recipient: Recipient, code: str, fields: Sequence[NameField]) -> str:
    """« lettre-martin-jeanne-7K3M-9QXA-P.pdf »: safe on every system, never a word about the matter."""
    texts = {
        NameField.ROW: f"{recipient.row:06d}",
        NameField.LAST_NAME: recipient.last_name,
        NameField.FIRST_NAME: recipient.first_name,
        NameField.POSTCODE: recipient.address.postcode,
    }
    safe = (_UNSAFE.sub("-", fold(texts[field])).strip("-")[:_LONGEST_FIELD] for field in fields)
    return "-".join([_FIRST_WORD, *(part for part in safe if part), code]) + ".pdf"


@dataclass(frozen=True, slots=True)
class _Made:
    delivery: Delivery
    temporary: Path
    path: Path
    sha256: str
    pages: int


class SingleFilesRun:
    """Writes one proved file per pending paper letter into a folder; recorded fifty at a time."""

    def __init__(
        self,
        campaign_file: CampaignFile,
        folder: Path,
        fields: Sequence[NameField] = (),
        options: PrintOptions | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._file = campaign_file
        self._folder = folder
        self._fields = tuple(fields)
        self._options = options or PrintOptions()
        self._clock = clock or SystemClock()
        #: rows whose address the window cannot show
        self._too_large: list[int] = []

    def run(self, control: Control) -> Iterator[PrintStep | FilePrinted | PrintFinished]:
        """Write; the last event is PrintFinished. Stopping keeps the files announced by FilePrinted.

        Raises:
            NothingToPrint, AddressesToCorrect, NotEnoughSpace, MissingValue, MissingGlyph, AddressTooWide,
            AddressTooTall, ProofFailed, PrintFileNotWritten, Cancelled: see ``services.printing``.
        """
        options = self._options
        renderer = lettering.renderer_for(self._file, options.run, self._clock)
        chosen = pending_letters(self._file, renderer.letter_date, options.order, options.run)
        if chosen.bad_rows and not options.leave_out_bad_addresses:
            raise AddressesToCorrect(chosen.bad_rows[:_ROWS_SHOWN], len(chosen.bad_rows))
        if not chosen.ids:
            raise NothingToPrint
        engine = PaperEngine(renderer.practice, options.layout(), self._clock.now())
        each = SINGLE_LETTER_BYTES + engine.image_bytes
        check_space(self._folder, len(chosen.ids) * each)
        self._remove_leftovers()
        lettering.freeze(self._file, options.run, self._clock)
        files: list[FilePrinted] = []
        total = len(chosen.ids)
        with ThreadPoolExecutor(options.threads or os.cpu_count() or 1) as pool:
            for ids in in_pages(chosen.ids, _BATCH):
                if not control.wait():
                    raise Cancelled
                made = self._batch(ids, renderer, engine, pool)
                files += made
                yield PrintStep("layout", len(files) + len(self._too_large), total)
                yield from made
        if not files:
            raise NothingToPrint
        yield PrintFinished(
            tuple(files), len(files), tuple(sorted({*chosen.bad_rows, *self._too_large}))
        )

    def _remove_leftovers(self) -> None:
        """Files of a run that was killed: they hold patients' letters and nobody else would remove them."""
        for leftover in self._folder.glob(f"{_FIRST_WORD}-*.pdf{TEMPORARY_SUFFIX}"):
            leftover.unlink(missing_ok=True)

    def _batch(
        self,
        ids: list[int],
        renderer: LetterRenderer,
        engine: PaperEngine,
        pool: ThreadPoolExecutor,
    ) -> list[FilePrinted]:
        pairs = self._file.deliveries_by_ids(ids)
        letters = [paper_letter(renderer, person, letter) for letter, person in pairs]
        made: list[_Made] = []
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            laid_out = pool.map(lambda letter: self._laid_out(engine, letter), letters)
            for (delivery, person), letter, single in zip(pairs, letters, laid_out, strict=True):
                if single is None:
                    self._too_large.append(person.row)
                    continue
                pdf, pages = single
                path = self._folder / file_name(person, delivery.code, self._fields)
                temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
                made.append(_Made(delivery, temporary, path, sha256(pdf).hexdigest(), pages))
                _write(temporary, pdf)
                _prove(temporary, engine, letter, pages)
            # the code is in the name: after a power cut here, the next run makes the same files again
            for one in made:
                one.temporary.replace(one.path)
        except OSError as error:
            raise PrintFileNotWritten(self._folder, error.strerror or "") from error
        finally:
            for one in made:
                one.temporary.unlink(missing_ok=True)
        self._record(made)
        return [_printed(one) for one in made]

    def _laid_out(self, engine: PaperEngine, letter: PaperLetter) -> tuple[bytes, int] | None:
        """None for an address to leave out."""
        try:
            return engine.single_with_pages(letter)
        except (AddressTooTall, AddressTooWide):
            if self._options.leave_out_bad_addresses:
                return None
            raise

    def _record(self, made: list[_Made]) -> None:
        now = self._clock.now()
        facts: dict[str, str | int] = {"letters": len(made), "proof": "clean"}
        with self._file.transaction():
            self._file.append_event("single_files", facts, now)
            for one in made:
                self._file.move(one.delivery.id, DeliveryStatus.PRINTED, now=now, sha256=one.sha256)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _prove(path: Path, engine: PaperEngine, letter: PaperLetter, pages: int) -> None:
    expected = ExpectedLetter(letter.code, 0, pages, *engine.fingerprints(letter, pages))
    report = prove(path, [expected], window=engine.layout.window)
    if not report.is_clean:
        first = report.findings[0]
        raise ProofFailed(first.page, first.finding.value, report.finding_count)


def _printed(one: _Made) -> FilePrinted:
    size = one.path.stat().st_size
    return FilePrinted(one.path, 1, one.pages, (one.pages + 1) // 2, one.sha256, size)
