"""PaperLetters → PDF bytes, by the typst compiler inside this process (pdf.md)."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typst

from app.core.errors import BugError
from app.core.errors.paper import AddressTooTall, AddressTooWide, MissingGlyph, UnreadableImage
from app.core.practice import Practice
from app.paper.compiling import Compiled, PageCompiler
from app.paper.fingerprint import add, fingerprint
from app.paper.fonts import are_plain, first_missing
from app.paper.images import as_svg
from app.paper.laid_out import PageRange as PageRange
from app.paper.laid_out import sheets_of as sheets_of
from app.paper.layout import Layout
from app.paper.paper_letter import PaperLetter
from app.paper.prepared import PreparedLetter
from app.wording import french

#: letters laid out together: memory grows faster than linearly beyond (pdf.md)
CHUNK_LETTERS = 10

_NAMED_CHARACTER = re.compile(r"U\+([0-9A-F]{4,6})|codepoint .*?`?(.)`?", re.I)


class PaperEngine:
    """Lays out the letters of one practice. May be shared by threads: each gets its own compiler."""

    def __init__(
        self, practice: Practice, layout: Layout | None = None, made_at: datetime | None = None
    ) -> None:
        """Prepare the page; ``made_at`` (default: now) is the date in the files' metadata.

        Without ``layout`` the practice's own choice of large print is followed.

        Raises:
            UnreadableImage: the practice's logo or signature cannot be shown.
        """
        chosen = Layout().large_print() if practice.large_print else Layout()
        self.layout = layout if layout is not None else chosen
        page = self._page_data(practice)
        words, name = page["words"], page["practice"]["name"]
        self._footer_words = fingerprint(name + words["letter"] + words["page"])
        self._first_page_words = fingerprint(
            "".join([name, words["subject"], *page["practice"]["lines"]])
        )
        constants = {"page": json.dumps(page, ensure_ascii=False)}
        if practice.logo:
            constants["logo"] = as_svg(practice.logo, "logo")
        if practice.signature_image:
            constants["signature"] = as_svg(practice.signature_image, "signature")
        timestamp = int((made_at or datetime.now(UTC)).timestamp())
        self._compiler = PageCompiler(constants, timestamp)
        # looking through the fonts of other scripts takes a tenth of the time: most letters need none
        plain = {**page, "layout": {**page["layout"], "fonts": self.layout.fonts[:1]}}
        constants = {**constants, "page": json.dumps(plain, ensure_ascii=False)}
        self._plain_compiler = PageCompiler(constants, timestamp)
        self._page_is_plain = are_plain([name, *page["practice"]["lines"]])
        #: images are in every chunk, hence in the size of a file
        self.image_bytes = len(practice.logo) + len(practice.signature_image)

    def single(self, letter: PaperLetter) -> bytes:
        """One letter as a tagged file, PDF/A-2a and PDF/UA-1.

        Raises:
            MissingGlyph, AddressTooTall, AddressTooWide, UnreadableImage: see there.
        """
        return self.single_with_pages(letter)[0]

    def single_with_pages(self, letter: PaperLetter) -> tuple[bytes, int]:
        """As ``single``, with the number of pages."""
        pdf, ranges = self._compile([letter], tags=True)
        return pdf, ranges[0].pages

    def chunk(self, letters: Sequence[PaperLetter]) -> tuple[bytes, list[PageRange]]:
        """Several letters one after the other, untagged, for a print file; 10 to 25 at once is fastest.

        Raises:
            MissingGlyph, AddressTooTall, AddressTooWide, UnreadableImage: see there.
        """
        return self._compile(letters, tags=False)

    def own_layers(self, letters: Sequence[tuple[PreparedLetter, Sequence[int], bool]]) -> Compiled:
        """What only each letter has (``lettre-couches.typ``): numbers of its own paragraphs, has it a second page.

        Raises:
            typst.TypstError: its message may quote a letter.
            MissingGlyph, AddressTooTall, AddressTooWide: see there.
        """
        for letter, _, _ in letters:
            _check_glyphs(letter.letter, letter.missing)
        sources = []
        for letter, own, follows in letters:
            blocks = ",".join(letter.blocks[index].source for index in own)
            closes = bool(own) and own[-1] == len(letter.blocks) - 1
            parts = {**letter.letter.own_data(), "follows": follows, "closes": closes}
            data = json.dumps(parts, ensure_ascii=False)
            sources.append(f'{data[:-1]}, "paragraphs": [{blocks}]}}')
        files = {"letters.json": f"[{','.join(sources)}]".encode()}
        files |= _mark_files([letter.letter for letter, _, _ in letters])
        compiler = self._compiler_for(letter.is_plain for letter, _, _ in letters)
        made = compiler.compile("lettre-couches.typ own-layers", files, tags=False)
        compiler.forget()
        self._check_addresses(made.facts, [letter.letter for letter, _, _ in letters])
        return made

    def shared_layer(self, letter: PreparedLetter, holes: Sequence[int]) -> Compiled:
        """The letter without what only it has; the paragraphs ``holes`` keep their room.

        Raises:
            typst.TypstError: its message may quote the letter.
        """
        data = {**letter.letter.data(), "holes": list(holes)}
        files = {"letters.json": _json([data]), **_mark_files([letter.letter])}
        return self._compiler.compile("lettre.typ shared-layer", files, tags=False)

    def fingerprints(self, letter: PaperLetter, pages: int) -> tuple[int, int]:
        """Fingerprints of the address and of everything printed on the letter's ``pages`` pages."""
        return self._prints(letter, fingerprint("\n".join(letter.texts())), pages)

    def prints(self, letter: PreparedLetter, pages: int) -> tuple[int, int]:
        """As ``fingerprints``, for a prepared letter."""
        return self._prints(letter.letter, letter.print, pages)

    def _prints(self, letter: PaperLetter, texts: int, pages: int) -> tuple[int, int]:
        address = fingerprint("\n".join(letter.address_lines))
        footers = "\n".join(f"{letter.code}{page}/{pages}" for page in range(1, pages + 1))
        parts = [self._first_page_words, texts, fingerprint(footers)]
        parts += [self._footer_words] * pages
        parts.append(fingerprint(letter.reminder) * (pages - 2))  # once among the texts already
        return address, add(*parts)

    def _compile(
        self, letters: Sequence[PaperLetter], *, tags: bool
    ) -> tuple[bytes, list[PageRange]]:
        for letter in letters:
            _check_glyphs(letter, first_missing(letter.texts()))
        files = {
            "letters.json": _json([letter.data() for letter in letters]),
            **_mark_files(letters),
        }
        call = "lettre.typ single-letter" if tags else "lettre.typ whole-letters"
        try:
            compiler = self._compiler_for(are_plain(letter.texts()) for letter in letters)
            made = compiler.compile(call, files, tags=tags)
        except typst.TypstError as error:
            raise self._translated(error, letters, tags=tags) from error
        self._check_addresses(made.facts, letters)
        if tags:
            return made.pdf, [PageRange(letters[0].code, 0, made.pages)]
        return made.pdf, _ranges(made.facts, letters)

    def _compiler_for(self, letters_are_plain: Iterable[bool]) -> PageCompiler:
        is_plain = self._page_is_plain and all(letters_are_plain)
        return self._plain_compiler if is_plain else self._compiler

    def _check_addresses(
        self, facts: Sequence[Sequence[str]], letters: Sequence[PaperLetter]
    ) -> None:
        rows = {letter.code: letter.row for letter in letters}
        for kind, code, *numbers in facts:
            if kind == "wide":
                width = round(float(numbers[0]), 1)
                raise AddressTooWide(rows[code], width, self.layout.address_width)
            if kind == "tall":
                raise AddressTooTall(rows[code], int(numbers[0]))

    def _translated(
        self, error: typst.TypstError, letters: Sequence[PaperLetter], *, tags: bool
    ) -> Exception:
        """What typst's message means; a chunk is tried letter by letter to find the row."""
        message = f"{error.message}"
        if "image" in message or "SVG" in message:
            # the diagnostic quotes the line of the template
            is_signature = "inputs.signature" in f"{error.diagnostic}"
            return UnreadableImage("signature" if is_signature else "logo")
        if len(letters) > 1:
            for letter in letters:
                try:
                    self._compile([letter], tags=tags)
                except (MissingGlyph, AddressTooTall, AddressTooWide, UnreadableImage) as found:
                    return found
        match = _NAMED_CHARACTER.search(message)
        if match is not None and ("display" in message or "codepoint" in message):
            char = chr(int(match[1], 16)) if match[1] else match[2]
            return MissingGlyph(letters[0].row, char)
        # the message may quote a value of the letter: it must not reach a log
        return BugError("typst refused the page")

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
            "practice": {
                "name": practice.name,
                "lines": [line for line in lines if line.strip()],
                "colour": practice.colour.value,
            },
            "title": f"Lettre de {practice.name}",
            "logo_alt": f"Logo de {practice.name}",
            "signature_alt": "Signature manuscrite",
            "words": {
                "subject": f"Objet{french.NBSP}: ",
                "letter": "Lettre",
                "page": "page",
            },
        }


def _check_glyphs(letter: PaperLetter, missing: str | None) -> None:
    if missing is not None:
        raise MissingGlyph(letter.row, missing)


def _mark_files(letters: Sequence[PaperLetter]) -> dict[str, bytes]:
    """For the margins of each letter."""
    return {
        f"mark-{number}.json": _json({"code": letter.code, "reminder": letter.isolated_reminder})
        for number, letter in enumerate(letters, 1)
    }


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _ranges(facts: Sequence[Sequence[str]], letters: Sequence[PaperLetter]) -> list[PageRange]:
    ends = [(code, int(numbers[0])) for kind, code, *numbers in facts if kind == "end"]
    if [code for code, _ in ends] != [letter.code for letter in letters]:
        raise BugError("the laid out letters are not the ones asked for")
    ranges: list[PageRange] = []
    first = 0
    for code, pages in ends:
        ranges.append(PageRange(code, first, pages))
        first += pages
    return ranges
