"""Letter codes, allowed moves, closing balance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.campaign import (
    ALLOWED_MOVES,
    CODE_ALPHABET,
    Channel,
    ClosingBalance,
    Delivery,
    DeliveryStatus,
    Reply,
    check_move,
    new_letter_code,
    read_letter_code,
)
from app.core.errors import BugError


def test_a_code_is_read_back_however_it_is_typed() -> None:
    code = new_letter_code(b"abcdefgh")
    assert read_letter_code(code) == code
    assert read_letter_code(code.lower().replace("-", " ")) == code
    assert len(code) == len("XXXX-XXXX-X")


@given(st.binary(min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 28))
def test_one_wrong_character_is_always_seen(drawn: bytes, place: int, shift: int) -> None:
    compact = new_letter_code(drawn).replace("-", "")
    wrong = CODE_ALPHABET[(CODE_ALPHABET.index(compact[place]) + shift) % len(CODE_ALPHABET)]
    assert read_letter_code(compact[:place] + wrong + compact[place + 1 :]) is None


@given(st.binary(min_size=8, max_size=8), st.integers(0, 6))
def test_two_swapped_neighbours_are_always_seen(drawn: bytes, place: int) -> None:
    compact = list(new_letter_code(drawn).replace("-", ""))
    if compact[place] == compact[place + 1]:
        return
    compact[place], compact[place + 1] = compact[place + 1], compact[place]
    assert read_letter_code("".join(compact)) is None


def test_the_alphabet_has_a_prime_length_and_no_lookalikes() -> None:
    assert len(CODE_ALPHABET) == 29
    assert not set(CODE_ALPHABET) & set("0O1ILUZ")


def test_new_codes_differ() -> None:
    assert len({new_letter_code() for _ in range(1_000)}) == 1_000


def test_an_accepted_letter_can_only_come_back() -> None:
    assert ALLOWED_MOVES[DeliveryStatus.ACCEPTED] == {DeliveryStatus.BOUNCED}
    assert set(ALLOWED_MOVES) == set(DeliveryStatus)


def test_a_move_outside_the_table_is_our_defect() -> None:
    check_move(DeliveryStatus.OPEN, DeliveryStatus.DOT)
    with pytest.raises(BugError):
        check_move(DeliveryStatus.UNCERTAIN, DeliveryStatus.OPEN)


def test_reprs_show_no_value_of_a_patient() -> None:
    delivery = Delivery(1, Channel.EMAIL, DeliveryStatus.PENDING, "AAAA-BBBB-C", "<secret@x>")
    assert "secret" not in repr(delivery)
    assert "jeanne" not in repr(Reply(550, "jeanne@exemple.fr unknown", "5.1.1"))


def test_the_balance_is_exact_only_when_nobody_is_missing() -> None:
    counts = {DeliveryStatus.ACCEPTED: 3, DeliveryStatus.PRINTED: 2}
    assert ClosingBalance(6, counts, not_planned=1).is_exact()
    assert not ClosingBalance(6, counts).is_exact()
