"""The whole window, once: an empty program, a practice, an incident, a list, letters received, the dossier."""

import logging
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app import logs
from app.cli.command_line import run as run_command
from app.core.campaign import DeliveryStatus
from app.core.incident import DataCategory
from app.core.recipient import ExclusionReason
from app.core.steps import Step, StepState
from app.credentials import KeyringCredentials
from app.paths import log_file, settings_file
from app.services.campaigns import backup
from app.settings import Settings
from app.ui.desk import Desk, SettingsDesk
from app.ui.dialogs.accept_warning import AcceptWarningDialog
from app.ui.dialogs.confirm_send import ConfirmSendDialog
from app.ui.dialogs.exclude import ExcludeDialog
from app.ui.dialogs.new_campaign import NewCampaignDialog
from app.ui.dialogs.patient_call import PatientCallDialog
from app.ui.dialogs.print_letters import PrintLettersDialog
from app.ui.dialogs.recovery_code import ShowRecoveryCode
from app.ui.main_window import MainWindow
from app.ui.steps.evidence import EvidencePage
from app.ui.steps.incident import IncidentPage
from app.ui.steps.patients import PatientsPage
from app.ui.steps.review import ReviewPage
from app.ui.steps.sending import SendingPage
from app.ui.workers import JobDesk
from tests.support.campaigns import FixedClock
from tests.support.leaks import (
    assert_a_crash_tells_nobody,
    assert_dossier_names_nobody,
    assert_nobody_in,
)
from tests.support.smtp_server import ScriptedServer
from tests.ui.conftest import ReadyFileChooser, press, settle, type_text

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
_PASSWORD = "un mot de passe d'essai"
_HEADERS = ("CIVILITE", "NOM", "PRENOM", "DDN", "MAIL", "ADRESSE", "CP", "VILLE", "NIR")
_ROWS = (
    ("Mme", "MARTINEAU", "Jeanne", "12/03/1950", "jeanne@exemple.example", "1 rue du Lac", "90000", "Belfort", ""),
    ("M.", "DURANDAL", "Paul", "01/02/1960", "paul@exemple.example", "2 rue du Lac", "90000", "Belfort", ""),
    ("Mme", "PETITJEAN", "Anne", "05/06/1971", "anne@exemple.example", "3 rue du Lac", "90000", "Belfort", ""),
    ("M.", "BLANCHARD", "René", "07/08/1955", "rene@exemple.example", "4 rue du Lac", "90000", "Belfort", ""),
    ("Mme", "ROUSSET", "Zoé", "07/08/1965", "", "5 rue du Lac", "90000", "Belfort", ""),
    ("M.", "SANSRIEN", "Luc", "07/08/1969", "", "", "", "", ""),
)  # fmt: skip
#: every value that must not be read anywhere; towns are the practice's own too
VALUES = {value for row in _ROWS for value in row if len(value) > 3} - {"90000", "Belfort"}
VALUES.add(_PASSWORD)


