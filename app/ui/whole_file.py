"""Work that takes the whole campaign file: a purge, a change of key. The window gets another file back."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.errors import Cancelled, UserError
from app.services.campaigns import open_with_doubts
from app.services.control import Control
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.busy import BusyDialog
from app.ui.workers import Job

#: yields words of ours, then (the file to go on with, the result)
WholeFileWork = Callable[[CampaignFile, Control], Iterator[object]]


@runtime_checkable
class TellsFailures(Protocol):
    """A window that outlives the page on which the work began, and tells what went wrong."""

    def show_failure(self, error: Exception) -> None:
        """A sentence, or the problem dialog."""
        ...


class WholeFile(QObject):
    """One piece of such work, in a worker, behind a modal progress. It deletes itself at the end.

    Signals:
        replaced(CampaignFile, object): go on with this file; the result, None when the work failed half-way.
        kept: nothing was changed, go on with the former file.
        failed(Exception): after one of the two others.
    """

    replaced = Signal(object, object)
    kept = Signal()
    failed = Signal(Exception)

    def __init__(self, campaign_file: CampaignFile, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._file, self._desk, self._window = campaign_file, desk, window
        self._words: Mapping[object, str] = {}
        self._outcome: tuple[CampaignFile, object] | None = None
        self._error: Exception | None = None

    def start(
        self, title: str, text: str, words: Mapping[object, str], work: WholeFileWork
    ) -> None:
        """Begin; no other Job may be running. ``words``: the sentence shown for each word yielded."""
        self._words = words
        campaign_file = self._file
        campaign_file.hand_over()

        def run(control: Control) -> Iterator[object]:
            try:
                yield from work(campaign_file, control)
            finally:
                campaign_file.hand_over()

        job = Job(title, run)
        self._dialog = BusyDialog(title, text, can_stop=False, parent=self._window)
        job.progressed.connect(self._follow)
        job.failed.connect(self._note_failure)
        job.finished.connect(self._end)
        self._dialog.open()
        self._desk.jobs.begin(job)

    @Slot(object)
    def _follow(self, event: object) -> None:
        if isinstance(event, tuple):
            self._outcome = event
        else:
            self._dialog.panel.start(self._words.get(event, ""))

    @Slot(Exception)
    def _note_failure(self, error: Exception) -> None:
        self._error = error

    @Slot()
    def _end(self) -> None:
        self._dialog.end()
        error = self._error
        if self._outcome is not None:
            self.replaced.emit(*self._outcome)
        elif self._file.is_closed:
            error = self._reopen() or error
        else:
            self.kept.emit()
        if error is not None and not isinstance(error, Cancelled):
            self.failed.emit(error)
        self.deleteLater()

    def _reopen(self) -> UserError | None:
        """The former file was closed on the way: the campaign goes on with whichever key opens it."""
        try:
            found = open_with_doubts(
                self._file.folder, self._desk.credentials, clock=self._desk.clock
            )
        except UserError as error:
            return error
        self.replaced.emit(found.campaign_file, None)
        return None
