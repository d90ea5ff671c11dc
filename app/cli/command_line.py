"""The group of commands, and how their failures are told."""

import sys
import traceback

import click

from app import __version__
from app.cli.controler import controler
from app.cli.demo import demo
from app.cli.envoyer import envoyer
from app.cli.etat import etat
from app.cli.imprimer import imprimer
from app.cli.lire import lire
from app.cli.poste import poste
from app.cli.retours import retours
from app.core.errors import Cancelled, UserError
from app.wording import explain

#: exit codes of every command
DONE, BUG, REFUSED, STOPPED = 0, 1, 2, 130


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Avis 34 : prévenir chaque patient après une violation de données. "
    "Sans commande, la fenêtre s’ouvre.",
)
@click.version_option(__version__, prog_name="avis34", message="%(prog)s %(version)s")
def avis34() -> None:
    """Group of all commands."""


for _command in (controler, demo, envoyer, etat, imprimer, lire, poste, retours):
    avis34.add_command(_command)


def run(words: list[str]) -> int:
    """Run one command and give its exit code; every failure is told in one French sentence."""
    try:
        result = avis34.main(args=words, prog_name="avis34", standalone_mode=False)
    except click.exceptions.Abort:
        return _stopped()
    except click.ClickException as error:
        error.show()
        return REFUSED
    except UserError as error:
        click.echo(explain(error).one_line(), err=True)
        return REFUSED
    except (Cancelled, KeyboardInterrupt):
        return _stopped()
    except Exception as error:  # noqa: BLE001 - last line of defence: our defect, told as ours
        return _bug(error)
    return int(result) if isinstance(result, int) else DONE


def _stopped() -> int:
    click.echo("Arrêté. Rien n’est perdu : relancez la même commande pour continuer.", err=True)
    return STOPPED


def _bug(error: Exception) -> int:
    """Tell our defect by type and place only: values could be a patient's."""
    frames = traceback.extract_tb(error.__traceback__)
    places = "\n".join(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    sys.stderr.write(
        "Avis 34 a rencontré un défaut. Rien n’est perdu : ce qui était enregistré le reste.\n"
        f"{type(error).__name__}\n{places}\n"
    )
    return BUG
