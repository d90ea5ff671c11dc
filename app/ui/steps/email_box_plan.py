"""The plan before the start: when it ends, under which limits, and how to end sooner with the post."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import Clock
from app.core.mail_account import MailAccount
from app.services.control import Control
from app.services.departure import plan_options
from app.services.plan_letters import chosen_by_post
from app.services.planning import PlanProgress, plan_steps
from app.services.run_choice import run_to_send
from app.services.sending_plan import (
    SendingPlan,
    ShorterPlan,
    next_pause,
    sending_plan,
    shorter_plans,
)
from app.services.to_paper import (
    MovedToPaper,
    MoveProgress,
    give_part_to_post,
    postable_waiting,
    take_back_from_post,
)
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.shorten import ShortenDialog
from app.ui.sending_words import pause_words, plan_words, rules_words
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.widgets.progress_panel import ProgressPanel
from app.ui.workers import Job
from app.wording.french import NBSP, count


class EmailPlan(QWidget):
    """Two sentences, reckoned anew only when something changed; its buttons are placed by the box.

    Signals:
        moved: letters changed road.
    """

    moved = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__(page)
        self._page = page
        self._known: tuple[object, ...] = ()
        self._plan: SendingPlan | None = None
        self._gave: MovedToPaper | None = None
        self._took_back = 0
        self._job: Job | None = None
        self.end_label = QLabel(self)
        self.rules_label = QLabel(self)
        for label in (self.end_label, self.rules_label):
            label.setWordWrap(True)
        self.shorten_button = QPushButton("&Finir plus tôt…", page)
        self.back_button = QPushButton(page)
        self.progress = ProgressPanel(page)
        self.progress.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.end_label)
        column.addWidget(self.rules_label)
        self.shorten_button.clicked.connect(self.ask_shorter)
        self.back_button.clicked.connect(self.take_back)
        self.progress.stop_requested.connect(self._stop)

    @property
    def plan(self) -> SendingPlan | None:
        """The plan shown; None without account, without letters, and in a sample."""
        return self._plan

    def load(self, letters: int) -> None:
        """Show the plan of ``letters`` e-mails that are to leave."""
        page = self._page
        account, clock = page.desk.settings.current.account, page.desk.clock
        is_sample = page.campaign_file.campaign.is_sample
        minute = clock.now().replace(second=0, microsecond=0)
        known = (letters, account, minute)
        if known == self._known:
            return
        self._known = known
        self._plan = None
        if account is not None and letters and not is_sample:
            self._plan = sending_plan(page.campaign_file, account, letters, clock=clock)
        self._show(account, clock)

    def _show(self, account: MailAccount | None, clock: Clock) -> None:
        plan, now = self._plan, clock.now()
        self.setVisible(plan is not None)
        self.end_label.setVisible(plan is not None)
        self.rules_label.hide()
        self.shorten_button.setVisible(plan is not None and plan.days > 1)
        if plan is not None and account is not None:
            pause = next_pause(self._page.campaign_file, account, plan.letters, clock=clock)
            said = (plan_words(plan, now), pause_words(pause, now) if plan.days <= 1 else "")
            self.end_label.setText(" ".join(part for part in said if part))
            rules = rules_words(plan, account.working_hours)
            self.rules_label.setText(rules)
            self.rules_label.setVisible(bool(rules))
        by_post = self._waiting_by_post()
        self.back_button.setVisible(bool(by_post))
        self.back_button.setText(f"&Remettre {count(by_post, 'lettre')} par courriel")

    def hide_all(self) -> None:
        """Letters leave: the bar tells the rest."""
        for widget in (self, self.shorten_button, self.back_button):
            widget.hide()
        self.forget()

    def forget(self) -> None:
        """Letters changed road or the account changed: reckon anew at the next ``load``."""
        self._known = ()

    def _waiting_by_post(self) -> int:
        campaign_file = self._page.campaign_file
        chosen = chosen_by_post(campaign_file, run_to_send(campaign_file))
        if not chosen:
            return 0
        waiting = campaign_file.deliveries(
            DeliveryStatus.PENDING, channel=Channel.PAPER, run=run_to_send(campaign_file)
        )
        return sum(letter.recipient_id in chosen for letter in waiting)

    # sooner

    def ask_shorter(self) -> None:
        """Write the letters down if need be, then offer the ways to end sooner."""
        page = self._page
        if not page.is_ready():
            return
        account, clock = page.desk.settings.current.account, page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            options = plan_options(campaign_file, account, run_to_send(campaign_file))
            yield from plan_steps(campaign_file, options, control, clock)

        job = page.new_job("Préparation des lettres", work)
        job.progressed.connect(self._follow)
        job.finished.connect(self._offer)
        if page.begin(job):
            self._job = job
            page.message_bar.clear()
            self._show_running("Préparation des lettres…")

    def _offer(self) -> None:
        self._job = None
        self.progress.hide()
        page, plan = self._page, self._plan
        account = page.desk.settings.current.account
        if plan is None or account is None:
            return
        campaign_file, clock = page.campaign_file, page.desk.clock
        postable = postable_waiting(campaign_file, run_to_send(campaign_file))
        choices = shorter_plans(plan, campaign_file, account, postable, clock)
        if not choices:
            page.message_bar.show_message(
                Meaning.INFORMATION,
                f"Seules {count(postable, 'personne a', 'personnes ont')} aussi une adresse postale complète"
                f"{NBSP}: cela ne suffit pas pour finir plus tôt."
                if postable
                else f"Aucune de ces personnes n’a d’adresse postale complète{NBSP}: "
                "les courriels sont le seul chemin.",
            )
            return
        dialog = ShortenDialog(plan, choices, clock.now(), self)
        dialog.chosen.connect(self.shorten)
        dialog.open()

    def shorten(self, choice: ShorterPlan) -> None:
        """Give the last letters of the list to the post."""
        page = self._page
        account, clock = page.desk.settings.current.account, page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            options = plan_options(campaign_file, account, run_to_send(campaign_file))
            yield from give_part_to_post(campaign_file, choice.by_paper, options, control, clock)

        job = page.new_job("Lettres confiées au courrier", work)
        job.progressed.connect(self._follow)
        job.finished.connect(self._end)
        self._gave = None
        if page.begin(job):
            self._job = job
            self._show_running("Les lettres passent au courrier…")

    def take_back(self) -> None:
        """The letters given to the post and not printed yet leave by e-mail after all."""
        page = self._page
        if page.is_busy():
            return
        account, clock = page.desk.settings.current.account, page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            options = plan_options(campaign_file, account, run_to_send(campaign_file))
            yield from take_back_from_post(campaign_file, options, control, clock)

        job = page.new_job("Lettres remises par courriel", work)
        job.progressed.connect(self._follow)
        job.finished.connect(self._end)
        self._took_back = 0
        if page.begin(job):
            self._job = job
            self._show_running("Les lettres repassent par courriel…")

    def _show_running(self, words: str) -> None:
        self.progress.start(words)
        self.progress.show()

    def _follow(self, event: object) -> None:
        if isinstance(event, PlanProgress | MoveProgress):
            self.progress.show_progress(self.progress.text.text(), event.done, event.total)
        elif isinstance(event, MovedToPaper):
            self._gave = event
        elif isinstance(event, int):
            self._took_back = event

    def _end(self) -> None:
        self._job = None
        self.progress.hide()
        self.forget()
        bar = self._page.message_bar
        if self._gave is not None:
            moved = self._gave.moved
            verb = "part maintenant" if moved <= 1 else "partent maintenant"
            bar.show_message(
                Meaning.DONE,
                f"{count(moved, 'lettre')} {verb} par courrier. Imprimez-les dans «\u00a0Par courrier\u00a0».",
                [MessageAction("Annuler", self.take_back)],
            )
        elif self._took_back:
            verb = "partira" if self._took_back == 1 else "partiront"
            bar.show_message(
                Meaning.DONE, f"{count(self._took_back, 'lettre')} {verb} de nouveau par courriel."
            )
        self._gave, self._took_back = None, 0
        self.moved.emit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()
