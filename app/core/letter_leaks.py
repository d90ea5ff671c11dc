"""The invariant of a whole run: each letter holds its own patient's name and nobody else's.

Linear in the number of letters: names are looked up word by word in a dictionary, and the lines that all
letters share are looked at once.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from app.core.issue import Issue, Level
from app.core.letter_facts import LetterText, fold
from app.core.recipient import Recipient

_WORD = re.compile(r"[^\W_]+")
#: longer names are recognised by their first words
_LONGEST = 6
_MOST_LINES = 5_000


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def name_keys(recipient: Recipient) -> Iterator[str]:
    """The person's name in the orders one writes it; none when only one word is known."""
    for last in {recipient.last_name, recipient.birth_name}:
        first_words, last_words = _words(recipient.first_name), _words(last)
        if first_words and last_words:
            yield " ".join((first_words + last_words)[:_LONGEST])
            yield " ".join((last_words + first_words)[:_LONGEST])


class LeakIndex:
    """Names of everybody in the list, to be looked for in every letter."""

    def __init__(self, people: Iterable[Recipient], allowed_text: Iterable[str] = ()) -> None:
        """``allowed_text``: what the practice writes itself; a doctor may bear a patient's name."""
        self._keys: set[str] = set()
        self._starts: set[str] = set()
        for person in people:
            for key in name_keys(person):
                self._keys.add(key)
                first, _, rest = key.partition(" ")
                self._starts.add(f"{first} {rest.partition(' ')[0]}")
        self._allowed = {hit for text in allowed_text for hit in self._hits(text)}
        self._lines: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def _hits(self, line: str) -> tuple[str, ...]:
        words = _WORD.findall(fold(line))
        hits: list[str] = []
        for start in range(len(words) - 1):
            if f"{words[start]} {words[start + 1]}" not in self._starts:
                continue
            for end in range(start + 2, min(start + _LONGEST, len(words)) + 1):
                key = " ".join(words[start:end])
                if key in self._keys:
                    hits.append(key)
        return tuple(hits)

    def names_in(self, text: str) -> set[str]:
        """Names of the list found in ``text``, the practice's own left out."""
        found: set[str] = set()
        for line in text.split("\n"):
            hits = self._lines.get(line)
            if hits is None:
                hits = self._hits(line)
                if len(self._lines) < _MOST_LINES:
                    self._lines[line] = hits
            found.update(hits)
        return found - self._allowed

    def check(self, letter: LetterText, person: Recipient) -> Iterator[Issue]:
        """Points 8 and 10: the own name is there, no other person's is. Texts must include the subject."""
        # the representative is named in the letter, and is often a patient of the practice too
        own = {*name_keys(person), *self._hits(person.representative)}
        text = f"{letter.subject}\n{letter.body}"
        whole = " ".join(_words_of(text))
        # a homonym's or a namesake child's key inside the own name is the own name
        others = {
            key
            for key in self.names_in(text)
            if key not in own and not any(f" {key} " in f" {mine} " for mine in own)
        }
        if others:
            yield Issue(
                "letter_08_other_person", Level.BLOCKING, letter.row, "body", {"count": len(others)}
            )
        own_words = _words(letter.own_name)
        if not own_words or f" {' '.join(own_words)} " not in f" {whole} ":
            yield Issue("letter_10_own_name_missing", Level.BLOCKING, letter.row, "body")


def _words_of(text: str) -> list[str]:
    words: list[str] = []
    for line in text.split("\n"):
        words.extend(_words(line))
    return words


def forget_texts() -> None:
    """Empty the caches of this module."""
    _words.cache_clear()
