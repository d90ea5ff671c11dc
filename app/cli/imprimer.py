"""``avis34 imprimer``: the letters that go by post, proved, for the printer or the mailing house."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.cli import imprimer_choices as choices
from app.cli.letter_gate import acceptance_options, letters_may_leave
from app.cli.opening import opened, stopping_on_signals
from app.cli.progress import ProgressLine
from app.core.errors.paper import PrintFileNotWritten, WeakPassword
from app.core.tariff import estimate
from app.credentials import KeyringCredentials
from app.paper.sheets import trial_sheet
from app.services import lettering
from app.services.clear_text import note_written
from app.services.control import Control
from app.services.deposit_slip import write_deposit_slip
from app.services.mailing_house import (
    LEAST_PASSWORD,
    new_password,
    write_locked_zip,
    write_maileva_csv,
    write_manifest,
)
from app.services.print_records import PrintedFile, printed_file
from app.services.print_run_choice import run_of, run_to_print
from app.services.printing import FilePrinted, PrintEvent, PrintFinished, PrintRun, PrintStep
from app.services.single_files import SingleFilesRun
from app.services.tariffs import letters_by_sheets, load_tariffs
from app.storage.campaign_file import CampaignFile
from app.wording import french
from app.wording.list_places import row_number

_LABELS = {"layout": "Mise en page", "proof": "Relecture du fichier"}
REFUSED = 2


@click.command(
    help="Préparer les lettres à imprimer d’un envoi : un PDF relu page par page, puis noté. "
    "Une lettre déjà imprimée ne l’est pas une seconde fois, sauf réimpression.\n\n"
    "Codes de sortie : 0 fait ; 2 impossible ; 130 arrêté par vous (relancez pour la suite)."
)
@click.argument("envoi", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--vers",
    type=click.Path(path_type=Path),
    default=Path("lettres.pdf"),
    show_default=True,
    help="Fichier PDF à écrire (ou dossier, avec --un-fichier-par-patient).",
)
@choices.page_options
@choices.file_options
@choices.reprint_options
@choices.mailing_options
@acceptance_options
@click.option(
    "--code", "code", is_flag=True, help="Lire le code de récupération sur l’entrée standard."
)
@click.option("--json", "as_json", is_flag=True, help="Répondre en JSON, sans progression.")
def imprimer(envoi: Path, vers: Path, **chosen: Any) -> int:
    """Print, tell, and give the exit code."""
    options = choices.print_options(chosen)
    as_json = bool(chosen["as_json"])
    if chosen["feuille_d_essai"]:
        return _write_trial_sheet(vers, chosen)
    known = [tariff.id for tariff in load_tariffs().tariffs]
    if chosen["tarif"] not in known:
        raise click.BadParameter(f"attendu : {', '.join(known)}", param_hint="--tarif")
    # asked before the work: a word too short must not be found out at its end
    chosen["typed_password"] = _ask_password() if chosen["mot_de_passe"] else ""
    control = Control()
    with (
        opened(envoi, KeyringCredentials(), code_on_stdin=chosen["code"]) as file,
        stopping_on_signals(control),
    ):
        again = choices.letters_to_reprint(file, chosen)
        run_number = run_to_print(file) if again is None else run_of(file, again)
        options = replace(options, run=run_number)
        line = ProgressLine(silent=as_json)
        if again is None and not letters_may_leave(
            file,
            control,
            line,
            done="imprimé",
            accepted_by=str(chosen["accepted_by"]),
            reason=str(chosen["reason"]),
            run=options.run,
        ):
            return REFUSED
        events: Iterator[PrintEvent]
        if chosen["un_fichier_par_patient"]:
            fields = choices.name_fields(chosen)
            events = SingleFilesRun(file, vers, fields, options).run(control)
        else:
            events = PrintRun(file, vers, options, reprint=again).run(control)
        end = _watched(events, line)
        facts = _beside(file, end, vers, chosen, options.run)
        click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _table(end, facts))
    return 0


def _ask_password() -> str:
    """Raises WeakPassword."""
    typed = str(
        click.prompt(
            "Mot de passe de l’archive",
            hide_input=True,
            confirmation_prompt="Le même, pour vérifier",
            err=True,
        )
    )
    if len(typed) < LEAST_PASSWORD:
        raise WeakPassword(LEAST_PASSWORD)
    return typed


def _watched(events: Iterator[PrintEvent], line: ProgressLine) -> PrintFinished:
    end = PrintFinished((), 0)
    try:
        for event in events:
            match event:
                case PrintStep():
                    line.show(_LABELS[event.phase], event.done, event.total)
                case PrintFinished():
                    end = event
                case FilePrinted():
                    pass
    finally:
        line.end()
    return end


def _beside(
    file: CampaignFile, end: PrintFinished, target: Path, chosen: dict[str, Any], run: int
) -> dict[str, Any]:
    """Write what goes with the PDF; the facts to tell."""
    table = load_tariffs()
    printed = [found for one in end.files if (found := printed_file(file, one.sha256)) is not None]
    day = lettering.letter_date(file, run)
    beside: list[Path] = []
    if chosen["maileva"]:
        for one in printed:
            path = Path(one.path).with_suffix(".csv")
            write_maileva_csv(file, one, path, day)
            beside.append(path)
    if chosen["bordereau"]:
        path = Path(chosen["bordereau"])
        write_manifest(file, printed, path, day, table)
        beside.append(path)
    if chosen["depot"]:
        path = Path(chosen["depot"])
        write_deposit_slip(path, file.practice(run), printed, day, table, chosen["tarif"])
        beside.append(path)
    note_written(file, beside)
    facts: dict[str, Any] = {
        "letters": end.letters,
        "left_out_rows": list(end.left_out),
        "files": [
            {
                "path": str(one.path),
                "letters": one.letters,
                "pages": one.pages,
                "sheets": one.sheets,
                "sha256": one.sha256,
            }
            for one in end.files
        ],
        "beside": [str(path) for path in beside],
    }
    if chosen["archive"]:
        archive, typed = Path(chosen["archive"]), chosen["typed_password"]
        password = typed or new_password()
        write_locked_zip(archive, [*(one.path for one in end.files), *beside], password)
        facts["archive"] = str(archive)
        if not typed:
            facts["archive_password"] = password
    facts |= _postage(printed, chosen["tarif"], end)
    facts["target"] = str(target)
    return facts


def _postage(printed: list[PrintedFile], tariff_id: str, end: PrintFinished) -> dict[str, Any]:
    table = load_tariffs()
    counts = letters_by_sheets(printed)
    if not printed:
        for one in end.files:
            counts[one.sheets] = counts.get(one.sheets, 0) + one.letters
    cost = estimate(table, tariff_id, counts)
    return {
        "sheets": cost.sheets,
        "grams": round(cost.grams),
        "stamps_cents": cost.cents,
        "unpriced_letters": cost.unpriced,
        "tariff": table.tariff(tariff_id).name,
        "tariff_since": table.since,
    }


def _table(end: PrintFinished, facts: dict[str, Any]) -> str:
    say: Callable[[str], str] = french.typeset
    lines = [
        say(f"{french.count(end.letters, 'lettre')} imprimables, relues page par page."),
        *(
            say(f"  {one.path} : {french.count(one.letters, 'lettre')}, "
                f"{french.count(one.sheets, 'feuille')}, {french.size_bytes(one.size)}")
            for one in end.files[:20]
        ),
    ]  # fmt: skip
    if len(end.files) > 20:
        lines.append(
            f"  et {french.count(len(end.files) - 20, 'autre fichier', 'autres fichiers')}"
        )
    lines += [f"  {path}" for path in facts["beside"]]
    stamps = f"Timbres : environ {french.euros(facts['stamps_cents'])} ({facts['tariff']})"
    if facts["unpriced_letters"]:
        stamps += f", sans {french.count(facts['unpriced_letters'], 'lettre')} plus lourdes"
    lines.append(say(stamps + "."))
    if end.left_out:
        rows = ", ".join(map(row_number, end.left_out[:20]))
        lines.append(say(f"À corriger avant de les imprimer : lignes {rows} de la liste."))
    if "archive" in facts:
        lines.append(
            say(
                f"Archive : {facts['archive']}, mot de passe : "
                f"{facts.get('archive_password', 'celui que vous avez choisi')}"
            )
        )
    lines.append("Imprimez à l’échelle 100 %, sans ajuster la page.")
    return "\n".join(lines)


def _write_trial_sheet(target: Path, chosen: dict[str, Any]) -> int:
    path = target if target.suffix == ".pdf" else target.with_suffix(".pdf")
    try:
        path.write_bytes(trial_sheet(choices.envelope(chosen), choices.window(chosen)))
    except OSError as error:
        raise PrintFileNotWritten(path, error.strerror or "") from error
    click.echo(french.typeset(f"Feuille d’essai : {path}. Imprimez-la à l’échelle 100 %."))
    return 0
