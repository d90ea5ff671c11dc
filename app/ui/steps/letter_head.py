"""Which text is edited, and its two subjects: the e-mail's and the paper's."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.letters.catalogue import LetterTemplate, load
from app.ui.widgets.template_names import names_of
from app.ui.widgets.template_text import TemplateText

_LONGEST_SUBJECT = 120


class LetterHead(QWidget):
    """Signals go out only for what the user does.

    Signals:
        edited: a subject was typed in.
        chosen(str): another text is wanted.
    """

    edited = Signal()
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = TemplateText({})
        self.template_box = QComboBox(self)
        self.template_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.template_box.setMinimumContentsLength(20)
        self.model_label = QLabel("&Modèle", self)
        self.model_label.setBuddy(self.template_box)
        self.subject_edit = QLineEdit(self)
        self.paper_subject_edit = QLineEdit(self)
        email_label = QLabel("&Objet du courriel", self)
        paper_label = QLabel("Objet du cou&rrier", self)
        subjects = QHBoxLayout()
        for label, edit in (
            (email_label, self.subject_edit),
            (paper_label, self.paper_subject_edit),
        ):
            edit.setMaxLength(_LONGEST_SUBJECT)
            edit.textEdited.connect(lambda _text: self.edited.emit())
            label.setBuddy(edit)
            subjects.addWidget(label)
            subjects.addWidget(edit, 1)
        models = QHBoxLayout()
        models.addWidget(self.model_label)
        models.addWidget(self.template_box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(models)
        column.addLayout(subjects)
        self.template_box.activated.connect(
            lambda place: self.chosen.emit(str(self.template_box.itemData(place)))
        )

    @property
    def template_ids(self) -> list[str]:
        """Texts that can be chosen."""
        return [str(self.template_box.itemData(i)) for i in range(self.template_box.count())]

    def list_templates(self, ids: Sequence[str], shown: str) -> None:
        """Offer these texts; a single one needs no choice."""
        self.template_box.clear()
        for template_id in ids:
            self.template_box.addItem(load().template(template_id).title, template_id)
        for widget in (self.model_label, self.template_box):
            widget.setVisible(len(ids) > 1)
        self.choose(shown)

    def choose(self, template_id: str) -> None:
        """Show the name of this text."""
        self.template_box.setCurrentIndex(self.template_box.findData(template_id))

    def show_subjects(self, template: LetterTemplate) -> None:
        """Put the template's subjects into the fields."""
        self._names = TemplateText(names_of(template))
        self.subject_edit.setText(self._names.to_shown(template.subject_email))
        self.paper_subject_edit.setText(self._names.to_shown(template.subject_paper))

    def subjects(self) -> tuple[str, str]:
        """The e-mail's and the paper's, as the template holds them."""
        email, paper = (
            self._names.to_source(edit.text().strip())
            for edit in (self.subject_edit, self.paper_subject_edit)
        )
        return email, paper
