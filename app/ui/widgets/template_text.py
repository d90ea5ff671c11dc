"""The source of a letter as a secretary reads it: « {{ appel }} » in the file, « {Appel} » on the screen.

Pure text, no Qt. Every gap and every condition keeps its exact source: showing a text and reading it back
gives the same text, character for character.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SOURCE_TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
#: what stands between braces on the screen; a line break ends it, so that a lone brace spoils one line only
SHOWN_TOKEN = re.compile(r"\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|\{#[^\n]*?#\}|\{[^{}\n]*\}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """The same passage in both texts."""

    source_start: int
    shown_start: int
    source: str
    shown: str


class TemplateText:
    """Translates a template between its source and what the editor shows.

    Args:
        labels: source of a token (« {{ appel }} ») → its French name (« Appel »), one name per token.
    """

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._shown = {source: f"{{{label}}}" for source, label in labels.items()}
        self._source: dict[str, str] = {}
        for source, shown in self._shown.items():
            self._source.setdefault(shown, source)

    def is_known(self, shown_token: str) -> bool:
        """True for « {Appel} » when there is such a gap, and for tokens shown as they are in the file."""
        return shown_token in self._source or _SOURCE_TOKEN.fullmatch(shown_token) is not None

    def is_condition(self, shown_token: str) -> bool:
        """True for a token that chooses text, false for one that is replaced by a value."""
        return self._source.get(shown_token, shown_token).startswith("{%")

    def to_shown(self, source: str) -> str:
        """The text for the editor."""
        return "".join(piece.shown for piece in self._from_source(source))

    def to_source(self, shown: str) -> str:
        """The text for the file; a name between braces that means nothing stays as it was typed."""
        return SHOWN_TOKEN.sub(lambda match: self._source.get(match[0], match[0]), shown)

    def shown_span(self, source: str, span: tuple[int, int]) -> tuple[int, int]:
        """Where a passage of ``source`` (characters) stands in the shown text, whole tokens included."""
        pieces = list(self._from_source(source))
        starts = [piece.source_start for piece in pieces]
        return (
            _moved(pieces, starts, span[0], at_end=False),
            _moved(pieces, starts, span[1], at_end=True),
        )

    def _from_source(self, source: str) -> Iterator[_Piece]:
        position = shown_position = 0
        for match in _SOURCE_TOKEN.finditer(source):
            if match.start() > position:
                plain = source[position : match.start()]
                yield _Piece(position, shown_position, plain, plain)
                shown_position += len(plain)
            shown = self._shown.get(match[0], match[0])
            if self._source.get(shown, match[0]) != match[0]:
                shown = match[0]  # two tokens under one name: only the first may use it
            yield _Piece(match.start(), shown_position, match[0], shown)
            shown_position += len(shown)
            position = match.end()
        if position < len(source):
            yield _Piece(position, shown_position, source[position:], source[position:])


def _moved(pieces: list[_Piece], starts: list[int], position: int, *, at_end: bool) -> int:
    if not pieces:
        return 0
    index = max(bisect_right(starts, position - at_end) - 1, 0)
    piece = pieces[index]
    inside = position - piece.source_start
    if piece.source == piece.shown:
        return piece.shown_start + min(inside, len(piece.shown))
    return piece.shown_start + (len(piece.shown) if at_end and inside else 0)
