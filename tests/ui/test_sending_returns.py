"""Returned e-mails and uncertain letters: dropped files, the mailbox of a real server, the post in one click."""

import email
import mailbox
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.core.mail_account import MailAccount
from app.core.recipient import PostalAddress
from app.mail.connecting import client_context
from app.services.departure import plan_options
from app.services.planning import plan
from app.services.uncertain import it_left
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.returned_emails import ReturnedEmailsDialog
from app.ui.dialogs.uncertain import UncertainDialog
from app.ui.steps.sending import SendingPage
from tests.doors.test_mail_reports import dsn
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.mail_servers import HOST, USER, WORD, MailServers, why_not
from tests.support.ready_campaign import NOW, ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, settle
from tests.ui.sending_support import (
    bar_button,
    confirm,
    dialog_of,
    drop,
    opened,
    reviewed,
    statuses,
)

_S = DeliveryStatus


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    """Six people written to by e-mail; the second has no street, the last letter is uncertain."""
    account = MailAccount("contact@cabinet.example", "smtp.cabinet.example", 587)
    desk.settings.replace(replace(desk.settings.current, account=account))
    folder = tmp_path / "envoi"
    folder.mkdir()
    people = [make_recipient(number) for number in range(1, 7)]
    people[1] = replace(people[1], address=PostalAddress())
    with ready_campaign(folder, people, is_sample=False) as made:
        reviewed(made, desk)
        plan(made, plan_options(made, account), desk.clock)
        for number in range(1, 7):
            claimed = made.claim_next(NOW)
            assert claimed is not None
            made.move(claimed[0].id, _S.DOT, now=NOW)
            made.move(claimed[0].id, _S.ACCEPTED if number < 6 else _S.UNCERTAIN, now=NOW)
        yield made


def report(campaign_file: CampaignFile, number: int, **changes: str) -> bytes:
    letter = campaign_file.delivery(number)
    returned = f"Message-ID: {letter.message_id}\r\nX-Lettre-Id: {letter.code}\r\n"
    return dsn(returned=returned, **changes)


def cells(dialog: ReturnedEmailsDialog) -> list[tuple[str, ...]]:
    found = []
    for row in range(dialog.table.rowCount()):
        items = [dialog.table.item(row, column) for column in range(dialog.table.columnCount())]
        found.append(tuple("" if item is None else item.text() for item in items))
    return found


def test_files_dropped_on_the_page_are_read_and_the_people_written_to_by_post(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, tmp_path: Path
) -> None:
    one = tmp_path / "retour.eml"
    one.write_bytes(report(campaign_file, 1))
    box = mailbox.mbox(tmp_path / "retours.mbox")
    box.add(report(campaign_file, 2, diagnostic="smtp; 552 5.2.2 Mailbox full"))
    box.add(b"From: a@b.example\r\nSubject: Merci\r\n\r\nBonjour\r\n")
    box.close()
    page = opened(qtbot, desk, campaign_file)
    drop(page, one, tmp_path / "retours.mbox")
    settle(qtbot, desk)
    dialog = dialog_of(page, ReturnedEmailsDialog)
    assert cells(dialog) == [
        ("2", "DURAND Paul", "Lettre retournée", "adresse inconnue"),
        ("3", "N’DIAYE Aïssatou", "Lettre retournée", "boîte pleine"),
    ]
    assert dialog.summary_label.text() == (
        "3\u00a0messages lus\u00a0: 2\u00a0courriels retournés. "
        "1\u00a0message n’est pas un avis (réponse, absence)."
    )
    assert not dialog.read_button.isVisible()  # no mailbox to read is set
    assert "Dernière lecture à 10\u00a0h\u00a004" in dialog.read_label.text()
    assert dialog.paper_button.text() == "&Écrire par courrier à 2\u00a0personnes"
    press(qtbot, dialog.paper_button)
    assert "1\u00a0lettre est maintenant à imprimer" in dialog.summary_label.text()
    assert "la ligne\u00a03" in dialog.summary_label.text()
    assert statuses(campaign_file, Channel.PAPER) == {_S.PENDING: 1}
    drop(dialog, one)  # read once more: nothing moves
    settle(qtbot, desk)
    assert "1\u00a0déjà noté" in dialog.summary_label.text()
    dialog.reject()
    page.close()


