"""« Mon cabinet »: settings, password in the keyring, a connection that is really tried."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import settings
from app.core.practice import Practice, Signatory
from app.paths import settings_file
from app.settings import Settings
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.practice import PracticePage
from tests.support.smtp_server import Script, ScriptedServer
from tests.ui.conftest import press, settle, type_text

_PASSWORD = "un mot de passe d'essai"


def _only(password: str) -> Script:
    refusal = "535 5.7.8 Authentication credentials invalid"
    return Script(login=lambda _user, word: "" if word == password else refusal)


def shown(qtbot: QtBot, desk: Desk) -> PracticePage:
    page = PracticePage(desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    return page


def test_what_is_typed_is_in_the_settings_file(qtbot: QtBot, desk: Desk) -> None:
    desk.settings.replace(Settings())
    page = shown(qtbot, desk)
    with qtbot.waitSignal(page.saved):
        type_text(page.form.name, "Cabinet du Dr Roux")
        type_text(page.form.city, "Belfort")
        type_text(page.form.signatories, "Dr Hélène Roux, médecin généraliste\nDr Paul Weiss")
        type_text(page.account.address, "contact@cabinet-roux.example")
        type_text(page.account.host, "smtp.cabinet-roux.example")
    kept = settings.load()
    assert kept.practice == Practice(
        name="Cabinet du Dr Roux",
        city="Belfort",
        signatories=(
            Signatory("Dr Hélène Roux", "médecin généraliste"),
            Signatory("Dr Paul Weiss"),
        ),
    )
    assert kept.account is not None
    assert (kept.account.address, kept.account.host) == (
        "contact@cabinet-roux.example",
        "smtp.cabinet-roux.example",
    )
    assert page.saved_label.text() == "Enregistré à 10\u00a0h\u00a004"


def test_the_password_goes_to_the_keyring_and_nowhere_else(
    qtbot: QtBot, ready_desk: Desk, own_home: Path
) -> None:
    page = shown(qtbot, ready_desk)
    type_text(page.account.password, _PASSWORD)
    page.account.password.editingFinished.emit()
    account = ready_desk.settings.current.account
    assert account is not None
    assert ready_desk.credentials.get(account.key) == _PASSWORD
    assert page.account.password.text() == ""
    assert page.account.password.placeholderText() == "déjà enregistré"
    assert _PASSWORD not in settings_file().read_text(encoding="utf-8")


def test_without_a_keyring_the_page_says_so(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, replace(desk, has_keyring=False))
    assert "sera demandé à chaque ouverture" in page.account.login.note.text()


def test_the_connection_is_tried_layer_by_layer(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with ScriptedServer(_only(_PASSWORD), wants_login=True) as server:
        account = server.account(tmp_path)
        desk.settings.replace(replace(desk.settings.current, account=account))
        desk.credentials.set(account.key, _PASSWORD)
        page = shown(qtbot, desk)
        press(qtbot, page.account.check_button)
        settle(qtbot, desk)
    assert page.message_bar.text.startswith("Connexion réussie")
    assert "certificat valable" in page.message_bar.text
    assert server.received == []
    assert [word for _, _, word in server.logins] == [_PASSWORD]


def test_a_refused_password_is_explained(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with ScriptedServer(_only(_PASSWORD), wants_login=True) as server:
        account = server.account(tmp_path)
        desk.settings.replace(replace(desk.settings.current, account=account))
        desk.credentials.set(account.key, "un autre")
        page = shown(qtbot, desk)
        press(qtbot, page.account.check_button)
        settle(qtbot, desk)
    assert "mot de passe" in page.message_bar.text
    assert page.account.check_button.isEnabled()


def test_the_check_asks_first_for_an_address(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk)
    press(qtbot, page.account.check_button)
    assert page.message_bar.text == "Indiquez d’abord l’adresse d’envoi et le serveur."
    assert not desk.jobs.is_busy


def test_everything_is_reached_from_the_keyboard(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with ScriptedServer(_only(_PASSWORD), wants_login=True) as server:
        account = replace(server.account(tmp_path), address="x@y.example")
        desk.settings.replace(replace(desk.settings.current, account=account))
        page = shown(qtbot, desk)
        with qtbot.waitActive(page):
            page.activateWindow()
        alt(page, Qt.Key.Key_G)
        assert page.account.isVisible()
        alt(page, Qt.Key.Key_Q)
        assert page.account.address.hasFocus()
        page.account.address.selectAll()
        type_text(page.account.address, "contact@cabinet-exemple.fr")
        alt(page, Qt.Key.Key_U)
        assert page.account.server.user_name.hasFocus()
        type_text(page.account.server.user_name, "cabinet")
        alt(page, Qt.Key.Key_M)
        assert page.account.password.hasFocus()
        type_text(page.account.password, _PASSWORD)
        alt(page, Qt.Key.Key_C)  # no focus moves: the password typed counts all the same
        qtbot.waitUntil(lambda: desk.jobs.is_busy or page.message_bar.text != "", timeout=5_000)
        settle(qtbot, desk)
    assert page.message_bar.text.startswith("Connexion réussie")
    for key, visible in (
        (Qt.Key.Key_O, page.pace),
        (Qt.Key.Key_P, page.letterhead),
        (Qt.Key.Key_B, page.form),
    ):
        alt(page, key)
        assert visible.isVisible()
    with qtbot.waitSignal(page.back_requested):
        alt(page, Qt.Key.Key_J)
    kept = settings.load().account
    assert kept is not None
    assert (kept.address, kept.user_name) == ("contact@cabinet-exemple.fr", "cabinet")
    assert desk.credentials.get(kept.key) == _PASSWORD


def alt(page: PracticePage, key: Qt.Key) -> None:
    QTest.keyClick(page.focusWidget() or page, key, Qt.KeyboardModifier.AltModifier)


def test_the_page_opens_where_something_is_missing_else_where_one_was(
    qtbot: QtBot, ready_desk: Desk
) -> None:
    page = shown(qtbot, ready_desk)
    assert page.tabs.currentIndex() == 0
    page.tabs.setCurrentIndex(3)
    page.leave()
    assert settings.load().interface.choices["practice.tab"] == "options"
    assert shown(qtbot, ready_desk).tabs.currentIndex() == 3
    current = ready_desk.settings.current
    ready_desk.settings.replace(replace(current, account=None))
    assert shown(qtbot, ready_desk).tabs.currentIndex() == 2
    ready_desk.settings.replace(replace(current, practice=replace(current.practice, phone="")))
    assert shown(qtbot, ready_desk).tabs.currentIndex() == 0


def test_a_settings_file_that_cannot_be_written_is_told(
    qtbot: QtBot, desk: Desk, own_home: Path
) -> None:
    page = shown(qtbot, desk)
    settings_file().unlink(missing_ok=True)
    settings_file().mkdir()  # a folder in its place: nothing can replace it
    type_text(page.form.website, "www.cabinet-roux.example")
    page.leave()
    assert "réglages" in page.message_bar.text
    assert page.form.website.text() == "www.cabinet-roux.example"


def test_closing_a_window_in_which_nobody_opened_the_page_changes_nothing(
    qtbot: QtBot, ready_desk: Desk
) -> None:
    before = ready_desk.settings.current
    window = MainWindow(ready_desk)
    qtbot.addWidget(window)
    window.show()
    window.close()
    kept = ready_desk.settings.current
    assert (kept.practice, kept.account) == (before.practice, before.account)
    assert "practice.tab" not in kept.interface.choices


def test_what_looks_wrong_is_said_at_its_field_and_kept(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk)
    page.tabs.setCurrentIndex(0)
    form = page.form
    assert not form.phone_remark.isVisible()
    for field, typed, remark in (
        (form.postcode, "9000", form.postcode_remark),
        (form.phone, "03 84 11", form.phone_remark),
        (form.email, "contact@cabinet", form.email_remark),
    ):
        field.clear()
        type_text(field, typed)
        field.editingFinished.emit()
        assert remark.isVisible()
        assert field.accessibleDescription() in remark.text()
    page.leave()
    kept = settings.load().practice
    assert (kept.postcode, kept.phone, kept.email) == ("9000", "03 84 11", "contact@cabinet")
    for good in ("03 84 11 22 33", "+33 3 84 11 22 33", "36 31"):
        form.phone.clear()
        type_text(form.phone, good)
        form.phone.editingFinished.emit()
        assert not form.phone_remark.isVisible()
