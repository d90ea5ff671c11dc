"""Step 4: every letter checked, five read by somebody, the plan, a letter to oneself."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from PySide6.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.campaign import Channel
from app.core.channels import plan_channel
from app.core.errors import UserError
from app.core.issue import Issue, Level
from app.core.pacing import plan_end
from app.core.steps import Missing, Step, has_begun
from app.services import letter_check, lettering, reading
from app.services.control import Control
from app.services.departure import plan_options
from app.services.overview import LETTERS_BLOCKING
from app.services.page_preview import PagePreviewer, planned_delivery
from app.services.plan_summary import PlanSummary, kept_summary, summarise
from app.services.planning import PlanProgress
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.steps.page import StepPage
from app.ui.steps.trial import TrialBox
from app.ui.theme import Meaning
from app.ui.widgets.plan_box import PlanBox
from app.ui.widgets.reading_list import DrawnLetter, ReadingList
from app.wording import describe, explain
from app.wording.french import count, number
from app.wording.labels import LEVEL
from app.wording.pace import pace_words

#: how long one letter takes by itself on an ordinary line, for the forecast only
SECONDS_PER_LETTER = 0.5
_REMARKS_SHOWN = 200


class ReviewPage(StepPage):
    """The check starts by itself when something changed since the last one."""

    step = Step.REVIEW
    title = "Relecture"
    lead = "Une lettre partie ne se rattrape pas. Lisez ces lettres, tirées au hasard."
    help_text = (
        "Le logiciel contrôle chaque lettre\u00a0: le bon nom, le bon code, aucune donnée d’un autre patient, "
        "tout ce que la loi demande.\n\n"
        "Lisez ensuite les lettres tirées au hasard, en entier, comme si vous étiez le patient. Si possible, "
        "faites-les lire aussi à une autre personne.\n\n"
        "La lettre d’essai part du compte du cabinet vers votre propre adresse, au nom d’une patiente "
        "inventée. Aucun patient ne la reçoit."
    )

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(campaign_file, desk, parent)
        self._previewer = PagePreviewer()
        self._remarks: list[Issue] = []
        self._finished: letter_check.CheckFinished | None = None
        self._build_check()
        self.reading = ReadingList(self)
        self.plan_box = PlanBox(self)
        self.trial_box = TrialBox(self)
        self.left_label = QLabel(self)
        self.left_label.setWordWrap(True)
        for widget in (
            self.check_box,
            self.reading,
            self.plan_box,
            self.trial_box,
            self.left_label,
        ):
            self.content.addWidget(widget)
        self.check_button.clicked.connect(self.check_letters)
        self.reading.shown.connect(self._show_letter)
        self.reading.read.connect(self._note_read)
        self.trial_box.noted.connect(self.changed)

    def _build_check(self) -> None:
        self.check_box = QGroupBox("Contrôle de toutes les lettres", self)
        self.check_label = QLabel(self.check_box)
        self.check_label.setWordWrap(True)
        self.check_button = QPushButton("&Contrôler de nouveau", self.check_box)
        self.check_bar = QProgressBar(self.check_box)
        self.check_bar.setTextVisible(False)
        self.check_bar.setAccessibleName("Avancement du contrôle")
        self.check_bar.hide()
        self.remark_list = QListWidget(self.check_box)
        self.remark_list.setAccessibleName("Remarques sur les lettres")
        self.remark_list.setTabKeyNavigation(False)
        self.remark_list.setWordWrap(True)
        self.remark_list.setFixedHeight(self.fontMetrics().lineSpacing() * 6)
        self.remark_list.hide()
        first = QHBoxLayout()
        first.addWidget(self.check_label, 1)
        first.addWidget(self.check_button)
        column = QVBoxLayout(self.check_box)
        column.addLayout(first)
        column.addWidget(self.check_bar)
        column.addWidget(self.remark_list)

    @override
    def load(self) -> None:
        with self.showing_errors():
            checked = self.campaign_file.setting(LETTERS_BLOCKING)
            begun = has_begun(self.campaign_file.balance())
            if not checked and not begun:
                reading.draw_letters(self.campaign_file)
            self._show_all()
            if not begun and (not checked or (checked != "0" and not self._remarks)):
                self.check_letters()

    @override
    def focus_on(self, missing: Missing) -> None:
        if missing is Missing.LETTERS_TO_READ:
            self.reading.go_to_unread()
            self.reading.list.setFocus()
            self.scroll_area.ensureWidgetVisible(self.reading)
        else:
            self.check_button.setFocus()

    def check_letters(self) -> None:
        """Count the plan and check every letter, with progress."""
        account = self.desk.settings.current.account
        clock = self.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from summarise(
                campaign_file, plan_options(campaign_file, account), control, clock
            )
            yield from letter_check.check_all(campaign_file, control, clock=clock)

        job = self.new_job("Contrôle des lettres", work)
        job.progressed.connect(self._follow_check)
        job.finished.connect(self._end_check)
        self._remarks, self._finished = [], None
        if self.begin(job):
            self.check_bar.setRange(0, 0)
            self.check_bar.show()
            self.check_button.setEnabled(False)
            self.remark_list.hide()
            self.check_label.setText("Contrôle en cours…")

    def _follow_check(self, event: object) -> None:
        if isinstance(event, Issue):
            if len(self._remarks) < _REMARKS_SHOWN:
                self._remarks.append(event)
        elif isinstance(event, letter_check.CheckFinished):
            self._finished = event
        elif isinstance(event, letter_check.CheckProgress):
            self.check_bar.setRange(0, max(event.total, 1))
            self.check_bar.setValue(event.done)
            self.check_label.setText(
                f"Contrôle en cours\u00a0: {number(event.done)} lettres sur {number(event.total)}."
            )
        elif isinstance(event, PlanSummary | PlanProgress):
            self._show_plan()

    def _end_check(self) -> None:
        self.check_bar.hide()
        self.check_button.setEnabled(True)
        if self._finished is not None:
            with self.showing_errors():
                self.campaign_file.set_setting(LETTERS_BLOCKING, str(self._finished.blocking))
                self.changed.emit()
        self._show_all()

    def _show_all(self) -> None:
        self._show_check()
        self._show_drawn()
        self._show_plan()
        self.trial_box.load()
        self._show_left()

    def _show_check(self) -> None:
        finished = self._finished
        checked = self.campaign_file.setting(LETTERS_BLOCKING)
        if not checked:
            self.check_label.setText("Les lettres ne sont pas encore contrôlées.")
        elif checked == "0":
            how_many = "" if finished is None else f" ({count(finished.letters, 'lettre')})"
            self.check_label.setText(
                f"Toutes les lettres ont été contrôlées une par une{how_many}\u00a0: rien à corriger."
            )
        else:
            self.check_label.setText(
                f"{count(int(checked), 'remarque empêche', 'remarques empêchent')} l’envoi."
            )
        self.remark_list.clear()
        for issue in sorted(self._remarks, key=lambda each: each.level is not Level.BLOCKING):
            where = f"Ligne {issue.row}\u00a0: " if issue.row else ""
            self.remark_list.addItem(f"{LEVEL[issue.level]} · {where}{describe(issue).one_line()}")
        self.remark_list.setVisible(bool(self._remarks))

    def _show_drawn(self) -> None:
        letters = []
        for drawn in reading.drawn_letters(self.campaign_file):
            person = self.campaign_file.recipient(drawn.recipient_id)
            letters.append(DrawnLetter(drawn.recipient_id, person.display_name, drawn.is_read))
        self.reading.show_letters(letters)

    def _show_letter(self, recipient_id: int) -> None:
        person = self.campaign_file.recipient(recipient_id)
        delivery = planned_delivery(self.campaign_file, person)
        try:
            renderer = lettering.renderer_for(self.campaign_file, clock=self.desk.clock)
            letter = renderer.render(person, delivery.code, Channel.EMAIL)
            maker = self._previewer.maker(renderer, person, delivery)
        except UserError as error:
            self.reading.preview.show_problem(explain(error).one_line())
            return
        self.reading.preview.show_letter(
            letter.subject,
            letter.html,
            letter.text,
            maker,
            "L’adresse postale de cette personne est incomplète\u00a0: pas de page à imprimer.",
        )
        if plan_channel(person).channel is Channel.EMAIL:
            self.reading.preview.show_email()
        else:
            self.reading.preview.show_paper()

    def _note_read(self, recipient_id: int) -> None:
        if self.desk.jobs.is_busy:
            self.message_bar.show_message(
                Meaning.ATTENTION, "Attendez la fin du contrôle pour noter votre lecture."
            )
            return
        with self.showing_errors():
            reading.mark_read(self.campaign_file, recipient_id, self.desk.clock)
            self.changed.emit()
            self._show_drawn()
            self.reading.go_to_unread()
            self._show_left()

    def _show_plan(self) -> None:
        summary = kept_summary(self.campaign_file)
        if summary is None:
            self.plan_box.show_unknown()
        else:
            self.plan_box.show_summary(summary, self._pace)

    def _pace(self, letters: int) -> str:
        account = self.desk.settings.current.account
        if self.campaign_file.campaign.is_sample:
            return "vers la boîte d’essai de cet ordinateur"
        if account is None:
            return "compte d’envoi à indiquer dans «\u00a0Mon cabinet\u00a0»"
        now: datetime = self.desk.clock.now()
        forecast = plan_end(
            letters,
            account.limits,
            now,
            hours=account.working_hours,
            sent_times=self.campaign_file.sent_since(account.key, now - timedelta(days=1)),
            seconds_per_letter=SECONDS_PER_LETTER,
        )
        return pace_words(forecast, account.limits)

    def _show_left(self) -> None:
        drawn = reading.drawn_letters(self.campaign_file)
        unread = sum(not letter.is_read for letter in drawn)
        checked = self.campaign_file.setting(LETTERS_BLOCKING)
        left = []
        if checked and checked != "0":
            left.append("corriger les lettres signalées")
        if unread:
            left.append(f"lire {count(unread, 'lettre')}")
        if left:
            self.left_label.setText(f"Reste à faire\u00a0: {', '.join(left)}.")
        elif checked == "0":
            self.left_label.setText("La relecture est terminée. Vous pouvez passer à l’envoi.")
        else:
            self.left_label.clear()
