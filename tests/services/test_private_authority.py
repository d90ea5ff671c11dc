"""A clinic's own authority: described, kept without anything else of its file, trusted for one account only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from app.core.errors.mail import AuthorityFileUnreadable, CertificateFault, CertificateInvalid
from app.core.mail_account import MailAccount
from app.mail.transport import SmtpTransport
from app.paths import data_dir
from app.services import private_authority
from app.wording import explain
from tests.support.smtp_server import ScriptedServer

NOW = datetime.now(UTC)


def root(days: int = 30, *, ca: bool | None = True) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "Autorité\nde la clinique"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Clinique d’essai"),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
    )
    if ca is not None:
        made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    return made.sign(key, hashes.SHA256())


def written(folder: Path, content: bytes) -> Path:
    file = folder / "autorite.crt"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("form", ["pem", "der", "p7b"])
def test_each_form_of_file_is_read_and_described(form: str, tmp_path: Path) -> None:
    certificate = root()
    content = {
        "pem": certificate.public_bytes(Encoding.PEM),
        "der": certificate.public_bytes(Encoding.DER),
        "p7b": pkcs7.serialize_certificates([certificate], Encoding.DER),
    }[form]
    found = private_authority.read_authorities(written(tmp_path, content), NOW)
    (authority,) = found.authorities
    assert authority.name == authority.issuer == "Autoritéde la clinique"
    assert authority.organisation == "Clinique d’essai"
    assert authority.valid_until.date() == (NOW + timedelta(days=30)).date()
    assert authority.fingerprint == certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    assert found.has_root


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "format"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "format"),
        (b"\x30\x82" + bytes(100), "format"),
        (bytes(2_000_000), "format"),
        (root(ca=False).public_bytes(Encoding.PEM), "not_authority"),
        (root(days=-2).public_bytes(Encoding.PEM), "expired"),
    ],
)
def test_what_is_no_authority_is_refused_and_told(
    content: bytes, fault: str, tmp_path: Path
) -> None:
    with pytest.raises(AuthorityFileUnreadable) as caught:
        private_authority.read_authorities(written(tmp_path, content), NOW)
    assert caught.value.fault == fault
    assert explain(caught.value).why


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    account = MailAccount("a@exemple.fr", "smtp.exemple.fr", 587, ca_file=str(tmp_path / "x.pem"))
    with pytest.raises(AuthorityFileUnreadable) as caught:
        private_authority.known(account, NOW)
    assert caught.value.fault == "missing"


def test_a_private_key_in_the_file_is_not_taken_along(tmp_path: Path) -> None:
    own = trustme.CA()
    file = written(tmp_path, own.private_key_pem.bytes() + own.cert_pem.bytes())
    kept = Path(private_authority.keep(private_authority.read_authorities(file, NOW)))
    assert kept.is_relative_to(data_dir())
    assert b"PRIVATE" not in kept.read_bytes()
    account = MailAccount("a@exemple.fr", "smtp.exemple.fr", 587, ca_file=str(kept))
    assert private_authority.known(account, NOW) is not None
    private_authority.remove(account)
    assert not kept.exists()
    assert file.exists()


def test_it_serves_one_account_and_checks_the_name_still(tmp_path: Path) -> None:
    with ScriptedServer(protection="implicit", wants_login=True) as server:
        account = server.account(tmp_path)
        found = private_authority.read_authorities(Path(account.ca_file), NOW)
        kept = private_authority.keep(found)
        with_it = server.account(tmp_path, ca_file=kept)
        without = server.account(tmp_path, ca_file="")
        assert SmtpTransport(with_it, lambda: "x").check_connection()[2].is_good
        refused = SmtpTransport(without, lambda: "x").check_connection()[-1].error
    assert isinstance(refused, CertificateInvalid)
    assert refused.fault is CertificateFault.UNKNOWN_AUTHORITY
    with ScriptedServer(protection="implicit", certificate="wrong_name") as server:
        other = server.account(tmp_path)
        error = SmtpTransport(other, lambda: "x").check_connection()[-1].error
    assert isinstance(error, CertificateInvalid)
    assert error.fault is CertificateFault.WRONG_NAME
