"""The Art. 34 checklist (domain.md §8) over one rendered letter. BLOCKING stops it, CHECK wants a decision."""

from app.core import letter_facts, letter_form_checks, letter_leaks, letter_safety_checks
from app.core.issue import Issue
from app.core.letter_content_checks import (
    advice_count,
    authorities,
    categories_listed,
    certainty,
    consequences_and_advice,
    contact,
    measures,
    nature,
    offer_of_a_talk,
    senders,
    trust,
)
from app.core.letter_facts import LetterFacts, LetterText, Sections, sections, sentences
from app.core.letter_form_checks import english, length, paragraphs, sentence_length
from app.core.letter_safety_checks import (
    call_and_dates,
    channel,
    mailbox_view,
    signs_and_values,
    subject,
    urgency,
)

#: number of points of the checklist; codes are « letter_<point>_… »
POINTS = 20


def point_of(code: str) -> int:
    """The checklist point of an issue code, 0 for another kind of remark."""
    parts = code.split("_")
    return int(parts[1]) if len(parts) > 2 and parts[0] == "letter" and parts[1].isdigit() else 0


def check_letter(letter: LetterText, facts: LetterFacts) -> list[Issue]:
    """Every remark on this letter: points 1 to 18. Points 19 and 20 need the list and the campaign."""
    return [*check_words(letter, facts), *check_values(letter, facts)]


def check_words(letter: LetterText, facts: LetterFacts) -> list[Issue]:
    """What the words say: the same in every letter that takes the same branches and tells the same categories."""
    parts = sections(letter.body, letter.headings)
    found = sentences(letter.body)
    return _due(
        [
            *nature(letter, facts, parts),
            *contact(letter, facts, parts),
            *consequences_and_advice(letter, facts, parts, found),
            *advice_count(letter, facts, _advice_items(parts)),
            *measures(letter, facts, parts),
            *categories_listed(letter, facts, parts, found),
            *certainty(letter, facts, parts, found),
            *senders(letter, facts, parts),
            *length(letter, facts, parts),
            *sentence_length(letter, found),
            *english(letter, facts),
            *urgency(letter, found),
            *authorities(letter, facts, parts),
            *trust(letter, facts, parts),
            *offer_of_a_talk(letter, facts, parts),
        ],
        facts,
    )


def check_values(letter: LetterText, facts: LetterFacts) -> list[Issue]:
    """What the values of one person may bring into a letter: asked of every letter."""
    return _due(
        [
            *signs_and_values(letter, facts),
            *call_and_dates(letter, facts),
            *paragraphs(letter),
            *subject(letter),
            *mailbox_view(letter, facts),
            *channel(letter, facts),
        ],
        facts,
    )


def _due(issues: list[Issue], facts: LetterFacts) -> list[Issue]:
    return [issue for issue in issues if f"{point_of(issue.code):02d}" not in facts.waived]


def forget_texts() -> None:
    """Empty the caches of lines: once a run is checked, no patient's line stays in memory."""
    letter_facts.forget_texts()
    letter_safety_checks.forget_texts()
    letter_form_checks.forget_texts()
    letter_leaks.forget_texts()


def _advice_items(parts: Sections) -> int:
    """Bullets of the advice part of the letter; 0 when no heading announces it."""
    raw = parts.parts.get("advice")
    if raw is None:
        return 0
    items = 0
    for line in raw.split("\n"):
        if line.startswith("- "):
            items += 1
        elif items and line.strip():
            break
    return items
