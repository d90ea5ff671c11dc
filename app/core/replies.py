"""A server's answer: what it means, and for whom (one letter, or the whole account).

Codes alone mislead: « 450 mailbox unavailable / Mail send limit exceeded » is about us, and
« 552 5.1.1 boîte pleine » is a full mailbox under the code of an unknown one. Text and code are read
together. Delays and breaker counts are our judgement (mail.md B3).
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.core.campaign import Reply

#: a letter deferred by a 4yz answer: tried again after these, then given to paper
LETTER_RETRIES = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=24),
)
#: an account that must slow down
ACCOUNT_BACK_OFFS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
CONTENT_BREAKER = 3  # refusals of the content in a row
SAME_TEXT_BREAKER = 5  # identical refusals of recipients in a row


class Phase(StrEnum):
    """Where in the dialogue the answer came (RFC 5321 3.3)."""

    CONNECT = "connect"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


class Scope(StrEnum):
    """Whom the answer concerns."""

    LETTER = "letter"
    ACCOUNT = "account"


class Outcome(StrEnum):
    """What to do."""

    ACCEPTED = "accepted"
    DEFER = "defer"  # this letter, later
    REJECT = "reject"  # this letter, never
    BACK_OFF = "back_off"  # everybody waits
    STOP = "stop"  # a person must act


class Reason(StrEnum):
    """Why a letter was refused or came back; French names in app.wording.refusals."""

    UNKNOWN_ADDRESS = "unknown_address"
    UNKNOWN_DOMAIN = "unknown_domain"
    DISABLED = "disabled"
    FULL = "full"
    TOO_BIG = "too_big"
    POLICY = "policy"
    SPAM = "spam"
    AUTHENTICATION = "authentication"  # SPF, DKIM, DMARC of the sender
    LIMIT = "limit"
    GREYLISTED = "greylisted"
    RELAY_DENIED = "relay_denied"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Scope and outcome of one answer; ``retry_after`` is set for DEFER and BACK_OFF."""

    scope: Scope
    outcome: Outcome
    reason: Reason | None = None
    retry_after: timedelta | None = None


_FLAGS = re.IGNORECASE
_FULL = re.compile(
    r"mailbox.{0,20}\bfull|(?:mailbox|user|recipient|account|storage).{0,30}(?:over|exceed\w*).{0,20}"
    r"(?:quota|limit|size)|over ?quota|quota exceeded for|insufficient (?:system )?storage"
    r"|bo[iî]te.{0,40}plein|quota.{0,20}(?:mailbox|bo[iî]te)"
    r"|disk quota|out of storage|user is over",
    _FLAGS,
)
_LIMIT = re.compile(
    r"too (?:many|much) (?:e-?mails?|mails?|messages|connections|sessions|recipients)"
    r"|rate.{0,3}limit|throttl"
    r"|(?:send(?:ing)?|daily|hourly|submission|relay|message|mail|outgoing|user)(?: \w+)? (?:limit|quota)"
    r"|limits? (?:is |was |has been )?(?:exceeded|reached)|sending rate|exceeded.{0,40}(?:messages?|sending|rate)"
    r"|submission quota|trop de (?:messages|courriels|mails|connexions)|(?:quota|limite) d.envoi|sent too many",
    _FLAGS,
)
_NOT_OUR_LIMIT = re.compile(
    r"(?:user|recipient|mailbox) you are trying to contact|receiving mail (?:too|at a rate)|for this recipient",
    _FLAGS,
)
_REASONS: tuple[tuple[Reason, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, _FLAGS))
    for reason, pattern in (
        (Reason.GREYLISTED, r"gr[ea]y.?list|liste grise|postgrey"),
        (Reason.AUTHENTICATION, r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated|OFR_?517|OFR\d*_517"),
        (
            Reason.SPAM,
            r"\bspam|blacklist|black ?list|block ?list|blocklisted|\brbl\b|dnsbl|reputation|junk|unsolicited"
            r"|OFR\d*_506|virus|phish",
        ),
        (
            Reason.UNKNOWN_ADDRESS,
            r"user unknown|unknown (?:user|recipient|mailbox|local)|no such (?:user|recipient|mailbox|person)"
            r"|no such address|does(?: not|n.t) exist|n.existe pas|inexistant"
            r"|invalid (?:recipient|mailbox|address|user)"
            r"|recipient (?:address )?(?:not found|unknown)|mailbox not found|not a valid (?:mailbox|user)"
            r"|adresse? .{0,20}(?:inconnue?|invalide|incorrecte)|destinataire inconnu|OFR_?416|OFR\d*_416"
            r"|no mailbox|unrouteable|not listed|not our customer|bad destination mailbox",
        ),
        (
            Reason.DISABLED,
            r"disabled|inactive|deactivated|suspended|blocked account|no longer"
            r"|account.{0,20}(?:closed|locked|expired)|d[ée]sactiv|OFR\d*_42[06]",
        ),
        (
            Reason.UNKNOWN_DOMAIN,
            r"(?:domain|host).{0,20}not found|nxdomain|no mx|null mx|name service error|bad destination system",
        ),
        (Reason.TOO_BIG, r"too (?:large|big)|size (?:limit|exceed)|exceeds.{0,20}size"),
        (
            Reason.RELAY_DENIED,
            r"relay(?:ing)? (?:access )?(?:denied|not permitted)|not permitted to relay",
        ),
        (
            Reason.UNREACHABLE,
            r"connection (?:refused|timed out|reset)|network is unreachable|no route|timed? ?out",
        ),
    )
)
_BY_CODE: tuple[tuple[re.Pattern[str], Reason], ...] = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"\.1\.(?:1|3|6|10)$", Reason.UNKNOWN_ADDRESS),
        (r"\.1\.2$|\.4\.4$", Reason.UNKNOWN_DOMAIN),
        (r"\.2\.1$", Reason.DISABLED),
        (r"\.2\.2$", Reason.FULL),
        (r"\.2\.3$|\.3\.4$", Reason.TOO_BIG),
        (r"\.4\.7$", Reason.EXPIRED),
        (r"\.4\.[1-3]$", Reason.UNREACHABLE),
        (r"\.4\.5$", Reason.LIMIT),
        (r"\.7\.(?:2[0-9]|515)$", Reason.AUTHENTICATION),
        (r"\.7\.\d+$", Reason.POLICY),
    )
)


