"""Step 4: every letter checked, five read by somebody, the plan, a letter to oneself."""

from collections.abc import Iterator

from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.core.campaign import Channel
from app.core.channels import plan_channel
from app.core.errors import UserError
from app.core.issue import Issue
from app.core.letter_warnings import LetterWarning
from app.core.pacing import PacePlan
from app.core.steps import Missing, Step, has_begun
from app.services import letter_check, letter_warnings, lettering, reading
from app.services.control import Control
from app.services.departure import plan_options
from app.services.overview import LETTER_PLACE, LETTERS_BLOCKING
from app.services.page_preview import PagePreviewer, planned_delivery
from app.services.plan_summary import PlanSummary, kept_summary, summarise
from app.services.planning import PlanProgress
from app.services.remarks import remark_in_letter
from app.services.run_check import note_second_reader, second_reader
from app.services.sending_plan import sending_plan
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.accept_warning import AcceptWarningDialog
from app.ui.dialogs.remark_letter import RemarkLetterDialog
from app.ui.steps.page import StepPage
from app.ui.steps.review_check import ReviewCheckBox
from app.ui.steps.review_left import left_to_do
from app.ui.steps.review_second import SecondReaderLine
from app.ui.steps.trial import TrialBox
from app.ui.theme import Meaning
from app.ui.widgets.plan_box import PlanBox
from app.ui.widgets.reading_list import DrawnLetter, ReadingList
from app.wording import explain
from app.wording.list_places import row_number
from app.wording.pace import pace_words

_REMARKS_SHOWN = 1_000


