"""« Documents d’accompagnement »: read, copied, saved, for everybody and for one person."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.incident import DataCategory
from app.core.recipient import Protection
from app.letters.catalogue import load
from app.letters.render import LetterRenderer
from app.services.companions import is_protected
from app.services.lettering import renderer_for
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery
from app.ui.desk import Desk
from app.ui.dialogs.companions import CompanionsDialog
from app.ui.steps.letter import LetterPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, type_text
from tests.ui.places import focusable, spoken_name
from tests.ui.test_every_page import _BAD_SPACE, _is_cut

KEYS = ("poster", "web", "answering", "phone", "sms", "T16", "T18", "T20")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path)
    yield made
    made.close()


@pytest.fixture
def renderer(campaign_file: CampaignFile, clock: FixedClock) -> LetterRenderer:
    return renderer_for(campaign_file, clock=clock)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(860, 480)
    made.show()
    return made


@pytest.fixture
def dialog(
    host: QWidget, campaign_file: CampaignFile, renderer: LetterRenderer, files: ReadyFileChooser
) -> CompanionsDialog:
    return opened(host, campaign_file, renderer, files)


def opened(
    host: QWidget, campaign_file: CampaignFile, renderer: LetterRenderer, files: ReadyFileChooser
) -> CompanionsDialog:
    made = CompanionsDialog(
        renderer,
        lambda typed: list(campaign_file.recipients(limit=20, query=RecipientQuery(text=typed))),
        files,
        host,
        lambda: [p for p in campaign_file.recipients() if is_protected(p, renderer)],
    )
    made.open()
    return made


def shown(dialog: CompanionsDialog) -> str:
    return dialog.text_view.toPlainText()


def plain(text: str) -> str:
    """As Qt reads a text back: with ordinary spaces."""
    return text.replace("\u00a0", " ")


def search(qtbot: QtBot, dialog: CompanionsDialog, name: str) -> None:
    dialog.person.search_edit.setFocus()
    type_text(dialog.person.search_edit, name)
    press(qtbot, dialog.person.find_button)


def type_date(dialog: CompanionsDialog, name: str, day: str) -> None:
    field = dialog.details.field(name)
    assert isinstance(field, QLineEdit)
    type_text(field, day)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("poster", "Ce que nous vous conseillons"),
        ("web", "Ce que nous vous conseillons"),
        ("answering", "Vous êtes bien"),
        ("phone", "Suis-je concerné"),
        ("sms", "Merci de nous appeler"),
    ],
)
def test_each_document_is_read_and_copied(
    qtbot: QtBot, dialog: CompanionsDialog, key: str, words: str
) -> None:
    dialog.choose(key)
    assert words in shown(dialog)
    assert "{" not in shown(dialog)
    press(qtbot, dialog.copy_button)
    assert plain(QGuiApplication.clipboard().text()) == shown(dialog)
    assert dialog.message_bar.text == "Texte copié."


@pytest.mark.parametrize("key", ["poster", "phone"])
def test_posters_are_saved_as_pdf(
    qtbot: QtBot, dialog: CompanionsDialog, files: ReadyFileChooser, tmp_path: Path, key: str
) -> None:
    files.answer = tmp_path / "document.pdf"
    dialog.choose(key)
    press(qtbot, dialog.save_button)
    pages = pypdf.PdfReader(BytesIO(files.answer.read_bytes())).pages
    text = " ".join(page.extract_text() for page in pages)
    assert "Identité" in text
    assert dialog.message_bar.text == "Enregistré dans «\u00a0document.pdf\u00a0»."


def test_the_web_page_is_saved_whole(
    qtbot: QtBot, dialog: CompanionsDialog, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "page.html"
    dialog.choose("web")
    press(qtbot, dialog.save_button)
    page = files.answer.read_text(encoding="utf-8")
    assert "<h1>" in page
    assert "src=" not in page


def test_a_text_is_saved_with_its_accents(
    qtbot: QtBot, dialog: CompanionsDialog, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "repondeur.txt"
    dialog.choose("answering")
    press(qtbot, dialog.save_button)
    assert plain(files.answer.read_text(encoding="utf-8-sig")) == shown(dialog)


def test_a_folder_that_does_not_exist_is_told(
    qtbot: QtBot, dialog: CompanionsDialog, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = tmp_path / "absent" / "page.html"
    press(qtbot, dialog.save_button)
    assert "page.html" in dialog.message_bar.text
    assert "Enregistré" not in dialog.message_bar.text


def test_the_answer_to_somebody_of_the_list(qtbot: QtBot, dialog: CompanionsDialog) -> None:
    dialog.choose("T16")
    assert dialog.note_label.text() == "Écrivez d’abord le nom de la personne."
    assert not dialog.copy_button.isEnabled()
    search(qtbot, dialog, "Girard")
    assert "Date de la demande" in dialog.note_label.text()
    type_date(dialog, "date_demande", "01/03/2026")
    assert "Madame," in shown(dialog)
    assert "1er mars 2026" in shown(dialog)
    assert "Vos informations en font partie." in shown(dialog)
    assert not dialog.person.last_name_edit.isVisible()


def test_the_answer_to_somebody_else_says_not_concerned(
    qtbot: QtBot, dialog: CompanionsDialog
) -> None:
    dialog.choose("T16")
    search(qtbot, dialog, "Introuvable")
    assert dialog.person.found_box.currentText() == "Absente de la liste"
    type_text(dialog.person.last_name_edit, "Vallée")
    type_date(dialog, "date_demande", "01/03/2026")
    assert "n’en font pas partie" in shown(dialog)
    box = dialog.details.field("est_concerne")
    assert isinstance(box, QCheckBox)
    press(qtbot, box)
    assert "Vos informations en font partie." in shown(dialog)


def test_the_answer_names_only_the_person_s_own_data(
    qtbot: QtBot,
    host: QWidget,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    clock: FixedClock,
) -> None:
    incident = campaign_file.incident()
    both = (*incident.categories, DataCategory.ANNOTATIONS)
    campaign_file.save_incident(replace(incident, categories=both), NOW)
    renderer = renderer_for(campaign_file, clock=clock)
    assert renderer.variant is not None
    dialog = opened(host, campaign_file, renderer, files)
    dialog.choose("T16")
    type_date(dialog, "date_demande", "01/03/2026")
    phrase = load().knowledge.categories[DataCategory.ANNOTATIONS].phrase
    search(qtbot, dialog, "Girard")
    assert phrase not in shown(dialog)
    dialog.person.search_edit.clear()
    search(qtbot, dialog, "Lemaître")
    assert phrase in shown(dialog)


def test_the_answer_is_a_page_too(
    qtbot: QtBot, dialog: CompanionsDialog, files: ReadyFileChooser, tmp_path: Path
) -> None:
    dialog.choose("T16")
    assert not dialog.page_button.isEnabled()
    search(qtbot, dialog, "Girard")
    type_date(dialog, "date_demande", "01/03/2026")
    files.answer = tmp_path / "reponse.pdf"
    press(qtbot, dialog.page_button)
    text = " ".join(pypdf.PdfReader(files.answer).pages[0].extract_text().split())
    assert "MADAME MARTHE GIRARD" in text
    assert "Vos informations en font partie" in text
    assert "Veuillez agréer, Madame" in text


def test_a_poster_in_place_of_letters_says_so(qtbot: QtBot, dialog: CompanionsDialog) -> None:
    dialog.choose("poster")
    assert "Nous écrivons à chaque personne concernée" in shown(dialog)
    box = dialog.details.field("sans_lettres")
    assert isinstance(box, QCheckBox)
    press(qtbot, box)
    assert "Nous écrivons à chaque personne" not in shown(dialog)
    assert "cette information en tient lieu" in shown(dialog)
    dialog.choose("answering")
    assert "Nous écrivons à chaque personne" not in shown(dialog)
    dialog.choose("phone")
    assert "code de la lettre" not in shown(dialog)
    assert "conseils de l’affiche" in shown(dialog)


def test_people_under_guardianship_get_a_short_letter_in_their_own_name(
    qtbot: QtBot,
    dialog: CompanionsDialog,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    tmp_path: Path,
) -> None:
    dialog.choose("T20")
    assert "Aucune personne sous tutelle" in dialog.note_label.text()
    assert not dialog.save_button.isEnabled()
    for row in (12, 13):
        person = campaign_file.recipient_by_row(row)
        assert person is not None
        campaign_file.update_recipient(
            replace(person, protection=Protection.GUARDIANSHIP, representative="UDAF Exemple")
        )
    dialog.choose("poster")
    dialog.choose("T20")
    assert "2 lettres à imprimer" in plain(dialog.note_label.text())
    assert "à la personne qui vous représente" in shown(dialog)
    files.answer = tmp_path / "courtes.pdf"
    press(qtbot, dialog.save_button)
    pages = [" ".join(p.extract_text().split()) for p in pypdf.PdfReader(files.answer).pages]
    assert len(pages) == 2
    assert "MADAME MARTHE GIRARD" in pages[0]
    assert "MADAME ÉMILE LEMAÎTRE" in pages[1]
    assert not any("UDAF" in page for page in pages)


def test_the_request_to_delete(qtbot: QtBot, dialog: CompanionsDialog) -> None:
    dialog.choose("T18")
    assert not dialog.person.search_edit.isVisible()
    type_text(dialog.person.last_name_edit, "Vallée")
    type_date(dialog, "message_date", "27/02/2026")
    assert "27 février 2026" in shown(dialog)
    assert "de supprimer le message" in shown(dialog)
    dialog.choose("sms")
    dialog.choose("T18")
    assert "27 février 2026" in shown(dialog)
    assert dialog.copy_button.isEnabled()


def test_a_missing_fact_is_told(
    host: QWidget,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    clock: FixedClock,
) -> None:
    practice = campaign_file.practice()
    campaign_file.save_practice(replace(practice, phone=""), NOW)
    dialog = opened(host, campaign_file, renderer_for(campaign_file, clock=clock), files)
    assert "Il manque le téléphone du cabinet" in dialog.message_bar.text
    assert not dialog.copy_button.isEnabled()


def test_a_text_message_that_is_too_long_is_told(
    host: QWidget,
    campaign_file: CampaignFile,
    files: ReadyFileChooser,
    clock: FixedClock,
) -> None:
    name = "Maison de santé pluriprofessionnelle des Coteaux et de la Grande Plaine"
    campaign_file.save_practice(replace(campaign_file.practice(), name=name), NOW)
    dialog = opened(host, campaign_file, renderer_for(campaign_file, clock=clock), files)
    dialog.choose("sms")
    assert "sur 160" in dialog.note_label.text()
    assert "copiez le texte" not in dialog.note_label.text()


@pytest.mark.parametrize("key", KEYS)
def test_the_dialog_is_named_and_fits(qtbot: QtBot, dialog: CompanionsDialog, key: str) -> None:
    dialog.choose(key)
    assert dialog.width() <= 860
    assert dialog.height() <= 480
    assert dialog.windowModality() is Qt.WindowModality.WindowModal
    assert not [each for each in focusable(dialog) if not spoken_name(each).strip()]
    labels = [each for each in dialog.findChildren(QLabel) if each.isVisible() and each.text()]
    qtbot.waitUntil(lambda: not [each.text() for each in labels if _is_cut(each)])
    assert not [each.text() for each in labels if _BAD_SPACE.search(each.text())]


def test_the_letter_page_opens_it(qtbot: QtBot, desk: Desk, campaign_file: CampaignFile) -> None:
    page = LetterPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    press(qtbot, page.tools.companions_button)
    dialog = page.findChild(CompanionsDialog)
    assert dialog is not None
    dialog.choose("T16")
    dialog.person.search_edit.setFocus()
    type_text(dialog.person.search_edit, "girard")
    QTest.keyClick(dialog.person.search_edit, Qt.Key.Key_Return)
    assert dialog.person.chosen is not None
    assert dialog.isVisible()
    page.leave()
