"""What a cut left behind: the user decides about each uncertain letter."""

import email
from collections.abc import Iterator
from email import policy
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.services.departure import plan_options, trial_maildir
from app.services.planning import plan
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.uncertain import UncertainDialog
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, few_people, hand_over_person, ready_campaign
from tests.ui.conftest import press, settle
from tests.ui.sending_support import (
    bar_button,
    confirm,
    dialog_of,
    opened,
    reviewed,
    statuses,
)

_S = DeliveryStatus
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def clock() -> FixedClock:
    """The day on which the ready campaign writes."""
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path, [*few_people(), hand_over_person()])
    yield reviewed(made, desk)
    made.close()


def cut_after_the_dot(campaign_file: CampaignFile, desk: Desk) -> tuple[int, int]:
    """As a power cut leaves it: one letter claimed, one whose dot may have left."""
    plan(campaign_file, plan_options(campaign_file, None), desk.clock)
    first, second = campaign_file.claim_next(NOW), campaign_file.claim_next(NOW)
    assert first is not None
    assert second is not None
    campaign_file.move(first[0].id, _S.DOT, now=NOW)
    return first[0].id, second[0].id


def test_after_a_cut_the_user_decides_about_the_uncertain_letter(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    unsure, claimed = cut_after_the_dot(campaign_file, desk)
    page = opened(qtbot, desk, campaign_file)
    assert campaign_file.delivery(unsure).status is _S.UNCERTAIN
    assert campaign_file.delivery(claimed).status is _S.PENDING
    assert "on ne sait pas" in page.message_bar.text
    press(qtbot, bar_button(page, "Décider maintenant"))
    dialog = dialog_of(page, UncertainDialog)
    patient, reference = dialog.table.item(0, 0), dialog.table.item(0, 3)
    assert patient is not None
    assert patient.text() == "MARTIN Jeanne"
    assert reference is not None
    assert reference.text() == campaign_file.delivery(unsure).message_id
    assert not dialog.look_button.isVisible()  # a sample has no mailbox
    assert dialog.later_button.isDefault()
    press(qtbot, dialog.later_button)
    assert campaign_file.delivery(unsure).status is _S.UNCERTAIN
    press(qtbot, page.email_box.uncertain_button)
    press(qtbot, dialog_of(page, UncertainDialog).sent_button)
    assert campaign_file.delivery(unsure).status is _S.ACCEPTED
    assert not [d for d in page.findChildren(UncertainDialog) if d.isVisible()]
    assert campaign_file.balance().is_exact()


def test_a_letter_not_found_goes_again_under_the_same_reference(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    unsure, _ = cut_after_the_dot(campaign_file, desk)
    message_id = campaign_file.delivery(unsure).message_id
    page = opened(qtbot, desk, campaign_file)
    page.uncertain_letters.open()
    press(qtbot, dialog_of(page, UncertainDialog).resend_button)
    assert campaign_file.delivery(unsure).status is _S.PENDING
    confirm(qtbot, page, 9)
    settle(qtbot, desk)
    assert statuses(campaign_file, Channel.EMAIL) == {_S.ACCEPTED: 9}
    folder = trial_maildir(campaign_file) / "new"
    ids = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"]
        for path in folder.iterdir()
    ]
    assert ids.count(message_id) == 1
