"""What was exposed of one person: the list decides only of what it tells."""

from dataclasses import replace

from app.core.exposed import exposed_categories
from app.core.incident import DataCategory, Incident
from app.core.recipient import Recipient

C = DataCategory
INCIDENT = Incident(template_id="T01", categories=(C.IDENTITY, C.PHONE, C.NIR))
PERSON = Recipient(1)


def test_a_list_without_such_columns_leaves_it_to_the_incident() -> None:
    assert exposed_categories(INCIDENT, PERSON) == [C.IDENTITY, C.PHONE, C.NIR]


def test_a_column_about_one_category_takes_nothing_else_back() -> None:
    told = frozenset({C.NIR})
    without = replace(PERSON, categories=frozenset())
    assert exposed_categories(INCIDENT, without, told) == [C.IDENTITY, C.PHONE]
    with_it = replace(PERSON, categories=frozenset({C.NIR}))
    assert exposed_categories(INCIDENT, with_it, told) == [C.IDENTITY, C.PHONE, C.NIR]


def test_a_row_may_add_what_the_incident_does_not_say() -> None:
    person = replace(PERSON, categories=frozenset({C.IBAN}))
    assert exposed_categories(INCIDENT, person, frozenset({C.IBAN})) == [
        C.IDENTITY,
        C.PHONE,
        C.NIR,
        C.IBAN,
    ]


def test_without_a_list_the_row_decides_of_all() -> None:
    person = replace(PERSON, categories=frozenset({C.PHONE}))
    assert exposed_categories(INCIDENT, person) == [C.PHONE]
