"""The mailbox letters leave from. No secret: passwords and tokens live in the credential store."""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

from app.core.pacing import DAY, HOUR, RateWindow, WorkingHours

#: an unknown provider: start low, the user may raise it (mail.md A1)
CAUTIOUS_LIMITS = (RateWindow(100, HOUR), RateWindow(400, DAY))


_WHOLE_ADDRESS = re.compile(r"[^@\s]+@([\w-]+\.)+[\w-]{2,}")


class Security(StrEnum):
    """How the connection to the server is protected."""

    TLS = "tls"  # implicit TLS, usually port 465 (RFC 8314)
    STARTTLS = "starttls"  # port 587
    PLAIN_LOOPBACK = "plain_loopback"  # this computer only: tests and local relays


class AuthKind(StrEnum):
    """How the account proves itself."""

    PASSWORD = "password"  # noqa: S105 - a kind of login, not a secret
    OAUTH_MICROSOFT = "oauth_microsoft"
    OAUTH_GOOGLE = "oauth_google"
    NONE = "none"


def is_whole_address(address: str) -> bool:
    """True when somebody, an @ and a domain with its end are there: what the practice writes of itself."""
    return _WHOLE_ADDRESS.fullmatch(address) is not None


def is_loopback(host: str) -> bool:
    """True for this computer's own addresses and « localhost »."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class MailAccount:
    """One account of one server, with the limits its provider sets."""

    address: str
    host: str
    port: int
    security: Security = Security.STARTTLS
    display_name: str = ""
    user_name: str = ""
    auth: AuthKind = AuthKind.PASSWORD
    #: file of a private certificate authority (PEM) added by an administrator; empty for the system's own
    ca_file: str = ""
    limits: tuple[RateWindow, ...] = CAUTIOUS_LIMITS
    working_hours: WorkingHours | None = None
    #: connections at once, 1 to 4
    lanes: int = 1
    #: a new connection after so many letters (Orange asks for at most 100)
    letters_per_connection: int = 100
    #: where bounces are read; empty = not set
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Security = Security.TLS
    #: identifier of the bundled provider facts this account came from
    provider: str = ""
    #: OAuth2 public client and tenant set by an administrator
    client_id: str = ""
    tenant: str = "common"
    #: each e-mail takes the PDF of its letter along
    attach_pdf: bool = False
    #: P12 file of the signature certificate, encrypted with a key of the credential store; empty = unsigned
    signing_file: str = ""

    @property
    def key(self) -> str:
        """Stable name for the credential store and for the account's limits."""
        return f"smtp:{(self.user_name or self.address).lower()}@{self.host.lower()}"

    @property
    def domain(self) -> str:
        """Domain of the sender's address."""
        return self.address.rpartition("@")[2].lower()

    @property
    def is_complete(self) -> bool:
        """True when there is an address and a server to try."""
        return "@" in self.address and bool(self.host)

    @property
    def needs_secret(self) -> bool:
        """True when a password or a token must be at hand before connecting."""
        return self.auth is not AuthKind.NONE and bool(self.user_name or self.address)
