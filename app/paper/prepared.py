"""What is known of letters before they are laid out, with the paragraphs that many letters share treated once."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.paper.fingerprint import add, fingerprint
from app.paper.fonts import are_plain, first_missing
from app.paper.paper_letter import Block, PaperLetter, isolated_block, leaves

#: paragraphs remembered; a run has a few dozen, and what is forgotten is only treated again
_MOST_KNOWN = 2_000


@dataclass(frozen=True, slots=True)
class PreparedBlock:
    """One block (paragraph, heading, list) of a letter."""

    #: JSON as the page reads it
    source: str = field(repr=False)
    print: int
    #: a character that no bundled font has
    missing: str | None
    is_plain: bool
    is_paragraph: bool


@dataclass(frozen=True, slots=True)
class PreparedLetter:
    """A letter and its blocks; ``own`` are the numbers of those that no other letter has."""

    letter: PaperLetter
    blocks: tuple[PreparedBlock, ...]
    own: tuple[int, ...]

    @property
    def missing(self) -> str | None:
        """The first character that no bundled font has."""
        found = first_missing(self.letter.texts_around())
        return found or next((block.missing for block in self.blocks if block.missing), None)

    @property
    def is_plain(self) -> bool:
        """True when the letter needs no font of another script."""
        return are_plain(self.letter.texts_around()) and all(
            block.is_plain for block in self.blocks
        )

    @property
    def print(self) -> int:
        """Fingerprint of every text of the letter, each once."""
        around = fingerprint("\n".join(self.letter.texts_around()))
        return add(around, *(block.print for block in self.blocks))


class Preparation:
    """Prepares the letters of one run, some hundreds at a time."""

    def __init__(self) -> None:
        self._known: dict[str, PreparedBlock] = {}

    def prepare(self, letters: Sequence[PaperLetter]) -> list[PreparedLetter]:
        """What is known of ``letters``. The same letters in the same order give the same."""
        keys = [
            [json.dumps(block, ensure_ascii=False) for block in letter.blocks] for letter in letters
        ]
        counts = Counter(key for of_letter in keys for key in of_letter)
        return [
            self._prepared(letter, of_letter, counts)
            for letter, of_letter in zip(letters, keys, strict=True)
        ]

    def _prepared(
        self, letter: PaperLetter, keys: Sequence[str], counts: Counter[str]
    ) -> PreparedLetter:
        blocks, own = [], []
        for index, (key, block) in enumerate(zip(keys, letter.blocks, strict=True)):
            known = self._known.get(key)
            if known is None:
                known = _block(block)
                if counts[key] > 1:
                    if len(self._known) >= _MOST_KNOWN:
                        self._known.clear()
                    self._known[key] = known
                else:
                    own.append(index)
            blocks.append(known)
        return PreparedLetter(letter, tuple(blocks), tuple(own))


def _block(block: Block) -> PreparedBlock:
    texts = leaves([block])
    return PreparedBlock(
        json.dumps(isolated_block(block), ensure_ascii=False),
        fingerprint("\n".join(texts)),
        first_missing(texts),
        are_plain(texts),
        block["t"] == "p",
    )
