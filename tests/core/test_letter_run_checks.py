"""Points 18 and 20, and the helpers of the letter checks."""

from dataclasses import replace

import pytest

from app.core.issue import Level
from app.core.letter_checks import point_of
from app.core.letter_facts import count_words, sentences
from app.core.letter_leaks import LeakIndex
from app.core.letter_run_checks import RunFacts, check_run, check_sms, sms_length
from app.core.recipient import Recipient
from app.wording import describe

GOOD = (
    "Cabinet du Dr Exemplaire: un courrier important vous attend au secretariat. "
    "Merci de nous appeler au 01 99 00 12 34."
)
RUN = RunFacts(
    letters=90,
    people=100,
    excluded_with_reason=10,
    excluded_without_reason=0,
    test_sent=True,
    read_letters=5,
    needed_readings=5,
    second_reader="Dr Exemplaire",
)


def test_a_good_sms_raises_nothing() -> None:
    assert check_sms(GOOD) == []
    assert check_sms("é" * 160) == []
    assert check_sms("Centre de santé: appelez-nous.", "Centre de santé") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * 161, "letter_18_sms_long"),
        ("€" * 81, "letter_18_sms_long"),
        ("Un courrier vous attend bientôt.", "letter_18_sms_alphabet"),
        ("« Bonjour »", "letter_18_sms_alphabet"),
        ("Cœur", "letter_18_sms_alphabet"),
        ("Vos donnees ont fui.", "letter_18_sms_health"),
        ("Vos resultats vous attendent.", "letter_18_sms_health"),
        ("Centre de santé: appelez-nous.", "letter_18_sms_health"),
        ("Voir https://exemple.invalid", "letter_18_sms_link"),
    ],
)
def test_a_bad_sms_is_seen(text: str, code: str) -> None:
    found = check_sms(text)
    assert code in {issue.code for issue in found}
    assert all(issue.level is Level.BLOCKING and describe(issue).what for issue in found)


def test_extended_signs_count_twice() -> None:
    assert sms_length("a€") == 3
    assert sms_length("ê") is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"letters": 89}, "letter_20_counts"),
        ({"excluded_with_reason": 8, "excluded_without_reason": 2}, "letter_20_reason_missing"),
        ({"test_sent": False}, "letter_20_no_trial"),
        ({"read_letters": 4}, "letter_20_not_read"),
        ({"second_reader": " "}, "letter_20_no_second_reader"),
    ],
)
def test_a_run_that_is_not_ready(changes: dict[str, object], code: str) -> None:
    found = check_run(replace(RUN, **changes))  # type: ignore[arg-type]
    assert [issue.code for issue in found] == [code]
    assert describe(found[0]).what


def test_a_run_that_is_ready() -> None:
    assert check_run(RUN) == []


def test_points_of_codes() -> None:
    assert point_of("letter_05_advice_missing") == 5
    assert point_of("letter_18_sms_long") == 18
    assert point_of("email_invalid") == 0


def test_sentences_keep_their_place() -> None:
    text = "M. Petit est venu. Le Dr Roux l’a vu.\n\n- Premier conseil. Second.\n"
    found = sentences(text)
    assert [s.text for s in found] == [
        "M. Petit est venu.",
        "Le Dr Roux l’a vu.",
        "Premier conseil.",
        "Second.",
    ]
    assert all(text[slice(*s.span)] == s.text for s in found)


def test_words_are_counted_as_one_says_them() -> None:
    assert count_words("L’accès du 12 janvier, peut-être.") == 4


def test_the_index_finds_names_in_any_order_and_spelling() -> None:
    index = LeakIndex(
        [
            Recipient(row=1, first_name="Anne-Laure", last_name="De la Tour", birth_name="Petit"),
            Recipient(row=2, last_name="Seul"),
        ]
    )
    assert index.names_in("vu anne laure DE LA TOUR hier")
    assert index.names_in("Petit Anne-Laure")
    assert not index.names_in("Anne de la Tour, Laure Petit, Seul")
