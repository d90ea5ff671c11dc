"""A batch of letters about one incident, and the allowed life of each letter."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from typing_extensions import override

from app.core.errors import BugError

#: 29 digits and capitals, without 0 O 1 I L U Z: read aloud on the phone and typed without mistake
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
_CODE_BODY_LENGTH = 8


class Channel(StrEnum):
    """How a letter travels."""

    EMAIL = "email"
    PAPER = "paper"
    HAND_OVER = "hand_over"
    NONE = "none"


class DeliveryStatus(StrEnum):
    """State of one letter; the words say no more than what is known."""

    PENDING = "pending"
    OPEN = "open"  # claimed: the connection may have begun, the final dot has not left
    DOT = "dot"  # committed just before the final dot of DATA
    ACCEPTED = "accepted"  # the server answered 250; says nothing of reading
    DEFERRED = "deferred"  # 4yz: again later
    REJECTED = "rejected"  # 5yz
    UNCERTAIN = "uncertain"  # found in DOT at start, or no answer to the dot
    BOUNCED = "bounced"  # a DSN came back later
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"  # « pli non distribué »
    HANDED_OVER = "handed_over"
    EXCLUDED = "excluded"
    REPLACED = "replaced"  # another delivery to the same person took over (bounced → paper)


_S = DeliveryStatus
ALLOWED_MOVES: Mapping[DeliveryStatus, frozenset[DeliveryStatus]] = {
    _S.PENDING: frozenset({_S.OPEN, _S.PRINTED, _S.HANDED_OVER, _S.EXCLUDED, _S.REPLACED}),
    _S.OPEN: frozenset({_S.PENDING, _S.DOT, _S.DEFERRED, _S.REJECTED}),
    _S.DOT: frozenset({_S.ACCEPTED, _S.DEFERRED, _S.REJECTED, _S.UNCERTAIN, _S.PENDING}),
    _S.ACCEPTED: frozenset({_S.BOUNCED}),
    _S.DEFERRED: frozenset({_S.OPEN, _S.REJECTED, _S.EXCLUDED, _S.REPLACED}),
    _S.REJECTED: frozenset({_S.REPLACED, _S.EXCLUDED, _S.PENDING}),
    _S.UNCERTAIN: frozenset({_S.ACCEPTED, _S.PENDING, _S.BOUNCED, _S.REPLACED}),
    _S.BOUNCED: frozenset({_S.REPLACED, _S.EXCLUDED}),
    _S.PRINTED: frozenset({_S.POSTED, _S.PENDING, _S.HANDED_OVER}),
    _S.POSTED: frozenset({_S.RETURNED}),
    # back to POSTED: the wrong envelope was scanned
    _S.RETURNED: frozenset({_S.REPLACED, _S.EXCLUDED, _S.POSTED}),
    _S.HANDED_OVER: frozenset(),
    _S.EXCLUDED: frozenset({_S.PENDING}),
    _S.REPLACED: frozenset(),
}
#: states in which nothing is left to do for the person
SETTLED = frozenset({_S.ACCEPTED, _S.POSTED, _S.HANDED_OVER, _S.EXCLUDED})


def check_move(old: DeliveryStatus, new: DeliveryStatus) -> None:
    """Raise BugError unless the table allows ``old`` → ``new``."""
    if new not in ALLOWED_MOVES[old]:
        raise BugError(f"delivery move {old} -> {new} is not allowed")


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer (RFC 5321 code, RFC 3463 enhanced code, text in one line)."""

    code: int
    text: str = ""
    enhanced: str = ""

    @override
    def __repr__(self) -> str:  # the text may quote the patient's address
        return f"Reply({self.code} {self.enhanced})"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One letter to one person by one channel. ``code`` and ``message_id`` are decided when planned."""

    recipient_id: int
    channel: Channel
    status: DeliveryStatus
    #: printed on paper and in the e-mail: « 7K3M-9QXA-P » ; unique in the campaign
    code: str
    #: with its angle brackets; empty for paper
    message_id: str = ""
    id: int = 0
    #: letter template variant used for this person: "T01", "T02", …
    template_id: str = ""
    attempts: int = 0
    #: not before this instant (UTC)
    retry_at: datetime | None = None
    changed_at: datetime | None = None
    reply: Reply | None = None
    #: hexadecimal SHA-256 of the bytes sent, or of the printed file
    sha256: str = ""
    #: run to which it belongs: 1 for the first letters, 2 for a follow-up, …
    run: int = 1

    @override
    def __repr__(self) -> str:
        return f"Delivery(id={self.id}, {self.channel}, {self.status})"


def check_character(body: str) -> str:
    """Check character of a letter code: weighted sum modulo 29 (a prime, so one typo or swap is always seen)."""
    weights = range(2, len(body) + 2)
    total = sum(
        weight * CODE_ALPHABET.index(char) for weight, char in zip(weights, body, strict=True)
    )
    return CODE_ALPHABET[total % 29]


def new_letter_code(random_bytes: bytes | None = None) -> str:
    """A new code « XXXX-XXXX-C »: 8 random characters (about 39 bits) and a check character.

    Pass 8 bytes to make it reproducible in trials.
    """
    drawn = random_bytes if random_bytes is not None else secrets.token_bytes(_CODE_BODY_LENGTH)
    body = "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in drawn[:_CODE_BODY_LENGTH])
    return f"{body[:4]}-{body[4:]}-{check_character(body)}"


def read_letter_code(typed: str) -> str | None:
    """The code as printed from what somebody typed or said, or None when its check character is wrong."""
    compact = "".join(char for char in typed.upper() if char in CODE_ALPHABET)
    if len(compact) != _CODE_BODY_LENGTH + 1 or check_character(compact[:-1]) != compact[-1]:
        return None
    return f"{compact[:4]}-{compact[4:8]}-{compact[8]}"


@dataclass(frozen=True, slots=True)
class Campaign:
    """Identity of one campaign file."""

    id: str
    name: str
    created_at: datetime
    #: invented patients, sent to the embedded trial mailbox
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class ClosingBalance:
    """Every person in exactly one place; ``total`` must equal the sum of the counts."""

    total: int
    by_status: Mapping[DeliveryStatus, int]
    not_planned: int = 0

    def is_exact(self) -> bool:
        """True when nobody is missing from the count."""
        return self.total == sum(self.by_status.values()) + self.not_planned

    def count(self, *statuses: DeliveryStatus) -> int:
        """How many people are in one of these states."""
        return sum(self.by_status.get(status, 0) for status in statuses)
