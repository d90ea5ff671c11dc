"""Remarks on people, alone and together."""

from dataclasses import replace
from datetime import date

import pytest

from app.core.issue import Issue, Level
from app.core.list_checks import ListChecker, check_list
from app.core.recipient import (
    ExclusionReason,
    PostalAddress,
    Protection,
    Recipient,
    Restriction,
    list_and_row,
)

TODAY = date(2026, 3, 2)
HOME = PostalAddress(street="8 rue de l’Exemple", postcode="39000", city="LONS LE SAUNIER")
PAUL = Recipient(
    2,
    last_name="DURAND",
    first_name="Paul",
    birth_date=date(1985, 3, 12),
    email="paul@courriel.example",
    address=HOME,
)


def codes(*people: Recipient) -> dict[str, Level]:
    return {issue.code: issue.level for issue in check_list(people, TODAY)}


def test_nothing_to_say() -> None:
    assert codes(PAUL) == {}


@pytest.mark.parametrize(
    ("person", "code", "level"),
    [
        (replace(PAUL, last_name=""), "name_missing", Level.BLOCKING),
        (replace(PAUL, first_name=""), "first_name_missing", Level.CHECK),
        (replace(PAUL, email="", address=PostalAddress()), "no_reach", Level.BLOCKING),
        (
            replace(PAUL, email="", address=replace(HOME, city="")),
            "address_incomplete",
            Level.BLOCKING,
        ),
        (replace(PAUL, address=replace(HOME, city="")), "address_incomplete_email", Level.INFO),
        (replace(PAUL, birth_date=date(2015, 1, 1)), "minor_alone", Level.CHECK),
        (replace(PAUL, birth_date=date(2015, 1, 1), representative="Anne"), "minor", Level.INFO),
        (replace(PAUL, birth_date=date(1918, 1, 1)), "very_old", Level.CHECK),
        (replace(PAUL, deceased=True, excluded=ExclusionReason.DECEASED), "deceased", Level.INFO),
        (replace(PAUL, restriction=Restriction.DO_NOT_WRITE), "do_not_write", Level.INFO),
        (replace(PAUL, restriction=Restriction.HAND_OVER), "hand_over", Level.INFO),
        (replace(PAUL, protection=Protection.GUARDIANSHIP), "protected_alone", Level.CHECK),
        (
            replace(PAUL, protection=Protection.GUARDIANSHIP, representative="UDAF"),
            "protected",
            Level.INFO,
        ),
        (replace(PAUL, protection=Protection.CURATORSHIP), "curatorship", Level.INFO),
        (
            replace(PAUL, address=replace(HOME, complement="EHPAD Les Essais")),
            "care_home",
            Level.INFO,
        ),
        (replace(PAUL, address=replace(HOME, country="Belgique")), "foreign_address", Level.INFO),
        (
            replace(PAUL, email="", address=replace(HOME, street="8 rue " + "x" * 40)),
            "address_line_too_long",
            Level.BLOCKING,
        ),
    ],
)
def test_one_person(person: Recipient, code: str, level: Level) -> None:
    assert codes(person).get(code) is level


def test_the_eighteenth_birthday() -> None:
    assert codes(replace(PAUL, birth_date=date(2008, 3, 2))) == {}
    assert "minor_alone" in codes(replace(PAUL, birth_date=date(2008, 3, 3)))


def test_nobody_needs_correcting_who_gets_no_letter() -> None:
    assert (
        codes(
            replace(PAUL, email="", address=PostalAddress(), excluded=ExclusionReason.USER_DECISION)
        )
        == {}
    )
    assert codes(
        replace(PAUL, email="", address=PostalAddress(), restriction=Restriction.HAND_OVER)
    ) == {"hand_over": Level.INFO}


def findings(*people: Recipient) -> list[Issue]:
    checker = ListChecker(TODAY)
    for person in people:
        checker.add(person)
    return list(checker.finish().issues)


def test_the_same_person_twice() -> None:
    found = findings(PAUL, replace(PAUL, row=9, last_name="Durand", first_name="PAUL"))
    assert [(issue.code, issue.row, issue.facts["other_row"]) for issue in found] == [
        ("duplicate_same", 9, 2)
    ]


def test_the_fullest_row_of_a_person_is_kept() -> None:
    checker = ListChecker(TODAY)
    checker.add(replace(PAUL, email=""))
    checker.add(replace(PAUL, row=9))
    group = checker.finish().duplicates[0]
    assert (group.kept, group.others) == (9, (2,))
    assert [issue.code for issue in findings(replace(PAUL, email=""), replace(PAUL, row=9))] == [
        "duplicate_differs"
    ]


def test_do_not_write_wins_over_a_fuller_row() -> None:
    checker = ListChecker(TODAY)
    checker.add(PAUL)
    checker.add(replace(PAUL, row=9, email="", restriction=Restriction.DO_NOT_WRITE))
    assert checker.finish().duplicates[0].kept == 9


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (replace(PAUL, row=9, last_name="DURANT", email=""), "spelling"),
        (replace(PAUL, row=9, birth_date=None, email=""), "no_birth_date"),
        (replace(PAUL, row=9, last_name="DURAND", birth_name="MARTIN", email=""), "married_name"),
    ],
)
def test_likely_the_same_person(other: Recipient, why: str) -> None:
    found = findings(PAUL, other)
    assert [(issue.code, issue.facts["why"]) for issue in found] == [("duplicate_likely", why)]


def test_twins_and_namesakes_are_not_pairs() -> None:
    assert findings(PAUL, replace(PAUL, row=9, first_name="Jeanne", email="")) == []
    assert findings(PAUL, replace(PAUL, row=9, birth_date=date(1950, 1, 1), email="")) == []


def test_one_email_for_several() -> None:
    found = findings(PAUL, replace(PAUL, row=9, first_name="Anne", birth_date=date(1986, 1, 1)))
    assert [(issue.code, issue.row) for issue in found] == [("email_shared", 9)]


def test_the_email_of_the_practice_itself() -> None:
    people = [
        replace(PAUL, row=row, first_name=f"P{row}", birth_date=date(1950, 1, row))
        for row in range(2, 12)
    ]
    assert {issue.code for issue in findings(*people)} == {"email_many"}


def test_a_crowded_day_stays_quick() -> None:
    people = [
        replace(
            PAUL,
            row=row,
            last_name=f"N{row * 7919 % 100_003:06d}",
            birth_date=date(1950, 1, 1),
            email="",
        )
        for row in range(2, 5_002)
    ]
    assert all(issue.code == "duplicate_likely" for issue in findings(*people))


def test_rows_of_a_second_list() -> None:
    assert list_and_row(17) == (1, 17)
    assert list_and_row(10_000_017) == (2, 17)
