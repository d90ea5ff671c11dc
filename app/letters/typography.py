"""French typography of our own words; a patient's value never passes here."""

import re

from app.wording.french import NBSP, typeset

_TITLES = re.compile(r"\b(M\.|Mme|MM\.|Dr|Pr|n°|art\.) (?=\S)")
_UNITS = re.compile(
    r"(\d) (?=(?:heures?|jours?|mois|ans?|minutes?|h|€|%|janvier|février|mars|avril|mai|juin|juillet|août"
    r"|septembre|octobre|novembre|décembre)\b)"
)


_GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def typeset_words(text: str) -> str:
    """No-break spaces before ; : ! ? », after «, ’ for ', and where a title or a number meets its word."""
    kept = _GROUPS.sub(NBSP, typeset(text))
    return _UNITS.sub(r"\1" + NBSP, _TITLES.sub(r"\1" + NBSP, kept))
