"""« Par courriel »: the confirmed sending, pause, stop, what stopped it."""

from collections.abc import Iterator
from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QGroupBox, QLabel, QPushButton, QVBoxLayout

from app.core.campaign import Channel, DeliveryStatus
from app.core.pacing import plan_end
from app.core.steps import Step
from app.letters.checking import TRIAL_CODE
from app.services import lettering
from app.services.awake import computer_awake
from app.services.control import Control
from app.services.departure import departure, plan_options, sender_address
from app.services.plan_summary import kept_summary
from app.services.planning import Plan, plan_steps
from app.services.sending import SendingOptions, SendingRun
from app.services.sending_events import (
    CanaryReached,
    DeliveryChanged,
    Finished,
    Paused,
    Stopped,
    Waiting,
)
from app.services.trial_letter import specimen
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.confirm_send import ConfirmSendDialog, SendingFacts
from app.ui.dialogs.question import QuestionDialog
from app.ui.secrets import account_secret
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.widgets.sending_progress import SendingProgress
from app.ui.workers import Job
from app.wording import explain
from app.wording.french import count
from app.wording.pace import first_day_words, moment_words

_S = DeliveryStatus
#: a real run of more letters than that stops after the first ones, to look at refusals and returns
CANARY_LETTERS, CANARY_FROM = 10, 30
_SECONDS_PER_LETTER = 0.5


