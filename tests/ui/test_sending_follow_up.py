"""A follow-up letter leaves after what the first run left behind, each with its own content."""

import email
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.services import follow_up, reading
from app.services.overview import LETTERS_BLOCKING
from app.services.trial_letter import TRIAL_SENT_AT
from app.services.uncertain import send_again
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.ready_campaign import NOW, ready_campaign
from tests.support.smtp_server import KEEP_AND_DROP, Received, Script, ScriptedServer
from tests.ui.conftest import press, settle
from tests.ui.sending_support import confirm, go_on, opened, reviewed, with_account

_S = DeliveryStatus


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    folder = tmp_path / "envoi"
    folder.mkdir()
    people = [make_recipient(number) for number in range(1, 6)]
    with ready_campaign(folder, people, is_sample=False) as made:
        yield made


def words(received: Received) -> str:
    body = email.message_from_bytes(received.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def by_run(campaign_file: CampaignFile, run: int) -> dict[DeliveryStatus, int]:
    counts = campaign_file.delivery_counts(run)
    return {status: n for (road, status), n in counts.items() if road is Channel.EMAIL and n}


def test_the_first_letter_left_behind_goes_before_the_follow_up(
    qtbot: QtBot, desk: Desk, clock: FixedClock, campaign_file: CampaignFile, tmp_path: Path
) -> None:
    lost = [True]

    def data(to: str) -> str:
        if to.startswith("patient3@") and lost:
            lost.clear()
            return KEEP_AND_DROP
        return "250 OK"

    with ScriptedServer(Script(data=data)) as server:
        with_account(desk, server, tmp_path)
        page = opened(qtbot, desk, reviewed(campaign_file, desk))
        confirm(qtbot, page, 5)
        settle(qtbot, desk)
        assert by_run(campaign_file, 1) == {_S.ACCEPTED: 4, _S.UNCERTAIN: 1}
        run = follow_up.start(
            campaign_file,
            follow_up.FollowUp("T14", follow_up.Audience.EVERYBODY),
            "contact@cabinet-exemple.fr",
            desk.clock,
        )
        assert run == 2
        campaign_file.set_setting(LETTERS_BLOCKING, "0")
        for letter in reading.draw_letters(campaign_file):
            reading.mark_read(campaign_file, letter.recipient_id, desk.clock)
        campaign_file.set_setting(TRIAL_SENT_AT, clock.now().isoformat())
        clock.moment += timedelta(hours=1)
        unsure = next(campaign_file.deliveries(_S.UNCERTAIN))
        send_again(campaign_file, unsure.id, desk.clock)
        page.load()
        assert page.table.run_box.isVisible()
        assert page.table.model.rowCount() == 5
        assert page.email_box.to_send() == 1
        go_on(qtbot, page)  # the number was typed for the first letters
        settle(qtbot, desk)
        assert by_run(campaign_file, 1) == {_S.ACCEPTED: 5}
        assert "L’accès est coupé" not in words(server.received[-1])
        assert page.email_box.to_send() == 5
        press(qtbot, page.email_box.send_button)
        settle(qtbot, desk)
        assert "manque" in page.message_bar.text  # the follow-up lacks its own facts
        incident = campaign_file.incident()
        facts = {"lettre_initiale_date": "2026-03-02", "elements_nouveaux": "L’accès est coupé"}
        campaign_file.save_incident(
            replace(incident, details={**incident.details, **facts}), clock.now()
        )
        before = len(server.received)
        confirm(qtbot, page, 5)
        settle(qtbot, desk)
        assert by_run(campaign_file, 2) == {_S.ACCEPTED: 5}
        assert len(server.received) == before + 5
        assert all("L’accès est coupé" in words(each) for each in server.received[before:])
        page.close()
