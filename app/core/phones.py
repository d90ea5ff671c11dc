"""Telephone numbers written the French way. No letter depends on them, so a bad one never blocks."""

import re
from functools import lru_cache

from app.core.cleaned import Cleaned, Mark, State, doubtful, repaired, unusable
from app.core.cleaning import clean_text, says_nothing
from app.core.issue import Level

_FRENCH = re.compile(r"0[1-9]\d{8}")
_AS_KEPT = re.compile(r"0[1-9](?: [0-9]{2}){4}")
_SEPARATORS = re.compile(r"[\s.\-_/()]+")
_BETWEEN = re.compile(r"[/;|,]|\bou\b|\bet\b|\n", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d[.,]\d+[eE]\+?\d+")
_NATIONAL_DIGITS, _ABROAD_MIN = 9, 8
#: numbers of the overseas departments are dialled like the others: 0590, 0594, 0596, 0262, 0269, 069x
_MOBILE = re.compile(r"0[67]")
_DECIMAL = re.compile(r"(?<=\d{9})[.,]0$")  # a number that went through a program as 612345678.0
_WORDS = re.compile(r"[^\W\d_]+")


def clean_phone(text: str) -> Cleaned[str]:
    """« 06 12 34 56 78 », « +32 2 123 45 67 », or empty with the reason."""
    if not text:
        return Cleaned("")
    if _AS_KEPT.fullmatch(text):
        return Cleaned(text)
    if len(text) == 10 and text.isascii() and text.isdigit() and text[0] == "0" != text[1]:
        kept = spaced(text)
        return Cleaned(
            kept, Mark(State.REPAIRED, "phone_formatted", Level.INFO, {"seen": text, "kept": kept})
        )
    cleaned = clean_text(text)
    shown = cleaned.value
    if not shown:
        return cleaned
    if says_nothing(shown) or not any(char.isdigit() for char in shown):
        return unusable("", "phone_absent", shown, Level.INFO)
    if _SCIENTIFIC.search(shown):
        return unusable("", "digits_lost", shown, Level.INFO)
    whole = _number(shown)
    if whole:
        return _marked(whole, text)
    parts = [number for part in _BETWEEN.split(shown) if (number := _number(part))]
    if not parts:
        return unusable("", "phone_unusable", shown, Level.INFO)
    if len(set(parts)) == 1:
        return _marked(parts[0], text)
    return doubtful(
        parts[0], "phone_several", shown, Level.INFO, kept=parts[0], others=", ".join(parts[1:])
    )


def repaired_format(seen: str, kept: str) -> Cleaned[str]:
    """Same digits, other spacing."""
    return Cleaned(
        kept, Mark(State.REPAIRED, "phone_formatted", Level.INFO, {"seen": seen, "kept": kept})
    )


def _marked(number: str, shown: str) -> Cleaned[str]:
    if number == shown:
        return Cleaned(number)
    digits = re.sub(r"\D", "", shown)
    if len(digits) == _NATIONAL_DIGITS and not shown.startswith("+"):
        return repaired(number, "phone_zero_added", shown, number)
    return repaired_format(shown, number)


def is_mobile(number: str) -> bool:
    """True for 06 and 07, the overseas 069x included."""
    return bool(_MOBILE.match(number))


def _number(text: str) -> str:
    """The number as kept, or empty."""
    bare = _DECIMAL.sub("", _WORDS.sub("", text.replace("\u00a0", " ")).strip())
    bare = _SEPARATORS.sub("", bare).strip("':,;#*")
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if bare.startswith("33") and len(bare) == _NATIONAL_DIGITS + 2:
        bare = f"+{bare}"
    for prefix in ("+33", "+262", "+590", "+594", "+596"):
        if bare.startswith(prefix):
            national = "0" + bare[len(prefix) :].removeprefix("0")
            if _FRENCH.fullmatch(national):
                return spaced(national)
    if bare.startswith("+"):
        return _abroad(bare)
    if len(bare) == _NATIONAL_DIGITS and bare.isdigit() and bare[0] != "0":
        bare = f"0{bare}"
    return spaced(bare) if _FRENCH.fullmatch(bare) else ""


def spaced(number: str) -> str:
    """Ten digits by pairs."""
    return f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8:]}"


@lru_cache(maxsize=4096)
def _abroad(number: str) -> str:
    """« +32 2 123 45 67 », checked by phonenumbers; loaded only when somebody lives abroad."""
    if not number[1:].isdigit() or len(number) < _ABROAD_MIN:
        return ""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
