"""« Dossier pour la CNIL »: the files to keep, the figures to paste, the register entry, decisions not to write."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app import paths
from app.core.register import Ground, RegisterEntry
from app.services.control import Control
from app.services.evidence import Dossier, DossierProgress, cnil_text, write_dossier
from app.services.evidence_figures import PURGED_SETTING, record_decision
from app.services.overview import EVIDENCE_SAVED
from app.services.register import entry_of, save_entry
from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.decision import DecisionDialog
from app.ui.dialogs.register_entry import RegisterEntryDialog
from app.ui.steps.sending_gate import SendingGate
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.message_bar import MessageAction, copy_text
from app.ui.widgets.progress_panel import ProgressPanel
from app.wording.dossier import STEP_WORDS
from app.wording.french import count


class DossierBox(QGroupBox):
    """Writes the dossier in a worker; the rest at once.

    Signals:
        noted: something was saved.
    """

    noted = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__("Dossier pour la CNIL", page)
        self._page = page
        words = QLabel("Registre, comptes, texte envoyé, preuves.", self)
        words.setWordWrap(True)
        self.save_button = QPushButton("Enregistrer le &dossier pour la CNIL…", self)
        self.save_button.setDefault(True)
        self.names_box = QCheckBox("Avec les no&ms des patients", self)
        self.figures_button = QPushButton("Copier les c&hiffres pour la CNIL", self)
        self.figures_button.setToolTip(
            "Pour une notification complémentaire\u00a0: à coller dans le formulaire"
        )
        self.entry_button = QPushButton("&Inscription au registre…", self)
        self.decision_button = QPushButton("Décisi&on de ne pas écrire…", self)
        self.panel = ProgressPanel(self)
        self.panel.hide()
        first = QHBoxLayout()
        first.addWidget(self.save_button)
        first.addWidget(self.names_box)
        first.addStretch(1)
        second = FlowLayout()
        for button in (self.figures_button, self.entry_button, self.decision_button):
            second.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(words)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.panel)
        self.save_button.clicked.connect(self._ask_where)
        self.figures_button.clicked.connect(self.copy_figures)
        self.entry_button.clicked.connect(self._ask_entry)
        self.decision_button.clicked.connect(self._ask_decision)

    def load(self) -> None:
        """Names can be asked for as long as they are there."""
        purged = self._page.campaign_file.setting(PURGED_SETTING)
        self.names_box.setVisible(not purged)
        if purged:
            self.names_box.setChecked(False)

    # the dossier

    def _ask_where(self) -> None:
        if self._page.is_busy():
            return
        name = self._page.campaign_file.campaign.name
        self._page.desk.files.save_file(
            self,
            "Où enregistrer le dossier\u202f?",
            paths.documents_dir() / f"Dossier CNIL {name}",
            self.save_dossier,
        )

    def save_dossier(self, folder: Path) -> None:
        """Write the whole dossier into ``folder``."""
        page = self._page
        with_names, clock = self.names_box.isChecked(), page.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from write_dossier(
                campaign_file, folder, with_names=with_names, control=control, clock=clock
            )

        job = page.new_job("Dossier pour la CNIL", work)
        job.progressed.connect(self._follow)
        job.finished.connect(self._end)
        if page.begin(job):
            self.panel.stop_requested.connect(job.stop)
            self.panel.start("Comptes et chronologie…")
            self.panel.show()
            self.save_button.setEnabled(False)

    def _follow(self, event: object) -> None:
        if isinstance(event, DossierProgress):
            words = STEP_WORDS.get(event.what, "Dossier en cours")
            self.panel.show_progress(f"{words}…", event.done, event.total)
        elif isinstance(event, Dossier):
            self._page.campaign_file.set_setting(EVIDENCE_SAVED, "1")
            folder, pdf = str(event.folder), str(event.pdf)
            self._page.message_bar.show_message(
                Meaning.DONE,
                f"Le dossier est enregistré dans «\u00a0{event.folder.name}\u00a0»\u00a0: "
                f"{count(len(event.files), 'fichier')}.",
                [
                    MessageAction("Ouvrir le dossier", lambda: open_path(folder)),
                    MessageAction("Ouvrir le PDF", lambda: open_path(pdf)),
                ],
            )

    def _end(self) -> None:
        self.panel.hide()
        self.save_button.setEnabled(True)
        self.noted.emit()

    # beside it

    def copy_figures(self) -> None:
        """Count, then put the figures of a complementary notification on the clipboard."""
        page, clock = self._page, self._page.desk.clock

        def work(campaign_file: CampaignFile, _control: Control) -> Iterator[object]:
            yield cnil_text(campaign_file, clock.now())

        job = page.new_job("Chiffres pour la CNIL", work)
        job.progressed.connect(self._take_figures)
        page.begin(job)

    def _take_figures(self, text: object) -> None:
        if isinstance(text, str):
            copy_text(text)
            self._page.message_bar.show_message(
                Meaning.DONE,
                "Les chiffres sont copiés\u00a0: collez-les dans le formulaire de la CNIL. Ils ne nomment "
                "aucun patient.",
            )

    def _ask_entry(self) -> None:
        if self._page.is_busy():
            return
        campaign_file = self._page.campaign_file
        dialog = RegisterEntryDialog(
            campaign_file.campaign.name,
            entry_of(campaign_file),
            has_list=campaign_file.count_recipients() > 0,
            parent=self.window(),
        )
        dialog.confirmed.connect(self.keep_entry)
        dialog.open()

    def keep_entry(self, entry: RegisterEntry) -> None:
        """Keep the practice's own words for its register."""
        with self._page.showing_errors():
            save_entry(self._page.campaign_file, entry, self._page.desk.clock)
            self._page.message_bar.show_message(
                Meaning.DONE, "L’inscription au registre est enregistrée."
            )
            self.noted.emit()

    def _ask_decision(self) -> None:
        if self._page.is_busy():
            return
        dialog = DecisionDialog(1, self.window())
        dialog.decided.connect(self.keep_decision)
        dialog.open()

    def keep_decision(self, ground: Ground, people: int, note: str) -> None:
        """Write the decision into the journal."""
        page = self._page
        with page.showing_errors():
            record_decision(page.campaign_file, ground, people, note, page.desk.clock.now())
            page.message_bar.show_message(
                Meaning.DONE, "La décision est notée\u00a0: elle figurera dans le dossier."
            )
            self.noted.emit()
