"""The letter: edited with French names for its gaps, previewed for real people, checked while one types."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.core.campaign import Channel
from app.core.issue import Level
from app.core.recipient import Recipient
from app.core.steps import Step, StepState, step_reports
from app.letters.catalogue import load
from app.services import lettering
from app.services.overview import LETTERS_BLOCKING, campaign_facts
from app.services.trial_letter import TRIAL_SENT_AT
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.letter import LetterPage
from app.ui.widgets.letter_preview import OfflineBrowser
from app.ui.widgets.template_names import names_of
from app.ui.widgets.template_text import TemplateText
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, few_people, ready_campaign
from tests.ui.conftest import press, type_text


@pytest.fixture
def clock() -> FixedClock:
    """The day on which the ready campaign writes."""
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> Iterator[LetterPage]:
    made = LetterPage(campaign_file, desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.load()
    yield made
    made.leave()  # as the frame does before it closes a campaign


def shown(page: LetterPage) -> str:
    return page.editor.text_edit.toPlainText()


def email(page: LetterPage) -> str:
    return page.preview.email_view.toPlainText()


@pytest.mark.parametrize("template_id", [template.id for template in load().letters()])
def test_every_template_is_shown_and_read_back_unchanged(template_id: str) -> None:
    template = load().template(template_id)
    text = TemplateText(names_of(template))
    screen = text.to_shown(template.source)
    assert "{{" not in screen
    assert "{%" not in screen
    assert text.to_source(screen) == template.source


def test_a_passage_is_found_on_the_screen() -> None:
    text = TemplateText({"{{ appel }}": "Appel", "{% endif %}": "Fin du passage"})
    source = "{{ appel }},\n{% endif %}\nbonjour {{ x }}."
    start = source.index("bonjour")
    span = text.shown_span(source, (start, start + 7))
    assert text.to_shown(source)[span[0] : span[1]] == "bonjour"
    whole = text.shown_span(source, (0, 11))
    assert text.to_shown(source)[whole[0] : whole[1]] == "{Appel}"


def test_the_text_is_shown_with_french_names_and_nothing_is_saved_by_looking(
    page: LetterPage, campaign_file: CampaignFile
) -> None:
    assert "{Appel}" in shown(page)
    assert "{Si l’incident est confirmé}" in shown(page)
    assert "{{" not in shown(page)
    page.leave()
    assert campaign_file.template_text("T01") is None


def test_what_is_typed_is_saved_and_previewed(
    qtbot: QtBot, page: LetterPage, campaign_file: CampaignFile
) -> None:
    campaign_file.set_setting(LETTERS_BLOCKING, "0")
    campaign_file.set_setting(TRIAL_SENT_AT, NOW.isoformat())
    editor = page.editor.text_edit
    editor.setFocus()
    place = shown(page).index("Nous regrettons")
    cursor = editor.textCursor()
    cursor.setPosition(place)
    editor.setTextCursor(cursor)
    with qtbot.waitSignal(page.changed):
        type_text(editor, "Le secrétariat reste à votre écoute. ")
    qtbot.waitUntil(lambda: "Le secrétariat reste à votre écoute." in email(page))
    saved = campaign_file.template_text("T01")
    assert saved is not None
    assert "Le secrétariat reste à votre écoute. Nous regrettons" in saved[1]
    assert (
        saved[1].replace("Le secrétariat reste à votre écoute. ", "")
        == load().template("T01").source
    )
    # every letter must be checked again, and the new one received before it leaves
    assert not campaign_file.setting(LETTERS_BLOCKING)
    assert not campaign_file.setting(TRIAL_SENT_AT)


def test_a_word_is_inserted_from_the_menu_and_undone(qtbot: QtBot, page: LetterPage) -> None:
    menu = page.editor.insert_button.menu()
    groups = {each.title(): each for each in menu.findChildren(QMenu)}
    assert {"Le patient", "Le cabinet", "L’incident"} <= set(groups)
    before = shown(page)
    call = next(a for a in groups["Le patient"].actions() if a.text().startswith("Appel"))
    menu.triggered.emit(call)
    assert shown(page).startswith("{Appel}{Si")
    assert page.editor.source().startswith("{{ appel }}{% if")
    press(qtbot, page.editor.undo_button)
    assert shown(page) == before
    press(qtbot, page.editor.redo_button)
    assert shown(page).startswith("{Appel}")


def test_words_are_found_from_the_top_again(page: LetterPage) -> None:
    page.editor.find_edit.setText("CNIL")
    QTest.keyClick(page.editor.find_edit, Qt.Key.Key_Return)
    first = page.editor.text_edit.textCursor().selectionStart()
    assert page.editor.text_edit.textCursor().selectedText() == "CNIL"
    for _ in range(20):
        QTest.keyClick(page.editor.find_edit, Qt.Key.Key_Return)
        if page.editor.text_edit.textCursor().selectionStart() == first:
            break
    assert page.editor.text_edit.textCursor().selectionStart() == first
    page.editor.find_edit.setText("zzz")
    QTest.keyClick(page.editor.find_edit, Qt.Key.Key_Return)
    assert "Introuvable" in page.editor.found_label.text()


def test_the_preview_is_the_letter_of_the_person_chosen(qtbot: QtBot, page: LetterPage) -> None:
    assert "MARTIN Jeanne" in page.navigator.name_label.text()
    assert "Madame," in email(page)
    press(qtbot, page.navigator.next_button)
    assert "DURAND Paul" in page.navigator.name_label.text()
    assert "Monsieur," in email(page)
    press(qtbot, page.navigator.back_button)
    press(qtbot, page.navigator.back_button)
    assert "LEMAÎTRE Émile" in page.navigator.name_label.text()
    type_text(page.navigator.search_edit, "n’diaye")
    qtbot.waitUntil(lambda: "N’DIAYE" in page.navigator.name_label.text())
    assert "1 sur 1" in page.navigator.name_label.text()
    page.navigator.search_edit.setText("personne de ce nom")
    qtbot.waitUntil(lambda: "Personne ne correspond" in page.navigator.name_label.text())


def test_difficult_cases_lead_to_their_person(page: LetterPage) -> None:
    box = page.navigator.cases_box
    place = box.findText("Un mineur")
    assert place > 0
    box.setCurrentIndex(place)
    box.activated.emit(place)
    assert "PETIT Anne" in page.navigator.name_label.text()
    assert "représentants légaux" in email(page)
    assert box.findText("Une adresse à l’étranger") == -1


def test_somebody_at_random_is_one_of_the_list(qtbot: QtBot, page: LetterPage) -> None:
    names = set()
    for _ in range(30):
        press(qtbot, page.navigator.random_button)
        names.add(page.navigator.name_label.text().split("\u00a0: ")[1])
    assert len(names) > 1
    assert names <= {person.display_name for person in few_people() if not person.is_excluded}


def test_the_printed_page_is_shown(qtbot: QtBot, page: LetterPage) -> None:
    page.preview.show_paper()
    qtbot.waitUntil(lambda: len(page.preview.paper_view.page_labels) > 0, timeout=10_000)
    pixmap = page.preview.paper_view.page_labels[0].pixmap()
    image = pixmap.toImage()
    assert abs(image.height() / image.width() - 297 / 210) < 0.01
    inks = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }
    assert "#ffffff" in inks
    assert len(inks) > 5


def test_people_without_address_have_no_page(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "sans"
    folder.mkdir()
    with ready_campaign(
        folder, [Recipient(2, last_name="Sans", first_name="Rue", email="s@e.example")]
    ) as campaign_file:
        page = LetterPage(campaign_file, desk)
        qtbot.addWidget(page)
        page.show()
        page.load()
        page.preview.show_paper()
        labels = page.preview.paper_view.page_labels
        assert "adresse postale" in labels[0].text()
        page.close()


def test_a_missing_contact_is_told_and_the_click_shows_its_place(
    page: LetterPage, campaign_file: CampaignFile
) -> None:
    assert page.checklist.count_of(Level.BLOCKING) == 0
    assert "Tout y est" in page.count_label.text()
    source = page.editor.source()
    start = source.index("- Votre contact")
    end = source.index("## Vos droits")
    page.editor.text_edit.selectAll()
    page.editor.text_edit.insertPlainText(
        TemplateText(names_of(load().template("T01"))).to_shown(source[:start] + source[end:])
    )
    page.save()
    told = [page.checklist.item(row).text() for row in range(page.checklist.count())]
    assert any(text.startswith("À corriger") for text in told)
    facts = campaign_facts(campaign_file)
    assert facts.letter_blocking == page.checklist.count_of(Level.BLOCKING) > 0
    assert step_reports(facts)[Step.LETTER - 1].state is StepState.TO_FIX
    assert step_reports(facts)[Step.REVIEW - 1].state is StepState.NOT_YET
    page.editor.text_edit.moveCursor(page.editor.text_edit.textCursor().MoveOperation.Start)
    page.checklist.itemClicked.emit(page.checklist.item(0))
    assert page.editor.text_edit.textCursor().hasSelection()


def test_a_broken_passage_is_told_and_the_proposed_text_comes_back(
    qtbot: QtBot, page: LetterPage, campaign_file: CampaignFile
) -> None:
    page.editor.text_edit.moveCursor(page.editor.text_edit.textCursor().MoveOperation.Start)
    page.editor.text_edit.insertPlainText("{{ inconnu }} ")
    page.save()
    assert page.message_bar.text
    assert campaign_facts(campaign_file).letter_blocking == 1
    press(qtbot, page.tools.restore_button)
    dialog = page.findChild(QuestionDialog)
    assert dialog is not None
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    assert buttons["Garder mon texte"].isDefault()
    press(qtbot, buttons["Revenir au texte proposé"])
    assert campaign_file.template_text("T01") is None
    assert campaign_facts(campaign_file).letter_blocking == 0
    assert "inconnu" not in shown(page)
    assert not page.message_bar.text


def test_the_other_variant_is_edited_apart(page: LetterPage, campaign_file: CampaignFile) -> None:
    assert page.head.template_box.count() == 2
    page.head.template_box.setCurrentIndex(1)
    page.head.template_box.activated.emit(1)
    page.head.subject_edit.setFocus()
    page.head.subject_edit.clear()
    type_text(page.head.subject_edit, "Information du cabinet")
    page.head.paper_subject_edit.setFocus()
    page.head.paper_subject_edit.clear()
    type_text(page.head.paper_subject_edit, "Un mot de votre cabinet")
    page.leave()
    assert campaign_file.template_text("T01") is None
    saved = lettering.template_of(campaign_file, "T02")
    assert saved.subject_email == "Information du cabinet"
    assert saved.subject_paper == "Un mot de votre cabinet"
    # both are frozen with the letters, and printed
    lettering.freeze(campaign_file, clock=page.desk.clock)
    annotated = next(p for p in campaign_file.recipients() if p.has_annotations)
    for channel, subject in (
        (Channel.EMAIL, "Information du cabinet"),
        (Channel.PAPER, "Un mot de votre cabinet"),
    ):
        assert lettering.preview(campaign_file, annotated.id, channel).subject == subject


def test_the_preview_fetches_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "image.png"
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    assert image.save(str(picture))
    browser = OfflineBrowser()
    qtbot.addWidget(browser)
    browser.setHtml(
        f'<p>Bonjour <img src="https://exemple.example/x.png"><img src="{picture.as_uri()}">'
        f'<img src="{picture}"><a href="https://exemple.example/">lien</a></p>'
    )
    browser.show()
    seen = browser.grab().toImage()
    inks = {seen.pixelColor(x, y).name() for x in range(seen.width()) for y in range(60)}
    assert "#ff0000" not in inks
    assert not browser.openLinks()
    assert not browser.openExternalLinks()


def test_the_e_mail_is_shown_light_and_dark(qtbot: QtBot, page: LetterPage) -> None:
    preview = page.preview
    preview.show_email()

    def paper_and_ink() -> tuple[int, int]:
        picture = preview.email_view.viewport().grab().toImage()
        greys = [
            picture.pixelColor(x, y).lightness()
            for x in range(0, picture.width(), 2)
            for y in range(0, picture.height(), 2)
        ]
        return max(set(greys), key=greys.count), min(greys) if max(greys) == 255 else max(greys)

    paper, ink = paper_and_ink()
    assert paper == 255
    assert ink < 90
    press(qtbot, preview.dark_button)
    paper, ink = paper_and_ink()
    assert paper < 40
    assert ink > 180
    preview.setCurrentIndex(1)
    assert not preview.dark_button.isVisible()
