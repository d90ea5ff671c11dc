"""A part of the e-mails goes by post to finish sooner, and can come back until it is printed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import Cancelled
from app.core.recipient import PostalAddress
from app.services.control import Control
from app.services.plan_letters import PlanOptions, choose_by_post, chosen_by_post
from app.services.planning import plan
from app.services.to_paper import (
    MovedToPaper,
    give_part_to_post,
    move_to_paper,
    postable_waiting,
    take_back_from_post,
)
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, FixedClock, make_campaign

_S = DeliveryStatus
OPTIONS = PlanOptions(sender="contact@cabinet.example")


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    """Ten people with both addresses; the last has no street."""
    with make_campaign(tmp_path, 10) as made:
        made.update_recipient(replace(made.recipient(10), address=PostalAddress()))
        plan(made, OPTIONS, FixedClock())
        yield made


def waiting(campaign_file: CampaignFile, channel: Channel) -> list[int]:
    return [d.recipient_id for d in campaign_file.deliveries(_S.PENDING, channel=channel)]


def test_the_last_of_the_list_that_can_be_posted_go_by_post(campaign_file: CampaignFile) -> None:
    assert postable_waiting(campaign_file) == 9
    *_, end = give_part_to_post(campaign_file, 4, OPTIONS, clock=FixedClock())
    assert end == MovedToPaper(4)
    assert waiting(campaign_file, Channel.PAPER) == [6, 7, 8, 9]
    assert waiting(campaign_file, Channel.EMAIL) == [1, 2, 3, 4, 5, 10]
    assert campaign_file.balance().is_exact()
    kinds = [(event.kind, event.facts) for event in campaign_file.events()]
    assert ("moved_to_paper", {"run": 1, "count": 4}) in kinds


def test_a_later_plan_keeps_the_choice(campaign_file: CampaignFile) -> None:
    list(give_part_to_post(campaign_file, 4, OPTIONS))
    again = plan(campaign_file, OPTIONS)
    assert (again.added, again.count(Channel.PAPER)) == (0, 4)


def test_what_is_not_printed_goes_back_to_email(campaign_file: CampaignFile) -> None:
    list(give_part_to_post(campaign_file, 4, OPTIONS))
    printed = campaign_file.deliveries(_S.PENDING, channel=Channel.PAPER)
    campaign_file.move(next(printed).id, _S.PRINTED, now=NOW)
    assert list(take_back_from_post(campaign_file, OPTIONS)) == [3]
    assert waiting(campaign_file, Channel.PAPER) == []
    assert sorted(waiting(campaign_file, Channel.EMAIL)) == [1, 2, 3, 4, 5, 7, 8, 9, 10]
    assert chosen_by_post(campaign_file) == {6}
    assert plan(campaign_file, OPTIONS).added == 0
    ids = [letter.message_id for letter in campaign_file.deliveries(channel=Channel.EMAIL)]
    assert len(set(ids)) == len(ids)


def test_who_never_had_an_email_letter_is_not_taken_back(campaign_file: CampaignFile) -> None:
    campaign_file.add_recipients([replace(campaign_file.recipient(1), id=0, row=40, email="")])
    plan(campaign_file, OPTIONS)
    list(give_part_to_post(campaign_file, 1, OPTIONS))
    assert list(take_back_from_post(campaign_file, OPTIONS)) == [1]
    assert waiting(campaign_file, Channel.PAPER) == [11]


def test_a_stop_moves_nothing(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 600) as file:
        plan(file, OPTIONS)
        control = Control()
        control.stop()
        with pytest.raises(Cancelled):
            list(give_part_to_post(file, 600, OPTIONS, control))
        assert len(waiting(file, Channel.EMAIL)) == 600
        assert chosen_by_post(file) == frozenset()


def test_chosen_letters_that_wait_go_by_post_and_the_others_stay(
    campaign_file: CampaignFile,
) -> None:
    claimed = campaign_file.claim_next(NOW)
    assert claimed is not None
    assert move_to_paper(campaign_file, [1, 2, 10], OPTIONS) == MovedToPaper(1, (11,))
    assert chosen_by_post(campaign_file) == {2}


def test_the_choice_is_kept_as_ranges(campaign_file: CampaignFile) -> None:
    choose_by_post(campaign_file, {1, 2, 3, 7, 9, 10})
    assert campaign_file.setting("plan.by_post.1") == "1-3,7,9-10"
    assert chosen_by_post(campaign_file) == {1, 2, 3, 7, 9, 10}
    assert chosen_by_post(campaign_file, 2) == frozenset()
