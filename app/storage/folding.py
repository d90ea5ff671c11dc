"""Text without case nor accents, so that « lefevre » finds LEFÈVRE (SQLite folds ASCII only)."""

import re
import unicodedata

#: the accents of Latin, Greek and Cyrillic letters, once decomposed
_MARKS = re.compile(r"[\u0300-\u036f]+")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})


def fold(text: str) -> str:
    """Lower case, no accents, no ligatures, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return " ".join(_MARKS.sub("", decomposed).lower().split())


def like_pattern(word: str) -> str:
    """Pattern of LIKE, escaped by a backslash, that finds ``word`` anywhere."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