def reason_of(reply: Reply) -> Reason:
    """Why, from the text first (it is more truthful), then from the enhanced code (RFC 3463)."""
    if _FULL.search(reply.text):
        return Reason.FULL
    if is_our_limit(reply):
        return Reason.LIMIT
    for reason, pattern in _REASONS:
        if pattern.search(reply.text):
            return reason
    for code, reason in _BY_CODE:
        if code.search(reply.enhanced):
            return reason
    return Reason.OTHER


def is_our_limit(reply: Reply) -> bool:
    """True when the server says that this account sends too much."""
    if _FULL.search(reply.text) or _NOT_OUR_LIMIT.search(reply.text):
        return False
    # 5.4.5: daily limit at Google; 4.7.28: Gmail's rate answer
    return bool(_LIMIT.search(reply.text)) or reply.enhanced in {"5.4.5", "4.4.5", "4.7.28"}


def retry_delay(attempts: int) -> timedelta | None:
    """Delay before the next try of a letter already tried ``attempts`` times (≥ 1); None when it is over."""
    index = max(attempts, 1) - 1
    return LETTER_RETRIES[index] if index < len(LETTER_RETRIES) else None


def back_off(times: int) -> timedelta:
    """Delay of an account's ``times``-th back-off in a row (from 1)."""
    return ACCOUNT_BACK_OFFS[min(max(times, 1), len(ACCOUNT_BACK_OFFS)) - 1]


def classify(reply: Reply, phase: Phase, *, attempts: int = 1) -> Verdict:
    """What ``reply`` means at ``phase`` for a letter tried ``attempts`` times, this one included."""
    if 200 <= reply.code < 400:  # 354 after DATA is no refusal either
        return Verdict(Scope.LETTER, Outcome.ACCEPTED)
    reason = reason_of(reply)
    temporary = 400 <= reply.code < 500
    if phase in (Phase.CONNECT, Phase.AUTH, Phase.MAIL) or reply.code == 421:
        waits = temporary or reason is Reason.LIMIT
        outcome = Outcome.BACK_OFF if waits else Outcome.STOP
        return Verdict(Scope.ACCOUNT, outcome, reason, back_off(1) if waits else None)
    if reason is Reason.LIMIT:
        return Verdict(Scope.ACCOUNT, Outcome.BACK_OFF, reason, back_off(1))
    if temporary:
        delay = retry_delay(attempts)
        if delay is not None:
            return Verdict(Scope.LETTER, Outcome.DEFER, reason, delay)
    return Verdict(Scope.LETTER, Outcome.REJECT, reason)


def same_words(reply: Reply) -> str:
    """The answer without what changes from one letter to the next, to see the same refusal come back."""
    text = re.sub(r"<[^>]*>|\S+@\S+", "", reply.text)
    return f"{reply.code} {reply.enhanced} {re.sub(r'[0-9a-fA-F]{6,}|[0-9]+', '', text)}".strip()
