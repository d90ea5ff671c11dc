"""Does the letter reveal, or look like a fraud? Points 7, 8, 12, 15 (links), 18 (e-mail)."""

import re
from collections.abc import Iterator

from app.core.campaign import Channel
from app.core.issue import Issue, Level
from app.core.letter_facts import LetterFacts, LetterText, fold

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


def _found(code: str, level: Level, letter: LetterText, match: re.Match[str]) -> Issue:
    return Issue(code, level, letter.row, "body", {"text": match[0].strip()[:40]}, match.span())


def residue(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """Point 7: nothing of the machinery is left, the call and the dates are right."""
    for match in _RESIDUE.finditer(letter.body):
        yield _found("letter_07_residue", Level.BLOCKING, letter, match)
    for match in _RESIDUE.finditer(letter.subject):
        yield Issue(
            "letter_07_residue",
            Level.BLOCKING,
            letter.row,
            "subject",
            {"text": match[0]},
            match.span(),
        )
    expected = letter.expected_salutation
    if expected and f"{expected}," not in letter.body:
        yield Issue(
            "letter_07_salutation", Level.BLOCKING, letter.row, "body", {"expected": expected}
        )
    if facts.letter_date > facts.today:
        yield Issue("letter_07_date_future", Level.BLOCKING, letter.row, "body")
    if facts.discovered_on is not None and facts.letter_date < facts.discovered_on:
        yield Issue("letter_07_date_before_discovery", Level.BLOCKING, letter.row, "body")


def forbidden_values(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """Point 8: no number, address or date of a person."""
    body = letter.body
    for match in _NIR.finditer(body):
        yield _found("letter_08_nir", Level.BLOCKING, letter, match)
    for match in _IBAN.finditer(body):
        if sum(char.isdigit() for char in match[0]) >= 10:
            yield _found("letter_08_iban", Level.BLOCKING, letter, match)
    for match in _CARD.finditer(body):
        if _passes_luhn(match[0]):
            yield _found("letter_08_card", Level.BLOCKING, letter, match)
    for written in letter.birth_dates:
        place = body.find(written)
        if place >= 0 and written not in facts.event_dates:
            yield Issue(
                "letter_08_birth_date",
                Level.BLOCKING,
                letter.row,
                "body",
                {},
                (place, place + len(written)),
            )
    for match in _PHONE.finditer(body):
        if _digits(match[0]) not in facts.allowed_phones:
            yield _found("letter_08_phone", Level.BLOCKING, letter, match)
    for match in _EMAIL.finditer(body):
        if match[0].rstrip(".").lower() not in facts.allowed_emails:
            yield _found("letter_08_email", Level.BLOCKING, letter, match)
    for match in _CODE.finditer(body):
        if match[0] != letter.code:
            yield _found("letter_08_other_code", Level.BLOCKING, letter, match)


def _digits(text: str) -> str:
    digits = "".join(char for char in text if char.isdigit())
    for prefix in ("0033", "33"):
        if digits.startswith(prefix) and len(digits) > 10:
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits


def _passes_luhn(text: str) -> bool:
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


def links(letter: LetterText, facts: LetterFacts) -> Iterator[Issue]:
    """Point 15 (second half): no host but official ones and the practice's own, none shortened."""
    without_emails = _EMAIL.sub(lambda match: "\x00" * len(match[0]), letter.body)
    for match in _HOST.finditer(without_emails):
        host = match[0].lower().removeprefix("https://").removeprefix("http://").split("/")[0]
        host = host.removeprefix("www.")
        if host in _SHORTENERS:
            yield _found("letter_15_shortened_link", Level.BLOCKING, letter, match)
        elif host not in facts.allowed_hosts:
            yield _found("letter_15_unknown_link", Level.CHECK, letter, match)


def channel(letter: LetterText) -> Iterator[Issue]:
    """Point 18, the part a rendered letter shows: an e-mail carries nothing but the letter."""
    if letter.channel is Channel.EMAIL and letter.attachments:
        yield Issue("letter_18_attachment", Level.BLOCKING, letter.row, "body")
