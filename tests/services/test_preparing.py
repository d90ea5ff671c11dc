"""Rows prepared by columns are what they are row by row; several processes give what one gives."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from app.core.columns import propose_mapping
from app.core.errors import BugError
from app.core.table import RawRow
from app.services import preparing_processes
from app.services.preparing import BlockPreparer, ListSettings, PreparedBlock
from app.services.preparing_processes import prepared_blocks
from app.storage.campaign_file import CampaignFile
from tests.support.lists import HEADERS, empty_campaign, imported, person, understood, write_list

TODAY = date(2026, 3, 2)
#: what cells of each column may hold: mostly plain, then everything that is not
CELLS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "Civilité": (["M.", "Mme", ""], ["Mlle", "M. et Mme", "Enfant", "-", "nc"]),
    "Sexe": (["H", "F", ""], ["1", "2", "?"]),
    "Nom": (
        ["DURAND", "LE GALL", "d’ORGEVAL", "ŒUVRARD", "Petit-Jean"],
        ["", "  DUPONT ", "MARTIN ép. DURAND", "LefÃ¨vre", "XXX", "#N/A", "DUP0NT", "Total", "e\u0301lie"],
    ),
    "Nom de naissance": (["DURAND", "MARTIN", ""], [" ", "née PETIT", "?"]),
    "Prénom": (["Paul", "Anne-Sophie", "ÉLODIE", "Zoé"], ["", "Paul  Henri", "bébé", "-", "P4ul"]),
    "Date de naissance": (
        ["12/03/1985", "01/01/1950", "29/02/2000", ""],
        [
            "12/03/15", "12/03/85", "31118", "00/00/0000", "31/02/1990", "1985-03-12", "12/03/2015", "01/01/1900",
            "12/03/2030", "12/03/1915", "5 mai 1960", "2/3/1985", " 12/03/1985",
        ],
    ),
    "Mail": (
        ["paul@courriel.example", "ANNE.B@boite.example", ""],
        ["paul@gmial.com", "a@b.fr, c@d.fr", "pasdemail@x.fr", "néant", "paul@", " paul@courriel.example"],
    ),
    "Tél": (["0612345678", "0139998877", ""], ["06 12 34 56 78", "612345678", "+33612345678", "néant", "6,1E+08"]),
    "Portable": (["0612345678", "07 12 34 56 78", ""], ["0139998877", "inconnu", "0612345678 / 0712345678"]),
    "Adresse": (
        ["8 rue de l’Exemple", "12 bis route du Pays", ""],
        ["3 rue X, 75011 PARIS", "Chez Y\n3 rue X\n75011 PARIS", "12, rue Z", "4 allée 39000 LONS LE SAUNIER"],
    ),
    "Rue": (
        ["8 rue de l’Exemple", "12 bis route du Pays", "1 place"],
        ["", " 5 rue X", "=\"3 rue\"", "un très long nom de rue qui ne tient pas du tout dans la fenêtre", "#REF!"],
    ),
    "Complément": (["", "", "Bâtiment C"], ["EHPAD X", "Résidence  Y", "une résidence au nom bien trop long"]),
    "Bâtiment": (["", "Résidence B"], ["Foyer logement", " "]),
    "Lieu-dit": (["", "Le Bourg"], ["BP  12"]),
    "CP": (["39000", "75011", "01000"], ["1000", "", "2A004", "39 000", "99999", "néant", "F-39000", "75056"]),
    "Ville": (["LONS LE SAUNIER", "PARIS", "Bourg-en-Bresse"], ["", "39000 DOLE", "MARSEILLE", "PARIS 11", "1234"]),
    "Pays": (["", "France", "FRANCE"], ["Belgique", "Guadeloupe", "x"]),
    "Date de décès": (["", "", ""], ["12/01/2024", "oui", "non", "?"]),
    "Représentant légal": (["", "", ""], ["Mme DURAND", "néant"]),
    "Tutelle": (["", "non"], ["tutelle", "curatelle", "peut-être"]),
    "Ne pas écrire": (["", "non"], ["oui", "x", "voir dossier"]),
    "Annotations": (["", "non", "oui"], ["1", "voir dossier"]),
    "Observations": (["", "vu le 3"], ["Total"]),
}  # fmt: skip
NAMES = ("Civilité", "Nom", "Nom de naissance", "Prénom", "Date de naissance", "CP", "Ville")
LISTS = [
    (*NAMES, "Rue", "Mail", "Tél", "Annotations", "Observations"),
    (*NAMES, "Adresse", "Mail", "Portable", "Tél", "Pays"),
    (*NAMES, "Rue", "Complément", "Bâtiment", "Lieu-dit", "Mail", "Sexe"),
    (*NAMES, "Rue", "Mail", "Date de décès", "Représentant légal", "Tutelle", "Ne pas écrire"),
    ("Nom", "Prénom", "Mail"),
]


def _list(headers: Sequence[str], seed: int, rows: int = 250) -> list[tuple[str, ...]]:
    draw = Random(seed)
    table = []
    for _ in range(rows):
        is_clean = draw.random() < 0.6
        table.append(
            tuple(
                draw.choice(CELLS[name][0 if is_clean or draw.random() < 0.8 else 1])
                for name in headers
            )
        )
    table[rows // 2] = ("",) * len(headers)
    table[rows // 3] = tuple(headers)
    return table


def _settings(
    headers: tuple[str, ...], rows: list[tuple[str, ...]], first_row: int
) -> ListSettings:
    sample = [RawRow(number, cells) for number, cells in enumerate(rows[:200], start=2)]
    return ListSettings(propose_mapping(headers, sample, None, TODAY), headers, TODAY, first_row)


def _stored(folder: Path, blocks: list[PreparedBlock]) -> tuple[object, ...]:
    """Everything that reading the blocks leaves behind."""
    folder.mkdir()
    with empty_campaign(folder) as file:
        with file.transaction(), file.bulk_writing():
            for block in blocks:
                file.add_prepared(block.people)
        people = list(file.recipients())
        searched = file._rows("SELECT folded FROM recipients ORDER BY id")
    return (
        people,
        [tuple(row) for row in searched],
        [block.issues for block in blocks],
        [block.repairs for block in blocks],
        [(block.keys, block.emails, block.phones) for block in blocks],
        [(block.rows, block.blank, block.left_out) for block in blocks],
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("headers", LISTS, ids=["usual", "address", "lines", "status", "short"])
def test_by_columns_as_row_by_row(headers: tuple[str, ...], seed: int, tmp_path: Path) -> None:
    rows = _list(headers, seed)
    settings = _settings(headers, rows, first_row=10_000_000 if seed == 3 else 0)
    found = []
    plain = 0
    for name in ("columns", "rows"):
        preparer = BlockPreparer(settings)
        if name == "rows":
            preparer._reader.is_possible = False
        blocks = []
        for start in range(0, len(rows), 100):
            part = rows[start : start + 100]
            block = preparer.prepare(
                range(start + 2, start + 2 + len(part)), list(zip(*part, strict=True))
            )
            plain += sum(block.people.order)
            blocks.append(PreparedBlock.from_bytes(block.to_bytes()))
        found.append(_stored(tmp_path / name, blocks))
    assert found[0] == found[1]
    assert plain > 20 or len(headers) == 3


def test_several_processes_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        person(last=f"DURAND{'ABCDEFGH'[n % 8]}", mail=f"p{n % 900}@courriel.example")
        for n in range(3_000)
    ]
    path = write_list(tmp_path, *rows)
    understanding = understood(path)
    settings = ListSettings(understanding.mapping, understanding.table.headers, TODAY)
    alone = list(prepared_blocks(understanding.table, settings))
    monkeypatch.setattr(preparing_processes, "_WORTH_IT", 100)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    together = list(prepared_blocks(understanding.table, settings))
    assert together == alone
    assert sum(count for count, _ in together) == 3_000
    stopped = prepared_blocks(understanding.table, settings)
    next(stopped)
    stopped.close()


def test_a_process_that_dies_stops_the_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path, *(person(last=f"DURAND{n}") for n in range(200)))
    understanding = understood(path)
    monkeypatch.setattr(preparing_processes, "_WORTH_IT", 100)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    broken = ListSettings(understanding.mapping, understanding.table.headers, None)  # type: ignore[arg-type]  # a defect of ours
    with pytest.raises(Exception, match="prepare"):
        list(prepared_blocks(understanding.table, broken))


def test_indexes_are_there_after_a_bulk_import(tmp_path: Path) -> None:
    def indexes(file: CampaignFile) -> set[str]:
        rows = file._rows("SELECT name FROM sqlite_master WHERE tbl_name='recipients'")
        return {row[0] for row in rows}

    with empty_campaign(tmp_path) as file:
        before = indexes(file)
        imported(file, write_list(tmp_path, person()))
        assert indexes(file) == before
        assert len(HEADERS) == 9


def test_an_error_while_writing_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    with empty_campaign(tmp_path) as file:
        with pytest.raises(BugError), file.transaction(), file.bulk_writing():
            raise BugError("in the middle")
        assert file.count_recipients() == 0
        assert file._rows("SELECT name FROM sqlite_master WHERE name='recipients_folded'")