def test_other_files_are_not_taken(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, tmp_path: Path
) -> None:
    other = tmp_path / "liste.xlsx"
    other.write_bytes(b"x")
    page = opened(qtbot, desk, campaign_file)
    drop(page, other)
    assert not page.findChildren(ReturnedEmailsDialog)
    outlook = tmp_path / "retour.msg"
    outlook.write_bytes(b"x")
    drop(page, outlook)
    dialog = dialog_of(page, ReturnedEmailsDialog)
    assert "propre à Outlook" in dialog.summary_label.text()
    assert not desk.jobs.is_busy
    dialog.reject()
    page.close()


def test_a_delivery_report_settles_an_uncertain_letter(
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    campaign_file: CampaignFile,
    tmp_path: Path,
) -> None:
    files.answer = tmp_path / "avis.eml"
    files.answer.write_bytes(report(campaign_file, 3, action="relayed", status="2.0.0"))
    page = opened(qtbot, desk, campaign_file)
    page.uncertain_letters.open()
    dialog = dialog_of(page, UncertainDialog)
    press(qtbot, dialog.report_button)
    settle(qtbot, desk)
    assert "ne parle d’aucune de ces lettres" in dialog.report_label.text()
    files.answer.write_bytes(
        report(campaign_file, 6, action="delivered", status="2.0.0", diagnostic="smtp; 250 OK")
    )
    press(qtbot, dialog.report_button)
    settle(qtbot, desk)
    assert campaign_file.delivery(6).status is _S.ACCEPTED
    assert not [each for each in page.findChildren(UncertainDialog) if each.isVisible()]
    how = [dict(event.facts) for event in campaign_file.events(kind="uncertain_settled")]
    assert how == [{"how": "report"}]
    page.close()


def test_a_reading_that_is_due_is_said(
    qtbot: QtBot, desk: Desk, clock: FixedClock, campaign_file: CampaignFile, tmp_path: Path
) -> None:
    it_left(campaign_file, 6, clock=clock)
    page = opened(qtbot, desk, campaign_file)
    assert not page.message_bar.text
    clock.moment = NOW + timedelta(days=2)
    page.load()
    assert "ont pu revenir dans votre boîte depuis l’envoi" in page.message_bar.text
    press(qtbot, bar_button(page, "Courriels retournés"))
    (tmp_path / "vide").mkdir()
    drop(dialog_of(page, ReturnedEmailsDialog), tmp_path / "vide")
    settle(qtbot, desk)
    assert dialog_of(page, ReturnedEmailsDialog).summary_label.text() == "Aucun nouvel avis."
    dialog_of(page, ReturnedEmailsDialog).reject()
    page.message_bar.clear()
    page.load()
    assert not page.message_bar.text
    clock.moment = NOW + timedelta(days=12)
    page.load()
    assert "Dernière lecture des courriels retournés le 4\u00a0mars" in page.message_bar.text
    page.message_bar.clear()
    clock.moment = NOW + timedelta(days=40)
    page.load()
    assert not page.message_bar.text
    page.close()


def test_a_closed_campaign_gets_no_new_letter_by_post(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, tmp_path: Path
) -> None:
    one = tmp_path / "retour.eml"
    one.write_bytes(report(campaign_file, 1))
    campaign_file.set_setting(CLOSED_SETTING, NOW.isoformat())
    page = opened(qtbot, desk, campaign_file)
    drop(page, one)
    settle(qtbot, desk)
    assert campaign_file.delivery(1).status is _S.BOUNCED  # the proof goes on
    press(qtbot, dialog_of(page, ReturnedEmailsDialog).paper_button)
    assert "clos" in dialog_of(page, ReturnedEmailsDialog).summary_label.text()
    assert not statuses(campaign_file, Channel.PAPER)
    dialog_of(page, ReturnedEmailsDialog).reject()
    page.close()


# against Postfix and Dovecot


@pytest.fixture
def servers() -> Iterator[MailServers]:
    with MailServers() as running:
        yield running


needs_servers = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


def inbox(servers: MailServers) -> IMAPClient:
    client = IMAPClient(HOST, servers.imap_port, ssl_context=client_context(servers.ca_file))
    client.plain_login(USER, WORD)
    return client


def flags(servers: MailServers) -> dict[int, object]:
    client = inbox(servers)
    client.select_folder("INBOX", readonly=True)
    found = dict(client.get_flags(client.search()))
    client.logout()
    return found


def with_mailbox(desk: Desk, servers: MailServers) -> MailAccount:
    account = MailAccount(
        USER,
        HOST,
        servers.smtp_port,
        user_name=USER,
        ca_file=servers.ca_file,
        limits=(),
        imap_host=HOST,
        imap_port=servers.imap_port,
    )
    desk.credentials.set(account.key, WORD)
    desk.settings.replace(replace(desk.settings.current, account=account))
    return account


