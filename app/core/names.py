"""Names as the practice typed them: never recased, never cut; what looks wrong is shown."""

import re

from app.core.cleaned import Cleaned, Mark, State, doubtful, unusable
from app.core.cleaning import clean_text, says_nothing
from app.core.headers import fold
from app.core.issue import Level

#: UTF-8 read as Windows-1252: « LefÃ¨vre »
_GARBLED = re.compile(r"[ÃÂ][\u0080-\u00bf\u201a-\u203a€™œ]|â€|Ã$|Ã ")
_LOST = re.compile(r"\w\?\w|\ufffd|\?\?")
_ODD = re.compile(r"[0-9@#$%*<>{}\[\]\\|=+_~^/;:!\"]")
#: « DUPONT ép. MARTIN », « MARTIN née DUPONT », « DUPONT (MARTIN) »
_TWO_NAMES = re.compile(
    r"^(?P<first>.+?)\s*(?:,\s*)?(?:\b(?P<wife>[ée]p(?:ouse|\.|\b)|veuve|vve|[ée]p\.?se)|\b(?P<born>n[ée]+\(?e?\)?))\.?\s+(?P<second>.+)$",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"^(?P<first>[^()]+)\((?P<second>[^()]+)\)$")
_CIVILITY = re.compile(
    r"^(m|mr|mme|mlle|melle|monsieur|madame|mademoiselle|dr|docteur|enfant|bebe)\b\.?\s",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "d",
        "le",
        "la",
        "les",
        "l",
        "van",
        "von",
        "der",
        "den",
        "ten",
        "ter",
        "el",
        "al",
        "ben",
        "ait",
        "ould",
        "abd",
        "da",
        "dos",
        "di",
        "del",
        "della",
        "saint",
        "sainte",
        "st",
        "ste",
        "mac",
        "mc",
        "o",
        "n",
    ]
)


def clean_name(text: str) -> Cleaned[str]:
    """A family or first name; the text is kept as it is, blanks apart."""
    cleaned = clean_text(text)
    name = cleaned.value
    if name.replace("-", "").replace("’", "").replace("'", "").replace(" ", "").isalpha():
        if not _GARBLED.search(name) and " " not in name:
            return cleaned
    elif not name:
        return cleaned
    if cleaned.state is State.UNUSABLE:
        return cleaned
    return _looked_at(name, cleaned)


def _looked_at(name: str, cleaned: Cleaned[str]) -> Cleaned[str]:
    if not any(char.isalpha() for char in name):
        level = Level.INFO if says_nothing(name) else Level.CHECK
        return unusable("", "name_unusable", name, level)
    if _GARBLED.search(name):
        return doubtful(name, "name_garbled", name, proposal=_ungarbled(name))
    if _LOST.search(name):
        return doubtful(name, "name_letters_lost", name)
    two = _TWO_NAMES.match(name)
    if two:
        usual, birth = (
            (two["second"], two["first"]) if two["wife"] else (two["first"], two["second"])
        )
        return doubtful(
            name, "name_two_in_one", name, usual=usual.strip(" ()"), birth=birth.strip(" ()")
        )
    bracket = _PARENTHESIS.match(name)
    if bracket:
        return doubtful(
            name,
            "name_two_in_one",
            name,
            usual=bracket["first"].strip(),
            birth=bracket["second"].strip(),
        )
    if _CIVILITY.match(name):
        return doubtful(name, "name_holds_civility", name, proposal=_CIVILITY.sub("", name))
    if _ODD.search(name) or says_nothing(name):
        return doubtful(name, "name_odd", name)
    return cleaned


def _ungarbled(name: str) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return name.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return ""


def split_full_name(text: str, *, last_name_first: bool = True) -> tuple[str, str, Mark | None]:
    """Family name and first name of one cell, with the mark that shows the split.

    Capitals decide (« DE LA TOUR Anne-Sophie »); a comma too; else the order the header announces, and
    more than two words in the same case are doubtful.
    """
    cleaned = clean_text(text)
    name = cleaned.value
    if not name:
        return "", "", cleaned.mark
    bare = _CIVILITY.sub("", name)
    if "," in bare:
        last, _, first = (part.strip() for part in bare.partition(","))
        return last, first, _split_mark(State.REPAIRED, name, last, first)
    words = bare.split()
    shouted = [_is_shouted(word) for word in words]
    if any(shouted) and not all(shouted):
        last, first = _by_capitals(words, shouted)
        if last and first:
            return last, first, _split_mark(State.REPAIRED, name, last, first)
    if len(words) == 1:
        return words[0], "", _split_mark(State.DOUBTFUL, name, words[0], "")
    if last_name_first:
        cut = _particles_at_start(words) + 1
        last, first = " ".join(words[:cut]), " ".join(words[cut:])
    else:
        last, first = " ".join(words[1:]), words[0]
    certain = len(words) == 2
    return (
        last,
        first,
        _split_mark(State.REPAIRED if certain else State.DOUBTFUL, name, last, first),
    )


def _split_mark(state: State, seen: str, last: str, first: str) -> Mark:
    level = Level.INFO if state is State.REPAIRED else Level.CHECK
    return Mark(
        state,
        "name_split",
        level,
        {"seen": seen, "kept": f"{last} | {first}", "last": last, "first": first},
    )


def _is_shouted(word: str) -> bool:
    return word.isupper() and (len(word) > 1 or word in {"D", "L", "O", "N"})


def _by_capitals(words: list[str], shouted: list[bool]) -> tuple[str, str]:
    """Lower-case particles between or before capitals belong to the family name."""
    family = [
        is_upper or (fold(word) in PARTICLES and word.islower() and any(shouted[index + 1 :]))
        for index, (word, is_upper) in enumerate(zip(words, shouted, strict=True))
    ]
    last = " ".join(word for word, mine in zip(words, family, strict=True) if mine)
    first = " ".join(word for word, mine in zip(words, family, strict=True) if not mine)
    return last, first


def _particles_at_start(words: list[str]) -> int:
    count = 0
    while count < len(words) - 2 and fold(words[count]) in PARTICLES:
        count += 1
    return count
