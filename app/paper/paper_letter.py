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
        return (
            self.subject,
            self.place_date,
            self.closing,
            self.reminder,
            self.reference,
            *self.address_lines,
            *(f"{signatory.name} {signatory.role}" for signatory in self.signatories),
            *_leaves(self.blocks),
        )

    @property
    def isolated_reminder(self) -> str:
        """``reminder`` as it is printed."""
        return isolated(self.reminder)

    def data(self) -> dict[str, object]:
        """As the typst page reads it."""
        return {
            "code": self.code,
            "address": [isolated(line) for line in self.address_lines],
            "subject": self.subject,
            "place_date": self.place_date,
            "blocks": _with_isolated_values(self.blocks),
            "closing": self.closing,
            "signatories": [{"name": who.name, "role": who.role} for who in self.signatories],
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


def _leaves(nodes: Sequence[Block]) -> list[str]:
    found: list[str] = []
    for node in nodes:
        if "v" in node:
            found.append(str(node["v"]))
        children = node.get("c", ())
        if node["t"] == "ol":
            found += [str(number) for number in range(1, len(children) + 1)]
        found += _leaves(children)
    return found


def _with_isolated_values(nodes: Sequence[Block]) -> list[dict[str, object]]:
    copies: list[dict[str, object]] = []
    for node in nodes:
        copy = dict(node)
        if node["t"] == "v":
            copy["v"] = isolated(str(node["v"]))
        elif "c" in node:
            copy["c"] = _with_isolated_values(node["c"])
        copies.append(copy)
    return copies
