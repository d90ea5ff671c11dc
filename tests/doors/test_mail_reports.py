"""Returned mail of the kinds servers send (all addresses invented)."""

import base64
from pathlib import Path

import pytest

from app.core.errors.mail import MailboxUnreadable
from app.core.replies import Reason, reason_of
from app.mail.reports import Action, read_report
from app.mail.saved_messages import read_saved

OURS = "<1.42.00ff@cabinet-exemple.fr>"


def dsn(
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <paul@exemple.fr>: User unknown",
    envelope_id: str = "",
    returned: str = f"Message-ID: {OURS}\r\nX-Lettre-Id: 7K3M-9QXA-P\r\nSubject: Information\r\n",
) -> bytes:
    """A report of RFC 3464 as Postfix writes it."""
    envelope = f"Original-Envelope-Id: {envelope_id}\r\n" if envelope_id else ""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@hebergeur.example (Mail Delivery System)\r\n"
        "To: contact@cabinet-exemple.fr\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMessage-ID: <report1@hebergeur.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; hebergeur.example\r\n{envelope}\r\n"
        f"Final-Recipient: rfc822; paul@exemple.fr\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
    ).encode()


def test_a_full_report() -> None:
    report = read_report(dsn(envelope_id="7K3M-9QXA-P"))
    assert report.action is Action.FAILED
    assert report.addresses == ("paul@exemple.fr",)
    assert report.envelope_id == "7K3M-9QXA-P"
    assert report.letter_ids == ("7K3M-9QXA-P",)
    assert report.message_ids[0] == OURS
    assert report.reply is not None
    assert (report.reply.code, report.reply.enhanced) == (550, "5.1.1")
    assert reason_of(report.reply) is Reason.UNKNOWN_ADDRESS
    assert "paul" not in repr(report)


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("delayed", "4.7.0", Action.DELAYED),
        # the action decides, not the first digit: Postfix gives up with a 4
        ("failed", "4.7.0", Action.FAILED),
        ("relayed", "2.1.9", Action.DELIVERED),
        ("delivered", "2.0.0", Action.DELIVERED),
        ("", "5.0.0", Action.FAILED),
        ("", "4.0.0", Action.DELAYED),
    ],
)
def test_the_action_decides(action: str, status: str, expected: Action) -> None:
    assert read_report(dsn(action, status)).action is expected


def test_full_mailbox_under_the_code_of_an_unknown_one() -> None:
    report = read_report(dsn(diagnostic="smtp; 552 5.1.1 Boite du destinataire pleine"))
    assert report.reply is not None
    assert reason_of(report.reply) is Reason.FULL


def test_the_reports_own_identifier_is_not_the_letters() -> None:
    report = read_report(dsn(returned="Subject: sans identifiant\r\n"))
    assert "<report1@hebergeur.example>" not in report.message_ids
    assert not report.names_its_letter


def test_an_old_report_in_plain_text_is_known_by_our_header() -> None:
    raw = (
        "From: <Postmaster@operateur.example>\r\nSubject: Failure Notice\r\n"
        "Message-ID: <x@operateur.example>\r\n\r\nSorry. I tried.\r\n550 no mailbox here\r\n\r\n"
        f"--- Below this line\r\nMessage-ID: {OURS}\r\nX-Lettre-Id: 7K3M-9QXA-P\r\nSubject: Info\r\n"
    ).encode()
    report = read_report(raw)
    assert report.action is Action.FAILED
    assert OURS in report.message_ids


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\r\nSubject: Absence du bureau",
        "X-Autoreply: yes\r\nReturn-Path: <>\r\nSubject: Congés",
        "Subject: Re: Information du cabinet",
    ],
)
def test_answers_are_no_reports(headers: str) -> None:
    raw = (
        f"From: Paul <paul@exemple.fr>\r\n{headers}\r\nIn-Reply-To: {OURS}\r\nReferences: {OURS}\r\n"
        "Message-ID: <r@exemple.fr>\r\n\r\nMerci de votre lettre.\r\n"
    ).encode()
    assert read_report(raw).action in (Action.NONE, Action.AUTOREPLY)


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 500, b"Content-Type: multipart/report\r\n\r\n", b"\n" * 50]
)
def test_rubbish_never_breaks_the_reader(raw: bytes) -> None:
    assert read_report(raw).action is Action.NONE


def test_cut_reports_never_break_the_reader() -> None:
    whole = dsn()
    for length in range(0, len(whole), 7):
        read_report(whole[:length])


def test_saved_files_mbox_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"\xef\xbb\xbf" + dsn())
    mbox = b"From MAILER-DAEMON Mon Jan 26 09:04:00 2026\n" + dsn().replace(b"\r\n", b"\n")
    (tmp_path / "b.mbox").write_bytes(mbox + b"\n" + mbox + b"\n")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    found = [read_report(raw) for raw in read_saved(tmp_path)]
    assert [report.message_ids[0] for report in found] == [OURS] * 3
    with pytest.raises(MailboxUnreadable):
        list(read_saved(tmp_path / "image.png"))
    with pytest.raises(MailboxUnreadable):
        list(read_saved(tmp_path / "absent.eml"))


def test_identifiers_in_an_encoded_text_are_found() -> None:
    words = f"Votre message n’a pas pu être remis.\nMessage-ID: {OURS}\nX-Lettre-Id: 7K3M-9QXA-P\n"
    raw = (
        b"From: <>\r\nSubject: failure notice\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n"
    ) + base64.encodebytes(words.encode())
    report = read_report(raw)
    assert report.action is Action.FAILED
    assert (OURS in report.message_ids, report.letter_ids) == (True, ("7K3M-9QXA-P",))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("could not be delivered to one or more recipients", Action.FAILED),
        ("will be retried for 3 days, could not be delivered yet", Action.DELAYED),
        ("For your information.", Action.NONE),
    ],
)
def test_a_report_whose_machine_part_names_nobody(words: str, expected: Action) -> None:
    raw = dsn().replace(b"Undelivered Mail Returned to Sender", b"Report")
    start, end = raw.index(b"Final-Recipient"), raw.index(b"--b\r\nContent-Type: text/rfc822")
    raw = raw[:start] + raw[end:]
    report = read_report(raw.replace(b"I'm sorry.", words.encode()))
    assert report.action is expected
    assert report.message_ids[0] == OURS


def test_given_up_after_days_is_a_failure() -> None:
    assert read_report(dsn("expired", "")).action is Action.FAILED


@pytest.mark.parametrize(
    ("sender", "words", "expected"),
    [
        ("no-reply@operateur.example", "Could not be delivered: mailbox full.", Action.FAILED),
        # a person who sends our letter back with a word of their own is no machine
        ("Paul <paul@exemple.fr>", "Could not be delivered to my mother.", Action.NONE),
        ("no-reply@operateur.example", "Merci de votre message.", Action.NONE),
    ],
)
def test_a_machine_without_a_name(sender: str, words: str, expected: Action) -> None:
    raw = (
        f"From: {sender}\r\nTo: contact@cabinet-exemple.fr\r\nSubject: votre message\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{words}\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {OURS}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    )
    assert read_report(raw.encode()).action is expected


def test_an_address_in_angles_is_no_identifier() -> None:
    report = read_report(dsn(returned="Subject: x\r\nTo: <paul@exemple.fr>\r\n"))
    assert "<paul@exemple.fr>" not in report.message_ids
