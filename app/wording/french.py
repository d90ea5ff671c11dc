"""French numbers, dates, durations, plurals and typography. Pure functions."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

NBSP = "\u00a0"  # before : » %, after «
NNBSP = "\u202f"  # before ; ! ?, and between thousands
PARIS = ZoneInfo("Europe/Paris")

_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400


def number(value: int) -> str:
    """1842 → « 1 842 » with a narrow no-break space."""
    return f"{value:,}".replace(",", NNBSP)


def count(value: int, singular: str, plural: str = "") -> str:
    """« 1 lettre », « 1 842 lettres »; zero is singular in French."""
    many = plural or f"{singular}s"
    return f"{number(value)}{NBSP}{many if abs(value) > 1 else singular}"


def euros(cents: int) -> str:
    """137712 → « 1 377,12 € »."""
    return f"{number(cents // 100)},{cents % 100:02d}{NBSP}€"


def decimal(value: float, digits: int = 1) -> str:
    """12.34 → « 12,3 »."""
    return f"{value:.{digits}f}".replace(".", ",")


def date_long(day: date) -> str:
    """« 12 janvier 2026 », « 1er mars 2026 »."""
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal}{NBSP}{_MONTHS[day.month - 1]} {day.year}"


def date_short(day: date) -> str:
    """« 12/01/2026 »."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def read_date_short(text: str) -> date | None:
    """The day of « 12/01/2026 », or None."""
    match = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*", text)
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def time_hm(moment: datetime) -> str:
    """« 10 h 04 », in French time; ``moment`` must carry its zone."""
    local = moment.astimezone(PARIS)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def date_time(moment: datetime) -> str:
    """« 12 janvier 2026 à 10 h 04 », in French time."""
    return f"{date_long(moment.astimezone(PARIS).date())} à {time_hm(moment)}"


def duration(seconds: float) -> str:
    """A rounded duration as one says it: « environ 9 minutes », « environ 2 h 30 », « 4 jours »."""
    if seconds < _MINUTE_S:
        return "moins d’une minute"
    if seconds < _HOUR_S:
        return f"environ {count(round(seconds / _MINUTE_S), 'minute')}"
    if seconds < _DAY_S:
        hours, minutes = divmod(round(seconds / _MINUTE_S / 5) * 5, 60)
        tail = f"{NBSP}{minutes:02d}" if minutes else ""
        return f"environ {hours}{NBSP}h{tail}"
    return count(-(-int(seconds) // _DAY_S), "jour")


def size_bytes(size: int) -> str:
    """« 12 Ko », « 3,4 Mo » (1 Ko = 1 000 octets)."""
    if size < 1_000:
        return count(size, "octet")
    if size < 1_000_000:
        return f"{number(round(size / 1_000))}{NBSP}Ko"
    return f"{decimal(size / 1_000_000)}{NBSP}Mo"


def phone(text: str) -> str:
    """Ten digits in pairs, « 03 84 00 00 00 », kept together; anything else unchanged."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 10 and digits.startswith("0"):
        return NBSP.join(digits[i : i + 2] for i in range(0, 10, 2))
    return text


def typeset(text: str) -> str:
    """French typography on a text written by us or by the user (never on a patient's value).

    Straight apostrophes become ’, spaces before ; ! ? : » % and after « become no-break.
    """
    text = text.replace("'", "’")
    text = re.sub(r"[ \u00a0\u202f]+([;!?])", NNBSP + r"\1", text)
    text = re.sub(r"[ \u00a0\u202f]+([:»%€])", NBSP + r"\1", text)
    return re.sub(r"«[ \u00a0\u202f]*", "«" + NBSP, text)
