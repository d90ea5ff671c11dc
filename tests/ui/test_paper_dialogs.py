"""The windows of « Par courrier »: a name for each control, one letter each, whole on a small screen, in French."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.paper.envelopes import Envelope
from app.services.clear_text import ClearFile
from app.services.mailing_pack import postage_of
from app.services.posting import PrintedBatch
from app.services.print_choices import Output, PrintChoices
from app.services.print_records import PrintedFile
from app.services.returned_mail import ReturnReason, WaitingReturn
from app.services.tariffs import load_tariffs
from app.ui.dialogs.delete_prints import DeletePrintsDialog
from app.ui.dialogs.mailing_house import MailingHouseDialog
from app.ui.dialogs.posting_date import PostingDateDialog
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.dialogs.print_range import PrintRangeDialog
from app.ui.dialogs.printed_letters import PrintedLettersDialog, PrintLine
from app.ui.dialogs.question import QuestionDialog
from app.ui.dialogs.registered_numbers import RegisteredNumbersDialog
from app.ui.dialogs.reprint import ReprintDialog, page_numbers
from app.ui.dialogs.returned_decisions import ReturnedDecisionsDialog
from app.ui.dialogs.returned_mail import ReturnedMailDialog
from app.ui.dialogs.tariffs import TariffsDialog
from tests.support.campaigns import NOW, make_recipient
from tests.ui.places import focusable, spoken_name

DAY = date(2026, 1, 26)
FILE = PrintedFile("00" * 32, "/x/lettres & co.pdf", (1, 2, 3), (0, 2, 4), (1, 2, 1), (1, 1, 1))
ON_PRINTER = PrintedFile("11" * 32, "", (4,), (0,), (1,), (1,), printer="Imprimante de l’accueil")
BATCHES = [
    PrintedBatch("00" * 32, f"lettres & co-{number:03d}.pdf", NOW, 3, 3, (1, 2, 3))
    for number in range(12)
]
#: an ordinary space, or none, before a sign that French sets apart
_BAD_SPACE = re.compile(
    r"[^\s\u00a0\u202f][ ][:;!?»%](?:\s|$)|«[ ]|[\w»][;!?](?:\s|$)|[a-zà-ÿ]:(?:\s|$)|'"
)


def _returned() -> list[WaitingReturn]:
    letter = Delivery(1, Channel.PAPER, DeliveryStatus.RETURNED, "7K3M-9QXA-P", id=1)
    return [WaitingReturn(letter, make_recipient(1), ReturnReason.REFUSED)]


def _print(choices: PrintChoices) -> Callable[[], QuestionDialog]:
    return lambda: PrintLettersDialog(1842, choices)


def _mailing() -> QuestionDialog:
    dialog = MailingHouseDialog(
        [FILE, FILE], DAY, load_tariffs, lambda one: postage_of([FILE], one), lambda: "abcd-efgh"
    )
    dialog.archive_box.setChecked(True)
    return dialog


DIALOGS: dict[str, Callable[[], QuestionDialog]] = {
    "print": _print(PrintChoices()),
    "print, measured": _print(PrintChoices(envelope=Envelope.C4, output=Output.PATIENTS)),
    "print, batches": _print(PrintChoices(envelope=Envelope.DL, output=Output.BATCHES)),
    "prints": lambda: PrintedLettersDialog(
        [PrintLine(NOW, FILE, 3), PrintLine(NOW, ON_PRINTER, 1)]
    ),
    "range": lambda: PrintRangeDialog(FILE),
    "reprint": lambda: ReprintDialog(FILE, lambda _c: (), lambda _f, _n: (), lambda _f, _p: ()),
    "mailing": _mailing,
    "tariffs": lambda: TariffsDialog(load_tariffs()),
    "registered": lambda: RegisteredNumbersDialog(lambda _c, _n: ("", False)),
    "posting": lambda: PostingDateDialog(BATCHES[:2], DAY),
    "posting, many": lambda: PostingDateDialog(BATCHES, DAY),
    "delete": lambda: DeletePrintsDialog([ClearFile(Path("/x/lettres.pdf"), 12_000)]),
    "returned": lambda: ReturnedMailDialog(lambda _c, _r: ("", 0), lambda _k: ""),
    "decisions": lambda: ReturnedDecisionsDialog(_returned),
}


@pytest.fixture(params=DIALOGS)
def dialog(request: pytest.FixtureRequest, qtbot: QtBot) -> QuestionDialog:
    made = DIALOGS[request.param]()
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_control_has_a_name(dialog: QuestionDialog) -> None:
    controls = [one for one in focusable(dialog) if one.isEnabled()]
    assert controls
    assert not [one for one in controls if not spoken_name(one).strip()]


def test_letters_are_unique(dialog: QuestionDialog) -> None:
    labels = [
        label.text()
        for label in dialog.findChildren(QLabel)
        if label.isVisible() and label.buddy() is not None
    ]
    buttons = [b.text() for b in dialog.findChildren(QAbstractButton) if b.isVisible()]
    taken: dict[str, list[str]] = {}
    for text in [*labels, *buttons]:
        found = re.search(r"&(\w)", text.replace("&&", ""))
        if found is not None:
            taken.setdefault(found[1].casefold(), []).append(text)
    assert not {letter: texts for letter, texts in taken.items() if len(texts) > 1}


def test_french_typography(dialog: QuestionDialog) -> None:
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    texts += [button.text() for button in dialog.findChildren(QAbstractButton)]
    assert not [text for text in texts if _BAD_SPACE.search(text)]


def test_nothing_is_cut_and_it_fits_a_small_screen(dialog: QuestionDialog) -> None:
    QApplication.processEvents()
    assert dialog.minimumSizeHint().width() <= 860
    assert dialog.minimumSizeHint().height() <= 620
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    for area in dialog.findChildren(QScrollArea):
        assert not area.horizontalScrollBar().isVisible()


def test_pages_are_read_and_bounded() -> None:
    assert page_numbers("3, 8-12", 100) == [3, 8, 9, 10, 11, 12]
    assert page_numbers("5-9999999", 7) == [5, 6, 7]
    assert page_numbers("12-8", 100) == []
    for typed in ("", "trois", "3;4", "-3", "1,,2"):
        assert page_numbers(typed, 100) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "ainsi"),
        ("27/01/2026", "pas encore passée"),
        ("25/01/2026", "imprimées après"),
    ],
)
def test_a_wrong_posting_day_is_said(qtbot: QtBot, typed: str, words: str) -> None:
    dialog = PostingDateDialog(BATCHES[:1], NOW.date())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.date_edit.field.setText(typed)
    dialog.date_edit.field.textEdited.emit(typed)
    dialog.accept()
    assert words in dialog.fault_label.text()
    assert dialog.isVisible()


def test_batches_not_chosen_are_not_posted(qtbot: QtBot) -> None:
    dialog = PostingDateDialog(BATCHES[:3], NOW.date() + timedelta(days=1))
    qtbot.addWidget(dialog)
    dialog.show()
    for box in dialog.batch_boxes:
        box.setChecked(False)
    dialog.accept()
    assert "Cochez" in dialog.fault_label.text()
    dialog.batch_boxes[1].setChecked(True)
    with qtbot.waitSignal(dialog.confirmed) as told:
        dialog.accept()
    assert told.args is not None
    assert told.args[1] == [BATCHES[1]]


@pytest.mark.parametrize("price", ["1,523", "-1", "un", "99999"])
def test_a_price_that_cannot_be_is_refused(qtbot: QtBot, price: str) -> None:
    dialog = TariffsDialog(load_tariffs())
    qtbot.addWidget(dialog)
    cell = dialog.grid.item(0, 2)
    assert cell is not None
    cell.setText(price)
    assert isinstance(dialog.read(), str)


def test_two_prices_for_one_weight_are_refused(qtbot: QtBot) -> None:
    dialog = TariffsDialog(load_tariffs())
    qtbot.addWidget(dialog)
    for column, text in enumerate(("Lettre verte", "20", "1,60")):
        cell = dialog.grid.item(1, column)
        assert cell is not None
        cell.setText(text)
    answer = dialog.read()
    assert isinstance(answer, str)
    assert "deux prix" in answer
