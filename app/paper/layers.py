"""Letters that share most of their text, laid out in two layers: the shared one once, the own one for each.

The letters of a run differ by address, code, reminder and one or two paragraphs. Those paragraphs are laid out
alone, at the width they have on the page; where they begin and end there tells how high they are. For each set of
heights one letter is laid out whole, with its own paragraphs hidden: nothing else of the page depends on what
they say. A letter for which that does not hold (its own paragraph goes over the end of a page, it has its own
lists, ten pages or more) is laid out whole. The proof re-reads every page of every letter either way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import TypeAlias

import typst

from app.core.errors import BugError
from app.core.errors.paper import AddressTooTall, AddressTooWide
from app.paper.engine import CHUNK_LETTERS, PaperEngine
from app.paper.laid_out import LaidOutLetter, LaidOutPage, Shared, Strip
from app.paper.prepared import PreparedLetter

#: letters that must share a frame before it is laid out for them
_LEAST_SHARED = 4
#: own paragraphs may be this part of a letter's text: with more, laying out whole is as fast
_MOST_OWN = 0.4
#: kept at once; what is dropped is laid out again, the same
_MOST_FRAMES, _MOST_VARIANTS = 100, 16
#: « page 10/10 » is wider than the room left for it
_MOST_PAGES = 9
#: points; positions are computed in steps of the machine's precision
_TOLERANCE = 1e-6

FrameKey: TypeAlias = tuple[object, ...]
#: first and last line of each own paragraph, laid out alone: distances from the top, as typst writes them
Heights: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class _Frame:
    """What letters of one kind share; a variant for each set of heights of the own paragraphs."""

    number: int
    holes: tuple[int, ...]
    #: with a second page, on which the letter's reminder and code go
    follows: bool = False
    variants: dict[Heights, Shared] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """A letter and how it will be laid out: with a frame in layers, without whole."""

    prepared: PreparedLetter
    frame: _Frame | None


class LayeredLetters:
    """Lays out the letters of one run. ``plan`` in order, from one thread; ``lay_out`` from any."""

    def __init__(self, engine: PaperEngine) -> None:
        self._engine = engine
        self._frames: dict[FrameKey, _Frame] = {}
        self._numbers = count()

    def plan(self, letters: Sequence[PreparedLetter]) -> list[PlannedLetter]:
        """How each letter will be laid out; some hundreds at once, for what they share is found among them."""
        keys = [_frame_key(letter) for letter in letters]
        shared = Counter(key for key in keys if key is not None)
        planned = []
        for letter, key in zip(letters, keys, strict=True):
            frame = None
            if key is not None:
                frame = self._frames.get(key)
                if frame is None and shared[key] >= _LEAST_SHARED:
                    frame = self._new_frame(key, letter)
            planned.append(PlannedLetter(letter, frame))
        return planned

    def lay_out(
        self, letters: Sequence[PlannedLetter], *, leave_out: bool = False
    ) -> tuple[list[LaidOutLetter], list[int]]:
        """``letters``, some dozens of them; with ``leave_out`` also the rows whose address the window cannot show.

        Raises:
            MissingGlyph, UnreadableImage: see there.
            AddressTooWide, AddressTooTall: without ``leave_out``.
        """
        rows: list[int] = []
        while True:
            try:
                return self._all_laid_out(letters), rows
            except (AddressTooWide, AddressTooTall) as error:
                if not leave_out:
                    raise
                rows.append(error.row)
                letters = [each for each in letters if each.prepared.letter.row != error.row]

    def _all_laid_out(self, letters: Sequence[PlannedLetter]) -> list[LaidOutLetter]:
        made = self._in_layers([(each.prepared, each.frame) for each in letters if each.frame])
        left = [each.prepared for each in letters if each.prepared.letter.code not in made]
        for at in range(0, len(left), CHUNK_LETTERS):
            chunk = left[at : at + CHUNK_LETTERS]
            pdf, ranges = self._engine.chunk([each.letter for each in chunk])
            for each, pages in zip(chunk, ranges, strict=True):
                numbers = range(pages.first_page, pages.first_page + pages.pages)
                made[pages.code] = LaidOutLetter(
                    each.letter,
                    pdf,
                    tuple(LaidOutPage(number) for number in numbers),
                    self._engine.prints(each, pages.pages),
                )
        return [made[each.prepared.letter.code] for each in letters]

    def _new_frame(self, key: FrameKey, letter: PreparedLetter) -> _Frame:
        frame = _Frame(next(self._numbers), letter.own)
        try:
            found = self._engine.shared_layer(letter, letter.own)
        except typst.TypstError:
            pass  # laid out whole, this letter will say what is wrong with it
        else:
            frame.follows = found.pages > 1
        if len(self._frames) >= _MOST_FRAMES:
            del self._frames[next(iter(self._frames))]
        self._frames[key] = frame
        return frame

    def _in_layers(
        self, letters: Sequence[tuple[PreparedLetter, _Frame]]
    ) -> dict[str, LaidOutLetter]:
        """Those of ``letters`` that can be made so, by code."""
        if not letters:
            return {}
        asked = [(letter, frame.holes, frame.follows) for letter, frame in letters]
        try:
            own = self._engine.own_layers(asked)
        except typst.TypstError:
            return {}  # laid out whole, one of them will say what is wrong with it
        sizes = [1 + frame.follows + len(frame.holes) for _, frame in letters]
        if own.pages != sum(sizes):
            return {}  # a paragraph longer than a page
        heights = _heights(own.facts)
        made: dict[str, LaidOutLetter] = {}
        first = 0
        for (letter, frame), size in zip(letters, sizes, strict=True):
            found = heights.get(letter.letter.code, ())
            pages = self._pages(letter, frame, found, first)
            if pages:
                prints = self._engine.prints(letter, len(pages))
                made[letter.letter.code] = LaidOutLetter(letter.letter, own.pdf, pages, prints)
            first += size
        return made

    def _pages(
        self, letter: PreparedLetter, frame: _Frame, heights: Heights, first: int
    ) -> tuple[LaidOutPage, ...]:
        """Pages of one letter, none when it has to be laid out whole; ``first`` is its page in the own layer."""
        if len(heights) != 2 * len(frame.holes):
            raise BugError("a paragraph laid out alone was not found again")
        try:
            shared = self._variant(letter, frame, heights)
        except typst.TypstError:
            return ()  # laid out whole, it will say what is wrong with it
        if shared.pages > _MOST_PAGES or (shared.pages > 1 and not frame.follows):
            return ()
        if len(shared.places) != len(frame.holes):
            return ()
        strips: dict[int, list[Strip]] = {}
        for index, hole in enumerate(frame.holes):
            page, top = shared.places[hole]
            down = top - float(heights[2 * index])
            strips.setdefault(page, []).append(Strip(first + 1 + frame.follows + index, down))
        return tuple(
            LaidOutPage(first + (page > 0), shared, page, tuple(strips.get(page, ())))
            for page in range(shared.pages)
        )

    def _variant(self, letter: PreparedLetter, frame: _Frame, heights: Heights) -> Shared:
        with frame.lock:
            known = frame.variants.get(heights)
            if known is None:
                made = self._engine.shared_layer(letter, frame.holes)
                places = _places(made.facts, heights, frame.holes)
                known = Shared(frame.number, heights, made.pdf, made.pages, places)
                if len(frame.variants) >= _MOST_VARIANTS:
                    del frame.variants[next(iter(frame.variants))]
                frame.variants[heights] = known
            return known


def _frame_key(letter: PreparedLetter) -> FrameKey | None:
    """Everything that must be the same for two letters to share a frame; None to lay out whole."""
    own = set(letter.own)
    # a paragraph without a word has no line whose place could be told
    if not all(letter.blocks[at].is_paragraph and letter.blocks[at].print for at in own):
        return None
    sizes = [len(block.source) for block in letter.blocks]
    if sum(sizes[index] for index in own) > _MOST_OWN * sum(sizes):
        return None
    paper = letter.letter
    blocks = (None if index in own else block.source for index, block in enumerate(letter.blocks))
    signatories = tuple((who.name, who.role) for who in paper.signatories)
    return (paper.subject, paper.place_date, paper.closing, signatories, *blocks)


def _heights(facts: Sequence[Sequence[str]]) -> dict[str, Heights]:
    """First and last line of each own paragraph, by letter: « hole CODE number page distance »."""
    found: dict[str, list[str]] = {}
    for fact in facts:
        if fact[0] == "hole":
            found.setdefault(fact[1], []).append(fact[4])
    return {code: tuple(lines) for code, lines in found.items()}


def _places(
    facts: Sequence[Sequence[str]], heights: Heights, holes: Sequence[int]
) -> dict[int, tuple[int, float]]:
    """Page and first line of each paragraph left out, but for those that go over the end of a page."""
    marks = [(int(fact[1]), int(fact[2]), float(fact[3])) for fact in facts if fact[0] == "hole"]
    places: dict[int, tuple[int, float]] = {}
    for index, hole in enumerate(holes):
        (_, page, top), (_, last_page, bottom) = (mark for mark in marks if mark[0] == hole)
        high = float(heights[2 * index + 1]) - float(heights[2 * index])
        if page == last_page and abs(bottom - top - high) < _TOLERANCE:
            places[hole] = page - 1, top
    return places
