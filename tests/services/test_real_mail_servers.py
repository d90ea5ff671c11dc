"""The whole way against Postfix and Dovecot: letters, limits, returned mail, the Sent folder."""

import email
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from app.core.campaign import DeliveryStatus
from app.core.mail_account import AuthKind, MailAccount
from app.core.pacing import MINUTE, RateWindow
from app.mail.connecting import client_context
from app.services.bounces import BounceSummary, Outcome, Taken, from_imap
from app.services.control import Control
from app.services.sending import (
    Finished,
    LimitLearned,
    SendingEvent,
    SendingRun,
    Stopped,
    Waiting,
    WaitReason,
    smtp_transports,
)
from app.services.uncertain import look_in_sent_folder
from app.storage.campaign_file import CampaignFile
from app.wording.refusals import refusal
from tests.support.campaigns import make_campaign
from tests.support.mail_servers import HOST, USER, WORD, MailServers, why_not
from tests.support.sending import plain_renderer
from tests.support.smtp_server import Script, ScriptedServer

pytestmark = [
    pytest.mark.needs_mail_servers,
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "-"),
]
_S = DeliveryStatus


def elsewhere(address: str) -> str:
    """The receivers' server: knows nobody, and has one full mailbox."""
    if address.startswith("plein"):
        return "552 5.1.1 Boite du destinataire pleine"
    return "550 5.1.1 User unknown"


@pytest.fixture
def servers() -> Iterator[MailServers]:
    with (
        ScriptedServer(Script(rcpt=elsewhere), protection="") as others,
        MailServers(elsewhere=others.port) as running,
    ):
        yield running


def account_of(servers: MailServers) -> MailAccount:
    return MailAccount(
        USER,
        HOST,
        servers.smtp_port,
        user_name=USER,
        ca_file=servers.ca_file,
        limits=(),
        imap_host=HOST,
        imap_port=servers.imap_port,
    )


def password() -> str:
    return WORD


def send(file: CampaignFile, account: MailAccount) -> list[SendingEvent]:
    run = SendingRun(file, smtp_transports(account, password), plain_renderer, account)
    return list(run.run(Control()))


def with_addresses(file: CampaignFile, *addresses: str) -> None:
    for number, address in enumerate(addresses, start=1):
        file.update_recipient(replace(file.recipient(number), email=address))


def inbox(servers: MailServers) -> IMAPClient:
    client = IMAPClient(HOST, servers.imap_port, ssl_context=client_context(servers.ca_file))
    client.plain_login(USER, WORD)
    return client


def wait_for(servers: MailServers, count: int) -> None:
    """Until the inbox holds ``count`` messages (a real server delivers when it pleases)."""
    client = inbox(servers)
    client.select_folder("INBOX", readonly=True)
    for _ in range(100):
        client.noop()
        if len(client.search()) >= count:
            break
        client.idle()
        client.idle_check(timeout=0.2)
        client.idle_done()
    assert len(client.search()) >= count
    client.logout()


def test_letters_arrive_and_returned_mail_finds_its_letter(
    servers: MailServers, tmp_path: Path
) -> None:
    account = account_of(servers)
    with make_campaign(tmp_path, 4, letters=True) as file:
        with_addresses(
            file, USER, "a@inconnu.example", "plein@inconnu.example", "personne@cabinet.example"
        )
        events = send(file, account)
        assert isinstance(events[-1], Finished)
        assert [letter.status for letter in file.deliveries()] == [
            _S.ACCEPTED,
            _S.ACCEPTED,
            _S.ACCEPTED,
            _S.REJECTED,
        ]
        wait_for(servers, 3)  # one letter, two reports
        before = _flags(servers)
        *taken, summary = from_imap(file, account, password, Control())
        assert isinstance(summary, BounceSummary)
        assert summary.counts[Outcome.BOUNCED] == 2
        assert summary.counts[Outcome.UNMATCHED] == 0
        rows = {event.row for event in taken if isinstance(event, Taken)}
        assert rows == {file.recipient(2).row, file.recipient(3).row}
        assert [file.delivery(number).status for number in (1, 2, 3)] == [
            _S.ACCEPTED,
            _S.BOUNCED,
            _S.BOUNCED,
        ]
        reasons = [refusal(file.delivery(number).reply) for number in (2, 3)]
        assert reasons == ["adresse inconnue", "boîte pleine"]
        assert _flags(servers) == before
        *again, summary = from_imap(file, account, password, Control())
        assert again == []
        assert isinstance(summary, BounceSummary)


def _flags(servers: MailServers) -> dict[int, object]:
    client = inbox(servers)
    client.select_folder("INBOX", readonly=True)
    flags = client.get_flags(client.search())
    client.logout()
    assert len(flags) == 3
    assert all(b"\\Seen" not in each for each in flags.values())
    return dict(flags)


def test_a_letter_in_the_sent_folder_had_left(servers: MailServers, tmp_path: Path) -> None:
    account = account_of(servers)
    with make_campaign(tmp_path, 2, letters=True) as file:
        now = file.campaign.created_at
        for number in (1, 2):
            file.claim_next(now)
            file.move(number, _S.DOT, now=now, sha256="00")
            file.move(number, _S.UNCERTAIN, now=now)
        copy = email.message_from_string("Subject: Information\r\n\r\nMadame,\r\n")
        copy["Message-ID"] = file.delivery(2).message_id
        client = inbox(servers)
        client.append("Sent", copy.as_bytes())
        client.logout()
        looked = list(look_in_sent_folder(file, account, password, Control()))
        assert [(one.delivery.id, one.found) for one in looked] == [(1, False), (2, True)]
        assert file.delivery(1).status is _S.UNCERTAIN
        assert file.delivery(2).status is _S.ACCEPTED


def test_postfix_limit_is_met_waited_for_and_never_passed(
    tmp_path: Path,
) -> None:
    """anvil allows 6 a minute: without a window we meet its refusal, with one we never do."""
    with MailServers(per_minute=6, discard=True, with_dovecot=False) as servers:
        account = replace(account_of(servers), auth=AuthKind.NONE)
        with make_campaign(tmp_path, 12, letters=True) as file:
            control = Control()
            run = SendingRun(file, smtp_transports(account), plain_renderer, account).run(control)
            events: list[SendingEvent] = []
            for event in run:
                events.append(event)
                if isinstance(event, Waiting):
                    control.stop()
            waits = [event for event in events if isinstance(event, Waiting)]
            assert [wait.why for wait in waits] == [WaitReason.BACK_OFF]
            assert not any(isinstance(event, Stopped) for event in events)
            statuses = [letter.status for letter in file.deliveries()]
            assert statuses.count(_S.ACCEPTED) == 6
            assert statuses.count(_S.PENDING) == 6
            assert all(letter.attempts <= 1 for letter in file.deliveries())
            paced = replace(account, limits=(RateWindow(6, MINUTE),))
            resumed = Control()
            run = SendingRun(file, smtp_transports(paced), plain_renderer, paced).run(resumed)
            first = next(run)
            resumed.stop()
            rest = list(run)
    assert isinstance(first, Waiting)
    assert first.why is WaitReason.RATE
    assert first.until - waits[0].until < timedelta(seconds=2)
    assert not any(isinstance(event, LimitLearned) for event in [*events, *rest])
