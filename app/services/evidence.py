"""« Enregistrer le dossier pour la CNIL »: one folder that answers who, what, when, how many, and the rest."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled, UserError
from app.core.errors.storage import ExportNotWritten, NamesPurged
from app.core.recipient import Civility, PostalAddress, Recipient
from app.letters.catalogue import LetterTemplate
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.paths import templates_dir
from app.services.campaigns import PARTIAL_EXPORT, PARTIAL_SUFFIX
from app.services.control import Control
from app.services.evidence_figures import Figures, figures
from app.services.evidence_files import (
    SUMS,
    as_json,
    file_sha256,
    instructions,
    write_journal,
    write_json,
    write_letters,
    write_sums,
)
from app.services.evidence_report import dossier_report
from app.services.evidence_text import notification_text
from app.services.lettering import renderer_for
from app.services.paper_letters import paper_letter
from app.services.register import HEADERS, entry_of, register_row
from app.spreadsheet.writing import write_table
from app.storage.campaign_file import CampaignFile
from app.wording.french import NBSP

PDF = "dossier-cnil.pdf"
_FILES = (
    (
        "registre.xlsx et registre.csv",
        "Inscription au registre des violations, mots et tranches de la CNIL",
    ),
    ("lettres.csv", "Une ligne par lettre : code, moyen, état, heure, réponse du serveur"),
    ("specimens", "Texte exact et page de chaque modèle, pour un destinataire inventé"),
    ("notification.txt", "Chiffres à copier dans une notification complémentaire"),
    ("dossier.json", "Les mêmes chiffres pour une machine, décrits par dossier.schema.json"),
    ("journal.jsonl", "Le journal, ligne par ligne, sans nom"),
    (SUMS, "Empreintes de tous les fichiers"),
)
_STEPS = 8


@dataclass(frozen=True, slots=True)
class DossierProgress:
    """So many steps done of ``total``; ``what`` comes next (a word of ours: "letters", "journal", …)."""

    done: int
    total: int
    what: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """The dossier is written. ``head`` is the journal's last hash at that moment."""

    folder: Path
    pdf: Path
    files: tuple[Path, ...]
    head: str
    sums_sha256: str


@dataclass(frozen=True, slots=True)
class _Specimen:
    name: str
    title: str
    subject: str
    text: str
    pdf: bytes | None


