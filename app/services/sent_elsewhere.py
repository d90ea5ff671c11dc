"""Letters written as .eml files and sent with another tool: noted as sent, on the user's word.

Only letters that were written as files and still wait here can be noted; the journal tells how many and how.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.campaign import Channel, DeliveryStatus, Reply
from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled
from app.core.key_ranges import from_ranges, to_ranges
from app.services.control import Control
from app.services.run_choice import run_to_send
from app.storage.campaign_file import CampaignFile

_S = DeliveryStatus
_SETTING = "exports.eml_letters"
_BATCH = 500
#: what stands in the place of a server's answer
_WORD = Reply(250, "sent_elsewhere user")


@dataclass(frozen=True, slots=True)
class NoteProgress:
    """So many letters noted."""

    done: int
    total: int


def remember_written(campaign_file: CampaignFile, delivery_ids: set[int]) -> None:
    """These letters now exist as files."""
    kept = from_ranges(campaign_file.setting(_SETTING) or "")
    campaign_file.set_setting(_SETTING, to_ranges(kept | delivery_ids))


def written_and_waiting(campaign_file: CampaignFile) -> list[int]:
    """Keys of the letters that exist as files and were not sent from here."""
    written = from_ranges(campaign_file.setting(_SETTING) or "")
    if not written:
        return []
    waiting = campaign_file.deliveries(
        _S.PENDING, channel=Channel.EMAIL, run=run_to_send(campaign_file)
    )
    return [letter.id for letter in waiting if letter.id in written]


def note_sent_elsewhere(
    campaign_file: CampaignFile, control: Control | None = None, clock: Clock | None = None
) -> Iterator[NoteProgress | int]:
    """The user says that the other tool sent them all; the last event is their number. One transaction.

    Raises:
        CampaignDoubtful, CampaignClosed: nothing leaves this campaign.
        Cancelled: stopped, and nothing was noted.
    """
    now = (clock or SystemClock()).now()
    keys = written_and_waiting(campaign_file)
    with campaign_file.transaction():
        facts: dict[str, str | int] = {"run": run_to_send(campaign_file), "count": len(keys)}
        if keys:
            campaign_file.append_event("sent_elsewhere", facts, now)
        for done, key in enumerate(keys, start=1):
            campaign_file.move(key, _S.OPEN, now=now)
            campaign_file.move(key, _S.DOT, now=now)
            campaign_file.move(key, _S.ACCEPTED, now=now, reply=_WORD)
            if done % _BATCH == 0:
                if control is not None and not control.wait():
                    raise Cancelled
                yield NoteProgress(done, len(keys))
    yield len(keys)
