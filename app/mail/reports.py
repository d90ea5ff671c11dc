"""Reports of non-delivery (RFC 3464) and their older cousins, read without ever raising on a strange one.

The standard parser first, flufl.bounce second. Nothing is guessed here: the candidates found are matched
with real letters by app.services.bounces.
"""

import email
import re
from dataclasses import dataclass, replace
from email.message import Message
from enum import StrEnum
from itertools import islice

from flufl.bounce import all_failures
from typing_extensions import override

from app.core.campaign import Reply

_LARGEST = 10_000_000
_MOST_CANDIDATES = 200
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_LETTER_ID = re.compile(r"^X-Lettre-Id:[ \t]*([A-Za-z0-9-]{1,40})", re.IGNORECASE | re.MULTILINE)
_SMTP_CODE = re.compile(r"\b([245]\d\d)\b")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_MACHINE = re.compile(
    r"mailer.?daemon|post_?master|mail.{0,9}deliver|mdaemon|bounce|system administrator",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"no-?_?reply|ne-?pas-?repondre|^$", re.IGNORECASE)
_FAILURE = re.compile(
    r"undeliver|returned mail|deliver.{0,20}fail|fail.{0,20}deliver|failure notice|delivery (?:status|report)"
    r"|could not be delivered|mail system error|mail failure|not able to be delivered|unable to deliver"
    r"|failed permanently|permanent (?:error|failure)|trouble delivering|error sending your mail"
    r"|non remis|non distribu|n.a pas pu [êe]tre (?:remis|distribu|d[ée]livr|livr)"
    r"|impossible de (?:remettre|distribuer|d[ée]livrer)|[ée]chec.{0,20}(?:remise|distribution|envoi)",
    re.IGNORECASE,
)
_STILL_TRYING = re.compile(
    r"still (?:be |being )?(?:tr|retr)|delayed|not yet been delivered|will (?:be )?retr|retard",
    re.IGNORECASE,
)
_ENCODED = ("base64", "quoted-printable")


