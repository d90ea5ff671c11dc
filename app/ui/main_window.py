"""The window: home, « Mon cabinet », or one open campaign."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget
from typing_extensions import override

from app.core.errors import UserError
from app.core.errors.storage import CampaignDoubtful
from app.core.steps import Step, has_begun
from app.services.campaigns import backup_if_due, recent_campaigns, remember
from app.storage.campaign_file import CampaignFile
from app.ui.campaign_view import CampaignView
from app.ui.desk import Desk
from app.ui.dialogs.question import QuestionDialog
from app.ui.help import AboutDialog, HelpDialog
from app.ui.home import HOME_HELP, HomePage, home_row, reminders
from app.ui.menus import Menus
from app.ui.notification import notify
from app.ui.opening import CampaignOpener
from app.ui.practice import PracticePage
from app.ui.register_page import RegisterPage
from app.ui.safekeeping import Safekeeping
from app.ui.sample import SampleMaker
from app.ui.theme import Meaning, icon
from app.ui.widgets.message_bar import MessageAction, MessageBar
from app.wording import explain

MINIMUM = QSize(860, 480)
_TITLE = "Lettres d’information aux patients"


class MainWindow(QMainWindow):
    """Shows one of three things and moves between them; owns the open campaign."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._campaign_view: CampaignView | None = None
        self._closing_fault: UserError | None = None
        self._title, self._headline = _TITLE, ""
        self.opener = CampaignOpener(desk, self)
        self.sample_maker = SampleMaker(desk, self)
        self.home = HomePage(self)
        self.practice = PracticePage(desk, self)
        self.register_page = RegisterPage(desk, self)
        self.safekeeping = Safekeeping(desk, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.home)
        self._stack.addWidget(self.practice)
        self._stack.addWidget(self.register_page)
        self.setCentralWidget(self._stack)
        self.setMinimumSize(MINIMUM)
        self.setWindowIcon(icon("application"))
        self.menus = Menus(self)
        self._connect()
        self.show_home()

    @property
    def campaign_view(self) -> CampaignView | None:
        """The open campaign, if any."""
        return self._campaign_view

    # what is in front

    def show_home(self) -> None:
        """Close the open campaign and list them all."""
        if self._campaign_view is not None and self._desk.jobs.is_busy:
            self._ask_stop(self.show_home)
            return
        self._close_campaign()
        current, now = self._desk.settings.current, self._desk.clock.now()
        recents = recent_campaigns()
        self.home.show_campaigns(
            [home_row(recent, now) for recent in recents],
            practice_is_complete=not current.practice.missing()
            and current.account is not None
            and current.account.is_complete,
        )
        self.home.show_reminders(reminders(recents, now))
        self._bring(self.home, _TITLE)
        self.home.focus_first()
        self._tell_closing_fault()

    def show_register(self) -> None:
        """The register of all incidents; it reads every campaign, so none stays open."""
        if self._desk.jobs.is_busy:
            self._ask_stop(self.show_register)
            return
        self._close_campaign()
        self._bring(self.register_page, f"Registre des violations – {_TITLE}")
        self.register_page.load()
        self.register_page.heading.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_closing_fault()

    def show_practice(self) -> None:
        """« Mon cabinet »; its « back » returns to where one was."""
        if self._campaign_view is not None:
            self._campaign_view.leave()
        self.practice.load()
        self._bring(self.practice, f"Mon cabinet – {_TITLE}")
        self.practice.heading.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_campaign(self, campaign_file: CampaignFile, doubts: tuple[str, ...] = ()) -> None:
        """The frame of an open campaign; the window owns the file from now on."""
        self._close_campaign()
        view = CampaignView(campaign_file, self._desk, self)
        view.practice_requested.connect(self.show_practice)
        view.step_shown.connect(self.menus.show_step)
        view.campaign_replaced.connect(self._replace_campaign)
        view.headline.connect(self._show_headline)
        view.notified.connect(lambda text: notify(self, view.campaign_file.campaign.name, text))
        self._campaign_view = view
        self._stack.addWidget(view)
        self._back_to_campaign()
        if doubts:
            told = explain(CampaignDoubtful(campaign_file.folder.name, doubts))
            view.page(Step.INCIDENT).message_bar.show_message(
                Meaning.ATTENTION,
                told.one_line(),
                [MessageAction("C’est bien cet envoi, continuer", self._confirm_doubts)],
            )

    def show_error(self, error: UserError) -> None:
        """A sentence in the bar of what is in front."""
        self._bar().show_error(error)

    def show_failure(self, error: Exception) -> None:
        """A UserError in the bar, our own defect to the problem dialog."""
        if isinstance(error, UserError):
            self.show_error(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    def say(self, words: str) -> None:
        """A sentence about something done, in the bar of what is in front."""
        self._bar().show_message(Meaning.DONE, words)

    def says_it_is_busy(self) -> bool:
        """True while a Job runs; the bar says which."""
        job = self._desk.jobs.current
        if job is None:
            return False
        self._bar().show_message(
            Meaning.ATTENTION,
            f"«\u00a0{job.title}\u00a0» n’est pas terminé. Attendez sa fin, ou arrêtez-le.",
        )
        return True

    def show_help(self) -> None:
        """The help of the page in front."""
        title, text = "Accueil", HOME_HELP
        if self._stack.currentWidget() is self.practice:
            title, text = "Mon cabinet", self.practice.help_text
        elif self._stack.currentWidget() is self.register_page:
            title, text = "Registre des violations", self.register_page.help_text
        elif self._campaign_view is not None:
            page = self._campaign_view.page(self._campaign_view.current_step)
            title, text = page.title, page.help_text
        HelpDialog(title, text, self).open()

    def show_about(self) -> None:
        """Version and licence."""
        AboutDialog(self).open()

    # closing

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._desk.jobs.is_busy:
            event.ignore()
            self._ask_stop(self.close)
            return
        self.practice.leave()
        self._close_campaign()
        self._remember_size()
        event.accept()

    def _remember_size(self) -> None:
        current = self._desk.settings.current
        size = (self.width(), self.height())
        if self.isMaximized() or size == current.interface.window:
            return
        interface = replace(current.interface, window=size)
        with suppress(UserError):  # a convenience: closing must not fail on it
            self._desk.settings.replace(replace(current, interface=interface))

    def _ask_stop(self, then: Callable[[], object]) -> None:
        job = self._desk.jobs.current
        if job is None:
            return
        dialog = QuestionDialog(
            "Un travail est en cours",
            f"«\u00a0{job.title}\u00a0» n’est pas terminé. Ce qui est fait est enregistré\u202f; "
            "vous pourrez reprendre plus tard.",
            self,
        )
        dialog.add_accept("Arrêter et fermer", default=False)
        dialog.add_reject("Laisser continuer", default=True)
        dialog.accepted.connect(lambda: self._stop_then(then))
        dialog.open()

    def _stop_then(self, then: Callable[[], object]) -> None:
        job = self._desk.jobs.current
        if job is None:
            then()
            return
        self._desk.jobs.finished.connect(then, Qt.ConnectionType.SingleShotConnection)
        job.stop()

    def _close_campaign(self) -> None:
        view = self._campaign_view
        if view is None:
            return
        view.leave()
        self._drop_view(view)
        try:
            remember(view.campaign_file, self._desk.clock)
            if not view.campaign_file.campaign.is_sample:
                backup_if_due(view.campaign_file, self._desk.clock)
        except UserError as error:  # a full disk must not keep the campaign open
            self._closing_fault = error
        finally:
            view.campaign_file.close()

    def _tell_closing_fault(self) -> None:
        fault, self._closing_fault = self._closing_fault, None
        if fault is not None:
            self.show_error(fault)

    def _replace_campaign(self, campaign_file: CampaignFile) -> None:
        """The former file is closed already: nothing of the former view may touch it again."""
        view = self._campaign_view
        if view is None:
            return
        step = view.current_step
        self._drop_view(view)
        self.show_campaign(campaign_file)
        if self._campaign_view is not None:
            self._campaign_view.show_step(step)

    def _drop_view(self, view: CampaignView) -> None:
        self._campaign_view = None
        self._stack.removeWidget(view)
        view.hide()
        view.deleteLater()

    # moves

    def _connect(self) -> None:
        self.home.new_requested.connect(self.opener.ask_new)
        self.home.open_requested.connect(self.opener.ask_existing)
        self.home.sample_requested.connect(self.sample_maker.make)
        self.home.practice_requested.connect(self.show_practice)
        self.home.campaign_chosen.connect(self.opener.open)
        self.opener.opened.connect(self.show_campaign)
        self.opener.failed.connect(self.show_error)
        self.sample_maker.made.connect(self.show_campaign)
        self.sample_maker.failed.connect(self.show_failure)
        self.sample_maker.began.connect(self._say_sample_is_coming)
        self.practice.back_requested.connect(self._leave_practice)
        self.practice.saved.connect(self._take_practice)
        self.register_page.back_requested.connect(self.show_home)
        self.register_page.campaign_chosen.connect(self.opener.open)
        self.home.register_requested.connect(self.show_register)
        self.safekeeping.replaced.connect(self._replace_campaign)

    def _say_sample_is_coming(self) -> None:
        self.home.message_bar.show_message(
            Meaning.INFORMATION, "Préparation de l’exemple\u00a0: lecture de sa liste de patients…"
        )

    def _leave_practice(self) -> None:
        self.practice.leave()
        if self._campaign_view is None:
            self.show_home()
        else:
            self._back_to_campaign()

    def _take_practice(self) -> None:
        """« Mon cabinet » changed: the open campaign follows until its first letter has left."""
        view = self._campaign_view
        if view is None or view.campaign_file.campaign.is_sample:
            return
        campaign_file = view.campaign_file
        if not has_begun(campaign_file.balance(campaign_file.current_run)):
            practice = self._desk.settings.current.practice
            campaign_file.save_practice(practice, self._desk.clock.now())
            view.refresh()

    def _back_to_campaign(self) -> None:
        view = self._campaign_view
        if view is not None:
            self._bring(view, view.campaign_file.campaign.name)
            view.show_step(view.current_step)

    def _confirm_doubts(self) -> None:
        view = self._campaign_view
        if view is not None:
            view.campaign_file.confirm_doubts(self._desk.clock.now())
            self._bar().clear()

    def _bring(self, page: QWidget, title: str) -> None:
        self._stack.setCurrentWidget(page)
        self._title = title
        self._show_headline(self._headline)
        self.menus.show_place(in_campaign=page is self._campaign_view)

    def _show_headline(self, words: str) -> None:
        """« 23 % » before the title, so that the task bar tells it too."""
        self._headline = words
        self.setWindowTitle(f"{words} – {self._title}" if words else self._title)

    def _bar(self) -> MessageBar:
        if self._stack.currentWidget() is self.practice:
            return self.practice.message_bar
        if self._stack.currentWidget() is self.register_page:
            return self.register_page.message_bar
        if self._campaign_view is not None:
            return self._campaign_view.page(self._campaign_view.current_step).message_bar
        return self.home.message_bar
