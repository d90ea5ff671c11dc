"""After a purge: no patient value anywhere, and the proof still stands."""

import re
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors.storage import CampaignClosed, NamesPurged, RecoveryCodeWrong
from app.credentials import MemoryCredentials
from app.services import campaigns, due_days, follow_up, key_change, patient_calls, purging
from app.services.evidence import Dossier, write_dossier
from app.services.evidence_figures import figures
from app.storage.campaign_file import CampaignFile
from app.storage.database import connect
from app.storage.header import DATABASE_FILE
from app.storage.keys import wrap
from tests.support.campaigns import KEY, NOW, FixedClock
from tests.support.finished_campaign import PEOPLE, finished_campaign

LATER = FixedClock(NOW + timedelta(days=200))
VALUES = re.compile(
    rb"LEF|Durand|DURAND|Diaye|uvrard|Le Goff|Soazig|Amandiers|patient\d+@|belfort|06 00",
    re.IGNORECASE,
)


def purged(tmp_path: Path) -> tuple[CampaignFile, purging.PurgeResult, MemoryCredentials]:
    credentials = MemoryCredentials()
    file = finished_campaign(tmp_path)
    file.add_call("genuine", NOW, note="Mme DURAND, 06 00 01 00 00")
    file.backup(NOW)
    campaigns.keep_key(credentials, file.campaign.id, KEY)
    fresh, result = purging.purge(file, credentials, tmp_path / "certificat.pdf", clock=LATER)
    return fresh, result, credentials


def plain_content(file: CampaignFile, tmp_path: Path) -> bytes:
    """The whole database in clear, free pages included, as a forensic reader with the key would see it."""
    clear = tmp_path / "clair.db"
    connection = file._connection
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("ATTACH DATABASE ? AS clear KEY ''", (str(clear),))
    connection.execute("SELECT sqlcipher_export('clear')")
    connection.execute("DETACH DATABASE clear")
    pages = file._rows("PRAGMA freelist_count")[0][0]
    assert pages == 0
    return clear.read_bytes()


def test_nothing_readable_is_left_even_with_the_new_key(tmp_path: Path) -> None:
    file, result, _ = purged(tmp_path)
    content = plain_content(file, tmp_path)
    practice_removed = content.replace(b"12 rue des Lilas", b"").replace(b"Belfort", b"")
    # the practice's own town is in its address
    assert VALUES.findall(practice_removed) == []
    assert result.people == PEOPLE
    assert {item.name for item in file.folder.iterdir()} <= {
        "campagne.json", "campagne.db", "campagne.db-wal", "campagne.db-shm", "verrou", "sauvegardes",
    }  # fmt: skip
    assert list((file.folder / "sauvegardes").iterdir()) == []
    file.close()


def test_the_old_key_and_the_old_code_open_nothing_any_more(tmp_path: Path) -> None:
    file, result, credentials = purged(tmp_path)
    folder = file.folder
    file.close()
    import sqlcipher3

    with pytest.raises(sqlcipher3.DatabaseError):
        connect(folder / DATABASE_FILE, KEY)
    old_code = key_change.prepare_code()
    assert wrap(KEY, old_code, "c0ffee")
    with pytest.raises(RecoveryCodeWrong):
        campaigns.open_campaign(folder, MemoryCredentials(), old_code, clock=LATER)
    campaigns.open_campaign(folder, credentials, result.recovery_code, clock=LATER).close()


def test_counts_proofs_and_chain_stand(tmp_path: Path) -> None:
    before_file = finished_campaign(tmp_path)
    before = figures(before_file, NOW)
    fresh, _ = purging.purge(
        before_file, MemoryCredentials(), tmp_path / "certificat.pdf", clock=LATER
    )
    after = figures(fresh, NOW)
    assert fresh.verify_chain().is_whole
    assert after.exclusions == before.exclusions
    assert after.runs == before.runs
    assert after.people == before.people
    assert after.activity == before.activity
    assert after.events["names_purged"] == 1
    *_, last = write_dossier(fresh, tmp_path / "après", clock=LATER)
    assert isinstance(last, Dossier)
    with pytest.raises(NamesPurged):
        list(write_dossier(fresh, tmp_path / "noms", with_names=True, clock=LATER))
    fresh.close()


