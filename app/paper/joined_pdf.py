"""Joins laid out chunks into one PDF while writing it, so that memory does not grow with the file.

pikepdf reads each chunk; the objects its pages need are renumbered and written at once (ISO 32000-1, 7.5).
Of the chunks' metadata nothing is kept.
"""

import hashlib
import io
import re
from array import array
from collections.abc import Iterable
from typing import BinaryIO

import pikepdf

from app.core.errors import BugError

_CATALOG, _PAGES, _INFO = 1, 2, 3
#: strings and hexadecimal strings are skipped, references are captured
_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|(\d+) (\d+) R\b", re.S)
#: pages per node of the page tree
_NODE_PAGES = 64
_A4 = b"[ 0 0 595.2756 841.8898 ]"


class JoinedPdf:
    """One PDF being written to ``stream``; call ``finish`` once, nothing is valid before."""

    def __init__(self, stream: BinaryIO, title: str) -> None:
        self._stream = stream
        self._title = title
        self._hash = hashlib.sha256()
        self._at = 0
        self._offsets = array("Q", [0, 0, 0, 0])
        self._nodes: list[tuple[int, int]] = []
        self._kids: list[int] = []
        self._node = 0
        self.pages = 0
        # the binary comment tells file transfers that this is not text (7.5.2)
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._at

    def append(self, pdf: bytes, page_runs: Iterable[tuple[int, int, bool]]) -> None:
        """Add pages of ``pdf``: (first page from 0, number of pages, then a blank page) for each run."""
        with pikepdf.open(io.BytesIO(pdf)) as chunk:
            copier = _Copier(self, chunk)
            for first, count, then_blank in page_runs:
                for page in chunk.pages[first : first + count]:
                    self._add_page(copier.page(page.obj, self._open_node()))
                if then_blank:
                    self.add_blank_page()

    def add_blank_page(self) -> None:
        """Add an empty A4 page."""
        node = self._open_node()
        number = self.reserve()
        self.put(
            number,
            b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Resources << >> >>" % (node, _A4),
        )
        self._add_page(number)

    def finish(self) -> str:
        """Write the page tree, the catalogue and the table of objects; the SHA-256 of the whole file."""
        self._close_node()
        kids = b" ".join(b"%d 0 R" % number for number, _ in self._nodes)
        self.put(_PAGES, b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (self.pages, kids))
        # PrintScaling /None: a sheet shrunk « to fit » would leave the window (12.2)
        self.put(
            _CATALOG,
            b"<< /Type /Catalog /Pages %d 0 R /Lang (fr-FR) /ViewerPreferences "
            b"<< /PrintScaling /None /DisplayDocTitle true >> >>" % _PAGES,
        )
        title = ("\ufeff" + self._title).encode("utf-16-be").hex().encode("ascii")
        self.put(_INFO, b"<< /Title <%s> /Producer (Avis 34) >>" % title)
        self._write_table()
        return self._hash.hexdigest()

    def reserve(self) -> int:
        """A new object number."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, number: int, body: bytes, stream: bytes | None = None) -> None:
        """Write object ``number``."""
        self._offsets[number] = self._at
        if stream is None:
            self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        else:
            self._write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, body, stream))

    def _open_node(self) -> int:
        if len(self._kids) >= _NODE_PAGES:
            self._close_node()
        if not self._node:
            self._node = self.reserve()
        return self._node

    def _add_page(self, number: int) -> None:
        self._kids.append(number)
        self.pages += 1

    def _close_node(self) -> None:
        if not self._kids:
            return
        kids = b" ".join(b"%d 0 R" % number for number in self._kids)
        self.put(
            self._node,
            b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [ %s ] >>"
            % (_PAGES, len(self._kids), kids),
        )
        self._nodes.append((self._node, len(self._kids)))
        self._kids, self._node = [], 0

    def _write_table(self) -> None:
        start, identity = self._at, self._hash.hexdigest()[:32].encode("ascii")
        rows = [b"0000000000 65535 f\r\n"]
        for offset in self._offsets[1:]:
            if not offset:
                raise BugError("a PDF object was reserved and never written")
            rows.append(b"%010d 00000 n\r\n" % offset)
        self._write(b"xref\n0 %d\n" % len(self._offsets))
        self._write(b"".join(rows))
        self._write(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [ <%s> <%s> ] >>\n"
            b"startxref\n%d\n%%%%EOF\n"
            % (len(self._offsets), _CATALOG, _INFO, identity, identity, start)
        )

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._hash.update(data)
        self._at += len(data)


class _Copier:
    """Copies the objects of one chunk, each once."""

    def __init__(self, target: JoinedPdf, chunk: pikepdf.Pdf) -> None:
        self._target = target
        self._chunk = chunk
        self._numbers: dict[int, int] = {}
        self._waiting: list[int] = []

    def page(self, page: pikepdf.Object, parent: int) -> int:
        """Copy a page and all it needs under the page tree node ``parent``; its new number."""
        if "/Annots" in page:
            raise BugError("a page to join holds links, whose targets would be lost")
        del page["/Parent"]
        number = self._target.reserve()
        body = self._renumbered(page.unparse(resolved=True))
        self._target.put(number, body[:-2] + b"/Parent %d 0 R >>" % parent)
        while self._waiting:
            self._copy(self._waiting.pop())
        return number

    def _copy(self, old: int) -> None:
        thing = self._chunk.get_object(old, 0)
        number = self._numbers[old]
        if isinstance(thing, pikepdf.Stream):
            body = self._renumbered(thing.stream_dict.unparse(resolved=True))
            self._target.put(number, body, thing.read_raw_bytes())
        else:
            self._target.put(number, self._renumbered(thing.unparse(resolved=True)))

    def _renumbered(self, body: bytes) -> bytes:
        return _REFERENCE.sub(self._reference, body)

    def _reference(self, match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        old = int(match[1])
        number = self._numbers.get(old)
        if number is None:
            number = self._numbers[old] = self._target.reserve()
            self._waiting.append(old)
        return b"%d 0 R" % number
