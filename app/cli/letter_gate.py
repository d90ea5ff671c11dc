"""What must be true before a command lets letters leave or be printed: the same as in the window."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from app.cli.progress import ProgressLine
from app.core.clock import SystemClock
from app.core.issue import Level
from app.core.letter_run_checks import check_run
from app.services import letter_check
from app.services.control import Control
from app.services.letter_warnings import accept, open_warnings, record, text_digest
from app.services.run_check import run_facts
from app.storage.campaign_file import CampaignFile
from app.wording import describe, french

_Command = TypeVar("_Command", bound=Callable[..., Any])
_LABEL = "Contrôle de chaque lettre"


def acceptance_options(command: _Command) -> _Command:
    """``--accepter-avertissements NOM --raison TEXTE``."""
    for option in (
        click.option(
            "--raison", "reason", default="", help="Pourquoi ces avertissements sont acceptés."
        ),
        click.option(
            "--accepter-avertissements",
            "accepted_by",
            metavar="NOM",
            default="",
            help="Répondre des avertissements des lettres, sous ce nom. Gardé dans le dossier.",
        ),
    ):
        command = option(command)
    return command


def letters_may_leave(
    file: CampaignFile,
    control: Control,
    line: ProgressLine,
    *,
    done: str,
    accepted_by: str = "",
    reason: str = "",
    run: int | None = None,
) -> bool:
    """Check every letter and the whole run; tell why when something stops them.

    ``done`` is « envoyé » or « imprimé »; ``accepted_by`` answers for the warnings, with ``reason``.

    Raises:
        AcceptanceIncomplete, ReasonNamesPatient: the name or the reason cannot be kept.
        Cancelled, TemplateInvalid, UnknownTemplate: as ``check_all``.
    """
    run = run or file.current_run
    try:
        for event in letter_check.check_all(file, control, run=run):
            if isinstance(event, letter_check.CheckProgress):
                line.show(_LABEL, event.done, event.total)
            elif isinstance(event, letter_check.CheckFinished):
                record(file, event, run)
                if event.blocking:
                    _say(
                        f"Rien n’a été {done} : {french.count(event.blocking, 'remarque')} à corriger "
                        "dans les lettres. Voyez-les dans la fenêtre, à l’étape « Relecture »."
                    )
                    return False
    finally:
        line.end()
    if file.run(run) is None:
        errors = [
            issue
            for issue in check_run(run_facts(file, run, text_digest(file, run)))
            if issue.level is Level.BLOCKING
        ]
        if errors:
            _say(f"Rien n’a été {done}. " + " ".join(describe(each).what for each in errors))
            return False
    left = open_warnings(file, run)
    if left and accepted_by:
        accept(file, left, accepted_by, reason, SystemClock(), run)
    elif left:
        told = "\n".join(
            f"  - {describe(each.issue()).what}"
            + (f" ({french.count(each.letters, 'lettre')})" if each.letters else "")
            for each in left
        )
        _say(
            f"Rien n’a été {done} : {french.count(len(left), 'avertissement')} à accepter.\n{told}\n"
            "Acceptez-les dans la fenêtre, à l’étape « Relecture », "
            "ou ajoutez --accepter-avertissements NOM --raison TEXTE."
        )
        return False
    return True


def _say(text: str) -> None:
    click.echo(text, err=True)
