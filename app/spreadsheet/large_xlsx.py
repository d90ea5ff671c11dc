"""Large XLSX sheets, by columns and several times faster than through an XML parser; see sheet_pattern.

Only what is written as the usual programs write it is read here; anything else is left to python-calamine, which
reads the same text (a test compares both on every workbook at hand).
"""

import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO

from app.spreadsheet.cell_values import Converters, plain_text
from app.spreadsheet.sheet_pattern import SheetPattern, UnusualSheet
from app.spreadsheet.xlsx_parts import Extras, is_counted_from_1904, sheet_parts, style_codes

#: of XML; below, python-calamine takes a fraction of a second
LARGE = 3_000_000
_CHUNK = 1 << 20
_LAST_ROW = 1_048_576
_ROW_TAG = re.compile(r'<row r="(\d+)"[^>]*\bhidden="(?:1|true)"')
_COLUMN_TAG = re.compile(r"<col\b[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_BOUND = re.compile(r'\b(min|max)="(\d+)"')
_MERGED = re.compile(r'<mergeCell ref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
_MOST_MERGED = 100
_TITLE_ROWS = 40
_LONGEST_ROW = 4_000_000

#: number of the first row, columns of texts
Block = tuple[int, list[list[str]]]


@dataclass(slots=True)
class LargeSheet:
    """One sheet, read as its blocks are asked for. Facts are complete after the last block."""

    name: str
    hidden: bool
    archive: zipfile.ZipFile
    part: str
    converters: Converters
    part_number: int = 0
    parts: int = 1
    extras: Extras = field(default_factory=Extras)
    merged: tuple[str, ...] = ()

    @property
    def dates_completed(self) -> int:
        """Dates shown in short that are given in full."""
        return self.converters.dates_completed

    def blocks(self) -> Iterator[Block]:
        """Number of the first row, and the columns from A. Blank rows between blocks are left out.

        Raises:
            UnusualSheet: even after some blocks: what was given before is then to be forgotten.
        """
        pattern, expected = SheetPattern(), 1
        for place, chunk in enumerate(self._chunks()):
            if place == 1:  # titles are not written as what they head
                pattern = SheetPattern()
            rows = pattern.rows(chunk)
            if not rows:
                continue
            self._hidden_rows(chunk)
            for number, cells in _consecutive(rows):
                if number < expected:
                    raise UnusualSheet
                expected = number + len(cells)
                columns = self._columns(pattern, cells)
                filled = _filled_rows(columns)
                if filled < len(cells):
                    columns = [column[:filled] for column in columns]
                if filled:
                    yield number, columns

    def _columns(self, pattern: SheetPattern, rows: list[tuple[str, ...]]) -> list[list[str]]:
        groups = list(zip(*rows, strict=True))
        columns: list[list[str]] = []
        for column in pattern.columns:
            while len(columns) < column.index:
                columns.append([""] * len(rows))
            values = groups[column.value_group]
            if column.attribute_group:
                columns.append(self.converters.mixed(groups[column.attribute_group], values))
            else:
                columns.append(self.converters.column(column.attributes, values))
        return columns

    def _chunks(self) -> Iterator[str]:
        """The rows of this part in pieces that end between two rows; the next piece is unpacked meanwhile."""
        with self.archive.open(self.part) as stream, ThreadPoolExecutor(max_workers=1) as pool:
            pieces = _ahead(stream, pool)
            begin, stop = self._bounds()
            rest, at = self._data(pieces)
            while at + len(rest) <= begin:
                at += len(rest)
                rest = _next(pieces)
            if at < begin:
                rest, at = rest[begin - at :], begin
            is_first = has_begun = self.part_number == 0
            start = 0
            while True:
                end = rest.rfind(b"</sheetData>")
                beyond = rest.find(b"<row ", max(stop - at, 0)) if stop < at + len(rest) else -1
                cut = end if end >= 0 else rest.rfind(b"<row ")
                if 0 <= beyond < cut:
                    cut, end = beyond, -1
                if not has_begun:  # what comes before belongs to the part before
                    start = rest.find(b"<row ", 0, max(cut, 0))
                has_begun = has_begun or start >= 0
                if is_first and start >= 0:  # titles are not written as what they head
                    is_first, titles = False, _end_of_titles(rest, cut)
                    yield rest[start:titles].decode()
                    start = titles
                if 0 <= start < cut:
                    yield rest[start:cut].decode()
                if beyond >= 0 and end < 0:
                    return
                if end >= 0:
                    self._after_data(rest[end:], *pieces)
                    return
                rest, at = rest[max(cut, 0) :], at + max(cut, 0)
                start = 0
                if len(rest) > _LONGEST_ROW:
                    raise UnusualSheet
                rest += _next(pieces)

    def _bounds(self) -> tuple[int, int]:
        """Rows that begin between these places of the unpacked sheet are this part’s."""
        size = self.archive.getinfo(self.part).file_size
        last = self.part_number + 1 == self.parts
        return (
            size * self.part_number // self.parts,
            size + 1 if last else size * (self.part_number + 1) // self.parts,
        )

    def _data(self, pieces: Iterator[bytes]) -> tuple[bytes, int]:
        """What follows « <sheetData> », and its place."""
        head = b""
        for piece in pieces:
            head += piece
            start = head.find(b"<sheetData>")
            if start >= 0:
                self._before_data(head[:start])
                return head[start + 11 :], start + 11
            if len(head) > 2 * _CHUNK or b"<sheetData" in head:
                break
        raise UnusualSheet

    def _before_data(self, head: bytes) -> None:
        declaration = head[:200].lower()
        if b"<!" in head or (b"encoding=" in declaration and b"utf-8" not in declaration):
            raise UnusualSheet
        for tag in _COLUMN_TAG.finditer(head.decode()):
            bounds = dict(_BOUND.findall(tag[0]))
            first, last = int(bounds.get("min", "1")), min(int(bounds.get("max", "0")), 1024)
            self.extras.hidden_columns.extend(range(first - 1, last))

    def _after_data(self, *tail: bytes) -> None:
        text = b"".join(tail).decode("utf-8", "replace")
        self.merged = tuple(_MERGED.findall(text)[:_MOST_MERGED])

    def _hidden_rows(self, chunk: str) -> None:
        if 'hidden="' in chunk:
            self.extras.hidden_rows.extend(int(row) - 1 for row in _ROW_TAG.findall(chunk))


def _ahead(stream: IO[bytes], pool: ThreadPoolExecutor) -> Iterator[bytes]:
    """The pieces of a stream, the next one being unpacked by another thread."""
    coming = pool.submit(stream.read, _CHUNK)
    while piece := coming.result():
        coming = pool.submit(stream.read, _CHUNK)
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes:
    piece = next(pieces, b"")
    if not piece:
        raise UnusualSheet  # cut in the middle of the data
    return piece


def _end_of_titles(data: bytes, end: int) -> int:
    """Where the first rows end, among which the titles are."""
    place = 0
    for _ in range(_TITLE_ROWS):
        found = data.find(b"<row ", place + 1, end)
        if found < 0:
            return end
        place = found
    return place


def _consecutive(rows: list[tuple[str, ...]]) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """Runs of rows without a gap, with the number of their first."""
    numbers = [int(row[0]) for row in rows]
    first, count = numbers[0], len(numbers)
    if numbers[-1] > _LAST_ROW:
        raise UnusualSheet
    if numbers == list(range(first, first + count)):
        yield first, rows
        return
    start = 0
    for index in range(1, count + 1):
        if index == count or numbers[index] != numbers[index - 1] + 1:
            yield numbers[start], rows[start:index]
            start = index


def _filled_rows(columns: list[list[str]]) -> int:
    """How many rows there are up to the last with something in it."""
    count = len(columns[0]) if columns else 0
    while count and not any(column[count - 1] for column in columns):
        count -= 1
    return count


def open_large(
    data: bytes, wanted: str | None, part_number: int = 0, of_parts: int = 1
) -> LargeSheet | None:
    """The only worksheet of a workbook, or the one asked for, when it is large; else None."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = sheet_parts(archive)
    if len(parts) != 1 or wanted not in (None, parts[0].name) or not parts[0].part:
        return None
    if archive.getinfo(parts[0].part).file_size < LARGE:
        return None
    codes = style_codes(archive)
    try:
        strings = shared_strings(archive)
        converters = Converters(strings, codes, is_1904=is_counted_from_1904(archive))
    except (UnusualSheet, UnicodeDecodeError):
        return None
    return LargeSheet(
        parts[0].name, parts[0].hidden, archive, parts[0].part, converters, part_number, of_parts
    )


_ITEM = re.compile(r"<si>(.*?)</si>|<si/>", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>|<phoneticPr\b[^>]*/>", re.DOTALL)
_TEXT = re.compile(r"<t(?:\s[^>]*)?(?:/>|>([^<]*)</t>)")


def shared_strings(archive: zipfile.ZipFile) -> list[str]:
    """The shared texts in order."""
    name = next(
        (name for name in archive.namelist() if name.lower().endswith("xl/sharedstrings.xml")), None
    )
    if name is None:
        return []
    raw = archive.read(name)
    head = raw[:200].lower()
    if b"<!" in raw[:4096] or (b"encoding=" in head and b"utf-8" not in head):
        raise UnusualSheet
    text = raw.decode()
    start, end = text.find("<si>"), text.rfind("</si>")
    if start < 0:
        return []
    texts = text[start + 7 : end - 4].split("</t></si><si><t>")
    if (
        text.startswith("<si><t>", start)
        and text.endswith("</t>", 0, end)
        and text.count("<si>") == len(texts)
        and not any("<" in one for one in texts)
    ):
        found = texts
    else:
        found = ["".join(_TEXT.findall(_PHONETIC.sub("", item))) for item in _ITEM.findall(text)]
    return [plain_text(one) if "&" in one or "_x" in one or "\r" in one else one for one in found]
