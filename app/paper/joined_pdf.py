"""Joins laid out letters into one PDF while writing it, so that memory does not grow with the file.

pikepdf reads each chunk; the objects its pages need are renumbered and written at once (ISO 32000-1, 7.5).
Of the chunks' metadata nothing is kept. What letters share is written once, as form XObjects (8.10).
"""

import hashlib
import io
import re
from array import array
from collections.abc import Hashable, Iterable
from typing import BinaryIO

import pikepdf

from app.core.errors import BugError
from app.paper.laid_out import LaidOutPage, Shared

_CATALOG, _PAGES, _INFO = 1, 2, 3
#: strings and hexadecimal strings are skipped, references are captured
_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|(\d+) (\d+) R\b", re.S)
#: pages per node of the page tree
_NODE_PAGES = 64
_A4 = b"[ 0 0 595.2756 841.8898 ]"
#: chunks kept open: letters of two may alternate
_OPEN_CHUNKS = 4
#: of the table of objects, which has millions in a long file
_ROWS_AT_ONCE = 10_000


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
        self._chunks: dict[int, _Copier] = {}
        #: objects of the pages of each shared layer; contents that show nothing but a shared page
        self._shared: dict[Hashable, list[int]] = {}
        self._show_shared = 0
        self.pages = 0
        # the binary comment tells file transfers that this is not text (7.5.2)
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._at

    def append(self, pdf: bytes, pages: Iterable[LaidOutPage]) -> None:
        """Add pages of ``pdf``, those made of layers put together."""
        copier = self._chunk(pdf)
        for page in pages:
            node = self._open_node()
            if page.shared is None:
                number = copier.page(page.page, node)
            else:
                forms = self._forms(page.shared)
                number = copier.layered_page(page, forms[page.shared_page], node)
            self._add_page(number)

    def show_only(self, shown: bytes) -> int:
        """A content stream."""
        number = self.reserve()
        self.put(number, b"<< /Length %d >>" % len(shown), shown)
        return number

    @property
    def show_shared(self) -> int:
        """The content stream of pages on which a shared page is all there is below."""
        if not self._show_shared:
            self._show_shared = self.show_only(b"/Shared Do")
        return self._show_shared

    def close(self) -> None:
        """Let the chunks go; needed when ``finish`` is not reached."""
        for copier in self._chunks.values():
            copier.close()
        self._chunks.clear()

    def _chunk(self, pdf: bytes) -> "_Copier":
        copier = self._chunks.get(id(pdf))
        if copier is None:
            if len(self._chunks) >= _OPEN_CHUNKS:
                self._chunks.pop(next(iter(self._chunks))).close()
            # the copier keeps ``pdf``, so that its id stays its own
            copier = self._chunks[id(pdf)] = _Copier(self, pdf)
        return copier

    def _forms(self, shared: Shared) -> list[int]:
        forms = self._shared.get(shared.key)
        if forms is None:
            copier = _Copier(self, shared.pdf)
            forms = self._shared[shared.key] = [copier.form(page) for page in range(shared.pages)]
            copier.close()
        return forms

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
        self.close()
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
        self._write(b"xref\n0 %d\n0000000000 65535 f\r\n" % len(self._offsets))
        for at in range(1, len(self._offsets), _ROWS_AT_ONCE):
            some = self._offsets[at : at + _ROWS_AT_ONCE]
            if 0 in some:
                raise BugError("a PDF object was reserved and never written")
            self._write(b"".join(b"%010d 00000 n\r\n" % offset for offset in some))
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

    def __init__(self, target: JoinedPdf, pdf: bytes) -> None:
        self._target = target
        self._pdf = pdf
        self._chunk = pikepdf.open(io.BytesIO(pdf))
        self._pages = [page.obj for page in self._chunk.pages]
        self._numbers: dict[int, int] = {}
        self._waiting: list[int] = []

    def close(self) -> None:
        """Let the chunk go."""
        self._chunk.close()

    def page(self, index: int, parent: int) -> int:
        """Copy a page and all it needs under the page tree node ``parent``; its new number."""
        page = self._checked(index)
        del page["/Parent"]
        number = self._target.reserve()
        body = self._renumbered(page.unparse(resolved=True))
        self._target.put(number, body[:-2] + b"/Parent %d 0 R >>" % parent)
        self._copy_waiting()
        return number

    def form(self, index: int) -> int:
        """Copy a page as a form XObject; its number."""
        page = self._checked(index)
        number = self._target.reserve()
        contents = page["/Contents"]
        resources = self._renumbered(page["/Resources"].unparse(resolved=True))
        stream = contents.stream_dict.unparse(resolved=True)
        body = b"%s /Type /XObject /Subtype /Form /BBox %s /Resources %s >>" % (
            stream[:-2], _A4, resources,
        )  # fmt: skip
        self._target.put(number, body, contents.read_raw_bytes())
        self._copy_waiting()
        return number

    def layered_page(self, page: LaidOutPage, shared: int, parent: int) -> int:
        """A page that shows the form ``shared``, strips of this chunk, then a page of this chunk; its number."""
        own = self._checked(page.page)
        names = [b"/Shared %d 0 R" % shared]
        shown = [b"/Shared Do"]
        for at, strip in enumerate(page.strips):
            names.append(b"/Strip%d %d 0 R" % (at, self.form(strip.page)))
            shown.append(b"q 1 0 0 1 0 %.5f cm /Strip%d Do Q" % (-strip.down, at))
        below = (
            self._target.show_only(b"\n".join(shown)) if page.strips else self._target.show_shared
        )
        resources = own["/Resources"]
        if "/XObject" in resources:
            raise BugError("a letter's own layer holds forms or images")
        body = (
            b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Contents [ %d 0 R %d 0 R ] "
            b"/Resources %s/XObject << %s >> >> >>"
            % (
                parent,
                _A4,
                below,
                self._new_number(own["/Contents"].objgen[0]),
                self._renumbered(resources.unparse(resolved=True))[:-2],
                b" ".join(names),
            )
        )
        number = self._target.reserve()
        self._target.put(number, body)
        self._copy_waiting()
        return number

    def _checked(self, index: int) -> pikepdf.Object:
        page = self._pages[index]
        if "/Annots" in page:
            raise BugError("a page to join holds links, whose targets would be lost")
        return page

    def _copy_waiting(self) -> None:
        while self._waiting:
            self._copy(self._waiting.pop())

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
        return b"%d 0 R" % self._new_number(int(match[1]))

    def _new_number(self, old: int) -> int:
        number = self._numbers.get(old)
        if number is None:
            number = self._numbers[old] = self._target.reserve()
            self._waiting.append(old)
        return number
