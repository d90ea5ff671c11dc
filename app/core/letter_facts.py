"""What the letter checks read: the facts a letter must tell, and the letter itself as plain text."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from typing_extensions import override

from app.core.campaign import Channel
from app.core.incident import Certainty, CnilStatus, ComplaintStatus, DataCategory

_SPLIT = re.compile(r"(?<=[.!?…])[ \u00a0\u202f]+(?=[«A-ZÀ-ÖØ-Þ0-9])|\n+")
_ABBREVIATION = re.compile(r"\b(?:M|MM|Mme|Dr|Pr|art|n°|p|etc)\.$")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """Words by which the checks recognise a category. Folded: no accent, no capital."""

    category: DataCategory
    label: str
    phrase: str
    name_words: tuple[str, ...]
    consequence_words: tuple[str, ...]
    advice_words: tuple[str, ...]
    own_words: tuple[str, ...]
    is_intimate: bool = False


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What every letter of one template must tell. Dates in the words of the letters."""

    template_id: str
    certainty: Certainty
    categories: Mapping[DataCategory, CategoryWords]
    #: known not to be concerned, in the words of the letters
    excluded: Mapping[DataCategory, str]
    #: any of these days places the event in time
    event_dates: tuple[str, ...]
    contact: str
    phone: str
    opening_hours: str
    email: str
    controller: str
    signatories: tuple[str, ...]
    measures_taken: tuple[str, ...]
    measures_planned: tuple[str, ...]
    cnil_status: CnilStatus
    cnil_date: str
    complaint_status: ComplaintStatus
    complaint_date: str
    next_update: str
    letter_date: date
    today: date
    discovered_on: date | None
    #: digits only
    allowed_phones: frozenset[str] = frozenset()
    allowed_emails: frozenset[str] = frozenset()
    allowed_hosts: frozenset[str] = frozenset()
    #: the practice's name, seen by everybody who sees the mailbox
    sender_name: str = ""
    #: names of the practice, the vendor, the software: no word of ours
    proper_names: tuple[str, ...] = ()
    max_words: int = 450
    #: checklist points that this template is exempt from, « 03 »
    waived: frozenset[str] = frozenset()
    #: the practice's own mailbox was entered: a letter by e-mail would come from the place that may lie
    mailbox_is_doubtful: bool = False
    #: degrees of certainty the template's words fit
    certainties: tuple[Certainty, ...] = tuple(Certainty)

    def excluded_for(self, exposed: Sequence[DataCategory]) -> tuple[str, ...]:
        """What a letter about ``exposed`` must say is not concerned."""
        return tuple(
            phrase for category, phrase in self.excluded.items() if category not in exposed
        )


@dataclass(frozen=True, slots=True)
class LetterText:
    """One rendered letter as its reader gets it."""

    subject: str
    body: str
    headings: tuple[str, ...]
    channel: Channel
    code: str
    exposed: tuple[DataCategory, ...]
    salutation: str
    #: « Jeanne Martin »
    own_name: str
    row: int | None = None
    #: the patient's birth date in the ways one writes it
    birth_dates: tuple[str, ...] = ()
    expected_salutation: str = ""
    #: words of the free-text field, when the practice gave them to be searched for
    sensitive_words: tuple[str, ...] = ()
    attachments: tuple[str, ...] = field(default=())

    @override
    def __repr__(self) -> str:
        return f"LetterText(row={self.row})"


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters without accents; typographic apostrophes and spaces made plain."""
    plain = text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    if plain.isascii():
        return plain.lower()
    decomposed = unicodedata.normalize("NFD", plain.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def fold_lines(text: str) -> str:
    """``fold`` line by line: letters of one run share most lines, which are then folded once."""
    return "\n".join([fold(line) for line in text.split("\n")])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its place in the body, and the same folded."""

    text: str
    start: int
    folded: str

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in the body."""
        return self.start, self.start + len(self.text)


def sentences(text: str) -> list[Sentence]:
    """Sentences and list items of ``text``, in order; « M. », « Dr » do not end one."""
    found: list[Sentence] = []
    start = 0
    for line in text.split("\n"):
        for offset, sentence in _sentences_of(line):
            found.append(Sentence(sentence, start + offset, fold(sentence)))
        start += len(line) + 1
    return found


@lru_cache(maxsize=20_000)
def _sentences_of(line: str) -> tuple[tuple[int, str], ...]:
    pieces: list[tuple[int, str]] = []
    start = 0
    for gap in [*_SPLIT.finditer(line), None]:
        end = len(line) if gap is None else gap.start()
        if gap is not None and _ABBREVIATION.search(line[start:end]):
            continue
        piece = line[start:end]
        lead = len(piece) - len(piece.lstrip("- \u00a0"))
        if piece.strip("- \u00a0"):
            pieces.append((start + lead, piece[lead:].rstrip()))
        if gap is not None:
            start = gap.end()
    return tuple(pieces)


@lru_cache(maxsize=20_000)
def _count(line: str) -> int:
    return len(_WORD.findall(line))


def count_words(text: str) -> int:
    """Words of ``text``; numbers and signs alone are not words."""
    return sum(_count(line) for line in text.split("\n"))


ROLES: Mapping[str, tuple[str, ...]] = {
    "data": ("concerne", "donnees", "informations touchees"),
    "consequences": ("entrainer", "consequence", "risque", "signifie pour vous"),
    "advice": ("conseil", "que faire", "proteger", "a faire", "precaution"),
    "measures": ("ete fait", "avons fait", "faisons", "mesure"),
    "contact": ("joindre", "contact", "question", "repondre"),
    "rights": ("droits", "reclamation"),
}


@dataclass(frozen=True, slots=True)
class Sections:
    """The body by its headings. A part whose heading is not recognised falls back on the whole body."""

    nature: str
    parts: Mapping[str, str]
    whole: str

    def part(self, role: str) -> str:
        """Text of a part, folded; the whole body when no heading announces it."""
        return self.parts.get(role, self.whole)


def sections(body: str, headings: Sequence[str]) -> Sections:
    """Split ``body`` (plain text) at its heading lines."""
    wanted = {fold(heading) for heading in headings}
    nature: list[str] = []
    parts: dict[str, list[str]] = {}
    current = nature
    whole: list[str] = []
    for line in body.split("\n"):
        folded = fold(line)
        whole.append(folded)
        if folded and folded in wanted:
            current = parts.setdefault(_role(folded), [])
        else:
            current.append(folded)
    if not headings:
        nature = nature[:8]
    named = {role: "\n".join(lines) for role, lines in parts.items() if role}
    return Sections("\n".join(nature), named, "\n".join(whole))


@lru_cache(maxsize=500)
def _role(folded_heading: str) -> str:
    for role, words in ROLES.items():
        if any(word in folded_heading for word in words):
            return role
    return ""


def forget_texts() -> None:
    """Empty the caches of this module."""
    fold.cache_clear()
    _sentences_of.cache_clear()
    _count.cache_clear()