class EmailBox(QGroupBox):
    """Counts and the one button that sends; the bar belongs to the page.

    Signals:
        noted: letters changed state.
        planned: the letters of the run are written down, nothing has left yet.
    """

    noted = Signal()
    planned = Signal()

    def __init__(self, page: SendingGate, progress: SendingProgress) -> None:
        super().__init__("Par courriel", page)
        self._page = page
        self._progress = progress
        self._job: Job | None = None
        self._end_event: Finished | Stopped | None = None
        self.state_label = QLabel(self)
        self.state_label.setWordWrap(True)
        self.send_button = QPushButton(self)
        column = QVBoxLayout(self)
        column.addWidget(self.state_label)
        column.addWidget(self.send_button)
        column.addStretch(1)
        self.send_button.clicked.connect(self.ask)
        progress.pause_asked.connect(self._pause)
        progress.resume_asked.connect(self._resume)
        progress.stop_asked.connect(self._ask_stop)

    def to_send(self) -> int:
        """E-mails that still have to leave."""
        counts = self._page.campaign_file.delivery_counts()
        if not counts:
            summary = kept_summary(self._page.campaign_file)
            return 0 if summary is None else summary.email
        return sum(
            counts.get((Channel.EMAIL, status), 0) for status in (_S.PENDING, _S.DEFERRED, _S.OPEN)
        )

    def load(self) -> None:
        """Show what is to send and what became of the rest."""
        counts = self._page.campaign_file.delivery_counts()
        accepted = counts.get((Channel.EMAIL, _S.ACCEPTED), 0)
        refused = counts.get((Channel.EMAIL, _S.REJECTED), 0)
        uncertain = counts.get((Channel.EMAIL, _S.UNCERTAIN), 0)
        waiting = self.to_send()
        lines = []
        if waiting:
            lines.append(f"{count(waiting, 'lettre')} à envoyer.")
        if accepted:
            lines.append(
                f"{count(accepted, 'lettre acceptée', 'lettres acceptées')} par le serveur."
            )
        if refused:
            lines.append(f"{count(refused, 'lettre refusée', 'lettres refusées')}.")
        if uncertain:
            lines.append(f"{count(uncertain, 'lettre incertaine', 'lettres incertaines')}.")
        self.state_label.setText("\n".join(lines) or "Aucune lettre par courriel.")
        verb = "Envoyer la suite\u00a0: " if accepted or refused else "Envoyer "
        self.send_button.setText(f"{verb}{count(waiting, 'courriel')}…")
        self.send_button.setVisible(bool(waiting))

    def ask(self) -> None:
        """Plan again when letters exist already, then ask the question."""
        page = self._page
        if not page.is_ready():
            return
        account = page.desk.settings.current.account
        with page.showing_errors():
            sender_address(page.campaign_file, account)
            if not page.campaign_file.delivery_counts():
                self._open_question()
                return

            def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                yield from plan_steps(
                    campaign_file, plan_options(campaign_file, account), control, page.desk.clock
                )

            job = page.new_job("Plan d’envoi", work)
            job.finished.connect(self._open_question)
            page.begin(job)

    def _open_question(self) -> None:
        page = self._page
        campaign_file, account = page.campaign_file, page.desk.settings.current.account
        letters = self.to_send()
        if not letters:
            self.load()
            return
        practice = campaign_file.practice(1)
        is_trial = campaign_file.campaign.is_sample
        renderer = lettering.renderer_for(campaign_file, clock=page.desk.clock)
        subject = renderer.render(specimen(), TRIAL_CODE, Channel.EMAIL).subject
        pace = ""
        if account is not None and not is_trial:
            now = page.desk.clock.now()
            forecast = plan_end(
                letters,
                account.limits,
                now,
                hours=account.working_hours,
                sent_times=campaign_file.sent_since(account.key, now - timedelta(days=1)),
                seconds_per_letter=_SECONDS_PER_LETTER,
            )
            pace = first_day_words(forecast, now)
        facts = SendingFacts(
            letters,
            practice.name,
            sender_address(campaign_file, account),
            subject,
            pace,
            is_trial,
        )
        dialog = ConfirmSendDialog(facts, self)
        dialog.confirmed.connect(self.send)
        dialog.back_button.clicked.connect(lambda: page.step_requested.emit(Step.REVIEW))
        dialog.open()

    def send(self) -> None:
        """Send what waits. Called once the number was typed, or to go on after a pause of the run."""
        page = self._page
        desk = page.desk
        account, clock = desk.settings.current.account, desk.clock
        canary = 0 if page.campaign_file.campaign.is_sample else self._canary()
        with page.showing_errors():
            secret = account_secret(desk, account)

            def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                options = plan_options(campaign_file, account)
                yield from plan_steps(campaign_file, options, control, clock)
                with departure(campaign_file, account, secret) as way, computer_awake():
                    run = SendingRun(
                        campaign_file,
                        way.transports,
                        lettering.renderer_for,
                        way.account,
                        practice_name=campaign_file.practice(1).name,
                        clock=clock,
                        options=SendingOptions(lanes=way.account.lanes, canary=canary),
                        before_first=lettering.freeze,
                    )
                    yield from run.run(control)

            job = page.new_job("Envoi des courriels", work)
            job.progressed.connect(self._follow)
            job.finished.connect(self._end)
            self._end_event = None
            if page.begin(job):
                self._job = job
                page.message_bar.clear()
                self.send_button.setEnabled(False)
                self._progress.begin("Connexion au serveur…")

    def _canary(self) -> int:
        counts = self._page.campaign_file.delivery_counts()
        left = any(
            counts.get((Channel.EMAIL, status)) for status in (_S.ACCEPTED, _S.REJECTED, _S.BOUNCED)
        )
        return CANARY_LETTERS if not left and self.to_send() >= CANARY_FROM else 0

    def _follow(self, event: object) -> None:
        match event:
            case DeliveryChanged():
                self._progress.note_tally(event.tally)
            case Waiting():
                self._progress.note_waiting(event)
            case Paused():
                self._progress.note_paused(event.tally)
            case CanaryReached():
                self._progress.note_paused(event.tally)
                self._page.message_bar.show_message(
                    Meaning.INFORMATION,
                    "Les premières lettres sont parties. Regardez si des refus apparaissent ci-dessous, et si "
                    "des courriels reviennent dans votre boîte. Puis choisissez «\u00a0Reprendre\u00a0».",
                )
            case Finished() | Stopped():
                self._end_event = event
                self._progress.note_tally(event.tally)
            case Plan():
                self.planned.emit()
            case _:
                pass

    def _pause(self) -> None:
        if self._job is not None:
            self._job.control.pause()

    def _resume(self) -> None:
        if self._job is not None:
            self._page.message_bar.clear()
            self._job.control.resume()

    def _ask_stop(self) -> None:
        if self._job is None:
            return
        dialog = QuestionDialog(
            "Arrêter l’envoi\u202f?",
            "Les courriels partis restent partis. Vous pourrez envoyer la suite plus tard\u00a0: "
            "personne ne recevra la lettre deux fois.",
            self,
        )
        dialog.add_accept("Arrêter", default=False)
        dialog.add_reject("Continuer l’envoi", default=True)
        dialog.accepted.connect(self.stop)
        dialog.open()

    def stop(self) -> None:
        """Ask the run to end after the letter under way."""
        if self._job is not None:
            self._job.stop()
            self._progress.note_stopping()

    def _end(self) -> None:
        self._job = None
        self._progress.end()
        self.send_button.setEnabled(True)
        self.load()
        self._tell_end()
        QApplication.alert(self)
        self.noted.emit()

    def _tell_end(self) -> None:
        bar, event = self._page.message_bar, self._end_event
        if isinstance(event, Stopped):
            told = explain(event.error)
            left = (
                f"Il reste {count(event.tally.left, 'courriel')} à envoyer\u00a0; rien n’est perdu."
            )
            lines = [told.what, told.why, told.what_to_do, left]
            bar.show_message(
                Meaning.PROBLEM,
                "\n".join(line for line in lines if line),
                [MessageAction("Reprendre l’envoi…", self.ask)],
                details="\n".join([*lines, type(event.error).__name__]),
            )
        elif isinstance(event, Finished) and event.resume_at is not None:
            when = moment_words(event.resume_at, self._page.desk.clock.now())
            bar.show_message(
                Meaning.ATTENTION,
                f"Il reste {count(event.tally.left, 'courriel')} à envoyer. La suite pourra partir {when}.",
            )
        elif isinstance(event, Finished) and event.stopped_by_user:
            bar.show_message(
                Meaning.ATTENTION,
                f"Envoi arrêté à {event.tally.settled} sur {event.tally.total}. "
                "La suite partira quand vous le voudrez.",
            )
        elif isinstance(event, Finished):
            tally = event.tally
            words = [
                f"{count(tally.accepted, 'lettre acceptée', 'lettres acceptées')} par le serveur"
            ]
            if tally.rejected:
                words.append(count(tally.rejected, "refusée", "refusées"))
            if tally.uncertain:
                words.append(count(tally.uncertain, "incertaine", "incertaines"))
            bar.show_message(Meaning.DONE, f"L’envoi est terminé\u00a0: {', '.join(words)}.")
