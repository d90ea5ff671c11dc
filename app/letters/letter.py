"""One rendered letter, as e-mail, as plain text, and as what the page needs; and a text for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from typing_extensions import override

from app.core.campaign import Channel
from app.core.recipient import Recipient
from app.letters import html_writer
from app.letters.catalogue import LetterTemplate
from app.letters.shape import Shape
from app.letters.values import Node, Value


@dataclass(frozen=True, slots=True)
class LetterDocument:
    """What the paper form needs. ``blocks`` is JSON-ready: p, h, ul, ol, li, b, i, a, br, s (words), v (data)."""

    blocks: list[Node]
    salutation: str
    place_date: str
    #: one line per signatory: name, then role (may be empty)
    signatories: tuple[tuple[str, str], ...]
    addressee: str


@dataclass(frozen=True, slots=True)
class PublicText:
    """A text about the event for everybody: no patient in it."""

    title: str
    text: str
    #: inside of a web page, without its frame
    html: str
    blocks: list[Node]


class Letter:
    """One rendered letter. ``repr`` shows the recipient's key only."""

    def __init__(
        self,
        recipient: Recipient,
        code: str,
        template: LetterTemplate,
        channel: Channel,
        subject: str,
        shape: Shape,
        values: Mapping[str, Value],
        footer: Sequence[str],
    ) -> None:
        self.recipient_id = recipient.id
        self.row = recipient.row
        self.code = code
        self.template_id = template.id
        self.channel = channel
        self.subject = subject
        self.shape = shape
        self.values = values
        self._footer = tuple(footer)

    @cached_property
    def body(self) -> str:
        """The text without the signature: what the checks read."""
        return self.shape.text(self.values)

    @cached_property
    def text(self) -> str:
        """Plain text of the e-mail."""
        return self.body + "\n" + "\n".join(self._footer) + "\n"

    @cached_property
    def html(self) -> str:
        """HTML of the e-mail, complete document."""
        return html_writer.page(self.subject, self.shape.html(self.values), self._footer)

    @cached_property
    def document(self) -> LetterDocument:
        """Data of the paper form."""
        return LetterDocument(
            blocks=self.shape.document(self.values),
            salutation=str(self.values["appel"]),
            place_date=f"{self.values['lieu']}, le {self.values['date_lettre']}",
            signatories=_pairs(self.values),
            addressee=str(self.values["destinataire"]),
        )

    @override
    def __repr__(self) -> str:
        return f"Letter(recipient_id={self.recipient_id}, {self.template_id})"


def _pairs(values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    lines = str(values["_signataires"]).split("\x1f") if values["_signataires"] else []
    pairs = [line.partition("\x1e") for line in lines]
    return tuple((name, role) for name, _, role in pairs)
