"""Each letter holds its own patient's name and nobody else's."""

from app.core.campaign import Channel
from app.core.letter_facts import LetterText
from app.core.letter_leaks import LeakIndex
from app.core.recipient import Recipient

ANNA = Recipient(row=1, first_name="Anna", last_name="Petit")
MARC = Recipient(row=2, first_name="Marc", last_name="Le Roux")
CHILD = Recipient(row=3, first_name="Lise", last_name="Petit", representative="Mme Anna Petit")
EVERYBODY = (ANNA, MARC, CHILD)


def codes(letter: LetterText, person: Recipient) -> list[str]:
    return [issue.code for issue in LeakIndex(EVERYBODY).check(letter, person)]


def letter_to(person: Recipient, body: str) -> LetterText:
    return LetterText(
        subject="Information importante",
        body=body,
        headings=(),
        channel=Channel.EMAIL,
        code="2222-2222-A",
        exposed=(),
        salutation="Madame,",
        own_name=f"{person.first_name} {person.last_name}",
        row=person.row,
    )


def test_its_own_name_is_no_leak() -> None:
    assert codes(letter_to(ANNA, "Lettre destinée à Anna Petit."), ANNA) == []


def test_a_neighbours_name_is_found_in_any_order_and_case() -> None:
    for words in ("LE ROUX Marc", "marc le roux"):
        body = f"Lettre destinée à Anna Petit. {words}"
        assert codes(letter_to(ANNA, body), ANNA) == ["letter_08_other_person"]


def test_the_representative_may_be_a_patient_too() -> None:
    body = "Mme Anna Petit, lettre au sujet de Lise Petit."
    assert codes(letter_to(CHILD, body), CHILD) == []
    # but not in somebody else's letter
    body = "Lettre destinée à Marc Le Roux. Anna Petit"
    assert codes(letter_to(MARC, body), MARC) == ["letter_08_other_person"]


def test_a_letter_without_its_own_name_is_seen() -> None:
    assert codes(letter_to(ANNA, "Madame,"), ANNA) == ["letter_10_own_name_missing"]
