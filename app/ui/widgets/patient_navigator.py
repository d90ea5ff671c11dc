"""Moving through the patients of a preview: before, after, « Au hasard », a search, the difficult cases."""

import secrets
from array import array
from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core.clock import Clock
from app.core.difficult_cases import Difficulty, difficult_cases
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery
from app.wording.french import number

DIFFICULTY: Mapping[Difficulty, str] = {
    Difficulty.LONGEST_NAME: "Le nom le plus long",
    Difficulty.MINOR: "Un mineur",
    Difficulty.PROTECTED: "Une personne protégée",
    Difficulty.NO_CIVILITY: "Sans civilité",
    Difficulty.ACCENTS: "Un nom avec des accents",
    Difficulty.ANNOTATIONS: "Un dossier avec annotations",
    Difficulty.LONGEST_ADDRESS: "L’adresse la plus longue",
    Difficulty.ABROAD: "Une adresse à l’étranger",
    Difficulty.NO_ADDRESS: "Sans adresse complète",
}
#: looked through for difficult cases: a large list holds them all in its first thousands
_LOOKED_THROUGH = 5_000


class PatientNavigator(QWidget):
    """Chooses one of the people who get a letter.

    Signals:
        moved(int): key of the recipient to show; 0 when nobody is found.
    """

    moved = Signal(int)

    def __init__(
        self, campaign_file: CampaignFile, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._file = campaign_file
        self._clock = clock
        self._ids: array[int] = array("q")
        self._place = 0
        self.back_button = self._arrow(Qt.ArrowType.LeftArrow, "Patient précédent")
        self.next_button = self._arrow(Qt.ArrowType.RightArrow, "Patient suivant")
        self.name_label = QLabel(self)
        self.name_label.setTextFormat(Qt.TextFormat.PlainText)
        self.name_label.setWordWrap(True)
        self.random_button = QPushButton("Au &hasard", self)
        self.search_edit = QLineEdit(self)
        self.search_edit.setPlaceholderText("Chercher un patient")
        self.search_edit.setAccessibleName("Chercher un patient")
        self.search_edit.setClearButtonEnabled(True)
        self.cases_box = QComboBox(self)
        self.cases_box.setAccessibleName("Cas difficiles")
        self.cases_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.cases_box.setMinimumContentsLength(12)
        self._timer = QTimer(self, singleShot=True, interval=200)
        self._lay_out()
        self.back_button.clicked.connect(lambda: self._step(-1))
        self.next_button.clicked.connect(lambda: self._step(1))
        self.random_button.clicked.connect(self.go_random)
        self.search_edit.textChanged.connect(lambda _text: self._timer.start())
        self.cases_box.activated.connect(self._go_to_case)
        self._timer.timeout.connect(self._search)

    def _arrow(self, sign: Qt.ArrowType, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setArrowType(sign)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self.back_button)
        first.addWidget(self.next_button)
        first.addWidget(self.name_label, 1)
        first.addWidget(self.random_button)
        second = QHBoxLayout()
        second.addWidget(self.search_edit, 1)
        second.addWidget(self.cases_box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(first)
        layout.addLayout(second)

    @property
    def current(self) -> int:
        """Key of the recipient shown, 0 when there is none."""
        return self._ids[self._place] if self._ids else 0

    def load(self) -> None:
        """Read the list again; stay on the same person when they are still there."""
        former = self.current
        self._read()
        if former in self._ids:
            self._place = self._ids.index(former)
        self._list_cases()
        self._tell()

    def rest(self) -> None:
        """Forget a search that waits: the campaign may be closed next."""
        self._timer.stop()

    def go_random(self) -> None:
        """Somebody drawn among those found."""
        if self._ids:
            self._place = secrets.randbelow(len(self._ids))
        self._tell()

    def go_to(self, recipient_id: int) -> None:
        """This person, all others within reach of the arrows again."""
        if self.search_edit.text():
            self.search_edit.clear()
            self._timer.stop()
            self._read()
        if recipient_id in self._ids:
            self._place = self._ids.index(recipient_id)
        self._tell()

    def _read(self) -> None:
        query = RecipientQuery(text=self.search_edit.text(), excluded=False)
        self._ids = array("q", self._file.recipient_ids(query))
        self._place = 0

    def _search(self) -> None:
        self._read()
        self._tell()

    def _step(self, by: int) -> None:
        if self._ids:
            self._place = (self._place + by) % len(self._ids)
        self._tell()

    def _list_cases(self) -> None:
        people = self._file.recipients(limit=_LOOKED_THROUGH)
        self.cases_box.clear()
        self.cases_box.addItem("Cas difficiles", 0)
        for case in difficult_cases(people, self._clock.now().date()):
            self.cases_box.addItem(DIFFICULTY[case.difficulty], case.recipient_id)
        self.cases_box.setEnabled(self.cases_box.count() > 1)

    def _go_to_case(self, place: int) -> None:
        recipient_id = int(self.cases_box.itemData(place))
        if recipient_id:
            self.go_to(recipient_id)

    def _tell(self) -> None:
        if not self._ids:
            self.name_label.setText(
                "Personne ne correspond" if self.search_edit.text() else "Aucun patient"
            )
        else:
            person = self._file.recipient(self.current)
            self.name_label.setText(
                f"{number(self._place + 1)} sur {number(len(self._ids))}\u00a0: {person.display_name}"
            )
        self.moved.emit(self.current)
