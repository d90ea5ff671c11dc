"""Step 6: the closing balance, what comes back, what follows, the dossier for the CNIL, forgetting the names."""

from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.core.steps import Step, has_begun
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.steps.evidence_dossier import DossierBox
from app.ui.steps.evidence_follow_up import FollowUpBox
from app.ui.steps.evidence_names import NamesBox
from app.ui.steps.returns_box import ReturnsBox
from app.ui.steps.sending_gate import SendingGate
from app.ui.widgets.balance_box import BalanceBox


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
        "Une lettre de suivi se prépare ici, puis repasse par les mêmes pages. Les premières lettres ne changent "
        "pas.\n\n"
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
        self.follow_up_box = FollowUpBox(self)
        self.dossier_box = DossierBox(self)
        self.names_box = NamesBox(self)
        for box in (self.returns_box, self.follow_up_box, self.dossier_box, self.names_box):
            box.noted.connect(self._show_changes)
        self.names_box.replaced.connect(self.campaign_replaced)
        for widget in (self.empty_label, *self._boxes()):
            self.content.addWidget(widget)
        self.content.addStretch(1)

    def _boxes(self) -> tuple[QWidget, ...]:
        return (
            self.balance_box,
            self.returns_box,
            self.follow_up_box,
            self.dossier_box,
            self.names_box,
        )

    @override
    def load(self) -> None:
        balance = self.campaign_file.balance()
        # during a follow-up everybody may wait for the next letter: the former ones have left all the same
        begun = has_begun(balance) or self.campaign_file.current_run > 1
        self.empty_label.setVisible(not begun)
        for box in self._boxes():
            box.setVisible(begun)
        if not begun:
            return
        self.balance_box.show_balance(balance)
        self.returns_box.load()
        self.follow_up_box.load()
        self.dossier_box.load()
        self.names_box.load()

    def _show_changes(self) -> None:
        self.load()
        self.changed.emit()
