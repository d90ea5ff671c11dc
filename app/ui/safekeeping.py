"""What the menus offer to keep the open campaign: its code, its key, its copies, calls, a follow-up letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.errors import UserError
from app.core.steps import Step
from app.services.campaigns import backup
from app.services.control import Control
from app.services.key_change import change_key, new_code, prepare_code
from app.storage.campaign_file import CampaignFile
from app.storage.copies import Backup
from app.ui.desk import Desk
from app.ui.dialogs.copies import CopiesDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.evidence import EvidencePage
from app.ui.whole_file import WholeFile
from app.wording import explain
from app.wording.french import date_time

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_REKEY = "rekey"


class Safekeeping(QObject):
    """Acts on the campaign in front.

    Signals:
        replaced(CampaignFile): the open file was closed, this one takes its place.
    """

    replaced = Signal(object)

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window

    def _campaign_file(self) -> CampaignFile | None:
        """The campaign in front; None while a Job uses it, which the window says."""
        view = self._window.campaign_view
        if view is None or self._window.says_it_is_busy():
            return None
        return view.campaign_file

    # calls and the follow-up: they live on the last page

    def take_call(self) -> None:
        """« Un patient appelle »."""
        page = self._evidence()
        if page is not None:
            page.returns_box.call_button.click()

    def follow_up(self) -> None:
        """« Lettre de suivi »."""
        page = self._evidence()
        if page is not None:
            page.follow_up_box.ask()

    def _evidence(self) -> EvidencePage | None:
        view = self._window.campaign_view
        if view is None:
            return None
        page = view.page(Step.EVIDENCE)
        if view.current_step is not Step.EVIDENCE:
            view.show_step(Step.EVIDENCE)
        return page if isinstance(page, EvidencePage) else None

    # code and key

    def renew_code(self) -> None:
        """Another recovery code, when the sheet was lost; the former one no longer opens anything."""
        campaign_file = self._campaign_file()
        if campaign_file is None:
            return
        dialog = QuestionDialog(
            "Une nouvelle fiche de récupération\u202f?",
            "Un nouveau code remplacera celui de la fiche\u00a0: l’ancien n’ouvrira plus cet envoi. "
            "Détruisez l’ancienne fiche si vous la retrouvez.\n\n"
            "Si quelqu’un a pu lire l’ancienne fiche, changez plutôt la clé.",
            self._window,
        )
        dialog.add_accept("Faire une nouvelle fiche", default=False)
        dialog.add_reject("Garder l’ancienne", default=True)
        dialog.accepted.connect(lambda: self._renew(campaign_file))
        dialog.open()

    def _renew(self, campaign_file: CampaignFile) -> None:
        try:
            code = new_code(campaign_file, self._desk.clock)
        except UserError as error:
            self._window.show_error(error)
            return
        practice = campaign_file.practice().name
        self._window.opener.show_code(campaign_file.campaign.name, code, practice)

    def ask_key_change(self) -> None:
        """Everything under another key: the sheet or a copy of the file may be in wrong hands."""
        campaign_file = self._campaign_file()
        if campaign_file is None:
            return
        dialog = QuestionDialog(
            "Changer la clé de cet envoi\u202f?",
            "Tout l’envoi sera chiffré avec une nouvelle clé, et un nouveau code remplacera l’ancien. "
            "À faire si quelqu’un a pu voir la fiche de récupération, ou si un ordinateur a été volé.\n\n"
            "Les copies de sauvegarde faites jusqu’ici seront supprimées\u00a0: l’ancienne clé les ouvrirait. "
            "Une copie de l’envoi déjà emportée ailleurs reste lisible avec l’ancien code.",
            self._window,
        )
        dialog.add_accept("Changer la clé", default=False)
        dialog.add_reject("Garder la clé", default=True)
        dialog.accepted.connect(lambda: self._show_then_change(campaign_file))
        dialog.open()

    def _show_then_change(self, campaign_file: CampaignFile) -> None:
        """The new code is in the user's hands before it is needed."""
        code = prepare_code()
        shown = self._window.opener.show_code(
            campaign_file.campaign.name, code, campaign_file.practice().name
        )
        shown.accepted.connect(lambda: self.change_key(code))

    def change_key(self, code: str) -> None:
        """Move everything to a new key whose recovery code is ``code``."""
        campaign_file, view = self._campaign_file(), self._window.campaign_view
        if campaign_file is None or view is None:
            return
        view.leave()
        credentials, clock = self._desk.credentials, self._desk.clock

        def work(file: CampaignFile, _control: Control) -> Iterator[object]:
            yield _REKEY
            fresh, secrets = change_key(file, credentials, code=code, clock=clock)
            fresh.hand_over()
            yield fresh, secrets

        view.hide()  # nothing may read the file meanwhile, not even a table being painted
        job = WholeFile(campaign_file, self._desk, self._window)
        job.kept.connect(view.show)
        job.replaced.connect(lambda fresh, _: self.replaced.emit(fresh))
        job.replaced.connect(self._say_changed)
        job.failed.connect(self._window.show_failure)
        job.start(
            "Changement de clé",
            "N’éteignez pas l’ordinateur.",
            {_REKEY: "Tout est recopié avec la nouvelle clé, puis vérifié…"},
            work,
        )

    def _say_changed(self, _file: object, result: object) -> None:
        if result is not None:
            self._window.say(
                "La clé est changée. Seul le nouveau code ouvre cet envoi\u00a0: détruisez l’ancienne fiche."
            )

    # copies

    def show_copies(self) -> None:
        """The copies of the open campaign."""
        campaign_file = self._campaign_file()
        if campaign_file is None:
            return
        dialog = CopiesDialog(
            campaign_file.campaign.name, campaign_file.backups(), parent=self._window
        )
        dialog.make_requested.connect(lambda: self._make_copy(campaign_file, dialog))
        dialog.restore_requested.connect(self._restore)
        dialog.open()

    def _make_copy(self, campaign_file: CampaignFile, dialog: CopiesDialog) -> None:
        try:
            made = backup(campaign_file, self._desk.clock)
        except UserError as error:
            dialog.show_copies(campaign_file.backups(), explain(error).one_line())
            return
        dialog.show_copies(
            campaign_file.backups(), f"Copie faite\u00a0: {date_time(made.made_at)}."
        )

    def _restore(self, copy: Backup) -> None:
        view = self._window.campaign_view
        if view is None:
            return
        path = view.campaign_file.folder
        self._window.show_home()
        self._window.opener.restore(path, copy)
