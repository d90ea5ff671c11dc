"""Step 6: the closing balance, what comes back, the dossier for the CNIL, and forgetting the names."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app import paths
from app.core.campaign import DeliveryStatus
from app.core.steps import Step, has_begun
from app.services.control import Control
from app.services.evidence import Dossier, DossierProgress, write_dossier
from app.services.evidence_figures import PURGED_SETTING
from app.services.overview import EVIDENCE_SAVED
from app.services.purging import purge
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.ui.desk import Desk
from app.ui.dialogs.purge import PurgeDialog
from app.ui.dialogs.recovery_code import ShowRecoveryCode
from app.ui.steps.paper_box import open_path
from app.ui.steps.returns_box import ReturnsBox
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.balance_box import BalanceBox
from app.ui.widgets.message_bar import MessageAction
from app.wording.french import PARIS, count, date_long

_LEFT_TO_DO = (
    DeliveryStatus.PENDING,
    DeliveryStatus.DEFERRED,
    DeliveryStatus.PRINTED,
    DeliveryStatus.UNCERTAIN,
)


class EvidencePage(SendingGate):
    """What to keep, and for how long."""

    step = Step.EVIDENCE
    title = "Dossier"
    lead = "À conserver\u00a0: il montre que chaque personne a été informée."
    help_text = (
        "Le dossier pour la CNIL est un dossier de fichiers\u00a0: un PDF à lire, le registre, le texte envoyé, "
        "les comptes, les preuves. Sans les noms, il peut être transmis tel quel.\n\n"
        "Les courriels retournés se lisent dans votre boîte sans rien y changer, ou dans des fichiers .eml que "
        "vous avez enregistrés.\n\n"
        "Quand un patient appelle, le code de sa lettre dit si elle vient bien de vous.\n\n"
        "Une fois l’envoi terminé, la liste des patients n’est plus nécessaire. L’effacer n’efface ni les "
        "comptes, ni les preuves."
    )

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(campaign_file, desk, parent)
        self.empty_label = QLabel(
            "Rien pour le moment. Le dossier se remplit dès que la première lettre part ou s’imprime.",
            self,
        )
        self.empty_label.setWordWrap(True)
        self.balance_box = BalanceBox(self)
        self.returns_box = ReturnsBox(self)
        self.returns_box.noted.connect(self._show_changes)
        self._build_dossier()
        self._build_purge()
        for widget in (
            self.empty_label,
            self.balance_box,
            self.returns_box,
            self.dossier_box,
            self.purge_box,
        ):
            self.content.addWidget(widget)
        self.content.addStretch(1)

    def _build_dossier(self) -> None:
        self.dossier_box = QGroupBox("Dossier pour la CNIL", self)
        words = QLabel("Registre, comptes, texte envoyé, preuves.", self.dossier_box)
        words.setWordWrap(True)
        self.save_button = QPushButton("Enregistrer le &dossier pour la CNIL…", self.dossier_box)
        self.save_button.setDefault(True)
        self.names_box = QCheckBox("Avec les noms des &patients", self.dossier_box)
        self.bar = QProgressBar(self.dossier_box)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement du dossier")
        self.bar.hide()
        row = QHBoxLayout()
        row.addWidget(self.save_button)
        row.addWidget(self.names_box)
        row.addStretch(1)
        column = QVBoxLayout(self.dossier_box)
        column.addWidget(words)
        column.addLayout(row)
        column.addWidget(self.bar)
        self.save_button.clicked.connect(self._ask_where)

    def _build_purge(self) -> None:
        self.purge_box = QGroupBox("Données des patients", self)
        self.purge_label = QLabel(self.purge_box)
        self.purge_label.setWordWrap(True)
        self.purge_button = QPushButton("Clore et e&ffacer la liste…", self.purge_box)
        row = QHBoxLayout()
        row.addWidget(self.purge_button)
        row.addStretch(1)
        column = QVBoxLayout(self.purge_box)
        column.addWidget(self.purge_label)
        column.addLayout(row)
        self.purge_button.clicked.connect(self._ask_purge)

    @override
    def load(self) -> None:
        balance = self.campaign_file.balance()
        begun = has_begun(balance)
        self.empty_label.setVisible(not begun)
        for box in (self.balance_box, self.returns_box, self.dossier_box, self.purge_box):
            box.setVisible(begun)
        if not begun:
            return
        self.balance_box.show_balance(balance)
        self.returns_box.load()
        self._show_purge()

    # the dossier

    def _ask_where(self) -> None:
        if self.is_busy():
            return
        name = self.campaign_file.campaign.name
        self.desk.files.save_file(
            self,
            "Où enregistrer le dossier\u202f?",
            paths.documents_dir() / f"Dossier CNIL {name}",
            self.save_dossier,
        )

    def save_dossier(self, folder: Path) -> None:
        """Write the whole dossier into ``folder``."""
        with_names, clock = self.names_box.isChecked(), self.desk.clock

        def work(campaign_file: CampaignFile, control: Control) -> Iterator[object]:
            yield from write_dossier(
                campaign_file, folder, with_names=with_names, control=control, clock=clock
            )

        job = self.new_job("Dossier pour la CNIL", work)
        job.progressed.connect(self._follow_dossier)
        job.finished.connect(self._end_dossier)
        if self.begin(job):
            self.bar.setRange(0, 0)
            self.bar.show()
            self.save_button.setEnabled(False)

    def _follow_dossier(self, event: object) -> None:
        if isinstance(event, DossierProgress):
            self.bar.setRange(0, event.total)
            self.bar.setValue(event.done)
        elif isinstance(event, Dossier):
            self.campaign_file.set_setting(EVIDENCE_SAVED, "1")
            folder, pdf = str(event.folder), str(event.pdf)
            self.message_bar.show_message(
                Meaning.DONE,
                f"Le dossier est enregistré dans «\u00a0{event.folder.name}\u00a0»\u00a0: "
                f"{count(len(event.files), 'fichier')}.",
                [
                    MessageAction("Ouvrir le dossier", lambda: open_path(folder)),
                    MessageAction("Ouvrir le PDF", lambda: open_path(pdf)),
                ],
            )

    def _end_dossier(self) -> None:
        self.bar.hide()
        self.save_button.setEnabled(True)
        self._show_changes()

    # forgetting

    def _show_purge(self) -> None:
        purged = self.campaign_file.setting(PURGED_SETTING)
        if purged:
            day = datetime.fromisoformat(purged).astimezone(PARIS).date()
            self.purge_label.setText(
                f"La liste a été effacée le {date_long(day)}. Les comptes et les preuves restent."
            )
        elif self.campaign_file.setting(CLOSED_SETTING):
            self.purge_label.setText("Cet envoi est clos. La liste des patients peut être effacée.")
        else:
            self.purge_label.setText(
                "La liste n’est plus nécessaire une fois l’envoi clos. La preuve reste, sans les noms."
            )
        self.purge_button.setVisible(not purged)
        self.names_box.setVisible(not purged)

    def _ask_purge(self) -> None:
        if self.is_busy():
            return
        balance = self.campaign_file.balance()
        left = balance.count(*_LEFT_TO_DO) + balance.not_planned
        dialog = PurgeDialog(
            balance.total,
            f"{count(left, 'lettre n’est pas réglée', 'lettres ne sont pas réglées')}\u00a0: "
            f"{'elle ne partira' if left == 1 else 'elles ne partiront'} plus."
            if left
            else "",
            evidence_saved=self.campaign_file.setting(EVIDENCE_SAVED) == "1",
            parent=self,
        )
        dialog.confirmed.connect(self._ask_certificate)
        dialog.open()

    def _ask_certificate(self) -> None:
        today: date = self.desk.clock.now().astimezone(PARIS).date()
        self.desk.files.save_file(
            self,
            "Où enregistrer le certificat d’effacement\u202f?",
            paths.documents_dir() / f"Certificat d’effacement {today.isoformat()}.pdf",
            self.purge_names,
        )

    def purge_names(self, certificate: Path) -> None:
        """Erase the names, change the key, write the certificate; the campaign file is a new one."""
        if self.is_busy():
            return
        with self.showing_errors():
            fresh, result = purge(
                self.campaign_file, self.desk.credentials, certificate, clock=self.desk.clock
            )
            dialog = ShowRecoveryCode(
                fresh.campaign.name,
                result.recovery_code,
                has_keyring=self.desk.has_keyring,
                parent=self.window(),
            )
            self.campaign_file = fresh
            self.campaign_replaced.emit(fresh)  # this page is built again: the question outlives it
            dialog.open()

    def _show_changes(self) -> None:
        self.load()
        self.changed.emit()
