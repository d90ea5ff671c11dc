"""The demonstration: the whole road on invented patients, with the same use cases as the real one.

It can be killed at any moment and started again in the same folder: each stage looks at what is already
done, and the sending follows the journal like any other run.
"""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from app import paths
from app.core.campaign import Channel, DeliveryStatus
from app.core.channels import plan_channel
from app.core.clock import Clock, SystemClock
from app.core.errors import BugError
from app.core.errors.paper import NothingToPrint
from app.credentials import CredentialStore
from app.services import letter_check, lettering
from app.services.campaigns import remember
from app.services.control import Control
from app.services.demo_events import (
    CampaignReady,
    DemoEvent,
    DemoFinished,
    Stage,
    StageProgress,
    StageTime,
    TookUp,
)
from app.services.demo_list import LIST_NAME, read_invented, read_sample_list
from app.services.departure import departure, sender_address, trial_maildir
from app.services.evidence import DossierProgress, write_dossier
from app.services.letter_warnings import accept, open_warnings, record
from app.services.planning import PlanOptions, PlanProgress, plan_steps
from app.services.printing import FilePrinted, PrintOptions, PrintRun, PrintStep
from app.services.sample_campaign import (
    is_campaign,
    make_sample_campaign,
    open_sample_campaign,
    sample_recovery_code,
)
from app.services.samples import load_sample
from app.services.sending import (
    DeliveryChanged,
    Recovered,
    SendingOptions,
    SendingRun,
    Stopped,
)
from app.storage.campaign_file import SUFFIX, CampaignFile
from app.wording import labels

_NAME = "Exemple"
_SAMPLE = "editeur"
_PRINT_FILE = "Lettres à imprimer.pdf"
_EVIDENCE_FOLDER = "Dossier pour la CNIL"
#: a demonstration goes on by itself: it says so where somebody would answer for the warnings
_BY_ITSELF, _WHY = "Démonstration", "Patients inventés, les lettres restent sur cet ordinateur"


