"""The options of ``avis34 imprimer`` and what they mean."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app.paper.envelopes import Envelope, Window
from app.services import reprinting
from app.services.mailing_house import MAILEVA_MAX_BYTES
from app.services.printing import PrintOptions, PrintOrder, Separation
from app.services.single_files import NameField
from app.storage.campaign_file import CampaignFile

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MEGABYTE = 1_000_000
_WINDOW = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)\+(\d+(?:\.\d+)?)\+(\d+(?:\.\d+)?)")


def _together(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


page_options = _together(
    click.option(
        "--enveloppe",
        type=click.Choice([envelope.value for envelope in Envelope]),
        help="Enveloppe à fenêtre ; sans cette option, l’adresse convient à toutes.",
    ),
    click.option(
        "--fenetre",
        help="Votre fenêtre mesurée, en mm : LARGEURxHAUTEUR+BORD_DROIT+BORD_BAS (100x45+20+60).",
    ),
    click.option("--gros-caracteres", is_flag=True, help="Texte de 16 points, non justifié."),
    click.option("--un-cote", is_flag=True, help="Impression sur un seul côté des feuilles."),
    click.option(
        "--feuille-d-essai",
        is_flag=True,
        help="Écrire seulement une feuille avec des règles, pour essayer l’enveloppe.",
    ),
)
file_options = _together(
    click.option(
        "--tri",
        type=click.Choice([order.value for order in PrintOrder]),
        default=PrintOrder.POSTCODE.value,
        show_default=True,
        help="Ordre des lettres.",
    ),
    click.option(
        "--par-fichier",
        type=click.IntRange(0),
        default=0,
        help="Au plus N lettres par fichier.",
    ),
    click.option(
        "--taille-max", type=click.IntRange(0), default=0, help="Au plus N Mo par fichier."
    ),
    click.option(
        "--par-feuilles", is_flag=True, help="Un fichier par nombre de feuilles (mise sous pli)."
    ),
    click.option(
        "--separer",
        type=click.Choice([separation.value for separation in Separation]),
        default=Separation.NONE.value,
        help="Feuille de séparation à chaque changement.",
    ),
    click.option(
        "--un-fichier-par-patient", is_flag=True, help="Un PDF par lettre, dans un dossier."
    ),
    click.option(
        "--nommer",
        default="",
        help="Avec un fichier par patient, champs du nom : ligne, nom, prenom, code-postal.",
    ),
    click.option(
        "--sans-les-adresses-a-corriger",
        is_flag=True,
        help="Imprimer les autres lettres quand des adresses sont à corriger.",
    ),
)
reprint_options = _together(
    click.option("--reimprimer", multiple=True, help="Code d’une lettre à réimprimer (répétable)."),
    click.option(
        "--depuis",
        type=click.IntRange(1),
        help="Réimprimer le fichier --de depuis la Nième lettre.",
    ),
    click.option("--pages", help="Réimprimer les lettres de ces pages du fichier --de : 3,8-12."),
    click.option("--de", "source", default="", help="Nom du fichier (par défaut : le dernier)."),
)
mailing_options = _together(
    click.option(
        "--maileva", is_flag=True, help="Fichiers de 20 Mo au plus, avec leur CSV d’adresses."
    ),
    click.option("--bordereau", type=click.Path(), help="Bordereau sans nom, .csv ou .xlsx."),
    click.option("--depot", type=click.Path(), help="Bordereau de dépôt à signer, en PDF."),
    click.option("--archive", type=click.Path(), help="Archive ZIP chiffrée (AES-256)."),
    click.option(
        "--mot-de-passe",
        is_flag=True,
        help="Demander le mot de passe de l’archive ; sinon le programme en propose un.",
    ),
    click.option("--tarif", default="verte", show_default=True, help="Tarif de tarifs.toml."),
)


def envelope(chosen: dict[str, Any]) -> Envelope:
    """The envelope chosen, DL when none was."""
    return Envelope(chosen["enveloppe"]) if chosen["enveloppe"] else Envelope.DL


def window(chosen: dict[str, Any]) -> Window | None:
    """The measured window; click.BadParameter when it cannot be read."""
    text = chosen["fenetre"]
    if not text:
        return None
    match = _WINDOW.fullmatch(text.replace(",", ".").replace(" ", ""))
    if match is None:
        raise click.BadParameter("attendu : 100x45+20+60", param_hint="--fenetre")
    return Window(*(float(number) for number in match.groups()))


def print_options(chosen: dict[str, Any]) -> PrintOptions:
    """The print run the options ask for."""
    measured = window(chosen)
    explicit = chosen["enveloppe"] or measured
    limit = chosen["taille_max"] * _MEGABYTE
    if chosen["maileva"]:
        limit = min(limit or MAILEVA_MAX_BYTES, MAILEVA_MAX_BYTES)
    return PrintOptions(
        order=PrintOrder(chosen["tri"]),
        envelope=envelope(chosen) if explicit else None,
        window=measured,
        large_print=chosen["gros_caracteres"],
        leave_out_bad_addresses=chosen["sans_les_adresses_a_corriger"],
        separation=Separation(chosen["separer"]),
        duplex=not chosen["un_cote"],
        letters_per_file=chosen["par_fichier"],
        max_bytes=limit,
        by_sheets=chosen["par_feuilles"],
    )


def name_fields(chosen: dict[str, Any]) -> tuple[NameField, ...]:
    """Fields of the file names; click.BadParameter for an unknown one."""
    words = [word.strip() for word in chosen["nommer"].split(",") if word.strip()]
    try:
        return tuple(NameField(word) for word in words)
    except ValueError as error:
        raise click.BadParameter(
            "attendu : ligne, nom, prenom, code-postal", param_hint="--nommer"
        ) from error


def letters_to_reprint(file: CampaignFile, chosen: dict[str, Any]) -> tuple[int, ...] | None:
    """Keys of the letters to print once more, or None for a first print."""
    if chosen["reimprimer"]:
        return reprinting.by_codes(file, chosen["reimprimer"])
    name = Path(chosen["source"]).name
    if chosen["depuis"]:
        return reprinting.from_letter(reprinting.latest_print(file, name), chosen["depuis"])
    if chosen["pages"]:
        return reprinting.on_pages(reprinting.latest_print(file, name), _numbers(chosen["pages"]))
    return None


def _numbers(text: str) -> list[int]:
    """« 3,8-12 » → 3, 8, 9, 10, 11, 12."""
    numbers: list[int] = []
    for part in text.replace(" ", "").split(","):
        match = re.fullmatch(r"(\d{1,7})(?:-(\d{1,7}))?", part)
        if match is None:
            raise click.BadParameter("attendu : 3,8-12", param_hint="--pages")
        first, last = int(match[1]), int(match[2] or match[1])
        numbers += range(first, last + 1)
    return numbers
