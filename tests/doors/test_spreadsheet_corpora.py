"""Files nobody here wrote, beside the checkout in ../shared/corpora; skipped where they are not."""

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.core.emails import clean_email
from app.core.errors import UserError
from app.spreadsheet import read_table
from app.wording import explain

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
pytestmark = pytest.mark.skipif(
    not CORPORA.is_dir(), reason="the corpora are not beside this checkout (../shared/corpora)"
)
#: the corpus itself disagrees: its CSV says 2095257564, its JSON 1234567890
_OWN_MISTAKE = {("location_coordinates", "Contact Phone Number")}


def test_csv_spectrum_cell_for_cell() -> None:
    files = sorted((CORPORA / "csv-spectrum" / "csvs").glob("*.csv"))
    assert len(files) == 12
    for path in files:
        wanted = json.loads(
            (CORPORA / "csv-spectrum" / "json" / f"{path.stem}.json").read_text("utf-8")
        )
        wanted = [wanted] if isinstance(wanted, dict) else wanted
        table = read_table(path, header_row=1)
        found = [dict(zip(table.headers, row.cells, strict=True)) for row in table.rows()]
        for row in (*found, *wanted):
            for stem, header in _OWN_MISTAKE:
                if stem == path.stem:
                    row.pop(header)
        assert found == wanted, path.name


def test_csvkit_files_open_or_say_why() -> None:
    opened = 0
    for path in sorted((CORPORA / "csvkit").iterdir()):
        try:
            assert read_table(path).facts.rows
            opened += 1
        except UserError as error:
            told = explain(error).what
            if not told.endswith("."):
                pytest.fail(f"{path.name}: {told}")
    assert opened >= 55


def _texts(name: str) -> list[tuple[str, ...]]:
    """The cells that are text in both twins: dates, booleans and decimals are shown the French way."""
    return [
        tuple(cell for cell in row.cells if cell and not any(char.isdigit() for char in cell))
        for row in read_table(CORPORA / "csvkit" / name).first_rows()
    ]


@pytest.mark.parametrize(
    ("workbook", "text"),
    [
        ("dummy.xlsx", "dummy.csv"),
        ("dummy.xls", "dummy.csv"),
        ("test.xlsx", "testxlsx_converted.csv"),
        ("test.xls", "testxls_converted.csv"),
        ("test_skip_lines.xlsx", "test_skip_lines.xls"),
        ("dummy.tsv", "dummy.csv"),
        ("test_utf8_bom.csv", "test_utf8.csv"),
    ],
)
def test_csvkit_twins(workbook: str, text: str) -> None:
    french = {"True": "VRAI", "False": "FAUX"}
    wanted = [tuple(french.get(cell, cell) for cell in row if cell != "h") for row in _texts(text)]
    assert _texts(workbook) == wanted


def test_utf16_twins() -> None:
    for name in ("test_utf16_big.csv", "test_utf16_little.csv"):
        assert [row.cells for row in read_table(CORPORA / "csvkit" / name).rows()][-1] == (
            "4",
            "5",
            "ʤ",
        )


def test_csv_files_as_the_standard_library_reads_them() -> None:
    for name in (
        "blanks.csv",
        "join_a.csv",
        "test_empty_columns.csv",
        "optional_quote_characters.csv",
    ):
        with (CORPORA / "csvkit" / name).open(encoding="utf-8", newline="") as stream:
            wanted = [tuple(row) for row in csv.reader(stream)]
        assert [row.cells for row in read_table(CORPORA / "csvkit" / name).first_rows()] == wanted


def test_isemail_errors_are_refused() -> None:
    tests = ElementTree.parse(CORPORA / "isemail" / "tests.xml").getroot().iter("test")  # noqa: S314
    errors = 0
    for test in tests:
        facts = {child.tag: child.text or "" for child in test}
        # control characters are written as their pictures, U+2400 and following
        address = "".join(
            chr(ord(c) - 0x2400) if 0x2400 <= ord(c) <= 0x241F else c
            for c in facts.get("address", "")
        )
        value = clean_email(address).value  # must not crash on any
        if facts["category"] == "ISEMAIL_ERR":
            errors += 1
            assert value == "", facts["address"]
    assert errors == 66
