"""Where a point of the checklist is dealt with in the text of a letter."""

from app.core.letter_facts import ROLES, fold

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
