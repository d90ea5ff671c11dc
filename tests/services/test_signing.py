"""The practice's S/MIME certificate: judged, kept encrypted under a key of the keyring, used, forgotten."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.errors.mail import SigningKeyUnreadable
from app.core.errors.storage import NoCredentialStore
from app.core.mail_account import MailAccount
from app.credentials import MemoryCredentials
from app.mail.smime import load_signature
from app.paths import data_dir
from app.services import signing
from tests.doors.test_mail_smime import ADDRESS, NOW, p12, verify

WORD = "mot de passé"
ACCOUNT = MailAccount(ADDRESS, "smtp.cabinet-exemple.fr", 587)


def taken(folder: Path, store: MemoryCredentials) -> MailAccount:
    path, signature = signing.take(p12(folder), WORD, ADDRESS, store, NOW)
    assert signature.owner == "Cabinet d’essai"
    assert signature.valid_until == NOW + timedelta(days=30)
    return replace(ACCOUNT, signing_file=path)


def test_the_copy_is_encrypted_and_signs_when_the_users_file_is_gone(tmp_path: Path) -> None:
    store = MemoryCredentials()
    account = taken(tmp_path, store)
    (tmp_path / "signature.p12").unlink()
    sign = signing.signer_for(account, store, NOW)
    assert sign is not None
    raw = sign(b"Content-Type: text/plain\r\n\r\nbonjour\r\n", "limite")
    assert verify(raw, tmp_path).returncode == 0
    (copy,) = [file for file in data_dir().rglob("*") if file.is_file()]
    assert WORD.encode() not in copy.read_bytes()
    with pytest.raises(
        SigningKeyUnreadable
    ) as caught:  # the user's password does not open our copy
        load_signature(copy, WORD, ADDRESS, NOW)
    assert caught.value.fault == "password"


def test_letters_that_were_to_be_signed_never_leave_unsigned(tmp_path: Path) -> None:
    store = MemoryCredentials()
    account = taken(tmp_path, store)
    for changed, credentials, now, fault in (
        (account, MemoryCredentials(), NOW, "missing"),
        (account, MemoryCredentials(available=False), NOW, "missing"),
        (replace(account, address="autre@exemple.fr"), store, NOW, "address"),
        (account, store, NOW + timedelta(days=31), "expired"),
    ):
        with pytest.raises(SigningKeyUnreadable) as caught:
            signing.signer_for(changed, credentials, now)
        assert caught.value.fault == fault
    signing.forget(account, store)
    with pytest.raises(SigningKeyUnreadable) as caught:
        signing.signer_for(account, store, NOW)
    assert caught.value.fault == "missing"
    assert not [file for file in data_dir().rglob("*") if file.is_file()]


def test_nothing_is_kept_where_no_secret_can_be(tmp_path: Path) -> None:
    with pytest.raises(NoCredentialStore):
        signing.take(p12(tmp_path), WORD, ADDRESS, MemoryCredentials(available=False), NOW)
    assert not [file for file in data_dir().rglob("*") if file.is_file()]


def test_without_a_certificate_letters_leave_unsigned() -> None:
    assert signing.signer_for(ACCOUNT, MemoryCredentials(), NOW) is None
    assert signing.signer_for(None, MemoryCredentials(), NOW) is None
