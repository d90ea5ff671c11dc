"""Everything a mailing house is given for some printed files, written in one go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled
from app.core.errors.paper import NothingToPrint, PrintedFileGone
from app.core.tariff import Postage, estimate
from app.services import clear_text, lettering
from app.services.control import Control
from app.services.deposit_slip import write_deposit_slip
from app.services.mailing_house import (
    MAILEVA_MAX_BYTES,
    write_locked_zip,
    write_maileva_csv,
    write_manifest,
)
from app.services.print_records import PrintedFile, file_sha256
from app.services.tariffs import letters_by_sheets, load_tariffs
from app.storage.campaign_file import CampaignFile
from app.wording.french import PARIS


@dataclass(frozen=True, slots=True)
class MailingPack:
    """What to write into ``folder`` about ``files``."""

    files: tuple[PrintedFile, ...]
    folder: Path
    #: one CSV of addresses and pages beside each PDF
    maileva: bool = True
    manifest_csv: bool = False
    manifest_xlsx: bool = False
    slip: bool = True
    #: None for no archive; the day on the slip
    password: str | None = None
    tariff_id: str = "verte"
    deposit_on: date | None = None

    @property
    def writes_something(self) -> bool:
        """False when every box is empty."""
        return bool(
            self.maileva
            or self.manifest_csv
            or self.manifest_xlsx
            or self.slip
            or self.password is not None
        )


@dataclass(frozen=True, slots=True)
class PackStep:
    """Progress: files written so far."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PackWritten:
    """End: every file written, in this order."""

    files: tuple[Path, ...]


def postage_of(files: Sequence[PrintedFile], tariff_id: str) -> Postage:
    """Weight and stamps of these files' letters by the table in force. Raises TariffTableInvalid."""
    return estimate(load_tariffs(), tariff_id, letters_by_sheets(files))


def too_large(pack: MailingPack) -> tuple[int, ...]:
    """Keys of the letters in PDFs that are larger than a mailing house takes."""
    return tuple(
        key
        for printed in pack.files
        if Path(printed.path).is_file() and Path(printed.path).stat().st_size > MAILEVA_MAX_BYTES
        for key in printed.ids
    )


def write_pack(
    campaign_file: CampaignFile, pack: MailingPack, control: Control, clock: Clock | None = None
) -> Iterator[PackStep | PackWritten]:
    """Write the files; the last event is PackWritten. A stop or a fault removes what this call wrote.

    Raises:
        NothingToPrint: no file, or nothing to write about them.
        PrintedFileGone: a PDF for the archive is not there any more, or is not the one proved.
        MailingAddressesTooLong, ParcelTooLarge, WeakPassword, PrintFileNotWritten, TariffTableInvalid, Cancelled.
    """
    if not pack.files or not pack.writes_something:
        raise NothingToPrint
    now = (clock or SystemClock()).now()
    written: list[Path] = []
    try:
        for what, done, total in _written(
            campaign_file, pack, now.astimezone(PARIS).date(), written
        ):
            _go_on(control)
            yield PackStep(what, done, total)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    facts: dict[str, str | int] = {
        "files": len(written),
        "letters": sum(len(printed.ids) for printed in pack.files),
        "locked": int(pack.password is not None),
    }
    campaign_file.append_event("mailing_pack", facts, now)
    clear_text.note_written(campaign_file, [path for path in written if path.suffix != ".zip"])
    yield PackWritten(tuple(written))


def _written(
    campaign_file: CampaignFile, pack: MailingPack, today: date, written: list[Path]
) -> Iterator[tuple[str, int, int]]:
    table = load_tariffs()
    total = len(pack.files) + 4
    for done, printed in enumerate(pack.files):
        yield "Fichier d’adresses", done, total
        if pack.maileva:
            path = _free(pack.folder / Path(printed.name).with_suffix(".csv").name)
            day = lettering.letter_date(campaign_file, printed.run)
            write_maileva_csv(campaign_file, printed, path, day)
            written.append(path)
    done = len(pack.files)
    day = lettering.letter_date(campaign_file, pack.files[0].run)
    for suffix, is_wanted in ((".csv", pack.manifest_csv), (".xlsx", pack.manifest_xlsx)):
        yield "Liste des lettres", done, total
        if is_wanted:
            path = _free(pack.folder / f"Liste des lettres{suffix}")
            write_manifest(campaign_file, pack.files, path, day, table)
            written.append(path)
        done += 1
    yield "Bordereau de dépôt", done, total
    if pack.slip:
        path = _free(pack.folder / "Bordereau de dépôt.pdf")
        practice = campaign_file.practice(pack.files[0].run)
        day = pack.deposit_on or today
        write_deposit_slip(path, practice, pack.files, day, table, pack.tariff_id)
        written.append(path)
    yield "Archive chiffrée", done + 1, total
    if pack.password is not None:
        path = _free(pack.folder / "Lettres.zip")
        inside = [*(_proved(printed) for printed in pack.files), *written]
        write_locked_zip(path, inside, pack.password)
        written.append(path)


def _go_on(control: Control) -> None:
    if not control.wait():
        raise Cancelled


def _proved(printed: PrintedFile) -> Path:
    path = Path(printed.path)
    if not path.is_file():
        raise PrintedFileGone(printed.name, is_changed=False)
    if file_sha256(path) != printed.sha256:
        raise PrintedFileGone(printed.name, is_changed=True)
    return path


def _free(path: Path) -> Path:
    """This name, or the first free one with a number: nothing is overwritten."""
    candidate, again = path, 1
    while candidate.exists():
        again += 1
        candidate = path.with_name(f"{path.stem} ({again}){path.suffix}")
    return candidate
