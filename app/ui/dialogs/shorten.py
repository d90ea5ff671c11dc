"""« Finir plus tôt »: a part of the letters goes by post, the rest ends sooner by e-mail."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QWidget

from app.services.sending_plan import SendingPlan, ShorterPlan
from app.ui.dialogs.question import QuestionDialog
from app.ui.sending_words import about, shorter_words
from app.wording.french import NBSP, count


class ShortenDialog(QuestionDialog):
    """One radio button per way; the first changes nothing.

    Signals:
        chosen(ShorterPlan): the letters to give to the post.
    """

    chosen = Signal(object)

    def __init__(
        self,
        plan: SendingPlan,
        choices: Sequence[ShorterPlan],
        now: datetime,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Finir plus tôt\u202f?",
            "Votre hébergeur limite le nombre de courriels. Les personnes de la fin de la liste qui ont une "
            "adresse postale peuvent recevoir leur lettre par courrier. Vous pourrez revenir sur ce choix "
            "tant que les lettres ne sont pas imprimées.",
            parent,
        )
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 72)
        days = count(plan.days, "jour")
        self.same_button = QRadioButton(
            f"Tout par courriel{NBSP}: en {days} (fin {about(plan.end, now)})", self
        )
        self.same_button.setChecked(True)
        self.body.addWidget(self.same_button)
        self.choice_buttons: list[QRadioButton] = []
        for choice in choices:
            button = QRadioButton(shorter_words(choice, now), self)
            self.body.addWidget(button)
            self.choice_buttons.append(button)
        self._choices = tuple(choices)
        self.accept_button = self.add_accept("Appliquer ce choix", default=False)
        self.add_reject("Ne rien changer", default=True)
        self.accepted.connect(self._tell)

    def _tell(self) -> None:
        for button, choice in zip(self.choice_buttons, self._choices, strict=True):
            if button.isChecked():
                self.chosen.emit(choice)