class DemoRun:
    """One go at the demonstration in ``folder``.

    Args:
        folder: made when absent; holds the campaign, the trial mailbox, the PDF and the evidence.
        credentials: where the campaign's key is kept, when there is such a store.
        patients: invent so many people; None reads the bundled list.
        seed: of the inventions.
        sample_id: which incident (names of ``services.samples``).
        lanes: connections at once, 1 to 4.
        clock: the time.
    """

    def __init__(
        self,
        folder: Path,
        credentials: CredentialStore,
        *,
        patients: int | None = None,
        seed: int = 34,
        sample_id: str = _SAMPLE,
        lanes: int = 1,
        clock: Clock | None = None,
    ) -> None:
        self._folder = folder
        self._credentials = credentials
        self._patients = patients
        self._seed = seed
        self._sample_id = sample_id
        self._lanes = lanes
        self._clock = clock or SystemClock()
        self._times: dict[Stage, StageTime] = {}
        self._sent = 0
        self._printed = 0

    def run(self, control: Control) -> Iterator[DemoEvent]:
        """Do what is left to do; the last event is ``DemoFinished``.

        Raises:
            UserError: a full disk, a folder that cannot be written, a campaign open elsewhere…
            Cancelled: ``control`` was stopped.
        """
        path = self._folder / f"{_NAME}{SUFFIX}"
        is_new = not is_campaign(path)
        campaign_file = (
            self._make(path) if is_new else open_sample_campaign(path, self._credentials)
        )
        with campaign_file:
            code = (
                ""
                if self._credentials.is_available()
                else sample_recovery_code(campaign_file.campaign.id)
            )
            yield CampaignReady(path, is_new, code)
            for stage, work in self._stages():
                began, counted = time.perf_counter(), 0
                for event in work(campaign_file, control):
                    if isinstance(event, StageProgress):
                        counted = event.done
                    yield event
                self._times[stage] = StageTime(time.perf_counter() - began, counted)
            remember(campaign_file, self._clock)
            yield self._finished(campaign_file)

    def _stages(self) -> list[tuple[Stage, Callable[[CampaignFile, Control], Iterator[DemoEvent]]]]:
        return [
            (Stage.IMPORT, self._read_list),
            (Stage.PLAN, self._plan),
            (Stage.CHECK, self._check),
            (Stage.SEND, self._send),
            (Stage.PRINT, self._print),
            (Stage.EVIDENCE, self._evidence),
        ]

    def _make(self, path: Path) -> CampaignFile:
        sample = load_sample(self._sample_id, lettering.today(self._clock))
        path.parent.mkdir(parents=True, exist_ok=True)
        return make_sample_campaign(
            path, sample.title, sample.practice, sample.incident, self._credentials, self._clock
        )

    def _read_list(self, campaign_file: CampaignFile, control: Control) -> Iterator[DemoEvent]:
        if campaign_file.count_recipients():
            return
        if self._patients is None:
            yield from read_sample_list(campaign_file, control, self._clock)
        else:
            yield from read_invented(
                campaign_file, self._patients, self._seed, control, self._clock
            )

    def _plan(self, campaign_file: CampaignFile, control: Control) -> Iterator[DemoEvent]:
        if campaign_file.balance().not_planned == 0:
            return
        incident = campaign_file.incident()
        template = lettering.template_of(campaign_file, incident.template_id)
        options = PlanOptions(
            sender=sender_address(campaign_file, None),
            template_id=template.id,
            annotations_template_id=template.annotations_variant,
        )
        for event in plan_steps(campaign_file, options, control, self._clock):
            if isinstance(event, PlanProgress):
                yield StageProgress(Stage.PLAN, event.done, event.total)

    def _check(self, campaign_file: CampaignFile, control: Control) -> Iterator[DemoEvent]:
        waiting = campaign_file.balance().count(DeliveryStatus.PENDING, DeliveryStatus.DEFERRED)
        if not waiting:
            return
        for event in letter_check.check_all(campaign_file, control, clock=self._clock):
            if isinstance(event, letter_check.CheckProgress):
                yield StageProgress(Stage.CHECK, event.done, event.total)
            elif isinstance(event, letter_check.CheckFinished) and event.blocking:
                raise BugError(f"the sample's letters hold {event.blocking} blocking remarks")
            elif isinstance(event, letter_check.CheckFinished):
                record(campaign_file, event)
                left = open_warnings(campaign_file)
                accept(campaign_file, left, _BY_ITSELF, _WHY, self._clock)

    def _send(self, campaign_file: CampaignFile, control: Control) -> Iterator[DemoEvent]:
        with departure(campaign_file, None) as way:
            run = SendingRun(
                campaign_file,
                way.transports,
                lettering.renderer_for,
                way.account,
                practice_name=campaign_file.practice().name,
                clock=self._clock,
                options=SendingOptions(lanes=self._lanes),
                before_first=lettering.freeze,
            )
            for event in run.run(control):
                match event:
                    case DeliveryChanged():
                        if event.delivery.status is DeliveryStatus.ACCEPTED:
                            self._sent += 1
                            yield StageProgress(Stage.SEND, event.tally.settled, event.tally.total)
                    case Recovered(reopened, uncertain):
                        yield TookUp(reopened, uncertain)
                    case Stopped():
                        raise event.error
                    case _:
                        pass

    def _print(self, campaign_file: CampaignFile, control: Control) -> Iterator[DemoEvent]:
        counts = campaign_file.delivery_counts(1)
        if not counts.get((Channel.PAPER, DeliveryStatus.PENDING)):
            return
        target = self._folder / _PRINT_FILE
        options = PrintOptions(leave_out_bad_addresses=True)
        events = PrintRun(campaign_file, target, options, clock=self._clock).run(control)
        with suppress(NothingToPrint):  # all that is left has an address to correct first
            for event in events:
                if isinstance(event, PrintStep):
                    yield StageProgress(Stage.PRINT, event.done, event.total)
                elif isinstance(event, FilePrinted):
                    self._printed += event.letters

    def _evidence(self, campaign_file: CampaignFile, control: Control) -> Iterator[DemoEvent]:
        folder = self._folder / _EVIDENCE_FOLDER
        if folder.exists():
            if not self._sent and not self._printed:
                return
            shutil.rmtree(folder)  # our own, of an earlier and shorter run
        for event in write_dossier(campaign_file, folder, control=control, clock=self._clock):
            if isinstance(event, DossierProgress):
                yield StageProgress(Stage.EVIDENCE, event.done, event.total)

    def _finished(self, campaign_file: CampaignFile) -> DemoFinished:
        counts = campaign_file.delivery_counts(1)
        by_channel: dict[Channel, int] = {}
        for (channel, status), number in counts.items():
            if status is not DeliveryStatus.REPLACED:
                by_channel[channel] = by_channel.get(channel, 0) + number
        uncertain = campaign_file.deliveries_with_recipients(DeliveryStatus.UNCERTAIN, run=1)
        unprintable = campaign_file.deliveries_with_recipients(
            DeliveryStatus.PENDING, channel=Channel.PAPER, run=1
        )
        excluded = campaign_file.deliveries_with_recipients(DeliveryStatus.EXCLUDED, run=1)
        reasons = Counter(plan_channel(person).reason for _, person in excluded)
        exclusions = {labels.EXCLUSION[reason]: n for reason, n in reasons.items() if reason}
        files = {
            "campaign": campaign_file.folder,
            "list": paths.resources_dir() / LIST_NAME,
            "mailbox": trial_maildir(campaign_file),
            "print": self._folder / _PRINT_FILE,
            "evidence": self._folder / _EVIDENCE_FOLDER,
        }
        if self._patients is not None:
            del files["list"]
        return DemoFinished(
            campaign_file.balance(),
            by_channel,
            self._sent,
            self._printed,
            tuple(person.row for _, person in uncertain),
            tuple(person.row for _, person in unprintable),
            exclusions,
            {name: path for name, path in files.items() if path.exists()},
            dict(self._times),
        )
