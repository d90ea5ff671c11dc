"""The sheet is read back by two readers, and its rows never lie in a file of their own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from app.spreadsheet.xlsx_writing import write_xlsx

TEXTS = (
    "=1+1",
    "  deux espaces  ",
    "Œuvrard & <fils> « L’Hôte »",
    "ligne 1\nligne 2",
    "_x0041_",
    "01000",
    "cloche\x07",
    "😀",
    "",
)


def test_two_readers_read_every_text_back(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    headers = [f"Colonne {number}" for number in range(30)]
    wide = [f"r{number}" for number in range(30)]
    assert write_xlsx(path, headers, [TEXTS, wide]) == 2
    expected = [text.replace("\x07", " ") for text in TEXTS]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == headers
    found = [str(text or "") for text in rows[1][: len(TEXTS)]]
    found[4] = found[4].replace("_x005F_", "_")  # openpyxl does not undo ECMA-376's own escape
    assert found == expected
    assert list(rows[2]) == wide
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].number_format == "@"
    assert sheet.freeze_panes == "A2"
    read = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert read[1][: len(TEXTS)] == expected


def test_rows_never_lie_in_a_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = tmp_path / "tmp"
    watched.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(watched))
    monkeypatch.setenv("TMPDIR", str(watched))
    seen: set[str] = set()

    def rows() -> Iterator[tuple[str]]:
        for number in range(500):
            seen.update(item.name for item in watched.iterdir())
            content = (tmp_path / "liste.xlsx").read_bytes()
            assert b"Zygomar" not in content
            yield (f"Zygomar{number}",)

    write_xlsx(tmp_path / "liste.xlsx", ["Nom"], rows())
    assert not seen
