"""What must be true before anything leaves: asked again at each press, said in words."""

from app.core.steps import LETTERS_TO_READ, Step
from app.services import reading
from app.services.overview import LETTERS_BLOCKING, WARNINGS_OPEN
from app.services.trial_due import trial_sent
from app.storage.campaign_file import CLOSED_SETTING
from app.ui.steps.page import StepPage
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording.french import count


class SendingGate(StepPage):
    """A page from which letters leave."""

    def is_busy(self) -> bool:
        """True while a Job runs; says which."""
        running = self.desk.jobs.current
        if running is None:
            return False
        self.message_bar.show_message(
            Meaning.ATTENTION,
            f"«\u00a0{running.title}\u00a0» n’est pas terminé. Attendez sa fin, ou arrêtez-le.",
        )
        return True

    def is_ready(self) -> bool:
        """True when letters may leave; else the bar says what is missing and leads there."""
        if self.is_busy():
            return False
        if self.campaign_file.setting(CLOSED_SETTING) is not None:
            self.message_bar.show_message(
                Meaning.ATTENTION, "Cet envoi est clos\u00a0: plus aucune lettre n’en part."
            )
            return False
        missing = self._missing()
        if missing:
            self.message_bar.show_message(
                Meaning.ATTENTION,
                missing,
                [
                    MessageAction(
                        "Aller à la relecture", lambda: self.step_requested.emit(Step.REVIEW)
                    )
                ],
            )
            return False
        return True

    def _missing(self) -> str:
        checked = self.campaign_file.setting(LETTERS_BLOCKING)
        if not checked:
            return "La liste ou le texte a changé\u00a0: les lettres doivent être contrôlées de nouveau."
        if checked != "0":
            return f"{count(int(checked), 'remarque doit', 'remarques doivent')} d’abord être corrigées."
        drawn = reading.drawn_letters(self.campaign_file)
        unread = sum(not letter.is_read for letter in drawn)
        if unread or not drawn:
            return f"Lisez d’abord {count(unread or LETTERS_TO_READ, 'lettre')} tirées au hasard."
        has_account = self.desk.settings.current.account is not None
        if has_account and not trial_sent(self.campaign_file):
            return "Recevez d’abord vous-même une lettre d’essai."
        if (self.campaign_file.setting(WARNINGS_OPEN) or "0") != "0":
            return "Des avertissements attendent encore un nom et une raison."
        return ""
