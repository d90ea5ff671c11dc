"""The letters drawn at random that somebody must read before the first one leaves (domain.md §8, point 20)."""

import secrets
from dataclasses import dataclass

from app.core.campaign import Channel, DeliveryStatus
from app.core.channels import plan_channel
from app.core.clock import Clock, SystemClock
from app.core.steps import LETTERS_TO_READ
from app.services.overview import LETTERS_READ
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery

DRAWN = "review.drawn"
READ = "review.read"
_TRIES_PER_LETTER = 40


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn person and whether the letter was read."""

    recipient_id: int
    is_read: bool


def drawn_letters(campaign_file: CampaignFile) -> list[Drawn]:
    """The present draw; empty before the first one."""
    read = set(_keys(campaign_file, READ))
    return [Drawn(key, key in read) for key in _keys(campaign_file, DRAWN)]


def draw_letters(campaign_file: CampaignFile, how_many: int = LETTERS_TO_READ) -> list[Drawn]:
    """Draw people who get a letter, afresh: what was read before no longer counts."""
    keys = _possible(campaign_file)
    chosen: list[int] = []
    for _ in range(min(len(keys), how_many) * _TRIES_PER_LETTER):
        if len(chosen) == how_many or not keys:
            break
        place = secrets.randbelow(len(keys))
        keys[place], keys[-1] = keys[-1], keys[place]
        key = keys.pop()
        if plan_channel(campaign_file.recipient(key)).channel is not Channel.NONE:
            chosen.append(key)
    _keep(campaign_file, chosen, [])
    return drawn_letters(campaign_file)


def _possible(campaign_file: CampaignFile) -> list[int]:
    """Who may be drawn: the list; for a follow-up letter, those it was planned for."""
    run = campaign_file.current_run
    if run == 1:
        return list(campaign_file.recipient_ids(RecipientQuery(excluded=False)))
    waiting = (DeliveryStatus.PENDING, DeliveryStatus.DEFERRED)
    return [letter.recipient_id for letter in campaign_file.deliveries(*waiting, run=run)]


def mark_read(
    campaign_file: CampaignFile, recipient_id: int, clock: Clock | None = None
) -> list[Drawn]:
    """Note that the letter was read; in the journal too."""
    drawn, read = _keys(campaign_file, DRAWN), _keys(campaign_file, READ)
    if recipient_id in drawn and recipient_id not in read:
        with campaign_file.transaction():
            campaign_file.append_event(
                "letter_read",
                {"recipient": recipient_id, "of": len(drawn)},
                (clock or SystemClock()).now(),
            )
            _keep(campaign_file, drawn, [*read, recipient_id])
    return drawn_letters(campaign_file)


def _keys(campaign_file: CampaignFile, name: str) -> list[int]:
    return [int(key) for key in (campaign_file.setting(name) or "").split(",") if key]


def _keep(campaign_file: CampaignFile, drawn: list[int], read: list[int]) -> None:
    campaign_file.set_setting(DRAWN, ",".join(map(str, drawn)))
    campaign_file.set_setting(READ, ",".join(map(str, read)))
    # a list shorter than the draw is read entirely: nothing more can be asked
    done = LETTERS_TO_READ if len(read) == len(drawn) else len(read)
    campaign_file.set_setting(LETTERS_READ, str(done))
