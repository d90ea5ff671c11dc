"""``avis34 envoyer``: send the e-mail letters of a prepared campaign, also from a scheduled task."""

import json
from functools import partial
from pathlib import Path

import click

from app.cli.letter_gate import acceptance_options, letters_may_leave
from app.cli.opening import (
    LETTERS_LEFT,
    STOPPED_BY_FAULT,
    UNCERTAIN_LEFT,
    opened,
    secret_for,
    sending_account,
    stopping_on_signals,
)
from app.cli.progress import ProgressLine
from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import SystemClock
from app.credentials import KeyringCredentials
from app.services import lettering
from app.services.attached_pdf import pdf_attacher
from app.services.awake import computer_awake
from app.services.campaigns import backup_if_due
from app.services.confirming import confirm_sending, is_confirmed
from app.services.control import Control
from app.services.departure import departure
from app.services.run_choice import run_to_send
from app.services.sending import (
    CanaryReached,
    DeliveryChanged,
    Finished,
    Recovered,
    SendingEvent,
    SendingOptions,
    SendingRun,
    Stopped,
    Waiting,
    WaitReason,
)
from app.services.signing import signer_for
from app.storage.campaign_file import CampaignFile
from app.wording import explain, french

_WAITS = {
    WaitReason.RATE: "La limite du compte est atteinte",
    WaitReason.HOURS: "Hors des heures d’envoi",
    WaitReason.BACK_OFF: "Le serveur demande d’attendre",
    WaitReason.RETRY: "Des lettres différées attendent leur tour",
}
_LABEL = "Envoi des courriels"


@click.command(
    help="Envoyer les courriels d’un envoi préparé dans la fenêtre.\n\n"
    "Codes de sortie : 0 plus rien à envoyer ; 3 il reste des lettres, relancez plus tard ; "
    "4 arrêté par un problème à régler ; 5 des lettres incertaines attendent votre décision ; "
    "2 envoi impossible ; 130 arrêté par vous."
)
@click.argument("envoi", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--nombre",
    type=click.IntRange(1),
    help="Nombre de lettres à envoyer, exigé au premier départ : il confirme l’envoi.",
)
@click.option("--voies", type=click.IntRange(1, 4), help="Connexions à la fois.")
@click.option(
    "--attendre-au-plus",
    "patience",
    type=click.IntRange(0),
    help="Plus longue attente, en secondes, avant de rendre la main (code 3).",
)
@click.option(
    "--premieres",
    "canary",
    type=click.IntRange(0),
    default=0,
    help="S’arrêter après les N premières lettres (code 3), pour regarder les refus.",
)
@click.option(
    "--mot-de-passe", "password", is_flag=True, help="Lire le mot de passe sur l’entrée standard."
)
@click.option(
    "--code",
    "code",
    is_flag=True,
    help="Lire d’abord le code de récupération sur l’entrée standard.",
)
@acceptance_options
@click.option("--json", "as_json", is_flag=True, help="Répondre en JSON, sans progression.")
def envoyer(
    envoi: Path,
    nombre: int | None,
    voies: int | None,
    patience: int | None,
    canary: int,
    password: bool,  # noqa: FBT001 - click hands options over by name
    code: bool,  # noqa: FBT001 - click hands options over by name
    accepted_by: str,
    reason: str,
    as_json: bool,  # noqa: FBT001 - click hands options over by name
) -> int:
    """Send, tell, and give the exit code."""
    credentials = KeyringCredentials()
    account = sending_account()
    with opened(envoi, credentials, code_on_stdin=code, for_sending=True) as file:
        now = SystemClock().now()
        line, control = ProgressLine(silent=as_json), Control()
        found = file.recover_after_crash(now)
        if found.reopened or found.uncertain:
            _tell(Recovered(found.reopened, found.uncertain), line, control, as_json=as_json)
        number = run_to_send(file)
        left = _left(file, number)
        is_first = bool(left) and not is_confirmed(file)
        if is_first and nombre != left:
            click.echo(
                f"Rien n’a été envoyé. Cet envoi compte {french.count(left, 'courriel')} : "
                f"pour confirmer, ajoutez --nombre {left}.",
                err=True,
            )
            return 2
        secret = secret_for(account, credentials, password_on_stdin=password)
        if is_first:
            with stopping_on_signals(control):
                may_leave = letters_may_leave(
                    file,
                    control,
                    line,
                    done="envoyé",
                    accepted_by=accepted_by,
                    reason=reason,
                    run=number,
                )
            if not may_leave:
                return 2
            confirm_sending(file, left, now)
        is_sample = file.campaign.is_sample
        sign = None if is_sample else signer_for(account, credentials, now)
        attach = None
        if account is not None and account.attach_pdf:
            attach = partial(pdf_attacher, run=number)
        if not is_sample:
            backup_if_due(file)
        end: SendingEvent | None = None
        with departure(file, account, secret) as way, stopping_on_signals(control):
            lanes = voies or way.account.lanes
            run = SendingRun(
                file,
                way.transports,
                partial(lettering.renderer_for, run=number),
                way.account,
                practice_name=file.practice(number).name,
                options=SendingOptions(run=number, lanes=lanes, canary=canary, patience=patience),
                sign=sign,
                before_first=partial(lettering.freeze, run=number),
                attach_for=attach,
            )
            with computer_awake():
                for event in run.run(control):
                    end = event
                    _tell(event, line, control, as_json=as_json)
            line.end()
        return _conclude(end, file, as_json=as_json)


