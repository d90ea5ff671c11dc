"""The register of all incidents, and the sheet for the safe."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest

from app.core.errors.storage import KeyMissing
from app.core.incident import CnilStatus
from app.core.register import Cause, Ground, Nature, RegisterEntry, band, proposed_entry
from app.credentials import MemoryCredentials
from app.services import campaigns, key_change, register
from app.services.recovery_sheet import write_sheet
from app.wording import dossier
from app.wording.explanations import explain
from tests.support.campaigns import KEY, NOW, FixedClock
from tests.support.finished_campaign import INCIDENT, PRACTICE, finished_campaign

CLOCK = FixedClock(NOW + timedelta(days=10))


def test_all_incidents_with_and_without_letters(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    with finished_campaign(tmp_path) as file:
        campaigns.keep_key(credentials, file.campaign.id, KEY)
        first = file.folder
    entry = RegisterEntry(
        (Nature.AVAILABILITY,), Cause.INTERNAL_ACCIDENTAL, 12, 40, "Panne du serveur", "Aucune",
        "Pas de risque", Ground.NO_HIGH_RISK, "données restaurées",
    )  # fmt: skip
    second = tmp_path / "Panne.avis34"
    incident = replace(INCIDENT, cnil_status=CnilStatus.NOT_YET, cnil_on=None, cnil_reference="")
    code = register.note_incident_without_letters(
        second, "Panne", PRACTICE, incident, entry, credentials, CLOCK
    )
    lost = tmp_path / "Perdu.avis34"
    register.note_incident_without_letters(
        lost, "Perdu", PRACTICE, incident, entry, MemoryCredentials(), CLOCK
    )
    targets = [tmp_path / "registre.csv", tmp_path / "registre.xlsx"]
    done = register.export([first, second, lost], credentials, targets, CLOCK)
    assert done.written == 2
    ((name, error),) = done.unopened
    assert name == "Perdu"
    assert isinstance(error, KeyMissing)
    assert explain(error).what_to_do
    with targets[0].open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream, delimiter=";"))
    assert [line["Envoi"].split("\u00a0")[0] for line in lines] == [
        "Essai",
        "Panne",
        "Perdu (non ouvert",
    ]
    panne = lines[1]
    assert panne["Nombre de personnes"] == "Entre 6 et 50 personnes"
    assert panne["Nombre approximatif d’enregistrements"] == "40"
    assert panne["Information des personnes"] == "Non"
    assert "article 34(1)" in panne["Motif d’absence d’information"]
    assert "données restaurées" in panne["Motif d’absence d’information"]
    assert lines[0]["Information des personnes"] == "Oui"
    campaigns.open_campaign(second, MemoryCredentials(), code, clock=CLOCK).close()


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, "Entre 0 et 5"), (5, "Entre 0 et 5"), (6, "Entre 6 et 50"), (50, "Entre 6 et 50"),
     (51, "Entre 51 et 300"), (300, "Entre 51 et 300"), (301, "Entre 301 et 5\u202f000"),
     (5000, "Entre 301 et 5\u202f000"), (5001, "Plus de 5\u202f000")],
)  # fmt: skip
def test_bands(people: int, expected: str) -> None:
    assert dossier.band_label(people) == f"{expected} personnes"
    lower, upper = band(people)
    assert lower <= people
    assert upper is None or people <= upper


def test_proposals_say_unknown_where_the_kind_does_not_tell() -> None:
    assert proposed_entry("T01").cause is Cause.EXTERNAL_MALICIOUS
    assert proposed_entry("T08").cause is Cause.UNKNOWN
    assert proposed_entry("T06").natures == (Nature.CONFIDENTIALITY, Nature.AVAILABILITY)
    for words in (dossier.NATURE, dossier.CAUSE, dossier.GROUND):
        assert all(words.values())
    assert set(dossier.NATURE) == set(Nature)
    assert set(dossier.CAUSE) == set(Cause)
    assert set(dossier.GROUND) == set(Ground)


@pytest.mark.parametrize(
    ("day", "words"),
    [(22, "dans le délai"), (23, "dernier jour du délai"), (24, "après ce délai")],
)
def test_the_seventy_two_hours(day: int, words: str) -> None:
    incident = replace(INCIDENT, cnil_on=INCIDENT.cnil_on and INCIDENT.cnil_on.replace(day=day))
    assert words in dossier.seventy_two_hours(incident)


def test_the_sheet_for_the_safe_can_be_read(tmp_path: Path) -> None:
    code = key_change.prepare_code()
    write_sheet(tmp_path / "fiche.pdf", "Logiciel 2026", "Cabinet du Dr Roux", code, NOW)
    (page,) = pypdf.PdfReader(tmp_path / "fiche.pdf").pages
    text = page.extract_text()
    assert code in text
    assert "Logiciel 2026" in text
