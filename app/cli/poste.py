"""``avis34 poste``: letters given to the post, and letters that came back."""

from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.opening import opened
from app.core.campaign import Delivery, DeliveryStatus
from app.core.errors.paper import LetterCodeUnknown, NothingToPrint, ReturnNotUndone
from app.credentials import KeyringCredentials
from app.services.clear_text import clear_files, delete_files
from app.services.posting import find_by_code, mark_posted, note_registered_number, printed_batches
from app.services.returned_mail import (
    ReturnReason,
    give_up,
    hand_over,
    note_returned,
    undo_return,
)
from app.storage.campaign_file import CampaignFile
from app.wording import french
from app.wording.list_places import row_place


@click.command(
    help="Noter les lettres postées, les plis retournés et les numéros de recommandés. "
    "Sans option, montrer les fichiers imprimés qui attendent la poste."
)
@click.argument("envoi", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--postees-le", "posted", help="Jour du dépôt, JJ/MM/AAAA.")
@click.option("--fichier", default="", help="Seulement les lettres de ce fichier imprimé.")
@click.option("--retour", "returned", multiple=True, help="Code d’un pli retourné (répétable).")
@click.option(
    "--raison",
    type=click.Choice([reason.value for reason in ReturnReason]),
    default=ReturnReason.UNKNOWN.value,
    show_default=True,
    help="Raison écrite sur l’enveloppe.",
)
@click.option("--annuler-retour", "undone", multiple=True, help="Code d’un pli noté par erreur.")
@click.option(
    "--main-propre",
    "handed",
    multiple=True,
    help="Code d’un pli retourné à remettre en main propre.",
)
@click.option(
    "--renoncer",
    "given_up",
    multiple=True,
    help="Code d’un pli retourné sans autre moyen de joindre.",
)
@click.option(
    "--effacer-les-fichiers",
    "clear",
    is_flag=True,
    help="Effacer de cet ordinateur les PDF et fichiers d’adresses écrits par le programme.",
)
@click.option(
    "--recommande", nargs=2, multiple=True, help="Code de la lettre et numéro du recommandé."
)
@click.option(
    "--code", "code", is_flag=True, help="Lire le code de récupération sur l’entrée standard."
)
def poste(
    envoi: Path,
    posted: str | None,
    fichier: str,
    returned: tuple[str, ...],
    raison: str,
    recommande: tuple[tuple[str, str], ...],
    *,
    undone: tuple[str, ...],
    handed: tuple[str, ...],
    given_up: tuple[str, ...],
    clear: bool,
    code: bool,
) -> int:
    """Note and tell."""
    now = datetime.now(UTC)
    with opened(envoi, KeyringCredentials(), code_on_stdin=code) as file:
        for letter_code, number in recommande:
            kept = note_registered_number(file, letter_code, number, now)
            click.echo(french.typeset(f"Recommandé noté : {kept}."))
        if posted:
            _post(file, posted, fichier, now)
        for typed in returned:
            back = note_returned(file, typed, ReturnReason(raison), now)
            click.echo(
                french.typeset(f"Pli retourné noté : celui de {row_place(back.recipient.row)}.")
            )
        for typed in undone:
            undo_return(file, _returned(file, typed).id, now)
            click.echo(french.typeset(f"Retour annulé : {typed}."))
        for typed in handed:
            hand_over(file, _returned(file, typed).id, now)
            click.echo(french.typeset(f"À remettre en main propre : {typed}."))
        for typed in given_up:
            give_up(file, _returned(file, typed).id, now)
            click.echo(french.typeset(f"Personne non jointe, gardée dans les comptes : {typed}."))
        if clear:
            gone = delete_files(file, clear_files(file), now)
            click.echo(
                f"{french.count(gone.files, 'fichier effacé', 'fichiers effacés')}, "
                f"{french.size_bytes(gone.size)}. Pensez aux copies et aux sauvegardes."
            )
        if not (posted or returned or recommande or undone or handed or given_up or clear):
            _show_batches(file)
    return 0


def _returned(file: CampaignFile, typed: str) -> Delivery:
    """The returned letter of this code. Raises LetterCodeUnknown, ReturnNotUndone."""
    letter = find_by_code(file, typed)
    if letter is None:
        raise LetterCodeUnknown(typed)
    if letter.status is not DeliveryStatus.RETURNED:
        raise ReturnNotUndone(letter.code)
    return letter


def _post(file: CampaignFile, posted: str, name: str, now: datetime) -> None:
    day = french.read_date_short(posted)
    if day is None or day > now.astimezone(french.PARIS).date():
        raise click.BadParameter("attendu : un jour passé, JJ/MM/AAAA", param_hint="--postees-le")
    digests = [batch.sha256 for batch in printed_batches(file) if batch.file_name == name]
    if name and not digests:
        raise NothingToPrint
    count = sum(mark_posted(file, day, now, sha256=digest) for digest in digests or [""])
    click.echo(
        f"{french.count(count, 'lettre')} notée{'s' if count > 1 else ''} "
        f"postée{'s' if count > 1 else ''} le {french.date_long(day)}."
    )


def _show_batches(file: CampaignFile) -> None:
    batches = printed_batches(file)
    if not batches:
        click.echo("Aucune lettre imprimée n’attend la poste.")
    for batch in batches:
        click.echo(
            french.typeset(
                f"{batch.file_name or 'Lettres une par une'}, imprimé le {french.date_time(batch.printed_at)} : "
                f"{french.count(batch.waiting, 'lettre')} à poster."
            )
        )
