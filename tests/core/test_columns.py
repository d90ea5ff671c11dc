"""Headers and content → columns; a raw row → a patient."""

from datetime import date

import pytest

from app.core.columns import Basis, propose_mapping
from app.core.errors.files import ColumnRefused
from app.core.header_row import find_header
from app.core.headers import Field, Refusal, field_of, refusal_of
from app.core.incident import DataCategory
from app.core.recipient import Civility, ExclusionReason, Protection, Restriction
from app.core.row_values import CleanedRow
from app.core.rows import to_recipient
from app.core.table import RawRow

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("NOM_USAGE", Field.LAST_NAME),
        ("\ufeffNom", Field.LAST_NAME),
        ("Nom\u00a0de\u00a0naissance", Field.BIRTH_NAME),
        ("nom_jeune_fille", Field.BIRTH_NAME),
        ("NomNaissance", Field.BIRTH_NAME),
        ("CP", Field.POSTCODE),
        ("Code postal", Field.POSTCODE),
        ("CodePostal", Field.POSTCODE),
        ("code_postal_ville", Field.POSTCODE),
        ("Mail", Field.EMAIL),
        ("Adresse mail", Field.EMAIL),
        ("E-mail", Field.EMAIL),
        ("Tél. portable", Field.MOBILE),
        ("Téléphone", Field.PHONE),
        ("DDN", Field.BIRTH_DATE),
        ("Né(e) le", Field.BIRTH_DATE),
        ("date_de_naissance", Field.BIRTH_DATE),
        ("Nom du tuteur", Field.REPRESENTATIVE),
        ("Date de décès", Field.DECEASED),
        ("ANNOTATION", Field.ANNOTATIONS),
        ("NE PAS ECRIRE", Field.DO_NOT_WRITE),
        ("Nom et prénom", Field.FULL_NAME),
        ("Nom du médecin traitant", None),
        ("Email du médecin", None),
        ("Ville de naissance", None),
        ("code_ville", None),
        ("Profession", None),
    ],
)
def test_headers(header: str, field: Field | None) -> None:
    assert field_of(header) is field


@pytest.mark.parametrize(
    ("header", "refusal"),
    [
        ("NIR", Refusal.NIR),
        ("N° de sécurité sociale", Refusal.NIR),
        ("OBSERVATIONS", Refusal.FREE_TEXT),
        ("Remarque", Refusal.FREE_TEXT),
        ("Commentaire", Refusal.FREE_TEXT),
        ("Notes", Refusal.FREE_TEXT),
        ("Motif du RDV", Refusal.HEALTH),
        ("Diagnostic", Refusal.HEALTH),
        ("Matricule INS", Refusal.INS),
        ("Nom", None),
    ],
)
def test_refused_headers(header: str, refusal: Refusal | None) -> None:
    assert refusal_of(header) is refusal


def rows(*cells: tuple[str, ...]) -> list[RawRow]:
    return [RawRow(number, row) for number, row in enumerate(cells, start=2)]


def test_a_refused_column_needs_a_reason() -> None:
    mapping = propose_mapping(["Nom", "Commentaire"], rows(("DURAND", "Tuteur légal : Anne")))
    assert mapping.columns[1].field is None
    with pytest.raises(ColumnRefused):
        mapping.assign(1, Field.REPRESENTATIVE)
    insisted = mapping.assign(1, Field.REPRESENTATIVE, reason="elle contient le tuteur")
    assert insisted.columns[1].field is Field.REPRESENTATIVE
    assert "elle contient le tuteur" in insisted.by_header()["Commentaire"]


def test_a_field_belongs_to_one_column() -> None:
    mapping = propose_mapping(["Nom", "Mail", "Mail 2"], rows(("A", "a@b.fr", "c@d.fr")))
    assert [column.field for column in mapping.columns] == [
        Field.LAST_NAME,
        Field.EMAIL,
        Field.OTHER_EMAIL,
    ]
    swapped = mapping.assign(2, Field.EMAIL)
    assert [column.field for column in swapped.columns] == [Field.LAST_NAME, None, Field.EMAIL]


def test_unknown_headers_are_judged_by_content() -> None:
    mapping = propose_mapping(
        ["A", "B", "C", "D"],
        rows(
            ("DURAND", "a@b.fr", "39000", "12/03/1985"), ("PETIT", "c@d.fr", "75011", "01/02/1990")
        ),
        today=TODAY,
    )
    assert [column.field for column in mapping.columns] == [
        None,
        Field.EMAIL,
        Field.POSTCODE,
        Field.BIRTH_DATE,
    ]
    assert mapping.columns[1].basis is Basis.CONTENT


def test_an_unnamed_column_of_nir_is_refused() -> None:
    mapping = propose_mapping(["X"], rows(("170990000000101",), ("170990000000202",)))
    assert mapping.columns[0].refusal is Refusal.NIR


def test_columns_of_yes_and_no_speak_of_categories() -> None:
    mapping = propose_mapping(
        ["Nom", "NIR", "Téléphone exposé", "Annotations"],
        rows(("A", "oui", "non", "x"), ("B", "non", "oui", "")),
    )
    assert [column.category for column in mapping.columns] == [
        None,
        DataCategory.NIR,
        DataCategory.PHONE,
        None,
    ]
    person = to_recipient(RawRow(2, ("A", "oui", "non", "x")), mapping, TODAY).recipient
    assert person.categories == frozenset({DataCategory.NIR})
    assert person.has_annotations


def test_a_column_that_only_says_none_tells_nothing_about_categories() -> None:
    mapping = propose_mapping(["Nom", "Mutuelle"], rows(("A", "Aucune"), ("B", "Aucune")))
    assert mapping.columns[1].category is None


