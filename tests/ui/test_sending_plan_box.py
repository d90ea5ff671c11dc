"""The plan before the start, a part given to the post, letters added after the confirmation."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.core.pacing import DAY, HOUR, RateWindow, WorkingHours
from app.core.recipient import ExclusionReason, PostalAddress
from app.services.departure import plan_options
from app.services.learned_limits import remember_limit
from app.services.plan_letters import PlanOptions
from app.services.planning import plan
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.confirm_send import ConfirmSendDialog
from app.ui.dialogs.shorten import ShortenDialog
from tests.support.campaigns import FixedClock, make_recipient
from tests.support.ready_campaign import NOW, ready_campaign
from tests.support.smtp_server import ScriptedServer
from tests.ui.conftest import press, settle
from tests.ui.sending_support import (
    bar_button,
    confirm,
    dialog_of,
    go_on,
    opened,
    reviewed,
    statuses,
    with_account,
)

_S = DeliveryStatus


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk, server: ScriptedServer) -> Iterator[CampaignFile]:
    """Fifty people; ten letters a day."""
    limits = (RateWindow(10, DAY), RateWindow(100, HOUR))
    with_account(
        desk, server, tmp_path, limits=limits, working_hours=WorkingHours(time(8), time(20))
    )
    folder = tmp_path / "envoi"
    folder.mkdir()
    people = [make_recipient(number) for number in range(1, 51)]
    people[0] = replace(people[0], address=PostalAddress())
    with ready_campaign(folder, people, is_sample=False) as made:
        yield reviewed(made, desk)


def test_the_end_and_the_limits_are_said_before_the_start(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    box = page.email_box.plan
    assert box.end_label.text() == (
        "Fin prévue le vendredi 6\u00a0mars vers 10\u00a0h, en 5\u00a0jours\u00a0: 10 par jour."
    )
    assert box.rules_label.text() == "Au plus 10 par jour, 100 par heure, de 8\u00a0h à 20\u00a0h."
    account = desk.settings.current.account
    assert account is not None
    remember_limit(account.key, RateWindow(5, DAY), NOW)
    box.forget()
    page.load()
    assert "Au plus 5 par jour" in box.rules_label.text()
    page.close()


def test_a_part_goes_by_post_and_comes_back(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.email_box.plan.shorten_button)
    settle(qtbot, desk)
    dialog = dialog_of(page, ShortenDialog)
    assert dialog.same_button.isChecked()
    words = [button.text() for button in dialog.choice_buttons]
    assert words[0].startswith(
        "En 4\u00a0jours\u00a0: 10\u00a0lettres par courrier, 40 par courriel"
    )
    assert words[-1].startswith(
        "En une journée\u00a0: 40\u00a0lettres par courrier, 10 par courriel"
    )
    dialog.choice_buttons[1].click()
    press(qtbot, dialog.accept_button)
    settle(qtbot, desk)
    assert statuses(campaign_file, Channel.PAPER) == {_S.PENDING: 30}
    assert "30\u00a0lettres partent maintenant par courrier" in page.message_bar.text
    assert page.email_box.send_button.text() == "Envoyer 20\u00a0courriels…"
    assert "en 2\u00a0jours" in page.email_box.plan.end_label.text()
    press(qtbot, bar_button(page, "Annuler"))
    settle(qtbot, desk)
    assert statuses(campaign_file, Channel.EMAIL)[_S.PENDING] == 50
    assert statuses(campaign_file, Channel.PAPER) == {_S.REPLACED: 30}
    assert campaign_file.balance().is_exact()
    assert page.table.model.rowCount() == 50  # replaced letters have their own filter
    page.close()


def test_keeping_everything_by_email_moves_nothing(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = opened(qtbot, desk, campaign_file)
    press(qtbot, page.email_box.plan.shorten_button)
    settle(qtbot, desk)
    press(qtbot, dialog_of(page, ShortenDialog).accept_button)
    assert not desk.jobs.is_busy
    assert statuses(campaign_file, Channel.EMAIL) == {_S.PENDING: 50}
    page.close()


def test_without_addresses_the_post_is_no_way_out(
    qtbot: QtBot, desk: Desk, tmp_path: Path, server: ScriptedServer
) -> None:
    with_account(desk, server, tmp_path, limits=(RateWindow(10, DAY),))
    folder = tmp_path / "sans"
    folder.mkdir()
    people = [make_recipient(number, address=PostalAddress()) for number in range(1, 31)]
    with ready_campaign(folder, people, is_sample=False) as file:
        page = opened(qtbot, desk, reviewed(file, desk))
        press(qtbot, page.email_box.plan.shorten_button)
        settle(qtbot, desk)
        assert "Aucune de ces personnes" in page.message_bar.text
        page.close()


def test_one_email_that_waits_is_given_to_the_post_from_the_table(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    options = reviewed_options(campaign_file, desk)
    plan(campaign_file, options, desk.clock)
    page = opened(qtbot, desk, campaign_file)
    page.table.view.selectRow(4)
    press(qtbot, page.table.paper_button)
    assert statuses(campaign_file, Channel.PAPER) == {_S.PENDING: 1}
    page.email_box.ask()
    settle(qtbot, desk)
    assert statuses(campaign_file, Channel.PAPER) == {_S.PENDING: 1}  # the plan made again keeps it
    dialog_of(page, ConfirmSendDialog).reject()
    page.close()


def reviewed_options(campaign_file: CampaignFile, desk: Desk) -> PlanOptions:

    return plan_options(campaign_file, desk.settings.current.account)


def test_letters_added_after_the_confirmation_ask_for_the_number_again(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, tmp_path: Path, server: ScriptedServer
) -> None:
    with_account(desk, server, tmp_path)
    page = opened(qtbot, desk, campaign_file)
    confirm(qtbot, page, 50, first=5)
    settle(qtbot, desk)
    assert len(server.received) == 5
    campaign_file.add_recipients([make_recipient(60)])
    press(qtbot, page.email_box.send_button)
    settle(qtbot, desk)
    dialog = dialog_of(page, ConfirmSendDialog)
    assert "46" in dialog.send_button.text()
    dialog.reject()
    campaign_file.update_recipient(
        replace(
            campaign_file.recipient(51),
            excluded=ExclusionReason.USER_DECISION,
            exclusion_note="essai",
        )
    )
    page.load()
    go_on(qtbot, page)
    settle(qtbot, desk)
    assert len(server.received) == 50
    page.close()
