"""« M’aider à choisir… »: questions answered as a person does, a proposal taken or left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.incident import Certainty, CnilStatus, DataCategory, Incident
from app.core.practice import PracticeKind
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.guided_choice import GuidedChoiceDialog
from app.ui.steps.incident import IncidentPage
from app.ui.widgets.guided_pages import AwarenessPage, ProposalPage, QuestionPage
from app.wording.french import date_short
from tests.support.campaigns import NOW, FixedClock
from tests.ui.conftest import INCIDENT, PRACTICE, press, type_text
from tests.ui.places import focusable, spoken_name
from tests.ui.test_every_page import _BAD_SPACE, _is_cut

MakeDialog = Callable[..., GuidedChoiceDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot, clock: FixedClock) -> MakeDialog:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(860, 480)
    host.show()

    def make(incident: Incident, kind: PracticeKind = PRACTICE.kind) -> GuidedChoiceDialog:
        dialog = GuidedChoiceDialog(incident, replace(PRACTICE, kind=kind), clock, host)
        dialog.open()
        return dialog

    return make


def answer(qtbot: QtBot, dialog: GuidedChoiceDialog, *answers: str) -> None:
    for given in answers:
        page = dialog.page
        assert isinstance(page, QuestionPage)
        press(qtbot, page.choice.button(given))
        press(qtbot, dialog.next_button)


def propose(qtbot: QtBot, dialog: GuidedChoiceDialog, *answers: str) -> ProposalPage:
    """Answer everything, leave the moment of awareness as it is."""
    answer(qtbot, dialog, *answers)
    assert isinstance(dialog.page, AwarenessPage)
    press(qtbot, dialog.next_button)
    assert isinstance(dialog.page, ProposalPage)
    return dialog.page


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def cut(dialog: GuidedChoiceDialog) -> list[str]:
    labels = [each for each in dialog.findChildren(QLabel) if each.isVisible()]
    return [each.text() for each in labels if each.text() and _is_cut(each)]


def test_answers_lead_to_a_proposal_and_fill_the_incident(
    qtbot: QtBot, open_dialog: MakeDialog
) -> None:
    dialog = open_dialog(Incident(vendor="Éditeur Exemple"))
    taken: list[Incident] = []
    dialog.taken.connect(taken.append)
    page = propose(qtbot, dialog, "vendor", "yes", "likely")
    assert DataCategory.ANNOTATIONS in page.categories()
    assert "Probable" in words(page)
    assert "Prévenir la CNIL" in words(page)
    assert "la date de l’incident" in words(page)
    press(qtbot, page.boxes.box(DataCategory.PHONE))
    press(qtbot, dialog.use_button)
    (incident,) = taken
    assert incident.template_id == "T01"
    assert incident.certainty is Certainty.PROBABLE
    assert incident.vendor == "Éditeur Exemple"
    assert DataCategory.ANNOTATIONS in incident.categories
    assert DataCategory.PHONE not in incident.categories


def test_without_an_answer_nothing_goes_on(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    dialog = open_dialog(Incident())
    first = dialog.page
    press(qtbot, dialog.next_button)
    assert dialog.page is first
    assert isinstance(first, QuestionPage)
    assert "Choisissez d’abord une réponse." in words(first)
    assert not dialog.back_button.isEnabled()


def test_going_back_keeps_the_answer(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    dialog = open_dialog(Incident())
    propose(qtbot, dialog, "stolen", "yes", "yes")
    press(qtbot, dialog.back_button)
    assert isinstance(dialog.page, AwarenessPage)
    for given in ("yes", "yes", "stolen"):
        press(qtbot, dialog.back_button)
        assert isinstance(dialog.page, QuestionPage)
        assert dialog.page.answer() == given
    assert not dialog.back_button.isEnabled()


def test_the_time_left_is_told_and_the_moment_kept(
    qtbot: QtBot, open_dialog: MakeDialog, clock: FixedClock
) -> None:
    dialog = open_dialog(Incident(aware_at=clock.now() - timedelta(hours=70)))
    taken: list[Incident] = []
    dialog.taken.connect(taken.append)
    page = propose(qtbot, dialog, "mailbox", "yes")
    assert "Il reste 2\u00a0heures, jusqu’au" in words(page)
    press(qtbot, dialog.use_button)
    assert taken[0].aware_at == (clock.now() - timedelta(hours=70)).replace(second=0, microsecond=0)


def test_a_late_declaration_is_told_as_late(
    qtbot: QtBot, open_dialog: MakeDialog, clock: FixedClock
) -> None:
    page = propose(
        qtbot, open_dialog(Incident(aware_at=clock.now() - timedelta(hours=80))), "mailbox", "yes"
    )
    assert "Le délai de 72 heures est passé" in words(page)
    assert "Le délai a pris fin le" in words(page)


def test_a_moment_to_come_is_refused(
    qtbot: QtBot, open_dialog: MakeDialog, clock: FixedClock
) -> None:
    dialog = open_dialog(Incident())
    answer(qtbot, dialog, "mailbox", "yes")
    page = dialog.page
    assert isinstance(page, AwarenessPage)
    type_text(page.day.field, date_short((clock.now() + timedelta(days=2)).date()))
    press(qtbot, dialog.next_button)
    assert dialog.page is page
    assert "Ce moment n’est pas encore passé." in words(page)
    page.day.field.selectAll()
    type_text(page.day.field, "31/02/2026")
    press(qtbot, dialog.next_button)
    assert dialog.page is page
    assert "Écrivez la date ainsi" in words(page)


def test_the_moment_is_french_time(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    dialog = open_dialog(Incident())
    taken: list[Incident] = []
    dialog.taken.connect(taken.append)
    answer(qtbot, dialog, "mailbox", "yes")
    page = dialog.page
    assert isinstance(page, AwarenessPage)
    type_text(page.day.field, "20/01/2025")
    page.time.setTime(QTime(8, 30))
    press(qtbot, dialog.next_button)
    press(qtbot, dialog.use_button)
    assert taken[0].aware_at == datetime(2025, 1, 20, 7, 30, tzinfo=UTC)


def test_unticking_data_weighs_the_risk_again(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    known = Incident(categories=(DataCategory.PHONE, DataCategory.MEDICAL_DOCUMENTS))
    page = propose(qtbot, open_dialog(known), "mailbox", "yes")
    assert "Risque élevé probable" in page.risk_label.text()
    press(qtbot, page.boxes.box(DataCategory.MEDICAL_DOCUMENTS))
    assert "À discuter avec votre DPO" in page.risk_label.text()


def test_an_answer_withdraws_what_was_said_before(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    dialog = open_dialog(Incident(details={"chiffre": "oui", "lieu_vol": "gare"}))
    taken: list[Incident] = []
    dialog.taken.connect(taken.append)
    propose(qtbot, dialog, "stolen", "no", "yes")
    press(qtbot, dialog.use_button)
    assert taken[0].details == {"lieu_vol": "gare"}


def test_a_clinic_is_told_of_the_cert(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    page = propose(qtbot, open_dialog(Incident(), PracticeKind.CLINIC), "blocked", "no")
    assert "CERT Santé" in page.duties_label.text()


def test_a_declaration_already_made_is_told_as_done(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    known = replace(INCIDENT, cnil_status=CnilStatus.NOTIFIED, aware_at=NOW)
    page = propose(qtbot, open_dialog(known), "mailbox", "yes")
    assert "Vous l’avez déjà noté." in page.duties_label.text()


def test_closing_changes_nothing(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    dialog = open_dialog(Incident())
    taken: list[Incident] = []
    dialog.taken.connect(taken.append)
    propose(qtbot, dialog, "mailbox", "yes")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not taken


def test_the_keyboard_alone_is_enough(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    dialog = open_dialog(Incident())
    taken: list[Incident] = []
    dialog.taken.connect(taken.append)
    page = dialog.page
    assert isinstance(page, QuestionPage)
    QTest.keyClick(page.choice.button("mailbox"), Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    page = dialog.page
    assert isinstance(page, QuestionPage)
    QTest.keyClick(page.choice.button("yes"), Qt.Key.Key_Space)
    for _ in range(3):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert [each.template_id for each in taken] == ["T11"]


def test_tab_scrolls_down_to_what_is_unknown(qtbot: QtBot, open_dialog: MakeDialog) -> None:
    dialog = open_dialog(Incident())
    page = propose(qtbot, dialog, "vendor", "yes", "yes")
    qtbot.waitUntil(lambda: page.unknown_label.visibleRegion().isEmpty())
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    for _ in range(20):
        focused = dialog.focusWidget()
        if focused is page.unknown_label:
            break
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert page.unknown_label.hasFocus()
    assert not page.unknown_label.visibleRegion().isEmpty()


@pytest.mark.parametrize("ways", [(), ("vendor",), ("vendor", "yes", "yes")])
def test_every_page_is_readable(
    qtbot: QtBot, open_dialog: MakeDialog, ways: tuple[str, ...]
) -> None:
    dialog = open_dialog(Incident())
    answer(qtbot, dialog, *ways)
    for _ in range(2):
        qtbot.waitUntil(lambda: not cut(dialog))
        assert dialog.width() <= 860
        assert dialog.height() <= 480
        labels = [each for each in dialog.findChildren(QLabel) if each.isVisible()]
        assert not [each.text() for each in labels if _BAD_SPACE.search(each.text())]
        assert not [each for each in focusable(dialog) if not spoken_name(each).strip()]
        press(qtbot, dialog.next_button)


def test_the_incident_page_takes_the_proposal(
    qtbot: QtBot, make_campaign: Callable[..., CampaignFile], desk: Desk
) -> None:
    campaign_file = make_campaign(incident=Incident())
    page = IncidentPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    page.form.measures_taken.setFocus()
    type_text(page.form.measures_taken, "Accès coupés")
    press(qtbot, page.guide_button)
    dialog = page.findChild(GuidedChoiceDialog)
    assert dialog is not None
    propose(qtbot, dialog, "mailbox", "likely")
    with qtbot.waitSignal(page.changed):
        press(qtbot, dialog.use_button)
    saved = campaign_file.incident()
    assert (saved.template_id, saved.certainty) == ("T11", Certainty.PROBABLE)
    assert saved.measures_taken == ("Accès coupés",)
    assert page.form.read(saved) == saved
    assert page.form.situation.currentData() == "T11"
