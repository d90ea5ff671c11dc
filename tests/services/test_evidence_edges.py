"""The dossier of campaigns that are not the usual one: drafts, samples, follow-ups, refusals."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pypdf
import pytest

import app
from app.core.campaign import Campaign, Channel, DeliveryStatus, Reply
from app.core.errors import BugError, UserError
from app.core.errors.storage import CampaignReadOnly, ExportNotWritten
from app.core.incident import CnilStatus, Incident
from app.core.register import Ground
from app.credentials import MemoryCredentials
from app.services import campaigns, follow_up, key_change, purging
from app.services.evidence import Dossier, cnil_text, write_dossier
from app.services.evidence_figures import figures, record_decision
from app.services.follow_up import Audience, FollowUp
from app.services.lettering import freeze
from app.services.posting import mark_posted
from app.services.recovery_sheet import write_sheet
from app.storage.campaign_file import CampaignFile
from app.storage.keys import group_code
from app.wording import dossier as words
from tests.support.campaigns import (
    KEY,
    NOW,
    FixedClock,
    make_campaign,
    make_delivery,
    make_recipient,
)
from tests.support.finished_campaign import INCIDENT, PRACTICE, finished_campaign

S = DeliveryStatus
LATER = FixedClock(NOW + timedelta(days=30))


@pytest.fixture
def file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = finished_campaign(tmp_path)
    yield made
    made.close()


def text_of(file: CampaignFile, folder: Path) -> str:
    *_, made = write_dossier(file, folder, clock=LATER)
    assert isinstance(made, Dossier)
    pages = pypdf.PdfReader(made.pdf).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_a_follow_up_has_its_own_section(file: CampaignFile, tmp_path: Path) -> None:
    wanted = FollowUp("T14", Audience.CHOSEN, "Le prestataire a précisé la date.", frozenset({3}))
    follow_up.start(file, wanted, "contact@cabinet.exemple.fr", LATER)
    file.freeze_run(2, {"T14": ("Suite", "Texte")}, LATER.now(), wanted.purpose)
    text = text_of(file, tmp_path / "dossier")
    assert "Lettre de suivi (envoi 2)" in text
    assert "Le prestataire a précisé la date." in text
    assert "Non destinataires de cette lettre 58" in text


def test_a_sample_says_so_and_a_draft_has_no_specimen(tmp_path: Path) -> None:
    campaign = Campaign("5a", "Exemple", NOW, is_sample=True)
    with CampaignFile.create(tmp_path / "exemple.avis34", campaign, KEY) as file:
        file.save_incident(Incident(template_id="T99", happened_on=None))
        text = text_of(file, tmp_path / "dossier")
        assert "Les patients de ce dossier sont inventés" in text
        assert "Le modèle n’est pas complet." in text
        file.save_incident(Incident())
        text = text_of(file, tmp_path / "dossier")
        assert "date inconnue à ce jour" in text
        assert "La lettre n’est pas complète." in text
        assert "moment de la prise de connaissance n’est pas noté" in text


def test_a_run_of_one_day_is_drawn_by_hour(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 3) as file:
        file.save_practice(PRACTICE)
        file.save_incident(replace(INCIDENT, happened_until=date(2026, 1, 14)))
        file.add_deliveries(make_delivery(number) for number in (1, 2, 3))
        freeze(file, clock=FixedClock())
        for number in (1, 2, 3):
            moment = NOW + timedelta(hours=2 * number)
            file.claim_next(moment)
            file.move(number, S.DOT, now=moment)
            file.move(number, S.ACCEPTED, now=moment)
        counted = figures(file, LATER.now())
        assert counted.activity.hourly
        assert counted.activity.by_channel == {Channel.EMAIL: (1, 0, 1, 0, 1)}
        text = text_of(file, tmp_path / "dossier")
        assert "Lettres parties par heure du 26 janvier 2026" in text
        assert "du 12 janvier 2026 au 14 janvier 2026" in text
        assert "Aucune lettre n’est signalée comme non remise" in text
        assert "Personne n’a été laissé de côté." in text
        told = cnil_text(file, LATER.now()).replace("\u00a0", " ")
        assert "Toutes les lettres sont parties le 26 janvier 2026." in told


def test_days_of_posting_are_those_the_practice_says(file: CampaignFile, tmp_path: Path) -> None:
    assert mark_posted(file, date(2026, 2, 3), LATER.now()) == 2
    text = text_of(file, tmp_path / "dossier")
    assert "3 février 2026 2 lettres postées (date indiquée par le cabinet)" in text


def test_a_deferred_letter_given_to_paper_is_told(file: CampaignFile) -> None:
    waiting = file.claim_next(LATER.now())
    assert waiting is not None
    key = waiting[0].id
    reply = Reply(452, "mailbox full", "4.2.2")
    file.move(key, S.DEFERRED, now=LATER.now(), reply=reply)
    file.move(key, S.REPLACED, now=LATER.now())
    counted = figures(file, LATER.now())
    deferred = [one for one in counted.undelivered if one.status is S.DEFERRED]
    assert [(one.then, one.count) for one in deferred] == [(None, 1)]


def test_the_cnil_not_told_yet_and_told_without_date() -> None:
    assert "n’est pas notée" in words.seventy_two_hours(
        replace(INCIDENT, cnil_status=CnilStatus.NOT_YET)
    )
    assert "n’est pas notée" in words.seventy_two_hours(replace(INCIDENT, cnil_on=None))


def test_places_that_refuse_are_told(file: CampaignFile, tmp_path: Path) -> None:
    absent = tmp_path / "absent" / "fiche.pdf"
    with pytest.raises(ExportNotWritten):
        write_sheet(absent, "a", "b", key_change.prepare_code(), NOW)
    credentials = MemoryCredentials()
    with pytest.raises(ExportNotWritten):
        purging.purge(file, credentials, absent, clock=LATER)
    with campaigns.open_campaign(file.folder, credentials, clock=LATER) as again:
        assert not purging.is_unfinished(again)
        purging.write_certificate(again, tmp_path / "certificat.pdf")
        assert (tmp_path / "certificat.pdf").stat().st_size > 5_000
    (tmp_path / "autre").mkdir()
    with make_campaign(tmp_path / "autre") as other:
        (other.folder / "sauvegardes").write_text("un fichier à la place du dossier")
        with pytest.raises(CampaignReadOnly):
            other.backup(NOW)


def test_a_purge_without_store_wants_a_code_that_was_shown(
    file: CampaignFile, tmp_path: Path
) -> None:
    nothing = MemoryCredentials(available=False)
    with pytest.raises(BugError):
        purging.purge(file, nothing, tmp_path / "c.pdf", clock=LATER)
    assert file.recipient(1).last_name == "Durand"
    shown = key_change.prepare_code()
    fresh, result = purging.purge(file, nothing, tmp_path / "c.pdf", code=shown, clock=LATER)
    assert result.recovery_code == shown
    fresh.close()
    compact = shown.replace("-", "")
    campaigns.open_campaign(fresh.folder, nothing, group_code(compact), clock=LATER).close()


def test_people_left_out_by_a_later_decision_count_as_such(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 2) as file:
        file.add_deliveries([make_delivery(1, status=S.EXCLUDED), make_delivery(2)])
        record_decision(file, Ground.NO_HIGH_RISK, 1, "", NOW)
        counted = figures(file, NOW)
        assert sum(counted.exclusions.values()) == 1
        assert counted.decisions[0].ground is Ground.NO_HIGH_RISK
        assert "article 34(1)" in cnil_text(file, NOW)
        assert "Aucune lettre n’est encore partie." in cnil_text(file, NOW)


def test_errors_of_ours_never_pass_for_the_world(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 1, letters=True) as file:
        with pytest.raises(BugError) as caught:
            file.add_deliveries([make_delivery(1)])
        assert not isinstance(caught.value, UserError)
        assert "exemple" not in str(caught.value)
        for absent in (
            lambda: file.recipient(9),
            lambda: file.delivery(9),
            lambda: file.issue(9),
            lambda: file.update_recipient(make_recipient(9, id=9)),
            file.clear_list,
            lambda: file._execute("DELETE FROM events"),
            lambda: file._insert("INSERT INTO calls VALUES (1)", ()),
        ):
            with pytest.raises(BugError):
                absent()


def test_what_was_done_before_the_departure_is_told(file: CampaignFile, tmp_path: Path) -> None:
    facts: dict[str, str | int] = {
        "code": "letter_01_date_missing",
        "letters": 12,
        "rows": "2-13",
        "by": "Mme Petit",
        "reason": "La date reste inconnue à ce jour",
    }
    file.append_event("warning_accepted", facts, NOW)
    file.append_event("sending_confirmed", {"run": 1, "letters": 35}, NOW)
    file.append_event("trial_letter", {}, NOW)
    file.append_event("second_reading", {"by": "Dr Roux", "letters": 5}, NOW)
    file.append_event("letter_read", {"recipient": 1, "of": 5}, NOW)
    *_, made = write_dossier(file, tmp_path / "dossier", clock=LATER)
    assert isinstance(made, Dossier)
    text = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(made.pdf).pages).split()
    )
    for expected in (
        "1 lettre lue",
        "Lettre d’essai le 26 janvier 2026",
        "Départ de 35 lettres confirmé",
        "Mme Petit : La date reste inconnue à ce jour",
        "Relecture par Dr Roux le 26 janvier 2026",
        "Version sans noms",
    ):
        assert expected in text.replace("\u00a0", " ").replace("\u202f", " "), expected
    plain = json.loads((made.folder / "dossier.json").read_text(encoding="utf-8"))
    assert plain["controls"]["accepted_warnings"][0]["by"] == "Mme Petit"
    schema = json.loads((made.folder / "dossier.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(plain, schema)


def test_every_kind_of_event_has_a_french_name() -> None:
    """Kinds are read in the sources: one that the dossier would print as it is, is a fault."""
    kinds = set()
    for source in (Path(app.__file__).parent).rglob("*.py"):
        for found in re.finditer(
            r'append_event\(\s*"([a-z_]+)"|_EVENT = "([a-z_]+)"', source.read_text("utf-8")
        ):
            kinds.add(found[1] or found[2])
    assert len(kinds) > 25
    assert not kinds - set(words.EVENT)


def test_a_dossier_with_names_that_was_cut_is_removed_at_the_next_opening(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path = tmp_path / "Essai.avis34"
    file, _ = campaigns.create_campaign(path, "Essai", PRACTICE, INCIDENT, credentials)
    file.add_recipients([make_recipient(1)])
    steps = write_dossier(file, tmp_path / "dossier", with_names=True)
    next(steps)
    place = file.setting(campaigns.PARTIAL_EXPORT)
    assert place == str(tmp_path / "dossier.partiel")
    list(steps)
    assert file.setting(campaigns.PARTIAL_EXPORT) == ""
    file.set_setting(campaigns.PARTIAL_EXPORT, place)  # as a killed program leaves it
    leftover = Path(place)
    leftover.mkdir()
    (leftover / "lettres.csv").write_text("DURAND", encoding="utf-8")
    file.close()
    campaigns.open_campaign(path, credentials).close()
    assert not leftover.exists()
    assert (tmp_path / "dossier").is_dir()
