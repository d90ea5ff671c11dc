"""What the page of one letter is made from; plain data, never markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from app.core.practice import Signatory

#: JSON-ready nodes: p h ul ol li with "c", s text, v value, b i with "c", br
Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PaperLetter:
    """One letter ready to be laid out."""

    code: str
    #: row of the list, for error messages
    row: int
    address_lines: tuple[str, ...]
    subject: str
    #: « Belfort, le 12 janvier 2026 »
    place_date: str
    blocks: Sequence[Block]
    #: closing formula, when it is not the last of ``blocks``
    closing: str = ""
    signatories: tuple[Signatory, ...] = ()
    #: top of page 2 and later: « Madame Élodie LEFÈVRE, lettre du 12 janvier 2026 »
    reminder: str = ""
    #: small line left of the window, on page 1
    reference: str = ""
    #: name of the bundle it belongs to, for separator sheets; not printed on the letter
    section: str = ""

    @override
    def __repr__(self) -> str:
        return f"PaperLetter(row={self.row})"

    def texts(self) -> tuple[str, ...]:
        """Every text that will be printed."""
        return (*self.texts_around(), *leaves(self.blocks))

    def texts_around(self) -> tuple[str, ...]:
        """Every text that will be printed but ``blocks``."""
        return (
            self.subject,
            self.place_date,
            self.closing,
            self.reminder,
            self.reference,
            *self.address_lines,
            *(f"{signatory.name} {signatory.role}" for signatory in self.signatories),
        )

    @property
    def isolated_reminder(self) -> str:
        """``reminder`` as it is printed: from left to right, whatever the name that begins it."""
        if isolated(self.reminder) == self.reminder:
            return self.reminder
        return f"\u2066{self.reminder}\u2069"

    def data(self) -> dict[str, object]:
        """As the typst page reads it."""
        return {
            **self.own_data(),
            "subject": self.subject,
            "place_date": self.place_date,
            "blocks": [isolated_block(block) for block in self.blocks],
            "closing": self.closing,
            "signatories": [{"name": who.name, "role": who.role} for who in self.signatories],
        }

    def own_data(self) -> dict[str, object]:
        """What stands around the text and is this letter's alone."""
        return {
            "code": self.code,
            "address": [isolated(line) for line in self.address_lines],
            "reference": self.reference,
        }


def isolated(value: str) -> str:
    """``value`` between Unicode isolates when it holds right-to-left letters.

    UAX #9: without them a Hebrew or Arabic name would move the numbers and punctuation around it.
    """
    if all(char < "\u0590" for char in value):
        return value
    return f"\u2068{value}\u2069" if any(_is_right_to_left(char) for char in value) else value


def _is_right_to_left(char: str) -> bool:
    return (
        "\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufeff"
    )


def leaves(nodes: Sequence[Block]) -> list[str]:
    """The texts of ``nodes``, with the numbers of numbered lists."""
    found: list[str] = []
    for node in nodes:
        if "v" in node:
            found.append(str(node["v"]))
        children = node.get("c", ())
        if node["t"] == "ol":
            found += [str(number) for number in range(1, len(children) + 1)]
        found += leaves(children)
    return found


def isolated_block(node: Block) -> dict[str, object]:
    """``node`` as the page reads it: right-to-left values between isolates."""
    copy = dict(node)
    if node["t"] == "v":
        copy["v"] = isolated(str(node["v"]))
    elif "c" in node:
        copy["c"] = [isolated_block(child) for child in node["c"]]
    return copy
