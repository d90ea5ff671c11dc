"""Run by the kill tests in a process of its own: writes without end and says what was acknowledged.

python -m tests.support.kill_storage MODE FOLDER
"""

import itertools
import sys
from datetime import timedelta
from pathlib import Path

from app.core.campaign import DeliveryStatus
from app.credentials import MemoryCredentials
from app.services import campaigns, key_change, purging
from app.services.evidence import write_dossier
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY, NOW, make_recipient

S = DeliveryStatus


def say(text: str) -> None:
    """Acknowledge: written to the pipe before anything else happens."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def send(file: CampaignFile) -> None:
    for number in itertools.count():
        claimed = file.claim_next(NOW + timedelta(seconds=number))
        if claimed is None:
            say("done")
            return
        file.move(claimed[0].id, S.DOT, now=NOW, account="a")
        say(f"dot {claimed[0].id}")
        file.move(claimed[0].id, S.ACCEPTED, now=NOW)
        say(f"accepted {claimed[0].id}")


def write_rows(file: CampaignFile) -> None:
    for start in itertools.count(1000, 500):
        file.add_recipients(make_recipient(number) for number in range(start, start + 500))
        say(f"people {file.count_recipients()}")


def back_up(file: CampaignFile) -> None:
    for number in itertools.count():
        file.append_event("essai", {"number": number}, NOW)
        file.backup(NOW + timedelta(seconds=number))
        say(f"events {file.count_events()}")


def key(file: CampaignFile) -> None:
    credentials = MemoryCredentials()
    say("ready")
    campaigns.keep_key(credentials, file.campaign.id, KEY)
    file, _ = key_change.change_key(file, credentials)
    say("changed")


def purge(file: CampaignFile) -> None:
    say("ready")
    purging.purge(file, MemoryCredentials(), file.folder.parent / "c.pdf")
    say("purged")


def dossier(file: CampaignFile) -> None:
    for number in itertools.count():
        for _ in write_dossier(file, file.folder.parent / f"dossier {number}"):
            say("step")


MODES = {
    "send": send,
    "rows": write_rows,
    "backup": back_up,
    "key": key,
    "purge": purge,
    "dossier": dossier,
}

if __name__ == "__main__":
    MODES[sys.argv[1]](CampaignFile.open(Path(sys.argv[2]), KEY))
