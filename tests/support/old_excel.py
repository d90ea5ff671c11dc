"""Small XLS (BIFF8 in an OLE2 container) and XLSB files, written record by record."""

import io
import struct
import zipfile
from collections.abc import Sequence

#: a cell: text, number with its number format, or an error code
Cell = str | tuple[float, str] | bytes
_SECTOR = 512


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _wide(text: str, count: str) -> bytes:
    return struct.pack(f"<{count}B", len(text), 1) + text.encode("utf-16-le")


def _formats(rows: Sequence[Sequence[Cell]]) -> list[str]:
    return [
        "General",
        *dict.fromkeys(cell[1] for row in rows for cell in row if isinstance(cell, tuple)),
    ]


def xls_bytes(
    rows: Sequence[Sequence[Cell]],
    *,
    hidden_row: int = -1,
    hidden_column: int = -1,
    from_1904: bool = False,
) -> bytes:
    """One sheet « Liste »."""
    formats = _formats(rows)
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6))
    start += _record(0x0022, struct.pack("<H", from_1904))
    for number, code in enumerate(formats[1:], start=164):
        start += _record(0x041E, struct.pack("<H", number) + _wide(code, "H"))
    for number in (0, *range(164, 163 + len(formats))):
        start += _record(0x00E0, struct.pack("<HHH", 0, number, 0) + bytes(14))
    name = _wide("Liste", "B")
    size = len(start) + 4 + 6 + len(name) + 4
    start += _record(0x0085, struct.pack("<IBB", size, 0, 0) + name) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    if hidden_column >= 0:
        sheet += _record(
            0x007D, struct.pack("<HHHHHH", hidden_column, hidden_column, 2304, 0, 1, 0)
        )
    for row, cells in enumerate(rows):
        flags = 0x20 if row == hidden_row else 0
        sheet += _record(0x0208, struct.pack("<HHHHHHHH", row, 0, len(cells), 255, 0, 0, flags, 0))
        for column, cell in enumerate(cells):
            place = struct.pack("<HH", row, column)
            if isinstance(cell, str):
                if cell:
                    sheet += _record(0x0204, place + struct.pack("<H", 0) + _wide(cell, "H"))
            elif isinstance(cell, bytes):
                sheet += _record(0x0205, place + struct.pack("<HBB", 0, cell[0], 1))
            else:
                style = formats.index(cell[1])
                sheet += _record(0x0203, place + struct.pack("<Hd", style, cell[0]))
    return _container(start + sheet + _record(0x000A, b""))


def _container(stream: bytes) -> bytes:
    """OLE2: the table of sectors, the directory, then the stream « Workbook »."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    chain = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    table = struct.pack(f"<{_SECTOR // 4}I", *chain, *[free] * (_SECTOR // 4 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        title = (name + "\0").encode("utf-16-le")
        tail = struct.pack("<HBBIII36xIQ", len(title), kind, 1, free, free, child, first, size)
        return title.ljust(64, b"\0") + tail

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    return header + table + folder.ljust(_SECTOR, b"\0") + stream.ljust(sectors * _SECTOR, b"\0")


def _part(kind: int, body: bytes = b"") -> bytes:
    code = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return code + bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) + body


def _counted(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_bytes(
    rows: Sequence[Sequence[Cell]], *, hidden_row: int = -1, hidden_column: int = -1
) -> bytes:
    """One sheet « Liste »."""
    formats = _formats(rows)
    styles = _part(278) + _part(615, struct.pack("<I", len(formats) - 1))
    for number, code in enumerate(formats[1:], start=164):
        styles += _part(44, struct.pack("<H", number) + _counted(code))
    styles += _part(616) + _part(617, struct.pack("<I", len(formats)))
    for number in (0, *range(164, 163 + len(formats))):
        styles += _part(47, struct.pack("<HH", 0, number) + bytes(12))
    styles += _part(618) + _part(279)
    sheet = _part(129) + _part(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 9))
    if hidden_column >= 0:
        bounds = struct.pack("<IIIIH", hidden_column, hidden_column, 2304, 0, 1)
        sheet += _part(390) + _part(60, bounds) + _part(391)
    sheet += _part(145)
    for row, cells in enumerate(rows):
        flags = 0x10 if row == hidden_row else 0
        sheet += _part(0, struct.pack("<IIHBBB", row, 0, 300, 0, flags, 0) + struct.pack("<I", 0))
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell:
                    sheet += _part(6, struct.pack("<II", column, 0) + _counted(cell))
            elif isinstance(cell, bytes):
                sheet += _part(3, struct.pack("<II", column, 0) + cell)
            else:
                sheet += _part(5, struct.pack("<IId", column, formats.index(cell[1]), cell[0]))
    sheet += _part(146) + _part(130)
    book = _part(131) + _part(143)
    book += _part(156, struct.pack("<II", 0, 1) + _counted("rId1") + _counted("Liste"))
    book += _part(144) + _part(132)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="bin" ContentType='
            '"application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" '
            f'Target="worksheets/sheet1.bin"/><Relationship Id="rId2" Type="{office}/styles" '
            'Target="styles.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return stream.getvalue()
