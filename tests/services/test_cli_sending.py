"""The commands for scheduled runs: what they print and with which code they end."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import settings
from app.cli.envoyer import envoyer
from app.cli.etat import etat
from app.cli.retours import retours
from app.core.campaign import DeliveryStatus
from app.core.mail_account import MailAccount
from app.core.pacing import HOUR, RateWindow
from app.credentials import KeyringCredentials
from app.services.campaigns import keep_key
from app.settings import Settings
from app.storage.campaign_file import CampaignFile
from tests.doors.test_mail_reports import dsn
from tests.support.campaigns import KEY, NOW, make_campaign, make_delivery, make_recipient
from tests.support.sending import plain_renderer
from tests.support.smtp_server import KEEP_AND_DROP, OK, Script, ScriptedServer

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared campaign of four letters whose key is in the keyring."""
    # the letters' own wording is tested elsewhere; here a renderer without template is enough
    monkeypatch.setattr("app.services.lettering.renderer_for", plain_renderer)
    monkeypatch.setattr("app.services.lettering.freeze", lambda *_args, **_named: None)
    # so is the check of every letter: test_letter_gate
    monkeypatch.setattr("app.cli.envoyer.letters_may_leave", lambda *_args, **_named: True)
    with make_campaign(tmp_path, 4, letters=True) as file:
        keep_key(KeyringCredentials(), file.campaign.id, KEY)
        return file.folder


def use(account: MailAccount) -> None:
    settings.save(replace(Settings(), account=account))


def run(command: object, *words: object, entry: str = "") -> Result:
    texts = [str(word) for word in words]
    return CliRunner().invoke(command, texts, input=entry, standalone_mode=False)  # type: ignore[arg-type]


def statuses(folder: Path) -> list[DeliveryStatus]:
    with CampaignFile.open(folder, KEY) as file:
        return [letter.status for letter in file.deliveries()]


def test_the_first_start_wants_the_number_of_letters(folder: Path, tmp_path: Path) -> None:
    with ScriptedServer() as server:
        use(server.account(tmp_path))
        refused = run(envoyer, folder)
        wrong = run(envoyer, folder, "--nombre", 5)
        assert not server.received
        done = run(envoyer, folder, "--nombre", 4, "--json")
    assert (refused.return_value, wrong.return_value) == (2, 2)
    assert "--nombre 4" in refused.output
    assert done.return_value == 0
    assert json.loads(done.stdout)["by_status"] == {"accepted": 4}
    assert len(server.received) == 4


def test_the_number_confirms_once_and_is_kept_in_the_journal(folder: Path, tmp_path: Path) -> None:
    with ScriptedServer() as server:
        use(server.account(tmp_path))
        first = run(envoyer, folder, "--nombre", 4, "--premieres", 2)
        with CampaignFile.open(folder, KEY) as file:
            confirmed = [dict(event.facts) for event in file.events(kind="sending_confirmed")]
            copies = len(file.backups())
            file.claim_next(NOW)  # as a kill leaves it
        second = run(envoyer, folder)
        with CampaignFile.open(folder, KEY) as file:
            person = file.add_recipients([make_recipient(5)]) and 5
            file.add_deliveries([make_delivery(person)])
        late = run(envoyer, folder)
    assert (first.return_value, second.return_value) == (3, 0), second.output
    assert confirmed == [{"run": 1, "letters": 4}]
    assert copies == 1
    assert late.return_value == 2
    assert "--nombre 1" in late.output
    assert len(server.received) == 4


def test_the_password_comes_from_the_standard_input(folder: Path, tmp_path: Path) -> None:
    with ScriptedServer(wants_login=True) as server:
        use(server.account(tmp_path))
        done = run(envoyer, folder, "--nombre", 4, "--mot-de-passe", entry="mot de passé\n")
    assert done.return_value == 0, done.output
    assert server.logins[0][2] == "mot de passé"


def test_letters_left_for_later_have_their_code_and_their_hour(
    folder: Path, tmp_path: Path
) -> None:
    with ScriptedServer() as server:
        use(server.account(tmp_path, limits=(RateWindow(3, HOUR),)))
        done = run(envoyer, folder, "--nombre", 4, "--attendre-au-plus", 0, "--json")
    answer = json.loads(done.stdout)
    assert done.return_value == answer["code"] == 3
    assert answer["resume_at"]
    assert statuses(folder).count(DeliveryStatus.ACCEPTED) == 3


def test_the_first_letters_then_the_hand_is_given_back(folder: Path, tmp_path: Path) -> None:
    with ScriptedServer() as server:
        use(server.account(tmp_path))
        done = run(envoyer, folder, "--nombre", 4, "--premieres", 2)
    assert done.return_value == 3
    assert statuses(folder).count(DeliveryStatus.ACCEPTED) == 2


def test_a_fault_that_needs_a_person(folder: Path, tmp_path: Path) -> None:
    with ScriptedServer(certificate="wrong_name") as server:
        use(server.account(tmp_path))
        done = run(envoyer, folder, "--nombre", 4)
    assert done.return_value == 4
    assert "pas sûre" in done.stderr
    assert statuses(folder) == [DeliveryStatus.PENDING] * 4


def test_uncertain_letters_have_their_code(folder: Path, tmp_path: Path) -> None:
    script = Script(data=lambda address: KEEP_AND_DROP if address.startswith("patient2") else OK)
    with ScriptedServer(script) as server:
        use(server.account(tmp_path))
        done = run(envoyer, folder, "--nombre", 4)
    assert done.return_value == 5
    state = run(etat, folder, "--json")
    answer = json.loads(state.stdout)
    assert state.return_value == 0
    assert answer["by_status"] == {"accepted": 3, "uncertain": 1}
    assert answer["uncertain_rows"] == [3]
    assert answer["exact"]


def test_the_state_names_nobody(folder: Path) -> None:
    done = run(etat, folder)
    assert "À envoyer" in done.stdout
    assert "LEFÈVRE" not in done.stdout
    assert "exemple.fr" not in done.stdout


def test_returned_mail_is_read_and_given_to_paper(folder: Path, tmp_path: Path) -> None:
    with CampaignFile.open(folder, KEY) as file:
        for number in range(1, 5):
            file.claim_next(NOW)
            file.move(number, DeliveryStatus.DOT, now=NOW, sha256="00")
            file.move(number, DeliveryStatus.ACCEPTED, now=NOW)
        letter = file.delivery(2)
    saved = tmp_path / "retour.eml"
    saved.write_bytes(dsn(returned=f"Message-ID: {letter.message_id}\r\n"))
    told = run(retours, folder, saved)
    assert told.return_value == 0
    assert "Ligne 3 : adresse inconnue." in told.stdout.replace("\u00a0", " ")
    again = run(retours, folder, saved, "--vers-papier", "--json")
    answer = json.loads(again.stdout)
    assert answer["counts"]["known"] == 1
    assert answer["given_to_paper"] == 1
    assert statuses(folder)[1] is DeliveryStatus.REPLACED
