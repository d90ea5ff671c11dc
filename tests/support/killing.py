"""Kill a sender again and again, then count letters on both sides."""

import email
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from app.core.campaign import DeliveryStatus
from app.mail.trial_mailbox import TrialMailbox
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Account:
    """What the journal says and what the mailbox holds at the end."""

    kills: int
    kept: Counter[str]
    statuses: dict[str, DeliveryStatus]
    uncertain_after_kill: list[int]
    #: the closing balance after each kill and at the end
    exact: list[bool]
    chain_is_whole: bool

    @property
    def twice(self) -> list[str]:
        """Letters the mailbox holds more than once."""
        return [code for code, copies in self.kept.items() if copies > 1]

    @property
    def lost(self) -> list[str]:
        """Called accepted and not in the mailbox, or neither accepted nor uncertain at the end."""
        known = (DeliveryStatus.ACCEPTED, DeliveryStatus.UNCERTAIN)
        missing = [
            code
            for code, status in self.statuses.items()
            if (status is DeliveryStatus.ACCEPTED and not self.kept[code]) or status not in known
        ]
        return missing + [code for code in self.kept if self.statuses.get(code) not in known]


def kill_again_and_again(
    campaign: Path,
    mailbox: TrialMailbox,
    *,
    lanes: int,
    kills: int,
    chance: random.Random,
    longest: float,
) -> Account:
    """Start the sender, kill it after a random time, ``kills`` times; then let it finish."""
    command = [sys.executable, "-m", "tests.support.sender_process", str(campaign)]
    command += [str(mailbox.port), str(mailbox.ca_file), str(lanes)]
    done, uncertain, exact = 0, [], []
    before = 0
    while True:
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as sender:
            assert sender.stdout is not None
            assert sender.stdout.readline() == "ready\n"
            if done >= kills:
                assert sender.wait(timeout=600) == 0
                break
            try:
                code = sender.wait(timeout=chance.uniform(0, longest))
                assert code == 0
                break  # nothing left to kill
            except subprocess.TimeoutExpired:
                sender.kill()
                done += 1
        with CampaignFile.open(campaign, KEY) as file:
            counts = file.delivery_counts()
            exact.append(file.balance().is_exact())
            now = sum(
                number
                for (_, status), number in counts.items()
                if status in (DeliveryStatus.DOT, DeliveryStatus.UNCERTAIN)
            )
        uncertain.append(now - before)
        before = now
    kept: Counter[str] = Counter()
    for message in mailbox.messages():
        with message.open("rb") as stream:
            kept[str(email.message_from_binary_file(stream)["X-Lettre-Id"])] += 1
    with CampaignFile.open(campaign, KEY) as file:
        statuses = {letter.code: letter.status for letter in file.deliveries()}
        chain = file.verify_chain()
        exact.append(file.balance().is_exact())
    return Account(done, kept, statuses, uncertain, exact, chain.is_whole)
