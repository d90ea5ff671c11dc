"""``avis34 demo`` as a user runs it: twice, killed and started again, and what it leaves on the disk."""

import random
import re
import signal
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pypdf
import pytest

from app.core.address import address_block
from app.core.recipient import Recipient
from app.credentials import KeyringCredentials
from app.services.invented_patients import invented_patients
from app.services.sample_campaign import open_sample_campaign
from tests.journeys.demo_runs import Trial


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path / "essai", tmp_path / "profil")


def people_of(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> list[Recipient]:
    monkeypatch.setenv("AVIS34_HOME", str(trial.home))
    campaign_file = open_sample_campaign(trial.folder / "Exemple.avis34", KeyringCredentials())
    with campaign_file:
        return list(campaign_file.recipients())


def folded(text: str) -> str:
    plain = (
        unicodedata.normalize(
            "NFKD", text.replace("’", " ").replace("\u0153", "oe").replace("Œ", "OE")
        )
        .encode("ascii", "ignore")
        .decode()
    )
    return " ".join(re.findall(r"[A-Z0-9]+", plain.upper()))


def full_name(person: Recipient) -> str:
    return folded(f"{person.first_name} {person.last_name}")


def test_the_sample_list_then_nothing_left(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    first = trial.run_json()
    assert first["exact"]
    assert first["by_status"]["accepted"] == first["sent_now"] == len(trial.messages())
    assert first["by_status"]["printed"] == first["printed_now"] > 0
    assert first["recovery_code"].count("-") == 4
    second = trial.run_json()
    assert second["sent_now"] == second["printed_now"] == 0
    assert len(trial.messages()) == first["sent_now"]
    spoken = trial.run()
    assert "Il ne restait rien à envoyer" in spoken.stdout

    people = people_of(trial, monkeypatch)
    assert len(people) == first["total"] >= 60
    check_messages(trial, people)
    check_pages(trial, people)
    check_nothing_in_clear(trial, people)


def check_messages(trial: Trial, people: list[Recipient]) -> None:
    """Each message: one recipient, its own patient's name, nobody else's."""
    by_code: dict[str, Any] = {}
    for message in trial.messages():
        assert message["Cc"] is message["Bcc"] is None
        addresses = [address for _, address in getaddresses([str(message["To"])])]
        assert addresses == [message["Delivered-To"]]
        text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        page = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
        words = folded(text)
        named = {full_name(p) for p in people if f" {full_name(p)} " in f" {words} "}
        mine = {full_name(p) for p in people if p.email == addresses[0]}
        guardians = folded(" ".join(p.representative for p in people if p.email == addresses[0]))
        assert len(named & mine) == 1, addresses
        assert all(name in mine or name in guardians for name in named)
        assert "src=" not in page
        assert "{{" not in text
        code = str(message["X-Lettre-Id"])
        assert code in text
        by_code[code] = message
    assert len(by_code) == len(trial.messages())


def check_pages(trial: Trial, people: list[Recipient]) -> None:
    """Each printed page names one patient of the list; all patients without e-mail are there."""
    reader = pypdf.PdfReader(next(trial.folder.glob("*.pdf")))
    codes: Counter[str] = Counter()
    seen: set[str] = set()
    for page in reader.pages:
        text = page.extract_text()
        found = set(
            re.findall(r"\b[2-9A-HJKMNP-TV-Y]{4}-[2-9A-HJKMNP-TV-Y]{4}-[2-9A-HJKMNP-TV-Y]\b", text)
        )
        if not text.strip():
            continue  # the back of an odd page
        assert len(found) == 1
        codes.update(found)
        words = f" {folded(text)} "
        seen |= {full_name(p) for p in people if f" {full_name(p)} " in words}
    on_paper = [p for p in people if not p.is_excluded and not p.email and p.address.is_complete()]
    missing = [p.row for p in on_paper if full_name(p) not in seen and p.restriction == "none"]
    assert missing == []
    assert "Jeanne" not in str(reader.metadata)


def check_nothing_in_clear(trial: Trial, people: list[Recipient]) -> None:
    """Campaign, settings, log: no name, no address. The letters themselves are what the user asked for."""
    letters = {
        path for path in trial.files() if path.suffix in (".pdf", ".txt") or "boite" in str(path)
    }
    secrets = {value.encode() for p in people for value in (p.last_name, p.email) if len(value) > 5}
    secrets |= {p.address.street.encode() for p in people if len(p.address.street) > 8}
    assert secrets
    for path in set(trial.files()) - letters:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path


def test_invented_people_are_the_same_for_a_seed(tmp_path: Path) -> None:
    first, second = (list(invented_patients(50, 7)) for _ in range(2))
    assert first == second
    assert first != list(invented_patients(50, 8))
    postable = [address_block(p, date(2026, 11, 22)).is_postable for p in first]
    assert any(postable)


def kill_at_random(trial: Trial, times: int, longest_s: float, seed: int) -> Iterator[None]:
    moments = random.Random(seed)
    for _ in range(times):
        process = trial.start("--json")
        try:
            process.communicate(timeout=moments.uniform(0.4, longest_s))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        yield


@pytest.mark.slow
@pytest.mark.parametrize("lanes", [1, 4])
def test_killed_at_random_moments(tmp_path: Path, lanes: int) -> None:
    arguments = ("--patients", "800", "--voies", str(lanes))
    trial = Trial(tmp_path / "essai", tmp_path / "profil", arguments)
    kills = sum(1 for _ in kill_at_random(trial, 8, 4.0, seed=lanes))
    end = trial.run_json()
    assert end["exact"]
    received = Counter(str(message["Message-ID"]) for message in trial.messages())
    assert set(received.values()) == {1}
    codes = Counter(str(message["X-Lettre-Id"]) for message in trial.messages())
    assert set(codes.values()) == {1}
    accepted, uncertain = end["by_status"].get("accepted", 0), len(end["uncertain_rows"])
    assert accepted <= len(received) <= accepted + uncertain
    assert accepted + uncertain == end["by_channel"]["email"]
    assert uncertain <= lanes * kills
