"""Warnings of the letters: kinds, rows, what an acceptance covers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.issue import Issue, Level
from app.core.letter_warnings import (
    WHOLE_RUN,
    Acceptance,
    LetterWarning,
    WarningCollector,
    rows_of,
    rows_text,
    still_open,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def accepted(warning: LetterWarning, rows: set[int], text: str = "a") -> Acceptance:
    return Acceptance(warning.key, warning.code, frozenset(rows), "Dr Roux", "vu", NOW, text)


@given(st.frozensets(st.integers(1, 40_000_000), max_size=60))
def test_rows_are_written_and_read_back(rows: frozenset[int]) -> None:
    assert rows_of(rows_text(rows)) == rows


def test_runs_of_rows_are_joined() -> None:
    assert rows_text({4, 2, 3, 9}) == "2-4,9"
    assert rows_text(set()) == ""
    assert rows_text({WHOLE_RUN}) == "0"


def test_kinds_follow_the_words_and_not_the_numbers() -> None:
    found = WarningCollector()
    for row, words in ((2, 460), (3, 471), (5, 455)):
        facts: dict[str, str | int] = {"words": words, "limit": 450}
        found.add(Issue("letter_11_long", Level.CHECK, None, "body", facts), row)
    for row, text in ((2, "phishing"), (3, "hacker")):
        found.add(Issue("letter_11_english", Level.CHECK, None, "body", {"text": text}), row)
    found.add(Issue("letter_02_hours_missing", Level.BLOCKING), 2)
    found.add(Issue("letter_19_minor_16", Level.INFO), 2)
    kinds = found.warnings()
    assert [(each.code, sorted(each.rows)) for each in kinds] == [
        ("letter_11_long", [2, 3, 5]),
        ("letter_11_english", [2]),
        ("letter_11_english", [3]),
    ]
    assert kinds[0].letters == 3
    assert kinds[0].facts["words"] == 460


def test_only_the_rows_that_were_answered_for_are_settled() -> None:
    warning = LetterWarning("letter_11_english", frozenset({2, 3, 4}), {"text": "phishing"})
    (left,) = still_open([warning], [accepted(warning, {2, 9})], "a")
    assert left.rows == {3, 4}
    assert not still_open([warning], [accepted(warning, {2}), accepted(warning, {3, 4})], "a")


def test_another_text_or_another_word_is_not_answered_for() -> None:
    warning = LetterWarning("letter_11_english", frozenset({2}), {"text": "phishing"})
    other = LetterWarning("letter_11_english", frozenset({2}), {"text": "hacker"})
    assert still_open([warning], [accepted(warning, {2}, text="b")], "a") == (warning,)
    assert still_open([other], [accepted(warning, {2})], "a") == (other,)


def test_a_warning_about_the_whole_run() -> None:
    warning = LetterWarning("letter_20_no_second_reader", frozenset({WHOLE_RUN}))
    assert (warning.letters, warning.first_row) == (0, None)
    assert not still_open([warning], [accepted(warning, {WHOLE_RUN})], "a")


def test_nothing_of_a_letter_is_in_its_name() -> None:
    warning = LetterWarning("letter_11_english", frozenset({2}), {"text": "Jeanne Martin"})
    assert "Martin" not in repr(warning)
    assert "Martin" not in warning.key


@pytest.mark.parametrize("text", ["a-b", "3;4"])
def test_a_damaged_list_of_rows_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        rows_of(text)
