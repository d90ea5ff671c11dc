"""Work of « Mon cabinet » that leaves this computer: check, search of settings, sign-in, advice on the domain."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.core.mail_account import MailAccount
from app.mail.oauth import provider_for
from app.services import accounts, signing_in
from app.services.accounts import CheckedLayer, Proposal, SenderDomain
from app.services.control import Control
from app.ui.desk import Desk
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction, MessageBar, copy_text
from app.ui.workers import Job

_PROVIDERS = {"microsoft": "Microsoft", "google": "Google"}
Work = Callable[[Control], Iterator[object]]


@dataclass(frozen=True, slots=True)
class SettingsSought:
    """End of a search: the proposal, or None when nobody knew."""

    proposal: Proposal | None


@dataclass(slots=True)
class _Running:
    job: Job
    stopped_words: str
    events: list[object] = field(default_factory=list)
    error: UserError | None = None


class AccountChecks(QObject):
    """Runs one Job at a time for the page and says what came of it.

    Signals:
        running(bool): a Job began or ended.
        checked(list[CheckedLayer]), sought(Proposal | None), permitted(), advised(SenderDomain): results.
        failed(UserError): the Job could not be finished.
    """

    running = Signal(bool)
    checked = Signal(object)
    sought = Signal(object)
    permitted = Signal()
    advised = Signal(object)
    failed = Signal(object)
    _page_opened = Signal(str)  # from the worker's thread

    def __init__(self, desk: Desk, bar: MessageBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._outside = desk.outside
        self._bar = bar
        self._current: _Running | None = None
        self._page_opened.connect(self._tell_page)

    @property
    def is_running(self) -> bool:
        """True while a Job of this page runs."""
        return self._current is not None

    @Slot()
    def stop(self) -> None:
        """Ask the running Job to end; it says so when it has."""
        if self._current is not None:
            self._current.job.stop()

    def check(self, account: MailAccount) -> None:
        """« Vérifier la connexion »; no letter is sent."""
        credentials, clock = self._desk.credentials, self._desk.clock
        identity = self._outside.identity

        def work(control: Control) -> Iterator[object]:
            secret = signing_in.secret_of(account, credentials, clock, identity)
            yield accounts.check(account, secret, interrupted=lambda: control.is_stopped)

        self._begin("Vérification de la connexion", "Vérification arrêtée.", work)

    def seek(self, address: str) -> None:
        """Ask the domain for its settings; call it only with the user's consent."""
        outside = self._outside

        def work(control: Control) -> Iterator[object]:
            def fetch(url: str) -> bytes | None:
                return None if control.is_stopped else outside.fetch(url)

            found = accounts.propose_online(address, fetch=fetch, resolver=outside.resolver())
            yield SettingsSought(found)

        self._begin("Recherche des réglages", "Recherche arrêtée.", work)

    def sign_in(self, account: MailAccount) -> None:
        """Open the provider's page in the browser and wait for the permission."""
        outside, credentials, clock = self._outside, self._desk.credentials, self._desk.clock

        def open_page(url: str) -> None:
            self._page_opened.emit(url)
            outside.open_browser(url)

        def work(control: Control) -> Iterator[object]:
            signing_in.give_permission(
                account,
                credentials,
                open_browser=open_page,
                interrupted=lambda: control.is_stopped,
                clock=clock,
                provider=outside.identity(account),
            )
            yield account

        self._begin("Demande d’autorisation", "Demande d’autorisation arrêtée.", work)

    def advise(self, account: MailAccount, selector: str) -> None:
        """Ask the name service about the sender's domain; call it only with the user's consent."""
        outside = self._outside

        def work(_control: Control) -> Iterator[object]:
            yield accounts.advise(account, dkim_selector=selector, resolver=outside.resolver())

        self._begin("Examen du nom de domaine", "Examen arrêté.", work)

    def _begin(self, title: str, stopped_words: str, work: Work) -> None:
        if self._desk.jobs.is_busy:
            self._bar.show_message(
                Meaning.ATTENTION, "Un autre travail est en cours. Réessayez quand il sera terminé."
            )
            return
        job = Job(title, work)
        self._current = _Running(job, stopped_words)
        job.progressed.connect(self._note)
        job.failed.connect(self._note_failure)
        job.finished.connect(self._end)
        self._bar.show_message(Meaning.INFORMATION, f"{title}…")
        self.running.emit(True)  # noqa: FBT003 - a signal has no keywords
        self._desk.jobs.begin(job)

    @Slot(str)
    def _tell_page(self, url: str) -> None:
        if self._current is None:
            return
        self._bar.show_message(
            Meaning.INFORMATION,
            "La page de connexion s’ouvre dans votre navigateur. Donnez-y l’autorisation, puis revenez "
            "ici.",
            [MessageAction("Copier l’adresse de la page", lambda: copy_text(url))],
        )

    @Slot(object)
    def _note(self, event: object) -> None:
        if self._current is not None:
            self._current.events.append(event)

    @Slot(Exception)
    def _note_failure(self, error: Exception) -> None:
        if isinstance(error, UserError) and self._current is not None:
            self._current.error = error
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    @Slot()
    def _end(self) -> None:
        done, self._current = self._current, None
        if done is None:
            return
        self.running.emit(False)  # noqa: FBT003 - a signal has no keywords
        if done.job.control.is_stopped:
            self._bar.show_message(
                Meaning.INFORMATION, f"{done.stopped_words} Aucun courriel n’est parti."
            )
        elif done.error is not None:
            self.failed.emit(done.error)
        else:
            self._bar.clear()
            for event in done.events:
                self._tell(event)

    def _tell(self, event: object) -> None:
        match event:
            case list():
                self.checked.emit([each for each in event if isinstance(each, CheckedLayer)])
            case SettingsSought():
                self.sought.emit(event.proposal)
            case SenderDomain():
                self.advised.emit(event)
            case MailAccount():
                self.permitted.emit()


def provider_name(account: MailAccount) -> str:
    """« Microsoft » or « Google », as one says it."""
    return _PROVIDERS[provider_for(account).id]
