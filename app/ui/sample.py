"""« Voir un exemple »: a complete sample campaign, with invented patients; one for each kind of incident."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.clock import Clock
from app.core.errors import Cancelled, UserError
from app.paths import documents_dir, resources_dir
from app.services.control import Control
from app.services.importing import Understanding, apply, today_in_france, understand
from app.services.sample_campaign import is_campaign, make_sample_campaign, open_sample_campaign
from app.services.samples import load_sample
from app.storage.campaign_file import SUFFIX, CampaignFile
from app.ui.desk import Desk
from app.ui.workers import Job

#: the one shown first
DEFAULT_SAMPLE = "editeur"
_FOLDER = "Exemple"
_LIST = "liste-exemple.xlsx"


class SampleMaker(QObject):
    """Makes the sample campaign and reads its list, or opens the one already made.

    Signals:
        began: reading the list takes a moment.
        made(CampaignFile): open, with its patients.
        failed(Exception): a UserError to show, or our own defect.
    """

    began = Signal()
    made = Signal(object)
    failed = Signal(Exception)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._campaign_file: CampaignFile | None = None
        self._error: Exception | None = None

    def make(self, sample_id: str = DEFAULT_SAMPLE) -> None:
        """Open a sample (names of ``services.samples``); its list is read in a Job the first time."""
        if self._desk.jobs.is_busy:
            return
        try:
            campaign_file = self._open(sample_id)
        except UserError as error:
            self.failed.emit(error)
            return
        if campaign_file.count_recipients():
            self.made.emit(campaign_file)
            return
        self._campaign_file, self._error = campaign_file, None

        def read(control: Control) -> Iterator[object]:
            with campaign_file.reopen() as own:
                yield from _read_list(own, control, self._desk.clock)

        job = Job("Préparation de l’exemple", read)
        job.failed.connect(self._note_failure)
        job.finished.connect(self._finish)
        self.began.emit()
        self._desk.jobs.begin(job)

    def _open(self, sample_id: str) -> CampaignFile:
        name = _FOLDER if sample_id == DEFAULT_SAMPLE else f"{_FOLDER} {sample_id}"
        path = documents_dir() / name / f"{name}{SUFFIX}"
        desk = self._desk
        if is_campaign(path):
            return open_sample_campaign(path, desk.credentials, desk.clock)
        path.parent.mkdir(parents=True, exist_ok=True)
        sample = load_sample(sample_id, today_in_france(desk.clock))
        return make_sample_campaign(
            path,
            f"Exemple\u00a0: {sample.title}",
            sample.practice,
            sample.incident,
            desk.credentials,
            desk.clock,
        )

    def _note_failure(self, error: Exception) -> None:
        self._error = error

    def _finish(self) -> None:
        campaign_file, self._campaign_file = self._campaign_file, None
        if campaign_file is None:
            return
        if self._error is None:
            self.made.emit(campaign_file)
            return
        campaign_file.close()
        if not isinstance(self._error, Cancelled):
            self.failed.emit(self._error)


def _read_list(own: CampaignFile, control: Control, clock: Clock) -> Iterator[object]:
    """The bundled spreadsheet, through the same import as any other."""
    today = today_in_france(clock)
    for event in understand(resources_dir() / _LIST, None, control, today=today):
        if isinstance(event, Understanding):
            yield from apply(own, event, control, clock)
