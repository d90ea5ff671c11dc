"""« L’incident »: what is typed is in the campaign file."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.incident import Certainty, CnilStatus, DataCategory, Incident
from app.core.steps import Missing
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.steps.incident import IncidentPage
from tests.ui.conftest import INCIDENT, press, type_text

MakeCampaign = Callable[..., CampaignFile]


def shown(qtbot: QtBot, campaign_file: CampaignFile, desk: Desk) -> IncidentPage:
    page = IncidentPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    return page


def test_every_change_is_saved_by_itself(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    campaign_file = make_campaign(incident=Incident())
    page = shown(qtbot, campaign_file, desk)
    with qtbot.waitSignal(page.changed):
        press(qtbot, page.form.certainty.button(Certainty.PROBABLE))
    assert campaign_file.incident().certainty is Certainty.PROBABLE
    with qtbot.waitSignal(page.changed):
        type_text(page.form.discovered_on.field, "20/01/2026")
        type_text(page.form.vendor, "Éditeur Exemple")
        press(qtbot, page.form.exposed.box(DataCategory.PHONE))
        page.form.measures_taken.setFocus()
        type_text(page.form.measures_taken, "Accès coupés\nPlainte déposée")
    saved = campaign_file.incident()
    assert saved.discovered_on == date(2026, 1, 20)
    assert saved.vendor == "Éditeur Exemple"
    assert saved.categories == (DataCategory.PHONE,)
    assert saved.measures_taken == ("Accès coupés", "Plainte déposée")


def test_what_was_saved_is_shown_again(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    page = shown(qtbot, make_campaign(), desk)
    assert page.form.read(Incident()) == INCIDENT


def test_leaving_saves_what_is_still_being_typed(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    campaign_file = make_campaign()
    page = shown(qtbot, campaign_file, desk)
    page.form.software.setFocus()
    type_text(page.form.software, "Logiciel")
    page.leave()
    assert campaign_file.incident().software == "Logiciel"


def test_a_date_that_does_not_exist_is_told_and_not_kept(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    campaign_file = make_campaign()
    page = shown(qtbot, campaign_file, desk)
    day = page.form.discovered_on
    day.field.selectAll()
    type_text(day.field, "31/02/2026")
    QTest.keyClick(day.field, Qt.Key.Key_Return)
    page.save()
    assert day.fault == "Cette date n’existe pas. Écrivez-la ainsi\u00a0: 12/01/2026."
    assert campaign_file.incident().discovered_on is None


def test_an_unknown_date_empties_the_field_and_a_date_unticks_the_box(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    campaign_file = make_campaign()
    page = shown(qtbot, campaign_file, desk)
    press(qtbot, page.form.date_unknown)
    page.save()
    assert campaign_file.incident().happened_on is None
    type_text(page.form.happened_on.field, "12/01/2026")
    assert not page.form.date_unknown.isChecked()
    page.save()
    assert campaign_file.incident().happened_on == date(2026, 1, 12)


def test_exposed_data_cannot_be_certainly_not_exposed(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    campaign_file = make_campaign()
    page = shown(qtbot, campaign_file, desk)
    press(qtbot, page.form.not_exposed.box(DataCategory.EMAIL))
    press(qtbot, page.form.exposed.box(DataCategory.EMAIL))
    page.save()
    saved = campaign_file.incident()
    assert DataCategory.EMAIL in saved.categories
    assert DataCategory.EMAIL not in saved.excluded_categories
    assert not page.form.not_exposed.box(DataCategory.EMAIL).isEnabled()


def test_the_date_of_the_declaration_is_asked_only_when_it_was_made(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    campaign_file = make_campaign()
    page = shown(qtbot, campaign_file, desk)
    assert not page.form.cnil_on.isVisible()
    press(qtbot, page.form.cnil_status.button(CnilStatus.NOTIFIED))
    assert page.form.cnil_on.isVisible()
    type_text(page.form.cnil_on.field, "22/01/2026")
    page.save()
    assert campaign_file.incident().cnil_on == date(2026, 1, 22)


def test_the_focus_goes_to_what_is_missing(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    page = shown(qtbot, make_campaign(incident=Incident()), desk)
    with qtbot.waitActive(page):
        page.activateWindow()
    page.focus_on(Missing.DETAILS)
    assert page.form.vendor.hasFocus()
    page.focus_on(Missing.MEASURES)
    assert page.form.measures_taken.hasFocus()
    page.focus_on(Missing.CATEGORIES)
    assert page.form.exposed.box(DataCategory.IDENTITY).hasFocus()


def test_a_change_puts_the_check_of_the_letters_out_of_date(
    qtbot: QtBot, make_campaign: MakeCampaign, desk: Desk
) -> None:
    campaign_file = make_campaign()
    campaign_file.set_setting("review.letters_blocking", "0")
    page = shown(qtbot, campaign_file, desk)
    type_text(page.form.vendor, "x")
    page.save()
    assert campaign_file.setting("review.letters_blocking") == ""
