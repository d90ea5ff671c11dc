"""Cleaning of each kind of cell: what is sure, repaired, doubtful, unusable."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.birth_dates import clean_date
from app.core.cleaned import Cleaned, State
from app.core.cleaning import clean_civility, clean_flag, clean_text
from app.core.emails import clean_email, likely_domain
from app.core.names import clean_name, split_full_name
from app.core.phones import clean_phone
from app.core.postcodes import PostcodeIndex, clean_postcode, clean_town, split_postcode_town
from app.core.recipient import Civility

TODAY = date(2026, 3, 2)


def told(cleaned: Cleaned[Any]) -> tuple[object, str]:
    return cleaned.value, cleaned.mark.code if cleaned.mark else ""


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("01000", "01000", ""),
        ("1000", "01000", "postcode_zero_added"),
        ("1000.0", "01000", "postcode_zero_added"),
        ("20090", "20090", ""),
        ("97400", "97400", ""),
        ("98000", "98000", ""),
        ("75 011", "75011", "postcode_formatted"),
        ("F-75011", "75011", "postcode_formatted"),
        ("75011 PARIS", "75011", "postcode_with_town"),
        ("2A004", "", "postcode_insee"),
        ("00000", "", "postcode_impossible"),
        ("96000", "", "postcode_impossible"),
        ("1,85E+04", "", "digits_lost"),
        ("néant", "", "postcode_absent"),
    ],
)
def test_postcode(text: str, value: str, code: str) -> None:
    assert told(clean_postcode(text)) == (value, code)


def test_postcode_abroad_is_left_alone() -> None:
    assert told(clean_postcode("1000", is_french=False)) == ("1000", "")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("12/03/1985", date(1985, 3, 12), ""),
        ("1985-03-12", date(1985, 3, 12), ""),
        ("1985-03-12 00:00:00", date(1985, 3, 12), ""),
        ("1er mars 1960", date(1960, 3, 1), ""),
        ("31118", date(1985, 3, 12), "date_serial"),
        ("12031985", date(1985, 3, 12), "date_compact"),
        ("12/03/85", date(1985, 3, 12), "date_century"),
        ("12/03/15", None, "date_two_digits"),
        ("00/00/0000", None, "date_unknown"),
        ("01/01/1900", None, "date_unknown"),
        ("31/02/1985", None, "date_impossible"),
        ("03/25/1985", None, "date_american"),
        ("12/03/2030", None, "date_future"),
        ("12/03/1850", None, "date_too_old"),
        ("mars 1985", None, "date_unreadable"),
    ],
)
def test_date(text: str, value: date | None, code: str) -> None:
    assert told(clean_date(text, TODAY)) == (value, code)


@given(st.dates(date(1900, 1, 2), TODAY))
def test_every_french_date_is_read_back(day: date) -> None:
    assert clean_date(f"{day:%d/%m/%Y}", TODAY) == Cleaned(day)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("paul.durand@courriel.example", "paul.durand@courriel.example", ""),
        ("Paul@COURRIEL.example", "Paul@courriel.example", "email_formatted"),
        (" paul@courriel.example ", "paul@courriel.example", "email_formatted"),
        ("paul@münchen.de", "paul@xn--mnchen-3ya.de", "email_formatted"),
        ("paul@gmial.com", "paul@gmial.com", "email_domain_typo"),
        ("paul@gmail.con", "paul@gmail.con", "email_domain_typo"),
        ("a@b.fr; c@d.fr", "a@b.fr", "email_several"),
        ("a@b.fr a@b.fr", "a@b.fr", "email_repeated"),
        ("pasdemail@gmail.com", "", "email_stand_in"),
        ("pascal@gmail.com", "pascal@gmail.com", ""),
        ("x@", "", "email_invalid"),
        ("aaa@aaa", "", "email_stand_in"),
        ("élodie@free.fr", "", "email_invalid"),
        ("o’brien@free.fr", "", "email_invalid"),
        ("paul durand@free.fr", "", "email_invalid"),
        ("néant", "", "email_absent"),
        (f"{'ab' * 33}@free.fr", "", "email_invalid"),
        ("a@free.fr\nBcc: b@free.fr", "", "email_invalid"),
    ],
)
def test_email(text: str, value: str, code: str) -> None:
    found = told(clean_email(text))
    if "\n" in text:  # a header in a cell: never more than one plain address comes out
        assert "\n" not in str(found[0])
        assert found[1] in {"email_several", "email_invalid"}
        return
    assert found == (value, code)


def test_a_typing_mistake_is_proposed_never_applied() -> None:
    mark = clean_email("anne@wanado.fr").mark
    assert mark is not None
    assert mark.facts["proposal"] == "anne@wanadoo.fr"
    assert likely_domain("mail.com") == ""
    assert likely_domain("gmail.fr") == "gmail.com"


@given(st.text(max_size=80))
def test_an_email_is_one_ascii_address_or_nothing(text: str) -> None:
    value = clean_email(text).value
    assert value.isascii()
    assert value.count("@") == bool(value)
    assert not set(value) & set(" \r\n,;<>")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("06 39 98 00 01", "06 39 98 00 01", ""),
        ("0639980001", "06 39 98 00 01", "phone_formatted"),
        ("639980001", "06 39 98 00 01", "phone_zero_added"),
        ("639980001.0", "06 39 98 00 01", "phone_formatted"),
        ("+33 6 39 98 00 01", "06 39 98 00 01", "phone_formatted"),
        ("0033639980001", "06 39 98 00 01", "phone_formatted"),
        ("0692123456", "06 92 12 34 56", "phone_formatted"),
        ("+32 2 123 45 67", "+32 2 123 45 67", ""),
        ("01 99 00 12 12 / 06 39 98 00 01", "01 99 00 12 12", "phone_several"),
        ("pas de portable", "", "phone_absent"),
        ("3,36123E+10", "", "digits_lost"),
        ("12", "", "phone_unusable"),
    ],
)
def test_phone(text: str, value: str, code: str) -> None:
    assert told(clean_phone(text)) == (value, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DUPONT", ""),
        ("de La Tour", ""),
        ("D’Almeida", ""),
        ("N'Diaye", ""),
        ("Le Quellec’h", ""),
        ("Renée", ""),
        (" Bœuf", "spaces_removed"),
        ("Be\u0301atrice", "accents_composed"),
        ("DUPONT ép. MARTIN", "name_two_in_one"),
        ("MARTIN née DUPONT", "name_two_in_one"),
        ("LefÃ¨vre", "name_garbled"),
        ("LEF?VRE", "name_letters_lost"),
        ("Mme DURAND", "name_holds_civility"),
        ("DURAND 2", "name_odd"),
        ("=HYPERLINK", "name_odd"),
    ],
)
def test_name(text: str, code: str) -> None:
    assert told(clean_name(text))[1] == code


def test_a_name_is_never_recased() -> None:
    for name in ("dupont", "DUPONT", "McDonald", "d’Ornano"):
        assert clean_name(name).value == name


@pytest.mark.parametrize(
    ("text", "last", "first", "state"),
    [
        ("DURAND Paul", "DURAND", "Paul", State.REPAIRED),
        ("Paul DURAND", "DURAND", "Paul", State.REPAIRED),
        ("de LA TOUR Anne-Sophie", "de LA TOUR", "Anne-Sophie", State.REPAIRED),
        ("DURAND, Paul Henri", "DURAND", "Paul Henri", State.REPAIRED),
        ("Durand Paul", "Durand", "Paul", State.REPAIRED),
        ("Durand Paul Henri", "Durand", "Paul Henri", State.DOUBTFUL),
        ("Durand", "Durand", "", State.DOUBTFUL),
    ],
)
def test_full_name(text: str, last: str, first: str, state: State) -> None:
    found = split_full_name(text)
    assert found[:2] == (last, first)
    assert found[2] is not None
    assert found[2].state is state


def test_flags() -> None:
    assert all(
        clean_flag(text) == Cleaned(value=True) for text in ("oui", "OUI", "x", "1", "Vrai", "✓")
    )
    assert all(clean_flag(text) == Cleaned(value=False) for text in ("non", "0", "", "faux"))
    unclear = clean_flag("dépressif")
    assert unclear.mark is not None
    assert "dépressif" not in str(dict(unclear.mark.facts))  # may be an observation: never repeated


def test_civility() -> None:
    assert clean_civility("Mlle").value is Civility.MADAME
    assert clean_civility("M.").value is Civility.MONSIEUR
    assert clean_civility("Dr").value is Civility.DOCTEUR
    assert told(clean_civility("Enfant")) == (Civility.UNKNOWN, "civility_unknown")


def test_cell_errors_and_text_formulas() -> None:
    assert told(clean_text("#N/A")) == ("", "cell_error")
    assert told(clean_text('="01000"')) == ("01000", "text_formula")


@given(st.text(max_size=60))
def test_text_is_printable_and_single_spaced(text: str) -> None:
    value = clean_text(text).value
    assert value.isprintable()
    assert value == " ".join(value.split(" ")).strip()
    if value != text and value:
        assert clean_text(text).mark is not None  # nothing changes without a trace


LINES = [
    "# comment",
    "39000\t39300\tLons-le-Saunier",
    "75011\t75111\tParis 11e Arrondissement",
    "42000\t42218\tSaint-Étienne",
]


@pytest.mark.parametrize(
    ("postcode", "town", "agrees"),
    [
        ("39000", "LONS LE SAUNIER", True),
        ("39000", "LONS", True),
        ("39000", "DIJON", False),
        ("39000", "LONS LE SAUNIER CEDEX 9", True),
        ("75011", "PARIS", True),
        ("42000", "ST ETIENNE", True),
        ("99999", "NULLE PART", True),
    ],
)
def test_towns(postcode: str, town: str, *, agrees: bool) -> None:
    assert PostcodeIndex(LINES).agrees(postcode, town) is agrees


def test_town_cells() -> None:
    assert split_postcode_town("75011 PARIS") == ("75011", "PARIS")
    assert split_postcode_town("PARIS (75011)") == ("75011", "PARIS")
    assert split_postcode_town("PARIS") is None
    assert told(clean_town("PARIS CEDEX 11")) == ("PARIS CEDEX 11", "")
    assert told(clean_town("LYON 3e"))[1] == ""
    assert told(clean_town("12 rue X 39000"))[1] == "town_with_digits"
