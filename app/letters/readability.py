"""How easy a text is to read: the French form of Flesch's formula by Kandel and Moles (1958).

score = 207 - 1.015 * words per sentence - 73.6 * syllables per word; 100 is very easy, 0 very hard.
Syllables are those of the hyphenation dictionary of ``pyphen``, which leaves out a few: scores lie some
points high, the same for every text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import pyphen

from app.core.letter_facts import count_words, sentences

_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLES = pyphen.Pyphen(lang="fr", left=1, right=1)


@dataclass(frozen=True, slots=True)
class Readability:
    """Score and what it is made of."""

    #: Kandel-Moles, not bounded; usual prose lies between 30 and 80
    score: float
    words: int
    sentences: int
    words_per_sentence: float
    syllables_per_word: float


@lru_cache(maxsize=5_000)
def syllables(word: str) -> int:
    """Syllables of a French word, at least one."""
    return len(_SYLLABLES.positions(word.lower())) + 1


def readability(text: str) -> Readability | None:
    """Of a letter's body; None when it holds no sentence of three words or more."""
    counted = [
        s.text for s in sentences(text) if count_words(s.text) > 2
    ]  # headings, numbers apart
    found = [word for sentence in counted for word in _WORD.findall(sentence)]
    if not counted or not found:
        return None
    per_sentence = len(found) / len(counted)
    per_word = sum(syllables(word) for word in found) / len(found)
    score = 207 - 1.015 * per_sentence - 73.6 * per_word
    return Readability(round(score, 1), len(found), len(counted), per_sentence, per_word)
