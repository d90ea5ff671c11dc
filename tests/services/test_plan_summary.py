"""The figures of the review: counted, priced, kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.recipient import ExclusionReason
from app.services.departure import plan_options
from app.services.plan_summary import PlanSummary, kept_summary, summarise
from app.storage.campaign_file import CampaignFile
from tests.support.ready_campaign import StandingClock, few_people, hand_over_person, ready_campaign


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path, [*few_people(), hand_over_person()])
    yield made
    made.close()


def test_letters_sheets_and_stamps(campaign_file: CampaignFile) -> None:
    options = plan_options(campaign_file, None)
    summary = list(summarise(campaign_file, options, clock=StandingClock()))[-1]

    assert isinstance(summary, PlanSummary)
    assert (summary.email, summary.paper, summary.hand_over, summary.none) == (9, 2, 1, 1)
    assert summary.letters == 12
    assert summary.exclusions == {ExclusionReason.DUPLICATE: 1}
    # both variants fit on two pages, one sheet each; lettre verte up to 20 g: 1,52 €
    assert (summary.sheets, summary.stamps_cents) == (2, 304)


def test_the_figures_are_kept_and_nothing_is_planned(campaign_file: CampaignFile) -> None:
    assert kept_summary(campaign_file) is None
    summary = list(summarise(campaign_file, plan_options(campaign_file, None)))[-1]
    assert kept_summary(campaign_file) == summary
    assert not list(campaign_file.deliveries())
