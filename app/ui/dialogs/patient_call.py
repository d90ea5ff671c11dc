"""« Un patient appelle »: is this letter ours, what does it concern, what to answer; the call is counted."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from app.core.practice import Practice
from app.core.questions import Question
from app.letters.catalogue import load
from app.services.patient_calls import CallAnswer, FoundLetter
from app.ui.dialogs.question import QuestionDialog
from app.wording import calls
from app.wording.dossier import QUESTION
from app.wording.french import date_time
from app.wording.labels import CHANNEL, STATUS
from app.wording.list_places import row_number

_KEY = Qt.ItemDataRole.UserRole


class PatientCallDialog(QuestionDialog):
    """One field, what was found, the answer to each usual question.

    Args:
        find: looks up a code or a name; its UserErrors are shown by the caller, who then returns None.
        practice: for the number to call back.

    Signals:
        call_counted(object, int): the Question, and the key of the letter (0 without one).
    """

    call_counted = Signal(object, int)

    def __init__(
        self,
        find: Callable[[str], CallAnswer | None],
        practice: Practice,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Un patient appelle",
            "Demandez le code imprimé sur la lettre, par exemple «\u00a07K3M-9QXA-P\u00a0». "
            "Sans code, cherchez par le nom.",
            parent,
        )
        self._find, self._practice = find, practice
        self._letters: Sequence[FoundLetter] = ()
        label = QLabel("&Code ou nom", self)
        self.typed_edit = QLineEdit(self)
        self.typed_edit.setMaxLength(80)
        label.setBuddy(self.typed_edit)
        self.typed_edit.installEventFilter(self)
        self.find_button = QPushButton("C&hercher", self)
        self.find_button.setAutoDefault(False)
        self.outcome_label = self._words()
        self.found_list = QListWidget(self)
        self.found_list.setAccessibleName("Lettres trouvées")
        self.found_list.setTabKeyNavigation(False)
        self.found_list.setMaximumHeight(self.fontMetrics().lineSpacing() * 5)
        self.found_list.setWordWrap(True)
        self.found_list.hide()
        self.facts_label = self._words()
        question_label = QLabel("&Question posée", self)
        self.question_box = QComboBox(self)
        for question in Question:
            self.question_box.addItem(QUESTION[question], question)
        question_label.setBuddy(self.question_box)
        self.answer_label = self._words()
        self.count_button = QPushButton("Co&mpter cet appel", self)
        self.count_button.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.typed_edit, 1)
        row.addWidget(self.find_button)
        asked = QHBoxLayout()
        asked.addWidget(question_label)
        asked.addWidget(self.question_box, 1)
        asked.addWidget(self.count_button)
        self.body.addLayout(row)
        for widget in (self.outcome_label, self.found_list, self.facts_label):
            self.body.addWidget(widget)
        self.body.addLayout(asked)
        self.body.addWidget(self.answer_label)
        self.body.addStretch(1)
        self.add_reject("Fermer")
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 112)
        self.find_button.clicked.connect(self.search)
        self.found_list.currentRowChanged.connect(self._show_letter)
        self.question_box.currentIndexChanged.connect(lambda _place: self._show_answer())
        self.count_button.clicked.connect(self._count)
        self._show_answer()
        self.typed_edit.setFocus()

    def _words(self) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.hide()
        return label

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.typed_edit
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.search()
            return True
        return False

    def search(self) -> None:
        """Look up what was typed and say what is known."""
        typed = self.typed_edit.text().strip()
        if not typed:
            self._say("Écrivez d’abord un code ou un nom.")
            return
        found = self._find(typed)
        self._letters = () if found is None else found.letters
        self.found_list.clear()
        self.facts_label.hide()
        for letter in self._letters:
            QListWidgetItem(_named(letter), self.found_list)
        self.found_list.setVisible(bool(self._letters))
        if found is not None:
            self._say(self._outcome(found))
        if self._letters:
            self.found_list.setCurrentRow(0)
        self.fit()

    def _outcome(self, found: CallAnswer) -> str:
        if found.unknown_code:
            return calls.unknown_code(self._practice)
        if found.mistyped_code:
            return calls.mistyped_code()
        words = []
        if found.too_many:
            words.append(
                "Beaucoup de personnes portent ce nom\u00a0: demandez le code, ou ajoutez le prénom."
            )
        if found.letters:
            words.append(
                "Cette lettre est bien de nous."
                if len(found.letters) == 1
                else "Ces lettres sont bien de nous."
            )
        if found.without_letter:
            rows = ", ".join(
                f"{person.display_name} (ligne {row_number(person.row)})"
                for person in found.without_letter[:5]
            )
            words.append(f"Dans la liste, sans lettre\u00a0: {rows}.")
        if found.nothing:
            words.append("Personne de ce nom n’est dans la liste.")
        return " ".join(words)

    def _say(self, words: str) -> None:
        self.outcome_label.setText(words)
        self.outcome_label.show()
        self.fit()

    def _show_letter(self, row: int) -> None:
        if not 0 <= row < len(self._letters):
            return
        letter = self._letters[row]
        known = load().knowledge.categories
        named = ", ".join(known[each].phrase for each in letter.categories)
        left = "" if letter.has_left else " Elle n’est pas encore partie."
        self.facts_label.setText(f"Données concernées\u00a0: {named or 'voir la lettre'}.{left}")
        self.facts_label.show()
        self.fit()

    def _question(self) -> Question:
        # Qt keeps a member of a StrEnum as a plain text
        return Question(self.question_box.currentData())

    def _show_answer(self) -> None:
        self.answer_label.setText(calls.answer(self._question()))
        self.answer_label.show()
        self.count_button.setText("Co&mpter cet appel")
        self.count_button.setEnabled(True)
        self.fit()

    def _count(self) -> None:
        row = self.found_list.currentRow()
        key = self._letters[row].delivery.id if 0 <= row < len(self._letters) else 0
        self.call_counted.emit(self._question(), key)
        self.count_button.setText("Appel compté")
        self.count_button.setEnabled(False)


def _named(letter: FoundLetter) -> str:
    delivery, person = letter.delivery, letter.recipient
    who = person.display_name if person is not None else "nom effacé"
    when = f", {date_time(delivery.changed_at)}" if delivery.changed_at is not None else ""
    which = " · lettre de suivi" if delivery.run > 1 else ""
    state = f"{CHANNEL[delivery.channel]} · {STATUS[delivery.status]}{when}"
    return f"{delivery.code} · {who} · {state}{which}"
