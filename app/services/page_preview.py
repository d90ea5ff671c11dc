"""The printed page of one person, before anything is planned or printed."""

from collections.abc import Callable

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.practice import Practice
from app.core.recipient import Recipient
from app.letters.checking import TRIAL_CODE
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.services.paper_letters import block_for, paper_letter
from app.storage.campaign_file import CampaignFile


def planned_delivery(campaign_file: CampaignFile, recipient: Recipient, run: int = 1) -> Delivery:
    """The person's letter with its own code once planned, a draft with the trial code before."""
    letters = [
        each
        for each in campaign_file.deliveries_of(recipient.id)
        if each.run == run and each.status is not DeliveryStatus.REPLACED
    ]
    if letters:
        return letters[-1]
    return Delivery(recipient.id, Channel.PAPER, DeliveryStatus.PENDING, TRIAL_CODE)


class PagePreviewer:
    """Makes single pages; keeps the engine of the practice shown last."""

    def __init__(self) -> None:
        self._practice: Practice | None = None
        self._engine: PaperEngine | None = None

    def maker(
        self, renderer: LetterRenderer, recipient: Recipient, delivery: Delivery
    ) -> Callable[[], bytes] | None:
        """What lays out the page, for another thread; None when the address cannot be printed.

        Raises:
            MissingValue, UnreadableImage.
        """
        block = block_for(renderer, recipient)
        if not block.is_postable:
            return None
        letter = paper_letter(renderer, recipient, delivery, block)
        engine = self._engine_for(renderer.practice)
        return lambda: engine.single(letter)

    def _engine_for(self, practice: Practice) -> PaperEngine:
        if self._engine is None or practice != self._practice:
            self._practice, self._engine = practice, PaperEngine(practice)
        return self._engine
