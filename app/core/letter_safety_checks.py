"""Does the letter reveal, or look like a fraud? Points 7, 8, 12, 15 (links), 18 (e-mail)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.core.campaign import Channel
from app.core.issue import Issue, Level
from app.core.letter_facts import LetterFacts, LetterText, Sentence, fold

_GAP = r"[ .\-\u00a0\u202f]?"
_RESIDUE = re.compile(
    r"[{}]|\[\[|\]\]|<[A-Za-z/!?]|«[\u00a0 ]?[A-ZÉÈÀ_]{3,}[\u00a0 ]?»|\[[A-ZÉÈÀ_ ]{3,}\]|\bX{3,}\b"
    r"|[^\n]  |(?i:à compléter|lorem ipsum)|\*\*|#let\b|^#"
)
_NIR = re.compile(
    rf"(?<!\d)[12378]{_GAP}\d{{2}}{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d{{2}}|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}}"
    rf"(?:{_GAP}\d{{2}})?(?!\d)"
)
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?:[ \u00a0\u202f]?[A-Z0-9]{4}){3,7}(?:[ \u00a0\u202f]?[A-Z0-9]{1,3})?\b"
)
_CARD = re.compile(rf"(?<!\d)\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?!\d)")
_PHONE = re.compile(
    rf"(?<![\d,])(?:(?:\+|00)33{_GAP}(?:\(0\))?|0)[1-9](?:{_GAP}\d{{2}}){{4}}(?!\d)"
)
_EMAIL = re.compile(r"[\w.+%\-]+@[\w\-]+(?:\.[\w\-]+)+")
_CODE = re.compile(r"\b[2-9A-HJKMNP-TV-Y]{4}-[2-9A-HJKMNP-TV-Y]{4}-[2-9A-HJKMNP-TV-Y]\b")
_HOST = re.compile(
    r"(?:https?://)?(?:[a-z0-9\-]+\.)+(?:fr|com|org|net|eu|info|io|ly|gl|me|co|be|ch|re|app|link|site|online|click)\b"
    r"(?!@)(?:/[^\s)]*)?",
    re.IGNORECASE,
)
_SHORTENERS = frozenset(
    {
        "bit.ly",
        "tinyurl.com",
        "goo.gl",
        "t.co",
        "ow.ly",
        "is.gd",
        "cutt.ly",
        "lc.cx",
        "urlz.fr",
        "shorturl.at",
    }
)
#: folded beginnings of words that have no place in a subject (domain.md §3.4)
FORBIDDEN_IN_SUBJECT = (
    "donnees de sante",
    "dossier medical",
    "pirat",
    "fuite",
    "hack",
    "urgent",
    "vih",
    "seropositi",
    "sida",
    "hepatite",
    "addict",
    "toxico",
    "alcool",
    "cegidd",
    "psychiatr",
    "psycholog",
    "pma",
    "fecondation",
    "oncolog",
    "cancer",
    "ivg",
    "avortement",
    "sexu",
    "maladie",
    "patholog",
    "diagnosti",
    "grossesse",
    "depression",
    "resultat",
    "ordonnance",
)
_FORBIDDEN = re.compile(r"\b(?:" + "|".join(FORBIDDEN_IN_SUBJECT) + ")")
SUBJECT_LENGTH = 60


_PATTERNS = {
    "residue": _RESIDUE,
    "nir": _NIR,
    "iban": _IBAN,
    "card": _CARD,
    "phone": _PHONE,
    "email": _EMAIL,
    "code": _CODE,
}


@dataclass(frozen=True, slots=True)
class _Found:
    """Something that looks like ``kind``, at ``start`` of its line."""

    kind: str
    start: int
    text: str


@lru_cache(maxsize=20_000)
def _in_line(line: str) -> tuple[_Found, ...]:
    """What a line holds; letters of one run share most lines, which are then looked at once."""
    found = [
        _Found(kind, match.start(), match[0])
        for kind, pattern in _PATTERNS.items()
        for match in pattern.finditer(line)
    ]
    without_emails = _EMAIL.sub(lambda match: "\x00" * len(match[0]), line)
    found += [_Found("host", m.start(), m[0]) for m in _HOST.finditer(without_emails)]
    return tuple(found)


def holds_personal_value(text: str) -> bool:
    """True when a number, an account or an address of somebody stands in ``text``."""
    return any(
        _PATTERNS[kind].search(text) for kind in ("nir", "iban", "card", "phone", "email", "code")
    )


def _in_body(letter: LetterText) -> Iterator[tuple[_Found, tuple[int, int]]]:
    start = 0
    for line in letter.body.split("\n"):
        for found in _in_line(line):
            begin = start + found.start
            yield found, (begin, begin + len(found.text))
        start += len(line) + 1


def _remark(
    code: str, level: Level, letter: LetterText, found: _Found, span: tuple[int, int]
) -> Issue:
    return Issue(code, level, letter.row, "body", {"text": found.text.strip()[:40]}, span)


def signs_and_values(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """Point 7 (nothing of the machinery is left), 8 (no value of a person), 15 (hosts)."""
    for found, span in _in_body(letter):
        code, level = _judged(found, letter, facts)
        if code:
            yield _remark(code, level, letter, found, span)
    for match in _RESIDUE.finditer(letter.subject):
        text = {"text": match[0]}
        yield Issue("letter_07_residue", Level.BLOCKING, letter.row, "subject", text, match.span())
    for written in letter.birth_dates:
        place = letter.body.find(written)
        if place >= 0 and written not in facts.event_dates:
            span = (place, place + len(written))
            yield Issue("letter_08_birth_date", Level.BLOCKING, letter.row, "body", {}, span)


def _judged(found: _Found, letter: LetterText, facts: LetterFacts) -> tuple[str, Level]:
    """Code and level of a remark; an empty code when the thing is in its place."""
    match found.kind:
        case "residue":
            # a code drawn at random may hold « XXXX »
            wrong = found.text not in letter.code
        case "nir":
            wrong = True
        case "iban":
            wrong = sum(char.isdigit() for char in found.text) >= _FEWEST_IBAN_DIGITS
        case "card":
            wrong = _passes_luhn(found.text)
        case "phone":
            wrong = _digits(found.text) not in facts.allowed_phones
        case "email":
            wrong = found.text.rstrip(".").lower() not in facts.allowed_emails
        case "code":
            wrong = found.text != letter.code
        case _:
            return _judged_host(found.text, facts)
    return (_CODES[found.kind] if wrong else ""), Level.BLOCKING


_CODES = {
    "residue": "letter_07_residue",
    "nir": "letter_08_nir",
    "iban": "letter_08_iban",
    "card": "letter_08_card",
    "phone": "letter_08_phone",
    "email": "letter_08_email",
    "code": "letter_08_other_code",
}
_FEWEST_IBAN_DIGITS = 10


def _judged_host(text: str, facts: LetterFacts) -> tuple[str, Level]:
    host = text.lower().removeprefix("https://").removeprefix("http://").split("/")[0]
    host = host.removeprefix("www.")
    if host in _SHORTENERS:
        return "letter_15_shortened_link", Level.BLOCKING
    return ("" if host in facts.allowed_hosts else "letter_15_unknown_link"), Level.CHECK


def call_and_dates(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """Point 7: the call is the person's, the letter is neither future nor older than the discovery."""
    expected = letter.expected_salutation
    if expected and f"{expected}," not in letter.body:
        call: dict[str, str | int] = {"expected": expected}
        yield Issue("letter_07_salutation", Level.BLOCKING, letter.row, "body", call)
    if facts.letter_date > facts.today:
        yield Issue("letter_07_date_future", Level.BLOCKING, letter.row, "body")
    if facts.discovered_on is not None and facts.letter_date < facts.discovered_on:
        yield Issue("letter_07_date_before_discovery", Level.BLOCKING, letter.row, "body")


