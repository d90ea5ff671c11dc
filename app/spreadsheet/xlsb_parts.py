"""What python-calamine does not tell of an XLSB: number formats, error cells, what is hidden ([MS-XLSB] 2.4)."""

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator

from app.spreadsheet.cell_dates import is_date_format, shows_whole_date
from app.spreadsheet.cell_text import BUILT_IN, FRENCH_ERRORS, is_plain
from app.spreadsheet.xls_parts import ERRORS
from app.spreadsheet.xlsx_parts import Extras, relation_targets

_ROW, _RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 9, 11
_FORMAT, _STYLE, _COLUMN, _SHEET = 44, 47, 60, 156
_BEGIN_STYLES, _END_STYLES = 617, 618
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x10, 0x01


def read_xlsb_extras(data: bytes, sheet: str) -> Extras:
    """The extras of one sheet; empty when the parts are not where the standard puts them.

    Raises:
        zipfile.BadZipFile, zlib.error: a damaged archive.
    """
    extras = Extras()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part(archive, sheet)
        if not part:
            return extras
        telling = _telling_styles(archive)
        row = 0
        for kind, record in _records(archive.read(part)):
            if kind == _ROW and len(record) >= 12:
                row = struct.unpack_from("<I", record)[0]
                if record[11] & _ROW_HIDDEN:
                    extras.hidden_rows.append(row)
            elif kind in (_RK, _REAL, _FORMULA_NUMBER) and len(record) >= 8:
                column, style = _cell(record)
                if style in telling:
                    extras.formats.setdefault(column, {})[row] = telling[style]
            elif kind in (_ERROR, _FORMULA_ERROR) and len(record) >= 9:
                text = ERRORS.get(record[8], "#N/A")
                extras.errors.setdefault(row, {})[_cell(record)[0]] = FRENCH_ERRORS.get(text, text)
            elif kind == _COLUMN and len(record) >= 18:
                first, last = struct.unpack_from("<II", record)
                if record[16] & _COLUMN_HIDDEN:
                    extras.hidden_columns.extend(range(first, min(last, 1023) + 1))
    return extras


def _cell(record: bytes) -> tuple[int, int]:
    """Column and style."""
    column, style = struct.unpack_from("<II", record)
    return column, style & 0xFFFFFF


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place, end = 0, len(stream)
    while place < end:
        kind = stream[place]
        place += 1
        if kind & 0x80 and place < end:
            kind = (kind & 0x7F) | (stream[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while place < end:
            byte = stream[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, stream[place : place + size]
        place += size


def _text(record: bytes, place: int) -> tuple[str, int]:
    """A counted text and the place after it."""
    count = struct.unpack_from("<I", record, place)[0] if place + 4 <= len(record) else 0
    if count == 0xFFFFFFFF:
        return "", place + 4
    end = place + 4 + 2 * count
    return record[place + 4 : end].decode("utf-16-le", "replace"), end


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    name = next((one for one in archive.namelist() if one.lower().endswith("workbook.bin")), "")
    if not name:
        return ""
    targets = relation_targets(archive, name)
    for kind, record in _records(archive.read(name)):
        if kind == _SHEET:
            relation, after = _text(record, 8)
            if _text(record, after)[0] == sheet:
                target = targets.get(relation, "")
                folder = posixpath.dirname(name)
                part = target[1:] if target[:1] == "/" else posixpath.normpath(f"{folder}/{target}")
                return part if part in archive.namelist() else ""
    return ""


def _telling_styles(archive: zipfile.ZipFile) -> dict[int, str]:
    name = next((one for one in archive.namelist() if one.lower().endswith("styles.bin")), "")
    formats, telling = dict(BUILT_IN), dict[int, str]()
    number, inside = 0, False
    for kind, record in _records(archive.read(name)) if name else ():
        if kind == _FORMAT and len(record) >= 6:
            formats[struct.unpack_from("<H", record)[0]] = _text(record, 2)[0]
        elif kind in (_BEGIN_STYLES, _END_STYLES):
            inside = kind == _BEGIN_STYLES
        elif kind == _STYLE and inside and len(record) >= 4:
            code = formats.get(struct.unpack_from("<H", record, 2)[0], "General")
            if not (is_plain(code) or (is_date_format(code) and shows_whole_date(code))):
                telling[number] = code
            number += 1
    return telling
