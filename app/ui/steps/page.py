"""What every step page is: a title, a sentence, a message bar, a scrolled content, and how it talks to the frame.

A page of a step is one subclass of ``StepPage``, named in ``app/ui/steps/registry.py``. The frame
(``app/ui/campaign_view.py``) builds it once per open campaign with ``page_class(campaign_file, desk)``,
calls ``load()`` each time it comes to the front and ``leave()`` before it goes.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.core.errors import Cancelled, UserError
from app.core.steps import Missing, Step
from app.services.control import Control
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.tab_order import order_tabs
from app.ui.workers import Job

#: long work on the campaign: it is given its own connection, opened in the worker's thread
CampaignWork = Callable[[CampaignFile, Control], Iterator[object]]


class StepPage(QWidget):
    """Base of the six pages.

    Class attributes to set: ``step``, ``title``, ``lead`` (one sentence: what to do here), ``help_text``
    (F1; plain paragraphs). Build the widgets in ``__init__`` after ``super().__init__`` and add them to
    ``self.content`` (a QVBoxLayout inside the scroll area). Read the campaign in ``load``, not in ``__init__``.

    Signals:
        changed: something was saved that may change the state of a step; the frame reads the file
            again and shows « Enregistré à … ».
        step_requested(Step): show another step.
        practice_requested: show « Mon cabinet ».
        campaign_replaced(CampaignFile): the open file was closed and this one takes its place (a purge,
            a change of key); the window builds the pages again on the same step.
    """

    step: ClassVar[Step]
    title: ClassVar[str]
    lead: ClassVar[str]
    help_text: ClassVar[str] = ""

    changed = Signal()
    step_requested = Signal(object)
    practice_requested = Signal()
    campaign_replaced = Signal(object)

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.campaign_file = campaign_file
        self.desk = desk
        self.message_bar = MessageBar(self)
        self.heading = QLabel(self.title, self)
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        self.heading.setFont(font)
        self.lead_label = QLabel(self.lead, self)
        self.lead_label.setWordWrap(True)

        body = QWidget(self)
        self.content = QVBoxLayout(body)
        self.content.addWidget(self.heading)
        self.content.addWidget(self.lead_label)
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(body)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.scroll_area, 1)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        order_tabs(self)

    # What subclasses override

    def load(self) -> None:
        """Show what the campaign file says now. Called each time the page comes to the front."""

    def leave(self) -> None:
        """Save what is still being typed. Called before another page is shown and before closing."""

    def focus_on(self, missing: Missing) -> None:
        """Put the focus on the field of ``missing``; called when « next » was pressed too early."""

    # What subclasses use

    def set_lead(self, text: str) -> None:
        """Replace the sentence under the title."""
        self.lead_label.setText(text)

    @contextmanager
    def showing_errors(self) -> Iterator[None]:
        """Show a UserError raised in the block in the message bar; anything else passes through."""
        try:
            yield
        except UserError as error:
            self.message_bar.show_error(error)

    def new_job(self, title: str, work: CampaignWork) -> Job:
        """A Job on this campaign, not started. Connect to it, then give it to ``begin``.

        ``work(campaign_file, control)`` runs in the worker's thread with its own connection. Failures
        are shown by the page already; connect ``failed`` only to do more.
        """
        campaign_file = self.campaign_file

        def run(control: Control) -> Iterator[object]:
            own = campaign_file.reopen()
            try:
                yield from work(own, control)
            finally:
                own.close()

        job = Job(title, run)
        job.failed.connect(self.show_failure)
        return job

    def begin(self, job: Job) -> bool:
        """Start ``job`` unless another one runs; then say which, and return False."""
        running = self.desk.jobs.current
        if running is not None:
            self.message_bar.show_message(
                Meaning.ATTENTION,
                f"«\u00a0{running.title}\u00a0» n’est pas terminé. Attendez sa fin, ou arrêtez-le.",
            )
            return False
        self.desk.jobs.begin(job)
        return True

    def show_failure(self, error: Exception) -> None:
        """A UserError in the bar, a stop in silence, our own defects to the problem dialog."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            self.message_bar.show_error(error)
            return
        sys.excepthook(type(error), error, error.__traceback__)