def _digits(text: str) -> str:
    digits = "".join(char for char in text if char.isdigit())
    for prefix in ("0033", "33"):
        if digits.startswith(prefix) and len(digits) > 10:
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits


def _passes_luhn(text: str) -> bool:
    # Luhn (ISO/IEC 7812-1): other sixteen-digit numbers are not cards
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def subject(letter: LetterText) -> Iterator[Issue]:
    """Point 12: a neutral subject, short, without a name."""
    folded = fold(letter.subject)
    match = _FORBIDDEN.search(folded)
    if match is not None:
        yield Issue(
            "letter_12_subject_word",
            Level.CHECK,
            letter.row,
            "subject",
            {"text": match[0]},
            match.span(),
        )
    if len(letter.subject) > SUBJECT_LENGTH:
        yield Issue(
            "letter_12_subject_long",
            Level.CHECK,
            letter.row,
            "subject",
            {"length": len(letter.subject)},
        )
    if not letter.subject.strip():
        yield Issue("letter_12_subject_empty", Level.BLOCKING, letter.row, "subject")
    # only whole names: « Petit » alone is an ordinary word
    if letter.own_name and " " in letter.own_name and fold(letter.own_name) in folded:
        yield Issue("letter_12_subject_name", Level.CHECK, letter.row, "subject")
    letters = [char for char in letter.subject if char.isalpha()]
    if len(letters) > 8 and all(char.isupper() for char in letters):
        yield Issue("letter_12_subject_capitals", Level.CHECK, letter.row, "subject")


_PREVIEW_CHARACTERS = 90
_URGENCY = re.compile(
    r"\burgen|\bimmediatement\b|(?<!ne )\bcliquez (?:ici|sur)|\bconnectez-vous\b|\bsous (?:24|48) ?h"
    r"|derniere chance|sera (?:suspendu|bloque|ferme)|confirmez vos|mettez a jour vos"
)


def mailbox_view(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """Point 12: what a mailbox shows before the letter is opened says neither who nor what."""
    if letter.channel is not Channel.EMAIL:
        return
    match = _FORBIDDEN.search(fold(facts.sender_name))
    if match is not None:
        word: dict[str, str | int] = {"text": match[0]}
        yield Issue("letter_12_sender_word", Level.CHECK, letter.row, "subject", word)
    preview = fold(letter.body[:_PREVIEW_CHARACTERS])
    if letter.own_name and fold(letter.own_name) in preview:
        yield Issue("letter_12_preview_name", Level.CHECK, letter.row, "body")


def urgency(letter: LetterText, found: list[Sentence]) -> Iterator[Issue]:
    """Point 15: an alert about fraud must not look like one."""
    for sentence in found:
        match = _URGENCY.search(sentence.folded)
        if match is not None:
            word: dict[str, str | int] = {"text": match[0]}
            yield Issue("letter_15_urgency", Level.CHECK, letter.row, "body", word, sentence.span)


def channel(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """Point 18, the part a rendered letter shows: an e-mail carries nothing but the letter, from a safe mailbox."""
    if letter.channel is Channel.EMAIL and facts.mailbox_is_doubtful:
        # WP250 rev.01: a channel compromised by the breach is not the one to warn people by
        yield Issue("letter_18_doubtful_mailbox", Level.CHECK, letter.row, "body")
    if letter.channel is Channel.EMAIL and letter.attachments:
        yield Issue("letter_18_attachment", Level.BLOCKING, letter.row, "body")


def forget_texts() -> None:
    """Empty the caches of this module."""
    _in_line.cache_clear()
