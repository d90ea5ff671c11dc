"""Dates of birth and death, read strictly: a doubtful one is shown, never guessed (domain.md §5.2)."""

import re
from datetime import date, timedelta

from app.core.cleaned import Cleaned, doubtful, repaired, unusable
from app.core.cleaning import clean_text, says_nothing
from app.core.headers import fold
from app.core.issue import Level

OLDEST_YEAR = 1900
#: day 60 of a spreadsheet is 29 February 1900, which never was: counting from here is right afterwards
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_MAX = 73_415  # 31/12/2100
_SERIAL_MIN = 61
_MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "sep": 9, "octobre": 10,
    "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_TIME = r"(?:[T ]\s*\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})\s*[/.\-\s]\s*(\d{{1,2}})\s*[/.\-\s]\s*(\d{{4}}|\d{{2}}){_TIME}"
)
_USUAL = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_FIRST_SURE = date(1900, 1, 1)
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s*[/.\-]\s*(\d{{1,2}})\s*[/.\-]\s*(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"\d{8}")
_SERIAL = re.compile(r"(\d{1,5})(?:[.,]\d+)?")
_WORDS = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})")
_UNKNOWN = frozenset(
    {
        "00/00/0000",
        "0000-00-00",
        "01/01/1900",
        "1900-01-01",
        "01/01/0001",
        "99/99/9999",
        "00000000",
        "0",
    }
)
#: « 01/01/1900 » stands for « unknown » in old software
_STAND_INS = frozenset({date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1, 1, 1)})


def clean_date(text: str, today: date) -> Cleaned[date | None]:
    """A day in the past, or None with the reason."""
    usual = _USUAL.fullmatch(text)
    if usual:  # « 12/03/1985 », as nearly every list writes it
        found = _day(int(usual[1]), int(usual[2]), int(usual[3]))
        if found is not None and _FIRST_SURE < found <= today:
            return Cleaned(found)
    cleaned = clean_text(text)
    shown = cleaned.value
    if not shown:
        return Cleaned(None, cleaned.mark)
    if shown in _UNKNOWN or says_nothing(shown):
        return unusable(None, "date_unknown", shown, Level.INFO)
    match = _DAY_FIRST.fullmatch(shown)
    if match:
        day, month, year = match[1], match[2], match[3]
        if len(year) == 2:
            return _without_century(int(day), int(month), int(year), shown, today)
        return _checked(int(day), int(month), int(year), shown, today)
    match = _YEAR_FIRST.fullmatch(shown)
    if match:
        return _checked(int(match[3]), int(match[2]), int(match[1]), shown, today)
    if _COMPACT.fullmatch(shown):
        return _compact(shown, today)
    if _SERIAL.fullmatch(shown):
        return _from_serial(shown, today)
    words = _WORDS.fullmatch(fold(shown))
    if words and words[2] in _MONTHS:
        return _checked(int(words[1]), _MONTHS[words[2]], int(words[3]), shown, today)
    return unusable(None, "date_unreadable", shown)


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _checked(day: int, month: int, year: int, seen: str, today: date) -> Cleaned[date | None]:
    found = _day(day, month, year)
    if found is None:
        swapped = _day(month, day, year)
        if swapped is not None and day <= 12 < month:
            return doubtful(None, "date_american", seen, proposal=f"{month:02d}/{day:02d}/{year}")
        return unusable(None, "date_impossible", seen)
    if found in _STAND_INS:
        return unusable(None, "date_unknown", seen, Level.INFO)
    if found > today:
        return unusable(None, "date_future", seen)
    if year < OLDEST_YEAR:
        return unusable(None, "date_too_old", seen)
    return Cleaned(found)


def _without_century(
    day: int, month: int, year: int, seen: str, today: date
) -> Cleaned[date | None]:
    """« 12/03/85 » can only be 1985; « 12/03/15 » may be 1915 or 2015, and decides who is a minor."""
    old, recent = _day(day, month, 1900 + year), _day(day, month, 2000 + year)
    if recent is not None and recent <= today:
        return doubtful(
            None, "date_two_digits", seen, proposal=f"{day:02d}/{month:02d}/{2000 + year}"
        )
    if old is None:
        return unusable(None, "date_impossible", seen)
    return repaired(old, "date_century", seen, f"{day:02d}/{month:02d}/{1900 + year}")


def _compact(shown: str, today: date) -> Cleaned[date | None]:
    """« 12031985 » or « 19850312 », when only one reading is possible."""
    by_day = _checked(int(shown[:2]), int(shown[2:4]), int(shown[4:]), shown, today)
    by_year = _checked(int(shown[6:]), int(shown[4:6]), int(shown[:4]), shown, today)
    found = [reading.value for reading in (by_day, by_year) if reading.value is not None]
    if len(found) == 1 and found[0] is not None:
        return repaired(found[0], "date_compact", shown, f"{found[0]:%d/%m/%Y}")
    return unusable(None, "date_unreadable", shown)


def _from_serial(shown: str, today: date) -> Cleaned[date | None]:
    """The number behind a spreadsheet's date: 31118 is 12/03/1985."""
    number = int(_SERIAL.fullmatch(shown)[1])  # type: ignore[index]  # the pattern matched when it was classified
    if not _SERIAL_MIN <= number <= _SERIAL_MAX:
        return unusable(None, "date_unreadable", shown)
    found = _SERIAL_ZERO + timedelta(days=number)
    if found > today:
        return unusable(None, "date_future", shown)
    return repaired(found, "date_serial", shown, f"{found:%d/%m/%Y}")