@pytest.mark.needs_mail_servers
@needs_servers
def test_the_mailbox_is_read_and_left_as_it_was_and_a_late_return_is_found_weeks_after(
    qtbot: QtBot, desk: Desk, clock: FixedClock, campaign_file: CampaignFile, servers: MailServers
) -> None:
    with_mailbox(desk, servers)
    client = inbox(servers)
    client.append("INBOX", report(campaign_file, 1))
    client.append("INBOX", b"From: ami@exemple.example\r\nSubject: Coucou\r\n\r\nBonjour\r\n")
    before = flags(servers)
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.email_box.bounce_button)
    dialog = dialog_of(page, ReturnedEmailsDialog)
    press(qtbot, dialog.read_button)
    settle(qtbot, desk)
    assert [row[3] for row in cells(dialog)] == ["adresse inconnue"]
    assert flags(servers) == before
    dialog.reject()
    clock.moment = NOW.replace(month=3, day=27)
    client.append("INBOX", report(campaign_file, 4))
    client.logout()
    press(qtbot, page.email_box.bounce_button)
    dialog = dialog_of(page, ReturnedEmailsDialog)
    assert "Dernière lecture le 2\u00a0mars 2026" in dialog.read_label.text()
    press(qtbot, dialog.read_button)
    settle(qtbot, desk)
    assert [row[0] for row in cells(dialog)] == ["5"]
    assert campaign_file.delivery(4).status is _S.BOUNCED
    dialog.reject()
    page.close()


@pytest.mark.needs_mail_servers
@needs_servers
def test_the_sent_folder_settles_what_it_holds(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, servers: MailServers
) -> None:
    with_mailbox(desk, servers)
    page = opened(qtbot, desk, campaign_file)
    page.uncertain_letters.open()
    dialog = dialog_of(page, UncertainDialog)
    press(qtbot, dialog.look_button)
    settle(qtbot, desk)
    item = dialog.table.item(0, 2)
    assert item is not None
    assert item.text() == "pas trouvée"
    assert "ne prouve rien" in dialog.text_label.text()
    assert campaign_file.delivery(6).status is _S.UNCERTAIN
    copy = email.message_from_string("Subject: Information\r\n\r\nMadame,\r\n")
    copy["Message-ID"] = campaign_file.delivery(6).message_id
    client = inbox(servers)
    client.append("Sent", copy.as_bytes())
    client.logout()
    press(qtbot, dialog.look_button)
    settle(qtbot, desk)
    assert campaign_file.delivery(6).status is _S.ACCEPTED
    assert not page.email_box.uncertain_button.isVisible()
    page.close()


@pytest.mark.needs_mail_servers
@needs_servers
def test_a_mailbox_that_refuses_says_so_in_the_dialog(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, servers: MailServers
) -> None:
    account = with_mailbox(desk, servers)
    desk.credentials.set(account.key, "un autre mot")
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.email_box.bounce_button)
    dialog = dialog_of(page, ReturnedEmailsDialog)
    press(qtbot, dialog.read_button)
    settle(qtbot, desk)
    assert "le mot de passe est refusé" in dialog.summary_label.text()
    assert dialog.read_button.isEnabled()
    dialog.reject()
    page.close()


@pytest.mark.needs_mail_servers
@needs_servers
def test_the_whole_way_from_the_window_to_a_real_server(
    qtbot: QtBot, desk: Desk, tmp_path: Path, servers: MailServers
) -> None:
    account = with_mailbox(desk, servers)
    folder = tmp_path / "autre"
    folder.mkdir()
    people = [make_recipient(1, email=USER), make_recipient(2, email="x@inconnu.example")]
    with ready_campaign(folder, people, is_sample=False) as file:
        page: SendingPage = opened(qtbot, desk, reviewed(file, desk))
        confirm(qtbot, page, 2)
        settle(qtbot, desk)
        counted = statuses(file, Channel.EMAIL)
        assert counted.get(_S.ACCEPTED, 0) + counted.get(_S.REJECTED, 0) == 2
        client = inbox(servers)
        client.select_folder("INBOX", readonly=True)
        letter = file.delivery(1)
        qtbot.waitUntil(
            lambda: bool(
                client.noop() and client.search(["HEADER", "Message-ID", letter.message_id])
            ),
            timeout=20_000,
        )
        client.logout()
        assert account.address == USER
        page.close()
