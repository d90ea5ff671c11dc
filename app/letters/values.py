"""What fills the gaps of a letter: plain text (data), or pieces of our own wording that hold data.

A patient's value is always a plain ``str``; it is cleaned here, then only ever escaped, never parsed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: JSON-ready node: {"t": "s"|"v", "v": str} or {"t": "b"|"i"|"a"|…, "c": [nodes]}
Node = dict[str, Any]

_SPACES = re.compile(r"[ \t\r\n\v\f\u2028\u2029]+")
# controls (Cc), surrogates (Cs), private use (Co), unassigned (Cn) could forge a token, break XML or the encoder
_REFUSED = {"Cc", "Cs", "Co", "Cn"}
# bidirectional overrides and isolates would turn the rest of the sentence around; joiners of scripts and emoji stay
_REFUSED_SIGNS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff"}


def clean(value: str) -> str:
    """``value`` on one line, without control, surrogate, private-use and direction-forcing characters."""
    if value.isprintable():  # nothing of what is refused, and no white space but the ordinary one
        return (_SPACES.sub(" ", value) if "  " in value else value).strip()
    spaced = _SPACES.sub(" ", value)
    kept = (
        char
        for char in spaced
        if char not in _REFUSED_SIGNS and unicodedata.category(char) not in _REFUSED
    )
    return "".join(kept).strip()


def isolated(value: str) -> str:
    """``value`` between Unicode isolates when it holds right-to-left letters.

    UAX #9: without them an Arabic or Hebrew name would move the punctuation of the sentence around it.
    """
    if value.isascii() or max(value) < "\u0590":
        return value
    is_right_to_left = any(unicodedata.bidirectional(char) in {"R", "AL"} for char in value)
    return f"\u2068{value}\u2069" if is_right_to_left else value


@dataclass(frozen=True, slots=True)
class Inline:
    """Words of ours with data inside, for the middle of a paragraph."""

    nodes: tuple[Node, ...]

    def __bool__(self) -> bool:
        return bool(self.nodes)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Whole paragraphs and lists, for a line of their own."""

    nodes: tuple[Node, ...]
    #: holds a patient's value: its written forms are never kept
    is_personal: bool = False

    def __bool__(self) -> bool:
        return bool(self.nodes)


Value = str | Inline | Blocks
Values = Mapping[str, Value]


def words(text: str) -> Node:
    """A node of our own wording."""
    return {"t": "s", "v": text}


def data(text: str) -> Node:
    """A node of data."""
    return {"t": "v", "v": clean(text)}


def bullets(items: Sequence[Sequence[Node]]) -> Blocks:
    """A bullet list, one sequence of nodes per item; empty when there is no item."""
    if not items:
        return Blocks(())
    return Blocks(({"t": "ul", "c": [{"t": "li", "c": list(item)} for item in items]},))


def paragraph(*nodes: Node) -> Node:
    """A paragraph node."""
    return {"t": "p", "c": list(nodes)}
