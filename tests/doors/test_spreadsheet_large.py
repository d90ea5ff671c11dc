"""Large XLSX sheets, read by pattern: the same text as through python-calamine, or left to it."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.spreadsheet import large_xlsx, read_table, reading
from app.spreadsheet.large_xlsx import open_large
from app.spreadsheet.sheet_pattern import UnusualSheet
from app.spreadsheet.workbook import open_workbook
from app.spreadsheet.xlsx_parts import sheet_parts

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
HEADERS = ["Nom", "Né le", "CP", "Tél", "Annoté", "Vu le", "Heure", "Somme", "Ref", "Mail"]


def _row(number: int) -> list[object]:
    return [
        f"DUPONT & FILS <{number}>",
        date(1950 + number % 50, 3, 12),
        1000 + number,
        612345678 if number % 2 else "06 12 34 56 78",
        number % 3 == 0,
        datetime(2024, 5, 6, 7, 8, 9),  # noqa: DTZ001 - a cell has no zone
        time(10, 4),
        1234.5 if number % 7 else None,
        "=1+1" if number % 5 else "#N/A",
        "" if number % 4 else f"p{number}@courriel.example",
    ]


def _workbook(rows: int, *, write_only: bool = False, from_1904: bool = False) -> bytes:
    book = openpyxl.Workbook(write_only=write_only)
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.create_sheet("Liste") if write_only else book.active
    assert sheet is not None
    sheet.append(HEADERS)
    for number in range(rows):
        sheet.append([value for value in _row(number) if value != "=1+1"])
    if not write_only:
        for number, row in enumerate(sheet.iter_rows(min_row=2), start=2):
            row[2].number_format = "00000"
            row[1].number_format = "mmm\\-yy" if number % 2 else "dd/mm/yyyy"
            row[3].number_format = '0#" "##" "##" "##" "##'
            row[7].number_format = "#,##0.00"
        sheet.row_dimensions[7].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.merge_cells("A4:B4")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cut(rows: list[list[str]]) -> list[list[str]]:
    cut = []
    for row in rows:
        cells = list(row)
        while cells and not cells[-1]:
            cells.pop()
        cut.append(cells)
    while cut and not cut[-1]:
        cut.pop()
    return cut


def _by_pattern(data: bytes, parts: int = 1) -> list[list[str]]:
    rows: list[list[str]] = []
    for part in range(parts):
        sheet = open_large(data, None, part, parts)
        assert sheet is not None
        for number, columns in sheet.blocks():
            rows += [[] for _ in range(number - len(rows) - 1)]
            rows += map(list, zip(*columns, strict=True))
    return _cut(rows)


def _by_calamine(data: bytes) -> list[list[str]]:
    return _cut([cells for _, cells in open_workbook("liste.xlsx", data, "xlsx", None).rows()])


@pytest.fixture(autouse=True)
def _every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_xlsx, "LARGE", 0)


@pytest.mark.parametrize(
    ("write_only", "from_1904"), [(False, False), (True, False), (False, True)]
)
def test_same_text_as_python_calamine(write_only: bool, from_1904: bool) -> None:
    data = _workbook(300, write_only=write_only, from_1904=from_1904)
    rows = _by_pattern(data)
    assert rows == _by_calamine(data)
    if not write_only:
        assert rows[1][:4] == ["DUPONT & FILS <0>", "12/03/1950", "01000", "06 12 34 56 78"]


def test_hidden_merged_and_short_dates_are_told() -> None:
    data = _workbook(60)
    sheet = open_large(data, None)
    assert sheet is not None
    assert len(list(sheet.blocks())) == 2
    known = open_workbook("liste.xlsx", data, "xlsx", None)
    list(known.rows())
    assert sheet.extras.hidden_rows == known.extras.hidden_rows == [6]
    assert sheet.extras.hidden_columns == known.extras.hidden_columns == [3]
    assert sheet.merged == known.merged == ("A4:B4",)
    assert sheet.dates_completed == known.dates_completed == 30


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_parts_make_the_whole(parts: int) -> None:
    data = _workbook(2_000)
    assert _by_pattern(data, parts) == _by_pattern(data)


def _with_sheet(data: bytes, change: object) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name.endswith("sheet1.xml") else text)  # type: ignore[operator]
    return stream.getvalue()


@pytest.mark.parametrize(
    ("known", "written"),
    [
        (b"</sheetData>", b'<row r="900"><c r="A900" t="s"><v>99999</v></c></row></sheetData>'),
        (
            b"</sheetData>",
            b'<row r="900"><c r="A900" t="d"><v>2024-01-01</v></c></row></sheetData>',
        ),
        (b"</sheetData>", b'<row r="3"><c r="A3"><v>1</v></c></row></sheetData>'),
        (b"</sheetData>", b"<row><c><v>1</v></c></row></sheetData>"),
        (b"</sheetData>", b'<row r="900"><c r="A900"><f>1+1</f></c></row></sheetData>'),
        (b"</sheetData>", b""),
        (b"<sheetData>", b"<!-- <sheetData> --><sheetData>"),
        (b"<row ", b"<x:row "),
    ],
)
def test_what_is_not_regular_is_left_to_python_calamine(known: bytes, written: bytes) -> None:
    data = _with_sheet(_workbook(20), lambda text: text.replace(known, written))
    with pytest.raises(UnusualSheet):
        _by_pattern(data)


def test_rows_that_are_not_in_the_file_are_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A3"], sheet["B3"] = "Nom", "Prénom"
    sheet["A9"], sheet["B9"] = "DUPONT", "Jean"
    path = tmp_path / "liste.xlsx"
    book.save(path)
    assert _by_pattern(path.read_bytes()) == _by_calamine(path.read_bytes())


def test_a_sheet_that_changes_on_the_way_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LONG_FILE", 1_000)  # two children
    last = b'<row r="20002"><c r="A20002" t="d"><v>2024-01-31</v></c></row></sheetData>'
    data = _with_sheet(
        _workbook(20_000, write_only=True), lambda text: text.replace(b"</sheetData>", last)
    )
    path = tmp_path / "liste.xlsx"
    path.write_bytes(data)
    table = read_table(path)
    rows = [row.number for row in table.rows()]
    assert rows == list(range(2, 20_003))
    assert table.facts.rows == 20_002


def test_two_children_give_the_same_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "liste.xlsx"
    path.write_bytes(_workbook(20_000))
    alone = read_table(path)
    monkeypatch.setattr(reading, "_LONG_FILE", 1_000)
    together = read_table(path)
    assert together.facts == alone.facts
    assert list(together.rows()) == list(alone.rows())
    assert together.batches[0].by_columns


def test_every_workbook_at_hand() -> None:
    places = [CORPORA, Path(__file__).parents[2] / "resources", Path(__file__).parents[1]]
    same = 0
    for path in sorted(found for place in places for found in place.rglob("*.xlsx")):
        data = path.read_bytes()
        if not zipfile.is_zipfile(path) or len(sheet_parts(zipfile.ZipFile(path))) != 1:
            continue
        try:
            rows = _by_pattern(data)
        except UnusualSheet:
            continue
        assert rows == _by_calamine(data), path.name
        same += 1
    assert same
