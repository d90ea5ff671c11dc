"""Whether the letter to oneself is still to be sent (domain.md §8, point 20)."""

from app.core.campaign import Channel
from app.services.plan_summary import kept_summary
from app.services.trial_letter import TRIAL_SENT_AT
from app.storage.campaign_file import CampaignFile


def trial_sent(campaign_file: CampaignFile, run: int | None = None) -> bool:
    """True when a trial letter was taken, or none is due: a sample, or nothing goes by e-mail."""
    if campaign_file.campaign.is_sample or campaign_file.setting(TRIAL_SENT_AT):
        return True
    counts = campaign_file.delivery_counts(run or campaign_file.current_run)
    if counts:
        return not any(
            number and channel is Channel.EMAIL for (channel, _), number in counts.items()
        )
    summary = kept_summary(campaign_file)
    return summary is not None and not summary.email
