"""The chain of events: whole, altered, shortened, purged, out of time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, make_campaign


@pytest.fixture
def file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_campaign(tmp_path)
    for number in range(1, 10):
        private = {"name": f"DURAND {number}"} if number % 2 else None
        made.append_event("essai", {"number": number}, NOW, private=private)
    yield made
    made.close()


def tamper(file: CampaignFile, sql: str) -> None:
    with file.transaction():
        file._execute(sql)


def test_a_whole_chain_verifies_and_reads_back(file: CampaignFile) -> None:
    report = file.verify_chain()
    assert report.is_whole
    assert report.events == 10
    assert (report.events, report.head) == file.chain_head()
    events = list(file.events(kind="essai"))
    assert [event.facts["number"] for event in events] == list(range(1, 10))
    assert events[0].private == {"name": "DURAND 1"}
    assert events[1].private == {}
    assert "DURAND" not in repr(events[0])
    assert [event.seq for event in file.events(offset=7, limit=2)] == [8, 9]


@pytest.mark.parametrize(
    ("sql", "first", "reason"),
    [
        ("UPDATE events SET facts='{\"number\":99}' WHERE seq=5", 5, "content"),
        ("UPDATE events SET at=at+1 WHERE seq=5", 5, "content"),
        ("UPDATE events SET delivery_id=7 WHERE seq=6", 6, "content"),
        ("UPDATE events SET kind='autre' WHERE seq=2", 2, "content"),
        ("DELETE FROM events WHERE seq=4", 4, "missing"),
        ("DELETE FROM events WHERE seq=1", 1, "missing"),
        (
            "UPDATE events SET private=replace(private, 'DURAND', 'DUPONT') WHERE seq=6",
            6,
            "private",
        ),
        ("UPDATE events SET private_digest='' WHERE seq=6", 6, "content"),
    ],
)
def test_the_first_break_is_named(file: CampaignFile, sql: str, first: int, reason: str) -> None:
    tamper(file, sql)
    report = file.verify_chain()
    assert (report.first_break, report.reason) == (first, reason)


def test_emptied_private_parts_do_not_break_the_chain(file: CampaignFile) -> None:
    head = file.chain_head()
    tamper(file, "UPDATE events SET private=NULL")
    assert file.verify_chain().is_whole
    assert file.chain_head() == head
    assert [event.private for event in file.events(kind="essai", limit=2)] == [None, {}]


def test_a_clock_set_back_is_seen(file: CampaignFile) -> None:
    file.append_event("essai", {}, NOW - timedelta(hours=3))
    file.append_event("essai", {}, NOW)
    report = file.verify_chain()
    assert report.is_whole
    assert report.clock_steps == (11,)
