"""The e-mails leave: one Job of the window from the first letter to the last, and what it tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.core.errors import Cancelled, UserError
from app.services import lettering
from app.services.attached_pdf import pdf_attacher
from app.services.awake import computer_awake
from app.services.campaigns import backup_if_due
from app.services.control import Control
from app.services.departure import departure, plan_options
from app.services.planning import Plan, PlanProgress, plan_steps
from app.services.run_choice import run_to_send
from app.services.sending import SendingOptions, SendingRun
from app.services.sending_events import (
    CanaryReached,
    DeliveryChanged,
    Finished,
    LimitLearned,
    Paused,
    Stopped,
    Waiting,
)
from app.services.signing import signer_for
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.question import QuestionDialog
from app.ui.secrets import account_secret
from app.ui.steps.email_box_end import account_action
from app.ui.steps.sending_gate import SendingGate
from app.ui.widgets.sending_progress import SendingProgress
from app.ui.workers import Job
from app.wording.french import number


@dataclass(frozen=True, slots=True)
class KeptAwake:
    """Whether the system agreed not to sleep."""

    agreed: bool


class EmailRun(QObject):
    """At most one at a time; lives as long as the page.

    Signals:
        planned: the letters of the run are written down, nothing has left yet.
        ready: the plan asked for by ``plan`` is made; not emitted when it failed.
        ended(object): Finished, Stopped, CanaryReached (held to look at the first letters), or None
            when it could not begin.
    """

    planned = Signal()
    ready = Signal()
    ended = Signal(object)

    def __init__(self, page: SendingGate, progress: SendingProgress) -> None:
        super().__init__(page)
        self._page = page
        self._progress = progress
        self._job: Job | None = None
        self._end: Finished | Stopped | CanaryReached | None = None
        self._is_planned = False
        progress.pause_asked.connect(self._pause)
        progress.resume_asked.connect(self._resume)
        progress.stop_asked.connect(self._ask_stop)

    @property
    def is_running(self) -> bool:
        """True while letters are planned or leave."""
        return self._job is not None

    def plan(self) -> None:
        """Write the letters that are missing, then tell ``ready``."""
        page = self._page
        account, clock = page.desk.settings.current.account, page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            options = plan_options(campaign_file, account, run_to_send(campaign_file))
            yield from plan_steps(campaign_file, options, control, clock)

        job = page.new_job("Préparation des lettres", work)
        job.progressed.connect(self._follow_plan)
        job.finished.connect(self._end_plan)
        self._is_planned = False
        if page.begin(job):
            self._job = job
            page.message_bar.clear()
            self._progress.begin("Préparation des lettres…", may_pause=False)

    def start(self, first_letters: int) -> None:
        """Send what waits; with ``first_letters``, end after so many so that the user can look.

        Raises:
            UserError: the password, or the certificate that signs, is not at hand.
        """
        page = self._page
        desk = page.desk
        account, clock = desk.settings.current.account, desk.clock
        is_sample = page.campaign_file.campaign.is_sample
        secret = account_secret(desk, account)
        sign = None if is_sample else signer_for(account, desk.credentials, clock.now())
        run_number = run_to_send(page.campaign_file)
        attach = None
        if account is not None and account.attach_pdf:
            attach = partial(pdf_attacher, run=run_number)

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            if not is_sample:
                backup_if_due(campaign_file, clock)
            with departure(campaign_file, account, secret) as way, computer_awake() as awake:
                yield KeptAwake(awake)
                run = SendingRun(
                    campaign_file,
                    way.transports,
                    partial(lettering.renderer_for, run=run_number, clock=clock),
                    way.account,
                    practice_name=campaign_file.practice(run_number).name,
                    clock=clock,
                    options=SendingOptions(
                        run=run_number, lanes=way.account.lanes, canary=first_letters
                    ),
                    sign=sign,
                    before_first=partial(lettering.freeze, run=run_number, clock=clock),
                    attach_for=attach,
                )
                yield from run.run(control)

        job = page.new_job("Envoi des courriels", work)
        job.failed.disconnect(page.show_failure)
        job.failed.connect(self._fail)
        job.progressed.connect(self._follow)
        job.finished.connect(self._finish)
        self._end = None
        if page.begin(job):
            self._job = job
            page.message_bar.clear()
            self._progress.begin("Connexion au serveur…")

    def stop(self) -> None:
        """Ask the work to end after the letter under way."""
        if self._job is not None:
            self._job.stop()
            self._progress.note_stopping()

    def _follow_plan(self, event: object) -> None:
        if isinstance(event, PlanProgress):
            words = (
                f"Préparation des lettres\u00a0: {number(event.done)} sur {number(event.total)}."
            )
            self._progress.note_preparing(words, event.done, event.total)
        elif isinstance(event, Plan):
            self._is_planned = True

    def _end_plan(self) -> None:
        self._job = None
        self._progress.end()
        if self._is_planned:
            self.planned.emit()
            self.ready.emit()

    def _follow(self, event: object) -> None:
        match event:
            case DeliveryChanged():
                self._progress.note_tally(event.tally)
            case Waiting():
                self._progress.note_waiting(event)
            case Paused():
                self._progress.note_paused(event.tally)
            case CanaryReached():
                # the run holds itself; it ends here, so that the mailbox can be read meanwhile
                self._end = event
                self._progress.note_tally(event.tally)
                if self._job is not None:
                    self._job.stop()
            case LimitLearned():
                self._progress.note_learned(event.window)
            case KeptAwake():
                self._progress.note_awake(agreed=event.agreed)
            case Finished() | Stopped():
                self._progress.note_tally(event.tally)
                if not isinstance(self._end, CanaryReached) or isinstance(event, Stopped):
                    self._end = event
            case _:
                pass

    def _finish(self) -> None:
        self._job = None
        self._progress.end()
        self.ended.emit(self._end)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._page.message_bar.show_error(error, account_action(self._page, error))
        else:
            self._page.show_failure(error)

    def _pause(self) -> None:
        if self._job is not None:
            self._job.control.pause()

    def _resume(self) -> None:
        if self._job is not None:
            self._job.control.resume()

    def _ask_stop(self) -> None:
        if self._job is None:
            return
        dialog = QuestionDialog(
            "Arrêter l’envoi\u202f?",
            "Les courriels partis restent partis. Vous pourrez envoyer la suite plus tard\u00a0: "
            "personne ne recevra la lettre deux fois.",
            self._page,
        )
        dialog.add_accept("Arrêter", default=False)
        dialog.add_reject("Continuer l’envoi", default=True)
        dialog.accepted.connect(self.stop)
        dialog.open()
