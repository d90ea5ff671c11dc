"""After the printer: « postées le … », and letters that come back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.core.campaign import Channel, Delivery, DeliveryStatus, read_letter_code
from app.storage.campaign_file import CampaignFile


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """Letters of one printed file that wait to be posted."""

    sha256: str
    file_name: str
    printed_at: datetime
    letters: int
    waiting: int


def mark_posted(
    campaign_file: CampaignFile,
    posted_on: date,
    now: datetime,
    *,
    sha256: str = "",
    delivery_ids: Iterable[int] | None = None,
    run: int | None = None,
) -> int:
    """PRINTED → POSTED for one printed file (``sha256``), for given letters, or for all printed ones; how many.

    ``posted_on`` is the day on which the practice gave them to the post, as the user says.
    """
    wanted = None if delivery_ids is None else set(delivery_ids)
    printed = [
        letter.id
        for letter in campaign_file.deliveries(
            DeliveryStatus.PRINTED, channel=Channel.PAPER, run=run
        )
        if (not sha256 or letter.sha256 == sha256) and (wanted is None or letter.id in wanted)
    ]
    if not printed:
        return 0
    facts: dict[str, str | int] = {"posted_on": posted_on.isoformat(), "letters": len(printed)}
    if sha256:
        facts["sha256"] = sha256
    with campaign_file.transaction():
        campaign_file.append_event("letters_posted", facts, now)
        for delivery_id in printed:
            campaign_file.move(delivery_id, DeliveryStatus.POSTED, now=now)
    return len(printed)


def find_by_code(campaign_file: CampaignFile, typed: str) -> Delivery | None:
    """The letter whose code was scanned or typed; None when the code is mistyped or not of this campaign."""
    code = read_letter_code(typed)
    return None if code is None else campaign_file.delivery_by_code(code)
