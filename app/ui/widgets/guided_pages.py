"""What « M’aider à choisir… » shows: one question, the moment of awareness, the proposal."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QTimeEdit, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.incident import DataCategory
from app.letters.catalogue import load
from app.services.guided_choice import Duty, Proposal, Question
from app.ui.theme import Meaning, colour
from app.ui.widgets.choices import OneChoice, SeveralChoices
from app.ui.widgets.date_edit import DateEdit
from app.ui.widgets.forms import boxed, labelled
from app.wording.french import PARIS, count, date_time, duration, read_date_short, typeset
from app.wording.labels import CERTAINTY


class QuestionPage(QWidget):
    """One question and its answers, none chosen unless ``chosen``."""

    def __init__(self, question: Question, chosen: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question_id = question.id
        self.words = _words(question.text, self, is_strong=True)
        labels = {answer.id: answer.text for answer in question.answers}
        self.choice = OneChoice(labels, self)
        self.choice.setAccessibleName(question.text)
        if chosen:
            self.choice.show_value(chosen)
        self._fault = _words("Choisissez d’abord une réponse.", self, meaning=Meaning.PROBLEM)
        self._fault.hide()
        self.choice.edited.connect(self._fault.hide)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.words, self.choice, self._fault):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setFocusProxy(self.choice.button(chosen or question.answers[0].id))

    def answer(self) -> str:
        """The answer chosen, empty when none is."""
        return self.choice.value() if self.choice.is_chosen else ""

    def tell_missing(self) -> None:
        """Say that an answer is needed."""
        self._fault.show()
        self.setFocus()


class AwarenessPage(QWidget):
    """When the practice learnt of it: the start of the 72 hours (GDPR Art. 33(1)); may stay empty."""

    def __init__(self, known: datetime | None, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.words = _words("Quand en avez-vous pris connaissance\u202f?", self, is_strong=True)
        self.day, self.time = DateEdit(self), QTimeEdit(self)
        self.time.setDisplayFormat("HH' h 'mm")
        if known is not None:
            local = known.astimezone(PARIS)
            self.day.show_day(local.date())
            self.time.setTime(QTime(local.hour, local.minute))
        self._fault = _words("", self, meaning=Meaning.PROBLEM)
        self._fault.hide()
        form = QFormLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        layout.addWidget(
            _words(
                "Le délai de 72 heures pour prévenir la CNIL part de ce moment. Laissez la date vide si "
                "vous ne savez pas. Sans heure précise, gardez 00 h 00\u00a0: le délai part du début du jour.",
                self,
            )
        )
        layout.addLayout(form)
        layout.addWidget(self._fault)
        layout.addStretch(1)
        labelled(form, "&Date", self.day, self.day.field)
        labelled(form, "&Heure", self.time)
        self.day.edited.connect(self._fault.hide)
        self.setFocusProxy(self.day.field)

    def moment(self) -> datetime | None:
        """The instant in UTC, None without a date."""
        day, time = self.day.day, self.time.time()
        if day is None:
            return None
        local = datetime(day.year, day.month, day.day, time.hour(), time.minute(), tzinfo=PARIS)
        return local.astimezone(UTC)

    def is_valid(self) -> bool:
        """False, and said, for a date that cannot be read or a moment to come."""
        typed, moment, fault = self.day.field.text().strip(), self.moment(), ""
        # on macOS a click on a button leaves the focus in the field, which has not judged its text yet
        if typed and read_date_short(typed) is None:
            fault = "" if self.day.fault else "Écrivez la date ainsi\u00a0: 12/01/2026."
        elif moment is None or moment <= self._clock.now():
            self._fault.hide()
            return True
        else:
            fault = "Ce moment n’est pas encore passé."
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        self.setFocus()
        return False


class ProposalPage(QWidget):
    """The letter, the data, the risk, whom to tell, what is unknown.

    Signals:
        categories_changed: a box was ticked or unticked; answer with ``show_consequences``.
    """

    categories_changed = Signal()

    def __init__(self, proposal: Proposal, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        known = load().knowledge.categories
        template = proposal.template
        self.letter_label = _words(
            f"{template.title}\n{template.when}\n"
            f"Est-ce établi\u202f? {CERTAINTY[proposal.certainty]}.",
            self,
        )
        self.boxes = SeveralChoices({each: known[each].label for each in proposal.categories}, self)
        self.boxes.show_values(proposal.categories)
        self.boxes.edited.connect(self.categories_changed)
        self.risk_label = _words("", self)
        self.duties_label = _words("", self)
        self.unknown_label = _words("", self)
        # Tab goes through the sentences too: that is how the keyboard scrolls down to them
        for label in (self.letter_label, self.risk_label, self.duties_label, self.unknown_label):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(_words("Notre proposition. Vous décidez.", self, is_strong=True))
        layout.addWidget(boxed("Lettre proposée", self.letter_label))
        if proposal.categories:
            hint = _words(
                "Gardez seulement ce qui est vrai. «\u00a0L’incident\u00a0» permet d’en ajouter.",
                self,
            )
            layout.addWidget(boxed("Données sans doute concernées", hint, self.boxes))
        layout.addWidget(boxed("Risque pour les patients", self.risk_label))
        layout.addWidget(boxed("Qui prévenir", self.duties_label))
        self._unknown_box = boxed("Ce qui reste à savoir", self.unknown_label)
        layout.addWidget(self._unknown_box)
        layout.addStretch(1)
        self.show_consequences(proposal, now)
        if proposal.categories:
            self.setFocusProxy(self.boxes.first)

    def categories(self) -> tuple[DataCategory, ...]:
        """The categories still ticked."""
        return self.boxes.values()

    def show_consequences(self, proposal: Proposal, now: datetime) -> None:
        """Risk, duties and unknown facts of ``proposal``; its letter and its boxes stay."""
        self.risk_label.setText("\n".join([proposal.risk_text, *map(_item, proposal.reasons)]))
        self.duties_label.setText("\n".join(_item(_duty(each, now)) for each in proposal.duties))
        self.unknown_label.setText("\n".join(_item(each.text) for each in proposal.unknown))
        self._unknown_box.setVisible(bool(proposal.unknown))


def _item(text: str) -> str:
    return f"•\u00a0{text}"


def _duty(duty: Duty, now: datetime) -> str:
    if duty.is_done:
        return f"{duty.text} Vous l’avez déjà noté."
    if duty.deadline is None:
        unknown = " Le temps qui reste est inconnu\u00a0: il manque le moment où vous l’avez su."
        return duty.text + (unknown if duty.id == "cnil" else "")
    left = duty.deadline - now
    until = date_time(duty.deadline)
    if left < timedelta(0):
        return f"{duty.text} Le délai a pris fin le {until}."
    # whole hours, never rounded up: « 2 jours » for 42 hours would be too much
    hours = int(left / timedelta(hours=1))
    rest = count(hours, "heure") if hours else duration(left.total_seconds())
    return typeset(f"{duty.text} Il reste {rest}, jusqu’au {until}.")


def _words(
    text: str, parent: QWidget, *, is_strong: bool = False, meaning: Meaning | None = None
) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if is_strong:
        font = label.font()
        font.setBold(True)
        label.setFont(font)
    if meaning is not None:
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, colour(meaning, label.palette()))
        label.setPalette(palette)
    return label
