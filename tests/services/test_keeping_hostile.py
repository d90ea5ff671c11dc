"""Two users, a copied file, a keyring that vanishes at any moment."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typing_extensions import override

from app.core.errors.storage import KeyMissing, NoCredentialStore
from app.credentials import MemoryCredentials
from app.services import campaigns, key_change, purging
from app.storage.campaign_file import CampaignFile
from app.storage.header import read_header
from tests.support.campaigns import NOW, FixedClock, make_recipient
from tests.support.finished_campaign import INCIDENT, PRACTICE

CLOCK = FixedClock()
_OTHER_USER = 65_534  # « nobody »
_OPENING = """
import os, sys
from pathlib import Path
from app.core.errors import UserError
from app.storage.campaign_file import CampaignFile
from app.wording import explain
os.setuid(int(sys.argv[2]))  # after the imports: the interpreter may lie in root's own folder
try:
    CampaignFile.open(Path(sys.argv[1]), bytes(32))
except UserError as error:
    print(type(error).__name__, explain(error).one_line())
"""


class VanishingCredentials(MemoryCredentials):
    """A keyring that is locked after so many secrets were written."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self.left = writes

    @override
    def set(self, name: str, secret: str) -> None:
        if self.left <= 0:
            raise NoCredentialStore
        self.left -= 1
        super().set(name, secret)


def create(folder: Path, credentials: MemoryCredentials) -> tuple[CampaignFile, str]:
    file, code = campaigns.create_campaign(
        folder / "Essai.avis34", "Essai", PRACTICE, INCIDENT, credentials, clock=CLOCK
    )
    file.add_recipients(make_recipient(number) for number in range(1, 4))
    return file, code


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can become somebody else"
)
def test_another_user_of_the_computer_gets_one_sentence(tmp_path: Path) -> None:
    file, _ = create(tmp_path, MemoryCredentials())
    file.close()
    for mode in (0o755, 0o700):  # may look into the folder, may not
        shared = tmp_path / f"partage {mode:o}"
        shutil.copytree(file.folder, shared / "Essai.avis34")
        for place in (shared, *shared.rglob("*")):
            place.chmod(mode if place.is_dir() else mode & 0o666)
        home = tmp_path / "ailleurs"
        home.mkdir(exist_ok=True)
        home.chmod(0o777)
        for parent in tmp_path.parents:
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o055)
        tmp_path.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", _OPENING, str(shared / "Essai.avis34"), str(_OTHER_USER)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "AVIS34_HOME": str(home)},
        )
        assert done.stderr == ""
        kind, _, sentence = done.stdout.partition(" ")
        assert kind in ("WrongKey", "CampaignNotYours"), done
        assert sentence.strip()


@pytest.mark.parametrize("writes", range(4))
def test_a_key_change_whose_keyring_vanishes_never_loses_the_campaign(
    tmp_path: Path, writes: int
) -> None:
    credentials = VanishingCredentials(1 + writes)  # one for the creation
    file, old_code = create(tmp_path, credentials)
    path = file.folder
    try:
        fresh, secrets = key_change.change_key(file, credentials, clock=CLOCK)
    except NoCredentialStore:
        assert file.count_recipients() == 3  # untouched, still open
        file.close()
        code = old_code
    else:
        fresh.close()
        code = secrets.recovery_code
    with campaigns.open_campaign(path, MemoryCredentials(), code, clock=CLOCK) as again:
        assert again.count_recipients() == 3
        assert again.verify_chain().is_whole
    # and this computer's keyring, as far as it got, opens it or says that it has no key
    try:
        campaigns.open_campaign(path, credentials, clock=CLOCK).close()
    except KeyMissing:
        assert writes == 0 or credentials.left == 0


@pytest.mark.parametrize("writes", range(3))
def test_a_purge_whose_keyring_vanishes_is_finished_later(tmp_path: Path, writes: int) -> None:
    credentials = VanishingCredentials(1 + writes)
    file, old_code = create(tmp_path, credentials)
    path = file.folder
    certificate = tmp_path / "certificat.pdf"
    try:
        fresh, _ = purging.purge(file, credentials, certificate, clock=CLOCK)
    except NoCredentialStore:
        assert purging.is_unfinished(file)
        shown = key_change.prepare_code()
        fresh, result = purging.purge(file, credentials, certificate, code=shown, clock=CLOCK)
        assert result.recovery_code == shown
    assert not purging.is_unfinished(fresh)
    assert {person.last_name for person in fresh.recipients()} == {""}
    assert fresh.verify_chain().is_whole
    fresh.close()
    assert certificate.exists()
    assert old_code
    assert read_header(path).next_fingerprint == ""


def test_a_keyring_that_vanishes_before_the_opening_asks_for_the_code(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    file, code = create(tmp_path, credentials)
    file.close()
    credentials._available = False
    with pytest.raises(KeyMissing):
        campaigns.open_campaign(file.folder, credentials, clock=CLOCK)
    with campaigns.open_campaign(file.folder, credentials, code, clock=CLOCK) as again:
        assert again.count_recipients() == 3
        again.append_event("essai", {}, NOW)


def test_a_key_change_waits_for_a_preview_that_is_being_drawn(tmp_path: Path) -> None:
    credentials = MemoryCredentials()
    file, _ = create(tmp_path, credentials)
    preview = file.reopen()
    closing = threading.Timer(0.2, preview.close)
    closing.start()
    fresh, _ = key_change.change_key(file, credentials, clock=CLOCK)
    closing.join()
    assert fresh.count_recipients() == 3
    fresh.close()
