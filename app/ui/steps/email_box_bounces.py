"""Returned e-mails: the dialog, the reading in a worker, the post for those who got nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import Cancelled, UserError
from app.core.errors.storage import CampaignClosed
from app.core.replies import reason_of
from app.services import bounce_reading, bounces
from app.services.control import Control
from app.services.evidence_figures import PURGED_SETTING
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.ui.dialogs.returned_emails import ReturnedEmailsDialog, ReturnedLine
from app.ui.dropped_messages import is_outlook_file
from app.ui.secrets import account_secret
from app.ui.steps.page import CampaignWork
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.ui.workers import Job
from app.wording import explain
from app.wording.french import count
from app.wording.list_places import row_number, row_place
from app.wording.pace import moment_words
from app.wording.refusals import reason_label

_FAILED = (DeliveryStatus.REJECTED, DeliveryStatus.BOUNCED)
_ROWS_NAMED = 10
_OUTLOOK = (
    "Un fichier .msg est propre à Outlook\u00a0: il n’est pas lu ici. Enregistrez ce courriel au format .eml, ou "
    "relevez la boîte du cabinet."
)


class ReturnedEmails(QObject):
    """One for each page that offers it.

    Signals:
        noted: letters changed state or road.
    """

    noted = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__(page)
        self._page = page
        self._dialog: ReturnedEmailsDialog | None = None
        self._job: Job | None = None
        self._summary: bounces.BounceSummary | None = None
        self._messages = 0

    def failed(self) -> int:
        """People whose e-mail was refused or came back, and who have no letter by post yet; of all runs."""
        counts = self._page.campaign_file.delivery_counts()
        return sum(counts.get((Channel.EMAIL, status), 0) for status in _FAILED)

    def can_read_mailbox(self) -> bool:
        """True when the account says where returned e-mails arrive."""
        account = self._page.desk.settings.current.account
        is_sample = self._page.campaign_file.campaign.is_sample
        return account is not None and bool(account.imap_host) and not is_sample

    def tell_due(self) -> bool:
        """Remind that e-mails may have come back since the last look; True when it was said."""
        page = self._page
        now = page.desk.clock.now()
        if page.campaign_file.campaign.is_sample or self._closed():
            return False
        if not bounce_reading.is_reading_due(page.campaign_file, now):
            return False
        read = self._last_read()
        page.message_bar.show_message(
            Meaning.INFORMATION,
            f"Dernière lecture des courriels retournés {read}. D’autres ont pu revenir depuis."
            if read
            else "Des courriels ont pu revenir dans votre boîte depuis l’envoi.",
            [MessageAction("Courriels retournés…", self.open)],
        )
        return True

    def _closed(self) -> bool:
        """True when the campaign is closed, or its names are gone; nothing comes back to it any more."""
        return self._page.campaign_file.setting(CLOSED_SETTING) is not None

    def _is_purged(self) -> bool:
        if self._page.campaign_file.setting(PURGED_SETTING) is None:
            return False
        self._page.message_bar.show_message(
            Meaning.INFORMATION,
            "Les noms ont été effacés\u00a0: un courriel retourné ne peut plus être rattaché à une personne.",
        )
        return True

    def open(self, paths: Sequence[Path] = ()) -> None:
        """Show the dialog; read ``paths`` at once when given."""
        page = self._page
        if page.is_busy() or self._is_purged():
            return
        if self._dialog is None:
            dialog = ReturnedEmailsDialog(
                can_read=self.can_read_mailbox(),
                last_read=self._last_read(),
                failed=self.failed(),
                parent=page,
            )
            dialog.mailbox_asked.connect(self.read_mailbox)
            dialog.file_asked.connect(self._ask_file)
            dialog.files_dropped.connect(self.read_files)
            dialog.stop_asked.connect(self._stop)
            dialog.paper_asked.connect(lambda: self.give_to_paper())
            dialog.finished.connect(self._close)
            self._dialog = dialog
            dialog.open()
        if paths:
            self.read_files(list(paths))

    def read_mailbox(self) -> None:
        """Read the practice's mailbox; nothing in it is changed."""
        page = self._page
        account = page.desk.settings.current.account
        if account is None:
            return
        try:
            secret, clock = account_secret(page.desk, account), page.desk.clock
        except UserError as error:
            self._show_problem(error)
            return

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from bounce_reading.read_mailbox(campaign_file, account, secret, control, clock)

        self._begin("Relevé des courriels retournés", work)

    def read_files(self, paths: Sequence[Path]) -> None:
        """Read saved messages."""
        clock = self._page.desk.clock
        chosen = [path for path in paths if not is_outlook_file(path)]
        if not chosen and self._dialog is not None:
            self._dialog.show_problem(_OUTLOOK)
            return

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from bounce_reading.read_files(campaign_file, chosen, control, clock)

        self._begin("Lecture des courriels retournés", work)

    def give_to_paper(self, *actions: MessageAction) -> None:
        """One click: everybody whose e-mail failed gets a letter by post; ``actions`` follow the result."""
        page = self._page
        if page.is_busy():
            return
        try:
            if self._closed():
                raise CampaignClosed(page.campaign_file.folder.name)
            moved = without = 0
            for run in range(1, page.campaign_file.current_run + 1):
                given = bounces.give_to_paper(page.campaign_file, run=run, clock=page.desk.clock)
                moved, without = moved + given.moved, without + given.without_address
        except UserError as error:
            self._show_problem(error)
            return
        words = f"{count(moved, 'lettre est', 'lettres sont')} maintenant à imprimer."
        if without:
            words += f" {self._without_address()}"
        page.message_bar.show_message(
            Meaning.ATTENTION if without else Meaning.DONE, words, actions
        )
        if self._dialog is not None:
            self._dialog.show_failed(self.failed())
            self._dialog.show_problem(words)
        self.noted.emit()

    def _without_address(self) -> str:
        campaign_file = self._page.campaign_file
        pairs = campaign_file.deliveries_with_recipients(*_FAILED, channel=Channel.EMAIL)
        rows = [row_place(person.row) for _, person in pairs]
        named = ", ".join(rows[:_ROWS_NAMED]) + ("…" if len(rows) > _ROWS_NAMED else "")
        return (
            f"{count(len(rows), 'personne n’a', 'personnes n’ont')} pas d’adresse postale complète "
            f"({named})\u00a0: complétez-la dans «\u00a0Les patients\u00a0», ou téléphonez."
        )

    def _ask_file(self) -> None:
        self._page.desk.files.open_file(
            self._dialog or self._page,
            "Quel courriel retourné\u202f?",
            "Courriels enregistrés (*.eml *.mbox *.mbx);;Tous les fichiers (*)",
            lambda path: self.read_files([path]),
        )

    def _begin(self, title: str, work: CampaignWork) -> None:
        page = self._page
        job = page.new_job(title, work)
        job.failed.disconnect(page.show_failure)
        job.failed.connect(self._fail)
        job.progressed.connect(self._follow)
        job.finished.connect(self._end)
        self._summary, self._messages = None, 0
        if page.begin(job):
            self._job = job
            if self._dialog is not None:
                self._dialog.show_reading(f"{title}…")

    def _follow(self, event: object) -> None:
        if isinstance(event, bounces.BounceSummary):
            self._summary = event
        elif isinstance(event, bounces.Taken):
            self._messages += 1
            if self._dialog is None:
                return
            self._dialog.show_count(self._messages)
            letter = event.delivery
            if letter is not None:
                person = self._page.campaign_file.recipient(letter.recipient_id)
                reply = letter.reply
                tells = event.outcome in (bounces.Outcome.BOUNCED, bounces.Outcome.KNOWN)
                reason = reason_label(reason_of(reply)) if tells and reply is not None else ""
                self._dialog.add_line(
                    ReturnedLine(row_number(event.row), person.display_name, event.outcome, reason)
                )

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._show_problem(error)
        else:
            self._page.show_failure(error)

    def _show_problem(self, error: UserError) -> None:
        if self._dialog is None:
            self._page.message_bar.show_error(error)
        else:
            told = explain(error)
            parts = (told.what, told.why, told.what_to_do)
            self._dialog.show_problem("\n".join(part for part in parts if part))

    def _end(self) -> None:
        self._job = None
        if self._dialog is not None:
            self._dialog.end_reading(self._summary)
            self._dialog.show_last_read(self._last_read(), can_read=self.can_read_mailbox())
            self._dialog.show_failed(self.failed())
        self.noted.emit()

    def _last_read(self) -> str:
        at = bounce_reading.last_read_at(self._page.campaign_file)
        return "" if at is None else moment_words(at, self._page.desk.clock.now())

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _close(self) -> None:
        self._stop()
        self._dialog = None
