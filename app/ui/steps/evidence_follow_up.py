"""« Suivi »: the letters written so far, the promised day, another letter."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.core.campaign import Channel, DeliveryStatus
from app.core.steps import Step
from app.services.campaigns import remember
from app.services.control import Control
from app.services.departure import sender_address
from app.services.due_days import reminder, set_reminder
from app.services.follow_up import FollowUp, FollowUpProgress, audience_counts, start_steps
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.storage.queries import RecipientQuery
from app.ui.dialogs.follow_up import FollowUpDialog
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.date_edit import DateEdit
from app.wording.french import PARIS, count, date_long

_MOST_FOUND = 50


class FollowUpBox(QGroupBox):
    """Says what was written and prepares what follows.

    Signals:
        noted: something was saved.
    """

    noted = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__("Suivi", page)
        self._page = page
        self.runs_label = QLabel(self)
        self.runs_label.setWordWrap(True)
        self.remind_label = QLabel("Me rappeler d’écrire de no&uveau le", self)
        self.remind_edit = DateEdit(self)
        self.remind_label.setBuddy(self.remind_edit.field)
        self.remind_edit.field.setAccessibleName("Me rappeler d’écrire de nouveau le")
        self.letter_button = QPushButton("Préparer une lettre de sui&vi…", self)
        row = QHBoxLayout()
        row.addWidget(self.letter_button)
        row.addSpacing(self.fontMetrics().averageCharWidth() * 3)
        row.addWidget(self.remind_label)
        row.addWidget(self.remind_edit)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.runs_label)
        column.addLayout(row)
        self.remind_edit.edited.connect(self._keep_day)
        self.letter_button.clicked.connect(self.ask)

    def load(self) -> None:
        """Show the letters written so far and the promised day."""
        campaign_file = self._page.campaign_file
        lines = []
        for number in campaign_file.runs():
            run = campaign_file.run(number)
            letters = sum(
                many
                for (channel, status), many in campaign_file.delivery_counts(number).items()
                if channel is not Channel.NONE and status is not DeliveryStatus.REPLACED
            )
            name = "Première lettre" if number == 1 else f"Lettre de suivi n°\u00a0{number - 1}"
            state = (
                f"texte fixé le {date_long(run.frozen_at.astimezone(PARIS).date())}"
                if run is not None
                else "en préparation"
            )
            lines.append(f"{name}\u00a0: {count(letters, 'destinataire')}, {state}.")
        self.runs_label.setText("\n".join(lines))
        is_open = campaign_file.setting(CLOSED_SETTING) is None
        for widget in (self.letter_button, self.remind_label, self.remind_edit):
            widget.setVisible(is_open)
        self.remind_edit.show_day(reminder(campaign_file))

    def _keep_day(self) -> None:
        with self._page.showing_errors():
            set_reminder(self._page.campaign_file, self.remind_edit.day)
            remember(self._page.campaign_file, self._page.desk.clock)
            self.noted.emit()

    def ask(self) -> None:
        """Which letter, to whom; only once the letter before has begun to leave."""
        page = self._page
        if page.is_busy():
            return
        campaign_file = page.campaign_file
        runs = campaign_file.runs()
        if campaign_file.setting(CLOSED_SETTING) is not None:
            page.message_bar.show_message(
                Meaning.ATTENTION, "Cet envoi est clos\u00a0: plus aucune lettre n’en part."
            )
            return
        if not runs or campaign_file.run(runs[-1]) is None:
            page.message_bar.show_message(
                Meaning.ATTENTION,
                "La lettre précédente n’a pas encore commencé à partir\u00a0: modifiez-la plutôt.",
            )
            return
        dialog = FollowUpDialog(
            audience_counts(campaign_file),
            lambda typed: list(
                campaign_file.recipients(limit=_MOST_FOUND, query=RecipientQuery(text=typed))
            ),
            self.window(),
        )
        dialog.confirmed.connect(self.prepare)
        dialog.open()

    def prepare(self, follow_up: FollowUp) -> None:
        """Write the letters of the new run, then go back to the first page."""
        page = self._page
        clock = page.desk.clock
        with page.showing_errors():
            sender = sender_address(page.campaign_file, page.desk.settings.current.account)

            def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                yield from start_steps(campaign_file, follow_up, sender, control, clock)

            job = page.new_job("Préparation de la lettre de suivi", work)
            job.progressed.connect(self._follow)
            if page.begin(job):
                page.message_bar.show_message(
                    Meaning.INFORMATION, "Préparation de la lettre de suivi…"
                )

    def _follow(self, event: object) -> None:
        if isinstance(event, FollowUpProgress) or not isinstance(event, int):
            return
        self.noted.emit()
        self._page.step_requested.emit(Step.INCIDENT)
