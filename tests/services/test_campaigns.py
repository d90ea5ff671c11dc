"""Campaigns from the practice's side: keys, codes, copies, other computers, cuts."""

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors import BugError, UserError
from app.core.errors.storage import (
    BackupUnusable,
    CampaignDamaged,
    CampaignDoubtful,
    CampaignNotFound,
    KeyMissing,
    PassphraseWrong,
    RecoveryCodeWrong,
    WrongKey,
)
from app.core.incident import Incident
from app.core.practice import Practice
from app.credentials import MemoryCredentials
from app.services import backups, campaigns, key_change
from app.storage import campaign_file as storage
from app.storage.campaign_file import CampaignFile
from app.storage.header import DATABASE_FILE, HEADER_FILE, read_header, write_header
from tests.support.campaigns import NOW, FixedClock, make_delivery, make_recipient

CLOCK = FixedClock()


def create(
    folder: Path, credentials: MemoryCredentials, people: int = 3, passphrase: str | None = None
) -> tuple[Path, str]:
    path = campaigns.campaign_path("Logiciel : l’éditeur / 2026", folder)
    made, code = campaigns.create_campaign(
        path,
        "Logiciel",
        Practice(name="Cabinet"),
        Incident(vendor="Éditeur"),
        credentials,
        clock=CLOCK,
        passphrase=passphrase,
    )
    made.add_recipients(make_recipient(number) for number in range(1, people + 1))
    made.add_deliveries(make_delivery(number) for number in range(1, people + 1))
    made.close()
    return path, code


def opened(path: Path, credentials: MemoryCredentials, **how: str) -> campaigns.Opened:
    return campaigns.open_with_doubts(path, credentials, clock=CLOCK, **how)


def doubts_of(
    path: Path, credentials: MemoryCredentials, clock: FixedClock = CLOCK
) -> tuple[str, ...]:
    there = campaigns.open_with_doubts(path, credentials, clock=clock)
    there.campaign_file.close()
    return there.doubts


def test_paths_are_valid_everywhere_and_never_taken(tmp_path: Path) -> None:
    first = campaigns.campaign_path('a<b>:"c/d\\e|f?*. ', tmp_path)
    assert first.name == "a b c d e f.avis34"
    first.mkdir()
    assert campaigns.campaign_path('a<b>:"c/d\\e|f?*. ', tmp_path).name == "a b c d e f 2.avis34"
    assert campaigns.campaign_path("...", tmp_path).name == "Envoi.avis34"