@pytest.fixture(autouse=True)
def profile(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Everything this user and this machine could keep lies in one folder: searched at the end."""
    for name in ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(own_home / "utilisateur"))
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(own_home / "utilisateur" / name))
    (own_home / "utilisateur").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own_home / "utilisateur"))
    handler = logs.configure(log_file())
    yield own_home
    logging.getLogger(logs.LOGGER_NAME).removeHandler(handler)
    handler.close()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(wants_login=True) as running:
        yield running


@pytest.fixture
def files() -> ReadyFileChooser:
    return ReadyFileChooser()


@pytest.fixture
def desk(tmp_path: Path, server: ScriptedServer, files: ReadyFileChooser) -> Desk:
    """A program never used, but for the private authority an administrator added."""
    account = server.account(tmp_path, address="", display_name="")
    return Desk(
        settings=SettingsDesk(Settings(account=account)),
        credentials=KeyringCredentials(),
        clock=FixedClock(),
        jobs=JobDesk(),
        files=files,
    )


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    made = MainWindow(desk)
    qtbot.addWidget(made)
    made.resize(1093, 614)
    made.show()
    yield made
    settle(qtbot, desk)
    made.close()


def button(parent: QDialog, words: str) -> QPushButton:
    return next(b for b in parent.findChildren(QPushButton) if b.text().replace("&", "") == words)


def write_list(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("Liste des personnes concernées",))
    for row in (_HEADERS, *_ROWS):
        sheet.append(row)
    book.save(path)
    book.close()
    return path


def fill_practice(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    press(qtbot, window.home.message_bar.findChildren(QPushButton)[0])
    form, account = window.practice.form, window.practice.account
    for field, text in (
        (form.name, "Cabinet du Dr Roux"),
        (form.street, "12 rue des Lilas"),
        (form.postcode, "90000"),
        (form.city, "Belfort"),
        (form.signatories, "Dr Hélène Roux, médecin généraliste"),
        (form.controller, "Dr Hélène Roux"),
        (form.contact, "Mme Claire Petit, secrétariat"),
        (form.phone, "03 84 00 00 00"),
        (form.hours, "du lundi au vendredi, de 9 h à 12 h"),
        (account.address, "contact@cabinet-exemple.fr"),
        (account.password, _PASSWORD),
    ):
        type_text(field, text)
    account.password.editingFinished.emit()
    press(qtbot, account.check_button)
    settle(qtbot, desk)
    assert window.practice.message_bar.text.startswith("Connexion réussie")
    press(qtbot, window.practice.back_button)
    assert window.home.message_bar.text == ""


def make_campaign(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window.home.empty_new_button)
    dialog = window.findChildren(NewCampaignDialog)[0]
    type_text(dialog.name_edit, "Logiciel de l’éditeur, mars 2026")
    press(qtbot, button(dialog, "Créer l’envoi"))
    press(qtbot, button(window.findChildren(ShowRecoveryCode)[0], "Le code est en lieu sûr"))


def describe_incident(qtbot: QtBot, page: IncidentPage) -> None:
    form = page.form
    type_text(form.happened_on.field, "12/01/2026")
    type_text(form.discovered_on.field, "20/01/2026")
    type_text(form.vendor, "Éditeur Exemple")
    type_text(form.software, "Dossier Exemple")
    type_text(form.vendor_told_on.field, "20/01/2026")
    for category in (DataCategory.IDENTITY, DataCategory.PHONE, DataCategory.POSTAL_ADDRESS):
        press(qtbot, form.exposed.box(category))
    type_text(form.measures_taken, "Les accès ont été coupés le 21 janvier")


def import_list(qtbot: QtBot, page: PatientsPage, files: ReadyFileChooser, path: Path) -> None:
    files.answer = path
    press(qtbot, page.empty.button)
    settle(qtbot, page.desk)
    press(qtbot, page.columns.import_button)
    settle(qtbot, page.desk)
    assert page.campaign_file.count_recipients() == len(_ROWS)


def exclude_the_unreachable(qtbot: QtBot, page: PatientsPage) -> None:
    page.list.show_to_fix()
    assert page.list.model.rowCount() == 1
    page.list.table.selectRow(0)
    press(qtbot, page.list.exclude_button)
    dialog = page.findChildren(ExcludeDialog)[0]
    press(qtbot, dialog.reason.button(ExclusionReason.NOT_CONCERNED))
    type_text(dialog.note, "Parti en 2010")
    press(qtbot, button(dialog, "Ne pas écrire"))


def review_the_rest(qtbot: QtBot, review: ReviewPage, desk: Desk, server: ScriptedServer) -> None:
    """The letter to oneself, and the warnings answered for."""
    assert "recevoir une lettre d’essai" in review.left_label.text()
    press(qtbot, review.trial_box.send_button)
    settle(qtbot, desk)
    assert len(server.received) == 1
    server.received.clear()
    press(qtbot, review.check_box.accept_all_button)
    dialog = review.findChildren(AcceptWarningDialog)[-1]
    dialog.by_edit.setText("Dr Hélène Roux")
    dialog.reason_edit.setText("je suis seule au cabinet")
    dialog.accept()
    assert "terminée" in review.left_label.text()


def test_from_an_empty_program_to_the_dossier(
    qtbot: QtBot,
    window: MainWindow,
    desk: Desk,
    files: ReadyFileChooser,
    server: ScriptedServer,
    tmp_path: Path,
    profile: Path,
) -> None:
    fill_practice(qtbot, window, desk)
    make_campaign(qtbot, window)
    view = window.campaign_view
    assert view is not None

    incident = view.page(Step.INCIDENT)
    assert isinstance(incident, IncidentPage)
    describe_incident(qtbot, incident)
    press(qtbot, view.next_button)
    assert view.reports[0].state is StepState.DONE, view.reports[0].missing

    patients = view.page(Step.PATIENTS)
    assert isinstance(patients, PatientsPage)
    import_list(qtbot, patients, files, write_list(tmp_path / "patients.xlsx"))
    view.show_step(Step.REVIEW)
    assert view.current_step is Step.PATIENTS  # one line is still to fix
    exclude_the_unreachable(qtbot, patients)
    press(qtbot, view.next_button)
    qtbot.wait(50)
    press(qtbot, view.next_button)
    settle(qtbot, desk)

    review = view.page(Step.REVIEW)
    assert isinstance(review, ReviewPage)
    qtbot.waitUntil(lambda: not view.reports[Step.REVIEW - 1].count)
    for _ in range(5):
        press(qtbot, review.reading.read_button)
    review_the_rest(qtbot, review, desk, server)
    view.refresh()
    assert view.reports[Step.REVIEW - 1].state is StepState.DONE
    press(qtbot, view.next_button)

    sending = view.page(Step.SENDING)
    assert isinstance(sending, SendingPage)
    send_all(qtbot, sending, "4")
    received = [message_from_bytes(m.content, policy=policy.default) for m in server.received]
    assert sorted(m.recipients for m in server.received) == [
        ("anne@exemple.example",),
        ("jeanne@exemple.example",),
        ("paul@exemple.example",),
        ("rene@exemple.example",),
    ]
    for message in received:
        check_letter(message)

    files.answer = tmp_path / "lettres.pdf"
    press(qtbot, sending.paper_box.print_button)
    press(qtbot, sending.findChildren(PrintLettersDialog)[0].file_button)
    settle(qtbot, desk)
    assert (tmp_path / "lettres.pdf").read_bytes().startswith(b"%PDF")

    press(qtbot, view.next_button)
    evidence = view.page(Step.EVIDENCE)
    assert isinstance(evidence, EvidencePage)
    files.answer = tmp_path / "dossier"
    press(qtbot, evidence.dossier_box.save_button)
    settle(qtbot, desk)
    assert list((tmp_path / "dossier").glob("*.pdf"))
    balance = view.campaign_file.balance()
    assert balance.is_exact()
    assert balance.by_status == {
        DeliveryStatus.ACCEPTED: 4,
        DeliveryStatus.PRINTED: 1,
        DeliveryStatus.EXCLUDED: 1,
    }

    assert_nobody_in(profile, VALUES)  # open, with its write-ahead log
    keep_and_look(qtbot, window, files, tmp_path)
    folder = view.campaign_file.folder
    assert_a_crash_tells_nobody(view.campaign_file, VALUES)
    window.show_home()
    assert settings_file().exists()
    assert log_file().stat().st_size > 0
    for command in (
        ["etat", str(folder)],
        ["controler", str(folder)],
        ["lire", str(tmp_path / "patients.xlsx")],
    ):
        assert run_command(command) in (0, 3), command
    assert_nobody_in(profile, VALUES)
    with pytest.raises(AssertionError):  # the search itself finds what is there to find
        assert_nobody_in(tmp_path, VALUES)
    assert_dossier_names_nobody(tmp_path / "dossier", [row[1] for row in _ROWS])


def keep_and_look(qtbot: QtBot, window: MainWindow, files: ReadyFileChooser, folder: Path) -> None:
    """A call, a copy, the sheet, the register: everything that could leave a trace."""
    view = window.campaign_view
    assert view is not None
    evidence = view.page(Step.EVIDENCE)
    assert isinstance(evidence, EvidencePage)
    window.safekeeping.take_call()
    call = window.findChildren(PatientCallDialog)[0]
    type_text(call.typed_edit, "martineau")
    press(qtbot, call.find_button)
    press(qtbot, call.count_button)
    call.reject()
    backup(view.campaign_file, evidence.desk.clock)
    press(qtbot, evidence.dossier_box.figures_button)
    settle(qtbot, evidence.desk)


def send_all(qtbot: QtBot, page: SendingPage, letters: str) -> None:
    press(qtbot, page.email_box.send_button)
    settle(qtbot, page.desk)
    dialog = page.findChildren(ConfirmSendDialog)[0]
    type_text(dialog.number_edit, letters)
    press(qtbot, dialog.send_button)
    settle(qtbot, page.desk)


def check_letter(message: EmailMessage) -> None:
    """One recipient, and the name of nobody else in the list."""
    body = message.get_body(("plain",))
    assert body is not None
    text = f"{message['To']} {message['Subject']} {body.get_content()}"
    names = [name for _, name, *_ in _ROWS if name.casefold() in text.casefold()]
    assert len(names) == 1, names
    assert len(message.get_all("To", [])) == 1
    assert message["Cc"] is None
    assert message["Bcc"] is None
