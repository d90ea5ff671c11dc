"""Builds the objects of the window by hand and runs it. Imported only when a window is wanted."""

import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyleFactory

from app import APPLICATION_NAME, __version__, logs, paths, settings
from app.core.clock import SystemClock
from app.core.errors import UserError
from app.core.errors.storage import SettingsUnreadable
from app.credentials import KeyringCredentials, MemoryCredentials
from app.ui.desk import Desk, NativeFileChooser, SettingsDesk
from app.ui.dialogs.problem import ProblemDialog, describe_defect
from app.ui.main_window import MainWindow
from app.ui.theme import icon
from app.ui.workers import JobDesk
from app.wording import explain

_LOG = logging.getLogger(__name__)


class FaultKeeper(QObject):
    """Leads every exception that nobody took, from any thread, to the GUI thread."""

    seen = Signal(object)

    def install(self) -> None:
        """Take the place of the interpreter's own hooks."""
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread

    def _take(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        self.seen.emit(error)

    def _take_from_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.seen.emit(arguments.exc_value)


class FaultTeller(QObject):
    """Shows in the window what ``FaultKeeper`` caught: a sentence, or the problem dialog."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_showing = False

    def tell(self, error: BaseException) -> None:
        """One dialog at a time: a defect in painting would open a thousand."""
        if isinstance(error, UserError):
            self._window.show_error(error)
            return
        _LOG.error("unexpected %s", type(error).__name__, exc_info=error)
        if self._is_showing:
            return
        self._is_showing = True
        dialog = ProblemDialog(describe_defect(error), self._window)
        dialog.finished.connect(self._note_closed)
        dialog.open()

    def _note_closed(self) -> None:
        self._is_showing = False


def make_application(arguments: Sequence[str]) -> QApplication:
    """The Qt application in French, with a style that follows the system's dark mode."""
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    application = QApplication([APPLICATION_NAME, *arguments])
    application.setApplicationName(APPLICATION_NAME)
    application.setApplicationDisplayName(APPLICATION_NAME)
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("avis34")
    # the style « windowsvista » of Windows 10 ignores the dark scheme
    if application.style().objectName() == "windowsvista":
        application.setStyle(QStyleFactory.create("Fusion"))
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(), "qtbase", "_", folder):
        application.installTranslator(translator)
    application.setWindowIcon(icon("application"))
    return application


def load_settings() -> tuple[settings.Settings, UserError | None]:
    """The settings; unreadable ones are set aside, and said."""
    try:
        return settings.load(), None
    except SettingsUnreadable as error:
        settings.set_aside()
        return settings.Settings(), error


def make_desk(current: settings.Settings) -> Desk:
    """What every page is handed."""
    keyring = KeyringCredentials()
    has_keyring = keyring.is_available()
    return Desk(
        settings=SettingsDesk(current),
        credentials=keyring if has_keyring else MemoryCredentials(),
        clock=SystemClock(),
        jobs=JobDesk(),
        files=NativeFileChooser(),
        has_keyring=has_keyring,
    )


def run(arguments: list[str]) -> int:
    """Open the window, and the campaign named by the first argument if any; the exit code."""
    application = make_application(arguments)
    handler = logs.configure(paths.log_file())
    try:
        current, fault = load_settings()
    except UserError as error:
        sys.stderr.write(explain(error).one_line() + "\n")
        return 2
    desk = make_desk(current)
    window = MainWindow(desk)
    keeper, teller = FaultKeeper(application), FaultTeller(window)
    keeper.seen.connect(teller.tell, Qt.ConnectionType.QueuedConnection)
    keeper.install()
    _place(window, current)
    window.show()
    if fault is not None:
        window.show_error(fault)
    if arguments:
        window.opener.open(Path(arguments[0]).absolute())
    try:
        return application.exec()
    finally:
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        logging.getLogger(logs.LOGGER_NAME).removeHandler(handler)
        handler.close()


def _place(window: MainWindow, current: settings.Settings) -> None:
    """Size of the last time, or four fifths of the screen."""
    screen = QGuiApplication.primaryScreen().availableGeometry()
    if len(current.interface.window) == 2:
        width, height = current.interface.window
    else:
        width, height = screen.width() * 4 // 5, screen.height() * 4 // 5
    window.resize(min(width, screen.width()), min(height, screen.height()))
