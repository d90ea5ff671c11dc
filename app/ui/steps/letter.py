"""Step 3: the text of the letter, its preview for each patient, and what the law asks of it."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.campaign import Channel
from app.core.channels import plan_channel
from app.core.errors import UserError
from app.core.errors.letters import TemplateInvalid
from app.core.issue import Issue, Level
from app.core.letter_checks import point_of
from app.core.recipient import Recipient
from app.core.steps import Missing, Step, has_begun
from app.letters.catalogue import LetterTemplate, load
from app.letters.render import LetterRenderer
from app.services import lettering
from app.services.overview import (
    LETTER_BLOCKING,
    LETTER_PLACE,
    LETTER_SEEN,
    LETTER_TO_CHECK,
    forget_checks,
)
from app.services.page_preview import PagePreviewer, planned_delivery
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery
from app.ui.desk import Desk
from app.ui.dialogs.companions import CompanionsDialog
from app.ui.dialogs.own_templates import OwnTemplatesDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.letter_places import heading_span
from app.ui.steps.page import StepPage
from app.ui.theme import Meaning
from app.ui.widgets.checklist import Checklist
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.letter_preview import LetterPreview
from app.ui.widgets.patient_navigator import PatientNavigator
from app.ui.widgets.readability_line import ReadabilityLine
from app.ui.widgets.template_editor import TemplateEditor
from app.ui.widgets.template_names import insertable_fields, names_of
from app.ui.widgets.template_text import TemplateText
from app.wording import explain
from app.wording.french import count

_AFTER_TYPING_MS = 300
#: below this width (in characters) the preview stands under the editor
_NARROW = 100
_MOST_FOUND = 20
_ROAD = {
    Channel.EMAIL: "Cette lettre partira par courriel.",
    Channel.PAPER: "Cette lettre partira par courrier\u00a0: regardez la page à imprimer.",
    Channel.HAND_OVER: "Cette lettre sera remise en main propre\u00a0: regardez la page à imprimer.",
    Channel.NONE: "Cette personne ne recevra pas de lettre.",
}


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
        self._subject_text = TemplateText({})
        self._counts: dict[tuple[str, Level], int] = {}
        self._pages = PagePreviewer()
        self.template_box = QComboBox(self)
        self.template_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.template_box.setMinimumContentsLength(20)
        self.subject_edit = QLineEdit(self)
        self.subject_edit.setMaxLength(120)
        self.restore_button = QPushButton("Revenir au texte proposé…", self)
        self.own_button = QPushButton("Modèles du cabinet…", self)
        self.companions_button = QPushButton("Documents d’accompagnement…", self)
        self.editor = TemplateEditor(self)
        self.navigator = PatientNavigator(campaign_file, desk.clock, self)
        self.road_label = QLabel(self)
        self.road_label.setWordWrap(True)
        self.preview = LetterPreview(self)
        self.checklist = Checklist(self)
        self.count_label = QLabel(self)
        self.readability_line = ReadabilityLine(self)
        self._typing = QTimer(self, singleShot=True, interval=_AFTER_TYPING_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        self._model_label = QLabel("&Modèle", self)
        self._model_label.setBuddy(self.template_box)
        subject_label = QLabel("&Objet", self)
        subject_label.setBuddy(self.subject_edit)
        top.addWidget(self._model_label)
        top.addWidget(self.template_box, 1)
        top.addWidget(subject_label)
        top.addWidget(self.subject_edit, 1)
        left = QWidget(self)
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.addWidget(self.editor, 1)
        buttons = FlowLayout()
        for button in (self.restore_button, self.own_button, self.companions_button):
            buttons.addWidget(button)
        left_column.addLayout(buttons)
        right = QWidget(self)
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.addWidget(self.navigator)
        right_column.addWidget(self.road_label)
        right_column.addWidget(self.preview, 1)
        sides = self._sides = QSplitter(Qt.Orientation.Horizontal, self)
        sides.setChildrenCollapsible(False)
        sides.addWidget(left)
        sides.addWidget(right)
        sides.setSizes([10_000, 10_000])
        sides.setMinimumHeight(self.fontMetrics().lineSpacing() * 16)
        law = QLabel("&Ce que la loi demande (un clic montre la phrase)", self)
        law.setBuddy(self.checklist)
        law.setWordWrap(True)
        heads = QHBoxLayout()
        heads.addWidget(law, 1)
        heads.addWidget(self.count_label)
        self.checklist.setFixedHeight(self.fontMetrics().lineSpacing() * 7)
        self.content.addLayout(top)
        self.content.addWidget(sides, 1)
        self.content.addLayout(heads)
        self.content.addWidget(self.checklist)
        self.content.addWidget(self.readability_line)

    def _connect(self) -> None:
        self.template_box.activated.connect(self._choose_template)
        self.subject_edit.textEdited.connect(lambda _text: self._typing.start())
        self.editor.edited.connect(self._typing.start)
        self.restore_button.clicked.connect(self._ask_to_restore)
        self.own_button.clicked.connect(self._show_own_templates)
        self.companions_button.clicked.connect(self._show_companions)
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
        self._counts.clear()
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
        edited = replace(
            former,
            source=self.editor.source(),
            subject_email=self._subject_text.to_source(self.subject_edit.text().strip()),
        )
        if edited != former:
            with self.showing_errors():
                self.campaign_file.save_template_text(
                    edited.id, edited.subject_email, edited.source
                )
                forget_checks(self.campaign_file)
                self._template = edited
                self._judge()
                self.changed.emit()

    def _list_templates(self, ids: list[str], shown: str) -> None:
        self.template_box.clear()
        for template_id in ids:
            title = load().template(template_id).title
            self.template_box.addItem(title, template_id)
            if template_id != shown:
                self._note_counts(template_id, self._issues_of(template_id))
        for widget in (self._model_label, self.template_box):
            widget.setVisible(len(ids) > 1)
        self.template_box.setCurrentIndex(ids.index(shown))
        self._show_template(shown)

    def _choose_template(self, place: int) -> None:
        self.leave()
        with self.showing_errors():
            self._show_template(str(self.template_box.itemData(place)))

    def _show_template(self, template_id: str) -> None:
        template = lettering.template_of(self.campaign_file, template_id)
        self._template = template
        self.editor.set_fields(insertable_fields(template), names_of(template))
        self.editor.set_source(template.source)
        self._subject_text = TemplateText(names_of(template))
        self.subject_edit.setText(self._subject_text.to_shown(template.subject_email))
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
        self._mark(issues)
        self._note_counts(template.id, issues)
        self._tell_counts()
        self._show_preview()

    def _issues_of(self, template_id: str) -> list[Issue]:
        template = lettering.template_of(self.campaign_file, template_id)
        try:
            return lettering.check_wording(self.campaign_file, template, self.desk.clock)
        except TemplateInvalid:
            return [Issue("letter_unreadable", Level.BLOCKING)]

    def _show_invalid(self, template: LetterTemplate, error: TemplateInvalid) -> None:
        self.message_bar.show_error(error)
        self.preview.show_problem(explain(error).one_line())
        self.checklist.clear()
        self._note_counts(template.id, [Issue("letter_unreadable", Level.BLOCKING)])
        self.count_label.setText("Le texte ne peut pas être lu")

    def _mark(self, issues: list[Issue]) -> None:
        meanings = {Level.BLOCKING: Meaning.PROBLEM, Level.CHECK: Meaning.ATTENTION}
        self.editor.mark(
            [
                (issue.span, meanings[issue.level])
                for issue in issues
                if issue.span is not None and issue.column == "source" and issue.level in meanings
            ]
        )

    def _note_counts(self, template_id: str, issues: list[Issue]) -> None:
        """Keep the counts of one wording, and their sum for the list of steps."""
        for name, level in ((LETTER_BLOCKING, Level.BLOCKING), (LETTER_TO_CHECK, Level.CHECK)):
            self._counts[template_id, level] = sum(1 for each in issues if each.level is level)
            total = str(sum(n for (_, kept), n in self._counts.items() if kept is level))
            if (self.campaign_file.setting(name) or "0") != total:
                self.campaign_file.set_setting(name, total)
                self.changed.emit()

    def _tell_counts(self) -> None:
        blocking = self.checklist.count_of(Level.BLOCKING)
        to_check = self.checklist.count_of(Level.CHECK)
        if blocking:
            words = f"{count(blocking, 'point')} à corriger"
        elif to_check:
            words = f"{count(to_check, 'point')} à vérifier"
        else:
            words = "Tout y est"
        self.count_label.setText(words)

    def _show_preview(self) -> None:
        renderer, key = self._renderer, self.navigator.current
        if renderer is None:
            return
        if not key:
            self.road_label.clear()
            self.preview.show_problem(
                "Choisissez d’abord la liste des patients\u00a0: l’aperçu montrera leurs lettres."
            )
            return
        person = self.campaign_file.recipient(key)
        self.road_label.setText(_ROAD[plan_channel(person).channel])
        delivery = planned_delivery(self.campaign_file, person)
        try:
            letter = renderer.render(person, delivery.code, Channel.EMAIL)
            maker = self._pages.maker(renderer, person, delivery)
        except UserError as error:
            self.preview.show_problem(explain(error).one_line())
            return
        self.readability_line.show_text(letter.body)
        self.preview.show_letter(
            letter.subject,
            letter.html,
            letter.text,
            maker,
            "L’adresse postale de cette personne est incomplète\u00a0: pas de page à imprimer.",
        )

    def _show_place(self, point: int, issue: Issue | None) -> None:
        if issue is not None and issue.column == "subject":
            self.subject_edit.setFocus()
            self.subject_edit.selectAll()
            return
        in_source = issue is not None and issue.column == "source"
        span = issue.span if issue is not None and in_source else None
        self.editor.show_span(span or heading_span(self.editor.source(), point))

    def _go_to_asked_place(self) -> None:
        """The review asked for the words that raise a remark: show them once."""
        code = self.campaign_file.setting(LETTER_PLACE)
        if not code:
            return
        self.campaign_file.set_setting(LETTER_PLACE, "")
        issue = next((each for each in self.checklist.issues if each.code == code), None)
        self._show_place(point_of(code), issue)

    def _show_own_templates(self) -> None:
        self.leave()
        if self._template is None:
            return
        usable = [str(self.template_box.itemData(i)) for i in range(self.template_box.count())]
        dialog = OwnTemplatesDialog(self._template, usable, self.desk.files, self)
        dialog.used.connect(self._use_own_template)
        dialog.open()

    def _use_own_template(self, template: LetterTemplate) -> None:
        with self.showing_errors():
            self.campaign_file.save_template_text(
                template.id, template.subject_email, template.source
            )
            forget_checks(self.campaign_file)
            self.template_box.setCurrentIndex(self.template_box.findData(template.id))
            self._show_template(template.id)
            self.changed.emit()

    def _show_companions(self) -> None:
        self.leave()
        with self.showing_errors():
            renderer = lettering.renderer_for(self.campaign_file, clock=self.desk.clock)
            CompanionsDialog(renderer, self._people_named, self.desk.files, self).open()

    def _people_named(self, typed: str) -> list[Recipient]:
        query = RecipientQuery(text=typed)
        return list(self.campaign_file.recipients(limit=_MOST_FOUND, query=query))

    def _ask_to_restore(self) -> None:
        template = self._template
        if template is None:
            return
        dialog = QuestionDialog(
            "Revenir au texte proposé\u202f?",
            f"Vos changements dans «\u00a0{template.title}\u00a0» seront perdus.",
            self,
        )
        dialog.add_accept("Revenir au texte proposé", default=False)
        dialog.add_reject("Garder mon texte", default=True)
        dialog.accepted.connect(self._restore)
        dialog.open()

    def _restore(self) -> None:
        template = self._template
        if template is None:
            return
        with self.showing_errors():
            self.campaign_file.drop_template_text(template.id)
            forget_checks(self.campaign_file)
            self._show_template(template.id)
            self.changed.emit()


def _points(template: LetterTemplate) -> list[int]:
    """Checklist points that do not apply to this letter, and those that only the whole run can settle."""
    return [int(point) for point in template.waived or ()]
