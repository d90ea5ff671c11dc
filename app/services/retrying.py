"""Refused e-mails that go again: the address was corrected, or the server's mood has changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.storage.campaign_file import CampaignFile

_S = DeliveryStatus


@dataclass(frozen=True, slots=True)
class Retried:
    """How many letters are to send again, and the rows of those whose e-mail address is gone."""

    letters: int
    without_email: tuple[int, ...] = ()


def retry_by_email(
    campaign_file: CampaignFile, delivery_ids: Iterable[int], clock: Clock | None = None
) -> Retried:
    """Put refused letters back in the queue, to the address the list has now; no server ever took them.

    A letter that was accepted and came back is not among them: it had left, and the post takes over.
    """
    now = (clock or SystemClock()).now()
    letters, without = 0, []
    with campaign_file.transaction():
        for delivery, person in campaign_file.deliveries_by_ids(list(delivery_ids)):
            if delivery.status is not _S.REJECTED or delivery.channel is not Channel.EMAIL:
                continue
            if not person.email or person.is_excluded:
                without.append(person.row)
                continue
            campaign_file.move(delivery.id, _S.PENDING, now=now)
            letters += 1
        if letters:
            campaign_file.append_event("retried_by_email", {"count": letters}, now)
    return Retried(letters, tuple(without))
