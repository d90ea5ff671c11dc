"""Errors of the world: files."""

from dataclasses import dataclass

from app.core.errors import UserError


@dataclass(eq=False)
class FileMissing(UserError):
    """Nothing at this place any more."""

    name: str


@dataclass(eq=False)
class NotAFile(UserError):
    """A folder, a pipe, a device. ``kind``: folder, other."""

    name: str
    kind: str


@dataclass(eq=False)
class FileLocked(UserError):
    """The system refuses to open it: open in Excel, or not ours to read."""

    name: str


@dataclass(eq=False)
class FileUnreadable(UserError):
    """The disk or the network failed while reading. ``reason``: the system's words."""

    name: str
    reason: str


@dataclass(eq=False)
class FileEmpty(UserError):
    """No byte, or no cell."""

    name: str


@dataclass(eq=False)
class FormatUnknown(UserError):
    """Not a list. ``kind``: html, spreadsheetml, pdf, image, word, access, numbers, owner_file, other."""

    name: str
    kind: str


@dataclass(eq=False)
class FileDamaged(UserError):
    """A known format, cut short or broken."""

    name: str


@dataclass(eq=False)
class PasswordNeeded(UserError):
    """An encrypted workbook or archive."""

    name: str


@dataclass(eq=False)
class PasswordWrong(UserError):
    """The password given does not open it."""

    name: str


@dataclass(eq=False)
class EncryptionUnsupported(UserError):
    """Protected in a way that cannot be opened here."""

    name: str


@dataclass(eq=False)
class FileTooBig(UserError):
    """More bytes than any list of patients."""

    name: str
    size: int
    limit: int


@dataclass(eq=False)
class FileSuspicious(UserError):
    """Made to swell when opened: a bomb, or a broken tool's work."""

    name: str


@dataclass(eq=False)
class ReadingTooLong(UserError):
    """The guarded reader was stopped after ``seconds``."""

    name: str
    seconds: int


@dataclass(eq=False)
class ReadingTooHeavy(UserError):
    """The guarded reader wanted more than ``megabytes`` of memory, or died of it."""

    name: str
    megabytes: int


@dataclass(eq=False)
class ReaderDied(UserError):
    """The guarded reader stopped without a word: a file that breaks its parser."""

    name: str


@dataclass(eq=False)
class SheetMissing(UserError):
    """The workbook has no such sheet."""

    name: str
    sheet: str


@dataclass(eq=False)
class NoTable(UserError):
    """The file opened, and holds no row of patients."""

    name: str


@dataclass(eq=False)
class ArchiveNotOneList(UserError):
    """A zip with no list, or several."""

    name: str
    lists: int


@dataclass(eq=False)
class NotText(UserError):
    """Binary data under a text name: null bytes at ``line``."""

    name: str
    line: int


@dataclass(eq=False)
class LineEndless(UserError):
    """A line or a cell longer than any list has; often a quote that is never closed."""

    name: str
    line: int


@dataclass(eq=False)
class EncodingWrong(UserError):
    """The bytes are not possible in the encoding asked for."""

    name: str
    encoding: str


@dataclass(eq=False)
class TooManyRows(UserError):
    """More rows than a list of patients can have here."""

    name: str
    limit: int


@dataclass(eq=False)
class ColumnRefused(UserError):
    """A column that is never imported without a reason. ``header``: its title."""

    header: str


@dataclass(eq=False)
class NoNameColumn(UserError):
    """No column gives a name."""

    name: str


@dataclass(eq=False)
class NoReachColumn(UserError):
    """No column gives an e-mail nor a postal address."""

    name: str


@dataclass(eq=False)
class FileNotWritten(UserError):
    """A report could not be written. ``reason``: the system's words."""

    name: str
    reason: str


@dataclass(eq=False)
class ReasonNeeded(UserError):
    """An exclusion without a reason would leave a hole in the evidence."""
