"""Files made to hurt: one sentence each, the program lives."""

import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from app.core.errors import UserError
from app.core.errors import files as errors
from app.spreadsheet import read_table
from app.wording import explain

Maker = Callable[[Path], object]


def _xlsx(path: Path, sheet: bytes, extra: dict[str, bytes] | None = None) -> None:
    """A workbook whose sheet is exactly these bytes."""
    book = openpyxl.Workbook()
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet
    parts.update(extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TAIL = b"</sheetData></worksheet>"


def _far_cell(path: Path) -> None:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    _xlsx(path, _HEAD + cells + _TAIL)


def _bomb(path: Path) -> None:
    _xlsx(path, _HEAD + b" " * 300_000_000 + _TAIL)


def _laughs(path: Path) -> None:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    text = b'<!DOCTYPE x [<!ENTITY l0 "ha">' + entities + b"]>"
    _xlsx(
        path,
        text
        + _HEAD
        + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&l11;</t></is></c></row>'
        + _TAIL,
    )


def _nested_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", b"PK\x05\x06" + b"\0" * 18)


def _truncated(path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for _ in range(200):
        book.active.append(["DURAND", "Paul", "39000"])
    book.save(path)
    path.write_bytes(path.read_bytes()[:-900])


def _flipped(path: Path) -> None:
    _truncated(path)
    book = openpyxl.Workbook()
    book.save(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"xl/workbook.xml") + 60
    data[at : at + 20] = bytes(20)
    path.write_bytes(bytes(data))


def _two_gigabytes(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"Nom;CP\n")
        stream.truncate(2_000_000_000)  # sparse


CASES: list[tuple[str, Maker, type[UserError]]] = [
    ("loin.xlsx", _far_cell, errors.ReaderDied),
    ("bombe.xlsx", _bomb, errors.FileSuspicious),
    ("rires.xlsx", _laughs, errors.FileDamaged),
    ("poupees.zip", _nested_zip, errors.FileDamaged),
    ("coupe.xlsx", _truncated, errors.FileDamaged),
    ("retourne.xlsx", _flipped, errors.FileDamaged),
    ("deux-go.csv", _two_gigabytes, errors.FileTooBig),
    ("vide.csv", lambda path: path.write_bytes(b""), errors.FileEmpty),
    ("blancs.csv", lambda path: path.write_bytes(b"\r\n \r\n"), errors.FileEmpty),
    ("nuls.csv", lambda path: path.write_bytes(b"Nom;CP\nA\0B;1\n"), errors.NotText),
    (
        "binaire.csv",
        lambda path: path.write_bytes(bytes(range(1, 256)) * 50),
        errors.NotText,
    ),
    (
        "sans-fin.csv",
        lambda path: path.write_bytes(b"Nom;CP\n" + b"a" * 3_000_000),
        errors.LineEndless,
    ),
    (
        "guillemet.csv",
        lambda path: path.write_bytes(b'Nom;CP\n"' + b"a;b\n" * 100_000),
        errors.LineEndless,
    ),
    (
        "page.xls",
        lambda path: path.write_bytes(b"<html><table><tr><td>DURAND</td></tr></table>"),
        errors.FormatUnknown,
    ),
    (
        "xml.xls",
        lambda path: path.write_bytes(
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'
        ),
        errors.FormatUnknown,
    ),
    ("doc.xlsx", lambda path: path.write_bytes(b"%PDF-1.7"), errors.FormatUnknown),
    (
        "~$liste.xlsx",
        lambda path: path.write_bytes(b"\x05Anne" * 33),
        errors.FormatUnknown,
    ),
    ("dossier.csv", lambda path: path.mkdir(), errors.NotAFile),
    ("absent.csv", lambda _: None, errors.FileMissing),
]


@pytest.mark.parametrize(("name", "make", "kind"), CASES, ids=[case[0] for case in CASES])
def test_one_sentence(tmp_path: Path, name: str, make: Maker, kind: type[UserError]) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(UserError) as caught:
        read_table(path)
    allowed = {kind, errors.ReadingTooHeavy} if kind is errors.ReaderDied else {kind}
    assert type(caught.value) in allowed
    explanation = explain(caught.value)
    assert explanation.what.endswith(".")
    assert "\u00a0" in explanation.what or "«" not in explanation.what


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_and_a_socket_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.csv")
    with pytest.raises(errors.NotAFile):
        read_table(tmp_path / "tube.csv")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(tmp_path / "prise.csv"))
        with pytest.raises(errors.NotAFile):
            read_table(tmp_path / "prise.csv")


def test_a_wide_but_honest_sheet_is_read(tmp_path: Path) -> None:
    cells = (
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="200000"><c r="N200000"><v>2</v></c></row>'
    )
    path = tmp_path / "loin.xlsx"
    _xlsx(path, _HEAD + cells + _TAIL)
    assert read_table(path).facts.rows == 200_000


def test_a_parser_that_dies_says_nothing_itself(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loin.xlsx"
    _far_cell(path)
    with pytest.raises(UserError):
        read_table(path)
    assert capfd.readouterr().err == ""