def write_dossier(
    campaign_file: CampaignFile,
    folder: Path,
    *,
    with_names: bool = False,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Iterator[DossierProgress | Dossier]:
    """Write the dossier into ``folder`` (made; with a number after its name when it is taken).

    Nothing is visible at the final place before all is written. The last event is the ``Dossier``.

    Raises:
        NamesPurged: names were asked for and are gone.
        ExportNotWritten, FileNotWritten: the place refuses, or the disk is full.
        Cancelled: ``control`` was stopped; nothing is left behind.
    """
    now = (clock or SystemClock()).now()
    counted = figures(campaign_file, now, with_notes=with_names)
    if with_names and counted.purged_at is not None:
        raise NamesPurged(counted.purged_at)
    target = _free(folder)
    partial = target.with_name(f"{target.name}{PARTIAL_SUFFIX}")
    if with_names:
        campaign_file.set_setting(PARTIAL_EXPORT, str(partial.absolute()))
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield from _write_all(campaign_file, partial, counted, control, with_names=with_names)
        sums = file_sha256(write_sums(partial))
        partial.rename(target)
    except OSError as error:
        raise ExportNotWritten(str(target)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    if with_names:
        campaign_file.set_setting(PARTIAL_EXPORT, "")
    facts: dict[str, str | int] = {"sums_sha256": sums, "with_names": int(with_names)}
    campaign_file.append_event("dossier_saved", facts, now)
    files = tuple(sorted(item for item in target.rglob("*") if item.is_file()))
    yield Dossier(target, target / PDF, files, counted.chain_head, sums)


def _free(folder: Path) -> Path:
    candidate, number = folder, 2
    while candidate.exists() and (not candidate.is_dir() or any(candidate.iterdir())):
        candidate, number = folder.with_name(f"{folder.name} {number}"), number + 1
    if candidate.exists():
        candidate.rmdir()
    return candidate


def _write_all(
    campaign_file: CampaignFile,
    folder: Path,
    counted: Figures,
    control: Control | None,
    *,
    with_names: bool,
) -> Iterator[DossierProgress]:
    entry = entry_of(campaign_file)
    done = 0

    def step(what: str) -> DossierProgress:
        nonlocal done
        if control is not None and not control.wait():
            raise Cancelled
        done += 1
        return DossierProgress(done - 1, _STEPS, what)

    yield step("letters")
    write_letters(folder / "lettres.csv", campaign_file, with_names=with_names)
    yield step("journal")
    write_journal(folder / "journal.jsonl", campaign_file)
    yield step("register")
    for name in ("registre.csv", "registre.xlsx"):
        write_table(folder / name, HEADERS, [register_row(counted, entry)])
    yield step("specimens")
    specimens = list(_specimens(campaign_file, counted))
    (folder / "specimens").mkdir()
    for one in specimens:
        place = folder / "specimens" / one.name
        text = f"Objet{NBSP}: {one.subject}\n\n{one.text}"
        place.with_suffix(".txt").write_text(text, encoding="utf-8")
        if one.pdf is not None:
            place.with_suffix(".pdf").write_bytes(one.pdf)
    yield step("report")
    texts = [(one.title, one.subject, one.text) for one in specimens]
    report = dossier_report(counted, entry, texts, _FILES, with_names=with_names)
    (folder / PDF).write_bytes(report.pdf(counted.made_at))
    yield step("figures")
    (folder / "notification.txt").write_text(notification_text(counted), encoding="utf-8")
    write_json(folder / "dossier.json", as_json(counted, entry))
    shutil.copyfile(templates_dir() / "dossier.schema.json", folder / "dossier.schema.json")
    readme = instructions(counted, with_names=with_names)
    (folder / "LISEZ-MOI.txt").write_text(readme, encoding="utf-8")
    yield step("sums")


def _specimens(campaign_file: CampaignFile, counted: Figures) -> Iterator[_Specimen]:
    """Each variant of each run, by e-mail and on paper, for an invented person."""
    for run in [one.run for one in counted.runs] or [1]:
        try:
            renderer = renderer_for(campaign_file, run)
        except UserError:  # a draft that cannot be written yet has no specimen, and says so
            yield _Specimen(
                f"envoi-{run}", f"envoi {run}", "", "Le modèle n’est pas complet.", None
            )
            continue
        used = campaign_file.template_counts(run)
        for template in renderer.templates:
            if used and template.id not in used:
                continue
            yield _specimen(renderer, template, run, counted)


def _specimen(
    renderer: LetterRenderer, template: LetterTemplate, run: int, counted: Figures
) -> _Specimen:
    person = invented_person(has_annotations=template is not renderer.template)
    letter = Delivery(
        1, Channel.PAPER, DeliveryStatus.PENDING, "SPECIMEN", template_id=template.id, run=run
    )
    name = f"envoi-{run}-{template.id}"
    try:
        mail = renderer.render(person, letter.code, Channel.EMAIL)
        page = PaperEngine(renderer.practice, made_at=counted.made_at).single(
            paper_letter(renderer, person, letter)
        )
    except UserError:
        return _Specimen(name, template.title, "", "La lettre n’est pas complète.", None)
    return _Specimen(name, f"{template.title} ({template.id})", mail.subject, mail.text, page)


def invented_person(*, has_annotations: bool = False) -> Recipient:
    """The addressee of specimens."""
    return Recipient(
        row=0,
        civility=Civility.MADAME,
        last_name="EXEMPLE",
        first_name="Camille",
        email="camille.exemple@exemple.example",
        address=PostalAddress(street="1 rue du Modèle", postcode="00000", city="SPECIMEN"),
        has_annotations=has_annotations,
    )


def cnil_text(campaign_file: CampaignFile, now: datetime | None = None) -> str:
    """Figures of a complementary notification, ready to paste."""
    return notification_text(figures(campaign_file, now or SystemClock().now()))
