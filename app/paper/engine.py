"""PaperLetters → PDF bytes, by the typst compiler inside this process (pdf.md)."""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import typst

from app.core.errors import BugError
from app.core.errors.paper import AddressTooTall, AddressTooWide, MissingGlyph, UnreadableImage
from app.core.practice import Practice
from app.paper.fingerprint import add, fingerprint
from app.paper.fonts import bundled_fonts, first_missing
from app.paper.images import as_svg
from app.paper.layout import Layout
from app.paper.paper_letter import PaperLetter
from app.paths import templates_dir
from app.wording import french

#: archived and mailed letters: PDF/A-2a and PDF/UA-1 together (pdf.md: measured free of cost)
SINGLE_STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
#: print files carry no tags, yet a standard makes a missing glyph an error instead of an empty box
CHUNK_STANDARDS: "list[typst.PDFStandard]" = ["a-2b"]
#: letters laid out together: memory grows faster than linearly beyond (pdf.md)
CHUNK_LETTERS = 10

_NAMED_CHARACTER = re.compile(r"U\+([0-9A-F]{4,6})|codepoint .*?`?(.)`?", re.I)


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages of one letter in a file, counted from 0; a blank verso is not among ``pages``."""

    code: str
    first_page: int
    pages: int
    #: sheets of paper, known once the file's printing is
    sheets: int = 0


def sheets_of(pages: int, *, duplex: bool) -> int:
    """Sheets of paper for so many pages."""
    return (pages + 1) // 2 if duplex else pages


class PaperEngine:
    """Lays out the letters of one practice. May be shared by threads: each gets its own compiler."""

    def __init__(
        self, practice: Practice, layout: Layout | None = None, made_at: datetime | None = None
    ) -> None:
        """Prepare the page; ``made_at`` (default: now) is the date in the files' metadata.

        Raises:
            UnreadableImage: the practice's logo or signature cannot be shown.
        """
        self.layout = layout if layout is not None else Layout()
        page = self._page_data(practice)
        self._inputs = {"page": json.dumps(page, ensure_ascii=False)}
        words, name = page["words"], page["practice"]["name"]
        self._footer_words = fingerprint(name + words["letter"] + words["page"])
        self._first_page_words = fingerprint(
            "".join([name, words["subject"], *page["practice"]["lines"]])
        )
        if practice.logo:
            self._inputs["logo"] = as_svg(practice.logo, "logo")
        if practice.signature_image:
            self._inputs["signature"] = as_svg(practice.signature_image, "signature")
        #: images are in every chunk, hence in the size of a file
        self.image_bytes = len(practice.logo) + len(practice.signature_image)
        self._made_at = int((made_at or datetime.now(UTC)).timestamp())
        self._compilers = threading.local()

    def single(self, letter: PaperLetter) -> bytes:
        """One letter as a tagged file, PDF/A-2a and PDF/UA-1.

        Raises:
            MissingGlyph, AddressTooTall, AddressTooWide, UnreadableImage: see there.
        """
        return self.single_with_pages(letter)[0]

    def single_with_pages(self, letter: PaperLetter) -> tuple[bytes, int]:
        """As ``single``, with the number of pages."""
        pdf, ranges = self._compile([letter], SINGLE_STANDARDS, tags=True)
        return pdf, ranges[0].pages

    def chunk(self, letters: Sequence[PaperLetter]) -> tuple[bytes, list[PageRange]]:
        """Several letters one after the other, untagged, for a print file; 10 to 25 at once is fastest.

        Raises:
            MissingGlyph, AddressTooTall, AddressTooWide, UnreadableImage: see there.
        """
        return self._compile(letters, CHUNK_STANDARDS, tags=False)

    def fingerprints(self, letter: PaperLetter, pages: int) -> tuple[int, int]:
        """Fingerprints of the address and of everything printed on the letter's ``pages`` pages."""
        address = fingerprint("\n".join(letter.address_lines))
        footers = "\n".join(f"{letter.code}{page}/{pages}" for page in range(1, pages + 1))
        parts = [
            self._first_page_words,
            fingerprint("\n".join(letter.texts())),
            fingerprint(footers),
        ]
        parts += [self._footer_words] * pages
        parts.append(fingerprint(letter.reminder) * (pages - 2))  # once among the texts already
        return address, add(*parts)

    def _compile(
        self, letters: Sequence[PaperLetter], standards: "list[typst.PDFStandard]", *, tags: bool
    ) -> tuple[bytes, list[PageRange]]:
        for letter in letters:
            missing = first_missing(letter.texts())
            if missing is not None:
                raise MissingGlyph(letter.row, missing)
        data = json.dumps([letter.data() for letter in letters], ensure_ascii=False)
        compiler = self._compiler()
        try:
            pdf = compiler.compile(
                sys_inputs={**self._inputs, "letters": data},
                format="pdf",
                pdf_standards=standards,
                pdf_tags=tags,
                timestamp=self._made_at,
            )
        except typst.TypstError as error:
            raise self._translated(error, letters, standards, tags=tags) from error
        if not isinstance(pdf, bytes):
            raise BugError("typst gave back something else than one file")
        facts = json.loads(compiler.query("<fact>", field="value"))
        rows = {letter.code: letter.row for letter in letters}
        for fact in facts:
            if fact["kind"] == "wide":
                width = round(fact["mm"], 1)
                raise AddressTooWide(rows[fact["code"]], width, self.layout.address_width)
            if fact["kind"] == "tall":
                raise AddressTooTall(rows[fact["code"]], fact["lines"])
        return pdf, _ranges(facts, letters)

    def _translated(
        self,
        error: typst.TypstError,
        letters: Sequence[PaperLetter],
        standards: "list[typst.PDFStandard]",
        *,
        tags: bool,
    ) -> Exception:
        """What typst's message means; a chunk is tried letter by letter to find the row."""
        message = f"{error.message}"
        if "image" in message or "SVG" in message:
            return UnreadableImage("logo")
        if len(letters) > 1:
            for letter in letters:
                try:
                    self._compile([letter], standards, tags=tags)
                except (MissingGlyph, AddressTooTall, AddressTooWide, UnreadableImage) as found:
                    return found
        match = _NAMED_CHARACTER.search(message)
        if match is not None and ("display" in message or "codepoint" in message):
            char = chr(int(match[1], 16)) if match[1] else match[2]
            return MissingGlyph(letters[0].row, char)
        # the message may quote a value of the letter: it must not reach a log
        return BugError("typst refused the page")

    def _compiler(self) -> typst.Compiler:
        compiler = getattr(self._compilers, "compiler", None)
        if compiler is None:
            folder = templates_dir()
            compiler = typst.Compiler(
                str(folder / "lettre.typ"), root=str(folder), font_paths=bundled_fonts()
            )
            self._compilers.compiler = compiler
        return compiler

    def _page_data(self, practice: Practice) -> dict[str, Any]:
        lines = (
            practice.street,
            practice.address_complement,
            " ".join(part for part in (practice.postcode, practice.city) if part),
            f"Tél.{french.NBSP}{french.phone(practice.phone)}" if practice.phone else "",
            practice.email,
        )
        return {
            "layout": asdict(self.layout),
            "practice": {"name": practice.name, "lines": [line for line in lines if line.strip()]},
            "title": f"Lettre de {practice.name}",
            "logo_alt": f"Logo de {practice.name}",
            "signature_alt": "Signature manuscrite",
            "words": {
                "subject": f"Objet{french.NBSP}: ",
                "letter": "Lettre",
                "page": "page",
            },
        }


def _ranges(ends: list[dict[str, Any]], letters: Sequence[PaperLetter]) -> list[PageRange]:
    if [end["code"] for end in ends] != [letter.code for letter in letters]:
        raise BugError("the laid out letters are not the ones asked for")
    ranges: list[PageRange] = []
    first = 0
    for end in ends:
        ranges.append(PageRange(end["code"], first, end["pages"]))
        first += end["pages"]
    return ranges
