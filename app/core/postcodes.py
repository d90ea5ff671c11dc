"""Postcodes and towns of France, overseas and Monaco. A disagreement is a remark, never a refusal."""

import re
from collections.abc import Iterable
from functools import lru_cache

from app.core.cleaned import Cleaned, doubtful, repaired, unusable
from app.core.cleaning import clean_text, says_nothing
from app.core.headers import fold
from app.core.issue import Level

_FIVE = re.compile(r"\d{5}")
_WITH_TOWN = re.compile(r"^(?:F\s*-\s*|FR\s*-?\s*)?(\d{5})\s*[-,]?\s+(\D.*)$", re.IGNORECASE)
_TOWN_WITH = re.compile(r"^(\D.*?)\s*[-,(]?\s*(\d{5})\s*\)?$")
_PREFIXED = re.compile(r"(?:F|FR)\s*-?\s*(\d{5})", re.IGNORECASE)
_CORSICAN_INSEE = re.compile(r"2[ABab]\d{3}")
_DECIMAL = re.compile(r"(\d{4,5})[.,]0+")
_SCIENTIFIC = re.compile(r"\d[.,]\d+[eE]\+?\d+")
_CEDEX = re.compile(r"\bcedex\b.*$")
_DISTRICT = re.compile(r"\b(\d{1,2})\s?(e|er|eme|ieme)?\b( arrondissement)?$")
_FOUR_DIGITS, _FIVE_DIGITS = 4, 5


def clean_postcode(text: str, *, is_french: bool = True) -> Cleaned[str]:
    """Five digits; anything as it is for an address abroad."""
    if not text:
        return Cleaned("")
    if len(text) == _FIVE_DIGITS and text.isascii() and text.isdigit() and is_french:
        return Cleaned(text) if is_possible(text) else unusable("", "postcode_impossible", text)
    cleaned = clean_text(text)
    shown = cleaned.value
    if not is_french or not shown:
        return cleaned
    if says_nothing(shown) or not any(char.isalnum() for char in shown):
        return unusable("", "postcode_absent", shown, Level.INFO)
    return _french(shown)


def _french(shown: str) -> Cleaned[str]:
    if _SCIENTIFIC.fullmatch(shown):
        return unusable("", "digits_lost", shown)
    if _CORSICAN_INSEE.fullmatch(shown):
        return unusable("", "postcode_insee", shown)
    decimal = _DECIMAL.fullmatch(shown)
    compact = re.sub(r"[\s.\-']", "", decimal[1] if decimal else shown)
    prefixed = _PREFIXED.fullmatch(shown)
    if prefixed:
        compact = prefixed[1]
    if compact.isdigit() and len(compact) == _FOUR_DIGITS and is_possible(f"0{compact}"):
        return repaired(f"0{compact}", "postcode_zero_added", shown, f"0{compact}")
    if _FIVE.fullmatch(compact) and is_possible(compact):
        return repaired(compact, "postcode_formatted", shown, compact)
    with_town = _WITH_TOWN.match(shown)
    if with_town and is_possible(with_town[1]):
        return repaired(with_town[1], "postcode_with_town", shown, with_town[1])
    return unusable("", "postcode_impossible", shown)


@lru_cache(maxsize=20_000)
def is_possible(code: str) -> bool:
    """Departments 01–95, Corsica 20, overseas 971–978 and 984–988, Monaco 980; military 00 kept out."""
    first = code[:2]
    if "01" <= first <= "95":
        return True
    if first == "97":
        return code[2] in "12345678"
    return code[:3] in {"980", "984", "986", "987", "988"}


def split_postcode_town(text: str) -> tuple[str, str] | None:
    """« 75011 PARIS » or « PARIS (75011) » → postcode and town; None when there is no postcode in it."""
    shown = clean_text(text).value
    match = _WITH_TOWN.match(shown)
    if match and is_possible(match[1]):
        return match[1], match[2].strip()
    match = _TOWN_WITH.match(shown)
    if match and is_possible(match[2]):
        return match[2], match[1].strip()
    four = re.match(r"^(\d{4})\s+(\D.*)$", shown)
    if four and is_possible(f"0{four[1]}"):
        return f"0{four[1]}", four[2].strip()
    return None


def clean_town(text: str) -> Cleaned[str]:
    """The town as typed; digits that are no CEDEX and no district are shown."""
    cleaned = clean_text(text)
    town = cleaned.value
    if not town or town.replace("-", "").replace(" ", "").isalpha():
        return Cleaned("", cleaned.mark) if town and says_nothing(town) else cleaned
    if not any(char.isalpha() for char in town):
        return unusable("", "town_unusable", town)
    if re.search(r"\d", town):
        bare = _DISTRICT.sub("", _CEDEX.sub("", fold(town)).strip())
        if re.search(r"\d", bare):
            return doubtful(town, "town_with_digits", town)
    return cleaned


@lru_cache(maxsize=50_000)
def town_key(town: str) -> str:
    """« ST-ÉTIENNE CEDEX 2 » → « saint etienne »: spellings of one town fall together."""
    words = _CEDEX.sub("", fold(town)).split()
    words = [{"st": "saint", "ste": "sainte", "s": "sur"}.get(word, word) for word in words]
    text = _DISTRICT.sub("", " ".join(words)).strip()
    for article in ("le ", "la ", "les ", "l "):
        text = text.removeprefix(article)
    return text


class PostcodeIndex:
    """Which towns a postcode serves. CEDEX and company codes are absent: a miss says nothing."""

    def __init__(self, lines: Iterable[str]) -> None:
        """``lines``: « postcode TAB INSEE code TAB town », one per pair; « # » begins a comment."""
        self._names: dict[str, list[str]] = {}
        self._keys: dict[str, frozenset[str]] = {}
        self._insee: dict[str, tuple[str, str]] = {}
        for line in lines:
            if not line or line[0] == "#":
                continue
            postcode, insee, town = line.rstrip("\n").split("\t")
            self._names.setdefault(postcode, []).append(town)
            self._insee.setdefault(insee, (postcode, town))
        self._agreement: dict[tuple[str, str], bool] = {}

    def knows(self, postcode: str) -> bool:
        """True when at least one town has this postcode."""
        return postcode in self._names

    def towns(self, postcode: str) -> tuple[str, ...]:
        """Names of the towns of a postcode."""
        return tuple(self._names.get(postcode, ()))

    def by_insee(self, code: str) -> tuple[str, str] | None:
        """Postcode and town behind an INSEE code, for one typed in the wrong column."""
        return self._insee.get(code.upper())

    def agrees(self, postcode: str, town: str) -> bool:
        """False only when the postcode is known and none of its towns looks like this one."""
        pair = (postcode, town)
        found = self._agreement.get(pair)
        if found is None:
            found = self._compare(postcode, town)
            self._agreement[pair] = found
        return found

    def _keys_of(self, postcode: str) -> frozenset[str]:
        keys = self._keys.get(postcode)
        if keys is None:
            keys = frozenset(map(town_key, self._names.get(postcode, ())))
            self._keys[postcode] = keys
        return keys

    def _compare(self, postcode: str, town: str) -> bool:
        known = self._keys_of(postcode)
        if not known or not town or "cedex" in fold(town):
            return True
        wanted = town_key(town)
        if not wanted or wanted in known:
            return True
        from rapidfuzz import fuzz

        return any(
            name.startswith(wanted) or wanted.startswith(name) or fuzz.ratio(name, wanted) >= 80
            for name in known
        )
