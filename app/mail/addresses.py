"""Addresses as they travel: one at a time, IDNA domains, nothing that could become a header."""

import re
from dataclasses import dataclass

import idna
from typing_extensions import override

from app.core.errors import BugError
from app.core.errors.mail import AddressNotSendable

# RFC 5321 4.1.2 dot-string; quoted local parts are refused: no French mailbox uses one, and parsers differ.
# Characters beyond ASCII are let through here and need SMTPUTF8 (RFC 6531).
_LOCAL = re.compile(r"(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?)+(?<!\.)"
)


def travelling_address(address: str) -> str:
    """``address`` with its domain in ASCII (IDNA 2008 with UTS 46 mapping).

    Raises:
        AddressNotSendable: it is not exactly one mailbox « local@domain ».
    """
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise AddressNotSendable
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise AddressNotSendable from error
    if not _DOMAIN.fullmatch(domain):
        raise AddressNotSendable
    return f"{local}@{domain}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """RFC 5321 envelope: one sender, exactly one recipient, by type.

    ``envelope_id`` travels as ENVID where the server offers DSN (RFC 3461).
    """

    mail_from: str
    rcpt_to: str
    envelope_id: str = ""

    def __post_init__(self) -> None:
        for address in (self.mail_from, self.rcpt_to):
            if travelling_address(address) != address:
                raise BugError("an envelope takes addresses in their travelling form")

    @property
    def needs_smtputf8(self) -> bool:
        """True when an address has characters beyond ASCII before the @ (RFC 6531)."""
        return not (self.mail_from.isascii() and self.rcpt_to.isascii())

    @override
    def __repr__(self) -> str:
        return "Envelope(…)"
