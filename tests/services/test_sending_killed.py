"""kill -9 at random moments: no letter twice, none lost, at most one uncertain per lane and kill."""

import random
from pathlib import Path

import pytest

from app.mail.trial_mailbox import TrialMailbox
from tests.support.campaigns import make_campaign
from tests.support.killing import kill_again_and_again


@pytest.mark.slow
@pytest.mark.parametrize("lanes", [1, 4])
def test_killed_at_random_moments(lanes: int, tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path, 600, letters=True)
    folder = campaign.folder
    campaign.close()
    with TrialMailbox(tmp_path / "boite") as mailbox:
        account = kill_again_and_again(
            folder,
            mailbox,
            lanes=lanes,
            kills=8,
            chance=random.Random(lanes),
            longest=0.5,
        )
    assert account.kills >= 3
    assert account.twice == []
    assert account.lost == []
    assert max(account.uncertain_after_kill) <= lanes
    assert all(account.exact)
    assert account.chain_is_whole
