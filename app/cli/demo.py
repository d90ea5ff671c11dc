"""``avis34 demo``: the whole road on invented patients, without network, screen or account."""

import json
from pathlib import Path

import click

from app import paths
from app.cli.progress import ProgressLine
from app.core.campaign import Channel, DeliveryStatus
from app.credentials import KeyringCredentials
from app.services.control import Control
from app.services.demo import DemoRun
from app.services.demo_events import (
    CampaignReady,
    DemoFinished,
    ListRead,
    Stage,
    StageProgress,
    TookUp,
)
from app.services.samples import sample_ids
from app.wording import french, labels

_LARGEST = 300_000
_STAGES = {
    Stage.IMPORT: "Lecture de la liste",
    Stage.PLAN: "Choix des envois",
    Stage.CHECK: "Contrôle de chaque lettre",
    Stage.SEND: "Envoi des courriels",
    Stage.PRINT: "Lettres à imprimer",
    Stage.EVIDENCE: "Dossier de preuve",
}
_FILES = {
    "campaign": "Envoi chiffré",
    "list": "Liste d’exemple",
    "mailbox": "Courriels reçus",
    "print": "Lettres à imprimer",
    "evidence": "Dossier pour la CNIL",
}


@click.command(help="Faire tout le chemin sur des patients inventés. N’écrit à personne.")
@click.option(
    "--dossier",
    type=click.Path(path_type=Path, file_okay=False),
    help="Où travailler (par défaut : un dossier dans vos documents).",
)
@click.option(
    "--exemple",
    type=click.Choice(sample_ids()),
    default="editeur",
    show_default=True,
    help="L’incident de la démonstration.",
)
@click.option(
    "--patients",
    type=click.IntRange(1, _LARGEST),
    help="Inventer N patients au lieu de lire la liste d’exemple.",
)
@click.option("--graine", type=int, default=34, show_default=True, help="Graine des inventions.")
@click.option(
    "--voies", type=click.IntRange(1, 4), default=1, show_default=True, help="Connexions à la fois."
)
@click.option("--json", "as_json", is_flag=True, help="Répondre en JSON, sans progression.")
def demo(
    dossier: Path | None,
    exemple: str,
    patients: int | None,
    graine: int,
    voies: int,
    as_json: bool,  # noqa: FBT001 - click hands options over by position of name
) -> None:
    """Run the demonstration and tell it."""
    folder = dossier or paths.documents_dir() / "Démonstration"
    run = DemoRun(
        folder,
        KeyringCredentials(),
        patients=patients,
        seed=graine,
        sample_id=exemple,
        lanes=voies,
    )
    line = ProgressLine(silent=as_json)
    code = ""
    try:
        for event in run.run(Control()):
            match event:
                case StageProgress(stage, done, total):
                    line.show(_STAGES[stage], done, total)
                case CampaignReady():
                    code = event.recovery_code
                    if not as_json:
                        line.end()
                        _tell_campaign(event)
                case ListRead():
                    if not as_json:
                        line.end()
                        _tell_list(event)
                case TookUp():
                    if not as_json:
                        line.end()
                        _tell_taken_up(event)
                case DemoFinished():
                    line.end()
                    click.echo(_as_json(event, code) if as_json else _as_table(event))
    finally:
        line.end()


def _tell_campaign(event: CampaignReady) -> None:
    verb = "créé" if event.is_new else "repris"
    click.echo(f"Envoi d’exemple chiffré {verb}{french.NBSP}: {event.path}")
    if event.recovery_code:
        click.echo(
            "Cet ordinateur ne propose pas de trousseau pour garder la clé. "
            f"Code de récupération de cet exemple{french.NBSP}: {event.recovery_code}\n"
            "(Pour un vrai envoi, imprimez-le et rangez-le dans un coffre. L’exemple continue tout seul.)"
        )


def _tell_list(event: ListRead) -> None:
    parts = [french.count(event.patients, "patient")]
    if event.duplicates:
        parts.append(
            f"{french.count(event.duplicates, 'doublon')} écarté{'s' * (event.duplicates > 1)}"
        )
    if event.to_fix:
        parts.append(f"{french.number(event.to_fix)} à corriger")
    if event.to_check:
        parts.append(f"{french.count(event.to_check, 'remarque')} à vérifier")
    click.echo(f"Liste lue{french.NBSP}: {', '.join(parts)}.")
    if event.not_imported:
        click.echo(f"Colonnes laissées de côté{french.NBSP}: {', '.join(event.not_imported)}.")


def _tell_taken_up(event: TookUp) -> None:
    click.echo(
        f"Un envoi avait été interrompu{french.NBSP}: "
        f"{french.count(event.reopened, 'lettre')} à reprendre, "
        f"{french.count(event.uncertain, 'lettre')} dont on ne sait pas si elle est partie."
    )


def _as_table(end: DemoFinished) -> str:
    rows = [
        (labels.CHANNEL[channel], end.by_channel.get(channel, 0))
        for channel in Channel
        if end.by_channel.get(channel)
    ]
    lines = ["", "Par quel moyen", *_aligned(rows), "", "Bilan de clôture"]
    states = [
        (labels.STATUS[status], end.balance.by_status[status])
        for status in DeliveryStatus
        if end.balance.by_status.get(status)
    ]
    lines += _aligned([*states, ("Total", end.balance.total)])
    if end.exclusions:
        reasons = ", ".join(
            f"{reason.lower()} {french.number(count)}" for reason, count in end.exclusions.items()
        )
        lines.append(f"  Sans lettre, raisons{french.NBSP}: {reasons}.")
    if end.uncertain_rows:
        shown = ", ".join(map(str, end.uncertain_rows[:20]))
        lines.append(
            f"  Incertaines{french.NBSP}: lignes {shown}. Elles ne sont jamais renvoyées sans votre décision."
        )
    if end.address_rows:
        shown = ", ".join(map(str, end.address_rows[:20]))
        lines.append(f"  Adresses à corriger avant d’imprimer{french.NBSP}: lignes {shown}.")
    lines += ["", "Où sont les fichiers"]
    width = max(len(name) for name in _FILES.values())
    lines += [f"  {_FILES[name]:<{width}}  {path}" for name, path in end.files.items()]
    lines.append("")
    if end.nothing_left:
        lines.append("Il ne restait rien à envoyer : rien n’a été envoyé.")
    elif not end.balance.is_exact():
        lines.append("Le bilan n’est pas juste : c’est un défaut du logiciel, signalez-le.")
    else:
        lines.append("Chaque personne a été traitée une fois et une seule.")
    return "\n".join(lines)


def _aligned(rows: list[tuple[str, int]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0)
    return [f"  {name:<{width}}  {french.number(count):>8}" for name, count in rows]


def _as_json(end: DemoFinished, recovery_code: str) -> str:
    answer = {
        "total": end.balance.total,
        "exact": end.balance.is_exact(),
        "by_channel": {channel.value: count for channel, count in end.by_channel.items()},
        "by_status": {status.value: count for status, count in end.balance.by_status.items()},
        "not_planned": end.balance.not_planned,
        "sent_now": end.sent_now,
        "printed_now": end.printed_now,
        "uncertain_rows": list(end.uncertain_rows),
        "address_rows": list(end.address_rows),
        "exclusions": dict(end.exclusions),
        "files": {name: str(path) for name, path in end.files.items()},
        "seconds": {
            stage.value: {"seconds": round(time.seconds, 3), "count": time.count}
            for stage, time in end.times.items()
        },
        "recovery_code": recovery_code,
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)