def test_the_kept_key_opens_and_a_computer_without_store_asks(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, code = create(tmp_path, credentials)
    again = opened(path, credentials)
    assert again.doubts == ()
    assert again.campaign_file.incident().vendor == "Éditeur"
    again.campaign_file.close()
    for empty in (MemoryCredentials(), MemoryCredentials(available=False)):
        with pytest.raises(KeyMissing):
            opened(path, empty)
    elsewhere = MemoryCredentials()
    opened(path, elsewhere, recovery_code=code.lower()).campaign_file.close()
    opened(path, elsewhere).campaign_file.close()  # the key was kept for the next time
    with pytest.raises(RecoveryCodeWrong):
        opened(path, credentials, recovery_code=create(tmp_path, credentials)[1])
    with pytest.raises(CampaignNotFound):
        opened(tmp_path / "rien.avis34", credentials)


def test_no_store_at_all_with_a_passphrase(tmp_path: Path) -> None:
    nothing = MemoryCredentials(available=False)
    path, code = create(tmp_path, nothing, passphrase="quatre mots sans rapport")
    assert campaigns.asks_for_passphrase(path)
    opened(path, nothing, passphrase="quatre mots sans rapport").campaign_file.close()
    opened(path, nothing, recovery_code=code).campaign_file.close()
    with pytest.raises(PassphraseWrong):
        opened(path, nothing, passphrase="quatre mots sans rapports")


def test_a_key_change_closes_every_former_door(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, code = create(tmp_path, credentials)
    before = opened(path, credentials).campaign_file
    campaigns.backup(before, CLOCK)
    old_key = credentials.get(campaigns.credential_name(before.campaign.id))
    after, fresh = key_change.change_key(before, credentials, clock=CLOCK)
    assert after.count_recipients() == 3
    assert after.verify_chain().is_whole
    assert after.backups() == []
    assert fresh.key_kept
    assert fresh.recovery_code not in repr(fresh)
    after.close()
    assert credentials.get(campaigns.credential_name(after.campaign.id)) != old_key
    with pytest.raises(RecoveryCodeWrong):
        opened(path, MemoryCredentials(), recovery_code=code)
    opened(path, MemoryCredentials(), recovery_code=fresh.recovery_code).campaign_file.close()
    opened(path, credentials).campaign_file.close()


class Cut(BaseException):
    """The power goes."""


@pytest.mark.parametrize("step", ["export_with_key", "swap_in", "after_swap", "after_header"])
@pytest.mark.parametrize("has_store", [True, False])
def test_a_key_change_cut_anywhere_leaves_a_campaign_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, has_store: bool
) -> None:
    credentials = MemoryCredentials(available=has_store)
    path, old_code = create(tmp_path, credentials)
    new = key_change.prepare_code()
    file = opened(
        path, credentials, **({} if has_store else {"recovery_code": old_code})
    ).campaign_file

    def cut(*_: object) -> None:
        raise Cut

    if step in ("export_with_key", "swap_in"):
        monkeypatch.setattr(storage, step, cut)
    elif step == "after_swap":
        writes: list[Callable[..., None]] = [write_header, cut]
        monkeypatch.setattr(storage, "write_header", lambda *given: writes.pop(0)(*given))
    else:
        monkeypatch.setattr(key_change, "keep_key", cut)
    with pytest.raises(Cut):
        key_change.change_key(file, credentials, code=new, clock=CLOCK)
    file.close()
    monkeypatch.undo()
    monkeypatch.setenv("AVIS34_HOME", str(tmp_path / "home"))
    again = opened(path, credentials).campaign_file if has_store else None
    for code in (old_code, new):
        with suppress(WrongKey, RecoveryCodeWrong):
            again = again or opened(path, credentials, recovery_code=code).campaign_file
    assert again is not None
    assert again.count_recipients() == 3
    assert again.verify_chain().is_whole
    again.close()
    assert read_header(path).next_fingerprint == ""
    assert not (path / "campagne.db.nouveau").exists()


def test_without_a_store_the_new_code_is_shown_before_the_change(tmp_path: Path) -> None:
    nothing = MemoryCredentials(available=False)
    path, code = create(tmp_path, nothing)
    file = opened(path, nothing, recovery_code=code).campaign_file
    with pytest.raises(BugError):
        key_change.change_key(file, nothing, clock=CLOCK)
    shown = key_change.prepare_code()
    after, fresh = key_change.change_key(file, nothing, code=shown, clock=CLOCK)
    after.close()
    assert (fresh.recovery_code, fresh.key_kept) == (shown, False)
    opened(path, nothing, recovery_code=shown).campaign_file.close()


def test_a_lost_sheet_can_be_replaced(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, code = create(tmp_path, credentials, passphrase="quatre mots sans rapport")
    file = opened(path, credentials).campaign_file
    fresh = key_change.new_code(file, CLOCK)
    file.close()
    opened(path, MemoryCredentials(), recovery_code=fresh).campaign_file.close()
    opened(path, MemoryCredentials(), passphrase="quatre mots sans rapport").campaign_file.close()
    with pytest.raises(RecoveryCodeWrong):
        opened(path, MemoryCredentials(), recovery_code=code)


def test_five_copies_are_kept_and_one_comes_back_with_a_doubt(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    file = opened(path, credentials).campaign_file
    for hour in range(7):
        file.append_event("essai", {"hour": hour}, NOW + timedelta(hours=hour))
        campaigns.backup(file, FixedClock(NOW + timedelta(hours=hour)))
    copies = backups.copies_of(path)
    assert [copy.made_at for copy in copies] == [NOW + timedelta(hours=h) for h in (6, 5, 4, 3, 2)]
    assert b"Amandiers" not in copies[0].path.read_bytes()
    file.close()
    clock = FixedClock(NOW + timedelta(hours=8))
    backups.restore(path, copies[2], credentials)
    back = campaigns.open_with_doubts(path, credentials, clock=clock)
    assert back.doubts == ("older_than_known",)
    assert back.campaign_file.verify_chain().is_whole
    with pytest.raises(CampaignDoubtful):
        back.campaign_file.claim_next(NOW)
    with pytest.raises(CampaignDoubtful):
        back.campaign_file.move(1, DeliveryStatus.PRINTED, now=NOW)
    lane = back.campaign_file.reopen()
    with pytest.raises(CampaignDoubtful):
        lane.claim_next(NOW)
    lane.close()
    back.campaign_file.confirm_doubts(clock.now())
    assert back.campaign_file.claim_next(NOW) is not None
    back.campaign_file.close()
    assert doubts_of(path, credentials, clock) == ()


def test_a_damaged_campaign_comes_back_from_its_copy(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    file = opened(path, credentials).campaign_file
    campaigns.backup(file, CLOCK)
    file.close()
    (path / DATABASE_FILE).write_bytes(b"\0" * 9000)
    (path / HEADER_FILE).write_bytes(b"{}")
    with pytest.raises(CampaignDamaged):
        opened(path, credentials)
    (copy,) = backups.copies_of(path)
    backups.restore(path, copy, credentials)
    back = opened(path, credentials).campaign_file
    assert back.count_recipients() == 3
    back.close()
    copy.path.write_bytes(copy.path.read_bytes()[:-5000] + bytes(5000))
    with pytest.raises(BackupUnusable):
        backups.restore(path, copy, credentials)
    opened(path, credentials).campaign_file.close()


def test_copies_are_made_when_something_happened(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    file = opened(path, credentials).campaign_file
    assert campaigns.backup_if_due(file, FixedClock(NOW + timedelta(minutes=1))) is not None
    assert campaigns.backup_if_due(file, FixedClock(NOW + timedelta(days=1))) is None
    file.append_event("essai", {}, NOW + timedelta(days=1))
    assert campaigns.backup_if_due(file, FixedClock(NOW + timedelta(hours=1))) is None
    assert campaigns.backup_if_due(file, FixedClock(NOW + timedelta(days=2))) is not None
    file.close()


def test_another_computer_asks_before_going_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    monkeypatch.setenv("AVIS34_HOME", str(tmp_path / "other computer"))
    assert doubts_of(path, credentials) == ("other_computer",)
    assert doubts_of(path, credentials) == ("other_computer",)


def test_two_copies_that_went_on_separately_are_noticed(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    copy = tmp_path / "copie.avis34"
    shutil.copytree(path, copy)
    for place in (path, copy):
        there = opened(place, credentials)
        if place is copy:
            assert there.doubts == ("older_than_known",)
            there.campaign_file.confirm_doubts(NOW)
        else:
            letter = there.campaign_file.claim_next(NOW)
            assert letter is not None
            there.campaign_file.move(letter[0].id, DeliveryStatus.DOT, now=NOW)
        there.campaign_file.close()
    assert doubts_of(path, credentials) == ("other_copy",)


def test_a_clock_set_back_is_a_doubt(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    early = FixedClock(NOW - timedelta(days=2))
    assert doubts_of(path, credentials, early) == ("clock_back",)


def test_a_write_ahead_log_cut_short_is_noticed(tmp_path: Path) -> None:
    """SQLite reads a damaged log up to its last good frame, in silence; the ledger knows better."""
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    file = opened(path, credentials).campaign_file
    for _ in range(2):
        letter = file.claim_next(NOW)
        assert letter is not None
        file.move(letter[0].id, DeliveryStatus.DOT, now=NOW)
    crashed = tmp_path / "coupé.avis34"
    shutil.copytree(path, crashed)
    file._closed = True  # the process died: nothing was remembered at closing
    file._shared.file_lock.release()
    file._connection.close()
    file._ledger.close()
    log = crashed / f"{DATABASE_FILE}-wal"
    content = bytearray(log.read_bytes())
    content[len(content) - 4096 * 3] ^= 1
    log.write_bytes(content)
    found = opened(crashed, credentials)
    assert found.doubts == ("older_than_known",)
    found.campaign_file.close()


def test_recent_campaigns_show_counts_without_opening(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    opened(path, credentials).campaign_file.close()
    (recent,) = campaigns.recent_campaigns()
    assert (recent.name, Path(recent.path), recent.used_at) == ("Logiciel", path, NOW)
    assert (recent.total, recent.settled, recent.closed) == (3, 0, False)


def test_a_thousand_flipped_bits_never_lie(tmp_path: Path) -> None:
    """Every altered byte of the closed campaign: refused with a sentence, or only true data."""
    import random

    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials, people=40)
    file = opened(path, credentials).campaign_file
    truth = [repr_all(file)]
    file.close()
    places = [path / DATABASE_FILE] * 9 + [path / HEADER_FILE]
    draw = random.Random(34)
    refused = 0
    for number in range(1000):
        place = places[number % 10]
        good = place.read_bytes()
        bad = bytearray(good)
        bad[draw.randrange(len(bad))] ^= 1 << draw.randrange(8)
        place.write_bytes(bad)
        try:
            with opened(path, credentials).campaign_file as altered:
                assert [repr_all(altered)] == truth
        except UserError:
            refused += 1
        finally:
            place.write_bytes(good)
            for suffix in ("-wal", "-shm"):
                (path / f"{DATABASE_FILE}{suffix}").unlink(missing_ok=True)
    assert refused >= 990


def repr_all(file: CampaignFile) -> object:
    people = [(p.last_name, p.first_name, p.email, p.address.street) for p in file.recipients()]
    letters = [(item.code, item.status, item.message_id) for item in file.deliveries()]
    return people, letters, file.incident(), [event.hash for event in file.events()]


def test_a_campaign_opened_by_a_worker_is_used_by_the_window(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    path, _ = create(tmp_path, credentials)
    found: list[CampaignFile] = []
    worker = threading.Thread(  # noqa: TID251 - what is under test
        target=lambda: found.append(opened(path, credentials).campaign_file)
    )
    worker.start()
    worker.join()
    assert found[0].count_recipients() == 3
    found[0].close()
