"""« Données des patients »: closing, forgetting the names, and what can still be asked afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QLabel, QPushButton, QVBoxLayout

from app import paths
from app.core.campaign import DeliveryStatus
from app.core.errors import UserError
from app.services.campaigns import remember
from app.services.clear_exports import delete_export, exports_left
from app.services.clear_text import clear_files, delete_files
from app.services.control import Control
from app.services.due_days import months_later, purge_due_on, set_purge_day
from app.services.evidence_figures import PURGED_SETTING
from app.services.key_change import prepare_code
from app.services.overview import EVIDENCE_SAVED
from app.services.purging import (
    PurgeResult,
    PurgeStep,
    close_campaign,
    is_unfinished,
    purge_steps,
    was_informed,
    write_certificate,
)
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.storage.names import PurgedLetter
from app.ui.dialogs.close_campaign import CloseCampaignDialog
from app.ui.dialogs.purge import PurgeDialog
from app.ui.dialogs.recovery_code import ShowRecoveryCode
from app.ui.dialogs.was_informed import WasInformedDialog
from app.ui.steps.sending_gate import SendingGate
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.whole_file import TellsFailures, WholeFile
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.message_bar import MessageAction
from app.wording.french import PARIS, count, date_long

_LEFT_TO_DO = (
    DeliveryStatus.PENDING,
    DeliveryStatus.DEFERRED,
    DeliveryStatus.PRINTED,
    DeliveryStatus.UNCERTAIN,
)
_PURGE_WORDS: Mapping[object, str] = {
    PurgeStep.ERASE: "Effacement des noms, des adresses et des remarques…",
    PurgeStep.REKEY: "Le reste est recopié avec une nouvelle clé, puis vérifié…",
    PurgeStep.CERTIFY: "Certificat d’effacement…",
}


class NamesBox(QGroupBox):
    """Four states: open, closed, erased, and an erasure that was cut.

    Signals:
        noted: something was saved.
        replaced(CampaignFile): the erasure made another file.
    """

    noted = Signal()
    replaced = Signal(object)

    def __init__(self, page: SendingGate) -> None:
        super().__init__("Données des patients", page)
        self._page = page
        self._shown_code = ""
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.close_button = QPushButton("C&lore cet envoi…", self)
        self.day_button = QPushButton("Changer la da&te…", self)
        self.purge_button = QPushButton("Clore et effacer la li&ste…", self)
        self.finish_button = QPushButton("&Terminer l’effacement", self)
        self.asked_button = QPushButton("«\u00a0M’avez-vous écrit\u202f?\u00a0»…", self)
        self.certificate_button = QPushButton("Certificat d’effacement…", self)
        row = FlowLayout()
        for button in (
            self.close_button,
            self.day_button,
            self.purge_button,
            self.finish_button,
            self.asked_button,
            self.certificate_button,
        ):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(self.label)
        column.addLayout(row)
        self.close_button.clicked.connect(self._ask_close)
        self.day_button.clicked.connect(self._ask_close)
        self.purge_button.clicked.connect(self._ask_purge)
        self.finish_button.clicked.connect(self._ask_place)
        self.asked_button.clicked.connect(self._ask_address)
        self.certificate_button.clicked.connect(self._ask_certificate)

    def load(self) -> None:
        """Say where the list stands and offer what comes next."""
        campaign_file = self._page.campaign_file
        purged = campaign_file.setting(PURGED_SETTING)
        closed = campaign_file.setting(CLOSED_SETTING)
        cut = is_unfinished(campaign_file)
        self.label.setText(self._words(purged, closed, cut=cut))
        self.close_button.setVisible(not closed)
        self.day_button.setVisible(bool(closed and not purged))
        self.purge_button.setVisible(not purged)
        self.purge_button.setText("Effacer la li&ste…" if closed else "Clore et effacer la li&ste…")
        self.finish_button.setVisible(cut)
        self.asked_button.setVisible(bool(purged))
        self.certificate_button.setVisible(bool(purged and not cut))

    def _words(self, purged: str | None, closed: str | None, *, cut: bool) -> str:
        if cut:
            return (
                "L’effacement a été interrompu\u00a0: les noms sont effacés, mais l’ancienne clé est encore en "
                "place. Terminez-le."
            )
        if purged:
            return (
                f"La liste a été effacée le {_day(purged)}. Les comptes et les preuves restent. "
                "Avec l’adresse d’une personne en main, vous pouvez encore lui répondre."
            )
        if closed:
            months = self._page.desk.settings.current.purge_after_months
            due = purge_due_on(self._page.campaign_file, months)
            when = f" L’effacement sera proposé à partir du {date_long(due)}." if due else ""
            return f"Cet envoi est clos depuis le {_day(closed)}. La liste des patients y est encore.{when}"
        return (
            "La liste n’est plus nécessaire une fois l’envoi clos. La preuve reste, sans les noms."
        )

    def _today(self) -> date:
        return self._page.desk.clock.now().astimezone(PARIS).date()

    def _left_to_do(self) -> str:
        balance = self._page.campaign_file.balance()
        left = balance.count(*_LEFT_TO_DO) + balance.not_planned
        if not left:
            return ""
        return (
            f"{count(left, 'lettre n’est pas réglée', 'lettres ne sont pas réglées')}\u00a0: "
            f"{'elle ne partira' if left == 1 else 'elles ne partiront'} plus."
        )

    # closing

    def _ask_close(self) -> None:
        if self._page.is_busy():
            return
        campaign_file, today = self._page.campaign_file, self._today()
        months = self._page.desk.settings.current.purge_after_months
        closed = campaign_file.setting(CLOSED_SETTING) is not None
        due = purge_due_on(campaign_file, months) or months_later(today, months)
        dialog = CloseCampaignDialog(
            max(due, today),
            today,
            "" if closed else self._left_to_do(),
            is_closed=closed,
            parent=self.window(),
        )
        dialog.confirmed.connect(self.close_campaign)
        dialog.open()

    def close_campaign(self, purge_on: date) -> None:
        """Nothing leaves any more; the names stay until they are erased on purpose."""
        page = self._page
        with page.showing_errors():
            set_purge_day(page.campaign_file, purge_on)
            close_campaign(page.campaign_file, page.desk.clock)
            remember(page.campaign_file, page.desk.clock)
            self.noted.emit()

    # erasing

    def _ask_purge(self) -> None:
        if self._page.is_busy():
            return
        campaign_file = self._page.campaign_file
        dialog = PurgeDialog(
            campaign_file.count_recipients(),
            self._left_to_do(),
            evidence_saved=campaign_file.setting(EVIDENCE_SAVED) == "1",
            clear_files=[
                *(str(each.path) for each in exports_left(campaign_file)),
                *(str(each.path) for each in clear_files(campaign_file)),
            ],
            parent=self,
        )
        dialog.confirmed.connect(self._begin_purge)
        dialog.open()

    def _begin_purge(self, with_files: bool) -> None:  # noqa: FBT001 - slot
        """The files in clear first: once the names are gone, nobody knows where they lie."""
        page = self._page
        if with_files:
            try:
                for export in exports_left(page.campaign_file):
                    delete_export(page.campaign_file, export, page.desk.clock)
                left = clear_files(page.campaign_file)
                delete_files(page.campaign_file, left, page.desk.clock.now())
            except UserError as error:
                page.message_bar.show_error(error)
                return
        self._ask_place()

    def _ask_place(self) -> None:
        self._choose_certificate(self.purge_names)

    def _choose_certificate(self, taken: object) -> None:
        if self._page.is_busy() or not callable(taken):
            return
        self._page.desk.files.save_file(
            self,
            "Où enregistrer le certificat d’effacement\u202f?",
            paths.documents_dir() / f"Certificat d’effacement {self._today().isoformat()}.pdf",
            taken,
        )

    def purge_names(self, certificate: Path) -> None:
        """Erase the names, change the key, write the certificate; the campaign file is a new one.

        Without a keyring the new recovery code is shown first: a cut must not leave a file that nobody opens.
        """
        if self._page.is_busy():
            return
        if self._page.desk.has_keyring and self._page.desk.credentials.is_available():
            self._purge(certificate, None)
            return
        code = self._shown_code = prepare_code()
        shown = self._show_code(code)
        shown.accepted.connect(lambda: self._purge(certificate, code))

    def _show_code(self, code: str) -> ShowRecoveryCode:
        campaign_file, desk = self._page.campaign_file, self._page.desk
        dialog = ShowRecoveryCode(
            campaign_file.campaign.name,
            code,
            desk,
            practice_name=campaign_file.practice().name,
            parent=self.window(),
        )
        dialog.open()
        return dialog

    def _purge(self, certificate: Path, code: str | None) -> None:
        page = self._page
        credentials, clock = page.desk.credentials, page.desk.clock

        def work(campaign_file: CampaignFile, _control: Control) -> Iterator[object]:
            yield from purge_steps(campaign_file, credentials, certificate, code=code, clock=clock)

        job = WholeFile(page.campaign_file, page.desk, self.window())
        job.replaced.connect(self._go_on)
        job.kept.connect(self.noted)
        window = self.window()  # this page is gone once the file is replaced
        teller = window if isinstance(window, TellsFailures) else page
        job.failed.connect(teller.show_failure)
        job.start(
            "Effacement de la liste",
            "N’éteignez pas l’ordinateur. En cas de coupure, l’effacement se termine à la prochaine ouverture.",
            _PURGE_WORDS,
            work,
        )

    def _go_on(self, fresh: CampaignFile, result: object) -> None:
        self._page.campaign_file = fresh
        if isinstance(result, PurgeResult) and result.recovery_code != self._shown_code:
            self._show_code(result.recovery_code)  # before this page goes: the question outlives it
        self.replaced.emit(fresh)

    # afterwards

    def _ask_certificate(self) -> None:
        self._choose_certificate(self.save_certificate)

    def save_certificate(self, path: Path) -> None:
        """The certificate once more."""
        page = self._page
        with page.showing_errors():
            write_certificate(page.campaign_file, path)
            page.message_bar.show_message(
                Meaning.DONE,
                f"Le certificat est enregistré dans «\u00a0{path.name}\u00a0».",
                [MessageAction("Ouvrir le certificat", lambda: open_path(str(path)))],
            )

    def _ask_address(self) -> None:
        if self._page.is_busy():
            return
        WasInformedDialog(self._find, self.window()).open()

    def _find(
        self, email: str, last: str, first: str, postcode: str, street: str
    ) -> Sequence[PurgedLetter]:
        return was_informed(
            self._page.campaign_file,
            email=email,
            last_name=last,
            first_name=first,
            postcode=postcode,
            street=street,
        )


def _day(instant: str) -> str:
    return date_long(datetime.fromisoformat(instant).astimezone(PARIS).date())
