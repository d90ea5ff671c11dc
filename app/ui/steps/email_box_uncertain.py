"""Uncertain letters: the dialog, the search in « Éléments envoyés » in a worker, the user's word."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import UserError
from app.services import bounce_reading, bounces, uncertain
from app.services.control import Control
from app.storage.campaign_file import CampaignFile
from app.storage.queries import DeliveryQuery
from app.ui.dialogs.uncertain import UncertainDialog, UncertainLetter
from app.ui.secrets import account_secret
from app.ui.steps.page import CampaignWork
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.workers import Job
from app.wording.french import count
from app.wording.pace import moment_words

_S = DeliveryStatus


class UncertainLetters(QObject):
    """Tells that some wait, and settles them.

    Signals:
        noted: letters changed state.
    """

    noted = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__(page)
        self._page = page
        self._dialog: UncertainDialog | None = None
        self._job: Job | None = None
        self._not_found: set[int] = set()
        self._read_report = False
        self._waiting = 0

    def letters(self) -> list[UncertainLetter]:
        """Those that wait for a decision."""
        now = self._page.desk.clock.now()
        return [
            UncertainLetter(
                letter.id,
                person.display_name,
                moment_words(letter.changed_at, now) if letter.changed_at else "heure inconnue",
                letter.message_id,
            )
            for letter, person in uncertain.uncertain_letters(self._page.campaign_file)
        ]

    def tell(self) -> bool:
        """Say in the bar that some wait; False when none does."""
        query = DeliveryQuery((_S.UNCERTAIN,), Channel.EMAIL)
        how_many = self._page.campaign_file.count_deliveries(query)
        if not how_many:
            return False
        text = (
            "Une lettre était en train de partir quand l’envoi s’est interrompu\u00a0: on ne sait pas si elle "
            "est partie."
            if how_many == 1
            else f"{count(how_many, 'lettre')} étaient en train de partir quand l’envoi s’est interrompu\u00a0: "
            "on ne sait pas si elles sont parties."
        )
        self._page.message_bar.show_message(
            Meaning.ATTENTION,
            f"{text} Le logiciel ne renvoie rien sans votre accord.",
            [MessageAction("Décider maintenant…", self.open)],
        )
        return True

    def open(self) -> None:
        """Show the letters and the ways to find out."""
        page = self._page
        letters = self.letters()
        if not letters or page.is_busy():
            return
        account = page.desk.settings.current.account
        can_look = account is not None and bool(account.imap_host)
        sent = page.campaign_file.count_deliveries(DeliveryQuery((_S.ACCEPTED,), Channel.EMAIL))
        self._not_found.clear()
        dialog = UncertainDialog(
            letters,
            sent,
            can_look=can_look and not page.campaign_file.campaign.is_sample,
            parent=page,
        )
        dialog.settled.connect(self.settle)
        dialog.look_asked.connect(self.look)
        dialog.report_asked.connect(self._ask_report)
        dialog.stop_asked.connect(self._stop)
        dialog.finished.connect(self._close)
        self._dialog = dialog
        dialog.open()

    def settle(self, keys: list[int], found: bool) -> None:  # noqa: FBT001 - a slot
        """The user's word: it was among the sent mails, or it goes again under the same Message-ID."""
        page = self._page
        if page.is_busy():
            return
        with page.showing_errors():
            for key in keys:
                if found:
                    uncertain.it_left(page.campaign_file, key, clock=page.desk.clock)
                else:
                    uncertain.send_again(page.campaign_file, key, page.desk.clock)
        page.message_bar.clear()
        self._show_rest()
        self.noted.emit()

    def look(self) -> None:
        """Search each reference among the sent messages; nothing in the mailbox is changed."""
        page = self._page
        account = page.desk.settings.current.account
        if account is None:
            return
        with page.showing_errors():
            secret, clock = account_secret(page.desk, account), page.desk.clock

            def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
                yield from uncertain.look_in_sent_folder(
                    campaign_file, account, secret, control, clock
                )

            self._begin("Recherche dans «\u00a0Éléments envoyés\u00a0»", work)

    def read_report(self, path: Path) -> None:
        """A saved report settles the letters it speaks of."""
        clock = self._page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from bounce_reading.read_files(campaign_file, [path], control, clock)

        self._begin("Lecture de l’avis", work)

    def _ask_report(self) -> None:
        self._page.desk.files.open_file(
            self._dialog or self._page,
            "Quel avis de remise\u202f?",
            "Courriels enregistrés (*.eml *.mbox *.mbx);;Tous les fichiers (*)",
            self.read_report,
        )

    def _begin(self, title: str, work: CampaignWork) -> None:
        job = self._page.new_job(title, work)
        job.failed.connect(self._fail)
        job.progressed.connect(self._follow)
        job.finished.connect(self._end)
        self._read_report, self._waiting = False, len(self.letters())
        if self._page.begin(job):
            self._job = job
            if self._dialog is not None:
                self._dialog.show_searching(f"{title}…")

    def _follow(self, event: object) -> None:
        if isinstance(event, uncertain.Looked) and not event.found:
            self._not_found.add(event.delivery.id)
        elif isinstance(event, bounces.BounceSummary):
            self._read_report = True

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError) and self._dialog is not None:
            self._dialog.reject()  # the bar of the page says what happened, and what to do

    def _end(self) -> None:
        self._job = None
        left = len(self.letters())
        if self._dialog is not None:
            self._dialog.end_searching()
            if self._read_report and left == self._waiting:
                self._dialog.show_nothing_learned()
        self._show_rest()
        self.noted.emit()

    def _show_rest(self) -> None:
        if self._dialog is not None:
            self._dialog.show_letters(self.letters(), frozenset(self._not_found))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _close(self) -> None:
        self._stop()
        self._dialog = None
