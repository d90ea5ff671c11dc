"""Step 5: e-mails leave once confirmed, the others are printed; every letter and its state in one table."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget
from typing_extensions import override

from app.core.campaign import DeliveryStatus
from app.core.errors.storage import CampaignDoubtful
from app.core.steps import Step
from app.services import uncertain
from app.services.departure import plan_options
from app.services.planning import move_to_paper
from app.storage.campaign_file import CampaignFile
from app.storage.queries import DeliveryQuery
from app.ui.desk import Desk
from app.ui.dialogs.uncertain import UncertainDialog, UncertainLetter
from app.ui.steps.email_box import EmailBox
from app.ui.steps.paper_box import PaperBox
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.deliveries_table import DeliveriesTable
from app.ui.widgets.message_bar import MessageAction
from app.ui.widgets.sending_progress import SendingProgress
from app.wording.french import count
from app.wording.pace import moment_words

_S = DeliveryStatus
#: below this width (in characters) the two boxes stand one above the other
_NARROW = 80


class SendingPage(SendingGate):
    """Two boxes, one bar, one table. What a cut left behind is asked about first."""

    step = Step.SENDING
    title = "Envoi"
    lead = (
        "Les courriels partent de la boîte du cabinet, un par un. Les autres lettres s’impriment."
    )
    help_text = (
        "Chaque courriel n’a qu’un destinataire. «\u00a0Acceptée par le serveur\u00a0» veut dire que votre "
        "hébergeur l’a prise en charge, pas que le patient l’a lue.\n\n"
        "Vous pouvez suspendre ou arrêter à tout moment, et même éteindre l’ordinateur\u00a0: la suite reprendra "
        "où elle en était, et personne ne recevra la lettre deux fois.\n\n"
        "Une lettre «\u00a0incertaine\u00a0» était en train de partir quand la connexion s’est coupée. Le logiciel "
        "ne la renvoie jamais de lui-même\u00a0: regardez dans vos «\u00a0Éléments envoyés\u00a0».\n\n"
        "Les lettres imprimées sont triées par code postal. Après les avoir postées, notez la date."
    )

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(campaign_file, desk, parent)
        self.progress = SendingProgress(desk.clock, self)
        self.email_box = EmailBox(self, self.progress)
        self.paper_box = PaperBox(self)
        self.table = DeliveriesTable(campaign_file, desk.clock, self)
        self._told_begun = False
        self._boxes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._boxes.addWidget(self.email_box, 1)
        self._boxes.addWidget(self.paper_box, 1)
        self.content.addLayout(self._boxes)
        self.content.addWidget(self.progress)
        self.content.addWidget(self.table, 1)
        self._connect()

    def _connect(self) -> None:
        for box in (self.email_box, self.paper_box):
            box.noted.connect(self._show_changes)
        self.email_box.planned.connect(self._show_all)
        self.progress.refreshed.connect(self._follow_run)
        self.table.print_asked.connect(self.paper_box.print_chosen)
        self.table.paper_asked.connect(self._move_to_paper)
        self.table.handed_over_asked.connect(self._note_handed_over)

    @override
    def load(self) -> None:
        self._show_all()
        if self.desk.jobs.is_busy:
            return
        with self.showing_errors():
            if self.campaign_file.is_doubtful:
                doubts = self.campaign_file.doubts(self.desk.clock.now())
                raise CampaignDoubtful(self.campaign_file.folder.name, doubts)
            # only this window may send from this file, and nothing is being sent now
            found = self.campaign_file.recover_after_crash(self.desk.clock.now())
            if found.reopened or found.uncertain:
                self._show_all()
                self.changed.emit()
            self._tell_interrupted()

    @override
    def leave(self) -> None:
        self.table.rest()

    def ask_about_uncertain(self) -> None:
        """Open the question about letters of which nobody knows whether they left."""
        letters = self._uncertain()
        if not letters or self.is_busy():
            return
        sent = self.campaign_file.count_deliveries(DeliveryQuery((_S.ACCEPTED,)))
        dialog = UncertainDialog(letters, sent, self)
        dialog.settled.connect(self.settle_uncertain)
        dialog.open()

    def settle_uncertain(self, delivery_id: int, found: bool) -> None:  # noqa: FBT001 - a slot
        """The user's word: it was among the sent mails, or it goes again under the same Message-ID."""
        if self.is_busy():
            return
        with self.showing_errors():
            settle = uncertain.it_left if found else uncertain.send_again
            settle(self.campaign_file, delivery_id, clock=self.desk.clock)
        self.message_bar.clear()
        self._show_changes()

    def _tell_interrupted(self) -> None:
        how_many = len(self._uncertain())
        if not how_many:
            return
        text = (
            "Une lettre était en train de partir quand l’envoi s’est interrompu\u00a0: on ne sait pas si elle est "
            "partie."
            if how_many == 1
            else f"{count(how_many, 'lettre')} étaient en train de partir quand l’envoi s’est interrompu\u00a0: "
            "on ne sait pas si elles sont parties."
        )
        self.message_bar.show_message(
            Meaning.ATTENTION,
            f"{text} Le logiciel ne renvoie rien sans votre accord.",
            [MessageAction("Décider maintenant…", self.ask_about_uncertain)],
        )

    def _uncertain(self) -> Sequence[UncertainLetter]:
        now = self.desk.clock.now()
        return [
            UncertainLetter(
                letter.id,
                person.display_name,
                moment_words(letter.changed_at, now) if letter.changed_at else "heure inconnue",
                letter.message_id,
            )
            for letter, person in uncertain.uncertain_letters(self.campaign_file)
        ]

    def _move_to_paper(self, keys: list[int]) -> None:
        if self.is_busy():
            return
        account = self.desk.settings.current.account
        with self.showing_errors():
            outcome = move_to_paper(
                self.campaign_file, keys, plan_options(self.campaign_file, account), self.desk.clock
            )
            words = f"{count(outcome.moved, 'lettre partira', 'lettres partiront')} par courrier."
            if outcome.without_address:
                rows = ", ".join(map(str, outcome.without_address[:10]))
                words += f" Sans adresse postale complète\u00a0: lignes {rows}."
            self.message_bar.show_message(Meaning.INFORMATION, words)
        self._show_changes()

    def _note_handed_over(self, keys: list[int]) -> None:
        if self.is_busy():
            return
        with self.showing_errors():
            now = self.desk.clock.now()
            with self.campaign_file.transaction():
                for key in keys:
                    self.campaign_file.move(key, _S.HANDED_OVER, now=now)
            self.message_bar.show_message(
                Meaning.DONE,
                f"{count(len(keys), 'lettre remise', 'lettres remises')} en main propre.",
            )
        self._show_changes()

    def _follow_run(self) -> None:
        self.table.refresh()
        self.email_box.load()
        if self.progress.tally.settled and not self._told_begun:
            self._told_begun = True  # once: counting a large campaign is not for every tick
            self.changed.emit()

    def _show_changes(self) -> None:
        self._show_all()
        self.changed.emit()

    def _show_all(self) -> None:
        self.email_box.load()
        self.paper_box.load()
        self.table.load()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _NARROW
        self._boxes.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
