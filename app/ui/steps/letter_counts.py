"""How many remarks each text of the campaign's letter raises; their sum is what the list of steps shows."""

from collections.abc import Sequence

from app.core.clock import Clock
from app.core.errors.letters import TemplateInvalid
from app.core.issue import Issue, Level
from app.services import lettering
from app.services.overview import LETTER_BLOCKING, LETTER_TO_CHECK
from app.storage.campaign_file import CampaignFile
from app.wording.french import count

#: stands for everything that a text which cannot be read would raise
UNREADABLE = (Issue("letter_unreadable", Level.BLOCKING),)


class LetterCounts:
    """Counts of one session; the campaign keeps their sums."""

    def __init__(self, campaign_file: CampaignFile, clock: Clock) -> None:
        self._file = campaign_file
        self._clock = clock
        self._counts: dict[tuple[str, Level], int] = {}

    def forget(self) -> None:
        """Another letter was chosen."""
        self._counts.clear()

    def note(self, template_id: str, issues: Sequence[Issue]) -> bool:
        """Keep the counts of one text; True when a sum changed."""
        has_changed = False
        for name, level in ((LETTER_BLOCKING, Level.BLOCKING), (LETTER_TO_CHECK, Level.CHECK)):
            self._counts[template_id, level] = sum(1 for each in issues if each.level is level)
            total = str(sum(n for (_, kept), n in self._counts.items() if kept is level))
            if (self._file.setting(name) or "0") != total:
                self._file.set_setting(name, total)
                has_changed = True
        return has_changed

    def note_unseen(self, template_id: str) -> bool:
        """Check a text that is not on the screen, and keep its counts. Raises UnknownTemplate."""
        template = lettering.template_of(self._file, template_id)
        try:
            issues: Sequence[Issue] = lettering.check_wording(self._file, template, self._clock)
        except TemplateInvalid:
            issues = UNREADABLE
        return self.note(template_id, issues)


def counts_in_words(blocking: int, to_check: int) -> str:
    """« 2 points à corriger », « 1 point à vérifier », « Tout y est »."""
    if blocking:
        return f"{count(blocking, 'point')} à corriger"
    if to_check:
        return f"{count(to_check, 'point')} à vérifier"
    return "Tout y est"
