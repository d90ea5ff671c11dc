"""« Plis retournés: la suite »: write again to a new address, hand over, or give up, letter by letter."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from app.core.recipient import PostalAddress
from app.services.returned_mail import WaitingReturn
from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning
from app.ui.widgets.coloured_words import ColouredWords
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import labelled
from app.wording.french import count
from app.wording.labels_paper import RETURN_REASON
from app.wording.list_places import row_number

_FIELDS = {
    "complement": "&Appartement, chez…",
    "building": "&Résidence, bâtiment",
    "street": "N° et &voie",
    "locality": "&Lieu-dit, BP",
    "postcode": "&Code postal",
    "city": "Vill&e",
    "country": "&Pays (à l’étranger)",
}


class ReturnedDecisionsDialog(QuestionDialog):
    """The list of returned letters, the address of the chosen one, three ways on.

    Args:
        waiting: the letters to decide about, read again after each decision.

    Signals:
        write_asked(int, PostalAddress), hand_over_asked(int), give_up_asked(int): key of the letter. Whoever
            is connected acts, then calls ``show_outcome``.
    """

    write_asked = Signal(int, object)
    hand_over_asked = Signal(int)
    give_up_asked = Signal(int)

    def __init__(
        self, waiting: Callable[[], Sequence[WaitingReturn]], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Plis retournés\u00a0: la suite",
            "Chaque décision est notée dans le dossier.",
            parent,
        )
        self._waiting = waiting
        self._letters: list[WaitingReturn] = []
        self.letters_list = QListWidget(self)
        self.letters_list.setAccessibleName("Plis retournés à décider")
        self.letters_list.setMinimumHeight(self.fontMetrics().lineSpacing() * 5)
        self.letters_list.setMaximumHeight(self.fontMetrics().lineSpacing() * 9)
        self.body.addWidget(self.letters_list)
        self._box = QGroupBox("Nouvelle adresse", self)
        form = QFormLayout(self._box)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.address_edits: dict[str, QLineEdit] = {}
        for name, words in _FIELDS.items():
            edit = QLineEdit(self._box)
            edit.setMaxLength(120)
            labelled(form, words, edit)
            self.address_edits[name] = edit
        self.body.addWidget(self._box)
        self.outcome_words = ColouredWords(self)
        self.body.addWidget(self.outcome_words)
        self.write_button = QPushButton("Écr&ire à cette adresse", self)
        self.hand_button = QPushButton("Re&mettre en main propre", self)
        self.give_up_button = QPushButton("Re&noncer à joindre cette personne", self)
        for button in (self.write_button, self.hand_button, self.give_up_button):
            button.setAutoDefault(False)
        self.body.addLayout(flow(self.write_button, self.hand_button, self.give_up_button))
        self.add_reject("Fermer")
        self.make_scrollable()
        self.letters_list.currentRowChanged.connect(lambda _row: self._show_address())
        self.write_button.clicked.connect(self._write)
        self.hand_button.clicked.connect(lambda: self._act(self.hand_over_asked.emit))
        self.give_up_button.clicked.connect(lambda: self._act(self.give_up_asked.emit))
        self.read()
        self.show_whole()

    def read(self) -> None:
        """Show the letters that still wait, the same place chosen."""
        place = max(self.letters_list.currentRow(), 0)
        self._letters = list(self._waiting())
        self.letters_list.clear()
        for one in self._letters:
            self.letters_list.addItem(
                QListWidgetItem(
                    f"{one.recipient.display_name}, ligne {row_number(one.recipient.row)}\u00a0: "
                    f"{RETURN_REASON[one.reason.value]}"
                )
            )
        self.letters_list.setCurrentRow(min(place, len(self._letters) - 1))
        has_any = bool(self._letters)
        for widget in (
            self._box, self.write_button, self.hand_button, self.give_up_button, self.letters_list
        ):  # fmt: skip
            widget.setEnabled(has_any)
        self.text_label.setText(
            f"{count(len(self._letters), 'pli attend', 'plis attendent')} une décision. "
            "Chacune est notée dans le dossier."
            if has_any
            else "Aucun pli retourné n’attend de décision."
        )
        self._show_address()

    def show_outcome(self, words: str, *, done: bool) -> None:
        """What came of the decision; when done the next letter is shown."""
        if done:
            self.read()
        self.outcome_words.show_words(Meaning.DONE if done else Meaning.PROBLEM, words)

    @property
    def address(self) -> PostalAddress:
        """The address typed."""
        return PostalAddress(**{name: e.text().strip() for name, e in self.address_edits.items()})

    @property
    def _chosen(self) -> WaitingReturn | None:
        row = self.letters_list.currentRow()
        return self._letters[row] if 0 <= row < len(self._letters) else None

    def _show_address(self) -> None:
        chosen = self._chosen
        for name, edit in self.address_edits.items():
            edit.setText(getattr(chosen.recipient.address, name) if chosen else "")

    def _write(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        if self.address == chosen.recipient.address:
            self.show_outcome(
                "Le pli est revenu de cette adresse. Écrivez la nouvelle, ou choisissez une autre suite.",
                done=False,
            )
            self.address_edits["street"].setFocus()
            return
        self.write_asked.emit(chosen.delivery.id, self.address)

    def _act(self, tell: Callable[[int], object]) -> None:
        chosen = self._chosen
        if chosen is not None:
            tell(chosen.delivery.id)
