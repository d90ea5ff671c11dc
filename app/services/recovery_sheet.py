"""The sheet for the safe: the recovery code of one campaign."""

from datetime import datetime
from pathlib import Path

from app.core.errors.storage import ExportNotWritten
from app.paper.report import Report
from app.paths import replace_file
from app.wording.french import NBSP, NNBSP, date_time


def write_sheet(
    path: Path, campaign_name: str, practice_name: str, recovery_code: str, made_at: datetime
) -> None:
    """Write the PDF. It holds the code in clear: the user prints it, then deletes the file.

    Raises:
        ExportNotWritten: the place refuses.
    """
    report = Report(
        title=f"Code de récupération{NBSP}: {campaign_name}",
        author=practice_name,
        footer=f"{practice_name} · fiche à garder au coffre",
    )
    report.heading("Code de récupération", 1)
    report.facts(
        (
            ("Envoi", campaign_name),
            ("Cabinet", practice_name),
            ("Fiche faite le", date_time(made_at)),
        )
    )
    report.code(recovery_code, size=22, bold=True)
    report.text(
        "Cet envoi est chiffré. Ce code l’ouvre sur n’importe quel ordinateur, même si le vôtre est "
        "volé ou en panne."
    )
    report.heading("Ce qu’il faut faire")
    report.items(
        (
            "Gardez cette feuille au coffre, avec les papiers du cabinet.",
            "Ne la photographiez pas et ne l’envoyez à personne.",
            f"Une fois la feuille imprimée, supprimez le fichier PDF et videz la corbeille{NBSP}: il "
            f"contient le code.",
        )
    )
    report.heading("Pour rouvrir l’envoi sur un autre ordinateur")
    report.items(
        (
            "Copiez-y le dossier dont le nom finit par «\u00a0.avis34\u00a0».",
            "Ouvrez-le avec le logiciel Avis 34 et saisissez ce code. Les tirets et les espaces ne "
            "comptent pas.",
            f"Si un changement de clé a eu lieu après cette fiche, c’est la fiche la plus récente qui "
            f"vaut{NNBSP}; "
            "détruisez l’ancienne.",
        )
    )
    report.note(
        "Sans ce code ni le trousseau de l’ordinateur, personne ne peut rouvrir l’envoi, pas même "
        "l’éditeur du logiciel."
    )
    try:
        replace_file(path, report.pdf(made_at))
    except OSError as error:
        raise ExportNotWritten(str(path)) from error
