"""One remark in one letter: the letter rendered again, and the place of its sentence."""

from dataclasses import dataclass, replace

from app.core.campaign import Channel, Delivery
from app.core.channels import plan_channel
from app.core.clock import Clock
from app.core.issue import Issue
from app.core.recipient import Recipient
from app.letters.checking import LetterChecker
from app.letters.letter import Letter
from app.letters.render import LetterRenderer
from app.services import lettering
from app.services.page_preview import planned_delivery
from app.storage.campaign_file import CampaignFile


@dataclass(frozen=True, slots=True)
class RemarkInLetter:
    """The letter and its remark; without a span when the sentence has no place."""

    letter: Letter
    issue: Issue
    delivery: Delivery
    renderer: LetterRenderer


def remark_in_letter(
    campaign_file: CampaignFile, person: Recipient, asked: Issue, clock: Clock | None = None
) -> RemarkInLetter:
    """The letter of ``person`` and its remark like ``asked`` (of the same kind, perhaps of another letter).

    Raises:
        MissingValue, TemplateInvalid, UnknownTemplate: the letter cannot be written.
    """
    renderer = lettering.renderer_for(campaign_file, clock=clock)
    delivery = planned_delivery(campaign_file, person, campaign_file.current_run)
    channel = plan_channel(person).channel
    letter = renderer.render(
        person, delivery.code, Channel.EMAIL if channel is Channel.NONE else channel
    )
    found = LetterChecker(renderer, lettering.today(clock)).check(letter, person)
    issue = next((each for each in found if each.code == asked.code), None)
    # what needs the whole list (another patient's name) is not found again in one letter
    return RemarkInLetter(
        letter, issue or replace(asked, row=person.row, span=None), delivery, renderer
    )
