"""The right half of « La lettre »: one patient after the other, and the letter each will get."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.campaign import Channel
from app.core.channels import plan_channel
from app.core.errors import UserError
from app.core.issue import Issue
from app.letters.checking import LetterChecker
from app.letters.letter import Letter
from app.letters.render import LetterRenderer
from app.services import lettering
from app.services.page_preview import PagePreviewer, planned_delivery
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.widgets.letter_preview import LetterPreview
from app.ui.widgets.patient_navigator import PatientNavigator
from app.wording import explain

_ROAD = {
    Channel.EMAIL: "Cette lettre partira par courriel.",
    Channel.PAPER: "Cette lettre partira par courrier\u00a0: regardez la page à imprimer.",
    Channel.HAND_OVER: "Cette lettre sera remise en main propre\u00a0: regardez la page à imprimer.",
    Channel.NONE: "Cette personne ne recevra pas de lettre.",
}


class LetterReading(QWidget):
    """Navigator, the road of the letter, and the three views of the real rendering."""

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._file = campaign_file
        self._desk = desk
        self._pages = PagePreviewer()
        self._renderer: LetterRenderer | None = None
        self._letter: Letter | None = None
        self.navigator = PatientNavigator(campaign_file, desk.clock, self)
        self.road_label = QLabel(self)
        self.road_label.setWordWrap(True)
        self.preview = LetterPreview(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.navigator)
        column.addWidget(self.road_label)
        column.addWidget(self.preview, 1)

    def show_letter(self, renderer: LetterRenderer) -> str | None:
        """Render the letter of the patient in front; its body, None when there is none to read."""
        self._renderer, self._letter = renderer, None
        key = self.navigator.current
        if not key:
            self.road_label.clear()
            self.preview.show_problem(
                "Choisissez d’abord la liste des patients\u00a0: l’aperçu montrera leurs lettres."
            )
            return None
        person = self._file.recipient(key)
        self.road_label.setText(_ROAD[plan_channel(person).channel])
        delivery = planned_delivery(self._file, person, self._file.current_run)
        try:
            letter = renderer.render(person, delivery.code, Channel.EMAIL)
            maker = self._pages.maker(renderer, person, delivery)
        except UserError as error:
            self.show_problem(error)
            return None
        self._letter = letter
        self.preview.show_letter(
            letter.subject,
            letter.html,
            letter.text,
            maker,
            "L’adresse postale de cette personne est incomplète\u00a0: pas de page à imprimer.",
        )
        return letter.body

    def show_problem(self, error: UserError) -> None:
        """Say why there is no letter."""
        self._letter = None
        self.preview.show_problem(explain(error).one_line())

    def show_remark(self, issue: Issue) -> None:
        """Select the sentence of this patient's letter that raises the same remark."""
        letter, renderer, key = self._letter, self._renderer, self.navigator.current
        if letter is None or renderer is None or not key:
            return
        checker = LetterChecker(renderer, lettering.today(self._desk.clock))
        for found in checker.check(letter, self._file.recipient(key)):
            if found.code == issue.code and found.span is not None and found.column == "body":
                self.preview.show_sentence(letter.body[slice(*found.span)])
                return

    def show_words(self, words: str) -> None:
        """Select these words of ours (a heading, …) in the letter."""
        if self._letter is not None and words:
            self.preview.show_sentence(words)