def test_a_person_with_the_address_in_hand_still_gets_an_answer(tmp_path: Path) -> None:
    file, _, _ = purged(tmp_path)
    (found,) = purging.was_informed(file, email=" Patient3@exemple.fr ")
    assert found.status is DeliveryStatus.ACCEPTED
    assert found.changed_at == NOW + timedelta(minutes=3)
    posted = purging.was_informed(
        file, last_name="durand", first_name="PAUL", postcode="90000", street="36 rue des amandiers"
    )
    assert [one.status for one in posted] == [DeliveryStatus.RETURNED]
    assert purging.was_informed(file, email="inconnu@exemple.fr") == []
    code = file.delivery(3).code
    answer = patient_calls.find(file, code)
    assert answer.letters[0].recipient is None
    assert answer.letters[0].has_left
    with pytest.raises(NamesPurged):
        patient_calls.find(file, "Durand")
    with pytest.raises(CampaignClosed):
        file.claim_next(NOW)
    file.close()


def test_the_certificate_says_what_stays_and_what_cannot_be_promised(tmp_path: Path) -> None:
    file, result, _ = purged(tmp_path)
    file.close()
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(result.certificate).pages)
    for expected in ("60", result.head_before, result.head_after, "SSD", "sauvegardes du cabinet"):
        assert expected in text, expected
    assert result.recovery_code not in text


def test_a_cut_between_erasing_and_re_encrypting_is_finished_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = finished_campaign(tmp_path)

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(purging, "change_key", cut)
    with pytest.raises(KeyboardInterrupt):
        purging.purge(file, MemoryCredentials(), tmp_path / "c.pdf", clock=LATER)
    monkeypatch.undo()
    monkeypatch.setenv("AVIS34_HOME", str(tmp_path / "home"))
    assert purging.is_unfinished(file)
    fresh, _ = purging.purge(file, MemoryCredentials(), tmp_path / "c.pdf", clock=LATER)
    assert not purging.is_unfinished(fresh)
    assert fresh.event_counts()["names_purged"] == 1
    fresh.close()


def test_the_purge_is_proposed_some_months_after_closing(tmp_path: Path) -> None:
    file = finished_campaign(tmp_path)
    assert due_days.purge_due_on(file, 6) is None
    purging.close_campaign(file, FixedClock(NOW + timedelta(days=63)))
    purging.close_campaign(file, LATER)
    assert due_days.purge_due_on(file, 6) == date(2026, 9, 30)
    assert due_days.purge_due_on(file, 11) == date(2027, 2, 28)
    assert file.event_counts()["campaign_closed"] == 1
    file.close()


def test_settings_that_may_quote_a_patient_go_too(tmp_path: Path) -> None:
    file = finished_campaign(tmp_path)
    file.set_setting("review.warnings", '[{"facts": {"word": "LEFÈVRE"}}]')
    file.set_setting("print.beside", '{"/home/cabinet/Lettre de Mme LEFÈVRE.pdf": "ab"}')
    file.set_setting("register.entry", "{}")
    fresh, _ = purging.purge(file, MemoryCredentials(), tmp_path / "c.pdf", clock=LATER)
    assert fresh.setting("review.warnings") is None
    assert fresh.setting("print.beside") is None
    assert fresh.setting("register.entry") == "{}"
    assert purging.was_informed(fresh, email="patient3@exemple.fr")
    fresh.close()


def test_after_a_follow_up_both_letters_are_still_found(tmp_path: Path) -> None:
    file = finished_campaign(tmp_path)
    wanted = follow_up.FollowUp("T14", follow_up.Audience.INFORMED, "Complément")
    follow_up.start(file, wanted, "contact@cabinet.exemple.fr", LATER)
    fresh, _ = purging.purge(file, MemoryCredentials(), tmp_path / "c.pdf", clock=LATER)
    found = purging.was_informed(fresh, email="patient3@exemple.fr")
    assert [(letter.run, letter.status.value) for letter in found] == [
        (1, "accepted"),
        (2, "pending"),
    ]
    assert found[1].changed_at is None
    fresh.close()
