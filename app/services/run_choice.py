"""Which run the window sends: the earliest that still has e-mails to send, else the current one.

After a follow-up letter was prepared, letters of the first run may still wait (a late « la renvoyer » of an
uncertain letter, a run stopped half-way): they leave first, with the content frozen for them.
"""

from app.core.campaign import Channel, DeliveryStatus
from app.storage.campaign_file import CampaignFile

_WAITING = (DeliveryStatus.PENDING, DeliveryStatus.DEFERRED, DeliveryStatus.OPEN)


def run_to_send(campaign_file: CampaignFile) -> int:
    """Number of the run."""
    current = campaign_file.current_run
    for run in range(1, current):
        counts = campaign_file.delivery_counts(run)
        if any(counts.get((Channel.EMAIL, status)) for status in _WAITING):
            return run
    return current
