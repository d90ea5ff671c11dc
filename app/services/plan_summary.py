"""The plan in figures, for the review: letters by channel, sheets, stamps. Kept until something changes."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.clock import Clock
from app.core.plain_data import from_plain, to_plain
from app.core.recipient import ExclusionReason
from app.core.tariff import estimate
from app.letters.checking import TRIAL_CODE
from app.paper.engine import PaperEngine
from app.services import lettering
from app.services.control import Control
from app.services.paper_letters import paper_letter
from app.services.planning import Plan, PlanOptions, PlanProgress, survey
from app.services.tariffs import load_tariffs
from app.services.trial_letter import specimen
from app.storage.campaign_file import CampaignFile

PLAN_SETTING = "review.plan"
#: cheapest ordinary letter of the tariff table
_TARIFF = "verte"


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """Counts by channel and reason; ``sheets`` and ``stamps_cents`` are for the letters by post."""

    email: int = 0
    paper: int = 0
    hand_over: int = 0
    none: int = 0
    exclusions: Mapping[ExclusionReason, int] = field(default_factory=dict)
    sheets: int = 0
    #: None when some letters are too heavy for the lightest rate
    stamps_cents: int | None = 0

    @property
    def letters(self) -> int:
        """Letters that somebody will receive."""
        return self.email + self.paper + self.hand_over


def summarise(
    campaign_file: CampaignFile,
    options: PlanOptions,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Iterator[PlanProgress | PlanSummary]:
    """Count, lay out one page of each variant, keep the figures; the last event is the summary.

    Raises:
        MissingValue, TemplateInvalid: no letter can be written.
    """
    for event in survey(campaign_file, options, control):
        if isinstance(event, PlanProgress):
            yield event
            continue
        summary = _summary(campaign_file, event, options, clock)
        campaign_file.set_setting(PLAN_SETTING, json.dumps(to_plain(summary)))
        yield summary


def kept_summary(campaign_file: CampaignFile) -> PlanSummary | None:
    """The figures of the last review, None before it."""
    kept = campaign_file.setting(PLAN_SETTING)
    return from_plain(PlanSummary, json.loads(kept)) if kept else None


def _summary(
    campaign_file: CampaignFile, plan: Plan, options: PlanOptions, clock: Clock | None
) -> PlanSummary:
    by_sheets: Counter[int] = Counter()
    for (channel, template_id), letters in plan.by_road.items():
        if channel is Channel.PAPER:
            annotated = template_id == options.annotations_template_id != ""
            by_sheets[_sheets(campaign_file, clock, with_annotations=annotated)] += letters
    postage = estimate(load_tariffs(), _TARIFF, by_sheets)
    return PlanSummary(
        email=plan.count(Channel.EMAIL),
        paper=plan.count(Channel.PAPER),
        hand_over=plan.count(Channel.HAND_OVER),
        none=plan.count(Channel.NONE),
        exclusions=dict(plan.exclusions),
        sheets=postage.sheets,
        stamps_cents=None if postage.unpriced else postage.cents,
    )


def _sheets(campaign_file: CampaignFile, clock: Clock | None, *, with_annotations: bool) -> int:
    """Sheets of a specimen of this variant: the patients' own letters differ by a line at most."""
    renderer = lettering.renderer_for(campaign_file, clock=clock)
    person = specimen(with_annotations=with_annotations)
    draft = Delivery(0, Channel.PAPER, DeliveryStatus.PENDING, TRIAL_CODE)
    engine = PaperEngine(renderer.practice)
    _, pages = engine.single_with_pages(paper_letter(renderer, person, draft))
    return (pages + 1) // 2
