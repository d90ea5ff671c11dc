"""What python-calamine does not tell of an XLSX: number formats, error cells, hidden rows and columns.

Only cells whose style changes what is shown are looked at; 300,000 × 14 cells cost about one second.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree import ElementTree

from app.spreadsheet.cell_dates import is_date_format, shows_whole_date
from app.spreadsheet.cell_text import BUILT_IN, FRENCH_ERRORS, is_plain

_CHUNK = 1 << 21
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)<'
)
_EMPTY_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_LONGEST_CELL = 40_000  # kept from one chunk to the next, so that no cell is cut in two


@dataclass(slots=True)
class Extras:
    """Rows and columns are numbered from 0 here, as python-calamine does."""

    #: column → row → number format, for cells that show more than their bare value
    formats: dict[int, dict[int, str]] = field(default_factory=dict)
    #: row → column → « #N/A »
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    empty_formulas: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def read_extras(data: bytes, sheet: str) -> Extras:
    """The extras of one sheet; empty when the parts are not where the standard puts them.

    Raises:
        zipfile.BadZipFile, zlib.error: a damaged archive.
        ElementTree.ParseError: a damaged part.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = next((one.part for one in sheet_parts(archive) if one.name == sheet), "")
        return _scan(archive, part, _telling_styles(archive)) if part else Extras()


def _parse(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    try:
        text = archive.read(name)
    except KeyError:
        return None
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:  # no spreadsheet program writes one
        return None
    return ElementTree.fromstring(text)  # noqa: S314 - no DTD, expat bounds the rest


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next(
        (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), ""
    )


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Where a sheet lies; ``part`` is empty when it is not where the standard puts it."""

    name: str
    part: str
    hidden: bool


def _workbook(archive: zipfile.ZipFile) -> tuple[str, ElementTree.Element | None]:
    name = next(
        (name for name in archive.namelist() if name.lower().endswith("xl/workbook.xml")), ""
    )
    return name, _parse(archive, name) if name else None


def relation_targets(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Relation → target, for one part of the package."""
    folder, base = posixpath.split(name)
    relations = _parse(archive, f"{folder}/_rels/{base}.rels")
    if relations is None:
        return {}
    return {relation.get("Id", ""): relation.get("Target", "") for relation in relations}


def sheet_parts(archive: zipfile.ZipFile) -> list[SheetPart]:
    """The sheets in their order."""
    name, workbook = _workbook(archive)
    folder = posixpath.dirname(name)
    if workbook is None:
        return []
    targets = relation_targets(archive, name)
    names = set(archive.namelist())
    found = []
    for element in workbook.iter():
        if _local(element) == "sheet":
            target = targets.get(_attribute(element, "id"), "")
            part = (
                target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            )
            hidden = element.get("state", "visible") != "visible"
            found.append(SheetPart(element.get("name", ""), part if part in names else "", hidden))
    return found


def is_counted_from_1904(archive: zipfile.ZipFile) -> bool:
    """True for the calendar of old Macs (ECMA-376 §18.2.28)."""
    workbook = _workbook(archive)[1]
    if workbook is None:
        return False
    return any(
        _local(element) == "workbookPr" and element.get("date1904", "0") in ("1", "true", "on")
        for element in workbook
    )


def style_codes(archive: zipfile.ZipFile) -> dict[int, str]:
    """Style number → number format."""
    name = next(
        (name for name in archive.namelist() if name.lower().endswith("xl/styles.xml")), None
    )
    styles = _parse(archive, name) if name else None
    if styles is None:
        return {}
    codes = dict(BUILT_IN)
    found: dict[int, str] = {}
    for group in styles:
        kind = _local(group)
        if kind == "numFmts":
            codes.update(
                {int(fmt.get("numFmtId", "0")): fmt.get("formatCode", "") for fmt in group}
            )
        elif kind == "cellXfs":
            for index, style in enumerate(group):
                found[index] = codes.get(int(style.get("numFmtId", "0") or 0), "General")
    return found


def _telling_styles(archive: zipfile.ZipFile) -> dict[int, str]:
    """The styles that change what is shown."""
    return {
        style: code
        for style, code in style_codes(archive).items()
        if not (is_plain(code) or (is_date_format(code) and shows_whole_date(code)))
    }


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a cell ends."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            piece = rest + piece
            cut = max(piece.rfind(b"</c>"), piece.rfind(b"<row"), piece.rfind(b":c>"))
            if cut <= 0 and len(piece) < 16 * _CHUNK:
                rest = piece
                continue
            cut = cut + 4 if piece.startswith((b"</c>",), cut) else max(cut, 1)
            rest = piece[cut:]
            yield piece[:cut]
    yield rest


def _scan(archive: zipfile.ZipFile, part: str, telling: dict[int, str]) -> Extras:
    extras = Extras()
    styled = None
    if telling:
        numbers = b"|".join(str(number).encode() for number in telling)
        styled = re.compile(rb'<(?:\w+:)?c\b([^>]*\bs="(?:' + numbers + rb')"[^>]*)>')
    for chunk in _chunks(archive, part):
        if styled is not None:
            for tag in styled.findall(chunk):
                _note_format(tag, telling, extras.formats)
        _scan_rest(chunk, extras)
    return extras


def _note_format(tag: bytes, telling: dict[int, str], formats: dict[int, dict[int, str]]) -> None:
    """Remember the format of one cell; the order r, s, t is what every program but a few writes."""
    if b't="s"' in tag or b't="inlineStr"' in tag or tag.endswith(b"/"):
        return
    parts = tag.split(b'"', 4)
    if parts[0] == b" r=" and parts[2] == b" s=":
        reference, style = parts[1], int(parts[3])
        letters = reference.rstrip(b"0123456789")
        column = _column(letters)
        row = int(reference[len(letters) :]) - 1
    else:
        place, match = _place(tag), _STYLE.search(tag)
        if place is None or match is None:
            return
        (row, column), style = place, int(match[1])
    known = formats.get(column)
    if known is None:
        known = formats[column] = {}
    known[row] = telling[style]


def _scan_rest(chunk: bytes, extras: Extras) -> None:
    if b'hidden="' in chunk:
        for match in _HIDDEN.finditer(chunk):
            number = _ROW_NUMBER.search(match[0])
            if number:
                extras.hidden_rows.append(int(number[1]) - 1)
        for match in _COLUMN.finditer(chunk):
            _hidden_column(match[0], extras)
    if b't="e"' in chunk:
        for match in _ERROR.finditer(chunk):
            place = _place(match[1])
            if place:
                text = match[2].decode("utf-8", "replace")
                extras.errors.setdefault(place[0], {})[place[1]] = FRENCH_ERRORS.get(text, text)
    if b"<f" in chunk or b":f>" in chunk:
        for match in _EMPTY_FORMULA.finditer(chunk):
            place = _place(match[1])
            if place and b't="str"' not in match[1]:
                extras.empty_formulas.append(place)


def _hidden_column(tag: bytes, extras: Extras) -> None:
    if re.search(rb'\bhidden="(?:1|true)"', tag):
        bounds = [re.search(rb"\b%s=\"(\d+)\"" % name, tag) for name in (b"min", b"max")]
        if bounds[0] and bounds[1]:
            first, last = int(bounds[0][1]), min(int(bounds[1][1]), 1024)
            extras.hidden_columns.extend(range(first - 1, last))


def _place(tag: bytes) -> tuple[int, int] | None:
    match = _PLACE.search(tag)
    return None if match is None else (int(match[2]) - 1, _column(match[1]))


@lru_cache(maxsize=16_384)
def _column(letters: bytes) -> int:
    """A → 0, AA → 26."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1
