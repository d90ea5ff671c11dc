"""A clinic's own certificate authority, given as a file: read, judged and described before anything trusts it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from app.core.errors.mail import AuthorityFileUnreadable

#: file names an administrator hands over
SUFFIXES = ("pem", "crt", "cer", "der", "p7b")
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority as the user must see it."""

    name: str
    organisation: str
    #: who vouches for it; its own name for a root
    issuer: str
    valid_from: datetime
    valid_until: datetime
    #: SHA-256 of the certificate, capital hexadecimal pairs separated by « : »
    fingerprint: str
    is_root: bool


@dataclass(frozen=True, slots=True)
class AuthorityFile:
    """The usable authorities of one file, and nothing else of it (a private key is never taken along)."""

    authorities: tuple[Authority, ...]
    pem: bytes

    @property
    def has_root(self) -> bool:
        """False when the chain cannot end here: the computer must then know the root itself."""
        return any(authority.is_root for authority in self.authorities)


def read_authorities(file: Path, now: datetime) -> AuthorityFile:
    """The authorities of a PEM, DER or PKCS #7 file that are valid at ``now``.

    Raises:
        AuthorityFileUnreadable: « missing », « format », « not_authority » (a server's certificate, say) or
            « expired » as its fault.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise AuthorityFileUnreadable(file.name, "missing") from error
    certificates = _certificates(content) if len(content) <= _LARGEST else []
    if not certificates:
        raise AuthorityFileUnreadable(file.name, "format")
    authorities = [each for each in certificates if _is_authority(each)]
    if not authorities:
        raise AuthorityFileUnreadable(file.name, "not_authority")
    valid = [a for a in authorities if a.not_valid_before_utc <= now <= a.not_valid_after_utc]
    if not valid:
        raise AuthorityFileUnreadable(file.name, "expired")
    pem = b"".join(each.public_bytes(Encoding.PEM) for each in valid)
    return AuthorityFile(tuple(_described(each) for each in valid), pem)


def _certificates(content: bytes) -> list[x509.Certificate]:
    readers = (
        (x509.load_pem_x509_certificates, pkcs7.load_pem_pkcs7_certificates)
        if b"-----BEGIN" in content
        else (_one_der, pkcs7.load_der_pkcs7_certificates)
    )
    for read in readers:
        try:
            found = read(content)
        except ValueError:
            continue
        if found:
            return list(found)
    return []


def _one_der(content: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(content)]


def _is_authority(certificate: x509.Certificate) -> bool:
    """RFC 5280 4.2.1.9: the basic constraints say CA; without them only an old self-signed root may be one."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return certificate.issuer == certificate.subject
    except ValueError:  # an extension that cannot be read
        return False
    return constraints.value.ca


def _described(certificate: x509.Certificate) -> Authority:
    digest = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    return Authority(
        name=_name(certificate.subject),
        organisation=_part(certificate.subject, NameOID.ORGANIZATION_NAME),
        issuer=_name(certificate.issuer),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        fingerprint=digest,
        is_root=certificate.issuer == certificate.subject,
    )


def _name(name: x509.Name) -> str:
    return (
        _part(name, NameOID.COMMON_NAME)
        or _part(name, NameOID.ORGANIZATIONAL_UNIT_NAME)
        or _part(name, NameOID.ORGANIZATION_NAME)
        or name.rfc4514_string()
    )


def _part(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    # somebody else's text: one line of it, without control characters
    return "".join(c for c in str(found[0].value) if c.isprintable())[:120] if found else ""
