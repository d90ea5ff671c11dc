"""« avis34 lire »: what the program understands of a list, on the terminal or for machines."""

import json
from pathlib import Path

import click

from app.core.clock import SystemClock
from app.core.errors import BugError
from app.services.importing import (
    ReadOptions,
    Understanding,
    today_in_france,
    understand,
)
from app.services.reading_report import ReadingReport, reading_report
from app.wording.french import count, number
from app.wording.issues_list import FIELD_NAMES

_LEVELS = {"blocking": "à corriger", "check": "à vérifier", "info": "pour information"}
_SHOWN = 20


@click.command("lire", short_help="Montrer ce qui est compris d’une liste, sans rien enregistrer.")
@click.argument("fichier", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Tout écrire en JSON (voir docs/lire.md).")
@click.option("--feuille", default=None, help="Feuille du classeur.")
@click.option(
    "--codage", default=None, help="Codage du texte : utf-8, cp1252, utf-16, mac_roman, cp850…"
)
@click.option(
    "--separateur", default=None, help="Séparateur des colonnes : « ; », « , », « | », ou tab."
)
@click.option(
    "--titres", type=int, default=None, help="Numéro de la ligne des titres ; 0 s’il n’y en a pas."
)
@click.option("--mot-de-passe", is_flag=True, help="Demander le mot de passe du fichier.")
def lire(
    fichier: Path,
    *,
    as_json: bool,
    feuille: str | None,
    codage: str | None,
    separateur: str | None,
    titres: int | None,
    mot_de_passe: bool,
) -> None:
    """Montrer ce qui est compris d’une liste, sans rien enregistrer."""
    password = click.prompt("Mot de passe", hide_input=True, err=True) if mot_de_passe else None
    delimiter = "\t" if separateur in {"tab", "\\t"} else separateur
    options = ReadOptions(password, codage, delimiter, feuille, titres)
    understanding = _understood(fichier, options)
    report = reading_report(understanding)
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
        return
    _tell(understanding, report)


def _understood(path: Path, options: ReadOptions) -> Understanding:
    for event in understand(path, options, today=today_in_france(SystemClock())):
        if isinstance(event, Understanding):
            return event
    raise BugError("the file gave no understanding")


def _tell(understanding: Understanding, report: ReadingReport) -> None:
    facts = understanding.table.facts
    sheet = f", feuille « {facts.sheet} »" if facts.sheet else ""
    header = understanding.table.header_row
    click.echo(
        f"{facts.name} : {facts.format}{sheet}, titres à la ligne {header}."
        if header
        else f"{facts.name} : {facts.format}{sheet}, sans titres."
    )
    if facts.encoding:
        sure = "" if facts.encoding_is_sure else ", à vérifier"
        click.echo(
            f"Codage {facts.encoding}{sure}, séparateur « {facts.delimiter} ». Accents : {', '.join(facts.accents)}"
        )
    for column in understanding.mapping.columns:
        target = FIELD_NAMES[column.field] if column.field else "non importée"
        click.echo(f"  {column.header} → {target}")
    counts = report.counts
    click.echo(
        f"{count(counts['rows'], 'ligne lue', 'lignes lues')} : {count(counts['recipients'], 'patient')}, "
        f"{count(counts['duplicates'], 'doublon')}."
    )
    for level, total in counts["issues_by_level"].items():
        click.echo(f"  {number(total)} {_LEVELS[level]}")
    open_issues = [issue for issue in report.issues if issue["level"] != "info"]
    for issue in open_issues[:_SHOWN]:
        place = f"ligne {issue['row']}" if issue["row"] else "liste"
        click.echo(f"  {place} : {issue['what']} {issue['why']} {issue['what_to_do']}".rstrip())
    if len(open_issues) > _SHOWN:
        click.echo(
            f"  … et {count(len(open_issues) - _SHOWN, 'autre remarque', 'autres remarques')} (--json pour toutes)."
        )
