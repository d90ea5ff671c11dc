"""One letter as RFC 5322 bytes: one recipient, the headers of mail.md A5, the same bytes for the same inputs.

The few headers that a run shares are folded once by ``email.message.EmailMessage``; the rest is ASCII
by construction and put together here, four times faster than building each message with it.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from typing_extensions import override

from app.core.errors import BugError
from app.core.pacing import PARIS
from app.mail.addresses import Envelope, travelling_address

__all__ = ["Attachment", "Envelope", "MessageBuilder", "Sender", "build_message"]

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")
_LETTER_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")
#: no header value holds one: a header can never be injected (RFC 5322 2.2)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_END = re.compile(r"\r\n|\r|\n")

#: signs one MIME entity (headers and body, CRLF) and returns the entity that holds it and its signature
EntitySigner = Callable[[bytes, str], bytes]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the account's own address (never another domain's) and the practice's name."""

    address: str
    display_name: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the letter, normally its own PDF."""

    file_name: str
    content: bytes
    media_type: str = "application/pdf"

    @override
    def __repr__(self) -> str:
        return f"Attachment({self.media_type}, {len(self.content)} bytes)"


def _folded(name: str, value: str | Address) -> bytes:
    if _CONTROL.search(str(value)):  # the library lets a lone line end through
        raise ValueError(f"control character in {name}")
    message = EmailMessage(policy=SMTP)
    message[name] = value
    return message.as_bytes().removesuffix(b"\r\n")


@lru_cache(maxsize=64)
def _subject_header(subject: str) -> bytes:
    return _folded("Subject", subject)


@lru_cache(maxsize=2_048)
def _quoted_line(line: str) -> bytes:
    """One line, quoted-printable; most lines of a run are the same in every letter."""
    return binascii.b2a_qp(f"{line}\r\n".encode(), istext=True)


def forget_lines() -> None:
    """Lines of letters, which hold names, are kept no longer than a run."""
    _quoted_line.cache_clear()


def _text_part(subtype: str, text: str) -> bytes:
    """A text part in UTF-8, quoted-printable (RFC 2045 6.7), lines of at most 76 characters."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    lines = text.removesuffix("\n").split("\n")
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode("ascii") + b"".join(map(_quoted_line, lines))


def _file_part(attachment: Attachment) -> bytes:
    if not _FILE_NAME.fullmatch(attachment.file_name):
        raise BugError("attachment names are ours and plain ASCII")
    body = base64.encodebytes(attachment.content).replace(b"\n", b"\r\n")
    return (
        f"Content-Type: {attachment.media_type}\r\n"
        f'Content-Disposition: attachment; filename="{attachment.file_name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode("ascii") + body


def multipart(subtype: str, boundary: str, parts: tuple[bytes, ...], parameters: str = "") -> bytes:
    """A multipart entity (RFC 2046 5.1). ``boundary`` holds « =_ », which no encoded body can hold."""
    mark = f"--{boundary}".encode("ascii")
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"{parameters}\r\n\r\n'
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    return head.encode("ascii") + body + mark + b"--\r\n"


class MessageBuilder:
    """Builds the messages of one run.

    Args:
        sender: the account's address, the practice's display name.
        sign: makes S/MIME signed messages when given.
    """

    def __init__(self, sender: Sender, *, sign: EntitySigner | None = None) -> None:
        address = travelling_address(sender.address)
        local, _, domain = address.rpartition("@")
        origin = Address(sender.display_name, local, domain)
        reply_to = travelling_address(sender.reply_to) if sender.reply_to else address
        self.mail_from = address
        self._sign = sign
        self._head = _folded("From", origin) + f"Reply-To: {reply_to}\r\n".encode()
        # RFC 3834; OOF and AutoReply only: « All » would also suppress non-delivery reports (MS-OXCMAIL)
        self._tail = (
            b"Auto-Submitted: auto-generated\r\n"
            b"X-Auto-Response-Suppress: OOF, AutoReply\r\n"
            b"Content-Language: fr\r\n"
            b"MIME-Version: 1.0\r\n"
        )

    def build(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        html: str,
        message_id: str,
        code: str,
        date: datetime,
        attachment: Attachment | None = None,
    ) -> bytes:
        """The whole message, CRLF line ends, 7-bit unless an address needs SMTPUTF8.

        Args:
            to: the one recipient.
            subject: one line.
            text: plain text of the letter.
            html: the same letter in HTML.
            message_id: with its angle brackets, decided when the letter was planned.
            code: opaque identifier of the letter, comes back with a bounce.
            date: aware instant of the first try, so that a resend has the same bytes.
            attachment: the letter's PDF, if the practice wants it.

        Raises:
            AddressNotSendable: ``to`` is not one mailbox.
        """
        recipient = travelling_address(to)
        if not _MESSAGE_ID.fullmatch(message_id) or not _LETTER_ID.fullmatch(code):
            raise BugError("message identifiers are ours and plain ASCII")
        seed = hashlib.sha256(message_id.encode("ascii")).hexdigest()
        entity = multipart(
            "alternative", f"=_a{seed[:24]}", (_text_part("plain", text), _text_part("html", html))
        )
        if attachment is not None:
            entity = multipart("mixed", f"=_m{seed[24:48]}", (entity, _file_part(attachment)))
        if self._sign is not None:
            entity = self._sign(entity, f"=_s{seed[40:]}")
        moment = format_datetime(date.astimezone(PARIS))
        own = f"To: {recipient}\r\nDate: {moment}\r\nMessage-ID: {message_id}\r\nX-Lettre-Id: {code}\r\n"
        return b"".join(
            (self._head, _subject_header(subject), own.encode("utf-8"), self._tail, entity)
        )

    def envelope(self, to: str, code: str = "") -> Envelope:
        """The envelope that goes with ``build(to=to, …)``."""
        return Envelope(self.mail_from, travelling_address(to), code)


def build_message(
    *,
    subject: str,
    text: str,
    html: str,
    mail_from: str,
    display_name: str,
    to: str,
    message_id: str,
    code: str,
    date: datetime,
    attachment: Attachment | None = None,
) -> bytes:
    """One message by itself (the test letter to oneself, one exported file)."""
    return MessageBuilder(Sender(mail_from, display_name)).build(
        to=to,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        code=code,
        date=date,
        attachment=attachment,
    )
