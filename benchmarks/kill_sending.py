"""kill -9 at random moments of a long sending, then letters counted on both sides.

``python -m benchmarks.kill_sending [--letters 20000] [--kills 200] [--lanes 1]``

The trial mailbox runs in this process, outside the killed one, and says 250 only once a message is on the
disk: it is the witness. Ends with code 1 when a letter is there twice or missing, when a kill left more
uncertain letters than lanes, or when a closing balance was not exact.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from app.core.campaign import DeliveryStatus
from app.mail.trial_mailbox import TrialMailbox
from tests.support.campaigns import make_campaign
from tests.support.killing import kill_again_and_again


def main() -> int:
    """Kill, count, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--lanes", type=int, default=1)
    parser.add_argument("--longest", type=float, default=1.0, help="seconds a sender may live")
    parser.add_argument("--seed", type=int, default=34)
    words = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="banc-") as place:
        os.environ["AVIS34_HOME"] = f"{place}/home"
        folder = Path(place)
        campaign = make_campaign(folder, words.letters, letters=True)
        campaign.close()
        with TrialMailbox(folder / "boite") as mailbox:
            account = kill_again_and_again(
                campaign.folder,
                mailbox,
                lanes=words.lanes,
                kills=words.kills,
                chance=random.Random(words.seed),
                longest=words.longest,
            )
    uncertain = [c for c, s in account.statuses.items() if s is DeliveryStatus.UNCERTAIN]
    kept = sum(account.kept[code] for code in uncertain)
    print(
        f"{words.letters} letters, {words.lanes} lane(s), {account.kills} kills in "
        f"{time.perf_counter() - start:.0f} s: {len(account.twice)} twice, {len(account.lost)} lost, "
        f"{len(uncertain)} uncertain ({kept} of them kept by the server), at most "
        f"{max(account.uncertain_after_kill)} a kill, balance exact {sum(account.exact)} times of "
        f"{len(account.exact)}, journal {'whole' if account.chain_is_whole else 'BROKEN'}"
    )
    good = (
        not account.twice
        and not account.lost
        and max(account.uncertain_after_kill) <= words.lanes
        and all(account.exact)
        and account.chain_is_whole
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
