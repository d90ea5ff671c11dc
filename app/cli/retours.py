"""``avis34 retours``: read the e-mails that came back, from the mailbox or from saved files."""

import json
from pathlib import Path

import click

from app.cli.opening import opened, secret_for, sending_account, stopping_on_signals
from app.core.errors.mail import AccountMissing
from app.credentials import KeyringCredentials
from app.services.bounces import (
    BounceSummary,
    GivenToPaper,
    Outcome,
    Taken,
    from_files,
    from_imap,
    give_to_paper,
)
from app.services.control import Control
from app.wording import french
from app.wording.refusals import refusal

_OUTCOMES = {
    Outcome.BOUNCED: "lettres retournées",
    Outcome.KNOWN: "déjà connues",
    Outcome.DELAYED: "encore en route",
    Outcome.DELIVERED: "avis de remise",
    Outcome.UNMATCHED: "retours d’autres courriels",
    Outcome.OTHER: "autres messages",
}


@click.command(
    help="Relever les courriels retournés, dans la boîte (IMAP, lecture seule) ou dans des fichiers "
    ".eml et .mbox. Rien n’est modifié dans la boîte.\n\n"
    "Codes de sortie : 0 fait ; 2 impossible ; 130 arrêté par vous."
)
@click.argument("envoi", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("fichiers", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--vers-papier", "to_paper", is_flag=True, help="Passer ces lettres au courrier.")
@click.option(
    "--mot-de-passe", "password", is_flag=True, help="Lire le mot de passe sur l’entrée standard."
)
@click.option(
    "--code",
    "code",
    is_flag=True,
    help="Lire d’abord le code de récupération sur l’entrée standard.",
)
@click.option("--json", "as_json", is_flag=True, help="Répondre en JSON.")
def retours(
    envoi: Path,
    fichiers: tuple[Path, ...],
    to_paper: bool,  # noqa: FBT001 - click hands options over by name
    password: bool,  # noqa: FBT001 - click hands options over by name
    code: bool,  # noqa: FBT001 - click hands options over by name
    as_json: bool,  # noqa: FBT001 - click hands options over by name
) -> int:
    """Read, match, tell."""
    credentials, control = KeyringCredentials(), Control()
    with (
        opened(envoi, credentials, code_on_stdin=code) as file,
        stopping_on_signals(control),
    ):
        if fichiers:
            events = from_files(file, fichiers, control)
        else:
            account = sending_account()
            if account is None or not account.imap_host:
                raise AccountMissing
            secret = secret_for(account, credentials, password_on_stdin=password)
            events = from_imap(file, account, secret, control)
        summary = BounceSummary()
        for event in events:
            if isinstance(event, BounceSummary):
                summary = event
            elif event.outcome is Outcome.BOUNCED and not as_json:
                _tell(event)
        given = give_to_paper(file) if to_paper else GivenToPaper(0, 0)
    if as_json:
        answer = {
            "counts": {outcome.value: summary.counts[outcome] for outcome in Outcome},
            "unreadable": summary.unreadable,
            "given_to_paper": given.moved,
            "without_address": given.without_address,
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return 0
    for outcome in Outcome:
        if summary.counts[outcome]:
            click.echo(f"  {_OUTCOMES[outcome]:<28}{french.number(summary.counts[outcome]):>9}")
    for name in summary.unreadable:
        click.echo(f"  « {name} » n’a pas pu être lu.", err=True)
    if to_paper:
        click.echo(f"{french.count(given.moved, 'lettre')} à imprimer en plus.")
        if given.without_address:
            count = french.count(given.without_address, "personne")
            click.echo(f"{count} sans adresse postale : à joindre autrement.")
    if not summary.counts:
        click.echo("Aucun courriel retourné.")
    return 0


def _tell(taken: Taken) -> None:
    reply = taken.delivery.reply if taken.delivery is not None else None
    click.echo(f"Ligne {taken.row} : {refusal(reply) or 'retournée'}.")
