"""Reports → tagged PDF: the dossier for the CNIL, the recovery sheet, the certificate of purge.

A report is a list of plain blocks; typst places their texts and never interprets them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import typst

from app.core.errors import BugError
from app.core.errors.paper import MissingGlyph
from app.paper.fonts import bundled_fonts, first_missing
from app.paper.layout import FONT_FAMILIES
from app.paths import templates_dir

#: archives read it in twenty years, screen readers today (pdf.md)
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
Block = dict[str, Any]


@dataclass(slots=True)
class Report:
    """Title, footer, and blocks in order; each method adds one block."""

    title: str
    author: str = ""
    footer: str = ""
    blocks: list[Block] = field(default_factory=list)

    def heading(self, text: str, level: int = 2) -> None:
        """A heading; the first of the report has level 1, levels do not jump."""
        self.blocks.append({"t": "h", "level": level, "v": text})

    def text(self, *paragraphs: str) -> None:
        """Paragraphs; empty ones are left out."""
        self.blocks += [{"t": "p", "v": each} for each in paragraphs if each]

    def note(self, text: str) -> None:
        """A paragraph set apart."""
        self.blocks.append({"t": "note", "v": text})

    def items(self, texts: Sequence[str]) -> None:
        """A bulleted list."""
        if texts:
            self.blocks.append({"t": "ul", "c": list(texts)})

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Label and value, one line each; lines without a value are left out."""
        kept = [list(row) for row in rows if row[1]]
        if kept:
            self.blocks.append({"t": "facts", "rows": kept})

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        widths: Sequence[float] | None = None,
        right: Sequence[int] = (),
        caption: str = "",
    ) -> None:
        """A table; ``widths`` in proportion, ``right`` = numbers of the right-aligned columns."""
        body = [list(row) for row in rows]
        if any(len(row) != len(head) for row in body):
            raise BugError("a table row has another number of cells than its head")
        self.blocks.append(
            {
                "t": "table",
                "head": list(head),
                "rows": body,
                "widths": list(widths or [1] * len(head)),
                "right": list(right),
                "caption": caption,
            }
        )

    def bars(
        self,
        labels: Sequence[str],
        series: Sequence[tuple[str, Sequence[int]]],
        *,
        caption: str,
        alt: str,
        top: str,
    ) -> None:
        """Stacked bars; ``top`` is the text of the highest value, ``alt`` says the same in words."""
        named = [{"name": name, "values": list(values)} for name, values in series]
        self.blocks.append(
            {
                "t": "bars",
                "labels": list(labels),
                "series": named,
                "caption": caption,
                "alt": alt,
                "top": top,
            }
        )

    def quote(self, lines: Iterable[str]) -> None:
        """An exact text in a frame, one paragraph per line."""
        self.blocks.append({"t": "quote", "c": [line for line in lines if line.strip()]})

    def code(self, text: str, *, size: float = 8.5, bold: bool = False) -> None:
        """A digest or a code on its own line."""
        weight = "bold" if bold else "regular"
        self.blocks.append({"t": "code", "v": text, "size": size, "weight": weight})

    def page_break(self) -> None:
        """Go to a new page."""
        self.blocks.append({"t": "break"})

    def pdf(self, made_at: datetime) -> bytes:
        """The report as PDF/A-2a and PDF/UA-1.

        Raises:
            MissingGlyph: a character that no bundled font prints (row 0).
        """
        missing = first_missing(_strings(self.blocks))
        if missing is not None:
            raise MissingGlyph(0, missing)
        folder = templates_dir()
        plain = {
            "title": self.title,
            "author": self.author,
            "footer": self.footer,
            "fonts": list(FONT_FAMILIES),
            "blocks": self.blocks,
        }
        compiler = typst.Compiler(
            str(folder / "dossier.typ"), root=str(folder), font_paths=bundled_fonts()
        )
        try:
            pdf = compiler.compile(
                sys_inputs={"report": json.dumps(plain, ensure_ascii=False)},
                format="pdf",
                pdf_standards=STANDARDS,
                pdf_tags=True,
                timestamp=int(made_at.timestamp()),
            )
        except typst.TypstError as error:
            raise BugError("typst refused the report") from error
        if not isinstance(pdf, bytes):
            raise BugError("typst gave back something else than one file")
        return pdf


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
