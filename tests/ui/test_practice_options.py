"""« Options d’envoi » of « Mon cabinet »: limits, hours, lanes, PDF, signature, advice on the domain."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTime
from pytestqt.qtbot import QtBot

from app import settings
from app.core.mail_account import CAUTIOUS_LIMITS, MailAccount
from app.core.pacing import DAY, HOUR, MINUTE, RateWindow, WorkingHours
from app.paths import settings_file
from app.services import learned_limits, signing
from app.services.accounts import Outside, SystemResolver
from app.ui.desk import Desk
from app.ui.practice import PracticePage
from app.ui.practice_dialogs import AskCertificatePassword, ConsentDialog
from tests.doors.test_mail_smime import ADDRESS, NOW, p12
from tests.support.name_server import HOST, NameServer
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text
from tests.ui.practice_tools import accept, button, dialog_of, shown

ACCOUNT = MailAccount(ADDRESS, "smtp.cabinet-exemple.fr", 587)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> PracticePage:
    desk.settings.replace(replace(desk.settings.current, account=ACCOUNT))
    return shown(qtbot, desk, "options")


def kept() -> MailAccount:
    account = settings.load().account
    assert account is not None
    return account


def test_limits_are_kept_and_none_is_a_limit_too(page: PracticePage) -> None:
    assert page.pace.per_minute.text() == "pas de limite"
    assert "Limites prudentes du logiciel" in page.pace.limits_label.text()
    page.leave()
    assert kept() == ACCOUNT  # looking changes nothing
    page.load()
    page.pace.per_minute.setValue(20)
    page.pace.per_hour.setValue(0)
    page.pace.per_day.setValue(1_500)
    page.pace.lanes.setValue(9)
    page.leave()
    assert kept().limits == (RateWindow(20, MINUTE), RateWindow(1_500, DAY))
    assert kept().lanes == 4


def test_a_window_of_another_length_is_not_lost(qtbot: QtBot, desk: Desk) -> None:
    odd = replace(ACCOUNT, limits=(*CAUTIOUS_LIMITS, RateWindow(30, 600)))
    desk.settings.replace(replace(desk.settings.current, account=odd))
    page = shown(qtbot, desk, "options")
    page.pace.per_hour.setValue(90)
    page.leave()
    assert kept().limits == (RateWindow(30, 600), RateWindow(90, HOUR), RateWindow(400, DAY))


def test_hours_are_kept_and_bad_ones_cannot_be_made(qtbot: QtBot, page: PracticePage) -> None:
    pace = page.pace
    assert not pace.start.isEnabled()
    press(qtbot, pace.only_some_hours)
    pace.start.setTime(QTime(21, 30))  # after the end: the end goes along, to be seen
    assert pace.end.time() > pace.start.time()
    for day in pace.days[:6]:
        press(qtbot, day)
    assert not pace.days[6].isEnabled()  # the last one
    assert pace.days_label.isVisible()
    page.leave()
    hours = kept().working_hours
    assert hours == WorkingHours(time(21, 30), time(21, 31), frozenset({6}))
    page.load()
    press(qtbot, pace.only_some_hours)
    page.leave()
    assert kept().working_hours is None


def test_what_was_chosen_is_shown_again(qtbot: QtBot, desk: Desk) -> None:
    hours = WorkingHours(time(9), time(17, 30), frozenset(range(5)))
    account = replace(ACCOUNT, working_hours=hours, lanes=3, attach_pdf=True)
    desk.settings.replace(replace(desk.settings.current, account=account))
    page = shown(qtbot, desk, "options")
    assert page.pace.end.time() == QTime(17, 30)
    assert [day.isChecked() for day in page.pace.days] == [True] * 5 + [False] * 2
    assert page.pace.lanes.value() == 3
    assert page.options.attach_pdf.isChecked()
    page.leave()
    assert desk.settings.current.account == account


def test_limits_told_by_the_server_are_shown_and_can_be_forgotten(qtbot: QtBot, desk: Desk) -> None:
    learned_limits.remember_limit(ACCOUNT.key, RateWindow(25, MINUTE), desk.clock.now())
    desk.settings.replace(replace(desk.settings.current, account=ACCOUNT))
    page = shown(qtbot, desk, "options")
    assert "25 lettres par minute" in page.pace.learned_label.text().replace("\u00a0", " ")
    press(qtbot, page.pace.forget_button)
    assert not page.pace.learned_label.isVisible()
    assert learned_limits.learned_limits(ACCOUNT.key, desk.clock.now()) == ()


# signature certificate


def test_a_certificate_is_opened_described_kept_and_removed(
    qtbot: QtBot, desk: Desk, files: ReadyFileChooser, page: PracticePage, tmp_path: Path
) -> None:
    files.answer = p12(tmp_path)
    press(qtbot, page.options.choose_certificate_button)
    dialog = dialog_of(page, AskCertificatePassword)
    type_text(dialog.password, "mot de passé")
    accept(qtbot, page, AskCertificatePassword, "Ouvrir le certificat")
    words = page.options.certificate_label.text()
    assert "Cabinet d’essai" in words
    assert "25\u00a0février 2026" in words
    assert "Il expire dans" in words  # 30 days or less
    assert "mot de passé" not in settings_file().read_text(encoding="utf-8")
    assert signing.signer_for(kept(), desk.credentials, NOW) is not None
    former = Path(kept().signing_file)
    press(qtbot, page.options.choose_certificate_button)  # another one, in its place
    type_text(dialog_of(page, AskCertificatePassword).password, "mot de passé")
    accept(qtbot, page, AskCertificatePassword, "Ouvrir le certificat")
    assert not former.exists()
    assert desk.credentials.get(f"smime:{former.stem}") is None
    assert signing.signer_for(kept(), desk.credentials, NOW) is not None
    press(qtbot, page.options.remove_certificate_button)
    assert kept().signing_file == ""
    assert "sans signature" in page.options.certificate_label.text()


@pytest.mark.parametrize(
    ("address", "word", "sentence"),
    [
        (ADDRESS, "faux", "Le mot de passe du fichier n’est pas le bon."),
        ("autre@exemple.fr", "mot de passé", "n’est pas celui de l’adresse du compte d’envoi."),
    ],
)
def test_a_certificate_that_cannot_sign_is_told(
    address: str,
    word: str,
    sentence: str,
    qtbot: QtBot,
    files: ReadyFileChooser,
    page: PracticePage,
    tmp_path: Path,
) -> None:
    files.answer = p12(tmp_path, address)
    press(qtbot, page.options.choose_certificate_button)
    type_text(dialog_of(page, AskCertificatePassword).password, word)
    accept(qtbot, page, AskCertificatePassword, "Ouvrir le certificat")
    assert sentence in page.message_bar.text
    page.leave()
    assert page.current is not None
    assert page.current.signing_file == ""


def test_a_certificate_that_no_longer_fits_the_address_says_so_when_the_page_opens(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    path, _ = signing.take(p12(tmp_path), "mot de passé", ADDRESS, desk.credentials, NOW)
    account = replace(ACCOUNT, address="autre@exemple.fr", signing_file=path)
    desk.settings.replace(replace(desk.settings.current, account=account))
    page = shown(qtbot, desk, "options")
    assert "n’est pas celui de l’adresse du compte" in page.options.certificate_label.text()
    assert page.options.remove_certificate_button.isVisible()


# advice on the domain, by a real name server on loopback


@pytest.fixture
def names() -> Iterator[NameServer]:
    with NameServer(
        {
            ("cabinet-exemple.fr", "TXT"): ['"v=spf1 include:x.example -all"'],
            ("_dmarc.cabinet-exemple.fr", "TXT"): ['"v=DMARC1; p=quarantine"'],
            ("s1._domainkey.cabinet-exemple.fr", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIIB"'],
        }
    ) as server:
        yield server


def advised(qtbot: QtBot, desk: Desk, names: NameServer, selector: str) -> PracticePage:
    made = replace(desk, outside=Outside(resolver=lambda: SystemResolver(HOST, names.port)))
    made.settings.replace(replace(made.settings.current, account=ACCOUNT))
    page = shown(qtbot, made, "options")
    type_text(page.options.selector, selector)
    press(qtbot, page.options.advice_button)
    assert names.asked == []
    assert button(dialog_of(page, ConsentDialog), "Ne rien demander").isDefault()
    accept(qtbot, page, ConsentDialog, "Poser ces questions")
    settle(qtbot, made)
    return page


def test_a_domain_in_order_is_told(qtbot: QtBot, desk: Desk, names: NameServer) -> None:
    page = advised(qtbot, desk, names, "s1")
    words = page.options.advice_label.text()
    assert words.count("✓") == 3
    assert "p=quarantine" in words
    assert "pourront reconnaître vos courriels" in words
    assert {name for name, _ in names.asked} == {
        "cabinet-exemple.fr",
        "_dmarc.cabinet-exemple.fr",
        "s1._domainkey.cabinet-exemple.fr",
    }


def test_what_is_missing_is_told_with_whom_to_ask(
    qtbot: QtBot, desk: Desk, names: NameServer
) -> None:
    names.records = {("cabinet-exemple.fr", "A"): ["192.0.2.1"]}
    page = advised(qtbot, desk, names, "s2")
    words = page.options.advice_label.text()
    assert words.count("⚠") == 3
    assert "aucune clé n’est publiée sous ce sélecteur" in words
    assert "Montrez ceci à la personne qui gère votre nom de domaine" in words


def test_a_silent_name_service_is_not_taken_for_a_missing_record(
    qtbot: QtBot, desk: Desk, names: NameServer
) -> None:
    names.broken = True
    page = advised(qtbot, desk, names, "")
    assert "Le service de noms n’a pas répondu" in page.message_bar.text
    assert not page.options.advice_label.isVisible()
