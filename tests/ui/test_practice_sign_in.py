"""« Se connecter avec Microsoft / Google » from the window: local identity provider and SMTP server."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.mail_account import AuthKind, MailAccount
from app.paths import settings_file
from app.services.accounts import Outside
from app.services.departure import departure
from app.services.trial_letter import TrialSent, send_trial_letter
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.practice import PracticePage
from app.ui.practice_dialogs import InstructionsDialog
from app.ui.secrets import account_secret
from tests.support.identity_provider import LocalIdentity
from tests.support.ready_campaign import ready_campaign
from tests.support.smtp_server import ScriptedServer
from tests.ui.conftest import press, settle, type_text
from tests.ui.practice_tools import TABS, button, dialog_of, pem_of, shown


@pytest.fixture
def identity() -> Iterator[LocalIdentity]:
    with LocalIdentity() as local:
        yield local


@pytest.fixture
def server(identity: LocalIdentity) -> Iterator[ScriptedServer]:
    with ScriptedServer(wants_login=True, token="pas encore") as made:
        yield made


@pytest.fixture
def account(server: ScriptedServer, identity: LocalIdentity, tmp_path: Path) -> MailAccount:
    return server.account(
        tmp_path,
        auth=AuthKind.OAUTH_MICROSOFT,
        client_id="0000-essai",
        ca_file=str(pem_of(tmp_path, server.authority, identity.authority)),
    )


def outside(identity: LocalIdentity, **answers: str) -> Outside:
    name = answers.pop("name", "microsoft")
    provider = replace(identity.provider(), id=name)
    return Outside(open_browser=identity.browser(**answers), identity=lambda _: provider)


def opened(qtbot: QtBot, desk: Desk, account: MailAccount) -> PracticePage:
    desk.settings.replace(replace(desk.settings.current, account=account))
    return shown(qtbot, desk, "account")


def test_permission_is_given_in_the_browser_and_a_letter_leaves_with_it(
    qtbot: QtBot,
    desk: Desk,
    identity: LocalIdentity,
    server: ScriptedServer,
    account: MailAccount,
    own_home: Path,
    tmp_path: Path,
) -> None:
    desk = replace(desk, outside=outside(identity))
    desk.settings.replace(replace(desk.settings.current, account=replace(account, client_id="")))
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    window.show_practice()
    page = window.practice
    page.tabs.setCurrentIndex(TABS.index("account"))
    assert not page.account.password.isVisible()
    assert "Aucune autorisation de Microsoft" in page.account.login.state_label.text()
    type_text(page.account.login.client_id, "0000-essai")
    type_text(page.account.login.tenant, "cabinet.example")
    press(qtbot, page.account.login.sign_in_button)
    settle(qtbot, desk)
    assert page.message_bar.text.startswith("Microsoft a donné l’autorisation d’envoyer")
    assert "gardée sur cet ordinateur, chiffrée" in page.account.login.state_label.text()
    assert page.account.login.forget_button.isVisible()
    server.token = identity.access
    press(qtbot, button(page.message_bar, "Vérifier la connexion"))
    settle(qtbot, desk)
    assert page.message_bar.text.startswith("Connexion réussie")
    press(qtbot, page.back_button)

    kept = desk.settings.current.account
    assert kept is not None
    assert (kept.client_id, kept.tenant) == ("0000-essai", "cabinet.example")
    with (
        ready_campaign(tmp_path / "envoi", is_sample=False) as campaign_file,
        departure(campaign_file, kept, account_secret(desk, kept)) as way,
    ):
        *_, end = send_trial_letter(campaign_file, way, "moi@cabinet.example", clock=desk.clock)
    assert isinstance(end, TrialSent)
    assert [message.recipients for message in server.received] == [("moi@cabinet.example",)]

    for file in own_home.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert identity.access.encode() not in content, file
        assert identity.refresh.encode() not in content, file
    assert "0000-essai" in settings_file().read_text(encoding="utf-8")  # no secret: RFC 8252 8.4
    window.close()


def test_google_with_the_clients_own_identifier_and_secret(
    qtbot: QtBot, desk: Desk, identity: LocalIdentity, account: MailAccount
) -> None:
    desk = replace(desk, outside=outside(identity, name="google"))
    page = opened(qtbot, desk, replace(account, auth=AuthKind.OAUTH_GOOGLE))
    assert not page.account.login.tenant.isVisible()
    type_text(page.account.login.client_secret, "secret-du-client")
    press(qtbot, page.account.login.sign_in_button)
    settle(qtbot, desk)
    assert page.message_bar.text.startswith("Google a donné l’autorisation d’envoyer")
    assert identity.questions[0]["client_secret"] == "secret-du-client"
    assert "secret-du-client" not in settings_file().read_text(encoding="utf-8")


def test_no_in_the_browser_is_told(
    qtbot: QtBot, desk: Desk, identity: LocalIdentity, account: MailAccount
) -> None:
    desk = replace(desk, outside=outside(identity, error="access_denied"))
    page = opened(qtbot, desk, account)
    press(qtbot, page.account.login.sign_in_button)
    settle(qtbot, desk)
    assert "Microsoft n’a pas donné l’autorisation d’envoyer." in page.message_bar.text
    assert not page.account.login.forget_button.isVisible()


def test_a_browser_that_does_not_open_leaves_the_address_and_a_way_out(
    qtbot: QtBot, desk: Desk, identity: LocalIdentity, account: MailAccount
) -> None:
    provider = identity.provider()
    silent = Outside(open_browser=lambda _url: False, identity=lambda _: provider)
    desk = replace(desk, outside=silent)
    page = opened(qtbot, desk, account)
    press(qtbot, page.account.login.sign_in_button)
    qtbot.waitUntil(lambda: "dans votre navigateur" in page.message_bar.text, timeout=30_000)
    press(qtbot, button(page.message_bar, "Copier l’adresse de la page"))
    assert QApplication.clipboard().text().startswith(provider.authorize_url)
    press(qtbot, page.stop_button)
    settle(qtbot, desk)
    assert page.message_bar.text.startswith("Demande d’autorisation arrêtée.")


def test_leaving_the_page_gives_the_request_up(
    qtbot: QtBot, desk: Desk, identity: LocalIdentity, account: MailAccount
) -> None:
    provider = identity.provider()
    silent = Outside(open_browser=lambda _url: False, identity=lambda _: provider)
    desk = replace(desk, outside=silent)
    page = opened(qtbot, desk, account)
    press(qtbot, page.account.login.sign_in_button)
    page.leave()
    settle(qtbot, desk)
    assert not page.work.checks.is_running


def test_without_an_identifier_nothing_opens_and_the_way_is_explained(
    qtbot: QtBot, desk: Desk, account: MailAccount
) -> None:
    urls: list[str] = []
    desk = replace(desk, outside=Outside(open_browser=urls.append))
    page = opened(qtbot, desk, replace(account, client_id=""))
    press(qtbot, page.account.login.sign_in_button)
    assert not desk.jobs.is_busy
    assert "Aucun identifiant d’application n’est enregistré." in page.message_bar.text
    press(qtbot, button(page.message_bar, "Comment l’obtenir…"))
    dialog = dialog_of(page, InstructionsDialog)
    words = " ".join(label.text() for label in dialog.findChildren(type(page.heading)))
    assert "http://localhost" in words
    assert "SMTP.Send" in words
    assert urls == []


def test_the_permission_is_taken_off_this_computer(
    qtbot: QtBot, desk: Desk, identity: LocalIdentity, account: MailAccount
) -> None:
    desk = replace(desk, outside=outside(identity))
    page = opened(qtbot, desk, account)
    press(qtbot, page.account.login.sign_in_button)
    settle(qtbot, desk)
    press(qtbot, page.account.login.forget_button)
    assert "Aucune autorisation de Microsoft" in page.account.login.state_label.text()
    press(qtbot, page.account.check_button)
    settle(qtbot, desk)
    assert "L’autorisation donnée par Microsoft n’est plus valable." in page.message_bar.text
    assert button(page.message_bar, "Demander l’autorisation…")


def test_a_token_refused_by_a_switched_off_mailbox_is_not_blamed_on_the_password(
    qtbot: QtBot, desk: Desk, identity: LocalIdentity, server: ScriptedServer, account: MailAccount
) -> None:
    desk = replace(desk, outside=outside(identity))
    page = opened(qtbot, desk, account)
    press(qtbot, page.account.login.sign_in_button)
    settle(qtbot, desk)
    press(qtbot, page.account.check_button)  # the server knows another token
    settle(qtbot, desk)
    assert "refuse l’autorisation donnée à ce logiciel" in page.message_bar.text
    assert not {"MAIL", "DATA"} & set(server.commands)
