"""« Nothing in clear »: the whole profile searched for every value of the list and every secret."""

import base64
import csv
import logging
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from app import logs, paths, settings
from app.core.errors import BugError
from app.core.questions import Question
from app.core.recipient import ExclusionReason
from app.credentials import MemoryCredentials
from app.services import campaigns, importing, patient_calls, planning, purging
from app.services.evidence import write_dossier
from app.services.lettering import freeze
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, FixedClock
from tests.support.finished_campaign import INCIDENT, PRACTICE

CLOCK = FixedClock()
HEADERS = ("NOM", "PRENOM", "DATE NAISSANCE", "MAIL", "TEL", "ADRESSE", "CP", "VILLE")
PATIENTS = [
    (
        f"Zygomar{number:02d}é",
        f"Xavière{number:02d}",
        f"{1 + number % 28:02d}/03/1961",
        f"zygomar{number}@courriel{number}.example",
        f"06{number:02d}987654",
        f"{number} impasse des Quetsches",
        "68123",
        "Quatzenheim",
    )
    for number in range(1, 31)
]


def searched(folder: Path) -> list[tuple[str, str]]:
    """(file, value) wherever a value of the list can be read, whatever the encoding."""
    values = {value for line in PATIENTS for value in line} | {"Zygomar", "Quetsches"}
    found: list[tuple[str, str]] = []
    for item in sorted(folder.rglob("*")):
        content = item.read_bytes().lower() if item.is_file() else b""
        found += [
            (item.name, value)
            for value in sorted(values)
            for encoding in ("utf-8", "utf-16-le", "cp1252")
            if value.lower().encode(encoding) in content
        ]
    return found


def write_list(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADERS)
        writer.writerows(PATIENTS)


def journey(path: Path, source: Path, credentials: MemoryCredentials, out: Path) -> CampaignFile:
    """Import, correct, plan, freeze, move letters, call, back up, save the dossier."""
    file, _ = campaigns.create_campaign(path, "Envoi", PRACTICE, INCIDENT, credentials, clock=CLOCK)
    *_, understood = importing.understand(source)
    assert isinstance(understood, importing.Understanding)
    *_, summary = importing.apply(file, understood, clock=CLOCK)
    assert isinstance(summary, importing.ImportSummary)
    assert file.count_recipients() == len(PATIENTS)
    planning.plan(file, planning.PlanOptions(sender="contact@cabinet.example"), CLOCK)
    freeze(file, clock=CLOCK)
    person = file.recipient(2)
    file.append_event("recipient_corrected", {"row": 3}, NOW, private={"old": person.last_name})
    for number in range(1, 11):
        claimed = file.claim_next(NOW + timedelta(minutes=number))
        assert claimed is not None
    file.recover_after_crash(NOW)
    patient_calls.note_call(file, Question.GENUINE, NOW, note=f"appel de {person.display_name}")
    with pytest.raises(BugError):
        file.add_deliveries([next(file.deliveries())])
    campaigns.backup(file, CLOCK)
    list(write_dossier(file, out, clock=CLOCK))
    return file


def crash_report(file: CampaignFile) -> str:
    """What a defect in the middle of a patient's data would leave in the log."""
    logger = logging.getLogger("app.services")
    person = file.recipient(3)
    report = ""
    try:
        try:
            int(person.last_name)
        except ValueError as error:
            raise RuntimeError(f"{person.email} {person.address.street}") from error
    except RuntimeError as error:
        logger.info("défaut", exc_info=True)
        report = logs.without_values(error)
    return report + repr(person) + repr(file.delivery(1))


def test_the_whole_profile_names_nobody(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = own_home / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    handler = logs.configure(paths.log_file())
    source = tmp_path / "liste.csv"
    write_list(source)
    credentials = MemoryCredentials()
    settings.save(settings.Settings(practice=PRACTICE))
    path = campaigns.campaign_path("Envoi")
    try:
        file = journey(path, source, credentials, own_home / "dossier")
        assert searched(own_home) == []  # open, with its write-ahead log
        report = crash_report(file)
        assert not any(value in report for line in PATIENTS for value in line)
        key = base64.b64decode(credentials.get(campaigns.credential_name(file.campaign.id)) or "")
        file.close()
    finally:
        handler.close()
        logging.getLogger("app").removeHandler(handler)
    assert searched(own_home) == []
    everything = b"".join(item.read_bytes() for item in own_home.rglob("*") if item.is_file())
    assert b"RuntimeError" in everything
    assert key not in everything
    assert key.hex().encode() not in everything
    assert base64.b64encode(key) not in everything
    assert searched(tmp_path)  # the search itself finds what is there to find


def test_after_a_purge_even_the_opened_file_names_nobody(own_home: Path, tmp_path: Path) -> None:
    source = tmp_path / "liste.csv"
    write_list(source)
    credentials = MemoryCredentials()
    path = campaigns.campaign_path("Envoi")
    file = journey(path, source, credentials, own_home / "dossier")
    file.update_recipient(
        file.recipient(1).__class__(
            row=2, id=1, excluded=ExclusionReason.DUPLICATE, last_name="Zygomar99é"
        )
    )
    fresh, _ = purging.purge(file, credentials, own_home / "certificat.pdf", clock=CLOCK)
    clear = own_home / "clair.db"
    fresh._connection.execute("ATTACH DATABASE ? AS clear KEY ''", (str(clear),))
    fresh._connection.execute("SELECT sqlcipher_export('clear')")
    fresh._connection.execute("DETACH DATABASE clear")
    fresh.close()
    assert clear.stat().st_size > 50_000
    assert searched(own_home) == []
