"""The campaign file against the real engine and a real disk."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.campaign import Campaign, Channel, DeliveryStatus, Reply
from app.core.errors import BugError
from app.core.errors.storage import (
    CampaignAlreadyOpen,
    CampaignDamaged,
    CampaignExists,
    CampaignNotFound,
    NewerCampaign,
    NotACampaign,
    WrongKey,
)
from app.core.incident import Certainty, DataCategory, Incident
from app.core.issue import Issue, Level
from app.core.practice import Practice, Signatory
from app.core.recipient import ExclusionReason, Restriction
from app.storage import header as headers
from app.storage.campaign_file import CampaignFile
from app.storage.documents import ImportRecord
from app.storage.moves import Move
from app.storage.queries import DeliveryQuery, RecipientOrder, RecipientQuery
from tests.support.campaigns import KEY, NOW, make_campaign, make_delivery, make_recipient

S = DeliveryStatus


@pytest.fixture
def file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_campaign(tmp_path, 5, letters=True)
    yield made
    made.close()


def test_everything_comes_back_after_closing(tmp_path: Path) -> None:
    made = make_campaign(tmp_path)
    person = make_recipient(
        3,
        categories=frozenset({DataCategory.NIR, DataCategory.IDENTITY}),
        restriction=Restriction.HAND_OVER,
        excluded=ExclusionReason.USER_DECISION,
        exclusion_note="vue en consultation",
        has_annotations=True,
    )
    incident = Incident(
        certainty=Certainty.ALLEGED,
        categories=(DataCategory.PHONE,),
        discovered_on=NOW.date(),
        aware_at=NOW,
        details={"plateforme": "l’hébergeur"},
    )
    practice = Practice(
        name="Cabinet", signatories=(Signatory("Dr Roux", "médecin"),), logo=b"\0\1"
    )
    record = ImportRecord(
        NOW, "liste.xlsx", "ab" * 32, mapping={"NOM": "last_name"}, counts={"lines": 3}
    )
    made.add_recipients([person])
    made.save_incident(incident)
    made.save_practice(practice)
    made.save_template_text("T01", "Objet", "Texte")
    made.save_import(record)
    made.set_setting("letter.seen", "1")
    made.close()
    with CampaignFile.open(tmp_path / "essai.avis34", KEY) as again:
        (back,) = again.recipients()
        assert back.id == 1
        assert back == make_recipient(
            3,
            id=1,
            categories=person.categories,
            restriction=person.restriction,
            excluded=person.excluded,
            exclusion_note=person.exclusion_note,
            has_annotations=True,
        )
        assert again.incident() == incident
        assert again.practice() == practice
        assert again.template_text("T01") == ("Objet", "Texte")
        assert again.template_text("T02") is None
        assert again.imports() == [record]
        assert again.setting("letter.seen") == "1"
        assert again.campaign == Campaign("c0ffee", "Essai", NOW)


def test_nothing_is_readable_without_the_key(tmp_path: Path) -> None:
    made = make_campaign(tmp_path, 200, letters=True)
    folder = made.folder
    while_open = b"".join(item.read_bytes() for item in folder.iterdir())
    made.close()
    closed = b"".join(item.read_bytes() for item in folder.iterdir())
    for secret in ("Amandiers", "LEFÈVRE", "exemple.fr", "Belfort", "CREATE TABLE", KEY.hex()):
        assert secret.encode() not in while_open, secret
        assert secret.encode() not in closed, secret
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(folder / headers.DATABASE_FILE).execute("SELECT * FROM sqlite_master")


def test_wrong_key_damage_newer_and_absent_are_told_apart(tmp_path: Path) -> None:
    made = make_campaign(tmp_path, 50)
    folder = made.folder
    made.close()
    with pytest.raises(WrongKey):
        CampaignFile.open(folder, bytes(32))
    with pytest.raises(CampaignNotFound):
        CampaignFile.open(tmp_path / "ailleurs.avis34", KEY)
    with pytest.raises(NotACampaign):
        CampaignFile.open(tmp_path, KEY)
    with pytest.raises(CampaignExists):
        CampaignFile.create(folder, Campaign("x", "x", NOW), KEY)
    good = headers.read_header(folder)
    newer = headers.Header(good.campaign_id, good.fingerprint, format_version=99)
    headers.write_header(folder, newer)
    with pytest.raises(NewerCampaign):
        CampaignFile.open(folder, KEY)
    headers.write_header(folder, good)
    database = folder / headers.DATABASE_FILE
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    with pytest.raises(CampaignDamaged):
        CampaignFile.open(folder, KEY)


def test_a_second_opening_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    first = make_campaign(tmp_path)
    lane = first.reopen()
    with pytest.raises(CampaignAlreadyOpen):
        CampaignFile.open(first.folder, KEY)
    first.close()
    with pytest.raises(CampaignAlreadyOpen):
        CampaignFile.open(first.folder, KEY)
    lane.close()
    CampaignFile.open(first.folder, KEY).close()


def test_one_connection_belongs_to_one_thread(file: CampaignFile) -> None:
    file.count_recipients()
    seen: list[BaseException] = []

    def use() -> None:
        try:
            file.count_recipients()
        except BugError as error:
            seen.append(error)

    thread = threading.Thread(target=use)  # noqa: TID251 - what is under test
    thread.start()
    thread.join()
    assert len(seen) == 1


def test_a_failed_transaction_leaves_nothing(file: CampaignFile) -> None:
    with pytest.raises(RuntimeError), file.transaction():  # noqa: PT012
        file.add_recipients([make_recipient(9)])
        file.append_event("essai", {}, NOW)
        raise RuntimeError
    assert file.count_recipients() == 5
    assert file.verify_chain().events == 1
    with file.transaction(), pytest.raises(BugError), file.transaction():
        pass


def test_search_folds_case_and_accents(file: CampaignFile) -> None:
    def found(text: str) -> list[str]:
        return [person.last_name for person in file.recipients(query=RecipientQuery(text=text))]

    assert found("lefevre") == ["LEFÈVRE"]
    assert found("oeuvrard léa") == ["Œuvrard"]
    assert found("n'diaye") == ["N’Diaye"]
    assert found("100%") == []
    assert len(found("belfort 90000")) == 5
    by_name = file.recipients(query=RecipientQuery(order=RecipientOrder.NAME))
    assert [person.last_name for person in by_name] == [
        "Durand",
        "Le Goff",
        "LEFÈVRE",
        "N’Diaye",
        "Œuvrard",
    ]
    assert file.recipient_ids(RecipientQuery(), offset=1, limit=2).tolist() == [2, 3]


def test_filters_by_remark_exclusion_and_channel(file: CampaignFile) -> None:
    file.replace_issues(
        [Issue("email_invalid", Level.BLOCKING, 3), Issue("shared", Level.CHECK, 4)]
    )
    assert [p.row for p in file.recipients(query=RecipientQuery(issue_level=Level.BLOCKING))] == [3]
    assert [p.row for p in file.recipients(query=RecipientQuery(issue_code="shared"))] == [4]
    file.update_recipient(make_recipient(2, id=2, excluded=ExclusionReason.DECEASED))
    assert file.count_recipients(RecipientQuery(excluded=True)) == 1
    assert file.exclusion_counts() == {ExclusionReason.DECEASED: 1}
    assert file.count_recipients(RecipientQuery(channel=Channel.PAPER)) == 0
    assert file.count_recipients(RecipientQuery(channel=Channel.EMAIL)) == 5


def test_a_decision_survives_a_new_check_of_the_same_remark(file: CampaignFile) -> None:
    same = Issue("shared_email", Level.CHECK, 4, "email", {"other": 5})
    file.replace_issues([same, Issue("deceased", Level.CHECK, 2)])
    (stored,) = file.issues(code="shared_email")
    file.settle_issue(stored.id, "keep", "couple", NOW)
    file.replace_issues([same, Issue("deceased", Level.CHECK, 3)])
    (again,) = file.issues(code="shared_email")
    assert (again.settled, again.note) == ("keep", "couple")
    assert file.issue_counts() == {(Level.CHECK, "deceased"): 1}
    file.replace_issues([], rows=[3])
    assert file.issue_counts(settled=None) == {(Level.CHECK, "shared_email"): 1}


def test_the_life_of_a_letter_is_durable_and_written_down(file: CampaignFile) -> None:
    claimed = file.claim_next(NOW)
    assert claimed is not None
    letter, person = claimed
    assert (letter.status, letter.attempts, person.id) == (S.OPEN, 1, letter.recipient_id)
    file.move(letter.id, S.DOT, now=NOW, sha256="ab" * 32, account="smtp:a@b")
    accepted = file.move(letter.id, S.ACCEPTED, now=NOW, reply=Reply(250, "queued as 4Xz", "2.0.0"))
    assert accepted.reply == Reply(250, "queued as 4Xz", "2.0.0")
    assert accepted.sha256 == "ab" * 32
    kinds = [event.kind for event in file.events(delivery_id=letter.id)]
    assert kinds == ["letter_dot", "letter_accepted"]
    assert file.sent_since("smtp:a@b", NOW - timedelta(hours=1)) == [NOW]
    assert file.sent_since("smtp:a@b", NOW + timedelta(seconds=1)) == []
    with pytest.raises(BugError):
        file.move(letter.id, S.PENDING, now=NOW)
    assert file.delivery_by_code(letter.code) == accepted
    assert file.delivery_by_message_id(letter.message_id) == accepted
    assert file.delivery_by_message_id("") is None


def test_claims_take_due_retries_first_and_never_early_ones(file: CampaignFile) -> None:
    later = NOW + timedelta(minutes=15)
    first = file.claim_next(NOW)
    assert first is not None
    file.move(first[0].id, S.DEFERRED, now=NOW, retry_at=later, reply=Reply(450, "greylisted"))
    order = []
    for moment in (NOW, later, later, later, later, later):
        claimed = file.claim_next(moment)
        order.append(None if claimed is None else claimed[0].id)
    assert order == [2, 1, 3, 4, 5, None]
    assert file.delivery(1).attempts == 2
    file.move(1, S.PENDING, now=later)
    assert file.delivery(1).attempts == 1


def test_a_letter_put_back_with_a_time_waits_for_it(file: CampaignFile) -> None:
    claimed = file.claim_next(NOW)
    assert claimed is not None
    later = NOW + timedelta(minutes=5)
    file.move(claimed[0].id, S.PENDING, now=NOW, retry_at=later)
    assert file.next_retry_at() is not None
    following = file.claim_next(NOW)
    assert following is not None
    assert following[0].id == 2


def test_lanes_never_take_the_same_letter(tmp_path: Path) -> None:
    file = make_campaign(tmp_path, 200, letters=True)
    taken: list[int] = []

    def lane() -> None:
        with file.reopen() as own:
            while (claimed := own.claim_next(NOW)) is not None:
                own.move(claimed[0].id, S.DOT, now=NOW, account="a")
                own.move(claimed[0].id, S.ACCEPTED, now=NOW)
                taken.append(claimed[0].id)

    lanes = [threading.Thread(target=lane) for _ in range(4)]  # noqa: TID251 - lanes are the subject
    for thread in lanes:
        thread.start()
    for thread in lanes:
        thread.join()
    assert sorted(taken) == list(range(1, 201))
    report = file.verify_chain()
    assert (report.is_whole, report.events) == (True, 401)
    assert len(file.sent_since("a", NOW)) == 200
    file.close()


def test_claiming_seeks_in_the_index_at_any_size(file: CampaignFile) -> None:
    from app.storage.moves import CLAIMABLE

    plan = file._rows(f"EXPLAIN QUERY PLAN {CLAIMABLE}", (1, "email", 0, 1))
    text = " ".join(str(row[-1]) for row in plan)
    assert "SEARCH d USING COVERING INDEX deliveries_claim" in text
    assert "SORT" not in text.upper().replace("SORTED", "")
    assert "TEMP B-TREE" not in text


def test_found_half_way_at_start(file: CampaignFile) -> None:
    for _ in range(2):
        file.claim_next(NOW)
    file.move(1, S.DOT, now=NOW)
    recovered = file.recover_after_crash(NOW)
    assert (recovered.reopened, recovered.uncertain) == (1, 1)
    assert [letter.status for letter in file.deliveries(limit=2)] == [S.UNCERTAIN, S.PENDING]
    assert file.delivery(2).attempts == 0


def test_everybody_is_in_exactly_one_place(file: CampaignFile) -> None:
    file.add_recipients([make_recipient(6), make_recipient(7, excluded=ExclusionReason.DUPLICATE)])
    for _ in range(2):
        file.claim_next(NOW)
    for letter_id in (1, 2):
        file.move(letter_id, S.DOT, now=NOW)
        file.move(letter_id, S.ACCEPTED, now=NOW)
    file.move(2, S.BOUNCED, now=NOW)
    file.move(2, S.REPLACED, now=NOW)
    paper = make_delivery(2, channel=Channel.PAPER, message_id="", code="2222-2222-A")
    file.add_deliveries([paper])
    balance = file.balance(1)
    assert balance.is_exact()
    assert balance.total == 7
    assert balance.by_status == {S.ACCEPTED: 1, S.PENDING: 4, S.EXCLUDED: 1}
    assert balance.not_planned == 1
    assert [letter.channel for letter in file.deliveries_of(2)] == [Channel.EMAIL, Channel.PAPER]
    assert file.delivery_ids(DeliveryQuery((S.PENDING,), text="durand")).tolist() == []
    assert file.delivery_counts(1)[Channel.EMAIL, S.REPLACED] == 1


def test_a_run_keeps_what_it_said_when_drafts_change(file: CampaignFile) -> None:
    file.save_incident(Incident(vendor="Éditeur A"))
    file.save_practice(Practice(name="Cabinet A"))
    file.save_template_text("T01", "Objet", "v1")
    frozen = file.freeze_run(1, {"T01": ("Objet", "v1")}, NOW, "first")
    file.save_incident(Incident(vendor="Éditeur B"))
    file.save_template_text("T01", "Objet", "v2")
    assert file.incident(1).vendor == "Éditeur A"
    assert file.incident().vendor == "Éditeur B"
    assert file.template_text("T01", 1) == ("Objet", "v1")
    assert file.template_text("T01") == ("Objet", "v2")
    assert file.freeze_run(1, {}, NOW) == frozen
    second = file.freeze_run(2, {"T13": ("Suite", "…")}, NOW)
    assert second.incident_version == frozen.incident_version + 1
    assert file.incident(2).vendor == "Éditeur B"
    assert file.runs() == [1, 2]


def test_windows_count_what_other_campaigns_sent(tmp_path: Path) -> None:
    one = make_campaign(tmp_path, 1, letters=True)
    other_folder = tmp_path / "autre"
    other_folder.mkdir()
    two = CampaignFile.create(other_folder / "deux.avis34", Campaign("cafe", "Deux", NOW), KEY)
    one.claim_next(NOW)
    one.move(1, S.DOT, now=NOW, account="smtp:Cabinet@exemple.fr")
    assert two.sent_since("smtp:cabinet@exemple.fr", NOW - timedelta(days=1)) == [NOW]
    assert two.sent_since("smtp:autre@exemple.fr", NOW - timedelta(days=1)) == []
    one.close()
    two.close()


def test_the_ledger_holds_no_address(tmp_path: Path, own_home: Path) -> None:
    file = make_campaign(tmp_path, 3, letters=True)
    file.claim_next(NOW)
    file.move(1, S.DOT, now=NOW, account="smtp:cabinet@exemple.fr")
    file.close()
    held = b"".join(item.read_bytes() for item in own_home.rglob("*") if item.is_file())
    assert b"exemple" not in held
    assert b"essai" not in held


def test_the_engine_runs_with_the_settings_that_durability_needs(file: CampaignFile) -> None:
    """A power cut cannot be played here: what protects from it is at least switched on, in every connection."""
    with file.reopen() as lane:
        for connection in (file, lane):
            values = {
                name: connection._rows(f"PRAGMA {name}")[0][0]
                for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
            }
            assert values == {
                "journal_mode": "wal",
                "synchronous": 2,
                "secure_delete": 1,
                "foreign_keys": 1,
            }
            settings = " ".join(str(row[0]) for row in connection._rows("PRAGMA cipher_settings"))
            assert "cipher_use_hmac = 1" in settings
            assert "cipher_hmac_algorithm = HMAC_SHA512" in settings


def test_the_mapping_of_an_import_keeps_the_order_of_the_columns(file: CampaignFile) -> None:
    mapping = {"NOM": "last_name", "ADRESSE": "street", "MAIL": "email"}
    file.save_import(ImportRecord(NOW, "liste.xlsx", "ab" * 32, mapping=mapping))
    (record,) = file.imports()[-1:]
    assert list(record.mapping or {}) == list(mapping)


def test_several_moves_and_a_claim_are_one_commit(file: CampaignFile) -> None:
    first, second = file.claim_next(NOW), file.claim_next(NOW)
    assert first is not None
    assert second is not None
    marked = file.record([Move(first[0], S.DOT, NOW, sha256="ab", account="smtp:a@b")]).letters[0]
    lines = file.count_events()
    done = file.record(
        [Move(marked, S.ACCEPTED, NOW, Reply(250, "ok")), Move(second[0], S.DOT, NOW)],
        claims=2,
        now=NOW,
    )
    assert [letter.status for letter in done.letters] == [S.ACCEPTED, S.DOT]
    assert [letter.id for letter, _ in done.claimed] == [3, 4]
    assert [person.id for _, person in done.claimed] == [3, 4]
    assert file.count_events() == lines + 2
    assert [file.delivery(letter.id) for letter in done.letters] == list(done.letters)
    assert file.verify_chain().is_whole


def test_one_impossible_move_undoes_the_whole_commit(file: CampaignFile) -> None:
    claimed = file.claim_next(NOW)
    assert claimed is not None
    stale = claimed[0]
    file.move(stale.id, S.PENDING, now=NOW)
    other = file.claim_next(NOW)
    assert other is not None
    file.move(other[0].id, S.PENDING, now=NOW)
    before = file.count_events()
    with pytest.raises(BugError):  # the letter is no longer as it was read
        file.record([Move(stale, S.DOT, NOW)], claims=1, now=NOW)
    assert file.count_events() == before
    assert file.count_deliveries(DeliveryQuery((S.OPEN, S.DOT))) == 0
