"""The bundled sample list: invented patients with every trap a vendor's export holds (issue 2, point 3).

``python -m app.services.sample_list FILE`` makes it again.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.core.recipient import Civility, PostalAddress, Recipient, Restriction
from app.services.invented_patients import invented_patients
from app.spreadsheet.sample_writing import Cell, ShownAs, write_typed_workbook

SAMPLE_NAME = "liste-exemple.xlsx"
_SEED, _PLAIN_PEOPLE = 34, 60
HEADERS = (
    "CIV",
    "NOM_USAGE",
    "NOM_NAISSANCE",
    "PRENOM",
    "DDN",
    "NIR",
    "ADRESSE1",
    "ADRESSE2",
    "CP",
    "VILLE",
    "PAYS",
    "TEL",
    "MAIL",
    "TUTEUR",
    "DATE_DECES",
    "NE PAS ECRIRE",
    "ANNOTATION",
    "OBSERVATIONS",
)
_TITLES: tuple[tuple[Cell, ...], ...] = (
    ("ÉDITEUR EXEMPLE SANTÉ – Assistance",),
    ("Extraction des patients concernés par l’incident du 12 janvier 2026 – Confidentiel",),
    ("Fait le", ShownAs(date(2026, 1, 22), "dd/mm/yyyy"), None, "Ne pas diffuser"),
    (None,),
)
_NOTES = (
    "RAS",
    "à rappeler pour le vaccin",
    "préfère le matin",
    "vu avec la fille",
    "voir courrier du spécialiste",
)
_EPOCH = date(1899, 12, 30)
_ALONE = 25  # a minor whose list names no representative


def sample_patients() -> list[Recipient]:
    """The invented people of the sample, before a spreadsheet spoils them."""
    people = [
        replace(
            person, excluded=None, deceased=False, deceased_on=None, restriction=Restriction.NONE
        )
        for person in invented_patients(_PLAIN_PEOPLE, _SEED)
    ]
    people = [_with_some_reach(person, index) for index, person in enumerate(people)]
    return [
        replace(person, row=index + 6)
        for index, person in enumerate(people + _special_people(people))
    ]


def _with_some_reach(person: Recipient, index: int) -> Recipient:
    """Everybody can be written to; a few have annotations."""
    address = person.address
    if not address.is_complete():
        address = PostalAddress(
            street=f"{index + 1} rue de l’Exemple", postcode="39000", city="Lons-le-Saunier"
        )
    email = "" if index % 6 == 0 else person.email
    annotated = index in {3, 11, 24, 37, 52}
    representative = "" if index == _ALONE else person.representative
    return replace(
        person,
        address=address,
        email=email,
        has_annotations=annotated,
        representative=representative,
    )


def _special_people(people: list[Recipient]) -> list[Recipient]:
    """Duplicates, a couple on one e-mail, minors, someone not to be written to, and so on."""
    home = PostalAddress(
        street="8 allée des Trois Essais", postcode="01000", city="Bourg-en-Bresse"
    )
    couple = "famille.garcon@courriel.example"
    return [
        people[5],
        replace(people[20], email="", phone=""),
        Recipient(
            0,
            0,
            Civility.MADAME,
            "Garçon",
            "Lemaître",
            "Noëlle",
            date(1961, 4, 3),
            couple,
            "06 39 98 41 07",
            home,
        ),
        Recipient(
            0,
            0,
            Civility.MONSIEUR,
            "Garçon",
            "Garçon",
            "Aimé",
            date(1958, 9, 27),
            couple,
            "06 39 98 41 08",
            home,
        ),
        Recipient(
            0,
            0,
            Civility.MONSIEUR,
            "Garçon",
            "Garçon",
            "Loïc",
            date(2014, 5, 30),
            "",
            "",
            home,
            representative="Noëlle et Aimé Garçon",
        ),
        Recipient(
            0,
            0,
            Civility.MADAME,
            "Vasseur",
            "Thévenot",
            "Édith",
            date(1974, 2, 11),
            "edith.vasseur@boite.example",
            "",
            home,
            restriction=Restriction.DO_NOT_WRITE,
        ),
        Recipient(
            0,
            0,
            Civility.MONSIEUR,
            "Poirier",
            "Poirier",
            "Désiré",
            date(1916, 8, 1),
            "",
            "01 99 00 12 12",
            home,
        ),
        Recipient(
            0,
            0,
            Civility.MADAME,
            "Sénéchal",
            "Rey",
            "Odile",
            date(1939, 12, 24),
            "",
            "",
            home,
            deceased=True,
            deceased_on=date(2025, 11, 2),
        ),
        Recipient(
            0,
            0,
            Civility.MADAME,
            "Lefèvre",
            "Lefèvre",
            "Anne-Sophie",
            date(1990, 6, 6),
            "anne-sophie.lefevre@poste.example",
            "",
            home,
        ),
        Recipient(
            0,
            0,
            Civility.MADAME,
            "Lefebvre",
            "Lefebvre",
            "Anne Sophie",
            date(1990, 6, 6),
            "",
            "",
            home,
        ),
        Recipient(
            0,
            0,
            Civility.MONSIEUR,
            "Vermeersch",
            "Vermeersch",
            "Bruno",
            date(1968, 3, 19),
            "",
            "",
            PostalAddress(
                street="14 rue de la Démonstration",
                postcode="7000",
                city="Mons",
                country="Belgique",
            ),
        ),
        Recipient(
            0,
            0,
            Civility.MADAME,
            "Jacquemin",
            "Jacquemin",
            "Yvonne",
            date(1935, 1, 15),
            "",
            "02 61 91 30 30",
            replace(home, complement="EHPAD Les Essais chambre 12"),
            representative="UDAF de l’Exemple",
        ),
    ]


def sample_rows() -> Iterator[tuple[Cell, ...]]:
    """Everything on the sheet, titles first."""
    yield from _TITLES
    yield HEADERS
    for index, person in enumerate(sample_patients()):
        yield _row(index, person)
    yield (None,)
    yield ("Total", len(sample_patients()))


def _row(index: int, person: Recipient) -> tuple[Cell, ...]:
    address = person.address
    civility = {Civility.MADAME: "Mme", Civility.MONSIEUR: "M."}.get(person.civility, "")
    return (
        civility,
        person.last_name.upper() if index % 5 else person.last_name,
        person.birth_name.upper() if index % 5 else person.birth_name,
        person.first_name,
        _birth_date(index, person),
        _never_issued_nir(index),
        address.street,
        address.complement or None,
        _postcode(index, address),
        address.city.upper() if index % 3 else address.city,
        address.country or None,
        _phone(index, person.phone),
        person.email or None,
        person.representative or None,
        person.deceased_on,
        "oui" if person.restriction is Restriction.DO_NOT_WRITE else None,
        "oui" if person.has_annotations else None,
        _NOTES[index % len(_NOTES)] if index % 4 == 0 or person.has_annotations else None,
    )


def _birth_date(index: int, person: Recipient) -> Cell:
    """A real date, a text, or the bare number of a day: as vendors mix them."""
    born = person.birth_date
    if born is None:
        return None
    if index % 4 == 1:
        return f"{born:%d/%m/%Y}"
    if index % 9 == 2:
        return (born - _EPOCH).days
    return born


def _never_issued_nir(index: int) -> Cell:
    """Fifteen digits that are no one's: month 99 does not exist in a NIR. Stored as a number, as vendors do."""
    return ShownAs(float(1_709_900_000_000_00 + index * 101), "0")


def _postcode(index: int, address: PostalAddress) -> Cell:
    if not address.postcode.isdigit():
        return address.postcode or None
    if address.country:
        return address.postcode
    number = int(address.postcode)
    if index % 2:
        return ShownAs(number, "00000")
    return number  # « 1000 » for 01000


def _phone(index: int, phone: str) -> Cell:
    digits = phone.replace(" ", "")
    if not digits:
        return None
    return int(digits) if index % 3 == 0 else digits if index % 3 == 1 else phone


def write_sample_list(path: Path) -> None:
    """Write the sample workbook."""
    write_typed_workbook(path, "Export", sample_rows())


if __name__ == "__main__":
    write_sample_list(Path(sys.argv[1]))
