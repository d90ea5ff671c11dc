"""How fast letters leave, in words."""

from collections.abc import Sequence
from datetime import datetime

from app.core.pacing import DAY, HOUR, MINUTE, PacePlan, RateWindow
from app.wording.french import PARIS, count, date_long, number, time_hm

_UNIT = {MINUTE: "par minute", HOUR: "par heure", DAY: "par jour"}


def limits_words(windows: Sequence[RateWindow]) -> str:
    """« 500 par jour, 10 par minute »; empty without limits."""
    known = sorted(windows, key=lambda window: -window.seconds)
    return ", ".join(
        f"{number(window.limit)} {_UNIT[window.seconds]}"
        for window in known
        if window.seconds in _UNIT
    )


def pace_words(plan: PacePlan, windows: Sequence[RateWindow]) -> str:
    """« en 4 jours : 500 par jour, 10 par minute », « en une journée »."""
    span = "en une journée" if plan.days <= 1 else f"en {count(plan.days, 'jour')}"
    limits = limits_words(windows)
    return f"{span}\u00a0: au plus {limits}" if limits else span


def first_day_words(plan: PacePlan, today: datetime) -> str:
    """« 500 aujourd’hui, le reste en 3 jours. »; empty when all leave on one day."""
    if plan.days <= 1:
        return ""
    day, first = plan.per_day[0]
    when = "aujourd’hui" if day == today.astimezone(PARIS).date() else f"le {date_long(day)}"
    return f"{number(first)} {when}, le reste en {count(plan.days - 1, 'jour')}."


def moment_words(moment: datetime, now: datetime) -> str:
    """« à 10 h 04 », « demain à 8 h 00 », « le 12 mars 2026 à 8 h 00 »."""
    day, today = moment.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    if day == today:
        return f"à {time_hm(moment)}"
    if (day - today).days == 1:
        return f"demain à {time_hm(moment)}"
    return f"le {date_long(day)} à {time_hm(moment)}"
