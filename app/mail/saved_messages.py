"""Messages saved by a mail program: .eml files, mbox files, folders of them. Only read, never changed."""

import re
from collections.abc import Iterator
from pathlib import Path

from app.core.errors.mail import MailboxUnreadable

_HEADER = re.compile(rb"(?:>?From [^\r\n]*\r?\n)?[!-9;-~]+[ \t]*:", re.ASCII)
_LARGEST = 50_000_000
_BOM = b"\xef\xbb\xbf"


def read_saved(path: Path) -> Iterator[bytes]:
    """Every message in a file, or in all files of a folder.

    Raises:
        MailboxUnreadable: the file is neither a message nor an mbox (inside a folder such files are skipped).
    """
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                try:
                    yield from _file(file)
                except MailboxUnreadable:
                    continue
        return
    yield from _file(path)


def _file(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            start = stream.read(4096).removeprefix(_BOM).lstrip(b"\r\n")
    except OSError as error:
        raise MailboxUnreadable(path.name) from error
    if not _HEADER.match(start):
        raise MailboxUnreadable(path.name)
    if start.startswith(b"From "):
        yield from _mbox(path)
        return
    if path.stat().st_size > _LARGEST:
        raise MailboxUnreadable(path.name)
    yield path.read_bytes().removeprefix(_BOM).lstrip(b"\r\n")


def _mbox(path: Path) -> Iterator[bytes]:
    """Messages of an mbox (RFC 4155), one at a time in memory."""
    lines: list[bytes] = []
    blank = True
    with path.open("rb") as stream:
        for line in stream:
            if blank and line.startswith(b"From "):
                if lines:
                    yield b"".join(lines)
                lines = []
            else:
                lines.append(line[1:] if re.match(rb">+From ", line) else line)
            blank = not line.strip()
    if lines:
        yield b"".join(lines)
