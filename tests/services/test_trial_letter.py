"""The letter to oneself goes the way of the real ones and holds no patient."""

import email
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest

from app.core.errors.mail import AccountMissing, PasswordMissing, TrialRefused
from app.core.mail_account import AuthKind, MailAccount
from app.services.departure import departure, plan_options, sender_address, trial_maildir
from app.services.trial_letter import TRIAL_SENT_AT, TRIAL_SENT_TO, TrialSent, send_trial_letter
from app.storage.campaign_file import CampaignFile
from tests.support.ready_campaign import NOW, StandingClock, few_people, ready_campaign
from tests.support.smtp_server import DROP, Script, ScriptedServer


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path)
    yield made
    made.close()


def test_a_sample_campaign_sends_to_its_own_trial_mailbox(campaign_file: CampaignFile) -> None:
    with departure(campaign_file, None) as way:
        events = list(
            send_trial_letter(campaign_file, way, "moi@cabinet.example", clock=StandingClock())
        )

    sent = events[-1]
    assert isinstance(sent, TrialSent)
    assert (sent.to, sent.is_trial_mailbox, sent.reply.code) == ("moi@cabinet.example", True, 250)
    kept = list((trial_maildir(campaign_file) / "new").iterdir())
    assert len(kept) == 1
    message = email.message_from_bytes(kept[0].read_bytes(), policy=policy.default)
    assert message["To"] == "moi@cabinet.example"
    assert message["From"].addresses[0].addr_spec == "contact@cabinet-tilleuls.example"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Camille Exemple" in text
    for person in few_people():
        assert person.last_name not in text
    assert campaign_file.setting(TRIAL_SENT_AT) == NOW.isoformat()
    assert campaign_file.setting(TRIAL_SENT_TO) == "moi@cabinet.example"
    assert "trial_letter" in [event.kind for event in campaign_file.events()]


def test_no_delivery_is_written_by_a_trial(campaign_file: CampaignFile) -> None:
    with departure(campaign_file, None) as way:
        list(send_trial_letter(campaign_file, way, "moi@cabinet.example"))
    assert not list(campaign_file.deliveries())


def test_it_is_signed_and_carries_its_pdf_as_the_letters_will(tmp_path: Path) -> None:
    with ScriptedServer() as server, ready_campaign(tmp_path, is_sample=False) as made:
        account = server.account(tmp_path, attach_pdf=True)
        signed: list[str] = []

        def sign(entity: bytes, boundary_seed: str) -> bytes:
            signed.append(boundary_seed)
            return entity

        with departure(made, account) as way:
            list(send_trial_letter(made, way, "moi@cabinet.example", sign=sign))
        message = email.message_from_bytes(server.received[0].content, policy=policy.default)
    assert len(signed) == 1
    kinds = [part.get_content_type() for part in message.walk()]
    assert "application/pdf" in kinds


@pytest.mark.parametrize(
    ("answer", "code"), [("550 5.1.1 inconnu", 550), ("451 4.3.0 plus tard", 451), (DROP, 0)]
)
def test_a_refusal_is_told(tmp_path: Path, answer: str, code: int) -> None:
    folder = tmp_path / "vrai"
    folder.mkdir()
    made = ready_campaign(folder, is_sample=False)
    script = Script(data=lambda _address: answer)
    with made, ScriptedServer(script) as server:
        account = server.account(tmp_path, auth=AuthKind.NONE)
        with departure(made, account) as way, pytest.raises(TrialRefused) as caught:
            list(send_trial_letter(made, way, "moi@cabinet.example"))
        assert caught.value.code == code
        assert made.setting(TRIAL_SENT_AT) is None


def test_a_real_campaign_needs_an_account_and_its_password(tmp_path: Path) -> None:
    account = MailAccount("contact@cabinet.example", "smtp.cabinet.example", 587)
    with ready_campaign(tmp_path, is_sample=False) as made:
        with pytest.raises(AccountMissing), departure(made, None):
            pass
        with pytest.raises(PasswordMissing), departure(made, account, lambda: ""):
            pass
        assert sender_address(made, account) == "contact@cabinet.example"


def test_a_sample_never_uses_the_practices_account(campaign_file: CampaignFile) -> None:
    account = MailAccount("vrai@cabinet.example", "smtp.cabinet.example", 587)
    with departure(campaign_file, account, lambda: "secret") as way:
        assert way.is_trial
        assert way.account.host == "127.0.0.1"
        assert way.account.address != account.address


def test_the_plan_knows_the_variant_and_the_sender(campaign_file: CampaignFile) -> None:
    options = plan_options(campaign_file, None)
    assert (options.template_id, options.annotations_template_id) == ("T01", "T02")
    assert options.sender == "contact@cabinet-tilleuls.example"