class Action(StrEnum):
    """What the report says happened (RFC 3464 2.3.3), or what an old report amounts to."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"  # also « relayed » and « expanded »: nothing to do
    AUTOREPLY = "autoreply"  # holiday answers
    COMPLAINT = "complaint"  # « signaler comme indésirable » (RFC 5965)
    NONE = "none"  # no report at all


@dataclass(frozen=True, slots=True)
class Report:
    """What one returned message says. ``repr`` shows no address."""

    action: Action
    #: addresses the report names as undelivered, lower case
    addresses: tuple[str, ...] = ()
    reply: Reply | None = None
    #: ENVID we gave with MAIL, brought back as Original-Envelope-Id
    envelope_id: str = ""
    #: X-Lettre-Id headers found in the returned headers
    letter_ids: tuple[str, ...] = ()
    #: every Message-ID of the returned part first, then of the rest of the text
    message_ids: tuple[str, ...] = ()
    #: True when the letter that comes back is there with its own Message-ID, the first of ``message_ids``
    names_its_letter: bool = False

    @override
    def __repr__(self) -> str:
        return f"Report({self.action}, {len(self.message_ids)} identifiers)"


_NOTHING = Report(Action.NONE)


def read_report(raw: bytes) -> Report:
    """What ``raw`` (one whole message) reports."""
    message = email.message_from_bytes(raw[:_LARGEST])
    blocks = _status_blocks(message)
    returned = _returned_headers(message)
    text = _all_text(message, raw[:_LARGEST])
    letter_ids = tuple(dict.fromkeys(_LETTER_ID.findall(text)))
    message_ids = _message_ids(message, returned, text)
    named = any(inner.get("Message-ID") for inner in returned)
    found = Report(Action.NONE, (), None, "", letter_ids, message_ids, named)
    if message.get_content_type() == "multipart/report" and "feedback" in str(
        message.get_param("report-type", "")
    ):
        return replace(found, action=Action.COMPLAINT)
    if blocks:
        report = _from_blocks(blocks, found)
        if report.action is not Action.NONE or not returned:
            return report
        # a report whose part for machines names nobody: its words and the letter it brings back decide
        return replace(report, action=_action_in_words(message), reply=_reply_in(_words(message)))
    temporary, permanent = _failures(message)
    permanent |= _addresses_of(_header(message, "X-Failed-Recipients"))
    says_failure = bool(_FAILURE.search(str(message.get("Subject", ""))))
    if not (temporary or permanent):
        sender = str(message.get("From", ""))
        from_machine = bool(_MACHINE.search(sender))
        if returned and _NOBODY.search(sender):  # a machine without a name: its words must say so
            from_machine = from_machine or _action_in_words(message) is Action.FAILED
        # our own letter's headers in the body: no holiday answer brings them back
        if _is_autoreply(message) and not (from_machine or says_failure or letter_ids):
            return Report(Action.AUTOREPLY)
        if not (from_machine or says_failure or letter_ids):
            return _NOTHING
        # no report a parser knows: only our own identifiers in its text can say which letter it means
        quoted = _quoted_ids(message, found.message_ids)
        if not (quoted or letter_ids):
            return _NOTHING
        found = replace(found, message_ids=quoted)
    action = Action.DELAYED if temporary and not permanent else Action.FAILED
    reply = _reply_in(_words(message))
    addresses = tuple(sorted(permanent or temporary))
    return replace(found, action=action, addresses=addresses, reply=reply)


def _all_text(message: Message, raw: bytes) -> str:
    """The message as it came, then what its encoded text parts say."""
    texts = [raw.decode("utf-8", "replace")]
    for part in message.walk():
        encoding = _header(part, "Content-Transfer-Encoding").lower()
        if part.get_content_maintype() == "text" and encoding in _ENCODED:
            decoded = part.get_payload(decode=True)
            if isinstance(decoded, bytes):
                texts.append(decoded.decode("utf-8", "replace"))
    return "\n".join(texts)


def _action_in_words(message: Message) -> Action:
    """What the subject and the first text say happened."""
    words = f"{_header(message, 'Subject')}\n{_words(message)}"
    if _STILL_TRYING.search(words):
        return Action.DELAYED
    return Action.FAILED if _FAILURE.search(words) else Action.NONE


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _status_blocks(message: Message) -> list[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            if isinstance(payload, list):
                return [block for block in payload if isinstance(block, Message)]
            # some servers send it as base64 or as plain text
            decoded = part.get_payload(decode=True)
            text = decoded if isinstance(decoded, bytes) else str(payload).encode()
            chunks = re.split(rb"\r?\n[ \t]*\r?\n", text)
            return [email.message_from_bytes(chunk) for chunk in chunks if chunk.strip()]
    return []


def _from_blocks(blocks: list[Message], found: Report) -> Report:
    actions: list[Action] = []
    addresses: list[str] = []
    reply: Reply | None = None
    envelope_id = ""
    for block in blocks:
        envelope_id = envelope_id or _header(block, "Original-Envelope-Id")
        if not (block.get("Final-Recipient") or block.get("Original-Recipient")):
            continue
        action = _action(block)
        actions.append(action)
        if action in (Action.FAILED, Action.DELAYED):
            for name in ("Original-Recipient", "Final-Recipient"):
                address = _header(block, name).rpartition(";")[2].strip().strip("<>").lower()
                if "@" in address and address not in addresses:
                    addresses.append(address)
            if reply is None or action is Action.FAILED:
                reply = _reply_of(block)
    # the action decides, never the first digit of Status: a failed letter may say 4.7.0
    order = (Action.FAILED, Action.DELAYED, Action.DELIVERED)
    action = next((wanted for wanted in order if wanted in actions), Action.NONE)
    return replace(
        found, action=action, addresses=tuple(addresses), reply=reply, envelope_id=envelope_id
    )


def _action(block: Message) -> Action:
    word = _header(block, "Action").lower().split(" ")[0].split(";")[0]
    if word in ("failed", "failure", "expired"):
        return Action.FAILED
    if word in ("delayed", "delay"):
        return Action.DELAYED
    if word in ("delivered", "relayed", "expanded"):
        return Action.DELIVERED
    status = _header(block, "Status")  # the Action field is missing: old servers
    return {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DELIVERED}.get(
        status[:1], Action.NONE
    )


def _reply_of(block: Message) -> Reply:
    diagnostic = _header(block, "Diagnostic-Code").partition(";")[2].strip() or _header(
        block, "Diagnostic-Code"
    )
    status = _STATUS.search(_header(block, "Status"))
    code = _SMTP_CODE.search(diagnostic)
    within = _STATUS.search(diagnostic)
    enhanced = within or status
    number = int(code[1]) if code else int((enhanced[1][0] if enhanced else "5") + "00")
    return Reply(number, diagnostic[:500], enhanced[1] if enhanced else "")


def _reply_in(text: str) -> Reply:
    status = _STATUS.search(text)
    line = next((part for part in text.splitlines() if _SMTP_CODE.search(part)), "")
    code = _SMTP_CODE.search(line)
    words = " ".join(line.split())[:500] or " ".join(text.split())[:300]
    return Reply(int(code[1]) if code else 550, words, status[1] if status else "")


def _words(message: Message) -> str:
    for part in message.walk():
        if part.get_content_maintype() == "text":
            decoded = part.get_payload(decode=True)
            if isinstance(decoded, bytes):
                return decoded.decode("utf-8", "replace")[:20_000]
    return ""


def _returned_headers(message: Message) -> list[Message]:
    """The letter that comes back: a whole message, or its headers as text."""
    found: list[Message] = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            payload = part.get_payload()
            if isinstance(payload, list):
                found += [inner for inner in payload if isinstance(inner, Message)]
        elif kind in ("text/rfc822-headers", "text/rfc822", "message/rfc822-headers"):
            decoded = part.get_payload(decode=True)
            if isinstance(decoded, bytes):
                found.append(email.message_from_bytes(decoded))
    return found


def _message_ids(message: Message, returned: list[Message], text: str) -> tuple[str, ...]:
    own = set(_MESSAGE_ID.findall(str(message.get("Message-ID", ""))))
    candidates: dict[str, None] = {}
    for inner in returned:
        candidates.update(dict.fromkeys(_MESSAGE_ID.findall(str(inner.get("Message-ID", "")))))
    # In-Reply-To and References of the report itself, and headers quoted in plain text
    named = set(candidates)
    candidates.update(dict.fromkeys(_MESSAGE_ID.findall(text)))
    # « <paul@exemple.fr> » is an address, not an identifier
    addresses = {address for name in ("From", "To") for address in _in_angles(message, name)}
    addresses |= {address for inner in returned for address in _in_angles(inner, "To")}
    kept = (
        found
        for found in candidates
        if found in named or (found not in addresses and text.count(found) > (found in own))
    )
    return tuple(islice(kept, _MOST_CANDIDATES))


def _in_angles(message: Message, name: str) -> list[str]:
    return [f"<{word.strip('<>,;')}>" for word in _header(message, name).split() if "@" in word]


def _quoted_ids(message: Message, candidates: tuple[str, ...]) -> tuple[str, ...]:
    """Those that stand in the body: a holiday answer names our letter in its own headers."""
    answered = " ".join(str(message.get(name, "")) for name in ("In-Reply-To", "References"))
    return tuple(found for found in candidates if found not in answered)


def _addresses_of(header: str) -> set[str]:
    return {part.strip().strip("<>").lower() for part in header.split(",") if "@" in part}


def _is_autoreply(message: Message) -> bool:
    if _header(message, "Auto-Submitted").lower().startswith("auto-replied"):
        return not message.is_multipart() or message.get_content_subtype() != "report"
    return any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"))


def _failures(message: Message) -> tuple[set[str], set[str]]:
    """(temporary, permanent) addresses by flufl.bounce; a detector that stumbles finds nothing."""
    try:
        temporary, permanent = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError, UnicodeError):
        return set(), set()
    return _texts(temporary), _texts(permanent)


def _texts(addresses: object) -> set[str]:
    found = set()
    for address in addresses if isinstance(addresses, (set, frozenset, list, tuple)) else ():
        text = address.decode("ascii", "replace") if isinstance(address, bytes) else str(address)
        found.add(text.strip().strip("<>").lower())
    return found
