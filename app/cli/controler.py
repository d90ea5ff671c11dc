"""``avis34 controler``: is this campaign, or this dossier, what it was when written?"""

import getpass
import json
from pathlib import Path

import click

from app.core.errors.storage import KeyMissing
from app.credentials import KeyringCredentials
from app.services.checking import CampaignCheck, check_campaign, check_dossier
from app.services.evidence_files import SUMS
from app.wording.checks import campaign_lines, dossier_lines

FAULT = 3


@click.command(
    help="Vérifie un envoi (.avis34) ou un dossier enregistré : chiffrement, journal, états des lettres, fichiers. "
    "Ne change rien. Sortie 0 si tout concorde, 3 sinon."
)
@click.argument("chemin", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--code", is_flag=True, help="Demander le code de récupération au lieu du trousseau.")
@click.option("--json", "as_json", is_flag=True, help="Résultat pour une machine.")
def controler(chemin: Path, code: bool, as_json: bool) -> int:  # noqa: FBT001 - click's flags
    """Check a campaign or a dossier; the exit code says whether all agrees."""
    if (chemin / SUMS).is_file():
        found = check_dossier(chemin)
        lines, is_whole = dossier_lines(found), found.is_whole
        plain: dict[str, object] = {"wrong_files": list(found.wrong_files), **_chain(found.chain)}
    else:
        checked = _check(chemin, ask=code)
        lines, is_whole = campaign_lines(checked), checked.is_whole
        plain = {
            **_chain(checked.chain),
            "letters_apart": checked.letters_apart,
            "balance_exact": checked.balance_exact,
            "doubts": list(checked.doubts),
        }
    click.echo(json.dumps({"whole": is_whole, **plain}) if as_json else "\n".join(lines))
    return 0 if is_whole else FAULT


def _check(path: Path, *, ask: bool) -> CampaignCheck:
    credentials = KeyringCredentials()
    if not ask:
        try:
            return check_campaign(path, credentials)
        except KeyMissing:
            click.echo("Cet ordinateur n’a pas la clé de cet envoi.", err=True)
    typed = getpass.getpass("Code de récupération\u00a0: ")
    return check_campaign(path, credentials, typed)


def _chain(chain: object) -> dict[str, object]:
    names = ("events", "head", "first_break", "reason", "clock_steps")
    return {"chain": {name: getattr(chain, name) for name in names}}
