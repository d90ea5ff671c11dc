"""Step 3: the text of the letter, its preview for each patient, and what the law asks of it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.errors import UserError
from app.core.errors.letters import TemplateInvalid
from app.core.issue import Issue, Level
from app.core.letter_checks import point_of
from app.core.steps import Missing, Step, has_begun
from app.letters.catalogue import LetterTemplate, load
from app.letters.render import LetterRenderer
from app.services import lettering
from app.services.overview import (
    LETTER_PLACE,
    LETTER_SEEN,
    forget_wording,
)
from app.storage.campaign_file import CampaignFile
from app.ui.desk import Desk
from app.ui.steps.letter_counts import UNREADABLE, LetterCounts, counts_in_words
from app.ui.steps.letter_head import LetterHead
from app.ui.steps.letter_places import heading_span, marked_places
from app.ui.steps.letter_reading import LetterReading
from app.ui.steps.letter_tools import LetterTools
from app.ui.steps.page import StepPage
from app.ui.theme import Meaning
from app.ui.widgets.checklist import Checklist
from app.ui.widgets.readability_line import ReadabilityLine
from app.ui.widgets.template_editor import TemplateEditor
from app.ui.widgets.template_names import insertable_fields, names_of

_AFTER_TYPING_MS = 300
#: below this width (in characters) the preview stands under the editor
_NARROW = 100


class LetterPage(StepPage):
    """Editor at the left, preview at the right, checklist below. What is typed is saved after a rest."""

    step = Step.LETTER
    title = "La lettre"
    lead = "Relisez et adaptez. Les mots en couleur seront remplacés pour chaque patient."
    help_text = (
        "Les mots entre accolades, en couleur, sont remplacés pour chaque patient\u00a0: son nom, la date de "
        "l’incident, vos coordonnées. «\u00a0Insérer un mot\u00a0» en ajoute.\n\n"
        "Un passage entre «\u00a0Si …\u00a0» et «\u00a0Fin du passage\u00a0» n’est écrit que si la condition "
        "est remplie.\n\n"
        "L’aperçu montre la vraie lettre\u00a0: le courriel, le texte seul, la page à imprimer. Passez d’un "
        "patient à l’autre avec les flèches, au hasard, ou par «\u00a0Cas difficiles\u00a0».\n\n"
        "«\u00a0Modèles du cabinet…\u00a0» garde vos phrases pour un autre envoi. «\u00a0Documents "
        "d’accompagnement…\u00a0» prépare l’affiche, la page de votre site, le répondeur, les réponses au "
        "téléphone et le SMS.\n\n"
        "«\u00a0Ce que la loi demande\u00a0» relit le texte pendant que vous l’écrivez. Un clic montre la phrase."
    )

    def __init__(
        self, campaign_file: CampaignFile, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(campaign_file, desk, parent)
        self._template: LetterTemplate | None = None
        self._renderer: LetterRenderer | None = None
        self._counts = LetterCounts(campaign_file, desk.clock)
        self.head = LetterHead(self)
        self.editor = TemplateEditor(self)
        self.tools = LetterTools(self, lambda: self._template, lambda: self.head.template_ids)
        self.reading = LetterReading(campaign_file, desk, self)
        self.navigator, self.preview = self.reading.navigator, self.reading.preview
        self.checklist = Checklist(self)
        self.count_label = QLabel(self)
        self.readability_line = ReadabilityLine(self)
        self._typing = QTimer(self, singleShot=True, interval=_AFTER_TYPING_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = QWidget(self)
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.addWidget(self.editor, 1)
        left_column.addWidget(self.tools)
        sides = self._sides = QSplitter(Qt.Orientation.Horizontal, self)
        sides.setChildrenCollapsible(False)
        sides.addWidget(left)
        sides.addWidget(self.reading)
        sides.setSizes([10_000, 10_000])
        sides.setMinimumHeight(self.fontMetrics().lineSpacing() * 16)
        law = QLabel("&Ce que la loi demande (un clic montre la phrase)", self)
        law.setBuddy(self.checklist)
        law.setWordWrap(True)
        heads = QHBoxLayout()
        heads.addWidget(law, 1)
        heads.addWidget(self.count_label)
        self.checklist.setFixedHeight(self.fontMetrics().lineSpacing() * 7)
        self.content.addWidget(self.head)
        self.content.addWidget(sides, 1)
        self.content.addLayout(heads)
        self.content.addWidget(self.checklist)
        self.content.addWidget(self.readability_line)

    def _connect(self) -> None:
        self.head.chosen.connect(self._choose_template)
        self.head.edited.connect(self._typing.start)
        self.editor.edited.connect(self._typing.start)
        self.tools.used.connect(self._use_own_template)
        self.tools.restored.connect(self._restore)
        self._typing.timeout.connect(self.save)
        self.navigator.moved.connect(lambda _key: self._show_preview())
        self.checklist.place_asked.connect(self._show_place)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _NARROW
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self._sides.orientation() != wanted:
            self._sides.setOrientation(wanted)
            self._sides.setSizes([10_000, 10_000])

    @override
    def load(self) -> None:
        self._typing.stop()
        self._counts.forget()
        with self.showing_errors():
            main = load().template(self.campaign_file.incident().template_id)
            ids = [each for each in (main.id, main.annotations_variant) if each]
            shown = self._template.id if self._template is not None else ""
            self._list_templates(ids, shown if shown in ids else main.id)
            self.navigator.load()
            if self.campaign_file.setting(LETTER_SEEN) != "1":
                self.campaign_file.set_setting(LETTER_SEEN, "1")
                self.changed.emit()
        self._go_to_asked_place()
        if has_begun(self.campaign_file.balance(self.campaign_file.current_run)):
            self.message_bar.show_message(
                Meaning.INFORMATION,
                "Des lettres sont déjà parties\u00a0: leur texte ne changera plus. "
                "Ce que vous modifiez ici servira à une lettre de suivi.",
            )

    @override
    def leave(self) -> None:
        self.navigator.rest()
        if self._typing.isActive():
            self.save()

    @override
    def focus_on(self, missing: Missing) -> None:
        self.checklist.setFocus()
        if self.checklist.count():
            self.checklist.setCurrentRow(0)

    def save(self) -> None:
        """Keep the wording when it changed, check it, show it."""
        self._typing.stop()
        former = self._template
        if former is None:
            return
        email, paper = self.head.subjects()
        edited = replace(
            former,
            source=self.editor.source(),
            subject_email=email,
            subject_paper=paper or former.subject_paper,
        )
        if edited != former:
            with self.showing_errors():
                self._keep(edited)
                self._template = edited
                self._judge()
                self.changed.emit()

    def _keep(self, template: LetterTemplate) -> None:
        lettering.save_wording(self.campaign_file, template)
        forget_wording(self.campaign_file)

    def _list_templates(self, ids: list[str], shown: str) -> None:
        for template_id in ids:
            if template_id != shown and self._counts.note_unseen(template_id):
                self.changed.emit()
        self.head.list_templates(ids, shown)
        self._show_template(shown)

    def _choose_template(self, template_id: str) -> None:
        self.leave()
        with self.showing_errors():
            self._show_template(template_id)

    def _show_template(self, template_id: str) -> None:
        template = lettering.template_of(self.campaign_file, template_id)
        self._template = template
        self.editor.set_fields(insertable_fields(template), names_of(template))
        self.editor.set_source(template.source)
        self.head.show_subjects(template)
        self._judge()

    def _judge(self) -> None:
        """Check the wording, note the counts for the list of steps, and show the letter."""
        template = self._template
        if template is None:
            return
        self._renderer = None
        try:
            issues = lettering.check_wording(self.campaign_file, template, self.desk.clock)
            self._renderer = lettering.renderer_with(
                self.campaign_file, template, clock=self.desk.clock
            )
        except TemplateInvalid as error:
            self._show_invalid(template, error)
            return
        except UserError as error:
            self.message_bar.show_error(error)
            return
        self.message_bar.clear()
        self.checklist.show_issues(issues, _points(template))
        self.editor.mark(marked_places(issues))
        self._note_counts(template.id, issues)
        of = self.checklist.count_of
        self.count_label.setText(counts_in_words(of(Level.BLOCKING), of(Level.CHECK)))
        self._show_preview()

    def _show_invalid(self, template: LetterTemplate, error: TemplateInvalid) -> None:
        self.message_bar.show_error(error)
        self.reading.show_problem(error)
        self.checklist.clear()
        self._note_counts(template.id, UNREADABLE)
        self.count_label.setText("Le texte ne peut pas être lu")

    def _note_counts(self, template_id: str, issues: Sequence[Issue]) -> None:
        if self._counts.note(template_id, issues):
            self.changed.emit()

    def _show_preview(self) -> None:
        if self._renderer is not None:
            body = self.reading.show_letter(self._renderer)
            if body is not None:
                self.readability_line.show_text(body)

    def _show_place(self, point: int, issue: Issue | None) -> None:
        """Select the sentence in the text and, when it is there, in the letter of the patient shown."""
        if issue is not None and issue.column == "subject":
            self.head.subject_edit.setFocus()
            self.head.subject_edit.selectAll()
            return
        source = self.editor.source()
        in_source = issue is not None and issue.column == "source"
        span = issue.span if issue is not None and in_source else None
        place = span or heading_span(source, point)
        self.editor.show_span(place)
        if issue is not None and span is not None:
            self.reading.show_remark(issue)
        else:
            self.reading.show_words(source[slice(*place)].lstrip("# "))

    def _go_to_asked_place(self) -> None:
        """The review asked for the words that raise a remark: show them once."""
        code = self.campaign_file.setting(LETTER_PLACE)
        if not code:
            return
        self.campaign_file.set_setting(LETTER_PLACE, "")
        issue = next((each for each in self.checklist.issues if each.code == code), None)
        self._show_place(point_of(code), issue)

    def _use_own_template(self, template: LetterTemplate) -> None:
        with self.showing_errors():
            self._keep(template)
            self.head.choose(template.id)
            self._show_template(template.id)
            self.changed.emit()

    def _restore(self) -> None:
        template = self._template
        if template is None:
            return
        with self.showing_errors():
            self.campaign_file.drop_template_text(template.id)
            forget_wording(self.campaign_file)
            self._show_template(template.id)
            self.changed.emit()


def _points(template: LetterTemplate) -> list[int]:
    """Checklist points that do not apply to this letter, and those that only the whole run can settle."""
    return [int(point) for point in template.waived or ()]
