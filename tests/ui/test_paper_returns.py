"""« Par courrier »: returned envelopes, from the scan to the closing balance."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, DeliveryStatus
from app.services.returned_mail import ReturnReason
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.posting_date import PostingDateDialog
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.dialogs.returned_decisions import ReturnedDecisionsDialog
from app.ui.dialogs.returned_mail import ReturnedMailDialog
from app.ui.steps.sending import SendingPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text
from tests.ui.paper_support import (
    PEOPLE,
    dialog_of,
    paper_campaign,
    paper_page,
    paper_people,
    print_pdf,
    texts,
)

_S = DeliveryStatus


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path, desk: Desk) -> Iterator[CampaignFile]:
    with paper_campaign(tmp_path, desk, paper_people()) as made:
        yield made


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile, tmp_path: Path) -> SendingPage:
    return paper_page(qtbot, desk, campaign_file, tmp_path)


def posted(qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path) -> None:
    print_pdf(qtbot, page, files, tmp_path / "lettres.pdf")
    press(qtbot, page.paper_box.posted_button)
    press(qtbot, dialog_of(page, PostingDateDialog).accept_button)
    settle(qtbot, page.desk)


def scan(dialog: ReturnedMailDialog, code: str) -> None:
    """A scanner types and presses Enter."""
    type_text(dialog.code_edit, code)
    QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)


def test_returned_envelopes_from_the_scan_to_the_balance(
    qtbot: QtBot,
    page: SendingPage,
    files: ReadyFileChooser,
    tmp_path: Path,
    campaign_file: CampaignFile,
) -> None:
    posted(qtbot, page, files, tmp_path)
    letters = list(campaign_file.deliveries(_S.POSTED))
    press(qtbot, page.paper_box.returned_button)
    dialog = dialog_of(page, ReturnedMailDialog)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    dialog.reason_box.setCurrentIndex(dialog.reason_box.findData(ReturnReason.REFUSED.value))
    dialog.reason_box.activated.emit(dialog.reason_box.currentIndex())
    for letter in letters[:4]:
        scan(dialog, letter.code)
        assert dialog.code_edit.hasFocus()
    assert dialog.noted_list.count() == 4
    scan(dialog, letters[0].code)
    assert "déjà notée" in dialog.outcome_words.text()
    assert dialog.code_edit.selectedText() == letters[0].code
    press(qtbot, dialog.undo_button)
    assert campaign_file.delivery(letters[3].id).status is _S.POSTED
    assert dialog.noted_list.count() == 3
    assert dialog.code_edit.hasFocus()
    press(qtbot, dialog.decide_button)
    decisions = dialog_of(page, ReturnedDecisionsDialog)
    assert decisions.letters_list.count() == 3
    assert "refusé" in decisions.letters_list.item(0).text()
    press(qtbot, decisions.write_button)
    assert "Écrivez la nouvelle" in decisions.outcome_words.text()
    decisions.address_edits["street"].setText("")
    press(qtbot, decisions.write_button)
    assert "ne peut pas être imprimée" in decisions.outcome_words.text()
    decisions.address_edits["street"].setText("8 rue Neuve")
    decisions.address_edits["complement"].setText("")
    press(qtbot, decisions.write_button)
    assert decisions.letters_list.count() == 2
    press(qtbot, decisions.hand_button)
    press(qtbot, decisions.give_up_button)
    assert decisions.letters_list.count() == 0
    assert not decisions.write_button.isEnabled()
    decisions.reject()
    balance = campaign_file.balance()
    assert balance.is_exact()
    assert balance.by_status == {_S.POSTED: PEOPLE - 3, _S.PENDING: 2, _S.EXCLUDED: 1}
    assert page.paper_box.print_button.isVisible()
    files.answer = tmp_path / "nouvelle.pdf"
    press(qtbot, page.paper_box.print_button)
    press(qtbot, dialog_of(page, PrintLettersDialog).file_button)
    settle(qtbot, page.desk)
    assert "8 RUE NEUVE" in "\n".join(texts(tmp_path / "nouvelle.pdf"))
    # the one to hand over was not planned anew as a letter by post
    by_hand = campaign_file.delivery_counts().get((Channel.HAND_OVER, _S.PENDING), 0)
    assert by_hand == 1
    assert campaign_file.balance().by_status == {
        _S.POSTED: PEOPLE - 3, _S.PRINTED: 1, _S.PENDING: 1, _S.EXCLUDED: 1
    }  # fmt: skip
