"""Tables and chart of the dossier: runs, failures, people not written to, calls."""

from app.core.campaign import Channel, DeliveryStatus
from app.paper.report import Report
from app.services.evidence_activity import Activity
from app.services.evidence_figures import Controls, Figures, RunFigures, Undelivered
from app.services.evidence_text import WAITING
from app.wording import dossier, labels
from app.wording.french import NBSP, NNBSP, PARIS, count, date_long, date_short, date_time, number
from app.wording.refusals import reason_label

_S = DeliveryStatus
_COLUMNS = (
    ("Parties", (_S.ACCEPTED, _S.POSTED, _S.HANDED_OVER)),
    ("À partir", WAITING),
    ("Échecs", (_S.REJECTED, _S.BOUNCED, _S.RETURNED)),
    ("Incertaines", (_S.UNCERTAIN,)),
    ("Remplacées", (_S.REPLACED,)),
)
_CHANNELS = (Channel.EMAIL, Channel.PAPER, Channel.HAND_OVER)


def add_run(report: Report, run: RunFigures) -> None:
    """Letters by channel and state, and the balance of one run."""
    title = "Combien, et par quel moyen" if run.run == 1 else f"Lettre de suivi (envoi {run.run})"
    report.heading(title)
    if run.frozen is not None and run.frozen.purpose and run.run > 1:
        report.text(run.frozen.purpose)
    rows = []
    for channel in _CHANNELS:
        numbers = [run.count(channel, *statuses) for _, statuses in _COLUMNS]
        if any(numbers):
            rows.append((labels.CHANNEL[channel], *map(number, numbers), number(sum(numbers))))
    head = ("Moyen", *(name for name, _ in _COLUMNS), "Lettres")
    report.table(
        head,
        rows,
        widths=(2, 1.2, 1.2, 1.1, 1.5, 1.5, 1.2),
        right=range(1, 7),
        caption="Lettres par moyen et par état",
    )
    by_status = sorted(run.balance.by_status.items(), key=lambda item: -item[1])
    lines = [(labels.STATUS[status], number(many)) for status, many in by_status]
    if run.balance.not_planned:
        where = "Pas de lettre prévue" if run.run == 1 else "Non destinataires de cette lettre"
        lines.append((where, number(run.balance.not_planned)))
    lines.append(("Total", number(run.balance.total)))
    report.table(
        ("Où en est chaque personne", "Personnes"),
        lines,
        widths=(4, 1),
        right=(1,),
        caption=f"Bilan{NBSP}: chaque personne une fois",
    )


def add_controls(report: Report, controls: Controls) -> None:
    """What was verified before the letters left, and which remarks were accepted, by whom, why."""
    report.heading("Avant le départ")
    lines = []
    if controls.letters_read:
        read = count(controls.letters_read, "lettre lue", "lettres lues")
        lines.append(f"{read} par le cabinet, tirées au hasard.")
    lines += [
        f"Relecture par {by or 'une autre personne'} le {date_time(at)}."
        for at, by in controls.second_readings
    ]
    lines += [f"Lettre d’essai le {date_time(at)}." for at in controls.trial_letters]
    lines += [
        f"Départ de {count(letters, 'lettre')} confirmé le {date_time(at)}, nombre saisi à la main."
        for at, letters in controls.confirmations
    ]
    if lines:
        report.items(lines)
    else:
        report.text("Aucune lecture ni confirmation n’est inscrite au journal.")
    if not controls.accepted:
        report.text("Aucun avertissement du contrôle des lettres n’a dû être accepté.")
        return
    rows = [
        (
            date_short(one.at.astimezone(PARIS).date()),
            one.what,
            number(one.letters) if one.letters else "toutes",
            f"{one.by}{NBSP}: {one.reason}" if one.by else one.reason,
        )
        for one in controls.accepted
    ]
    report.table(
        ("Date", "Avertissement", "Lettres", "Accepté par, et pourquoi"),
        rows,
        widths=(1.3, 3, 1, 3.4),
        right=(2,),
        caption="Avertissements du contrôle des lettres, acceptés avant le départ",
    )


