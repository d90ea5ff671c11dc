"""A password field with a button that shows what was typed."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget
from typing_extensions import override

from app.ui.theme import icon


class PasswordEdit(QLineEdit):
    """Hidden by default; the eye at its end shows the text and says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._show_text)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._dress()

    def hide_text(self) -> None:
        """Back to dots."""
        self._eye.setChecked(False)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _show_text(self, shown: bool) -> None:  # noqa: FBT001 - slot
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        self._dress()

    def _dress(self) -> None:
        shown = self._eye.isChecked()
        self._eye.setIcon(icon("eye_closed" if shown else "eye", self.palette()))
        self._eye.setText("Cacher le mot de passe" if shown else "Montrer le mot de passe")
        self._eye.setToolTip(self._eye.text())
        for button in self.findChildren(QToolButton):
            button.setAccessibleName(self._eye.text())
