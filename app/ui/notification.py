"""What the system tells when the user looks elsewhere: the end of a sending, or what stopped it."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

_SHOWN_MS = 15_000


def notify(window: QWidget, title: str, text: str) -> bool:
    """Ask for attention in the task bar and, where the system can, show a notification. No patient in it.

    Returns whether a notification was shown; never when the window is in front.
    """
    QApplication.alert(window)
    if window.isActiveWindow():
        return False
    if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
        return False
    icon = window.windowIcon()
    tray = QSystemTrayIcon(icon, window)  # there only while it has something to say
    tray.messageClicked.connect(window.activateWindow)
    tray.show()
    tray.showMessage(title, text, icon, _SHOWN_MS)
    QTimer.singleShot(_SHOWN_MS, tray, tray.deleteLater)
    return True
