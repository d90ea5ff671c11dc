"""Errors of the world: the mail server, the account, the way to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.errors import UserError


class CertificateFault(StrEnum):
    """Why a server's certificate cannot be trusted."""

    WRONG_NAME = "wrong_name"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SELF_SIGNED = "self_signed"
    UNKNOWN_AUTHORITY = "unknown_authority"
    OTHER = "other"


class LoginFault(StrEnum):
    """Why a login was refused, as far as the answer tells."""

    PASSWORD = "password"  # noqa: S105 - a kind of refusal
    APP_PASSWORD = "app_password"  # noqa: S105 - a kind of refusal, not a secret
    BASIC_DISABLED = "basic_disabled"  # Microsoft 365: SMTP AUTH switched off
    #: the same, met with a token: no way of sending is left
    SUBMISSION_DISABLED = "submission_disabled"
    TOKEN = "token"  # noqa: S105 - a kind of refusal, not a secret
    BLOCKED = "blocked"


@dataclass(eq=False)
class ServerNameUnknown(UserError):
    """No address is known for the server's name."""

    host: str


@dataclass(eq=False)
class ServerUnreachable(UserError):
    """No connection: cut network, wrong port, firewall."""

    host: str
    port: int


@dataclass(eq=False)
class ServerSilent(UserError):
    """A connection, and then no greeting or no answer in time."""

    host: str
    port: int
    #: True when the silence came while a TLS handshake was under way
    during_tls: bool = False


@dataclass(eq=False)
class ConnectionClosed(UserError):
    """The server, or the network, closed the connection again and again."""

    host: str


@dataclass(eq=False)
class ServerBusy(UserError):
    """The server asks to come back later, before any letter."""

    host: str
    code: int
    words: str


@dataclass(eq=False)
class ServerRefuses(UserError):
    """The server refuses to talk to us at all (5yz at greeting or EHLO)."""

    host: str
    code: int
    words: str


@dataclass(eq=False)
class ClearTextForbidden(UserError):
    """An unprotected connection to another computer was asked for."""

    host: str


@dataclass(eq=False)
class TlsNotOffered(UserError):
    """The server does not offer STARTTLS on this port (or somebody between removed the offer)."""

    host: str
    port: int


@dataclass(eq=False)
class TlsNotSpoken(UserError):
    """The port does not speak TLS from the first byte."""

    host: str
    port: int


@dataclass(eq=False)
class TlsFailed(UserError):
    """The TLS handshake failed for a reason that is not the certificate."""

    host: str
    detail: str


@dataclass(eq=False)
class CertificateInvalid(UserError):
    """The server's certificate cannot be trusted. Nothing was sent."""

    host: str
    fault: CertificateFault
    detail: str = ""


@dataclass(eq=False)
class AuthorityFileUnreadable(UserError):
    """The file of a private certificate authority cannot be used."""

    file: str
    #: "format", "not_authority", "expired", "missing"
    fault: str = "format"


@dataclass(eq=False)
class LoginNotOffered(UserError):
    """The server offers no way to log in that this account can use."""

    host: str


@dataclass(eq=False)
class LoginRefused(UserError):
    """User name, password or token refused."""

    host: str
    fault: LoginFault
    code: int = 535
    words: str = ""
    provider: str = ""


@dataclass(eq=False)
class PasswordMissing(UserError):
    """No password is known for the account."""

    address: str


@dataclass(eq=False)
class SenderRefused(UserError):
    """The server refuses the sender's address."""

    address: str
    code: int
    words: str


@dataclass(eq=False)
class QuotaReached(UserError):
    """The provider takes no more letters for now."""

    host: str
    accepted: int
    words: str
    retry_at: datetime | None = None


@dataclass(eq=False)
class ContentRefused(UserError):
    """Several letters in a row were refused for what they contain."""

    count: int
    code: int
    words: str


@dataclass(eq=False)
class SameRefusalRepeated(UserError):
    """Several recipients in a row were refused in the same words: the account is probably meant."""

    count: int
    code: int
    words: str


@dataclass(eq=False)
class TooManyRefusals(UserError):
    """The share of refused letters passed the threshold of the run."""

    refused: int
    tried: int


@dataclass(eq=False)
class AddressNotSendable(UserError):
    """A recipient's address has characters before the @ that this server cannot carry (RFC 6531)."""

    row: int | None = None


@dataclass(eq=False)
class MailboxUnreadable(UserError):
    """A file given as returned mail is no message, no folder of messages and no mbox."""

    file: str


@dataclass(eq=False)
class ImapRefused(UserError):
    """The mailbox cannot be read: login refused or folder missing."""

    host: str
    words: str = ""


@dataclass(eq=False)
class SignInRefused(UserError):
    """The sign-in page of the provider ended without a permission."""

    provider: str
    #: « access_denied », « invalid_client », … (RFC 6749 4.1.2.1), as the provider names it
    code: str
    words: str = ""


@dataclass(eq=False)
class SignInTimedOut(UserError):
    """Nobody finished the sign-in page in time."""

    provider: str


@dataclass(eq=False)
class SignInExpired(UserError):
    """The permission given to the program is no longer valid: sign in again."""

    provider: str


@dataclass(eq=False)
class ClientIdMissing(UserError):
    """OAuth2 was chosen and no client identifier is set."""

    provider: str


@dataclass(eq=False)
class SigningKeyUnreadable(UserError):
    """The P12 file of the signature certificate cannot be opened: password, format, or no e-mail use."""

    file: str
    #: "password", "format", "expired", "not_yet_valid", "address", "usage", "missing"
    fault: str


@dataclass(eq=False)
class NamesUnanswered(UserError):
    """The name service (DNS) gave no answer; whether a record exists is not known."""

    domain: str


@dataclass(eq=False)
class SettingsNotFound(UserError):
    """Neither the bundled facts nor the domain itself say which server to use."""

    domain: str


@dataclass(eq=False)
class AccountMissing(UserError):
    """Letters shall leave by e-mail and « Mon cabinet » names no account."""


@dataclass(eq=False)
class TrialRefused(UserError):
    """The server did not take the trial letter; ``code`` is 0 when its answer never came."""

    address: str
    code: int
    words: str
