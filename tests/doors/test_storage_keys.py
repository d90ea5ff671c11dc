"""Recovery codes and sealed keys."""

import pytest

from app.core.errors.storage import (
    PassphraseTooShort,
    PassphraseWrong,
    RecoveryCodeMistyped,
    RecoveryCodeWrong,
)
from app.storage import keys

CODE = keys.new_recovery_code()


def test_a_code_has_five_groups_and_reads_back_however_it_is_typed() -> None:
    assert [len(group) for group in CODE.split("-")] == [5] * 5
    compact = CODE.replace("-", "")
    assert keys.read_recovery_code(CODE) == compact
    assert keys.read_recovery_code(f"  {CODE.lower().replace('-', ' ')} ") == compact
    assert keys.read_recovery_code(compact.replace("1", "l").replace("0", "O")) == compact
    assert keys.group_code(compact) == CODE


def test_every_single_mistake_and_every_swap_is_seen() -> None:
    compact = CODE.replace("-", "")
    for place, char in enumerate(compact):
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if other != char:
                with pytest.raises(RecoveryCodeMistyped):
                    keys.read_recovery_code(compact[:place] + other + compact[place + 1 :])
    for place in range(len(compact) - 1):
        swapped = compact[:place] + compact[place + 1] + compact[place] + compact[place + 2 :]
        if swapped != compact:
            with pytest.raises(RecoveryCodeMistyped):
                keys.read_recovery_code(swapped)
    for bad in ("", compact[:-1], compact + "0", "U" + compact[1:]):
        with pytest.raises(RecoveryCodeMistyped):
            keys.read_recovery_code(bad)


def test_the_key_comes_back_with_the_right_code_only() -> None:
    key = keys.new_key()
    sealed = keys.wrap(key, CODE, "c1")
    assert keys.unwrap((sealed,), CODE, "c1") == key
    with pytest.raises(RecoveryCodeWrong):
        keys.unwrap((sealed,), keys.new_recovery_code(), "c1")
    with pytest.raises(RecoveryCodeWrong):
        keys.unwrap((sealed,), CODE, "another campaign")
    with pytest.raises(RecoveryCodeWrong):
        keys.unwrap((), CODE, "c1")


def test_a_passphrase_opens_however_its_accents_are_composed() -> None:
    key = keys.new_key()
    sealed = keys.wrap_with_passphrase(key, "été à la plage", "c1")
    assert keys.unwrap_with_passphrase((sealed,), "e\u0301te\u0301 a\u0300 la plage", "c1") == key
    with pytest.raises(PassphraseWrong):
        keys.unwrap_with_passphrase((sealed,), "ete a la plage", "c1")
    with pytest.raises(PassphraseTooShort):
        keys.wrap_with_passphrase(key, "trop court", "c1")


def test_a_forged_header_cannot_ask_for_endless_memory() -> None:
    key = keys.new_key()
    sealed = keys.wrap(key, CODE, "c1")
    forged = keys.Wrap(sealed.kind, sealed.salt, 2**30, 64, sealed.nonce, sealed.sealed)
    with pytest.raises(RecoveryCodeWrong):
        keys.unwrap((forged,), CODE, "c1")


def test_fingerprints_and_derived_keys_differ() -> None:
    key = keys.new_key()
    assert len(keys.fingerprint(key)) == 8
    assert keys.fingerprint(key) != keys.fingerprint(keys.new_key())
    assert len({keys.derive(key, "a"), keys.derive(key, "b"), key}) == 3
