"""Sentences of the sending page, made from what the services say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core.pacing import DAY, PARIS, RateWindow, WorkingHours
from app.services.sending_events import Tally, Waiting, WaitReason
from app.services.sending_plan import Pause, SendingPlan, ShorterPlan
from app.wording import explain
from app.wording.french import NBSP, count, date_long, duration, number, time_hm
from app.wording.pace import limits_words, moment_words

ADVICE = f"Gardez l’ordinateur allumé{NBSP}; vous pouvez faire autre chose. Il ne se mettra pas en veille."
ADVICE_MAY_SLEEP = (
    f"Cet ordinateur peut se mettre en veille{NBSP}: l’envoi attendrait alors son réveil. "
    "Réglez la veille sur «\u00a0Jamais\u00a0» le temps de l’envoi."
)
_TALLY_NAMES = ("Acceptées", "Refusées", "Remises à plus tard", "Incertaines", "À envoyer")
_ALWAYS_SHOWN = ("Acceptées", "Refusées", "À envoyer")
_WHY: Mapping[WaitReason, str] = {
    WaitReason.RATE: "La limite de votre hébergeur est atteinte pour le moment.",
    WaitReason.HOURS: "Les lettres ne partent qu’aux heures choisies.",
    WaitReason.BACK_OFF: "Le serveur demande d’attendre.",
    WaitReason.RETRY: "Il ne reste que des lettres que le serveur a remises à plus tard.",
}
_WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: a longer wait is one for which nobody stays in front of the screen
_LONG_WAIT = timedelta(hours=2)


# before


def plan_words(plan: SendingPlan, now: datetime) -> str:
    """« Fin prévue le jeudi 5 mars vers 10 h : 400 aujourd’hui, puis 3 jours à 480 au plus. »."""
    if not plan.letters:
        return ""
    if plan.days <= 1 and plan.end - now < timedelta(minutes=1):
        return "Moins d’une minute d’envoi."
    words = f"Fin prévue {about(plan.end, now)}"
    if plan.days > 1:
        words += f", en {count(plan.days, 'jour')}{NBSP}: {_days(plan.per_day, now)}"
    return f"{words}."


def _days(per_day: Sequence[tuple[date, int]], now: datetime) -> str:
    day, first = per_day[0]
    today = now.astimezone(PARIS).date()
    name = "aujourd’hui" if day == today else f"le {_day(day, today)}"
    if len(per_day) == 2:
        return f"{number(first)} {name}, {number(per_day[1][1])} le lendemain"
    most = max(letters for _, letters in per_day[1:])
    if first == most:
        return f"{number(most)} par jour"
    return f"{number(first)} {name}, puis {number(most)} par jour"


def rules_words(plan: SendingPlan, hours: WorkingHours | None) -> str:
    """« Au plus 400 par jour, 100 par heure, de 8 h à 20 h, du lundi au vendredi. 12 envois… »."""
    parts = []
    limits = limits_words(plan.limits)
    if limits:
        parts.append(f"au plus {limits}")
    if hours is not None:
        parts.append(f"de {_hour(hours.start)} à {_hour(hours.end)}{_weekdays(hours.weekdays)}")
    words = ", ".join(parts)
    said = f"{words[:1].upper()}{words[1:]}." if words else ""
    if plan.already_sent and any(window.seconds >= DAY for window in plan.limits):
        said += f" {count(plan.already_sent, 'envoi')} de ce compte depuis 24{NBSP}heures."
    return said.strip()


def _hour(moment: time) -> str:
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")


def _weekdays(weekdays: frozenset[int]) -> str:
    if len(weekdays) == len(_WEEK):
        return ""
    if weekdays == frozenset(range(5)):
        return ", du lundi au vendredi"
    return f" ({', '.join(_WEEK[day] for day in sorted(weekdays))})"


def pause_words(pause: Pause | None, now: datetime) -> str:
    """« Prochaine pause à 10 h 42, jusqu’à 11 h 02. »."""
    if pause is None:
        return ""
    begins = moment_words(pause.begins, now)
    same_day = pause.begins.astimezone(PARIS).date() == pause.ends.astimezone(PARIS).date()
    until = f"à {time_hm(pause.ends)}" if same_day else f"au {_day_at(pause.ends, now)}"
    return f"Prochaine pause {begins}, jusqu’{until}."


def _day_at(moment: datetime, now: datetime) -> str:
    words = moment_words(moment, now)
    return words.removeprefix("le ")


def shorter_words(plan: ShorterPlan, now: datetime) -> str:
    """« En 4 jours : 906 lettres par courrier, 1 600 par courriel (fin le …) »."""
    span = "En une journée" if plan.days == 1 else f"En {count(plan.days, 'jour')}"
    return (
        f"{span}{NBSP}: {count(plan.by_paper, 'lettre')} par courrier, {number(plan.by_email)} par courriel\n"
        f"(fin {about(plan.end, now)})"
    )


def about(moment: datetime, now: datetime) -> str:
    """« vers 10 h 05 », « demain vers 14 h », « le jeudi 5 mars 2026 vers 9 h »."""
    day, today = moment.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    if day == today:
        return f"vers {time_hm(moment)}"
    local = moment.astimezone(PARIS)
    hour = f"vers {local.hour}{NBSP}h"
    if (day - today).days == 1:
        return f"demain {hour}"
    return f"le {_day(day, today)} {hour}"


def _day(day: date, today: date) -> str:
    """« jeudi 5 mars », with its year when it is not the present one."""
    words = f"{_WEEK[day.weekday()]} {date_long(day)}"
    return words.removesuffix(f" {today.year}") if day.year == today.year else words


# while it runs


def tally_values(tally: Tally) -> tuple[int, ...]:
    """In the order of ``_TALLY_NAMES``; their sum is the total."""
    return (
        tally.accepted,
        tally.rejected,
        tally.deferred,
        tally.uncertain,
        tally.left - tally.deferred,
    )


def tally_words(tally: Tally) -> str:
    """« Acceptées : 412 · Refusées : 3 · À envoyer : 1 427 »."""
    named = zip(_TALLY_NAMES, tally_values(tally), strict=True)
    shown = [
        f"{name}{NBSP}: {number(value)}" for name, value in named if value or name in _ALWAYS_SHOWN
    ]
    return "  ·  ".join(shown)


def running_words(tally: Tally, end: datetime | None, pause: Pause | None, now: datetime) -> str:
    """« Envoi en cours : 412 courriels sur 1 842. Encore environ 9 minutes. Prochaine pause… »."""
    parts = [f"Envoi en cours{NBSP}: {count(tally.settled, 'courriel')} sur {number(tally.total)}."]
    if end is not None and tally.left:
        left = (end - now).total_seconds()
        parts.append(
            f"Encore {duration(max(left, 0))}."
            if end.astimezone(PARIS).date() == now.astimezone(PARIS).date()
            else f"Fin prévue {about(end, now)}."
        )
    parts.append(pause_words(pause, now))
    return " ".join(part for part in parts if part)


def paused_words(tally: Tally) -> str:
    """« Envoi suspendu à 412 sur 1 842. »."""
    return f"Envoi suspendu à {number(tally.settled)} sur {number(tally.total)}."


def waiting_words(waiting: Waiting, now: datetime) -> str:
    """Where the run stands, why nothing leaves, and until when."""
    tally = waiting.tally
    start = f"Envoi en cours{NBSP}: {count(tally.settled, 'courriel')} sur {number(tally.total)}."
    why = explain(waiting.error).what if waiting.error is not None else _WHY[waiting.why]
    words = f"{start} {why} La suite partira {moment_words(waiting.until, now)}."
    if waiting.until - now > _LONG_WAIT:
        words += f" D’ici là, vous pouvez aussi fermer le logiciel{NBSP}: vous reprendrez l’envoi en le rouvrant."
    return words


def learned_words(window: RateWindow) -> str:
    """The provider allows less than was set."""
    return (
        f"Votre hébergeur en accepte moins que prévu{NBSP}: {limits_words([window])}. "
        "Le logiciel s’y tient désormais."
    )


def headline(tally: Tally, *, is_paused: bool, is_waiting: bool) -> str:
    """For the title of the window: « 23 % envoyés », « Envoi suspendu, 23 % »."""
    share = f"{tally.settled * 100 // tally.total}{NBSP}%"
    if is_paused:
        return f"Envoi suspendu, {share}"
    return f"Envoi en attente, {share}" if is_waiting else f"Envoi en cours, {share}"


@dataclass(frozen=True, slots=True)
class LookWords:
    """What the pause after the first letters says."""

    text: str
    go_on: str


def look_words(accepted: int, refused: int, uncertain: int, left: int) -> LookWords:
    """The first letters have left: what to look at, and how to go on."""
    parts = [count(accepted, "acceptée", "acceptées")]
    if refused:
        parts.append(count(refused, "refusée", "refusées"))
    if uncertain:
        parts.append(count(uncertain, "incertaine", "incertaines"))
    gone = accepted + refused + uncertain
    first = (
        "La première lettre est partie"
        if gone == 1
        else f"Les {number(gone)} premières lettres sont parties"
    )
    look = (
        "Regardez les refus dans le tableau, et si des courriels sont revenus dans votre boîte"
        if refused
        else "Regardez si des courriels sont revenus dans votre boîte"
    )
    return LookWords(
        f"{first}{NBSP}: {', '.join(parts)}. {look}\u00a0: un quart d’heure suffit en général. "
        "Puis envoyez la suite.",
        f"Envoyer les {number(left)} autres…" if left > 1 else "Envoyer la dernière…",
    )
