"""« Modèles du cabinet »: kept, used, exported, imported, deleted, as a person does it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.letters.catalogue import LetterTemplate, load
from app.services import own_templates
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.own_templates import OwnTemplatesDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.letter import LetterPage
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, ready_campaign
from tests.ui.conftest import ReadyFileChooser, press, type_text
from tests.ui.places import focusable, spoken_name
from tests.ui.test_every_page import _BAD_SPACE, _is_cut

T01 = load().template("T01")
OURS = T01.with_wording(T01.source + "\n\nÀ très bientôt.\n", "Une information de votre cabinet")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(860, 480)
    made.show()
    return made


def opened(
    host: QWidget, files: ReadyFileChooser, current: LetterTemplate = OURS
) -> OwnTemplatesDialog:
    dialog = OwnTemplatesDialog(current, ["T01", "T02"], files, host)
    dialog.open()
    return dialog


def keep(qtbot: QtBot, dialog: OwnTemplatesDialog, name: str) -> None:
    dialog.name_edit.setFocus()
    type_text(dialog.name_edit, name)
    press(qtbot, dialog.keep_button)


def answer(qtbot: QtBot, dialog: QWidget, verb: str) -> None:
    question = next(q for q in dialog.findChildren(QuestionDialog) if q.isVisible())
    button = next(b for b in question.findChildren(QPushButton) if b.text() == verb)
    press(qtbot, button)


def names() -> list[str]:
    return [wording.name for wording in own_templates.saved()[0]]


def test_the_words_of_the_page_are_kept_under_a_name(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser
) -> None:
    dialog = opened(host, files)
    assert dialog.empty_label.isVisible()
    assert not dialog.use_button.isEnabled()
    keep(qtbot, dialog, "Notre lettre")
    assert names() == ["Notre lettre"]
    assert "À très bientôt." in dialog.text_view.toPlainText()
    assert "{{" not in dialog.text_view.toPlainText()
    assert dialog.message_bar.text == "Modèle gardé\u00a0: «\u00a0Notre lettre\u00a0»."
    assert not dialog.empty_label.isVisible()


def test_a_name_is_needed(qtbot: QtBot, host: QWidget, files: ReadyFileChooser) -> None:
    dialog = opened(host, files)
    press(qtbot, dialog.keep_button)
    assert dialog.message_bar.text == "Donnez d’abord un nom à ce modèle."
    assert names() == []


@pytest.mark.parametrize(
    ("verb", "is_replaced"), [("Remplacer ce modèle", True), ("Ne rien changer", False)]
)
def test_an_older_wording_is_replaced_only_when_asked(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser, verb: str, is_replaced: bool
) -> None:
    own_templates.save(T01, "Notre lettre")
    dialog = opened(host, files)
    keep(qtbot, dialog, "notre LETTRE")
    answer(qtbot, dialog, verb)
    (kept,), _ = own_templates.saved()
    assert (kept.source == OURS.source) is is_replaced


def test_export_then_import_elsewhere(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser, tmp_path: Path
) -> None:
    own_templates.save(OURS, "Notre lettre")
    dialog = opened(host, files)
    files.answer = tmp_path / "pour-un-confrere.modele.toml"
    press(qtbot, dialog.export_button)
    assert files.answer.exists()
    assert "pour-un-confrere.modele.toml" in dialog.message_bar.text
    press(qtbot, dialog.delete_button)
    answer(qtbot, dialog, "Supprimer ce modèle")
    assert names() == []
    press(qtbot, dialog.import_button)
    assert names() == ["Notre lettre"]
    assert own_templates.saved()[0][0].source == OURS.source
    assert "Relisez-le" in dialog.message_bar.text


def test_importing_a_name_already_kept_asks(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser, tmp_path: Path
) -> None:
    files.answer = own_templates.export(T01, "Notre lettre", tmp_path / "recu.modele.toml")
    own_templates.save(OURS, "Notre lettre")
    dialog = opened(host, files)
    press(qtbot, dialog.import_button)
    answer(qtbot, dialog, "Ne rien changer")
    assert own_templates.saved()[0][0].source == OURS.source


@pytest.mark.parametrize("content", ["bonjour", 'format = 1\nname = "x"'])
def test_a_file_that_is_no_wording_is_told(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser, tmp_path: Path, content: str
) -> None:
    files.answer = tmp_path / "autre.modele.toml"
    files.answer.write_text(content)
    dialog = opened(host, files)
    press(qtbot, dialog.import_button)
    assert "n’a pas été importé" in dialog.message_bar.text
    assert names() == []


def test_a_folder_that_does_not_exist_is_told(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser, tmp_path: Path
) -> None:
    own_templates.save(OURS, "Notre lettre")
    dialog = opened(host, files)
    files.answer = tmp_path / "absent" / "x.modele.toml"
    press(qtbot, dialog.export_button)
    assert "n’a pas été écrit dans le fichier x.modele.toml" in dialog.message_bar.text


def test_a_wording_of_another_situation_is_not_used(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser
) -> None:
    own_templates.save(load().template("T08"), "Vol")
    dialog = opened(host, files, T01)
    used: list[LetterTemplate] = []
    dialog.used.connect(used.append)
    press(qtbot, dialog.use_button)
    assert not used
    assert dialog.isVisible()
    assert "Choisissez d’abord cette situation" in dialog.message_bar.text


def test_words_kept_nowhere_are_lost_only_when_asked(
    qtbot: QtBot, host: QWidget, files: ReadyFileChooser
) -> None:
    own_templates.save(T01.with_wording(T01.source, "Un autre objet"), "La nôtre")
    dialog = opened(host, files)
    used: list[LetterTemplate] = []
    dialog.used.connect(used.append)
    press(qtbot, dialog.use_button)
    answer(qtbot, dialog, "Ne rien changer")
    assert not used
    press(qtbot, dialog.use_button)
    answer(qtbot, dialog, "Utiliser ce modèle")
    assert [each.subject_email for each in used] == ["Un autre objet"]


def test_the_dialog_is_named_and_fits(qtbot: QtBot, host: QWidget, files: ReadyFileChooser) -> None:
    own_templates.save(OURS, "Notre lettre")
    dialog = opened(host, files)
    press(qtbot, dialog.keep_button)
    assert (dialog.width(), dialog.height()) <= (860, 480)
    assert dialog.windowModality() is Qt.WindowModality.WindowModal
    assert not [each for each in focusable(dialog) if not spoken_name(each).strip()]
    labels = [each for each in dialog.findChildren(QLabel) if each.isVisible() and each.text()]
    qtbot.waitUntil(lambda: not [each.text() for each in labels if _is_cut(each)])
    assert not [each.text() for each in labels if _BAD_SPACE.search(each.text())]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not host.findChildren(OwnTemplatesDialog) or not dialog.isVisible()


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = ready_campaign(tmp_path)
    yield made
    made.close()


def test_the_letter_page_takes_a_kept_wording(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    own_templates.save(OURS, "Notre lettre")
    page = LetterPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.load()
    press(qtbot, page.tools.own_button)
    dialog = page.findChild(OwnTemplatesDialog)
    assert dialog is not None
    with qtbot.waitSignal(page.changed):
        press(qtbot, dialog.use_button)
    assert "À très bientôt." in page.editor.text_edit.toPlainText()
    assert page.head.subject_edit.text() == "Une information de votre cabinet"
    kept = campaign_file.template_text("T01")
    assert kept is not None
    assert "À très bientôt." in str(kept)
    page.leave()


def test_the_letter_page_tells_how_easy_it_is_to_read(
    qtbot: QtBot, desk: Desk, campaign_file: CampaignFile
) -> None:
    page = LetterPage(campaign_file, desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    assert "facile à lire" in page.readability_line.text().lower()
    assert "mots par phrase" in page.readability_line.text()
    page.leave()
