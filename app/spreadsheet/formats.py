"""What a file is, judged by its first bytes, never by its name; bombs are refused before any parser."""

import io
import stat
import zipfile
import zlib
from pathlib import Path

from app.core.errors.files import (
    ArchiveNotOneList,
    EncryptionUnsupported,
    FileDamaged,
    FileEmpty,
    FileLocked,
    FileMissing,
    FileSuspicious,
    FileTooBig,
    FileUnreadable,
    FormatUnknown,
    NotAFile,
    PasswordNeeded,
    PasswordWrong,
)

MEGABYTE = 1_000_000
LARGEST_FILE = 300 * MEGABYTE  # 300,000 patients make 25 MB of XLSX or 60 MB of CSV
#: a real list of 300,000 rows unpacks to 166–209 MB, at 8–16 times its size (storage.md B.3)
_LARGEST_UNPACKED = 800 * MEGABYTE
_LARGEST_RATIO = 200
_RATIO_COUNTS_ABOVE = 5 * MEGABYTE
_MOST_MEMBERS = 10_000

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OTHER_MAGIC = {
    b"%PDF": "pdf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"{\\rtf": "word",
    b"\x00\x01\x00\x00Standard Jet": "access",
    b"\x00\x01\x00\x00Standard ACE": "access",
    b"SQLite format 3": "other",
    b"7z\xbc\xaf": "other",
    b"Rar!": "other",
    b"\x1f\x8b": "other",
    b"BZh": "other",
    b"\x7fELF": "other",
    b"MZ\x90": "other",
}
LIST_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".tab")


def read_bytes(path: Path) -> bytes:
    """The whole file, when it is an ordinary file of a reasonable size."""
    name = path.name
    try:
        facts = path.stat()
    except FileNotFoundError as error:
        raise FileMissing(name) from error
    except PermissionError as error:
        raise FileLocked(name) from error
    except OSError as error:
        raise FileUnreadable(name, error.strerror or "") from error
    if not stat.S_ISREG(facts.st_mode):  # opening a pipe would wait for ever
        raise NotAFile(name, "folder" if stat.S_ISDIR(facts.st_mode) else "other")
    if facts.st_size > LARGEST_FILE:
        raise FileTooBig(name, facts.st_size, LARGEST_FILE)
    if facts.st_size == 0:
        raise FileEmpty(name)
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise FileLocked(name) from error
    except OSError as error:
        raise FileUnreadable(name, error.strerror or "") from error


def format_of(name: str, data: bytes) -> str:
    """Xlsx (or xlsm), xlsb, ods, zip, ole (xls or encrypted), csv.

    Raises:
        FormatUnknown: a page, a picture, a document…
        FileSuspicious: a zip that swells beyond any list.
        FileDamaged: a zip cut short.
    """
    head = data[:4096]
    if name.startswith("~$"):  # Excel's own note beside an open workbook
        raise FormatUnknown(name, "owner_file")
    if head.startswith(_ZIP):
        return _zip_format(name, data)
    if head.startswith(OLE_MAGIC):
        return "ole"
    if head[:2] == b"\x09\x08" or head[:4] in (
        b"\x09\x00\x04\x00",
        b"\x09\x02\x06\x00",
        b"\x09\x04\x06\x00",
    ):
        return "ole"  # a bare BIFF stream, Excel 2 to 5
    for magic, kind in _OTHER_MAGIC.items():
        if head.startswith(magic):
            raise FormatUnknown(name, kind)
    _refuse_markup(name, head)
    return "csv"


def _refuse_markup(name: str, head: bytes) -> None:
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not text.startswith(b"<"):
        if text.startswith(b"mime-version:") and b"multipart" in text:
            raise FormatUnknown(name, "html")  # a web archive renamed .xls
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text or b"mso-application" in text:
        raise FormatUnknown(name, "spreadsheetml")
    if b"<html" in text or b"<table" in text or b"<!doctype html" in text or b"<head" in text:
        raise FormatUnknown(name, "html")
    if text.startswith((b"<?xml", b"<!doctype")):
        raise FormatUnknown(name, "xml")


