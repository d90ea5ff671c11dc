"""Returned letters matched with the campaign's letters."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.campaign import Channel, DeliveryStatus
from app.core.recipient import PostalAddress
from app.services.bounces import (
    BounceIntake,
    BounceSummary,
    GivenToPaper,
    Outcome,
    from_files,
    give_to_paper,
)
from app.services.control import Control
from app.services.uncertain import Proof, it_left, send_again, uncertain_letters
from app.storage.campaign_file import CampaignFile
from tests.doors.test_mail_reports import dsn
from tests.support.campaigns import NOW, FixedClock, make_campaign

_S = DeliveryStatus


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[CampaignFile]:
    """Four letters accepted, the fifth uncertain."""
    file = make_campaign(tmp_path, 5, letters=True)
    for number in range(1, 6):
        file.claim_next(NOW)
        file.move(number, _S.DOT, now=NOW, sha256="00")
        file.move(number, _S.ACCEPTED if number < 5 else _S.UNCERTAIN, now=NOW)
    yield file
    file.close()


def returned(file: CampaignFile, number: int) -> str:
    letter = file.delivery(number)
    return f"Message-ID: {letter.message_id}\r\nX-Lettre-Id: {letter.code}\r\n"


def intake(file: CampaignFile) -> BounceIntake:
    return BounceIntake(file, FixedClock())


def test_by_message_id_the_letter_is_returned_once(sent: CampaignFile) -> None:
    raw = dsn(returned=returned(sent, 3))
    taken = intake(sent).take(raw)
    assert (taken.outcome, taken.row) == (Outcome.BOUNCED, sent.recipient(3).row)
    assert sent.delivery(3).status is _S.BOUNCED
    assert intake(sent).take(raw).outcome is Outcome.KNOWN
    assert [letter.status for letter in sent.deliveries()].count(_S.ACCEPTED) == 3


def test_by_envelope_when_the_headers_are_gone(sent: CampaignFile) -> None:
    raw = dsn(returned="Subject: coupé\r\n", envelope_id=sent.delivery(2).code)
    assert intake(sent).take(raw).outcome is Outcome.BOUNCED
    assert sent.delivery(2).status is _S.BOUNCED


def test_an_uncertain_letter_that_comes_back_had_left(sent: CampaignFile) -> None:
    assert intake(sent).take(dsn(returned=returned(sent, 5))).outcome is Outcome.BOUNCED


def test_by_address_only_without_doubt(sent: CampaignFile) -> None:
    bare = dsn(returned="Subject: coupé\r\n").replace(b"paul@exemple.fr", b"patient4@exemple.fr")
    shared = replace(sent.recipient(1), email="patient4@exemple.fr")
    sent.update_recipient(shared)
    assert intake(sent).take(bare).outcome is Outcome.UNMATCHED
    sent.update_recipient(replace(shared, email="patient1@exemple.fr"))
    assert intake(sent).take(bare).outcome is Outcome.BOUNCED
    assert sent.delivery(4).status is _S.BOUNCED


def test_another_message_to_the_same_patient_is_not_our_letter(sent: CampaignFile) -> None:
    raw = dsn(returned="Message-ID: <autre@cabinet-exemple.fr>\r\n").replace(
        b"paul@exemple.fr", b"patient4@exemple.fr"
    )
    assert intake(sent).take(raw).outcome is Outcome.UNMATCHED
    assert sent.delivery(4).status is _S.ACCEPTED


def test_a_report_that_names_two_letters_moves_none(sent: CampaignFile) -> None:
    both = returned(sent, 1) + returned(sent, 2)
    assert intake(sent).take(dsn(returned=both)).outcome is Outcome.UNMATCHED


def test_delay_and_receipt_move_nothing(sent: CampaignFile) -> None:
    late = dsn("delayed", "4.7.0", returned=returned(sent, 1))
    receipt = dsn("relayed", "2.0.0", returned=returned(sent, 1))
    assert intake(sent).take(late).outcome is Outcome.DELAYED
    assert intake(sent).take(receipt).outcome is Outcome.DELIVERED
    assert sent.delivery(1).status is _S.ACCEPTED


def test_files_are_counted_and_the_rest_is_said(sent: CampaignFile, tmp_path: Path) -> None:
    good, bad = tmp_path / "a.eml", tmp_path / "b.eml"
    good.write_bytes(dsn(returned=returned(sent, 1)))
    bad.write_bytes(b"\x89PNG")
    *_, summary = from_files(sent, [good, bad], Control(), FixedClock())
    assert isinstance(summary, BounceSummary)
    assert summary.counts[Outcome.BOUNCED] == 1
    assert summary.unreadable == ["b.eml"]


def test_what_came_back_goes_to_the_paper_pile_in_one_go(sent: CampaignFile) -> None:
    for number in (1, 2):
        intake(sent).take(dsn(returned=returned(sent, number)))
    sent.update_recipient(replace(sent.recipient(2), address=PostalAddress()))
    assert give_to_paper(sent, clock=FixedClock()) == GivenToPaper(1, 1)
    paper = list(sent.deliveries(channel=Channel.PAPER))
    assert [(letter.recipient_id, letter.status) for letter in paper] == [(1, _S.PENDING)]
    assert paper[0].code != sent.delivery(1).code
    assert sent.delivery(1).status is _S.REPLACED
    assert sent.balance().is_exact()
    assert give_to_paper(sent, clock=FixedClock()) == GivenToPaper(0, 1)


def test_uncertain_letters_are_settled_by_a_decision(sent: CampaignFile) -> None:
    assert [letter.id for letter, _ in uncertain_letters(sent)] == [5]
    assert it_left(sent, 5, Proof.USER, FixedClock()).status is _S.ACCEPTED
    assert not list(uncertain_letters(sent))


def test_an_uncertain_letter_is_sent_again_under_the_same_identifier(sent: CampaignFile) -> None:
    before = sent.delivery(5).message_id
    assert send_again(sent, 5, FixedClock()).status is _S.PENDING
    claimed = sent.claim_next(NOW)
    assert claimed is not None
    assert claimed[0].message_id == before
