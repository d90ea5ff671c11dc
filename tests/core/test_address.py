"""NF Z 10-011: six lines of 38 characters, never cut."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.address import MAX_LINE, AddressBlock, address_block, sort_key_by_postcode
from app.core.address_text import capitals, postal_capitals, split_at_space
from app.core.issue import Level
from app.core.recipient import Civility, PostalAddress, Protection, Recipient

TODAY = date(2026, 1, 26)
STREET = PostalAddress(street="12, rue de l’Église", postcode="90000", city="Belfort")


def block(address: PostalAddress = STREET, **person: object) -> AddressBlock:
    fields: dict[str, object] = {"first_name": "Élodie", "last_name": "Essai", **person}
    return address_block(Recipient(5, address=address, **fields), TODAY)  # type: ignore[arg-type]


def codes(made: AddressBlock) -> list[str]:
    return [issue.code for issue in made.issues]


def test_an_ordinary_address_takes_three_lines() -> None:
    made = block(civility=Civility.MADAME)
    assert made.lines == ("MADAME ÉLODIE ESSAI", "12 RUE DE L EGLISE", "90000 BELFORT")
    assert made.is_postable
    assert made.issues == ()


def test_all_six_lines_in_the_order_of_the_norm() -> None:
    address = PostalAddress(
        complement="Appt 4", building="Résidence du Parc", street="1 rue Neuve", locality="Le Bourg",
        postcode="20000", city="Ajaccio Cedex",
    )  # fmt: skip
    assert block(address).lines == (
        "ÉLODIE ESSAI", "APPT 4", "RÉSIDENCE DU PARC", "1 RUE NEUVE", "LE BOURG", "20000 AJACCIO CEDEX",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("12 bis, rue de l’Abbé-Grégoire", "12 BIS RUE DE L ABBE GREGOIRE"),
        ("Lieu-dit « Les Œufs »", "LIEU DIT LES OEUFS"),
        ("n° 3 allée Łódź", "N 3 ALLEE LODZ"),
        ("5/7 rue  du\nPort", "5 7 RUE DU PORT"),
        ("1 rue ß", "1 RUE SS"),
    ],
)
def test_lines_four_to_six_lose_accents_and_punctuation(written: str, printed: str) -> None:
    assert postal_capitals(written) == printed


def test_names_keep_their_accents_hyphens_and_apostrophes() -> None:
    assert capitals("Anne-Zoé d’Hœrt\u200f") == "ANNE-ZOÉ D'HŒRT"


def test_a_long_street_is_abbreviated_by_the_norm_and_said_so() -> None:
    address = PostalAddress(
        street="125 bis boulevard du Maréchal de Lattre de Tassigny",
        postcode="90000",
        city="Belfort",
    )
    made = block(address)
    assert (
        made.lines[1] == "125 BIS BD DU MAL DE LATTRE DE TASSIGNY"[:38] or len(made.lines[1]) <= 38
    )
    assert made.lines[1].startswith("125 BIS BD ")
    assert made.lines[1].endswith("TASSIGNY")
    assert codes(made) == ["address_abbreviated"]
    assert made.is_postable


def test_a_short_street_is_never_abbreviated() -> None:
    address = PostalAddress(street="3 boulevard du Maréchal Foch", postcode="90000", city="Belfort")
    assert block(address).lines[1] == "3 BOULEVARD DU MARECHAL FOCH"


def test_what_does_not_fit_blocks_and_stays_whole() -> None:
    made = block(last_name="X" * 300)
    assert not made.is_postable
    assert "X" * 300 in made.lines[0]
    (issue,) = made.issues
    assert (issue.code, issue.row, issue.column) == ("address_line_too_long", 5, "identity")
    assert issue.facts["limit"] == 38


def test_a_long_name_takes_two_lines_when_there_is_room() -> None:
    made = block(
        civility=Civility.MONSIEUR,
        first_name="Jean-Baptiste Marie Joseph Ambroise",
        last_name="de la Rochefoucauld d’Essai",
    )
    assert made.lines[:2] == (
        "MONSIEUR JEAN-BAPTISTE MARIE JOSEPH",
        "AMBROISE DE LA ROCHEFOUCAULD D'ESSAI",
    )
    assert made.is_postable


def test_a_minor_is_addressed_through_the_legal_representatives() -> None:
    made = block(first_name="Léa", last_name="Petit", birth_date=date(2015, 5, 1))
    assert made.lines[0] == "AUX REPRÉSENTANTS LÉGAUX DE LÉA PETIT"
    longer = block(first_name="Marie-Amélie", last_name="Petit", birth_date=date(2015, 5, 1))
    assert longer.lines[:2] == ("AUX REPRÉSENTANTS LÉGAUX DE", "MARIE-AMÉLIE PETIT")
    assert block(birth_date=date(2008, 1, 26)).lines[0] == "ÉLODIE ESSAI"


def test_guardianship_goes_to_the_tutor_and_curatorship_to_the_person() -> None:
    made = block(
        civility=Civility.MADAME,
        protection=Protection.GUARDIANSHIP,
        representative="M. Luc Tuteur",
    )
    assert made.lines[:2] == ("M. LUC TUTEUR", "POUR MADAME ÉLODIE ESSAI")
    assert codes(made) == ["address_of_guardian"]
    unnamed = block(protection=Protection.GUARDIANSHIP)
    assert unnamed.lines[0] == "AU REPRÉSENTANT LÉGAL DE ÉLODIE ESSAI"
    assert block(protection=Protection.CURATORSHIP).lines[0] == "ÉLODIE ESSAI"


@pytest.mark.parametrize(
    "postcode",
    [
        "97100",
        "97200",
        "97300",
        "97400",
        "97500",
        "97600",
        "97133",
        "97150",
        "98000",
        "98600",
        "98713",
        "98800",
        "20000",
        "01000",
    ],
)
def test_overseas_postcodes_are_domestic(postcode: str) -> None:
    made = block(PostalAddress(street="1 rue du Port", postcode=postcode, city="Essaiville"))
    assert made.lines[-1] == f"{postcode} ESSAIVILLE"
    assert made.is_postable


@pytest.mark.parametrize(
    "country", ["France", "FR", "La Réunion", "Guadeloupe", "Nouvelle-Calédonie"]
)
def test_french_territories_have_no_country_line(country: str) -> None:
    made = block(PostalAddress(street="1 rue A", postcode="97400", city="B", country=country))
    assert made.lines[-1] == "97400 B"


def test_abroad_the_country_ends_the_address_in_french_capitals() -> None:
    germany = PostalAddress(
        street="Hauptstraße 3/12", postcode="10115", city="Berlin", country="Germany"
    )
    assert block(germany).lines[1:] == ("HAUPTSTRASSE 3/12", "10115 BERLIN", "ALLEMAGNE")
    london = PostalAddress(street="3 High St", postcode="SW1A 1AA", city="London", country="UK")
    assert block(london).lines[-2:] == ("LONDON SW1A 1AA", "ROYAUME-UNI")


def test_too_many_lines_block() -> None:
    address = PostalAddress(
        complement="Appartement 4 escalier B étage 3", building="Résidence des Grands Cèdres bâtiment C",
        street="1 rue Neuve", locality="Le Bourg", postcode="90000", city="Belfort",
    )  # fmt: skip
    made = block(address, protection=Protection.GUARDIANSHIP, representative="Mme Tutrice")
    assert len(made.lines) == 7
    assert codes(made)[-1] == "address_too_many_lines"
    assert not made.is_postable


def test_flat_and_building_share_a_line_when_two_are_needed_for_the_name() -> None:
    address = PostalAddress(
        complement="Appt 4", building="Rés. du Parc", street="1 rue Neuve", locality="Le Bourg",
        postcode="90000", city="Belfort",
    )  # fmt: skip
    made = block(address, protection=Protection.GUARDIANSHIP, representative="Mme Tutrice")
    assert made.lines[2] == "APPT 4 RÉS. DU PARC"
    assert made.is_postable


def test_an_incomplete_address_blocks() -> None:
    made = block(PostalAddress(street="1 rue A"))
    assert "address_incomplete" in codes(made)
    assert not made.is_postable


def test_repr_shows_nobody() -> None:
    assert "ESSAI" not in repr(block())


def test_post_order_is_postcode_then_town_with_abroad_last() -> None:
    def person(postcode: str, city: str, country: str = "") -> Recipient:
        return Recipient(1, address=PostalAddress("", "", "1 rue A", "", postcode, city, country))

    people = [
        person("10115", "Berlin", "Allemagne"),
        person("90000", "Belfort"),
        person("01000", "Bourg"),
    ]
    assert [p.address.city for p in sorted(people, key=sort_key_by_postcode)] == [
        "Bourg", "Belfort", "Berlin",
    ]  # fmt: skip


TEXT = st.text(max_size=60)


@given(
    first=TEXT, last=TEXT, complement=TEXT, building=TEXT, street=TEXT, locality=TEXT, city=TEXT,
    country=st.sampled_from(["", "Belgique"]), protection=st.sampled_from(Protection),
)  # fmt: skip
def test_a_postable_block_always_fits(
    first: str, last: str, complement: str, building: str, street: str, locality: str, city: str,
    country: str, protection: Protection,
) -> None:  # fmt: skip
    address = PostalAddress(complement, building, street, locality, "90000", city, country)
    made = block(address, first_name=first, last_name=last, protection=protection)
    if made.is_postable:
        assert all(0 < len(line) <= MAX_LINE for line in made.lines)
        assert len(made.lines) <= 6 + bool(country)
    else:
        assert any(issue.level is Level.BLOCKING for issue in made.issues)


@given(st.text(max_size=90))
def test_splitting_loses_nothing(text: str) -> None:
    flat = " ".join(text.split())
    halves = split_at_space(flat, MAX_LINE)
    if halves is not None:
        assert " ".join(halves) == flat
        assert all(len(half) <= MAX_LINE for half in halves)
