"""« Par courrier »: the choices of a print, the files they make, the sheet to try the envelope."""

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from pytestqt.qtbot import QtBot

from app.core.campaign import DeliveryStatus
from app.paper.envelopes import Envelope
from app.services.print_choices import Output, kept
from app.services.print_plan import PrintOrder
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.steps.sending import SendingPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW
from tests.ui.conftest import ReadyFileChooser, press, settle
from tests.ui.paper_support import (
    PEOPLE,
    dialog_of,
    paper_campaign,
    paper_page,
    paper_people,
    statuses,
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


def test_choices_shape_the_files_and_are_remembered(
    qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "lettres.pdf"
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    form = dialog.form
    form.order_box.setCurrentIndex(form.order_box.findData(PrintOrder.LIST.value))
    form.output_box.setCurrentIndex(form.output_box.findData(Output.BATCHES.value))
    assert form.letters_box.isVisible()
    assert not form.megabytes_box.isVisible()
    form.letters_box.setValue(5)
    press(qtbot, form.large_box)
    with qtbot.waitSignal(page.notified, timeout=30_000):
        press(qtbot, dialog.file_button)
    settle(qtbot, page.desk)
    parts = sorted(path.name for path in tmp_path.glob("lettres*.pdf"))
    assert parts == ["lettres-001.pdf", "lettres-002.pdf", "lettres-003.pdf"]
    assert "3\u00a0fichiers sont prêts" in page.message_bar.text
    assert statuses(page.campaign_file) == {_S.PRINTED: PEOPLE}
    remembered = kept(page.desk.settings.current.interface.choices)
    assert remembered.output is Output.BATCHES
    assert remembered.letters_per_file == 5
    assert remembered.large_print
    assert remembered.order is PrintOrder.LIST


def test_one_file_per_patient_with_the_chosen_name(
    qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "un par patient"
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    form = dialog.form
    form.output_box.setCurrentIndex(form.output_box.findData(Output.PATIENTS.value))
    names = {words.text(): words for words in form.name_boxes.values()}
    press(qtbot, names["nom"])
    press(qtbot, dialog.file_button)
    settle(qtbot, page.desk)
    written = [path.name for path in files.answer.iterdir()]
    assert len(written) == PEOPLE
    assert any(name.startswith("lettre-n-diaye-") for name in written)


def test_a_window_that_does_not_suit_is_refused_in_the_dialog(
    qtbot: QtBot, page: SendingPage
) -> None:
    press(qtbot, page.paper_box.print_button)
    dialog = dialog_of(page, PrintLettersDialog)
    box = dialog.form.envelope_box
    box.setCurrentIndex(box.findData(Envelope.C4.value))
    assert dialog.form.measures.isVisible()
    press(qtbot, dialog.file_button)
    assert "fenêtre" in dialog.fault_label.text()
    assert dialog.isVisible()
    assert statuses(page.campaign_file) == {}
    dialog.reject()


def test_the_trial_sheet_is_written_and_printed(
    qtbot: QtBot, page: SendingPage, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "essai.pdf"
    press(qtbot, page.paper_box.print_button)
    dialog_of(page, PrintLettersDialog).trial_file_action.trigger()
    assert "10" in " ".join(texts(files.answer))
    press(qtbot, page.paper_box.print_button)
    dialog_of(page, PrintLettersDialog).trial_print_action.trigger()
    settle(qtbot, page.desk)
    assert len(pypdf.PdfReader(tmp_path / "sorti.pdf").pages) == 1
    assert statuses(page.campaign_file) == {_S.PENDING: PEOPLE} or not statuses(page.campaign_file)
