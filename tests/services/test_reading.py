"""Five letters drawn among those that exist; reading counts once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.steps import LETTERS_TO_READ, Missing, Step, step_reports
from app.services.overview import LETTERS_BLOCKING, campaign_facts
from app.services.reading import draw_letters, drawn_letters, mark_read
from app.storage.campaign_file import CampaignFile
from tests.support.ready_campaign import few_people, ready_campaign


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path)
    yield made
    made.close()


def test_five_different_people_who_get_a_letter(campaign_file: CampaignFile) -> None:
    drawn = draw_letters(campaign_file)
    keys = {letter.recipient_id for letter in drawn}
    assert len(drawn) == len(keys) == LETTERS_TO_READ
    assert not any(campaign_file.recipient(key).is_excluded for key in keys)
    assert drawn_letters(campaign_file) == drawn


def test_draws_differ(campaign_file: CampaignFile) -> None:
    draws = {
        tuple(letter.recipient_id for letter in draw_letters(campaign_file)) for _ in range(12)
    }
    assert len(draws) > 1


def test_reading_counts_once_and_only_what_was_drawn(campaign_file: CampaignFile) -> None:
    drawn = draw_letters(campaign_file)
    first = drawn[0].recipient_id
    others = {person.id for person in campaign_file.recipients()} - {
        letter.recipient_id for letter in drawn
    }
    mark_read(campaign_file, first)
    mark_read(campaign_file, first)
    mark_read(campaign_file, others.pop())
    assert [letter.is_read for letter in drawn_letters(campaign_file)].count(True) == 1
    assert campaign_facts(campaign_file).letters_read == 1
    assert [event.kind for event in campaign_file.events()].count("letter_read") == 1


def test_a_new_draw_forgets_what_was_read(campaign_file: CampaignFile) -> None:
    mark_read(campaign_file, draw_letters(campaign_file)[0].recipient_id)
    draw_letters(campaign_file)
    assert campaign_facts(campaign_file).letters_read == 0


def test_a_list_of_three_is_read_with_three_letters(tmp_path: Path) -> None:
    folder = tmp_path / "court"
    folder.mkdir()
    # three letters among four people: the fourth has none
    people = [*few_people()[:3], few_people()[-1]]
    with ready_campaign(folder, people) as short:
        drawn = draw_letters(short)
        assert len(drawn) == 3
        for letter in drawn:
            mark_read(short, letter.recipient_id)
        short.set_setting(LETTERS_BLOCKING, "0")
        facts = campaign_facts(short)
        assert facts.letters_read >= facts.letters_to_read
        assert Missing.LETTERS_TO_READ not in _missing(short)


def _missing(campaign_file: CampaignFile) -> tuple[Missing, ...]:
    return step_reports(campaign_facts(campaign_file))[Step.REVIEW - 1].missing
