"""« Par courriel »: the plan, the one button that sends, the pause after the first letters, the other roads."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QLabel, QPushButton, QVBoxLayout

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import UserError
from app.letters.checking import TRIAL_CODE
from app.services import confirming, lettering
from app.services.departure import sender_address
from app.services.plan_summary import kept_summary
from app.services.run_choice import run_to_send
from app.services.sending_events import CanaryReached, Finished, Stopped, Tally
from app.services.sending_plan import next_pause, sending_plan
from app.services.trial_letter import specimen
from app.ui.dialogs.confirm_send import ConfirmSendDialog, SendingFacts
from app.ui.dialogs.question import QuestionDialog
from app.ui.sending_words import look_words, plan_words
from app.ui.steps import email_box_end as ending
from app.ui.steps.email_box_later import ResumeLater
from app.ui.steps.email_box_plan import EmailPlan
from app.ui.steps.email_box_roads import OtherRoads, clear_files_words
from app.ui.steps.email_box_run import EmailRun
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.message_bar import MessageAction
from app.ui.widgets.sending_progress import SendingProgress
from app.wording.french import NBSP, count

_S = DeliveryStatus
_WAITING = (_S.PENDING, _S.DEFERRED, _S.OPEN)
_LINES = (
    (_S.ACCEPTED, "lettre acceptée par le serveur", "lettres acceptées par le serveur"),
    (_S.REJECTED, "lettre refusée", "lettres refusées"),
    (_S.BOUNCED, "courriel retourné", "courriels retournés"),
    (_S.UNCERTAIN, "lettre incertaine", "lettres incertaines"),
)


class EmailBox(QGroupBox):
    """Counts, plan, buttons; the bar belongs to the page.

    Signals:
        noted: letters changed state or road.
        planned: the letters of the run are written down, nothing has left yet.
        refused_asked: the table should show what was refused or came back.
        paper_asked: the people whose e-mail failed should be written to by post.
        bounces_asked: « Courriels retournés… ».
        uncertain_asked: « Trancher… ».
        ended(str): what the system's notification says.
    """

    noted = Signal()
    planned = Signal()
    refused_asked = Signal()
    paper_asked = Signal()
    bounces_asked = Signal()
    uncertain_asked = Signal()
    ended = Signal(str)

    def __init__(self, page: SendingGate, progress: SendingProgress) -> None:
        super().__init__("Par courriel", page)
        self._page = page
        self._progress = progress
        self.state_label = QLabel(self)
        self.state_label.setWordWrap(True)
        self.plan = EmailPlan(page)
        self.roads = OtherRoads(page, self.plan.progress)
        self.run = EmailRun(page, progress)
        self.later = ResumeLater(page, self._resume_by_itself)
        self.send_button = QPushButton(self)
        font = self.send_button.font()
        font.setBold(True)  # the act of the page; never the default button: no key sends
        self.send_button.setFont(font)
        self.uncertain_button = QPushButton("&Trancher les lettres incertaines…", self)
        self.bounce_button = QPushButton("Courriels retourn&és…", self)
        self.clear_label = QLabel(self)
        self.clear_label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(self.state_label)
        column.addWidget(self.plan)
        column.addLayout(
            flow(
                self.send_button,
                self.plan.shorten_button,
                self.plan.back_button,
                self.uncertain_button,
                self.bounce_button,
                self.roads.button,
            )
        )
        column.addWidget(self.plan.progress)
        column.addWidget(self.clear_label)
        column.addStretch(1)
        self._acts = ending.NextActs(
            self.ask, self.later.wait, self.refused_asked.emit, self.paper_asked.emit
        )
        self._connect()

    def _connect(self) -> None:
        self.send_button.clicked.connect(self.ask)
        self.uncertain_button.clicked.connect(self.uncertain_asked)
        self.bounce_button.clicked.connect(self.bounces_asked)
        self.plan.moved.connect(self.noted)
        self.roads.noted.connect(self.noted)
        self.run.planned.connect(self.planned)
        self.run.ready.connect(self._open_question)
        self.run.ended.connect(self._end)
        self._progress.forecast_asked.connect(self._forecast)

    # what is shown

    def to_send(self) -> int:
        """E-mails that still have to leave."""
        campaign_file = self._page.campaign_file
        counts = campaign_file.delivery_counts(run_to_send(campaign_file))
        if not counts:
            summary = kept_summary(campaign_file)
            return 0 if summary is None else summary.email
        return sum(counts.get((Channel.EMAIL, status), 0) for status in _WAITING)

    def load(self) -> None:
        """Show what is to send and what became of the rest."""
        campaign_file = self._page.campaign_file
        counts = campaign_file.delivery_counts(run_to_send(campaign_file))
        waiting = self.to_send()
        lines = [f"{count(waiting, 'lettre')} à envoyer."] if waiting else []
        parts = [
            count(counts[Channel.EMAIL, status], one, many)
            for status, one, many in _LINES
            if counts.get((Channel.EMAIL, status))
        ]
        if parts:
            lines.append(f"{', '.join(parts)}.")
        self.state_label.setText("\n".join(lines) or "Aucune lettre par courriel.")
        verb = f"Envoyer la suite{NBSP}: " if parts else "Envoyer "
        self.send_button.setText(f"{verb}{count(waiting, 'courriel')}…")
        is_running = self.run.is_running
        self.send_button.setVisible(bool(waiting) and not is_running)
        self.uncertain_button.setVisible(
            bool(counts.get((Channel.EMAIL, _S.UNCERTAIN))) and not is_running
        )
        self.bounce_button.setVisible(bool(parts) and not is_running)
        self.roads.button.setVisible(bool(waiting or parts) and not is_running)
        if is_running:
            self.plan.hide_all()
        else:
            self.plan.load(waiting)
            words = clear_files_words(campaign_file)
            self.clear_label.setText(words)
            self.clear_label.setVisible(bool(words))

    def follow(self, tally: Tally) -> None:
        """While a run goes on: its own figures, without asking the campaign file at each letter."""
        if self.run.is_running and tally.total:
            self.state_label.setText(f"{count(tally.left, 'lettre')} à envoyer.")

    def tell_look(self) -> bool:
        """While the first letters are to be looked at, say so; True when it was said."""
        campaign_file = self._page.campaign_file
        left = self.to_send()
        if confirming.look_since(campaign_file) is None or not left:
            return False
        counts = campaign_file.delivery_counts(run_to_send(campaign_file))
        accepted, refused, uncertain = (
            counts.get((Channel.EMAIL, status), 0)
            for status in (_S.ACCEPTED, _S.REJECTED, _S.UNCERTAIN)
        )
        words = look_words(accepted, refused, uncertain, left)
        self._page.message_bar.show_message(
            Meaning.ATTENTION if refused or uncertain else Meaning.INFORMATION,
            words.text,
            [
                MessageAction("Courriels retournés…", self.bounces_asked.emit),
                MessageAction(words.go_on, self.ask),
            ],
        )
        return True

    # the question

    def ask(self) -> None:
        """Write the letters down, then ask the question."""
        page = self._page
        if not page.is_ready():
            return
        try:
            sender_address(page.campaign_file, page.desk.settings.current.account)
        except UserError as error:
            page.message_bar.show_error(error, ending.account_action(page, error))
            return
        self.run.plan()

    def _open_question(self) -> None:
        self.load()
        letters = self.to_send()
        if not letters:
            return
        with self._page.showing_errors():  # the letter may lack a value since the last check
            if confirming.is_confirmed(self._page.campaign_file):
                self._ask_to_go_on(letters)
            else:
                self._ask_number(letters)

    def _ask_number(self, letters: int) -> None:
        page = self._page
        campaign_file, account = page.campaign_file, page.desk.settings.current.account
        is_sample = campaign_file.campaign.is_sample
        run = run_to_send(campaign_file)
        renderer = lettering.renderer_for(campaign_file, run, page.desk.clock)
        plan = self.plan.plan
        facts = SendingFacts(
            letters,
            campaign_file.practice(run).name,
            sender_address(campaign_file, account),
            renderer.render(specimen(), TRIAL_CODE, Channel.EMAIL).subject,
            "" if plan is None else plan_words(plan, page.desk.clock.now()),
            is_sample,
            0 if is_sample else confirming.proposed_first_letters(campaign_file),
        )
        dialog = ConfirmSendDialog(facts, self)
        dialog.confirmed.connect(self.confirm)
        dialog.back_button.clicked.connect(lambda: page.step_requested.emit(dialog.BACK_TO))
        dialog.open()

    def _ask_to_go_on(self, letters: int) -> None:
        words = count(letters, "courriel")
        dialog = QuestionDialog(
            f"Envoyer la suite{NBSP}: {words}\u202f?",
            "Ils étaient compris dans le nombre que vous avez confirmé. Personne ne recevra la lettre deux fois.",
            self,
        )
        dialog.add_accept(f"Envoyer {words}", default=False)
        dialog.add_reject("Pas maintenant", default=True)
        dialog.accepted.connect(self.send)
        dialog.open()

    def confirm(self, first_letters: int) -> None:
        """The number was typed: written in the journal before the first letter leaves."""
        page = self._page
        with page.showing_errors():
            confirming.choose_first_letters(page.campaign_file, first_letters)
            confirming.confirm_sending(page.campaign_file, self.to_send(), page.desk.clock.now())
            self.send(first_letters)

    def send(self, first_letters: int = 0) -> None:
        """Send what waits, all of it confirmed; ends after ``first_letters`` when given."""
        page = self._page
        self.later.forget()
        if page.is_busy():
            return
        try:
            confirming.end_look(page.campaign_file)
            self.run.start(first_letters)
        except UserError as error:
            page.message_bar.show_error(error, ending.account_action(page, error))
        self.load()

    # while it runs, and after

    def _forecast(self) -> None:
        page, tally = self._page, self._progress.tally
        account = page.desk.settings.current.account
        if account is None or not tally.left or page.campaign_file.campaign.is_sample:
            return
        clock, pace = page.desk.clock, self._progress.seconds_per_letter
        plan = sending_plan(
            page.campaign_file, account, tally.left, clock=clock, seconds_per_letter=pace
        )
        pause = next_pause(
            page.campaign_file, account, tally.left, clock=clock, seconds_per_letter=pace
        )
        self._progress.note_forecast(plan.end, pause)

    def _end(self, event: object) -> None:
        page = self._page
        if isinstance(event, CanaryReached):
            confirming.begin_look(page.campaign_file, page.desk.clock.now())
        self.plan.forget()
        self.noted.emit()
        if isinstance(event, CanaryReached):
            self.tell_look()
            self.ended.emit(
                "Les premières lettres sont parties\u00a0: regardez avant d’envoyer la suite."
            )
        elif isinstance(event, Stopped):
            self.later.propose(event.resume_at)
            ending.tell_stopped(page, event, self._acts)
        elif isinstance(event, Finished):
            self.later.propose(event.resume_at)
            ending.tell_finished(page, event, self._acts)
        notice = ending.notice(event)
        if notice:
            self.ended.emit(notice)

    def _resume_by_itself(self) -> None:
        page = self._page
        if page.is_ready() and confirming.is_confirmed(page.campaign_file) and self.to_send():
            self.send()
