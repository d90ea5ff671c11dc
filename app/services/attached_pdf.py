"""The letter's own PDF to go with its e-mail, for practices that want it; text in the message stays the letter."""

from collections.abc import Callable
from datetime import datetime, time

from app.core.campaign import Delivery
from app.core.pacing import PARIS
from app.core.recipient import Recipient
from app.mail.message import Attachment
from app.paper.engine import PaperEngine
from app.services import lettering
from app.services.paper_letters import paper_letter
from app.storage.campaign_file import CampaignFile

_NAME = "lettre.pdf"  # says nothing of the patient


def pdf_attacher(
    campaign_file: CampaignFile, run: int | None = None
) -> Callable[[Recipient, Delivery], Attachment]:
    """Makes the attachment of one letter; one per lane. The same letter gives the same bytes at a resend.

    ``run`` None is the campaign's current one.
    """
    renderer = lettering.renderer_for(campaign_file, run)
    made_at = datetime.combine(renderer.letter_date, time(12), PARIS)
    engine = PaperEngine(campaign_file.practice(), made_at=made_at)

    def attach(recipient: Recipient, delivery: Delivery) -> Attachment:
        return Attachment(_NAME, engine.single(paper_letter(renderer, recipient, delivery)))

    return attach
