"""The figures of a complementary notification, ready to paste in the CNIL's form."""

from app.core.campaign import Channel, DeliveryStatus
from app.services.evidence_figures import FAILED, Figures, RunFigures
from app.wording import dossier, labels
from app.wording.french import NBSP, NNBSP, count, date_long, date_time, number

_S = DeliveryStatus
WAITING = (_S.PENDING, _S.OPEN, _S.DOT, _S.DEFERRED, _S.PRINTED)


def notification_text(counted: Figures) -> str:
    """Plain text, short lines, one fact per line."""
    lines = [
        f"Situation au {date_time(counted.made_at)}.",
        f"Personnes concernées{NBSP}: {number(counted.concerned)}"
        f" ({dossier.band_label(counted.concerned).lower()}).",
        f"Incident{NBSP}: {dossier.when(counted.incident)}{NNBSP}; "
        f"violation {dossier.CERTAINTY[counted.incident.certainty]}.",
        dossier.seventy_two_hours(counted.incident),
    ]
    first = counted.first_run
    if first is None or first.first_left is None:
        lines.append("Aucune lettre n’est encore partie.")
    else:
        lines += _informed(first)
    if counted.exclusions:
        lines.append(f"Personnes à qui le cabinet n’écrit pas{NBSP}:")
        lines += [
            f"- {labels.EXCLUSION[reason].lower()}{NBSP}: {number(many)}"
            for reason, many in counted.exclusions.items()
        ]
    lines += [
        f"- {count(decision.people, 'personne')}{NBSP}: {dossier.GROUND[decision.ground]}"
        for decision in counted.decisions
    ]
    return "\n".join(lines) + "\n"


def _informed(run: RunFigures) -> list[str]:
    lines = [f"Information des personnes{NBSP}: oui, individuelle et directe."]
    waiting = run.balance.count(*WAITING) + run.balance.not_planned
    if run.first_left is not None and run.last_left is not None:
        first, last = date_long(run.first_left.date()), date_long(run.last_left.date())
        if first != last:
            lines.append(f"Première lettre le {first}, dernière à ce jour le {last}.")
        elif waiting:
            lines.append(f"Premières lettres parties le {first}.")
        else:
            lines.append(f"Toutes les lettres sont parties le {first}.")
    lines.append(f"Moyens et nombre{NBSP}:")
    for channel, status, words in (
        (Channel.EMAIL, _S.ACCEPTED, "par courriel, acceptées par le serveur d’envoi"),
        (Channel.PAPER, _S.POSTED, "par courrier, postées"),
        (Channel.HAND_OVER, _S.HANDED_OVER, "remises en main propre"),
    ):
        many = run.count(channel, status)
        if many:
            lines.append(f"- {words}{NBSP}: {number(many)}")
    if waiting:
        lines.append(f"- pas encore parties{NBSP}: {number(waiting)}")
    failed = run.balance.count(*FAILED)
    if failed:
        lines.append(
            f"- non remises ou au sort incertain, en cours de traitement{NBSP}: {number(failed)}"
        )
    return lines