def _left(file: CampaignFile, run: int) -> int:
    counts = file.delivery_counts(run)
    waiting = (DeliveryStatus.PENDING, DeliveryStatus.DEFERRED)
    return sum(counts.get((Channel.EMAIL, status), 0) for status in waiting)


def _tell(event: SendingEvent, line: ProgressLine, control: Control, *, as_json: bool) -> None:
    match event:
        case DeliveryChanged():
            line.show(_LABEL, event.tally.settled, event.tally.total)
        case CanaryReached():
            control.stop()
        case Recovered() if not as_json:
            line.end()
            click.echo(
                f"Un envoi avait été interrompu : {french.count(event.reopened, 'lettre')} à reprendre, "
                f"{french.count(event.uncertain, 'lettre')} dont on ne sait pas si elle est partie."
            )
        case Waiting() if not as_json:
            line.end()
            click.echo(f"{_WAITS[event.why]}. Suite le {french.date_time(event.until)}.")
        case _:
            pass


def _conclude(end: SendingEvent | None, file: CampaignFile, *, as_json: bool) -> int:
    balance = file.balance()
    code, message = 0, "Il ne reste rien à envoyer."
    resume_at = None
    if isinstance(end, Stopped):
        code, resume_at = STOPPED_BY_FAULT, end.resume_at
        message = explain(end.error).one_line()
    elif isinstance(end, Finished) and end.tally.left:
        code, resume_at = LETTERS_LEFT, end.resume_at
        message = f"Il reste {french.count(end.tally.left, 'courriel')} à envoyer."
        if resume_at is not None:
            message += f" Relancez après le {french.date_time(resume_at)}."
    elif isinstance(end, Finished) and end.tally.uncertain:
        code = UNCERTAIN_LEFT
        message = (
            f"{french.count(end.tally.uncertain, 'lettre')} : on ne sait pas si elle est partie. "
            "Ouvrez l’envoi dans la fenêtre pour décider."
        )
    elif following := _left(file, run_to_send(file)):
        code = LETTERS_LEFT
        message = (
            f"Cet envoi est terminé. Le suivant compte {french.count(following, 'courriel')} : "
            "relancez la commande."
        )
    if as_json:
        answer = {
            "code": code,
            "message": message,
            "by_status": {status.value: count for status, count in balance.by_status.items()},
            "total": balance.total,
            "resume_at": resume_at.isoformat() if resume_at else None,
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(message, err=code != 0)
    return code
