"""The frame of an open campaign: steps at the left, one page at the right, where one goes next below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.core.steps import STEP_OF, Missing, Step, StepReport, step_reports
from app.services.overview import campaign_facts
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dropped_messages import dropped_messages
from app.ui.steps.page import StepPage
from app.ui.steps.registry import PAGES
from app.ui.steps.sending import SendingPage
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.widgets.step_list import StepList
from app.wording.french import time_hm
from app.wording.steps import STEP, missing_sentence


class CampaignView(QWidget):
    """Builds the six pages of one campaign and moves between them.

    Signals:
        practice_requested: show « Mon cabinet ».
        step_shown(Step): another page came to the front.
        campaign_replaced(CampaignFile): build another view on this file instead.
        headline(str): a few words for the title while letters leave; empty afterwards.
        notified(str): what the system should tell once the user looks elsewhere.
    """

    practice_requested = Signal()
    step_shown = Signal(object)
    campaign_replaced = Signal(object)
    headline = Signal(str)
    notified = Signal(str)

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.campaign_file = campaign_file
        self._desk = desk
        self._reports: tuple[StepReport, ...] = step_reports(campaign_facts(campaign_file))
        self._current = Step.INCIDENT
        self.step_list = StepList(self)
        self.step_list.show_reports(self._reports)
        self._stack = QStackedWidget(self)
        self._pages: dict[Step, StepPage] = {}
        for page_class in PAGES:
            self._add_page(page_class(campaign_file, desk, self))
        self.saved_label = QLabel(self)
        self.back_button = QPushButton(self)
        self.next_button = QPushButton(self)
        self.next_button.setDefault(True)
        self._refresh_timer = QTimer(self, singleShot=True, interval=0)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.bring(Step.INCIDENT)

    @property
    def current_step(self) -> Step:
        """The step whose page is in front."""
        return self._current

    @property
    def reports(self) -> Sequence[StepReport]:
        """The states as last read from the file."""
        return self._reports

    def page(self, step: Step) -> StepPage:
        """The page of ``step``."""
        return self._pages[step]

    def show_step(self, step: Step, *, enter: bool = True) -> None:
        """Bring the page of ``step``, or say what it waits for; ``enter`` moves the focus into it."""
        if step is self._current:
            self.step_list.show_current(step)
        else:
            self.leave()
            report = self._reports[step - 1]
            if not report.is_open:
                self.step_list.show_current(self._current)
                self._say_missing(report)
                return
            self.bring(step)
        if enter:
            self._pages[step].heading.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_next(self) -> None:
        """The page after this one."""
        if self._current < Step.EVIDENCE:
            self.show_step(Step(self._current + 1))

    def go_back(self) -> None:
        """The page before this one."""
        if self._current > Step.INCIDENT:
            self.show_step(Step(self._current - 1))

    def leave(self) -> None:
        """Save what is being typed on the page in front, and read the states again."""
        self._pages[self._current].leave()
        self.refresh()

    def refresh(self) -> None:
        """Read the campaign again and show the states."""
        self._refresh_timer.stop()
        self._reports = step_reports(campaign_facts(self.campaign_file))
        self.step_list.show_reports(self._reports)

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self.saved_label, 1)
        below.addWidget(self.back_button)
        below.addWidget(self.next_button)
        right = QVBoxLayout()
        right.addWidget(self._stack, 1)
        right.addLayout(below)
        layout = QHBoxLayout(self)
        layout.addWidget(self.step_list)
        layout.addLayout(right, 1)

    def _connect(self) -> None:
        self.step_list.step_chosen.connect(lambda step: self.show_step(step, enter=False))
        self.step_list.step_entered.connect(self.show_step)
        self.back_button.clicked.connect(self.go_back)
        self.next_button.clicked.connect(self.go_next)
        self._refresh_timer.timeout.connect(self.refresh)

    def _add_page(self, page: StepPage) -> None:
        self._pages[page.step] = page
        self._stack.addWidget(page)
        page.changed.connect(self._note_saved)
        page.step_requested.connect(self.show_step)
        page.practice_requested.connect(self.practice_requested)
        page.campaign_replaced.connect(self.campaign_replaced)
        if isinstance(page, SendingPage):
            page.headline.connect(self.headline)
            page.notified.connect(self.notified)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._reports[Step.SENDING - 1].is_open and dropped_messages(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """Saved messages dropped on any page: what came back is read on the sending page."""
        paths = dropped_messages(event.mimeData())
        page = self._pages[Step.SENDING]
        if paths and isinstance(page, SendingPage):
            event.acceptProposedAction()
            self.show_step(Step.SENDING)
            page.read_messages(paths)

    def _note_saved(self) -> None:
        self.saved_label.setText(f"Enregistré à {time_hm(self._desk.clock.now())}")
        self._refresh_timer.start()

    def bring(self, step: Step) -> None:
        """Show the page of ``step`` whatever its state; the focus stays."""
        self._current = step
        page = self._pages[step]
        page.message_bar.clear()
        self._stack.setCurrentWidget(page)
        self.step_list.show_current(step)
        self.back_button.setVisible(step > Step.INCIDENT)
        self.next_button.setVisible(step < Step.EVIDENCE)
        if step > Step.INCIDENT:
            self.back_button.setText(f"\u2039 {STEP[Step(step - 1)]}")
        if step < Step.EVIDENCE:
            self.next_button.setText(f"{STEP[Step(step + 1)]} \u203a")
        page.load()
        self.step_shown.emit(step)

    def _go_to(self, step: Step) -> MessageAction:
        return MessageAction(f"Aller à «\u00a0{STEP[step]}\u00a0»", lambda: self.show_step(step))

    def _say_missing(self, report: StepReport) -> None:
        page = self._pages[self._current]
        here = [what for what in report.missing if STEP_OF[what] is self._current]
        elsewhere = {
            STEP_OF[what]: what
            for what in report.missing
            if what is not Missing.PRACTICE and STEP_OF[what] is not self._current
        }
        actions = [self._go_to(step) for step in elsewhere]
        if Missing.PRACTICE in report.missing:
            actions.append(
                MessageAction("Compléter «\u00a0Mon cabinet\u00a0»", self.practice_requested.emit)
            )
        page.message_bar.show_message(Meaning.ATTENTION, missing_sentence(report.missing), actions)
        if here:
            page.focus_on(here[0])
