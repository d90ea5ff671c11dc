"""Under the text of the letter: the proposed text again, the practice's own wordings, other documents."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.core.recipient import Recipient
from app.letters.catalogue import LetterTemplate
from app.services import lettering
from app.services.companions import is_protected
from app.storage.queries import RecipientQuery
from app.ui.dialogs.companions import CompanionsDialog
from app.ui.dialogs.own_templates import OwnTemplatesDialog
from app.ui.dialogs.question import QuestionDialog
from app.ui.steps.page import StepPage
from app.ui.widgets.flow_layout import FlowLayout

_MOST_FOUND = 20


class LetterTools(QWidget):
    """Three buttons and their dialogs.

    Signals:
        used(LetterTemplate): this wording takes the place of the present one.
        restored: the proposed text is wanted back.
    """

    used = Signal(object)
    restored = Signal()

    def __init__(
        self,
        page: StepPage,
        template: Callable[[], LetterTemplate | None],
        usable_ids: Callable[[], list[str]],
    ) -> None:
        """``template`` gives the wording on the screen; ``usable_ids`` the letters of this campaign."""
        super().__init__(page)
        self._page = page
        self._template, self._usable_ids = template, usable_ids
        self.restore_button = QPushButton("Revenir au texte proposé…", self)
        self.own_button = QPushButton("Modèles du cabinet…", self)
        self.companions_button = QPushButton("Documents d’accompagnement…", self)
        buttons = FlowLayout(self)
        for button in (self.restore_button, self.own_button, self.companions_button):
            buttons.addWidget(button)
        self.restore_button.clicked.connect(self._ask_to_restore)
        self.own_button.clicked.connect(self._show_own_templates)
        self.companions_button.clicked.connect(self._show_companions)

    def _ask_to_restore(self) -> None:
        template = self._template()
        if template is None:
            return
        dialog = QuestionDialog(
            "Revenir au texte proposé\u202f?",
            f"Vos changements dans «\u00a0{template.title}\u00a0» seront perdus.",
            self,
        )
        dialog.add_accept("Revenir au texte proposé", default=False)
        dialog.add_reject("Garder mon texte", default=True)
        dialog.accepted.connect(self.restored)
        dialog.open()

    def _show_own_templates(self) -> None:
        self._page.leave()
        template = self._template()
        if template is None:
            return
        dialog = OwnTemplatesDialog(template, self._usable_ids(), self._page.desk.files, self)
        dialog.used.connect(self.used)
        dialog.open()

    def _show_companions(self) -> None:
        page = self._page
        page.leave()
        with page.showing_errors():
            renderer = lettering.renderer_for(page.campaign_file, clock=page.desk.clock)
            dialog = CompanionsDialog(
                renderer,
                self._people_named,
                page.desk.files,
                self,
                lambda: [p for p in page.campaign_file.recipients() if is_protected(p, renderer)],
            )
            dialog.open()

    def _people_named(self, typed: str) -> list[Recipient]:
        query = RecipientQuery(text=typed)
        return list(self._page.campaign_file.recipients(limit=_MOST_FOUND, query=query))
