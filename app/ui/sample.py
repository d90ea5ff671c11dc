"""« Voir un exemple »: the complete sample campaign, with invented patients."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui.desk import Desk


class SampleMaker(QObject):
    """Makes the sample campaign, or opens the one already made.

    Signals:
        made(CampaignFile): open, its list imported.
        failed(UserError): one sentence to show.
    """

    made = Signal(object)
    failed = Signal(Exception)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window

    def make(self) -> None:
        """To come with the importing service."""
