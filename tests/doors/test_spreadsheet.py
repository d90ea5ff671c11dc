"""Real files through the guarded child process: every cell is the text the user sees."""

import io
import os
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.core.errors import Cancelled
from app.core.errors.files import (
    ArchiveNotOneList,
    EncodingWrong,
    FileNotWritten,
    FileSuspicious,
    NoTable,
    PasswordNeeded,
    PasswordWrong,
    SheetMissing,
)
from app.spreadsheet import Table, read_table, write_table
from tests.support.lists import csv_bytes

ROWS = [("Nom", "CP", "Mail"), ("Lefèvre", "01000", "a@b.fr"), ("N’Diaye", "2A004", "")]


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.first_rows()]


def workbook(path: Path, change: Any) -> Path:
    book = openpyxl.Workbook()
    change(book.active)
    book.save(path)
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_files(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_bytes(ROWS, delimiter, encoding))
    table = read_table(path)
    assert cells(table) == ROWS
    assert table.facts.delimiter == delimiter
    assert table.header_row == 1


def test_text_of_old_systems(tmp_path: Path) -> None:
    rows = [("Nom", "Prénom"), *[(f"LEFÈVRE{n}".rstrip("0123456789"), "Hélène") for n in range(5)]]
    for encoding in ("mac_roman", "cp850"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes(csv_bytes(rows, "\t", encoding))
        table = read_table(path)
        assert cells(table) == rows
        assert table.facts.encoding == encoding
        assert "Hélène" in table.facts.accents


def test_the_user_overrides_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Nom;Prénom\nLefèvre;Zoé\n".encode("cp850"))
    assert cells(read_table(path, encoding="cp850"))[1] == ("Lefèvre", "Zoé")
    with pytest.raises(EncodingWrong):
        read_table(path, encoding="utf-8")


def test_separator_line_quotes_and_lines_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(
        b'sep=;\r\nNom;Adresse\r\n"DU""PONT";"8 rue X\r\n39000 LONS"\r\n;\r\nPETIT;Y\r\n'
    )
    table = read_table(path)
    assert cells(table) == [
        ("Nom", "Adresse"),
        ('DU"PONT', "8 rue X\r\n39000 LONS"),
        ("", ""),
        ("PETIT", "Y"),
    ]
    assert [row.number for row in table.rows()] == [2, 3, 4]


def test_cells_are_shown_as_excel_shows_them(tmp_path: Path) -> None:
    shown: list[tuple[Any, str, str]] = [
        (1000, "00000", "01000"),
        (1000, "General", "1000"),
        (639980001, '0#" "##" "##" "##" "##', "06 39 98 00 01"),
        (170990000000101, "0", "170990000000101"),
        (date(1985, 3, 12), "dd/mm/yyyy", "12/03/1985"),
        (date(1985, 3, 12), "yyyy\\-mm\\-dd", "1985-03-12"),
        (date(1985, 3, 12), "[$-40C]d mmmm yyyy", "12 mars 1985"),
        (date(1985, 3, 12), "mmm-yy", "12/03/1985"),
        (datetime(1985, 3, 12, 9, 5), "dd/mm/yyyy hh:mm", "12/03/1985 09:05"),  # noqa: DTZ001 - a spreadsheet knows no zone
        (31118, "General", "31118"),
        (0.256, "0%", "26%"),
        (1234.5, "#,##0.00", "1\u202f234,50"),
        (-3.5, "0.0", "-3,5"),
        (0.1 + 0.2, "General", "0,3"),
        (True, "General", "VRAI"),
        ("012", "General", "012"),
        ("=1+1", "@", "=1+1"),
    ]

    def fill(sheet: Any) -> None:
        for row, (value, number_format, _) in enumerate(shown, start=1):
            cell = sheet.cell(row=row, column=2, value=value)
            cell.number_format = number_format
            if isinstance(value, str):
                cell.data_type = "s"

    table = read_table(workbook(tmp_path / "cases.xlsx", fill), header_row=0)
    assert [row.cells for row in table.rows()] == [("", text) for _, _, text in shown]
    assert table.facts.dates_completed == 1


def test_what_python_calamine_keeps_quiet(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Nom", "Prénom", "CP"])
        sheet.append(["DURAND", "Paul", "=1/0"])
        sheet.append(["PETIT", "#N/A", "39000"])
        sheet["B3"].data_type = "e"
        sheet.append(["A", "B", "C"])
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("A3:A4")

    table = read_table(workbook(tmp_path / "cases.xlsx", fill))
    assert cells(table)[2][1] == "#N/A"
    facts = table.facts
    assert facts.empty_formulas == ("C2",)
    assert (facts.hidden_rows, facts.hidden_columns, facts.merged) == ((3,), (2,), ("A3:A4",))


def test_the_likely_sheet_is_proposed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Mode d’emploi"])
    listed = book.create_sheet("Export")
    listed.append(["Titre"])
    listed.append(["Nom", "Prénom", "CP"])
    listed.append(["DURAND", "Paul", "39000"])
    secret = book.create_sheet("Caché")
    secret.append(["Nom", "Prénom", "CP", "Ville"])
    secret.sheet_state = "hidden"
    path = tmp_path / "cases.xlsx"
    book.save(path)
    table = read_table(path)
    assert (table.facts.sheet, table.header_row) == ("Export", 2)
    assert [(sheet.name, sheet.hidden) for sheet in table.facts.sheets] == [
        ("Sheet", False), ("Export", False), ("Caché", True),
    ]  # fmt: skip
    assert read_table(path, sheet="Caché").headers == ("Nom", "Prénom", "CP", "Ville")
    with pytest.raises(SheetMissing):
        read_table(path, sheet="Autre")


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    right = workbook(tmp_path / "vrai.xlsx", lambda sheet: sheet.append(["Nom", "CP"]))
    wrong = tmp_path / "liste.csv"
    wrong.write_bytes(right.read_bytes())
    table = read_table(wrong)
    assert (table.facts.format, table.facts.extension_is_wrong) == ("xlsx", True)
    text = tmp_path / "liste.xls"
    text.write_bytes(csv_bytes(ROWS))
    assert read_table(text).facts.format == "csv"


def test_a_zip_holding_one_list(tmp_path: Path) -> None:
    path = tmp_path / "envoi.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export/liste.csv", csv_bytes(ROWS))
        archive.writestr("__MACOSX/export/._liste.csv", b"x")
        archive.writestr("lisez-moi.pdf", b"%PDF")
    table = read_table(path)
    assert (table.facts.member, cells(table)) == ("export/liste.csv", ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("autre.csv", b"a;b")
    with pytest.raises(ArchiveNotOneList):
        read_table(path)


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    import pyzipper

    path = tmp_path / "envoi.zip"
    with pyzipper.AESZipFile(path, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"secret")
        archive.writestr("liste.csv", csv_bytes(ROWS))
    with pytest.raises(PasswordNeeded):
        read_table(path)
    with pytest.raises(PasswordWrong):
        read_table(path, password="faux")
    assert cells(read_table(path, password="secret")) == ROWS


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = workbook(tmp_path / "clair.xlsx", lambda sheet: sheet.append(["Nom", "CP"]))
    path = tmp_path / "protege.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("secret", target)
    with pytest.raises(PasswordNeeded):
        read_table(path)
    with pytest.raises(PasswordWrong):
        read_table(path, password="faux")
    table = read_table(path, password="secret")
    assert table.facts.was_encrypted
    assert table.headers == ("Nom", "CP")


def test_1904_dates(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append(["Né le"])
    book.active.append([date(1985, 3, 12)])
    path = tmp_path / "mac.xlsx"
    book.save(path)
    shown = cells(read_table(path))[1][0]
    assert shown in {"12/03/1985", "1985-03-12"}


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(NoTable):
        read_table(workbook(tmp_path / "vide.xlsx", lambda _: None))


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "longue.csv"
    path.write_bytes(csv_bytes([ROWS[0], *[ROWS[1]] * 50_000]))
    with pytest.raises(Cancelled):
        read_table(path, cancelled=lambda: True)
    seen: list[int] = []
    assert read_table(path, progress=seen.append).facts.rows == 50_001
    assert seen[-1] == 50_001


def test_control_characters_are_replaced_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(b"Nom;CP\nDU\x1fRAND;39\x1e000\n")
    table = read_table(path)
    assert cells(table)[1] == ("DU RAND", "39 000")
    assert table.facts.control_characters == 2


def test_header_row_chosen_by_the_user(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_bytes(ROWS))
    table = read_table(path, header_row=2)
    assert table.headers == ("Lefèvre", "01000", "a@b.fr")
    assert table.with_header_row(0).headers == ("Colonne A", "Colonne B", "Colonne C")
    assert len(list(table.with_header_row(0).rows())) == 3


@pytest.mark.parametrize("name", ["rapport.xlsx", "rapport.csv"])
def test_what_is_written_is_read_back_and_never_a_formula(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_table(path, ["Nom", "Note"], [["=1+1", "+33 6"], ["Zoé", "a\nb"]]) == 2
    assert list(tmp_path.iterdir()) == [path]
    found = cells(read_table(path))
    assert found[0] == ("Nom", "Note")
    assert found[1][0] == ("=1+1" if name.endswith("xlsx") else "'=1+1")
    if name.endswith("xlsx"):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten):
        write_table(tmp_path / "absent" / "x.csv", ["a"], [])


def test_no_value_in_a_repr(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_bytes(ROWS))
    table = read_table(path)
    shown = repr(table) + repr(table.batches[0]) + repr(next(iter(table.rows())))
    assert "Lefèvre" not in shown
    assert os.fspath(path) not in shown


# ruff: noqa: E501 - XML reads better on its line
_ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>"
)


def ods(path: Path, sheets: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"{_ODS_HEAD}{sheets}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_a_libreoffice_sheet_is_read_as_it_shows_itself(tmp_path: Path) -> None:
    def cell(text: str, attributes: str = "") -> str:
        return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"

    rows = (
        f"<table:table-row>{cell('Nom')}{cell('CP')}{cell('Né le')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="9"/></table:table-row>'
        "<table:table-row>"
        + cell("N’Diaye<text:s text:c='2'/>X")
        + cell("01000", 'office:value-type="float" office:value="1000"')
        + cell("12/03/85", 'office:value-type="date" office:date-value="1985-03-12"')
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        f'<table:table-row table:visibility="collapse">{cell("PETIT")}<table:table-cell/>{cell("#N/A")}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    table = read_table(
        ods(tmp_path / "liste.ods", f'<table:table table:name="Export">{rows}</table:table>')
    )
    assert cells(table) == [
        ("Nom", "CP", "Né le"), ("",), ("",), ("N’Diaye  X", "01000", "12/03/1985"), ("PETIT", "", "#N/A"),
    ]  # fmt: skip
    assert (table.facts.hidden_rows, table.facts.dates_completed) == ((5,), 1)


def test_an_endless_libreoffice_sheet_is_refused(tmp_path: Path) -> None:
    row = '<table:table-row table:number-rows-repeated="99999999"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'
    path = ods(tmp_path / "liste.ods", f'<table:table table:name="A">{row}</table:table>')
    with pytest.raises(FileSuspicious):
        read_table(path)
