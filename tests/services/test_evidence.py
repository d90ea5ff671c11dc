"""The dossier, read again by other readers than ours."""

import csv
import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pypdf
import pytest

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import Cancelled
from app.core.errors.storage import ExportNotWritten
from app.core.recipient import ExclusionReason
from app.services.checking import check_dossier
from app.services.control import Control
from app.services.evidence import Dossier, cnil_text, write_dossier
from app.services.evidence_figures import Undelivered, figures
from app.services.register import entry_of, save_entry
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, FixedClock, make_campaign
from tests.support.finished_campaign import PEOPLE, finished_campaign

S = DeliveryStatus
LATER = FixedClock(NOW + timedelta(days=10))
PATIENTS = (
    "LEFÈVRE",
    "Durand",
    "DURAND",
    "N’Diaye",
    "Œuvrard",
    "Soazig",
    "Amandiers",
    "@exemple.fr",
)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = finished_campaign(tmp_path)
    yield made
    made.close()


def dossier(file: CampaignFile, folder: Path, *, with_names: bool = False) -> Dossier:
    *_, last = write_dossier(file, folder, with_names=with_names, clock=LATER)
    assert isinstance(last, Dossier)
    return last


def text_of(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


def test_the_figures_count_everybody_once(file: CampaignFile) -> None:
    counted = figures(file, LATER.now())
    (run,) = counted.runs
    assert counted.people == PEOPLE
    assert run.balance.is_exact()
    assert counted.informed == 49
    assert run.count(Channel.EMAIL, S.ACCEPTED) == 29
    assert run.count(Channel.PAPER, S.POSTED) == 14
    assert counted.exclusions == {ExclusionReason.DUPLICATE: 1, ExclusionReason.DECEASED: 1}
    assert sum(sum(values) for values in counted.activity.by_channel.values()) == 51
    assert not counted.activity.hourly
    assert len(counted.activity.starts) == 6
    bounced = [one for one in counted.undelivered if one.status is S.BOUNCED]
    assert [(one.then, one.then_left, one.count) for one in bounced] == [(Channel.PAPER, False, 1)]
    assert sum(one.count for one in counted.undelivered) == 5
    assert all(isinstance(one, Undelivered) for one in counted.undelivered)


def test_the_pdf_answers_who_what_when_how_many_and_the_rest(
    file: CampaignFile, tmp_path: Path
) -> None:
    made = dossier(file, tmp_path / "dossier")
    text = " ".join(text_of(made.pdf).replace("\u00a0", " ").replace("\u202f", " ").split())
    for expected in (
        "Cabinet du Dr Roux",
        "Logiciels Médicaux de l’Est",
        "59 personnes concernées",
        "La CNIL a été notifiée le 22 janvier 2026, dans le délai",
        "Acceptée par le serveur 29",
        "Postée 14",
        "boîte pleine",
        "article 34(3)(c)",
        "Personne décédée",
        "Numéro de sécurité sociale (NIR)",
        made.head,
    ):
        assert expected in text, expected
    reader = pypdf.PdfReader(made.pdf)
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr-FR"
    metadata: Any = reader.xmp_metadata
    assert b"pdfuaid:part" in metadata.stream.get_data()


def test_no_file_names_a_patient_unless_asked(file: CampaignFile, tmp_path: Path) -> None:
    made = dossier(file, tmp_path / "dossier")
    for item in made.files:
        content = text_of(item) if item.suffix == ".pdf" else item.read_text(errors="replace")
        if item.suffix == ".xlsx":
            cells = openpyxl.load_workbook(item).active.iter_rows(values_only=True)  # type: ignore[union-attr]
            content = repr(list(cells))
        for value in PATIENTS:
            assert value not in content, (item.name, value)
    named = dossier(file, tmp_path / "nommé", with_names=True)
    with (named.folder / "lettres.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream, delimiter=";"))
    assert len(lines) == PEOPLE + 2
    assert lines[0]["Nom"] == "Durand"
    assert lines[0]["Courriel ou adresse"] == "patient1@exemple.fr"
    assert "Mme DURAND" in text_of(named.pdf)


def test_the_json_follows_its_schema(file: CampaignFile, tmp_path: Path) -> None:
    made = dossier(file, tmp_path / "dossier")
    schema = json.loads((made.folder / "dossier.schema.json").read_text())
    plain = json.loads((made.folder / "dossier.json").read_text())
    jsonschema.validate(plain, schema, format_checker=jsonschema.FormatChecker())
    assert plain["people"] == PEOPLE
    assert (
        Path("docs/dossier.schema.json").read_text()
        == json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    )


def test_the_register_uses_the_bands_and_words_of_the_cnil(
    file: CampaignFile, tmp_path: Path
) -> None:
    made = dossier(file, tmp_path / "dossier")
    with (made.folder / "registre.csv").open(encoding="utf-8-sig", newline="") as stream:
        (line,) = csv.DictReader(stream, delimiter=";")
    assert line["Nombre de personnes"] == "Entre 51 et 300 personnes"
    assert line["Natures"] == "Perte de la confidentialité"
    assert line["Causes"] == "Acte externe malveillant"
    assert line["Secteur d’activité"] == "Santé humaine et action sociale"
    assert line["Numéro de la notification"] == "N-2026-0001"
    sheet = openpyxl.load_workbook(made.folder / "registre.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(line)


def test_a_third_party_can_check_it_with_common_tools(file: CampaignFile, tmp_path: Path) -> None:
    made = dossier(file, tmp_path / "dossier")
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=made.folder, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert check_dossier(made.folder).is_whole
    journal = made.folder / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:7] + lines[8:]))
    found = check_dossier(made.folder)
    assert (found.chain.first_break, found.wrong_files) == (8, ("journal.jsonl",))
    journal.write_text("".join(lines[:-1]))
    assert not check_dossier(made.folder).head_agrees


