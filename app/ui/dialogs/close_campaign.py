"""« Clore cet envoi »: nothing leaves any more; when to propose erasing the list."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.date_edit import DateEdit


class CloseCampaignDialog(QuestionDialog):
    """Asks for the day from which erasing the names is proposed.

    Signals:
        confirmed(object): the day (datetime.date).
    """

    confirmed = Signal(object)

    def __init__(
        self,
        proposed: date,
        today: date,
        left_to_do: str,
        *,
        is_closed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        text = (
            "La page d’accueil vous le rappellera ce jour-là. Rien ne s’efface tout seul."
            if is_closed
            else "Plus aucune lettre n’en partira. La liste des patients reste, chiffrée, pour répondre aux "
            "appels et aux retours, jusqu’à ce que vous l’effaciez. La page d’accueil vous le rappellera."
        )
        title = "Changer la date" if is_closed else "Clore cet envoi\u202f?"
        super().__init__(title, "\n\n".join(filter(None, (text, left_to_do))), parent)
        self._today = today
        label = QLabel("Proposer d’effacer la liste à partir &du", self)
        self.day_edit = DateEdit(self)
        self.day_edit.show_day(proposed)
        label.setBuddy(self.day_edit.field)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.day_edit)
        row.addStretch(1)
        self.fault_label = QLabel("Écrivez une date à venir, ainsi\u00a0: 12/01/2027.", self)
        self.fault_label.hide()
        self.body.addLayout(row)
        self.body.addWidget(self.fault_label)
        self.accept_button = self.add_accept("Noter la date" if is_closed else "Clore cet envoi")
        self.add_reject("Renoncer")
        self.day_edit.setFocus()

    @override
    def accept(self) -> None:
        day = self.day_edit.day
        if day is None or day < self._today:
            self.fault_label.show()
            self.fit()
            self.day_edit.setFocus()
            return
        self.confirmed.emit(day)
        super().accept()
