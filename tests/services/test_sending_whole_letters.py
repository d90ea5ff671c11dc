"""Real letters over the real engine: their own wording, their PDF, the practice's signature."""

import email
import email.policy
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.core.campaign import DeliveryStatus
from app.mail.smime import load_signature, signer
from app.services import lettering
from app.services.attached_pdf import pdf_attacher
from app.services.control import Control
from app.services.samples import load_sample, sample_ids
from app.services.sending import Finished, SendingRun, smtp_transports
from app.storage.campaign_file import CampaignFile
from tests.doors.test_mail_smime import NOW as SIGNED_AT
from tests.doors.test_mail_smime import p12, verify
from tests.support.campaigns import make_campaign
from tests.support.smtp_server import KEEP_AND_DROP, OK, Script, ScriptedServer


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    sample = load_sample(sample_ids()[0], datetime.now(UTC).date())
    with make_campaign(tmp_path, 2, letters=True) as file:
        file.save_incident(sample.incident)
        file.save_practice(sample.practice)
        yield file


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_each_letter_takes_its_own_pdf_along_and_a_resend_the_same_bytes(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    script = Script(data=lambda address: KEEP_AND_DROP if address.startswith("patient1@") else OK)
    with ScriptedServer(script) as server:
        account = server.account(tmp_path)

        def go() -> object:
            run = SendingRun(
                campaign,
                smtp_transports(account),
                lettering.renderer_for,
                account,
                before_first=lettering.freeze,
                attach_for=pdf_attacher,
            )
            return list(run.run(Control()))[-1]

        assert isinstance(go(), Finished)
        campaign.move(1, DeliveryStatus.PENDING, now=datetime.now(UTC))
        script.data = lambda _address: OK
        assert isinstance(go(), Finished)
    by_address = {message.recipients[0]: message.content for message in server.received}
    copies = [m.content for m in server.received if m.recipients[0] == "patient1@exemple.fr"]
    assert len(copies) == 2
    assert copies[0] == copies[1]
    for number in (1, 2):
        person, code = campaign.recipient(number), campaign.delivery(number).code
        message = parsed(by_address[person.email])
        body = message.get_body(("plain",))
        assert body is not None
        assert person.last_name in body.get_content()
        (attached,) = message.iter_attachments()
        assert attached.get_filename() == "lettre.pdf"
        pages = PdfReader(io.BytesIO(attached.get_content())).pages
        assert code in "".join(page.extract_text() for page in pages)


def test_signed_letters_are_accepted_by_openssl(campaign: CampaignFile, tmp_path: Path) -> None:
    signature = load_signature(
        p12(tmp_path), "mot de passé", "contact@cabinet-exemple.fr", SIGNED_AT
    )
    with ScriptedServer() as server:
        account = server.account(tmp_path)
        run = SendingRun(
            campaign,
            smtp_transports(account),
            lettering.renderer_for,
            account,
            sign=signer(signature),
        )
        assert isinstance(list(run.run(Control()))[-1], Finished)
    for message in server.received:
        checked = verify(message.content, tmp_path)
        assert checked.returncode == 0, checked.stderr