class ReviewPage(StepPage):
    """The check starts by itself when something changed since the last one."""

    step = Step.REVIEW
    title = "Relecture"
    lead = "Une lettre partie ne se rattrape pas. Lisez ces lettres, tirées au hasard."
    help_text = (
        "Le logiciel contrôle chaque lettre\u00a0: le bon nom, le bon code, aucune donnée d’un autre patient, "
        "tout ce que la loi demande.\n\n"
        "Lisez ensuite les lettres tirées au hasard, en entier, comme si vous étiez le patient. Si possible, "
        "faites-les lire aussi à une autre personne, et notez son nom.\n\n"
        "Une erreur empêche l’envoi. Un avertissement demande qu’une personne en réponde\u00a0: son nom et sa "
        "raison restent dans le dossier. Un clic sur une ligne montre la phrase.\n\n"
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
        #: name typed for the last acceptance
        self._by = ""
        self.check_box = ReviewCheckBox(self)
        self.reading = ReadingList(self)
        self.second_reader = SecondReaderLine(self)
        self.plan_box = PlanBox(self)
        self.trial_box = TrialBox(self)
        self.left_label = QLabel(self)
        self.left_label.setWordWrap(True)
        for widget in (
            self.check_box,
            self.reading,
            self.second_reader,
            self.plan_box,
            self.trial_box,
            self.left_label,
        ):
            self.content.addWidget(widget)
        self.check_box.again.connect(self.check_letters)
        self.check_box.letter_asked.connect(self.show_remark)
        self.check_box.text_asked.connect(self.go_to_text)
        self.check_box.accept_asked.connect(self.ask_to_accept)
        self.reading.shown.connect(self._show_letter)
        self.reading.read.connect(self._note_read)
        self.second_reader.noted.connect(self._note_second_reader)
        self.trial_box.noted.connect(self._after_trial)

    @override
    def load(self) -> None:
        with self.showing_errors():
            checked = self.campaign_file.setting(LETTERS_BLOCKING)
            begun = has_begun(self.campaign_file.balance(self.campaign_file.current_run))
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
        elif missing is Missing.TRIAL_LETTER:
            self.trial_box.to_edit.setFocus()
            self.scroll_area.ensureWidgetVisible(self.trial_box)
        elif missing is Missing.WARNINGS:
            self.check_box.tree.setFocus()
            self.scroll_area.ensureWidgetVisible(self.check_box)
        else:
            self.check_box.again_button.setFocus()

    def check_letters(self) -> None:
        """Count the plan and check every letter, with progress."""
        account = self.desk.settings.current.account
        clock = self.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            run = campaign_file.current_run
            yield from summarise(
                campaign_file, plan_options(campaign_file, account, run), control, clock
            )
            yield from letter_check.check_all(campaign_file, control, clock=clock)

        job = self.new_job("Contrôle des lettres", work)
        job.progressed.connect(self._follow_check)
        job.finished.connect(self._end_check)
        self._remarks, self._finished = [], None
        if self.begin(job):
            self.check_box.show_progress(0, 0)

    def _follow_check(self, event: object) -> None:
        if isinstance(event, Issue):
            if len(self._remarks) < _REMARKS_SHOWN:
                self._remarks.append(event)
        elif isinstance(event, letter_check.CheckFinished):
            self._finished = event
        elif isinstance(event, letter_check.CheckProgress):
            self.check_box.show_progress(event.done, max(event.total, 1))
        elif isinstance(event, PlanSummary | PlanProgress):
            self._show_plan()

    def _end_check(self) -> None:
        if self._finished is not None:
            with self.showing_errors():
                letter_warnings.record(self.campaign_file, self._finished)
                self.changed.emit()
        self._show_all()

    def ask_to_accept(self, warnings: list[LetterWarning]) -> None:
        """Ask who answers for these warnings, and why."""
        if not warnings or self._is_checking():
            return

        def check(by: str, reason: str) -> None:
            letter_warnings.check_words(self.campaign_file, by, reason)

        dialog = AcceptWarningDialog(warnings, check, self._by, self)
        dialog.decided.connect(lambda by, reason: self._accept(warnings, by, reason))
        dialog.open()

    def _accept(self, warnings: list[LetterWarning], by: str, reason: str) -> None:
        self._by = by
        with self.showing_errors():
            letter_warnings.accept(self.campaign_file, warnings, by, reason, self.desk.clock)
            self.changed.emit()
            self._show_check()
            self._show_left()

    def show_remark(self, issue: Issue, row: int) -> None:
        """Open the letter of this row, the sentence at fault selected."""
        person = self.campaign_file.recipient_by_row(row)
        if person is None:
            return
        with self.showing_errors():
            remark = remark_in_letter(self.campaign_file, person, issue, self.desk.clock)
            maker = self._previewer.maker(remark.renderer, person, remark.delivery)
            title = f"Ligne {row_number(row)}\u00a0: {person.display_name}"
            dialog = RemarkLetterDialog(title, remark.letter, remark.issue, maker, self)
            dialog.text_asked.connect(lambda: self.go_to_text(issue.code))
            dialog.open()

    def go_to_text(self, code: str) -> None:
        """Show « La lettre » where its words raise this remark."""
        if self._is_checking():
            return
        self.campaign_file.set_setting(LETTER_PLACE, code)
        self.step_requested.emit(Step.LETTER)

    def _is_checking(self) -> bool:
        if self.desk.jobs.is_busy:
            self.message_bar.show_message(Meaning.ATTENTION, "Attendez la fin du contrôle.")
        return self.desk.jobs.is_busy

    def _show_all(self) -> None:
        self._show_check()
        self._show_drawn()
        self._show_plan()
        self.trial_box.load()
        self._show_left()

    def _show_check(self) -> None:
        self.check_box.show_result(self.campaign_file, self._remarks, self._finished)
        digest = letter_warnings.text_digest(self.campaign_file)
        self.second_reader.show_reader(second_reader(self.campaign_file, digest))

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
        plan = sending_plan(self.campaign_file, account, letters, clock=self.desk.clock)
        return pace_words(PacePlan(plan.end, plan.per_day), plan.limits)

    def _note_second_reader(self, by: str) -> None:
        if self._is_checking():
            return
        with self.showing_errors():
            digest = letter_warnings.text_digest(self.campaign_file)
            note_second_reader(self.campaign_file, by, digest, self.desk.clock)
            letter_warnings.refresh_count(self.campaign_file)
            self.changed.emit()
            self._show_check()
            self._show_left()

    def _after_trial(self) -> None:
        self._show_left()
        self.changed.emit()

    def _show_left(self) -> None:
        self.left_label.setText(left_to_do(self.campaign_file))
