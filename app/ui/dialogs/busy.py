"""Work that nothing else may accompany: a window-modal progress, closed when the work ends."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.progress_panel import ProgressPanel


class BusyDialog(QuestionDialog):
    """Shows what is being done; Esc asks to stop when that is possible, else does nothing.

    Signals:
        stop_requested: the user wants to stop.
    """

    stop_requested = Signal()

    def __init__(
        self, title: str, text: str, *, can_stop: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, text, parent)
        self._can_stop = can_stop
        self.panel = ProgressPanel(self)
        self.panel.stop_button.setVisible(can_stop)
        self.panel.stop_requested.connect(self.reject)
        self.buttons.hide()
        self.body.addWidget(self.panel)
        self.panel.start("")

    @override
    def reject(self) -> None:
        if self._can_stop:
            self.panel.stop_button.setEnabled(False)
            self.stop_requested.emit()

    def end(self) -> None:
        """The work is over."""
        super().reject()
