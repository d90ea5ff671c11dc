"""« M’aider à choisir… »: one question at a time, then a proposal that the user takes or leaves."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.core.clock import Clock
from app.core.incident import DataCategory, Incident
from app.core.practice import Practice
from app.services.guided_choice import Proposal, next_question, propose
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.guided_pages import AwarenessPage, ProposalPage, QuestionPage

#: detail of the letter → the question that settles it
_SETTLED_BY = {"chiffre": "encrypted", "confirmation_suppression": "deleted"}

#: the smallest window that the program supports
_WIDEST, _TALLEST = 860, 480


class GuidedChoiceDialog(QuestionDialog):
    """Asks, proposes, and hands back the incident once « Utiliser cette proposition » is pressed.

    Args:
        incident: what is known; its answers are proposed again.
        practice: its kind decides who must be told.
        clock: for the time left of the 72 hours.

    Signals:
        taken(Incident): the incident with what the user took of the proposal. Nothing is saved here.
    """

    taken = Signal(object)

    def __init__(
        self, incident: Incident, practice: Practice, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "M’aider à choisir",
            "Quelques questions mènent à une proposition. Rien ne change avant que vous l’acceptiez.",
            parent,
        )
        self._incident, self._practice, self._clock = incident, practice, clock
        self._answers: dict[str, str] = {}
        self._proposal: Proposal | None = None
        self.pages = QStackedWidget(self)
        self.body.addWidget(self.pages, 1)
        self.make_scrollable()
        self.back_button = self.add_other("&Précédent")
        self.next_button = self.add_other("&Continuer")
        self.use_button = self.add_accept("&Utiliser cette proposition")
        self.add_reject("Fermer sans rien changer")
        self.back_button.clicked.connect(self.go_back)
        self.next_button.clicked.connect(self.go_on)
        self.awareness = AwarenessPage(incident.aware_at, clock, self)
        self.pages.addWidget(self.awareness)
        self._advance()
        metrics = self.fontMetrics()
        self.resize(
            min(metrics.averageCharWidth() * 130, _WIDEST),
            min(metrics.lineSpacing() * 33, _TALLEST),
        )

    @property
    def page(self) -> QWidget | None:
        """The question, the moment of awareness or the proposal in front."""
        return self.pages.currentWidget()

    def go_on(self) -> None:
        """Keep the answer and ask what comes next; without an answer, say so."""
        page = self.page
        if isinstance(page, QuestionPage):
            answer = page.answer()
            if not answer:
                page.tell_missing()
                return
            self._answers[page.question_id] = answer
            self._advance()
        elif isinstance(page, AwarenessPage) and page.is_valid():
            self._show_proposal()

    def go_back(self) -> None:
        """The question before, with its answer."""
        page = self.page
        if isinstance(page, ProposalPage):
            self._bring(self.awareness)
        elif self._answers:
            last = list(self._answers)[-1]
            given = self._answers.pop(last)
            self._advance(given)

    @override
    def accept(self) -> None:
        page, proposal = self.page, self._proposal
        if not isinstance(page, ProposalPage) or proposal is None:
            self.go_on()  # Enter in a field
            return
        self.taken.emit(self._filled(proposal, page.categories()))
        super().accept()

    def _advance(self, chosen: str = "") -> None:
        question = next_question(self._answers)
        self._bring(self.awareness if question is None else QuestionPage(question, chosen, self))

    def _show_proposal(self) -> None:
        self._proposal = self._proposed(None)
        page = ProposalPage(self._proposal, self._clock.now(), self)
        page.categories_changed.connect(self._weigh_again)
        self._bring(page)

    def _proposed(self, categories: tuple[DataCategory, ...] | None) -> Proposal:
        known = replace(self._incident, aware_at=self.awareness.moment())
        if categories is not None:
            known = replace(known, categories=categories)
        return propose(self._answers, known, self._practice, self._clock.now())

    def _weigh_again(self) -> None:
        """Other categories, other risk: who must be told may change."""
        page = self.page
        if isinstance(page, ProposalPage):
            page.show_consequences(self._proposed(page.categories()), self._clock.now())

    def _filled(self, proposal: Proposal, categories: tuple[DataCategory, ...]) -> Incident:
        return replace(
            self._incident,
            template_id=proposal.template.id,
            certainty=proposal.certainty,
            categories=categories,
            excluded_categories=tuple(
                each for each in self._incident.excluded_categories if each not in categories
            ),
            aware_at=self.awareness.moment(),
            details=_details(self._incident.details, proposal.details, self._answers),
        )

    def _bring(self, page: QWidget) -> None:
        former = self.page
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        if former is not None and former is not page and former is not self.awareness:
            self.pages.removeWidget(former)
            former.deleteLater()
        ends = isinstance(page, ProposalPage)
        self.back_button.setEnabled(bool(self._answers) or ends)
        self.next_button.setVisible(not ends)
        self.use_button.setVisible(ends)
        self.next_button.setDefault(not ends)
        self.use_button.setDefault(ends)
        page.setFocus()


def _details(
    known: Mapping[str, str], given: Mapping[str, str], answers: Mapping[str, str]
) -> dict[str, str]:
    """Details kept, but those that an answer now denies."""
    kept = {
        name: value for name, value in known.items() if _SETTLED_BY.get(name, "") not in answers
    }
    return {**kept, **given}
