"""The waiting-room poster and other public sheets: blocks → tagged PDF, as large as one page allows."""

import json
from collections.abc import Sequence

import typst

from app.core.errors import BugError
from app.core.errors.paper import MissingGlyph
from app.paper.fonts import bundled_fonts, first_missing
from app.paper.layout import FONT_FAMILIES
from app.paper.paper_letter import Block
from app.paths import templates_dir

STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
#: read from a chair down to read on a desk; below the last size a second page begins
SIZES_PT = (18, 16, 14, 13, 12, 11)


def poster_pdf(title: str, author: str, blocks: Sequence[Block]) -> bytes:
    """One A4 page, in the largest size that fits; the smallest size may take more pages.

    Raises:
        MissingGlyph: a character that no bundled font prints (row 0).
    """
    missing = first_missing([title, author, *_strings(blocks)])
    if missing is not None:
        raise MissingGlyph(0, missing)
    folder = templates_dir()
    compiler = typst.Compiler(
        str(folder / "T17-affichage" / "affiche.typ"),
        root=str(folder),
        font_paths=bundled_fonts(),
    )
    pdf = b""
    for size in SIZES_PT:
        plain = {
            "title": title,
            "author": author,
            "size": size,
            "fonts": list(FONT_FAMILIES),
            "blocks": list(blocks),
        }
        inputs = {"poster": json.dumps(plain, ensure_ascii=False)}
        made = compiler.compile(sys_inputs=inputs, format="pdf", pdf_standards=STANDARDS)
        if not isinstance(made, bytes):
            raise BugError("typst gave no PDF")
        pdf = made
        if json.loads(compiler.query("<pages>", field="value")) == [1]:
            break
    return pdf


def _strings(blocks: Sequence[Block]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if "v" in block:
            found.append(str(block["v"]))
        found += _strings(block.get("c", ()))
    return found