def test_annotations_that_are_the_notes_themselves_are_refused() -> None:
    mapping = propose_mapping(["Nom", "Annotation"], rows(("A", "vu pour un rhume"), ("B", "")))
    assert mapping.columns[1].refusal is Refusal.FREE_TEXT


def test_a_mapping_is_remembered_but_never_for_a_refused_column() -> None:
    remembered = {"Champ 7": "email", "NIR": "phone", "Nom": ""}
    mapping = propose_mapping(
        ["Nom", "Champ 7", "NIR"], rows(("A", "?", "170990000000101")), remembered
    )
    assert [column.field for column in mapping.columns] == [None, Field.EMAIL, None]


def test_header_below_titles() -> None:
    place = find_header(
        [
            RawRow(1, ("Extraction du 22/01/2026", "", "")),
            RawRow(2, ("", "", "")),
            RawRow(3, ("NOM", "PRENOM", "CP")),
            RawRow(4, ("DURAND", "Paul", "39000")),
        ]
    )
    assert (place.first, place.headers) == (2, ("NOM", "PRENOM", "CP"))


def test_two_line_header() -> None:
    place = find_header(
        [
            RawRow(1, ("Patient", "", "", "Représentant légal", "")),
            RawRow(2, ("Nom", "Prénom", "CP", "Nom", "Prénom")),
            RawRow(3, ("DURAND", "Zoé", "39000", "DURAND", "Anne")),
        ]
    )
    assert (place.first, place.last) == (0, 1)
    assert field_of(place.headers[3]) is Field.REPRESENTATIVE
    assert field_of(place.headers[4]) is Field.REPRESENTATIVE_FIRST_NAME


def test_no_header() -> None:
    place = find_header([RawRow(1, ("DURAND", "Paul", "paul@b.fr", "39000"))])
    assert not place.exists
    assert place.headers == ("Colonne A", "Colonne B", "Colonne C", "Colonne D")


def one(headers: list[str], *cells: str) -> CleanedRow:
    mapping = propose_mapping(headers, rows(cells), today=TODAY)
    return to_recipient(RawRow(2, cells), mapping, TODAY)


def test_a_whole_row() -> None:
    cleaned = one(
        [
            "Civ",
            "Nom",
            "Nom de naissance",
            "Prénom",
            "DDN",
            "Rue",
            "CP",
            "Ville",
            "Tél",
            "Mail",
            "Tutelle",
            "Tuteur",
            "Décédé le",
        ],
        "Mme",
        "VASSEUR",
        "Thévenot",
        "Édith",
        "11/02/1974",
        "8 rue de l’Exemple",
        "1000",
        "Bourg",
        "639980001",
        "edith@boite.example",
        "tutelle",
        "UDAF",
        "",
    )
    person = cleaned.recipient
    assert (person.civility, person.last_name, person.birth_name) == (
        Civility.MADAME,
        "VASSEUR",
        "Thévenot",
    )
    assert (person.address.postcode, person.phone) == ("01000", "06 39 98 00 01")
    assert (person.protection, person.representative) == (Protection.GUARDIANSHIP, "UDAF")
    assert {cell.mark.code for cell in cleaned.marks} == {"postcode_zero_added", "phone_zero_added"}
    assert "VASSEUR" not in repr(cleaned)
    assert list(cleaned.issues()) == []


def test_status_columns() -> None:
    person = one(["Nom", "Ne pas écrire", "Date décès"], "A", "oui", "02/11/2025").recipient
    assert person.restriction is Restriction.DO_NOT_WRITE
    assert person.excluded is ExclusionReason.DECEASED
    assert person.deceased_on == date(2025, 11, 2)


def test_address_in_one_cell() -> None:
    person = one(
        ["Nom", "Adresse"], "A", "Chez Mme Modèle\n8 rue de l’Exemple\n39000 LONS LE SAUNIER"
    ).recipient
    assert (person.address.complement, person.address.street) == (
        "Chez Mme Modèle",
        "8 rue de l’Exemple",
    )
    assert (person.address.postcode, person.address.city) == ("39000", "LONS LE SAUNIER")


def test_address_on_one_line() -> None:
    person = one(["Nom", "Adresse"], "A", "8, rue de l’Exemple, 39000 LONS").recipient
    assert (person.address.street, person.address.postcode, person.address.city) == (
        "8 rue de l’Exemple",
        "39000",
        "LONS",
    )


def test_postcode_abroad_keeps_its_four_digits() -> None:
    cleaned = one(["Nom", "CP", "Ville", "Pays", "Rue"], "A", "7000", "Mons", "Belgique", "1 rue X")
    assert cleaned.recipient.address.postcode == "7000"
    assert not cleaned.marks


def test_overseas_is_not_abroad() -> None:
    person = one(
        ["Nom", "CP", "Ville", "Pays", "Rue"],
        "A",
        "97200",
        "Fort-de-France",
        "Martinique",
        "1 rue X",
    ).recipient
    assert person.address.postcode == "97200"


def test_full_name_in_the_order_of_the_header() -> None:
    person = one(["Prénom Nom", "Mail"], "Paul Durand", "a@b.fr").recipient
    assert (person.first_name, person.last_name) == ("Paul", "Durand")


def test_short_rows() -> None:
    mapping = propose_mapping(["Nom", "Prénom", "Mail"], rows(("A", "B", "a@b.fr")))
    assert to_recipient(RawRow(9, ("C",)), mapping, TODAY).recipient.last_name == "C"
