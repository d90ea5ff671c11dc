"""``avis34 etat``: where a campaign stands; names nobody."""

import json
from pathlib import Path

import click

from app.cli.opening import opened
from app.core.campaign import Channel, DeliveryStatus
from app.credentials import KeyringCredentials
from app.wording import french, labels
from app.wording.list_places import row_number

_MOST_ROWS = 1_000


@click.command(
    help="Dire où en est un envoi : combien de lettres dans chaque état. Ne nomme personne."
)
@click.argument("envoi", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--code", "code", is_flag=True, help="Lire le code de récupération sur l’entrée standard."
)
@click.option("--json", "as_json", is_flag=True, help="Répondre en JSON.")
def etat(envoi: Path, code: bool, as_json: bool) -> int:  # noqa: FBT001 - click hands options over by name
    """Tell the balance of the campaign."""
    with opened(envoi, KeyringCredentials(), code_on_stdin=code) as file:
        balance = file.balance()
        by_channel = file.delivery_counts()
        uncertain = [
            person.row
            for _, person in file.deliveries_with_recipients(
                DeliveryStatus.UNCERTAIN, limit=_MOST_ROWS
            )
        ]
        name = file.campaign.name
    if as_json:
        answer = {
            "name": name,
            "total": balance.total,
            "exact": balance.is_exact(),
            "not_planned": balance.not_planned,
            "by_status": {status.value: count for status, count in balance.by_status.items()},
            "by_channel": {
                channel.value: {
                    status.value: count
                    for (which, status), count in by_channel.items()
                    if which is channel
                }
                for channel in Channel
            },
            "uncertain_rows": uncertain,
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return 0
    click.echo(name)
    for status in DeliveryStatus:
        count = balance.by_status.get(status, 0)
        if count:
            click.echo(f"  {labels.STATUS[status]:<28}{french.number(count):>9}")
    if balance.not_planned:
        click.echo(f"  {'Pas encore préparées':<28}{french.number(balance.not_planned):>9}")
    click.echo(f"  {'Total':<28}{french.number(balance.total):>9}")
    if uncertain:
        click.echo(f"Lettres incertaines, lignes : {', '.join(map(row_number, uncertain[:50]))}.")
    return 0
