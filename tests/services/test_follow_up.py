"""A second letter keeps the first as it was."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import BugError
from app.core.errors.storage import CampaignClosed
from app.services import due_days, follow_up, purging
from app.services.follow_up import Audience, FollowUp
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, FixedClock, make_campaign
from tests.support.finished_campaign import finished_campaign

SENDER = "contact@cabinet.exemple.fr"
LATER = FixedClock(NOW + timedelta(days=20))
S = DeliveryStatus


@pytest.fixture
def file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = finished_campaign(tmp_path)
    yield made
    made.close()


def test_each_audience_is_counted_then_planned_alike(file: CampaignFile) -> None:
    counts = follow_up.audience_counts(file)
    assert counts == {Audience.EVERYBODY: 58, Audience.INFORMED: 50, Audience.NOT_INFORMED: 2}
    run = follow_up.start(file, FollowUp("T14", Audience.INFORMED, "Complément"), SENDER, LATER)
    assert run == 2
    assert file.count_deliveries() == 62 + 50
    planned = list(file.deliveries(S.PENDING, run=2))
    assert len(planned) == 50
    assert {letter.template_id for letter in planned} == {"T14"}
    assert len({letter.code for letter in file.deliveries()}) == 112
    assert file.claim_next(LATER.now(), run=2) is not None


def test_the_first_run_stays_frozen(file: CampaignFile) -> None:
    first = file.run(1)
    follow_up.start(file, FollowUp("T14", Audience.EVERYBODY), SENDER, LATER)
    assert file.run(1) == first
    assert file.incident(1).template_id == "T01"
    assert file.incident(2).template_id == "T14"
    (event,) = file.events(kind="follow_up_started")
    assert event.facts["audience"] == "everybody"


def test_a_dead_mailbox_is_not_tried_again(file: CampaignFile) -> None:
    follow_up.start(file, FollowUp("T14", Audience.NOT_INFORMED), SENDER, LATER)
    second = list(file.deliveries(run=2))
    rejected = [letter for letter in second if letter.recipient_id == 32]
    assert [letter.channel for letter in rejected] == [Channel.PAPER]


def test_chosen_people_only_and_history_kept(file: CampaignFile) -> None:
    follow_up.start(
        file, FollowUp("T15", Audience.CHOSEN, chosen=frozenset({3, 40})), SENDER, LATER
    )
    assert [letter.recipient_id for letter in file.deliveries(run=2)] == [3, 40]
    assert [(item.run, item.template_id) for item in follow_up.history(file, 3)] == [
        (1, "T01"),
        (2, "T15"),
    ]


def test_reminders_default_to_the_promised_day(file: CampaignFile) -> None:
    assert due_days.reminder(file) is None
    due_days.set_reminder(file, date(2026, 3, 1))
    assert due_days.reminder(file) == date(2026, 3, 1)
    due_days.set_reminder(file, None)
    assert due_days.reminder(file) is None


def test_no_follow_up_without_a_first_letter_or_after_closing(
    file: CampaignFile, tmp_path: Path
) -> None:
    (tmp_path / "vide").mkdir()
    with make_campaign(tmp_path / "vide") as empty, pytest.raises(BugError):
        follow_up.start(empty, FollowUp("T14"), SENDER, LATER)
    purging.close_campaign(file, LATER)
    with pytest.raises(CampaignClosed):
        follow_up.start(file, FollowUp("T14"), SENDER, LATER)
