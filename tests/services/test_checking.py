"""``avis34 controler``, from the command line."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.controler import FAULT, controler
from app.core.errors.storage import DossierUnreadable
from app.credentials import KeyringCredentials, MemoryCredentials
from app.services import campaigns, checking, key_change
from app.services.evidence import Dossier, write_dossier
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY, NOW, FixedClock
from tests.support.finished_campaign import finished_campaign

CLOCK = FixedClock(NOW + timedelta(days=10))


def run(*words: str, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(controler, list(words), standalone_mode=False, input=typed)
    assert result.exception is None, result.exception
    return result.return_value, result.output


def closed_campaign(tmp_path: Path) -> Path:
    with finished_campaign(tmp_path) as file:
        campaigns.keep_key(KeyringCredentials(), file.campaign.id, KEY)
        return file.folder


def test_a_sound_campaign(tmp_path: Path) -> None:
    code, text = run(str(closed_campaign(tmp_path)))
    assert code == 0
    assert "Tout concorde." in text
    assert "toutes dans l’état que dit le journal" in text
    code, text = run(str(tmp_path / "essai.avis34"), "--json")
    found = json.loads(text)
    assert (code, found["whole"], found["letters_apart"]) == (0, True, 0)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM events WHERE seq=9", "rompu à la ligne 9"),
        ("UPDATE deliveries SET status='accepted' WHERE id=40", "1 lettre dans un état"),
    ],
)
def test_an_altered_campaign(tmp_path: Path, sql: str, words: str) -> None:
    path = closed_campaign(tmp_path)
    with CampaignFile.open(path, KEY) as file, file.transaction():
        file._execute(sql)
    code, text = run(str(path))
    assert code == FAULT
    assert words in text.replace("\u00a0", " ")


def test_a_dossier_without_any_key(tmp_path: Path) -> None:
    with finished_campaign(tmp_path) as file:
        *_, made = write_dossier(file, tmp_path / "dossier", clock=CLOCK)
    assert isinstance(made, Dossier)
    assert run(str(made.folder))[0] == 0
    (made.folder / "lettres.csv").write_text("autre")
    code, text = run(str(made.folder))
    assert code == FAULT
    assert "lettres.csv" in text
    code, text = run(str(made.folder), "--json")
    assert json.loads(text)["wrong_files"] == ["lettres.csv"]
    (made.folder / "dossier.json").write_text("{}")
    with pytest.raises(DossierUnreadable):
        checking.check_dossier(made.folder)
    with pytest.raises(DossierUnreadable):
        checking.check_dossier(tmp_path)


def test_a_campaign_of_another_computer_is_checked_with_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = closed_campaign(tmp_path)
    with CampaignFile.open(path, KEY) as file:
        code = key_change.new_code(file, CLOCK)
        KeyringCredentials().delete(campaigns.credential_name(file.campaign.id))
    monkeypatch.setenv("AVIS34_HOME", str(tmp_path / "other"))
    monkeypatch.setattr("getpass.getpass", lambda *_: code)
    status, text = run(str(path))
    assert status == 0
    assert "vient d’un autre ordinateur" in text
    checked = checking.check_campaign(path, MemoryCredentials(), code, CLOCK)
    assert "other_computer" in checked.doubts
