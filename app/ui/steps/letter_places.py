"""Where a point of the checklist is dealt with in the text of a letter."""

from collections.abc import Sequence

from app.core.issue import Issue, Level
from app.core.letter_facts import ROLES, fold
from app.ui.theme import Meaning

#: point of the checklist → part of the letter (names of ``core.letter_facts.ROLES``)
_PART = {
    2: "contact",
    3: "consequences",
    4: "measures",
    5: "advice",
    6: "data",
    13: "measures",
    14: "rights",
    17: "contact",
}


def heading_span(source: str, point: int) -> tuple[int, int]:
    """The heading under which ``point`` belongs, else the first line: characters of ``source``."""
    words = ROLES.get(_PART.get(point, ""), ())
    start = 0
    for line in source.split("\n"):
        if line.startswith("#") and any(word in fold(line) for word in words):
            return start, start + len(line)
        start += len(line) + 1
    first = source.find("\n")
    return 0, len(source) if first < 0 else first


_MEANINGS = {Level.BLOCKING: Meaning.PROBLEM, Level.CHECK: Meaning.ATTENTION}


def marked_places(issues: Sequence[Issue]) -> list[tuple[tuple[int, int], Meaning]]:
    """Passages of the text to underline, with the meaning of the line."""
    return [
        (issue.span, _MEANINGS[issue.level])
        for issue in issues
        if issue.span is not None and issue.column == "source" and issue.level in _MEANINGS
    ]
