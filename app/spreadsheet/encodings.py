"""The encoding of a French list: BOM, then UTF-16 by its nulls, then strict UTF-8, then French letters decide.

Statistical detectors take short French lists for Hungarian or Japanese (peers.md finding 5); the letters of
French names in a plausible case do not.
"""

import re
from dataclasses import dataclass

#: offered to the user, most likely first
CHOICES = ("utf-8", "cp1252", "utf-16", "mac_roman", "cp850", "iso8859-15")
_ONE_BYTE = ("cp1252", "mac_roman", "cp850")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 400_000

_LOWER = frozenset("éèêëàâäîïôöùûüçœæÿñáíóú")
_UPPER = frozenset("ÉÈÊËÀÂÄÎÏÔÖÙÛÜÇŒÆÑ")
_COMMON = frozenset("éèêàçïôëîâûùÉÈ")
#: signs that lists hold outside words
_SIGNS = frozenset("°€«»–—…’\u00a0²½")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_CLEAR_LEAD = 2  # points between the first and the second, per suspicious character


@dataclass(frozen=True, slots=True)
class Guess:
    """Python name of the encoding; ``is_sure`` is False when the accents must be shown."""

    encoding: str
    is_sure: bool


def guess_encoding(data: bytes) -> Guess:
    """Never raises: cp1252, to be confirmed, when nothing speaks for anything."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Guess(encoding, is_sure=True)
    wide = _utf16_by_nulls(data)
    if wide:
        return Guess(wide, is_sure=True)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_letters(data)
    return Guess("utf-8", is_sure=True)


def _utf16_by_nulls(data: bytes) -> str:
    """UTF-16 without BOM: in French nearly every second byte is null."""
    sample = data[:20_000]
    if len(sample) < 4 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def _by_letters(data: bytes) -> Guess:
    suspicious = _lines_with_accents(data)
    scores = []
    for rank, encoding in enumerate(_ONE_BYTE):
        try:
            text = suspicious.decode(encoding)
        except UnicodeDecodeError:  # cp1252 has five holes
            continue
        scores.append((_score(text), -rank, encoding))
    scores.sort(reverse=True)
    (best, _, encoding), *others = scores
    second = others[0][0] if others else best - 100
    return Guess(encoding, is_sure=best > 0 and best - second >= _CLEAR_LEAD)


def _lines_with_accents(data: bytes) -> bytes:
    lines = [line for line in data[:_SAMPLE].splitlines() if not line.isascii()]
    return b"\n".join(lines or [line for line in data.splitlines() if not line.isascii()][:200])


def _score(text: str) -> float:
    """Points for French letters in a plausible place, fewer for the unlikely, less than none for the impossible."""
    points = 0.0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        points += _word_points(word)
    for char in text:
        if char.isascii() or char.isalpha():
            continue
        points += 0.5 if char in _SIGNS else -3
    return points


def _word_points(word: str) -> float:
    upper = sum(char.isupper() for char in word)
    shouted = upper > len(word) / 2 and len(word) > 1
    points = 0.0
    for index, char in enumerate(word):
        if char.isascii():
            continue
        if char in _LOWER:
            points += (-2 if shouted else 2) + (char in _COMMON)
        elif char in _UPPER:
            points += 2 + (char in _COMMON) if shouted or index == 0 else -2
        else:
            points -= 2
    return points


def accents_of(texts: "list[str]", limit: int = 8) -> tuple[str, ...]:
    """Some cells with accents, short enough to be shown beside the choice of encoding."""
    found: dict[str, None] = {}
    for text in texts:
        if not text.isascii() and len(text) <= 40:
            found[text] = None
            if len(found) >= limit:
                break
    return tuple(found)
