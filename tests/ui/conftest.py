"""Windows of the tests: own folders, memory keyring, a file chooser that answers at once."""

import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QPoint, Qt, QTranslator
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.incident import CnilStatus, DataCategory, Incident
from app.core.mail_account import MailAccount
from app.core.practice import Practice, Signatory
from app.core.recipient import Recipient
from app.credentials import KeyringCredentials
from app.services.campaigns import create_campaign
from app.settings import Settings
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk, PathTaken, SettingsDesk
from app.ui.workers import JobDesk
from tests.support.campaigns import NOW, FixedClock, make_recipient

# no screen unless the environment names one: QT_QPA_PLATFORM=xcb to look
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PRACTICE = Practice(
    name="Cabinet du Dr Roux",
    street="12 rue des Lilas",
    postcode="90000",
    city="Belfort",
    phone="03 84 00 00 00",
    opening_hours="du lundi au vendredi, de 9 h à 12 h",
    email="contact@cabinet-roux.example",
    controller="Dr Hélène Roux",
    contact="Mme Claire Petit, secrétariat",
    signatories=(Signatory("Dr Hélène Roux", "médecin généraliste"),),
)
INCIDENT = Incident(
    template_id="T01",
    categories=(DataCategory.IDENTITY, DataCategory.PHONE),
    happened_on=NOW.date(),
    discovered_on=NOW.date(),
    vendor="Éditeur Exemple",
    vendor_told_on=NOW.date(),
    measures_taken=("Accès coupés",),
    cnil_status=CnilStatus.IN_PROGRESS,
)


@dataclass
class ReadyFileChooser:
    """Answers with the path it was given; keeps what was asked."""

    answer: Path | None = None
    asked: list[str] = field(default_factory=list)

    def _take(self, caption: str, taken: PathTaken) -> None:
        self.asked.append(caption)
        if self.answer is not None:
            taken(self.answer)

    def open_file(self, parent: QWidget, caption: str, filters: str, taken: PathTaken) -> None:  # noqa: ARG002
        self._take(caption, taken)

    def save_file(self, parent: QWidget, caption: str, proposed: Path, taken: PathTaken) -> None:  # noqa: ARG002
        self._take(caption, taken)

    def open_folder(self, parent: QWidget, caption: str, start: Path, taken: PathTaken) -> None:  # noqa: ARG002
        self._take(caption, taken)


@pytest.fixture(scope="session", autouse=True)
def in_french(qapp: QApplication) -> QTranslator:
    """Standard buttons in French, as ``application.make_application`` does."""
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    translator = QTranslator(qapp)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    assert translator.load(QLocale(), "qtbase", "_", folder)
    qapp.installTranslator(translator)
    return translator


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def files() -> ReadyFileChooser:
    return ReadyFileChooser()


@pytest.fixture
def desk(qapp: QApplication, clock: FixedClock, files: ReadyFileChooser) -> Iterator[Desk]:
    """Settings of a practice that is ready, without an account. Fails when a Job outlives the test."""
    made = Desk(
        settings=SettingsDesk(Settings(practice=PRACTICE)),
        credentials=KeyringCredentials(),
        clock=clock,
        jobs=JobDesk(),
        files=files,
    )
    yield made
    running = made.jobs.current
    if running is not None:
        running.stop()
        running.wait()
        pytest.fail(f"the job « {running.title} » outlived the test")


@pytest.fixture
def ready_desk(desk: Desk) -> Desk:
    """The same, with an account."""
    account = MailAccount("contact@cabinet-roux.example", "smtp.cabinet-roux.example", 587)
    desk.settings.replace(replace(desk.settings.current, account=account))
    return desk


MakeCampaign = Callable[..., CampaignFile]


@pytest.fixture
def make_campaign(tmp_path: Path, desk: Desk) -> Iterator[MakeCampaign]:
    """Makes an encrypted campaign, as the program does; closed at the end."""
    made: list[CampaignFile] = []

    def make(
        people: int | list[Recipient] = 0, *, incident: Incident = INCIDENT, name: str = "Essai"
    ) -> CampaignFile:
        campaign_file, _ = create_campaign(
            tmp_path / f"{name}.avis34",
            name,
            PRACTICE,
            incident,
            desk.credentials,
            clock=desk.clock,
        )
        crowd = (
            people if isinstance(people, list) else list(map(make_recipient, range(1, people + 1)))
        )
        campaign_file.add_recipients(crowd)
        made.append(campaign_file)
        return campaign_file

    yield make
    for campaign_file in made:
        campaign_file.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The screenless platform has no window manager, and says so for every minimum size."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    """Click where the sign of a box or of a radio button is; anywhere in a push button."""
    middle = button.rect().center()
    is_wide = isinstance(button, QCheckBox | QRadioButton)
    place = QPoint(8, middle.y()) if is_wide else middle
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)


def type_text(widget: QWidget, text: str) -> None:
    """Type as on a French keyboard; QTest's own function aborts on « É »."""
    for char in text:
        if char == "\n":
            QTest.keyClick(widget, Qt.Key.Key_Return)
            continue
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char)
            QApplication.sendEvent(widget, event)


def settle(qtbot: QtBot, desk: Desk) -> None:
    """Wait until no Job runs."""
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=30_000)


@pytest.fixture(autouse=True)
def no_leftover() -> Iterator[None]:
    """Python's collector must not delete Qt objects in the middle of another test."""
    yield
    gc.collect()
