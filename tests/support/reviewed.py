"""The review of a campaign, done by code: every letter checked, five read, warnings accepted."""

from datetime import UTC, datetime

from app.core.clock import Clock
from app.services import letter_check
from app.services.letter_warnings import accept, open_warnings, record
from app.services.reading import draw_letters, mark_read
from app.services.trial_letter import TRIAL_SENT_AT
from app.storage.campaign_file import CampaignFile

BY, REASON = "Dr Roux", "Vérifié au cabinet"


def review_everything(campaign_file: CampaignFile, clock: Clock | None = None) -> None:
    """What the review page asks before anything leaves."""
    for event in letter_check.check_all(campaign_file, clock=clock):
        if isinstance(event, letter_check.CheckFinished):
            assert not event.blocking, event.counts
            record(campaign_file, event)
    for letter in draw_letters(campaign_file):
        mark_read(campaign_file, letter.recipient_id, clock)
    campaign_file.set_setting(TRIAL_SENT_AT, datetime(2026, 3, 2, tzinfo=UTC).isoformat())
    accept(campaign_file, open_warnings(campaign_file), BY, REASON, clock)
