"""Dates and times as a French Excel shows them; one shown in short is given in full."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from app.spreadsheet.cell_text import sections

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
_SHORT_MONTHS = [
    "janv",
    "févr",
    "mars",
    "avr",
    "mai",
    "juin",
    "juil",
    "août",
    "sept",
    "oct",
    "nov",
    "déc",
]
_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]

_BARE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)


@lru_cache(maxsize=512)
def is_date_format(code: str) -> bool:
    """True when the format shows a date or a time."""
    if code.lower() == "general":
        return False
    first = _BARE.sub("", code.split(";")[0])
    return bool(re.search(r"[dmyhs]", first, re.IGNORECASE)) and not re.search(
        r"[0#?]", first.split(".")[0]
    )


@lru_cache(maxsize=512)
def shows_whole_date(code: str) -> bool:
    """True for « jj/mm/aaaa » in any wording: shown as the user sees it anywhere in France."""
    bare = re.sub(r"\[[^\]]*\]|\\|\"|@|;", "", code).strip().lower()
    return bare in {"dd/mm/yyyy", "d/m/yyyy", "m/d/yyyy", "jj/mm/aaaa", "mm/dd/yy", "mm-dd-yy"}


def is_in_short(code: str) -> bool:
    """True when a date format leaves out the century, or the day: the date is then given in full."""
    return is_date_format(code) and not shows_whole_date(code) and "yyy" not in code.lower()


def date_text(value: date | datetime | time | timedelta, code: str) -> str:
    """A date or time under its format; else « jj/mm/aaaa », with the hour when it is not midnight."""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}"
    if isinstance(value, time):
        return f"{value.hour:02d}:{value.minute:02d}" + (
            f":{value.second:02d}" if value.second else ""
        )
    if code and not shows_whole_date(code) and _keeps_whole_date(code):
        return _dated(value, code)
    day = f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return f"{day} {value.hour:02d}:{value.minute:02d}" + (
            f":{value.second:02d}" if value.second else ""
        )
    return day


@lru_cache(maxsize=512)
def _keeps_whole_date(code: str) -> bool:
    """True when day, month and the four digits of the year are all shown, so that nothing is lost."""
    bare = _BARE.sub("", code.split(";")[0]).lower()
    months = re.search(r"m+", bare)
    return (
        bool(re.search(r"[dj]", bare) and re.search(r"y{3,}|a{3,}", bare) and months)
        and "general" not in bare
    )


def _dated(value: date | datetime, code: str) -> str:
    """French names of days and months; minutes are the m that follow an hour or precede seconds."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no zone
    out: list[str] = []
    section = sections(code)[0]
    for match in re.finditer(
        r'"([^"]*)"|\\(.)|\[([^\]]*)\]|_.|\*.|(AM/PM|A/P)|(([dmyjahs])\6*)|(.)',
        section,
        re.IGNORECASE | re.DOTALL,
    ):
        quoted, escaped, _bracket, half, run, _letter, other = match.groups()
        literal = quoted if quoted is not None else escaped if escaped is not None else other
        if literal is not None:
            out.append(literal)
        elif half:
            out.append("AM" if moment.hour < 12 else "PM")
        elif run:
            out.append(_part(moment, run.lower(), section[match.end() :], section[: match.start()]))
    return "".join(out).rstrip("@; ").strip()


def _part(moment: datetime, run: str, after: str, before: str) -> str:
    letter, length = run[0], len(run)
    if letter == "m" and (
        re.search(r"h[^dmy]*$", before, re.IGNORECASE)
        or re.match(r"[^a-z]*s", after, re.IGNORECASE)
    ):
        return f"{moment.minute:02d}"
    if letter in "dj":
        if length > 2:
            name = _DAYS[moment.weekday()]
            return name if length > 3 else f"{name[:3]}."
        return f"{moment.day:0{length}d}"
    if letter == "m":
        if length > 3:
            return _MONTHS[moment.month - 1]
        return _SHORT_MONTHS[moment.month - 1] if length == 3 else f"{moment.month:0{length}d}"
    if letter in "ya":
        return f"{moment.year:04d}"
    number = moment.hour if letter == "h" else moment.second
    return f"{number:0{min(length, 2)}d}"
