"""« Autres façons d’envoyer »: files for other tools. Each lies in clear where the user chose, and is listed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from app import paths
from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import UserError
from app.services.clear_exports import exports_left
from app.services.departure import sender_address
from app.services.run_choice import run_to_send
from app.services.sent_elsewhere import (
    written_and_waiting,
)
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.clear_files import ClearFilesDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.email_box_writing import RoadWriter
from app.ui.steps.sending_gate import SendingGate
from app.ui.widgets.progress_panel import ProgressPanel
from app.wording.french import count

_CLEAR = (
    "Attention\u00a0: ce qui sera écrit contient les noms et les adresses des patients, en clair. Choisissez "
    "un dossier que vous seul pouvez ouvrir. L’envoi garde la trace de ce fichier, et vous proposera de le "
    "supprimer."
)
_FAILED = (DeliveryStatus.REJECTED, DeliveryStatus.BOUNCED, DeliveryStatus.UNCERTAIN)


class OtherRoads(QObject):
    """A menu button and the questions; ``writer`` does the work.

    Signals:
        noted: letters were written down, or files appeared or went.
    """

    noted = Signal()

    def __init__(self, page: SendingGate, progress: ProgressPanel) -> None:
        super().__init__(page)
        self._page = page
        self.writer = RoadWriter(page, progress)
        self.writer.noted.connect(self.noted)
        self.writer.files_asked.connect(self.show_files)
        self.button = QPushButton("Autres &façons d’envoyer", page)
        menu = QMenu(self.button)
        self.eml_action = self._add(menu, "Écrire les courriels en fichiers .&eml…", self.ask_eml)
        self.elsewhere_action = self._add(
            menu, "&Noter qu’ils sont partis d’un autre logiciel…", self.ask_elsewhere
        )
        self.mss_action = self._add(menu, "Liste pour votre logiciel &MSSanté…", self.ask_mss)
        self.refused_action = self._add(
            menu, "Tableau des &refus et des retours…", self.ask_refused
        )
        menu.addSeparator()
        self.files_action = self._add(menu, "Fichiers en &clair…", self.show_files)
        self.button.setMenu(menu)
        menu.aboutToShow.connect(self._show_possible)

    def _add(self, menu: QMenu, title: str, act: Callable[[], None]) -> QAction:
        action = menu.addAction(title)
        action.triggered.connect(lambda: act())
        return action

    def _show_possible(self) -> None:
        campaign_file = self._page.campaign_file
        counts = campaign_file.delivery_counts(run_to_send(campaign_file))
        failed = sum(counts.get((Channel.EMAIL, status), 0) for status in _FAILED)
        self.refused_action.setEnabled(bool(failed))
        self.elsewhere_action.setEnabled(bool(written_and_waiting(campaign_file)))
        self.files_action.setEnabled(bool(exports_left(campaign_file)))

    # asking

    def ask_eml(self) -> None:
        """Warn, ask for a folder, then write one file per letter that waits."""
        page = self._page
        account = page.desk.settings.current.account
        if not page.is_ready():
            return
        with page.showing_errors():
            sender_address(page.campaign_file, account)
            self._warn(
                "Écrire les courriels en fichiers\u202f?",
                "Chaque lettre qui attend devient un fichier .eml, à ouvrir et à envoyer avec un autre "
                "logiciel de messagerie. Ici, ces lettres restent «\u00a0à envoyer\u00a0»\u00a0: ne les envoyez "
                "pas deux fois.",
                lambda: page.desk.files.open_folder(
                    page, "Dans quel dossier\u202f?", self._folder(), self.choose_eml_folder
                ),
            )

    def choose_eml_folder(self, parent: Path) -> None:
        """Files go into a folder of their own; one that holds something already is asked about."""
        self._remember(parent)
        folder = parent / f"Courriels {self._safe_name()}"
        if not folder.is_dir() or not any(folder.iterdir()):
            self.writer.write_eml(folder)
            return
        dialog = QuestionDialog(
            "Écrire dans le même dossier\u202f?",
            f"«\u00a0{folder.name}\u00a0» contient déjà des fichiers. Ceux qui portent le même nom seront "
            "remplacés, les autres resteront.",
            self._page,
        )
        dialog.add_accept("Remplacer", default=False)
        dialog.add_reject("Ne rien écrire", default=True)
        dialog.accepted.connect(lambda: self.writer.write_eml(folder))
        dialog.open()

    def ask_mss(self) -> None:
        """Warn, ask for a file, then write the patients whose INS is known."""
        if not self._page.is_ready():
            return
        self._warn(
            "Liste pour votre logiciel MSSanté\u202f?",
            "Pour chaque patient dont l’INS est connu\u00a0: son adresse dans Mon espace santé, l’objet et le "
            "texte de sa lettre. Vous l’enverrez depuis votre messagerie MSSanté. Ici, sa lettre reste prévue "
            "comme avant.",
            lambda: self._ask_file("Messages MSSanté", self.writer.write_mss),
        )

    def ask_refused(self) -> None:
        """Warn, ask for a file, then write who could not be reached by e-mail, and why."""
        if self._page.is_busy():
            return
        self._warn(
            "Tableau des refus et des retours\u202f?",
            "Les personnes dont le courriel a été refusé ou est revenu, dans les colonnes de votre liste, avec le "
            "motif.",
            lambda: self._ask_file("Courriels non remis", self.writer.write_refused),
        )

    def _warn(self, title: str, text: str, then: Callable[[], object]) -> None:
        dialog = QuestionDialog(title, f"{text}\n\n{_CLEAR}", self._page)
        dialog.add_accept("Choisir l’emplacement…", default=False)
        dialog.add_reject("Ne rien écrire", default=True)
        dialog.accepted.connect(then)
        dialog.open()

    def _ask_file(self, name: str, taken: Callable[[Path], object]) -> None:
        def take(path: Path) -> None:
            self._remember(path.parent)
            taken(path)

        proposed = self._folder() / f"{name} {self._safe_name()}.xlsx"
        self._page.desk.files.save_file(self._page, "Où écrire ce fichier\u202f?", proposed, take)

    # sent with another tool

    def ask_elsewhere(self) -> None:
        """The user's word: the files were sent with another tool."""
        page = self._page
        letters = len(written_and_waiting(page.campaign_file))
        if not letters or not page.is_ready():
            return
        words = count(letters, "lettre")
        dialog = QuestionDialog(
            f"{words} déjà parties\u202f?" if letters > 1 else f"{words} déjà partie\u202f?",
            "Elles ont été écrites en fichiers .eml. Si votre autre logiciel les a toutes envoyées, elles "
            "seront notées comme parties, sur votre parole, et ne partiront plus d’ici. On ne peut pas revenir "
            "en arrière.",
            page,
        )
        dialog.add_accept(f"Noter {words}", default=False)
        dialog.add_reject("Elles ne sont pas parties", default=True)
        dialog.accepted.connect(self.writer.note_elsewhere)
        dialog.open()

    # what lies in clear

    def show_files(self) -> None:
        """The files written in clear that are still there."""
        page = self._page
        if page.is_busy():
            return
        dialog = ClearFilesDialog(page.campaign_file, page.desk.clock, page)
        dialog.finished.connect(self.noted)
        dialog.open()

    # where

    def _safe_name(self) -> str:
        name = self._page.campaign_file.campaign.name
        return "".join(" " if char in '\\/:*?"<>|' else char for char in name).strip(" .")

    def _folder(self) -> Path:
        kept = self._page.desk.settings.current.interface.last_folder
        return Path(kept) if kept and Path(kept).is_dir() else paths.documents_dir()

    def _remember(self, folder: Path) -> None:
        desk = self._page.desk.settings
        if desk.current.interface.last_folder == str(folder):
            return
        interface = replace(desk.current.interface, last_folder=str(folder))
        try:
            desk.replace(replace(desk.current, interface=interface))
        except UserError as error:
            self._page.message_bar.show_error(error)


def clear_files_words(campaign_file: CampaignFile) -> str:
    """« 2 fichiers en clair contiennent des noms de patients. »; empty when there is none."""
    left = len(exports_left(campaign_file))
    if not left:
        return ""
    return f"{count(left, 'fichier en clair contient', 'fichiers en clair contiennent')} des noms de patients."
