"""Run by the kill tests in a process of its own: writes without end and says what was acknowledged.

python -m tests.support.kill_storage MODE FOLDER
"""

import itertools
import sys
from datetime import timedelta
from pathlib import Path

from typing_extensions import override

from app import settings
from app.core.campaign import DeliveryStatus
from app.core.incident import Incident
from app.core.practice import Practice
from app.credentials import MemoryCredentials
from app.services import backups, campaigns, follow_up, importing, key_change, purging
from app.services.evidence import write_dossier
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY, NOW, FixedClock, make_recipient

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
    credentials = KeptCredentials(file.folder.parent / "cle")
    say("ready")
    campaigns.keep_key(credentials, file.campaign.id, KEY)
    file, _ = key_change.change_key(file, credentials)
    say("changed")


def purge(file: CampaignFile) -> None:
    say("ready")
    credentials = KeptCredentials(file.folder.parent / "cle")
    purging.purge(file, credentials, file.folder.parent / "c.pdf")
    say("purged")


def dossier(file: CampaignFile) -> None:
    for number in itertools.count():
        for _ in write_dossier(file, file.folder.parent / f"dossier {number}"):
            say("step")


def importing_lists(file: CampaignFile) -> None:
    """A second list read again and again; each reading is one transaction."""
    source = file.folder.parent / "liste.csv"
    lines = [f"NOM{n};Zoé;patient{n}@exemple.fr;{n} rue du Lac;90000;Belfort" for n in range(400)]
    source.write_text("NOM;PRENOM;MAIL;ADRESSE;CP;VILLE\n" + "\n".join(lines), encoding="utf-8")
    say("ready")
    for number in itertools.count():
        *_, understood = importing.understand(source)
        if isinstance(understood, importing.Understanding):
            for _ in importing.apply(file, understood, clock=FixedClock()):
                pass
        say(f"imported {number}")


def follow_ups(file: CampaignFile) -> None:
    file.freeze_run(1, {"T01": ("objet", "texte")}, NOW)
    say("ready")
    wanted = follow_up.FollowUp("T14", follow_up.Audience.EVERYBODY, "Complément")
    follow_up.start(file, wanted, "contact@cabinet.exemple.fr", FixedClock())
    say("followed")


def restoring(file: CampaignFile) -> None:
    """Put the copy back again and again; the campaign is closed meanwhile."""
    path = file.folder
    copy = file.backup(NOW)
    credentials = MemoryCredentials()
    campaigns.keep_key(credentials, file.campaign.id, KEY)
    file.close()
    say("ready")
    for number in itertools.count():
        backups.restore(path, copy, credentials)
        say(f"restored {number}")


def creating(file: CampaignFile) -> None:
    credentials = KeptCredentials(file.folder.parent / "cle")
    file.close()
    say("ready")
    for number in itertools.count():
        path = file.folder.parent / f"Neuf {number}.avis34"
        made, _ = campaigns.create_campaign(path, "Neuf", Practice(), Incident(), credentials)
        made.close()
        say(f"created {number}")


def settings_written(file: CampaignFile) -> None:
    for number in itertools.count():
        settings.save(settings.Settings(campaigns_folder=f"/dossier/{number}"))
        say(f"saved {number}")


class KeptCredentials(MemoryCredentials):
    """Writes what it keeps to a file, for the process that looks afterwards."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._place = place

    @override
    def set(self, name: str, secret: str) -> None:
        super().set(name, secret)
        with self._place.open("a", encoding="ascii") as stream:
            stream.write(f"{name} {secret}\n")


MODES = {
    "import": importing_lists,
    "follow_up": follow_ups,
    "restore": restoring,
    "create": creating,
    "settings": settings_written,
    "send": send,
    "rows": write_rows,
    "backup": back_up,
    "key": key,
    "purge": purge,
    "dossier": dossier,
}

if __name__ == "__main__":
    MODES[sys.argv[1]](CampaignFile.open(Path(sys.argv[2]), KEY))
