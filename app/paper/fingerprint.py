"""A number that says whether two texts hold the same letters, whatever their order, spaces and line breaks.

A PDF gives its text back with other spaces, hyphens and reading order; the letters and digits stay.
"""

import unicodedata
from collections import Counter
from functools import cache

_MASK = (1 << 64) - 1


@cache
def _weight(char: str) -> int:
    """A well spread 64-bit number per character, the same in every process (splitmix64)."""
    mixed = (ord(char) * 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def fingerprint(text: str) -> int:
    """Sum of the weights of the letters and digits of ``text`` (NFKC), modulo 2⁶⁴."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    counts = Counter(text)
    return sum(_weight(char) * many for char, many in counts.items() if char.isalnum()) & _MASK


def add(*numbers: int) -> int:
    """Fingerprint of texts put together."""
    return sum(numbers) & _MASK
