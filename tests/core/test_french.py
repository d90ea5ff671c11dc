"""French numbers, dates and typography."""

from datetime import UTC, date, datetime

import pytest

from app.wording import french


def test_numbers_and_plurals() -> None:
    assert french.number(1842) == "1\u202f842"
    assert french.count(0, "lettre") == "0\u00a0lettre"
    assert french.count(2, "courriel") == "2\u00a0courriels"
    assert french.euros(137_712) == "1\u202f377,12\u00a0€"
    assert french.size_bytes(3_400_000) == "3,4\u00a0Mo"


def test_dates() -> None:
    assert french.date_long(date(2026, 3, 1)) == "1er\u00a0mars 2026"
    assert french.date_time(datetime(2026, 7, 1, 8, 4, tzinfo=UTC)) == (
        "1er\u00a0juillet 2026 à 10\u00a0h\u00a004"
    )
    assert french.read_date_short(" 1/2/2026 ") == date(2026, 2, 1)
    assert french.read_date_short("31/02/2026") is None
    assert french.read_date_short("hier") is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (20, "moins d’une minute"),
        (540, "environ 9\u00a0minutes"),
        (9_000, "environ 2\u00a0h\u00a030"),
        (7_200, "environ 2\u00a0h"),
        (3 * 86_400 + 1, "4\u00a0jours"),
    ],
)
def test_durations(seconds: int, text: str) -> None:
    assert french.duration(seconds) == text


def test_typography_keeps_signs_with_their_words() -> None:
    assert french.typeset("l'appel : « oui » ; vraiment ?") == (
        "l’appel\u00a0: «\u00a0oui\u00a0»\u202f; vraiment\u202f?"
    )


def test_phone_numbers_in_pairs() -> None:
    assert french.phone("0384000000") == "03\u00a084\u00a000\u00a000\u00a000"
    assert french.phone("+41 22") == "+41 22"
