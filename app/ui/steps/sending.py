"""Step 5: e-mails leave once confirmed, the others are printed; every letter and its state in one table."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget
from typing_extensions import override

from app.core.campaign import DeliveryStatus
from app.core.errors.storage import CampaignDoubtful
from app.core.steps import Step
from app.services.departure import plan_options
from app.services.planning import move_to_paper
from app.services.retrying import retry_by_email
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.dropped_messages import dropped_messages
from app.ui.steps.email_box import EmailBox
from app.ui.steps.email_box_bounces import ReturnedEmails
from app.ui.steps.email_box_uncertain import UncertainLetters
from app.ui.steps.paper_box import PaperBox
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.deliveries_table import DeliveriesTable
from app.ui.widgets.message_bar import MessageAction
from app.ui.widgets.sending_progress import SendingProgress
from app.wording import explain
from app.wording.french import count
from app.wording.list_places import row_place

_S = DeliveryStatus
#: below this width (in characters) the two boxes stand one above the other
_NARROW = 80


class SendingPage(SendingGate):
    """Two boxes, one bar, one table. What a cut left behind is asked about first.

    Signals:
        headline(str): a few words for the title of the window while letters leave.
        notified(str): what the system should tell once the user looks elsewhere.
    """

    headline = Signal(str)
    notified = Signal(str)

    step = Step.SENDING
    title = "Envoi"
    lead = (
        "Les courriels partent de la boîte du cabinet, un par un. Les autres lettres s’impriment."
    )
    help_text = (
        "Chaque courriel n’a qu’un destinataire. «\u00a0Acceptée par le serveur\u00a0» veut dire que votre "
        "hébergeur l’a prise en charge, pas que le patient l’a lue.\n\n"
        "Votre hébergeur limite le nombre de courriels\u00a0: la fin prévue en tient compte. «\u00a0Finir plus "
        "tôt…\u00a0» confie une partie des lettres au courrier.\n\n"
        "Un grand envoi s’arrête après les premières lettres. Regardez les refus et votre boîte, puis envoyez "
        "la suite.\n\n"
        "Vous pouvez suspendre ou arrêter à tout moment, et même éteindre l’ordinateur\u00a0: la suite reprendra "
        "où elle en était, et personne ne recevra la lettre deux fois.\n\n"
        "Une lettre «\u00a0incertaine\u00a0» était en train de partir quand la connexion s’est coupée. Le logiciel "
        "ne la renvoie jamais de lui-même\u00a0: cherchez-la dans vos «\u00a0Éléments envoyés\u00a0».\n\n"
        "Des courriels reviennent parfois des semaines plus tard. Relevez-les, ou déposez sur la fenêtre ceux que "
        "vous avez enregistrés (.eml, .mbox). Ces personnes peuvent alors recevoir leur lettre par courrier.\n\n"
        "«\u00a0Autres façons d’envoyer\u00a0» écrit des fichiers en clair pour un autre logiciel. Supprimez-les "
        "dès qu’ils ne servent plus.\n\n"
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
        self.returned_emails = ReturnedEmails(self)
        self.uncertain_letters = UncertainLetters(self)
        self.setAcceptDrops(True)
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
        self.email_box.refused_asked.connect(self.table.show_failed)
        self.email_box.bounces_asked.connect(lambda: self.returned_emails.open())
        self.email_box.paper_asked.connect(lambda: self.returned_emails.give_to_paper())
        self.email_box.uncertain_asked.connect(self.uncertain_letters.open)
        self.email_box.ended.connect(self.notified)
        self.paper_box.ended.connect(self.notified)
        self.progress.headline.connect(self.headline)
        for desk in (self.returned_emails, self.uncertain_letters):
            desk.noted.connect(self._show_changes)
        self.progress.refreshed.connect(self._follow_run)
        self.table.print_asked.connect(self.paper_box.print_chosen)
        self.table.paper_asked.connect(self._move_to_paper)
        self.table.retry_asked.connect(self._retry)
        self.table.handed_over_asked.connect(self._note_handed_over)

    @override
    def load(self) -> None:
        self._show_all()
        if self.desk.jobs.is_busy:
            return
        with self.showing_errors():
            if self.campaign_file.is_doubtful:
                self._ask_about_doubts()
                return
            # only this window may send from this file, and nothing is being sent now
            found = self.campaign_file.recover_after_crash(self.desk.clock.now())
            if found.reopened or found.uncertain:
                self._show_all()
                self.changed.emit()
            if not (self.uncertain_letters.tell() or self.email_box.tell_look()):
                self.returned_emails.tell_due()

    @override
    def leave(self) -> None:
        self.table.rest()

    @override
    def is_ready(self) -> bool:
        if self.campaign_file.is_doubtful and not self.is_busy():
            self._ask_about_doubts()
            return False
        return super().is_ready()

    def read_messages(self, paths: Sequence[Path]) -> None:
        """Saved messages were dropped on the window."""
        self.returned_emails.open(paths)

    def _ask_about_doubts(self) -> None:
        """A copied or restored campaign: nothing leaves before the user says that this is the one."""
        campaign_file, now = self.campaign_file, self.desk.clock.now()
        told = explain(CampaignDoubtful(campaign_file.folder.name, campaign_file.doubts(now)))
        self.message_bar.show_message(
            Meaning.ATTENTION,
            told.one_line(),
            [MessageAction("C’est bien cet envoi, continuer", self._confirm_doubts)],
        )

    def _confirm_doubts(self) -> None:
        with self.showing_errors():
            self.campaign_file.confirm_doubts(self.desk.clock.now())
            self.message_bar.clear()
            self.load()
            self.changed.emit()

    def _move_to_paper(self, keys: list[int]) -> None:
        if self.is_busy():
            return
        account = self.desk.settings.current.account
        with self.showing_errors():
            outcome = move_to_paper(
                self.campaign_file,
                keys,
                plan_options(self.campaign_file, account, self.campaign_file.current_run),
                self.desk.clock,
            )
            words = f"{count(outcome.moved, 'lettre partira', 'lettres partiront')} par courrier."
            if outcome.without_address:
                rows = ", ".join(map(row_place, outcome.without_address[:10]))
                words += f" Sans adresse postale complète\u00a0: {rows}."
            self.message_bar.show_message(Meaning.INFORMATION, words)
        self.email_box.plan.forget()
        self._show_changes()

    def _retry(self, keys: list[int]) -> None:
        if self.is_busy():
            return
        with self.showing_errors():
            again = retry_by_email(self.campaign_file, keys, self.desk.clock)
            words = f"{count(again.letters, 'lettre est', 'lettres sont')} de nouveau à envoyer par courriel."
            if again.without_email:
                rows = ", ".join(map(row_place, again.without_email[:10]))
                words += f" Sans adresse de courriel\u00a0: {rows}."
            words += " Une adresse inexacte se corrige d’abord dans «\u00a0Les patients\u00a0»."
            self.message_bar.show_message(Meaning.INFORMATION, words)
        self.email_box.plan.forget()
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
        self.email_box.follow(self.progress.tally)
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

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_messages(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_messages(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.read_messages(paths)
