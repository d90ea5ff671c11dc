"""What python-calamine does not tell of an XLS: number formats, error cells, hidden rows and columns.

The records of BIFF5 and BIFF8 that say it ([MS-XLS] 2.4); all others are passed over.
"""

import io
import struct
from collections.abc import Iterator

import olefile

from app.spreadsheet.cell_dates import is_date_format, shows_whole_date
from app.spreadsheet.cell_text import BUILT_IN, FRENCH_ERRORS, is_plain
from app.spreadsheet.xlsx_parts import Extras

_BOF, _EOF, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_ROW, _COLINFO, _FILEPASS = 0x0208, 0x007D, 0x002F
_BIFF8 = 0x0600
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
#: [MS-XLS] 2.5.10, also used by XLSB
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def read_xls_extras(data: bytes, sheet: str) -> Extras:
    """The extras of one sheet; empty when the file is a bare stream or holds no such sheet."""
    stream = _workbook_stream(data)
    codes, places = _globals(stream)
    place = places.get(sheet)
    extras = Extras()
    if place is None:
        return extras
    telling = {
        style: code
        for style, code in enumerate(codes)
        if not (is_plain(code) or (is_date_format(code) and shows_whole_date(code)))
    }
    for kind, record in _records(stream, place):
        if kind == _EOF:
            break
        _note(kind, record, telling, extras)
    return extras


def is_locked(data: bytes) -> bool:
    """True when the content is encrypted, in whatever way ([MS-XLS] 2.4.117)."""
    for kind, _ in _records(_workbook_stream(data), 0):
        if kind in (_FILEPASS, _EOF):
            return kind == _FILEPASS
    return False


def _workbook_stream(data: bytes) -> bytes:
    if not olefile.isOleFile(data):
        return b""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            for name in ("Workbook", "Book"):
                if container.exists(name):
                    content: bytes = container.openstream(name).read()
                    return content
    except (
        OSError,
        ValueError,
        IndexError,
        struct.error,
    ):  # python-calamine has read it: nothing more is known
        return b""
    return b""


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _globals(stream: bytes) -> tuple[list[str], dict[str, int]]:
    """Number format of each style, and place of each sheet by name."""
    formats, styles, places, is_wide = dict(BUILT_IN), list[int](), dict[str, int](), True
    for kind, record in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _BOF and len(record) >= 2:
            is_wide = struct.unpack_from("<H", record)[0] == _BIFF8
        elif kind == _FORMAT and len(record) > 3:
            formats[struct.unpack_from("<H", record)[0]] = _text(record[2:], 2, is_wide=is_wide)
        elif kind == _XF and len(record) >= 4:
            styles.append(struct.unpack_from("<H", record, 2)[0])
        elif kind == _BOUNDSHEET and len(record) > 7:
            places[_text(record[6:], 1, is_wide=is_wide)] = struct.unpack_from("<I", record)[0]
    return [formats.get(style, "General") for style in styles], places


def _text(record: bytes, length_size: int, *, is_wide: bool) -> str:
    """A counted text; before BIFF8 in the code page of the machine, one byte for the count."""
    if not is_wide:
        return record[1 : 1 + record[0]].decode("cp1252", "replace")
    count = int.from_bytes(record[:length_size], "little")
    flags, body = record[length_size], record[length_size + 1 :]
    if flags & 1:
        return body[: 2 * count].decode("utf-16-le", "replace")
    return body[:count].decode("latin-1")


def _note(kind: int, record: bytes, telling: dict[int, str], extras: Extras) -> None:
    if kind in (_NUMBER, _RK, _FORMULA, _BOOLERR) and len(record) >= 8:
        row, column, style = struct.unpack_from("<HHH", record)
        error = _error(kind, record)
        if error:
            extras.errors.setdefault(row, {})[column] = error
        elif style in telling:
            extras.formats.setdefault(column, {})[row] = telling[style]
    elif kind == _MULRK and len(record) >= 12:
        row, column = struct.unpack_from("<HH", record)
        for place in range(4, len(record) - 2, 6):
            style = struct.unpack_from("<H", record, place)[0]
            if style in telling:
                extras.formats.setdefault(column, {})[row] = telling[style]
            column += 1
    elif kind == _ROW and len(record) >= 14:
        row, flags = struct.unpack_from("<H", record)[0], struct.unpack_from("<H", record, 12)[0]
        if flags & _ROW_HIDDEN:
            extras.hidden_rows.append(row)
    elif kind == _COLINFO and len(record) >= 10:
        first, last, flags = (struct.unpack_from("<H", record, place)[0] for place in (0, 2, 8))
        if flags & _COLUMN_HIDDEN:
            extras.hidden_columns.extend(range(first, min(last, 255) + 1))


def _error(kind: int, record: bytes) -> str:
    code = None
    if kind == _BOOLERR and record[7]:
        code = record[6]
    elif kind == _FORMULA and len(record) >= 14 and record[12:14] == b"\xff\xff" and record[6] == 2:
        code = record[8]
    text = "" if code is None else ERRORS.get(code, "#N/A")
    return FRENCH_ERRORS.get(text, text)