def add_activity(report: Report, activity: Activity) -> None:
    """The run over time, drawn and said in words."""
    if not activity.starts:
        return
    report.heading("Déroulement de l’envoi")
    local = [start.astimezone(PARIS) for start in activity.starts]
    names = [
        f"{moment.hour}{NBSP}h" if activity.hourly else date_short(moment.date())[:5]
        for moment in local
    ]
    totals = [sum(values) for values in zip(*activity.by_channel.values(), strict=True)]
    what = "par heure" if activity.hourly else "par jour"
    best = max(range(len(totals)), key=totals.__getitem__)
    alt = (
        f"Diagramme en barres des lettres parties {what}, de {number(sum(totals))} lettres du "
        f"{date_long(local[0].date())} au {date_long(local[-1].date())}{NNBSP}; "
        f"le plus grand nombre est {number(totals[best])}."
    )
    series = [(labels.CHANNEL[channel], values) for channel, values in activity.by_channel.items()]
    day = f" du {date_long(local[0].date())}" if activity.hourly else ""
    report.bars(
        names, series, caption=f"Lettres parties {what}{day}", alt=alt, top=number(max(totals))
    )


def add_failures(report: Report, counted: Figures) -> None:
    """Letters that did not arrive, why, and what was done."""
    report.heading("Lettres non remises, et ce qui a été fait")
    if not counted.undelivered:
        report.text("Aucune lettre n’est signalée comme non remise à ce jour.")
        return
    rows = [
        (labels.STATUS[one.status], _cause(one), _done(one), number(one.count))
        for one in counted.undelivered
    ]
    report.table(
        ("État", "Cause", "Suite donnée", "Lettres"), rows, widths=(2, 2.4, 2.4, 1), right=(3,)
    )


def _cause(one: Undelivered) -> str:
    if one.reason is not None:
        return reason_label(one.reason)
    return (
        "pli revenu"
        if one.status is _S.RETURNED
        else "réponse du serveur non reçue"
        if one.status is _S.UNCERTAIN
        else ""
    )


def _done(one: Undelivered) -> str:
    if one.then is None:
        return "Pas encore de suite"
    words = {
        Channel.PAPER: "par courrier",
        Channel.EMAIL: "par courriel",
        Channel.HAND_OVER: "en main propre",
    }
    return f"Lettre {words.get(one.then, '')}{', partie' if one.then_left else ', à faire partir'}"


def add_not_written(report: Report, counted: Figures) -> None:
    """Exclusions with their ground, and the practice's decisions."""
    report.heading("Personnes à qui le cabinet n’a pas écrit")
    if not counted.exclusions and not counted.decisions:
        report.text("Personne n’a été laissé de côté.")
        return
    rows = [
        (labels.EXCLUSION[reason], dossier.EXCLUSION_GROUND[reason], number(many))
        for reason, many in counted.exclusions.items()
    ]
    if rows:
        report.table(
            ("Raison", "Fondement", "Personnes"),
            rows,
            widths=(2, 4, 1),
            right=(2,),
            caption="Par raison",
        )
    grounds = [
        (
            date_short(one.at.astimezone(PARIS).date()),
            dossier.GROUND[one.ground] + (f". {one.note}" if one.note else ""),
            number(one.people),
        )
        for one in counted.decisions
    ]
    if grounds:
        report.table(
            ("Date", "Décision et fondement", "Personnes"),
            grounds,
            widths=(1.2, 5, 1),
            right=(2,),
            caption="Décisions du cabinet (RGPD, article 34(3))",
        )


def add_calls(report: Report, counted: Figures) -> None:
    """Calls by question, when there were any."""
    if counted.calls:
        report.heading("Appels reçus")
        rows = [
            (dossier.question_label(question), number(many))
            for question, many in counted.calls.items()
        ]
        report.table(("Question", "Appels"), rows, widths=(5, 1), right=(1,))