def _zip_format(name: str, data: bytes) -> str:
    members = check_zip(name, data)
    names = {member.filename for member in members}
    lowered = {member.lower() for member in names}
    if "mimetype" in names:
        kind = _mimetype(name, data)
        if "spreadsheet" in kind:
            _refuse_encrypted_ods(name, data)
            return "ods"
        raise FormatUnknown(name, "word" if "text" in kind else "other")
    if any(member.startswith("xl/") and member.endswith("workbook.bin") for member in lowered):
        return "xlsb"
    if "[content_types].xml" in lowered:
        if any(member.startswith("word/") for member in lowered):
            raise FormatUnknown(name, "word")
        if any(member.endswith("workbook.xml") for member in lowered) or any(
            member.startswith("xl/") for member in lowered
        ):
            return "xlsx"
        raise FormatUnknown(name, "other")
    if "content.xml" in lowered and "meta-inf/manifest.xml" in lowered:
        return "ods"
    if any(member.startswith("index/") and member.endswith(".iwa") for member in lowered):
        raise FormatUnknown(name, "numbers")
    return "zip"


def check_zip(name: str, data: bytes) -> list[zipfile.ZipInfo]:
    """The members, when unpacking them stays within what a list needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        EOFError,
        OSError,
        zlib.error,
    ) as error:
        raise FileDamaged(name) from error
    total = sum(member.file_size for member in members)
    if total > _LARGEST_UNPACKED or len(members) > _MOST_MEMBERS:
        raise FileSuspicious(name)
    for member in members:
        packed = max(member.compress_size, 1)
        if member.file_size > _RATIO_COUNTS_ABOVE and member.file_size / packed > _LARGEST_RATIO:
            raise FileSuspicious(name)
    return members


def _refuse_encrypted_ods(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            manifest = (
                archive.read("META-INF/manifest.xml")
                if "META-INF/manifest.xml" in archive.namelist()
                else b""
            )
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        zlib.error,
    ) as error:
        raise FileDamaged(name) from error
    if b"encryption-data" in manifest:
        raise EncryptionUnsupported(name)


def _mimetype(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("mimetype") as member:
            return member.read(200).decode("ascii", "replace")
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        zlib.error,
    ) as error:
        raise FileDamaged(name) from error


def only_list_of(name: str, data: bytes, password: str | None) -> tuple[str, bytes]:
    """Name and bytes of the one list inside a zip file."""
    lists = [
        member
        for member in check_zip(name, data)
        if member.filename.lower().endswith(LIST_ENDINGS)
        and not member.is_dir()
        and not Path(member.filename).name.startswith((".", "~$"))
        and not member.filename.startswith("__MACOSX/")
    ]
    if len(lists) != 1:
        raise ArchiveNotOneList(name, len(lists))
    if lists[0].file_size > LARGEST_FILE:
        raise FileTooBig(name, lists[0].file_size, LARGEST_FILE)
    if lists[0].flag_bits & 1:
        return lists[0].filename, _unlock_member(name, data, lists[0].filename, password)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(lists[0]) as member:
            inside = member.read(lists[0].file_size + 1)
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        zlib.error,
    ) as error:
        raise FileDamaged(name) from error
    if not inside:
        raise FileEmpty(name)
    return lists[0].filename, inside


def _unlock_member(name: str, data: bytes, member: str, password: str | None) -> bytes:
    import pyzipper

    if password is None:
        raise PasswordNeeded(name)
    try:
        with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
            unlocked: bytes = archive.read(member, pwd=password.encode("utf-8"))
    except (RuntimeError, zlib.error, pyzipper.BadZipFile) as error:
        raise PasswordWrong(name) from error
    return unlocked
