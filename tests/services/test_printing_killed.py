"""``avis34 imprimer`` as a real process, stopped or killed: whole files only, nobody twice, nobody lost."""

import hashlib
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.core.campaign import (
    CODE_ALPHABET,
    Channel,
    Delivery,
    DeliveryStatus,
    new_letter_code,
)
from app.credentials import MemoryCredentials
from app.services.campaigns import create_campaign, open_campaign
from app.services.print_records import printed_files
from app.services.samples import load_sample, sample_ids
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import make_recipient
from tests.support.printing import LETTER_DAY, address_of, statuses
from tests.support.reviewed import review_everything

PEOPLE = 160
PER_FILE = 20
_CODE = re.compile(rf"[{CODE_ALPHABET}]{{4}}-[{CODE_ALPHABET}]{{4}}-[{CODE_ALPHABET}]")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")


def code(number: int) -> str:
    """As random as real ones, always the same."""
    return new_letter_code(hashlib.sha256(bytes([number])).digest()[:8])


class Place:
    """A campaign, its recovery code, and the folder of the PDFs."""

    def __init__(self, folder: Path) -> None:
        sample = load_sample(sample_ids()[0], LETTER_DAY)
        self.campaign = folder / "essai.avis34"
        self.target = folder / "lettres.pdf"
        self.credentials = MemoryCredentials()
        made, self.code = create_campaign(
            self.campaign, "Essai", sample.practice, sample.incident, self.credentials
        )
        with made, made.transaction():
            made.add_recipients(
                make_recipient(number, email="", address=address_of(number))
                for number in range(1, PEOPLE + 1)
            )
            made.add_deliveries(
                Delivery(
                    number, Channel.PAPER, DeliveryStatus.PENDING, code(number),
                    template_id=sample.incident.template_id,
                )
                for number in range(1, PEOPLE + 1)
            )  # fmt: skip
        with self.opened() as file:
            review_everything(file)

    def opened(self) -> CampaignFile:
        return open_campaign(self.campaign, self.credentials)

    def printing(self) -> "subprocess.Popen[str]":
        words = ["imprimer", str(self.campaign), "--vers", str(self.target), "--code"]
        words += ["--par-fichier", str(PER_FILE)]
        process = subprocess.Popen(
            [sys.executable, "-m", "app", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        )
        assert process.stdin is not None
        process.stdin.write(f"{self.code}\n")
        process.stdin.flush()
        return process

    def files(self) -> list[Path]:
        return sorted(self.target.parent.glob("lettres*.pdf"))

    def codes(self) -> Counter[str]:
        """How often each letter's first page is in the files; every file opens whole."""
        found: Counter[str] = Counter()
        for path in self.files():
            document = pdfium.PdfDocument(path)
            for page in document:
                text = page.get_textpage().get_text_range()
                if re.search(r"page\s+1/", text):
                    found.update(set(_CODE.findall(text)))
            document.close()
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def wait_for(process: "subprocess.Popen[str]", is_there: Callable[[], bool]) -> None:
    while process.poll() is None and not is_there():
        pass


def finish(place: Place) -> None:
    process = place.printing()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, (out, err)


def assert_everybody_once(place: Place) -> None:
    assert place.codes() == Counter({code(number): 1 for number in range(1, PEOPLE + 1)})
    assert not list(place.target.parent.glob("*.en-cours"))
    with place.opened() as file:
        assert statuses(file) == {DeliveryStatus.PRINTED: PEOPLE}
        assert file.verify_chain().first_break is None
        recorded = {Path(printed.path) for _, printed in printed_files(file)}
    assert recorded == set(place.files())


def test_ctrl_c_keeps_whole_files_and_the_next_run_goes_on(place: Place) -> None:
    process = place.printing()
    wait_for(process, lambda: len(place.files()) >= 2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    done = place.codes()
    assert 0 < len(done) < PEOPLE
    assert not list(place.target.parent.glob("*.en-cours"))
    with place.opened() as file:
        assert statuses(file)[DeliveryStatus.PRINTED] == len(done)
    finish(place)
    assert_everybody_once(place)


def test_killed_again_and_again_nobody_is_lost_or_doubled(place: Place) -> None:
    for wanted in (1, 3, 4):
        process = place.printing()
        wait_for(process, lambda wanted=wanted: len(place.files()) >= wanted)  # type: ignore[misc]
        process.kill()
        process.communicate(timeout=60)
        for path in place.files():  # whatever has its final name is whole
            pdfium.PdfDocument(path).close()
    finish(place)
    assert_everybody_once(place)


def test_a_folder_that_refuses_is_said(place: Place) -> None:
    place.target = Path("/dev/full/lettres.pdf")
    process = place.printing()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "n’a pas pu être écrit" in err
    with place.opened() as file:
        assert statuses(file) == {DeliveryStatus.PENDING: PEOPLE}
