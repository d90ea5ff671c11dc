"""800 generated lists in the encodings French programs write: decoded right, or asked, never wrong in silence."""

from collections import Counter
from random import Random

import pytest

from app.services.invented_patients import invented_patients
from app.spreadsheet.encodings import guess_encoding
from app.spreadsheet.text_file import read_text
from tests.support.lists import csv_bytes

ENCODINGS = (
    "cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "mac_roman", "cp850",
)  # fmt: skip
PEOPLE: list[tuple[str, ...]] = [
    (person.last_name, person.first_name, person.address.street, person.address.city, person.email)
    for person in invented_patients(3_000, 7)
]


def _list(seed: int, encoding: str) -> tuple[list[tuple[str, ...]], bytes]:
    """1 to 200 rows, in capitals one time out of three, limited to what the encoding can write."""
    draw = Random(seed)
    rows: list[tuple[str, ...]] = draw.sample(PEOPLE, draw.randint(1, 200))
    if seed % 3 == 0:
        rows = [(*(cell.upper() for cell in row[:4]), row[4]) for row in rows]
    writable = [
        tuple(cell.encode(encoding, "ignore").decode(encoding) for cell in row) for row in rows
    ]
    return writable, csv_bytes(
        [("Nom", "Prénom", "Adresse", "Ville", "Mail"), *writable], ";", encoding
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_hundred_lists(encoding: str) -> None:
    outcome: Counter[str] = Counter()
    for seed in range(100):
        rows, data = _list(seed, encoding)
        found = read_text("liste.csv", data, None, None)
        right = [tuple(row) for row in found.rows("liste.csv")][1:] == rows
        outcome[
            "right" if right else "asked" if not found.guess.is_sure else "wrong in silence"
        ] += 1
    assert outcome["wrong in silence"] == 0
    assert outcome["right"] >= 95


def test_plain_ascii_is_sure() -> None:
    guess = guess_encoding(b"Nom;Prenom\nDURAND;Paul\n")
    assert (guess.encoding, guess.is_sure) == ("utf-8", True)


def test_one_doubtful_sign_is_asked() -> None:
    assert not guess_encoding("Nom\nDURAND ©\n".encode("cp1252")).is_sure