def test_specimens_hold_the_exact_frozen_text(file: CampaignFile, tmp_path: Path) -> None:
    file.save_template_text("T01", "Objet changé", "Texte changé après le départ")
    made = dossier(file, tmp_path / "dossier")
    names = [item.name for item in made.files if item.parent.name == "specimens"]
    assert names == ["envoi-1-T01.pdf", "envoi-1-T01.txt"]
    text = (made.folder / "specimens/envoi-1-T01.txt").read_text()
    assert "Texte changé" not in text
    assert "DossierMed" in text


def test_the_text_for_the_cnil_has_the_figures(file: CampaignFile) -> None:
    text = cnil_text(file, LATER.now()).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Personnes concernées : 59 (entre 51 et 300 personnes)." in text
    assert "- par courriel, acceptées par le serveur d’envoi : 29" in text
    assert "- non remises ou au sort incertain, en cours de traitement : 3" in text
    assert "- doublon : 1" in text


def test_an_empty_campaign_says_that_nothing_left(tmp_path: Path) -> None:
    with make_campaign(tmp_path) as empty:
        made = dossier(empty, tmp_path / "dossier")
        assert "Aucune lettre n’a été préparée." in text_of(made.pdf).replace("\n", " ")
        assert "Aucune lettre n’est encore partie." in cnil_text(empty)
        assert check_dossier(made.folder).is_whole


def test_a_dossier_never_replaces_another_and_leaves_nothing_half_done(
    file: CampaignFile, tmp_path: Path
) -> None:
    first = dossier(file, tmp_path / "dossier")
    second = dossier(file, tmp_path / "dossier")
    assert (first.folder.name, second.folder.name) == ("dossier", "dossier 2")
    control = Control()
    running = write_dossier(file, tmp_path / "arrêté", control=control, clock=LATER)
    next(running)
    control.stop()
    with pytest.raises(Cancelled):
        list(running)
    assert [item.name for item in tmp_path.glob("arr*")] == []
    (tmp_path / "fichier").write_text("")
    with pytest.raises(ExportNotWritten):
        dossier(file, tmp_path / "fichier" / "dossier")


def test_the_practice_can_correct_its_register_entry(file: CampaignFile) -> None:
    from dataclasses import replace

    from app.core.register import Cause, Nature

    proposed = entry_of(file)
    own = replace(proposed, natures=(Nature.INTEGRITY,), cause=Cause.INTERNAL_MALICIOUS, records=70)
    save_entry(file, own, LATER)
    assert entry_of(file) == own
