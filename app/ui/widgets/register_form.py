"""What the practice adds to an incident for its register of breaches (GDPR Art. 33(5))."""

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from app.core.register import Cause, Ground, Nature, RegisterEntry
from app.ui.widgets.choices import SeveralChoices
from app.ui.widgets.forms import labelled, small_form
from app.wording.dossier import CAUSE, GROUND_SHORT, NATURE

_MOST = 10_000_000


class RegisterForm(QWidget):
    """Shows a ``RegisterEntry`` and reads it back. ``has_list``: people are counted from the list."""

    def __init__(
        self, entry: RegisterEntry, *, has_list: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._entry = entry
        self.natures = SeveralChoices(NATURE, self)
        self.cause = QComboBox(self)
        for cause, words in CAUSE.items():
            self.cause.addItem(words, cause)
        self.people, self.records = self._numbers(), self._numbers()
        self.people.setSpecialValueText("inconnu")
        self.records.setSpecialValueText("autant que de personnes")
        self.facts, self.effects = self._lines(), self._lines()
        self.cnil_reason = QLineEdit(self)
        self.ground = QComboBox(self)
        self.ground.addItem("Sans objet\u00a0: les personnes sont informées", "")
        for ground, words in GROUND_SHORT.items():
            self.ground.addItem(words, ground.value)
        for box in (self.cause, self.ground):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(24)
        self.ground_note = QLineEdit(self)
        form = small_form(self)
        form.setRowWrapPolicy(form.RowWrapPolicy.WrapAllRows)
        labelled(form, "&Nature de la violation", self.natures, self.natures.first)
        labelled(form, "&Cause", self.cause)
        if has_list:
            self.people.hide()
        else:
            labelled(form, "Nombre de &personnes concernées", self.people)
        labelled(form, "Nombre d’en&registrements (fiches, dossiers)", self.records)
        labelled(form, "&Faits, en quelques phrases, sans nom de patient", self.facts)
        labelled(form, "Conséquences pro&bables", self.effects)
        labelled(form, "&Motif si la CNIL n’a pas été notifiée, ou l’a été tard", self.cnil_reason)
        labelled(form, "Personnes non informées\u00a0: &fondement", self.ground)
        labelled(form, "Précision s&ur ce fondement", self.ground_note)
        self._show(entry)

    def _numbers(self) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(0, _MOST)
        box.setGroupSeparatorShown(True)
        return box

    def _lines(self) -> QPlainTextEdit:
        edit = QPlainTextEdit(self)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(self.fontMetrics().lineSpacing() * 4)
        return edit

    def _show(self, entry: RegisterEntry) -> None:
        self.natures.show_values(entry.natures)
        self.cause.setCurrentIndex(list(CAUSE).index(entry.cause))
        self.people.setValue(entry.people)
        self.records.setValue(entry.records)
        self.facts.setPlainText(entry.facts)
        self.effects.setPlainText(entry.effects)
        self.cnil_reason.setText(entry.cnil_reason)
        chosen = "" if entry.ground is None else entry.ground.value
        self.ground.setCurrentIndex(max(self.ground.findData(chosen), 0))
        self.ground_note.setText(entry.ground_note)

    def entry(self) -> RegisterEntry:
        """What is in the fields."""
        ground = str(self.ground.currentData())
        return RegisterEntry(
            natures=tuple(Nature(each) for each in self.natures.values()),
            cause=Cause(self.cause.currentData()),
            people=self.people.value(),
            records=self.records.value(),
            facts=_text(self.facts),
            effects=_text(self.effects),
            cnil_reason=self.cnil_reason.text().strip(),
            ground=Ground(ground) if ground else None,
            ground_note=self.ground_note.text().strip(),
        )


def _text(edit: QPlainTextEdit) -> str:
    """As typed; Qt's own function would turn no-break spaces into spaces."""
    return edit.document().toRawText().replace("\u2029", "\n").strip()
