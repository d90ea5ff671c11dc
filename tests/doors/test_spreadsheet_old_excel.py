"""XLS and XLSB: cells as Excel shows them, errors and hidden places told, as for an XLSX."""

from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.errors.files import EncryptionUnsupported, PasswordNeeded
from app.spreadsheet import read_table
from app.spreadsheet.table import Table
from tests.support.old_excel import Cell, xls_bytes, xlsb_bytes

PHONE = '0#" "##" "##" "##" "##'
ROWS: list[list[Cell]] = [
    ["Nom", "CP", "Tél", "Né le", "Montant", "Ville"],
    ["DURAND", (1000.0, "00000"), (612345678.0, PHONE), (31118.0, "dd/mm/yyyy"), (1234.5, "#,##0.00"), b"\x2a"],
    ["LEFÈVRE", (39000.0, "00000"), b"\x0f", (31118.0, "mmm\\-yy"), (12.0, "General"), "DOLE"],
    ["PETIT", (75011.0, "General"), "", (40000.0, "dd/mm/yyyy"), "", "PARIS"],
]  # fmt: skip
SHOWN = [
    ("DURAND", "01000", "06 12 34 56 78", "12/03/1985", "1\u202f234,50", "#N/A"),
    ("LEFÈVRE", "39000", "#VALEUR!", "12/03/1985", "12", "DOLE"),
    ("PETIT", "75011", "", "06/07/2009", "", "PARIS"),
]


def _read(folder: Path, name: str, data: bytes) -> Table:
    path = folder / name
    path.write_bytes(data)
    return read_table(path)


@pytest.mark.parametrize(("name", "make"), [("l.xls", xls_bytes), ("l.xlsb", xlsb_bytes)])
def test_cells_as_excel_shows_them(name: str, make: type, tmp_path: Path) -> None:
    table = _read(tmp_path, name, make(ROWS, hidden_row=2, hidden_column=4))
    assert table.facts.format == name[2:]
    assert table.headers == tuple(str(title) for title in ROWS[0])
    assert [row.cells for row in table.rows()] == SHOWN
    assert table.facts.hidden_rows == (3,)
    assert table.facts.hidden_columns == (5,)
    assert table.facts.dates_completed == 1


def test_the_calendar_of_old_macs(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Nom", "Prénom", "Né le"],
        ["DURAND", "Paul", (31118.0 - 1462, "dd/mm/yyyy")],
    ]
    table = _read(tmp_path, "mac.xls", xls_bytes(rows, from_1904=True))
    assert next(table.rows()).cells[2] == "12/03/1985"


@pytest.mark.parametrize(("name", "make"), [("l.xls", xls_bytes), ("l.xlsb", xlsb_bytes)])
def test_cut_anywhere_it_opens_or_says_why(name: str, make: type, tmp_path: Path) -> None:
    data = make(ROWS)
    opened = 0
    for end in range(600, len(data), max(len(data) // 12, 1)):
        try:
            opened += bool(_read(tmp_path, name, data[:end]).facts.rows)
        except UserError:
            continue
    assert opened < 12


def test_what_is_no_number_is_an_error(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Nom", "Prénom", "CP"], ["DURAND", "Paul", (float("nan"), "00000")]]
    assert next(_read(tmp_path, "l.xls", xls_bytes(rows)).rows()).cells[2] == "#NOMBRE!"


def test_an_old_encryption_is_told(tmp_path: Path) -> None:
    data = xls_bytes(ROWS).replace(b"\x22\x00\x02\x00\x00\x00", b"\x2f\x00\x02\x00\x00\x00")
    with pytest.raises((EncryptionUnsupported, PasswordNeeded)):
        _read(tmp_path, "l.xls", data)
