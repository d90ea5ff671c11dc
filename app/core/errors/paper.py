"""Errors of the world: paper."""

from dataclasses import dataclass
from pathlib import Path

from app.core.errors import UserError
from app.core.issue import Issue


@dataclass(eq=False)
class MissingGlyph(UserError):
    """No bundled font can print this character of this row."""

    row: int
    character: str


@dataclass(eq=False)
class AddressTooWide(UserError):
    """The capitals of this row's address are wider than the window."""

    row: int
    millimetres: float
    limit: float


@dataclass(eq=False)
class AddressesToCorrect(UserError):
    """Some addresses cannot be printed as the post wants them; the first rows and how many in all."""

    rows: tuple[int, ...]
    total: int


@dataclass(eq=False)
class UnreadableImage(UserError):
    """The logo or the signature is not a PNG, JPEG or SVG image that the page can show."""

    role: str  # "logo" or "signature"


@dataclass(eq=False)
class ImageTooHeavy(UserError):
    """The file given as logo or signature is larger than a letterhead needs; bytes."""

    role: str  # "logo" or "signature"
    size: int
    limit: int


@dataclass(eq=False)
class PrintFileNotWritten(UserError):
    """The system refused to write the print file (rights, full disk, removed stick)."""

    path: Path
    reason: str


@dataclass(eq=False)
class NotEnoughSpace(UserError):
    """The disk has less room than the print run may need; bytes."""

    folder: Path
    needed: int
    free: int


@dataclass(eq=False)
class ProofFailed(UserError):
    """The file re-read page by page is not what was asked; page from 1, 0 when about the whole file."""

    page: int
    finding: str
    count: int


@dataclass(eq=False)
class NothingToPrint(UserError):
    """No letter waits to be printed."""


@dataclass(eq=False)
class PartTooLarge(UserError):
    """Even a few letters are larger than the largest file allowed; bytes."""

    limit: int


@dataclass(eq=False)
class AddressTooTall(UserError):
    """This row's address has more lines than the window of the chosen envelope can show."""

    row: int
    lines: int


@dataclass(eq=False)
class WindowUnsuitable(UserError):
    """The measured window would hide a part of the address or show other things; millimetres."""

    height: float
    needed: float


@dataclass(eq=False)
class WindowNotMeasured(UserError):
    """This envelope has no usual window: its measures are needed."""

    envelope: str


@dataclass(eq=False)
class LetterCodeUnknown(UserError):
    """A typed code is no printed letter of this campaign. ``typed`` is a code, not a name."""

    typed: str


@dataclass(eq=False)
class LetterNotPosted(UserError):
    """A letter cannot have come back: it was not noted as posted. ``status`` is a DeliveryStatus value."""

    code: str
    status: str


@dataclass(eq=False)
class RegisteredNumberInvalid(UserError):
    """What was typed is no number of a registered letter."""

    typed: str


@dataclass(eq=False)
class TariffTableInvalid(UserError):
    """The tariff file cannot be used."""

    path: Path
    reason: str


@dataclass(eq=False)
class MailingAddressesTooLong(UserError):
    """The mailing house's six lines cannot hold these rows' addresses; the first rows and how many."""

    rows: tuple[int, ...]
    total: int


@dataclass(eq=False)
class ParcelTooLarge(UserError):
    """A file is larger than the mailing house accepts; bytes."""

    name: str
    size: int
    limit: int


@dataclass(eq=False)
class WeakPassword(UserError):
    """A password too short to protect letters."""

    least: int


@dataclass(eq=False)
class PrinterRefused(UserError):
    """The printer, or the system, did not take a job; ``letters`` were recorded as printed before."""

    printer: str
    letters: int = 0


@dataclass(eq=False)
class PaperNotA4(UserError):
    """The printer has no A4 paper."""

    printer: str


@dataclass(eq=False)
class DirectPrintUnsettled(UserError):
    """A former print was cut while letters were given to the printer: nobody knows whether they came out."""

    letters: int


@dataclass(eq=False)
class PrintedFileGone(UserError):
    """A PDF made before is no longer there, or is no longer the one that was checked."""

    name: str
    is_changed: bool


@dataclass(eq=False)
class ReturnNotUndone(UserError):
    """A returned letter was dealt with since (written again, given up): its return cannot be taken back."""

    code: str


@dataclass(eq=False)
class AddressNotPostable(UserError):
    """The new address typed for a returned letter cannot be printed; the remarks that stop it."""

    issues: tuple[Issue, ...]


@dataclass(eq=False)
class PrintFileNotDeleted(UserError):
    """The system refused to delete a print file (opened elsewhere, rights)."""

    path: Path
    reason: str


@dataclass(eq=False)
class LettersOfSeveralRuns(UserError):
    """Letters chosen for one reprint belong to the first letters and to a follow-up."""
