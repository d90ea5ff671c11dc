"""One typst compilation: files that exist in memory only go in, PDF bytes and what the page found come out.

Data go in as files, not as ``sys.inputs``: the compiler keeps what it has laid out from one compilation to the
next as long as the library stays the same, and ``sys.inputs`` are a part of the library. Measured on letters
of two pages: 8.2 ms of CPU with ``sys.inputs``, 4.1 with files.
"""

import io
import threading
from collections.abc import Mapping

import pikepdf
import typst

from app.core.errors import BugError
from app.paper.fonts import bundled_fonts
from app.paths import templates_dir

#: archived and mailed letters: PDF/A-2a and PDF/UA-1 together (pdf.md: measured free of cost)
SINGLE_STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
#: print files carry no tags, yet a standard makes a missing glyph an error instead of an empty box
CHUNK_STANDARDS: "list[typst.PDFStandard]" = ["a-2b"]

_compilers = threading.local()


def compiled(
    entry: str, function: str, files: Mapping[str, bytes], timestamp: int, *, tags: bool
) -> bytes:
    """The PDF that ``function`` of the template ``entry`` makes of ``files``.

    Raises:
        typst.TypstError: its message may quote a value of the data.
    """
    main = f'#import "{entry}": {function}\n#{function}()'.encode("ascii")
    pdf = _compiler().compile(
        input={"main.typ": main, **files},  # type: ignore[type-var]  # the stub does not know dictionaries
        format="pdf",
        pdf_standards=SINGLE_STANDARDS if tags else CHUNK_STANDARDS,
        pdf_tags=tags,
        timestamp=timestamp,
    )
    if not isinstance(pdf, bytes):
        raise BugError("typst gave back something else than one file")
    return pdf


def facts_of(pdf: bytes) -> tuple[list[list[str]], int]:
    """What the template noted among the keywords, as lists of words, and the number of pages.

    A query would need a second compilation, whose files are gone.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        keywords = str(document.docinfo.get("/Keywords", ""))
        return [fact.split(" ") for fact in keywords.split(", ") if fact], len(document.pages)


def _compiler() -> typst.Compiler:
    compiler = getattr(_compilers, "compiler", None)
    if compiler is None:
        compiler = typst.Compiler(
            {"main.typ": b""},  # type: ignore[type-var]  # as above
            root=str(templates_dir()),
            font_paths=bundled_fonts(),
        )
        _compilers.compiler = compiler
    return compiler
