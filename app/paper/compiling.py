"""One typst compilation: files that exist in memory only go in, PDF bytes and what the page found come out.

Data go in as files, not as ``sys.inputs``: the compiler keeps what it has laid out from one compilation to the
next as long as its library stays the same, and ``sys.inputs`` are a part of the library. Measured on letters
of two pages: 8.2 ms of CPU with ``sys.inputs``, 4.1 with files.
"""

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf
import typst

from app.core.errors import BugError
from app.paper.fonts import bundled_fonts
from app.paths import templates_dir

#: archived and mailed letters: PDF/A-2a and PDF/UA-1 together (pdf.md: measured free of cost)
SINGLE_STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
#: print files carry no tags, yet a standard makes a missing glyph an error instead of an empty box
CHUNK_STANDARDS: "list[typst.PDFStandard]" = ["a-2b"]


#: measured: a quarter less memory, 3 % more time
_FORGOTTEN_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Compiled:
    """A PDF; ``facts`` are what the template noted, each a list of words."""

    pdf: bytes
    facts: tuple[tuple[str, ...], ...]
    pages: int


class PageCompiler:
    """Compiles templates for one practice and one layout. May be shared by threads: each has its own compiler."""

    def __init__(self, constants: Mapping[str, str], timestamp: int) -> None:
        """``constants`` are ``sys.inputs``, the same for every compilation; ``timestamp`` goes into the files."""
        self._constants = dict(constants)
        self._timestamp = timestamp
        self._compilers = threading.local()

    def compile(self, call: str, files: Mapping[str, bytes], *, tags: bool) -> Compiled:
        """The PDF of ``call``, for instance ``lettre.typ whole-letters``, on ``files``.

        Raises:
            typst.TypstError: its message may quote a value of the data.
        """
        entry, function = call.split(" ")
        main = f'#import "{entry}": {function}\n#{function}()'.encode("ascii")
        pdf = self._compiler().compile(
            input={"main.typ": main, **files},  # type: ignore[type-var]  # the stub knows no dictionaries
            format="pdf",
            pdf_standards=SINGLE_STANDARDS if tags else CHUNK_STANDARDS,
            pdf_tags=tags,
            timestamp=self._timestamp,
        )
        if not isinstance(pdf, bytes):
            raise BugError("typst gave back something else than one file")
        # keywords are the only way out: a query would compile once more, and the files are gone
        with pikepdf.open(io.BytesIO(pdf)) as document:
            keywords = str(document.docinfo.get("/Keywords", ""))
            facts = tuple(tuple(fact.split(" ")) for fact in keywords.split(", ") if fact)
            return Compiled(pdf, facts, len(document.pages))

    def forget(self) -> None:
        """Let go of what was kept from earlier compilations and has not helped since.

        The compiler keeps things for ten compilations; of letters in layers, whose shared text is laid out once,
        the next ones need nothing. An empty page counts as a compilation.
        """
        for _ in range(_FORGOTTEN_AT_ONCE):
            self._compiler().compile(input={"main.typ": b""}, format="svg")  # type: ignore[type-var]  # as above

    def _compiler(self) -> typst.Compiler:
        compiler = getattr(self._compilers, "compiler", None)
        if compiler is None:
            compiler = typst.Compiler(
                {"main.typ": b""},  # type: ignore[type-var]  # as above
                root=str(templates_dir()),
                font_paths=bundled_fonts(),
                sys_inputs=self._constants,
            )
            self._compilers.compiler = compiler
        return compiler
