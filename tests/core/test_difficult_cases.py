"""One person per difficulty, never somebody who gets no letter."""

from datetime import date

from app.core.difficult_cases import DifficultCase, Difficulty, difficult_cases
from app.core.recipient import (
    Civility,
    ExclusionReason,
    PostalAddress,
    Protection,
    Recipient,
)

TODAY = date(2026, 3, 2)
HOME = PostalAddress(street="3 rue des Lilas", postcode="90000", city="Belfort")


def person(number: int, **facts: object) -> Recipient:
    base = {"civility": Civility.MADAME, "last_name": "Roy", "first_name": "Ana", "address": HOME}
    return Recipient(number, id=number, **{**base, **facts})  # type: ignore[arg-type]


def test_each_difficulty_has_its_first_person() -> None:
    people = [
        person(1),
        person(2, first_name="Élodie"),
        person(3, birth_date=date(2012, 5, 1)),
        person(4, has_annotations=True),
        person(5, civility=Civility.UNKNOWN, last_name="Montesquiou-Fezensac"),
        person(6, protection=Protection.GUARDIANSHIP),
        person(7, address=PostalAddress(street="1 Calle Mayor", city="Madrid", country="Espagne")),
        person(8, address=PostalAddress()),
    ]
    found = {case.difficulty: case.recipient_id for case in difficult_cases(people, TODAY)}
    assert found == {
        Difficulty.LONGEST_NAME: 5,
        Difficulty.MINOR: 3,
        Difficulty.PROTECTED: 6,
        Difficulty.NO_CIVILITY: 5,
        Difficulty.ACCENTS: 2,
        Difficulty.ANNOTATIONS: 4,
        Difficulty.LONGEST_ADDRESS: 1,
        Difficulty.ABROAD: 7,
        Difficulty.NO_ADDRESS: 8,
    }


def test_people_without_letter_are_left_out() -> None:
    people = [person(1), person(2, last_name="Noël-Delacourt", excluded=ExclusionReason.DUPLICATE)]
    assert difficult_cases(people, TODAY) == [
        DifficultCase(Difficulty.LONGEST_NAME, 1),
        DifficultCase(Difficulty.LONGEST_ADDRESS, 1),
    ]
