"""« Messagerie » of « Mon cabinet »: provider found, login kept, every layer of the connection told."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app import settings
from app.core.mail_account import AuthKind, MailAccount, Security
from app.core.pacing import DAY, RateWindow
from app.paths import settings_file
from app.services.accounts import Outside
from app.ui.desk import Desk
from app.ui.practice import PracticePage
from app.ui.practice_dialogs import AuthorityDialog, ConsentDialog, InstructionsDialog
from tests.conftest import MemoryKeyring
from tests.services.test_accounts import _XML, Names
from tests.support.smtp_server import Script, ScriptedServer
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text
from tests.ui.practice_tools import accept, button, dialog_of, shown

PASSWORD = "un mot de passe d'essai"


def with_account(desk: Desk, account: MailAccount | None, word: str = PASSWORD) -> Desk:
    desk.settings.replace(replace(desk.settings.current, account=account))
    if account is not None and word:
        desk.credentials.set(account.key, word)
    return desk


# settings found


def test_a_known_provider_fills_the_page_and_says_its_source(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk, "account")
    type_text(page.account.address, "cabinet.roux@bbox.fr")
    page.account.address.editingFinished.emit()
    assert page.account.host.text() == "smtp.bbox.fr"
    source = page.account.source_label.text()
    assert "(22\u00a0novembre 2026)" in source
    assert "restent à confirmer" in source
    assert page.account.source_label.isVisible()
    kept = settings.load().account
    assert kept is not None
    assert (kept.host, kept.port, kept.security) == ("smtp.bbox.fr", 465, Security.TLS)
    assert kept.imap_host == "imap.bbox.fr"
    assert kept.provider == "bouygues"


def test_a_provider_is_chosen_in_the_list_and_brings_its_limits(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk, "account")
    type_text(page.account.address, "contact@cabinet-roux.example")
    page.account.address.editingFinished.emit()
    assert "ne sont pas connus du logiciel" in page.message_bar.text
    box = page.account.provider
    box.setCurrentIndex(box.findData("infomaniak"))
    box.activated.emit(box.currentIndex())
    account = desk.settings.current.account
    assert account is not None
    assert (account.host, account.address) == (
        "mail.infomaniak.com",
        "contact@cabinet-roux.example",
    )
    assert account.limits == (RateWindow(1440, DAY),)
    assert page.pace.per_day.value() == 1440
    assert "faq 2065" in page.pace.limits_label.text()
    assert "Infomaniak" in page.account.source_label.text()


def test_another_server_typed_is_no_longer_the_providers(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk, "account")
    type_text(page.account.address, "cabinet@orange.fr")
    page.account.address.editingFinished.emit()
    page.account.host.clear()
    type_text(page.account.host, "relais.clinique.example")
    page.leave()
    account = settings.load().account
    assert account is not None
    assert (account.host, account.provider) == ("relais.clinique.example", "")
    assert not page.account.source_label.isVisible()


def test_an_address_elsewhere_offers_its_provider_but_changes_nothing(
    qtbot: QtBot, desk: Desk
) -> None:
    with_account(desk, MailAccount("a@cabinet.example", "smtp.cabinet.example", 587), "")
    page = shown(qtbot, desk, "account")
    page.account.address.clear()
    type_text(page.account.address, "cabinet@free.fr")
    page.account.address.editingFinished.emit()
    assert page.account.host.text() == "smtp.cabinet.example"
    press(qtbot, button(page.message_bar, "Prendre les réglages de Free"))
    assert page.account.host.text() == "smtp.free.fr"
    account = desk.settings.current.account
    assert account is not None
    assert account.user_name == "cabinet"


def test_the_domain_is_asked_only_after_consent_and_each_time(qtbot: QtBot, desk: Desk) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes | None:
        asked.append(url)
        return _XML.format(host="cabinet.example").encode()

    made = replace(desk, outside=Outside(fetch=fetch, resolver=Names))
    page = shown(qtbot, made, "account")
    type_text(page.account.address, "contact@cabinet.example")
    for _ in range(2):
        press(qtbot, page.account.search_button)
        dialog = dialog_of(page, ConsentDialog)
        words = " ".join(label.text() for label in dialog.findChildren(type(page.heading)))
        assert "https://autoconfig.cabinet.example/" in words
        assert "DNS" in words
        assert button(dialog, "Ne rien demander").isDefault()
        press(qtbot, button(dialog, "Ne rien demander"))
        qtbot.waitUntil(lambda: not dialog_is_open(page))
        assert asked == []
    press(qtbot, page.account.search_button)
    accept(qtbot, page, ConsentDialog, "Poser ces questions")
    settle(qtbot, made)
    assert len(asked) == 1
    assert page.account.host.text() == "smtp.cabinet.example"
    assert page.account.server.imap_host.text() == "imap.cabinet.example"
    assert "smtp.cabinet.example proposés" in page.message_bar.text
    assert "publiés par cabinet.example lui-même" in page.account.source_label.text()


def dialog_is_open(page: PracticePage) -> bool:
    return any(d.isVisible() for d in page.findChildren(ConsentDialog))


def test_several_providers_behind_the_same_mx_are_offered(qtbot: QtBot, desk: Desk) -> None:
    outside = Outside(fetch=lambda _: None, resolver=lambda: Names(hosts=["mx1.mail.ovh.net"]))
    made = replace(desk, outside=outside)
    page = shown(qtbot, made, "account")
    type_text(page.account.address, "contact@cabinet.example")
    press(qtbot, page.account.search_button)
    accept(qtbot, page, ConsentDialog, "Poser ces questions")
    settle(qtbot, made)
    assert page.account.host.text() == "ssl0.ovh.net"
    press(qtbot, button(page.message_bar, "Plutôt OVHcloud Exchange"))
    assert page.account.host.text() == "ex5.mail.ovh.net"
    assert "restent à confirmer" in page.account.source_label.text()


def test_a_domain_that_says_nothing_is_left_to_the_user(qtbot: QtBot, desk: Desk) -> None:
    made = replace(desk, outside=Outside(fetch=lambda _: None, resolver=Names))
    page = shown(qtbot, made, "account")
    type_text(page.account.address, "contact@cabinet.example")
    press(qtbot, page.account.search_button)
    accept(qtbot, page, ConsentDialog, "Poser ces questions")
    settle(qtbot, made)
    assert "Les réglages d’envoi de cabinet.example ne sont pas connus" in page.message_bar.text
    assert page.account.host.text() == ""


# secrets


def test_a_password_typed_before_the_server_is_not_lost(
    qtbot: QtBot, desk: Desk, memory_keyring: MemoryKeyring
) -> None:
    page = shown(qtbot, desk, "account")
    type_text(page.account.address, "contact@cabinet.example")
    type_text(page.account.password, PASSWORD)
    page.account.password.editingFinished.emit()
    assert page.account.password.text() == PASSWORD  # nowhere to keep it yet
    type_text(page.account.host, "smtp.faute.example")
    page.work.check()
    settle(qtbot, desk)
    page.account.host.clear()
    type_text(page.account.host, "smtp.cabinet.example")
    page.leave()
    account = settings.load().account
    assert account is not None
    assert desk.credentials.get(account.key) == PASSWORD
    entries = memory_keyring.entries
    assert [secret for secret in entries.values() if secret == PASSWORD] == [PASSWORD]
    assert PASSWORD not in settings_file().read_text(encoding="utf-8")


def test_no_secret_lies_in_the_settings(qtbot: QtBot, desk: Desk, own_home: Path) -> None:
    google = MailAccount(
        "a@cabinet.example", "smtp.gmail.com", 465, Security.TLS, auth=AuthKind.OAUTH_GOOGLE
    )
    with_account(desk, google, "")
    page = shown(qtbot, desk, "account")
    login = page.account.login
    type_text(login.client_id, "client-essai")
    type_text(login.client_secret, "secret-du-client")
    login.client_secret.editingFinished.emit()
    assert login.client_secret.text() == ""
    assert login.client_secret.placeholderText() == "déjà enregistré"
    assert desk.credentials.get("oauth-client:client-essai") == "secret-du-client"
    page.leave()
    for file in own_home.rglob("*"):
        if file.is_file():
            assert b"secret-du-client" not in file.read_bytes(), file


# the check


def checked(qtbot: QtBot, desk: Desk, account: MailAccount, word: str = PASSWORD) -> PracticePage:
    page = shown(qtbot, with_account(desk, account, word), "account")
    press(qtbot, page.account.check_button)
    settle(qtbot, desk)
    return page


def test_each_layer_is_shown(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with ScriptedServer(wants_login=True) as server:
        page = checked(qtbot, desk, server.account(tmp_path))
    lines = page.account.layers.lines
    assert lines[0] == "Nom du serveur\u00a0: le nom du serveur est connu"
    assert lines[-1] == "Adresse d’expédition\u00a0: l’adresse d’expédition est acceptée"
    type_text(page.account.server.user_name, "x")
    assert page.account.layers.lines == []  # it spoke of another account


@pytest.mark.parametrize("protection", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("certificate", "sentence"),
    [
        ("wrong_name", "Son certificat n’est pas celui de 127.0.0.1."),
        ("expired", "Le certificat de 127.0.0.1 a expiré."),
        ("self_signed", "Le certificat de 127.0.0.1 n’est garanti par personne."),
        ("other_authority", "vient d’une autorité inconnue de cet ordinateur."),
    ],
)
def test_a_bad_certificate_stops_everything(
    protection: str, certificate: str, sentence: str, qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    with ScriptedServer(protection=protection, certificate=certificate, wants_login=True) as server:
        page = checked(qtbot, desk, server.account(tmp_path))
    text = page.message_bar.text
    assert text.startswith("La connexion au serveur n’est pas sûre\u202f; rien n’a été envoyé.")
    assert sentence in text
    assert not server.logins
    assert not {"AUTH", "MAIL", "DATA"} & set(server.commands)
    lines = page.account.layers.lines
    assert lines[3] == "Identification\u00a0: pas encore essayé"
    words = " ".join(b.text() for b in page.findChildren(QPushButton))
    assert "ignorer" not in words.lower()


@pytest.mark.parametrize(
    ("security", "sentence", "remedy", "way"),
    [
        (
            Security.STARTTLS,
            "ne propose pas de connexion chiffrée",
            "Passer au port 465",
            (Security.TLS, 465),
        ),
        (
            Security.TLS,
            "n’est pas chiffré d’emblée",
            "Passer à STARTTLS, port 587",
            (Security.STARTTLS, 587),
        ),
    ],
)
def test_encryption_taken_away_sends_nothing_and_offers_the_other_way(
    security: Security,
    sentence: str,
    remedy: str,
    way: tuple[Security, int],
    qtbot: QtBot,
    desk: Desk,
    tmp_path: Path,
) -> None:
    with ScriptedServer(protection="", wants_login=True) as server:
        page = checked(qtbot, desk, server.account(tmp_path, security=security))
    assert sentence in page.message_bar.text
    assert not server.logins
    assert not {"AUTH", "MAIL"} & set(server.commands)
    press(qtbot, button(page.message_bar, remedy))
    page.leave()
    account = settings.load().account
    assert account is not None
    assert (account.security, account.port) == way


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("535 5.7.8 Bad credentials", "Le serveur refuse l’identifiant ou le mot de passe."),
        (
            "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
            "Le serveur refuse l’identifiant ou le mot de passe.",
        ),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
            "Microsoft refuse la connexion par mot de passe pour cette boîte.",
        ),
        (
            "550 5.7.30 Basic authentication is not supported for Client Submission",
            "Microsoft refuse la connexion par mot de passe pour cette boîte.",
        ),
        ("534 5.7.9 Application-specific password required", "mot de passe d’application"),
    ],
)
def test_a_refused_login_says_what_to_do(
    answer: str, sentence: str, qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    script = Script(login=lambda _user, _word: answer)
    with ScriptedServer(script, wants_login=True) as server:
        page = checked(qtbot, desk, server.account(tmp_path))
    assert sentence in page.message_bar.text
    assert len(server.logins) == 1


def test_a_switched_off_password_leads_to_the_microsoft_account(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    script = Script(login=lambda _u, _w: "550 5.7.30 Basic authentication is not supported")
    with ScriptedServer(script, wants_login=True) as server:
        page = checked(qtbot, desk, server.account(tmp_path, provider="microsoft365"))
    press(qtbot, button(page.message_bar, "Passer au compte Microsoft"))
    account = settings.load().account
    assert account is not None
    assert account.auth is AuthKind.OAUTH_MICROSOFT
    assert page.account.login.client_id.isVisible()
    assert not page.account.password.isVisible()


def test_app_passwords_are_explained(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    script = Script(login=lambda _u, _w: "535 5.7.8 Username and Password not accepted")
    with ScriptedServer(script, wants_login=True) as server:
        page = checked(qtbot, desk, server.account(tmp_path, provider="gmail"))
    press(qtbot, button(page.message_bar, "Comment en obtenir un…"))
    dialog = dialog_of(page, InstructionsDialog)
    words = " ".join(label.text() for label in dialog.findChildren(type(page.heading)))
    assert "Validation en deux étapes" in words


def test_a_refused_sender_is_told(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    script = Script(mail=lambda _: "553 5.7.1 Sender address rejected: not owned by user")
    with ScriptedServer(script) as server:
        page = checked(qtbot, desk, server.account(tmp_path))
    assert "Le serveur refuse l’adresse d’expédition." in page.message_bar.text


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Connections are taken, and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("by_key", [True, False])
def test_a_check_is_stopped_at_once(
    by_key: bool, security: Security, qtbot: QtBot, desk: Desk, silent_port: int
) -> None:
    account = MailAccount("a@cabinet.example", "127.0.0.1", silent_port, security)
    page = shown(qtbot, with_account(desk, account), "account")
    press(qtbot, page.account.check_button)
    assert not page.account.check_button.isEnabled()
    assert page.stop_button.isVisible()
    if by_key:
        with qtbot.waitActive(page):
            page.activateWindow()
        QTest.keyClick(page.account.address, Qt.Key.Key_Escape)
    else:
        press(qtbot, page.stop_button)
    settle(qtbot, desk)
    assert page.message_bar.text == "Vérification arrêtée. Aucun courriel n’est parti."
    assert page.account.check_button.isEnabled()
    assert not page.stop_button.isVisible()


# a clinic's own authority


def test_an_unknown_authority_is_added_after_its_description(
    qtbot: QtBot, desk: Desk, files: ReadyFileChooser, tmp_path: Path
) -> None:
    with ScriptedServer(wants_login=True, protection="implicit") as server:
        files.answer = Path(server.ca_file(tmp_path))
        page = checked(qtbot, desk, server.account(tmp_path, ca_file=""))
        remedy = button(page.message_bar, "Ajouter l’autorité…")
        press(qtbot, remedy)
        dialog = dialog_of(page, AuthorityDialog)
        words = " ".join(label.text() for label in dialog.findChildren(type(page.heading)))
        assert "Empreinte SHA-256" in words
        assert "trustme" in words
        assert button(dialog, "Ne pas l’ajouter").isDefault()
        accept(qtbot, page, AuthorityDialog, "Ajouter cette autorité")
        files.answer.unlink()  # the key it lay on was taken away
        press(qtbot, page.account.check_button)
        settle(qtbot, desk)
        assert page.message_bar.text.startswith("Connexion réussie")
        assert "Autorité ajoutée pour ce compte" in page.account.server.authority_label.text()
        press(qtbot, page.account.server.remove_authority_button)
        press(qtbot, page.account.check_button)
        settle(qtbot, desk)
    assert "autorité inconnue" in page.message_bar.text


def test_a_file_that_is_no_authority_changes_nothing(
    qtbot: QtBot, desk: Desk, files: ReadyFileChooser, tmp_path: Path
) -> None:
    page = shown(qtbot, desk, "account")
    press(qtbot, page.account.server.add_authority_button)
    assert page.message_bar.text == "Indiquez d’abord l’adresse d’envoi et le serveur."
    assert files.asked == []
    wrong = tmp_path / "lettre.pem"
    wrong.write_text("pas un certificat")
    files.answer = wrong
    page = shown(
        qtbot, with_account(desk, MailAccount("a@b.example", "smtp.b.example", 587)), "account"
    )
    press(qtbot, page.account.server.add_authority_button)
    assert "Ce n’est pas un fichier de certificat." in page.message_bar.text
    account = desk.settings.current.account
    assert account is not None
    assert account.ca_file == ""


# fields that are not right yet


def test_bad_fields_are_said_and_nothing_typed_is_lost(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk, "account")
    type_text(page.account.address, "contact@")
    page.account.address.editingFinished.emit()
    type_text(page.account.host, "https://smtp.example/")
    page.account.host.editingFinished.emit()
    assert page.account.address_remark.isVisible()
    assert "https" in page.account.server.host_remark.text()
    page.account.address.setText("noreply@cabinet.example")  # unwise, and whole
    page.account.address.editingFinished.emit()
    assert not page.account.address_remark.isVisible()
    page.account.address.setText("contact@")
    page.account.address.editingFinished.emit()
    page.leave()
    again = shown(qtbot, desk, "account")
    assert again.account.address.text() == "contact@"
    assert again.account.host.text() == "https://smtp.example/"
    assert again.account.address_remark.isVisible()
