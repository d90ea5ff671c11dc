"""Signed letters, verified by OpenSSL."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.core.errors.mail import SigningKeyUnreadable
from app.mail.message import MessageBuilder, Sender
from app.mail.smime import load_signature, signer

ADDRESS = "contact@cabinet-exemple.fr"
NOW = datetime(2026, 1, 26, 9, tzinfo=UTC)


def p12(folder: Path, address: str = ADDRESS, days: int = 30) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Cabinet d’essai")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "signature.p12"
    sealed = BestAvailableEncryption("mot de passé".encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, sealed))
    (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return file


def signed(folder: Path) -> bytes:
    signature = load_signature(p12(folder), "mot de passé", ADDRESS, NOW)
    return MessageBuilder(Sender(ADDRESS, "Cabinet"), sign=signer(signature)).build(
        to="paul@exemple.fr",
        subject="Information",
        text="Madame,\n\nété\n",
        html="<p>été</p>",
        message_id="<1.1.aa@cabinet-exemple.fr>",
        code="7K3M-9QXA-P",
        date=NOW,
    )


def verify(raw: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    command = [openssl, "cms", "-verify", "-CAfile", str(folder / "ca.pem"), "-attime"]
    command += [str(int(NOW.timestamp())), "-purpose", "any"]
    return subprocess.run(command, input=raw, capture_output=True, check=False)


def test_openssl_accepts_the_signature_and_sees_a_change(tmp_path: Path) -> None:
    raw = signed(tmp_path)
    good = verify(raw, tmp_path)
    assert good.returncode == 0, good.stderr
    assert b"=C3=A9t=C3=A9" in good.stdout
    assert verify(raw.replace(b"Madame", b"Madama"), tmp_path).returncode != 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("password", "password"),
        ("address", "address"),
        ("expired", "expired"),
        ("format", "format"),
    ],
)
def test_what_cannot_sign_is_told(change: str, fault: str, tmp_path: Path) -> None:
    file = p12(tmp_path, "autre@exemple.fr" if change == "address" else ADDRESS)
    if change == "format":
        file.write_bytes(b"-----BEGIN")
    word = "faux" if change == "password" else "mot de passé"
    now = NOW + timedelta(days=90) if change == "expired" else NOW
    with pytest.raises(SigningKeyUnreadable) as caught:
        load_signature(file, word, ADDRESS, now)
    assert caught.value.fault == fault
