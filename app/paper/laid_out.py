"""Letters laid out but not yet in a file: which pages of which small PDF they are made from."""

from dataclasses import dataclass, field

from app.paper.paper_letter import PaperLetter


def sheets_of(pages: int, *, duplex: bool) -> int:
    """Sheets of paper for so many pages."""
    return (pages + 1) // 2 if duplex else pages


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages of one letter in a file, counted from 0; a blank verso is not among ``pages``."""

    code: str
    first_page: int
    pages: int
    #: sheets of paper, known once the file's printing is
    sheets: int = 0


@dataclass(frozen=True, slots=True)
class Shared:
    """What many letters have in common: its pages are written once into a file and shown by each letter."""

    #: unique in one run
    number: int
    #: of the places of the paragraphs left out
    variant: tuple[str, ...]
    pdf: bytes = field(repr=False)
    pages: int
    #: paragraph left out: page from 0, distance of its first line from the top in points
    places: dict[int, tuple[int, float]]

    @property
    def key(self) -> tuple[int, tuple[str, ...]]:
        """Identifies the content."""
        return self.number, self.variant


@dataclass(frozen=True, slots=True)
class Strip:
    """A paragraph laid out on a page of its own, to be shown ``down`` points lower."""

    page: int
    down: float


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page of the letter's PDF; with ``shared``, what only this letter has, to be put over a shared page."""

    page: int
    shared: Shared | None = None
    shared_page: int = 0
    strips: tuple[Strip, ...] = ()


@dataclass(frozen=True, slots=True)
class LaidOutLetter:
    """One letter; ``prints`` are the fingerprints of its address and of everything on its pages."""

    letter: PaperLetter
    pdf: bytes = field(repr=False)
    pages: tuple[LaidOutPage, ...]
    prints: tuple[int, int]
