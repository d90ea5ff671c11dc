"""Capitals as the post wants them: NF Z 10-011 (domain.md §4.1). Pure text functions."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H", "ẞ": "SS"}
)
#: characters that show nothing and could only disturb a sorting machine (or turn a line round)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_OTHERS_OF_ASCII = re.compile("[^0-9A-Za-z]+")
_NUMERO = re.compile(r"\bN\s*[°º]\s*")


def one_line(text: str) -> str:
    """``text`` composed (NFC), its line breaks and runs of spaces made single spaces."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def capitals(text: str) -> str:
    """Lines 1 to 3: capitals, with the accents, hyphens and apostrophes of a person's name."""
    return one_line(text).replace("’", "'").upper()


def postal_capitals(text: str) -> str:
    """Lines 4 to 6: capitals without accents, punctuation or symbols.

    « 12, rue de l’Église » → « 12 RUE DE L EGLISE ».
    Letters of other scripts stay: only Latin letters lose their accents.
    """
    if text.isascii():
        return _OTHERS_OF_ASCII.sub(" ", text).strip().upper()
    upper = _NUMERO.sub("N ", one_line(text).upper()).translate(_LIGATURES)
    kept: list[str] = []
    base_is_latin = False
    for char in unicodedata.normalize("NFD", upper):
        category = unicodedata.category(char)
        if category[0] == "M":
            kept.append("" if base_is_latin else char)
        elif category[0] == "L" or category == "Nd":
            base_is_latin = char.isascii() or "LATIN" in unicodedata.name(char, "")
            kept.append(char)
        else:
            base_is_latin = False
            kept.append(" ")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def split_at_space(text: str, limit: int) -> tuple[str, str] | None:
    """``text`` as two lines of at most ``limit`` characters cut at a space, or None when it cannot be done."""
    head, _, _ = text[: limit + 1].rpartition(" ")
    tail = text[len(head) :].strip()
    return (head, tail) if head and len(tail) <= limit else None
