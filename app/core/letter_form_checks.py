"""Is the letter short and plain enough? Point 11."""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.core.issue import Issue, Level
from app.core.letter_facts import LetterFacts, LetterText, Sections, Sentence, count_words

AVERAGE_SENTENCE_WORDS = 22
#: six lines of the printed page, about 95 characters each
PARAGRAPH_CHARACTERS = 570
ENGLISH = [
    "phishing",
    "smishing",
    "vishing",
    "hacker",
    "hackers",
    "hack",
    "hacké",
    "data",
    "leak",
    "breach",
    "ransomware",
    "malware",
    "login",
    "password",
    "backup",
    "cloud",
    "firewall",
    "spoofing",
    "darkweb",
    "dark",
    "tracking",
    "helpdesk",
    "hotline",
    "reset",
    "checker",
    "update",
    "fake",
    "scam",
]
_ENGLISH = re.compile(r"\b(?:" + "|".join(ENGLISH) + r")\b", re.IGNORECASE)


#: beyond so many categories, each brings its own name, consequence and advice: they are due, not verbose
USUAL_CATEGORIES = 5
WORDS_PER_CATEGORY = 30


def length(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """No more words than two pages hold; names and addresses of the contact part do not count."""
    words = count_words(letter.body) - count_words(parts.parts.get("contact", ""))
    limit = facts.max_words + WORDS_PER_CATEGORY * max(0, len(letter.exposed) - USUAL_CATEGORIES)
    if words > limit:
        yield Issue(
            "letter_11_long",
            Level.CHECK,
            letter.row,
            "body",
            {"words": words, "limit": limit},
        )


def sentence_length(letter: LetterText, found: list[Sentence]) -> Iterator[Issue]:
    """Sentences short on average."""
    counts = [words for sentence in found if (words := count_words(sentence.text)) > 2]
    if counts and sum(counts) / len(counts) > AVERAGE_SENTENCE_WORDS:
        average = round(sum(counts) / len(counts))
        yield Issue("letter_11_sentences_long", Level.CHECK, letter.row, "body", {"words": average})


def paragraphs(letter: LetterText) -> Iterator[Issue]:
    """No paragraph beyond six lines."""
    start = 0
    for line in letter.body.split("\n"):
        if len(line) > PARAGRAPH_CHARACTERS:
            span = (start, start + len(line))
            yield Issue("letter_11_paragraph_long", Level.CHECK, letter.row, "body", {}, span)
        start += len(line) + 1


def english(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """No English word, except in brackets after the French one: « hameçonnage (phishing) »."""
    start = 0
    for line in letter.body.split("\n"):
        for begin, end in _english_in(line):
            if any(line[begin:end] in name for name in facts.proper_names):
                continue
            yield Issue(
                "letter_11_english",
                Level.CHECK,
                letter.row,
                "body",
                {"text": line[begin:end]},
                (start + begin, start + end),
            )
        start += len(line) + 1


@lru_cache(maxsize=20_000)
def _english_in(line: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        match.span()
        for match in _ENGLISH.finditer(line)
        if not (line[: match.start()].endswith("(") and line[match.end() :].startswith(")"))
    )


def forget_texts() -> None:
    """Empty the caches of this module."""
    _english_in.cache_clear()
