"""S/MIME signature (RFC 8551) with the practice's certificate; detached, so that every reader shows the text."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs7,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.core.errors.mail import SigningKeyUnreadable

_PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Signature:
    """A certificate and its key, in memory only."""

    certificate: x509.Certificate
    key: _PrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def owner(self) -> str:
        """Whom the certificate names."""
        names = self.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return "".join(c for c in str(names[0].value) if c.isprintable()) if names else ""

    @property
    def issuer(self) -> str:
        """Who vouches for it."""
        names = self.certificate.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return "".join(c for c in str(names[0].value) if c.isprintable()) if names else ""

    @property
    def valid_until(self) -> datetime:
        """Its last instant."""
        return self.certificate.not_valid_after_utc

    @property
    def is_for_mail(self) -> bool:
        """False when its purposes are listed and mail is not among them (RFC 8550 4.4.4)."""
        try:
            purposes = self.certificate.extensions.get_extension_for_class(
                x509.ExtendedKeyUsage
            ).value
        except x509.ExtensionNotFound:
            return True
        allowed = {ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
        return bool(allowed & set(purposes))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The mail addresses the certificate speaks for, lower case."""
        try:
            names = self.certificate.extensions.get_extension_for_class(
                x509.SubjectAlternativeName
            ).value.get_values_for_type(x509.RFC822Name)
        except x509.ExtensionNotFound:
            names = []
        subject = self.certificate.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)
        return tuple(str(name).lower() for name in [*names, *(each.value for each in subject)])


def load_signature(file: Path, password: str, address: str, now: datetime) -> Signature:
    """Read a P12 file and check that it can sign for ``address`` today.

    Raises:
        SigningKeyUnreadable: with « missing », « format », « password », « not_yet_valid », « expired »,
            « usage » or « address » as its fault.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SigningKeyUnreadable(file.name, "missing") from error
    if content[:1] != b"\x30":  # DER SEQUENCE
        raise SigningKeyUnreadable(file.name, "format")
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(
            content, password.encode("utf-8") if password else None
        )
    except ValueError as error:
        raise SigningKeyUnreadable(file.name, "password") from error
    if certificate is None or not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise SigningKeyUnreadable(file.name, "format")
    signature = Signature(certificate, key, tuple(chain))
    if now < certificate.not_valid_before_utc:
        raise SigningKeyUnreadable(file.name, "not_yet_valid")
    if now > certificate.not_valid_after_utc:
        raise SigningKeyUnreadable(file.name, "expired")
    if not signature.is_for_mail:
        raise SigningKeyUnreadable(file.name, "usage")
    if address.lower() not in signature.addresses:
        raise SigningKeyUnreadable(file.name, "address")
    return signature


def sealed(signature: Signature, password: str) -> bytes:
    """The certificate and its key as a new P12 file, encrypted with ``password`` (AES-256)."""
    return pkcs12.serialize_key_and_certificates(
        None,
        signature.key,
        signature.certificate,
        list(signature.chain) or None,
        BestAvailableEncryption(password.encode("utf-8")),
    )


def signer(signature: Signature) -> Callable[[bytes, str], bytes]:
    """Makes the ``sign`` of a MessageBuilder: an entity → multipart/signed with its signature.

    The signed part has the same bytes at each resend; the signature holds the time and differs.
    """

    def sign(entity: bytes, boundary: str) -> bytes:
        builder = pkcs7.PKCS7SignatureBuilder().set_data(entity)
        builder = builder.add_signer(signature.certificate, signature.key, hashes.SHA256())
        for extra in signature.chain:
            builder = builder.add_certificate(extra)
        der = builder.sign(
            Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
        )
        body = base64.encodebytes(der).replace(b"\n", b"\r\n")
        mark = f"--{boundary}".encode("ascii")
        head = (
            'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; '
            f'micalg=sha-256;\r\n boundary="{boundary}"\r\n\r\n'
        ).encode("ascii")
        part = (
            b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
            b"Content-Transfer-Encoding: base64\r\n"
            b'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n'
        )
        # the line break before a boundary belongs to the boundary (RFC 2046 5.1.1)
        return (
            head
            + mark
            + b"\r\n"
            + entity
            + b"\r\n"
            + mark
            + b"\r\n"
            + part
            + body
            + mark
            + b"--\r\n"
        )

    return sign
