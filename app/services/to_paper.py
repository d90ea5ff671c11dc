"""E-mail letters that become letters by post: refused, come back, or given to the post to finish sooner."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.core.campaign import Channel, DeliveryStatus
from app.core.channels import ChannelDecision, plan_channel
from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled
from app.services.control import Control
from app.services.plan_letters import (
    PlanOptions,
    choose_by_post,
    chosen_by_post,
    new_delivery,
)
from app.storage.campaign_file import CampaignFile

_S = DeliveryStatus
#: e-mails that did not arrive, as far as is known
_FAILED = frozenset({_S.REJECTED, _S.BOUNCED})
#: e-mails that have not begun to leave
_WAITING = frozenset({_S.PENDING, _S.DEFERRED})
_BATCH = 500


@dataclass(frozen=True, slots=True)
class MovedToPaper:
    """How many letters now go by post, and the rows of those who have no complete address."""

    moved: int
    without_address: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveProgress:
    """So many letters moved."""

    done: int
    total: int


def move_to_paper(
    campaign_file: CampaignFile,
    delivery_ids: Iterable[int],
    options: PlanOptions,
    clock: Clock | None = None,
) -> MovedToPaper:
    """Write a letter by post in place of e-mails that were refused, came back, or have not left yet.

    Who has no complete postal address is left as is: the rows are given back. The choice for an e-mail
    that had not left is kept, so that a later plan does not turn it back.
    """
    for event in _moving(campaign_file, list(delivery_ids), options, None, clock):
        if isinstance(event, MovedToPaper):
            return event
    return MovedToPaper(0)


def postable_waiting(campaign_file: CampaignFile, run: int = 1) -> int:
    """How many e-mails not yet sent go to people who also have a complete postal address."""
    pairs = campaign_file.deliveries_with_recipients(*_WAITING, channel=Channel.EMAIL, run=run)
    return sum(person.address.is_complete() for _, person in pairs)


def give_part_to_post(
    campaign_file: CampaignFile,
    letters: int,
    options: PlanOptions,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Iterator[MoveProgress | MovedToPaper]:
    """« 906 par courrier, le reste en 4 jours »: the last ``letters`` of the list that can be posted.

    All in one transaction; the last event tells how many.

    Raises:
        Cancelled: stopped, and nothing was moved.
    """
    pairs = campaign_file.deliveries_with_recipients(
        _S.PENDING, channel=Channel.EMAIL, run=options.run
    )
    postable = [letter.id for letter, person in pairs if person.address.is_complete()]
    chosen = postable[max(len(postable) - letters, 0) :]
    yield from _moving(campaign_file, chosen, options, control, clock)


def take_back_from_post(
    campaign_file: CampaignFile,
    options: PlanOptions,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Iterator[MoveProgress | int]:
    """Undo the choice for letters not printed yet: they go by e-mail again. The last event is their number.

    Raises:
        Cancelled: stopped, and nothing was moved.
    """
    now = (clock or SystemClock()).now()
    chosen = set(chosen_by_post(campaign_file, options.run))
    codes = _codes(campaign_file)
    moved = 0
    with campaign_file.transaction():
        waiting = list(campaign_file.deliveries(_S.PENDING, channel=Channel.PAPER, run=options.run))
        keys = [letter.id for letter in waiting if letter.recipient_id in chosen]
        for letter, person in campaign_file.deliveries_by_ids(keys):
            if plan_channel(person).channel is not Channel.EMAIL:
                continue
            campaign_file.move(letter.id, _S.REPLACED, now=now)
            fresh = new_delivery(person, ChannelDecision(Channel.EMAIL), options, codes)
            campaign_file.add_deliveries([fresh])
            chosen.discard(person.id)
            moved += 1
            if moved % _BATCH == 0:
                _heed(control)
                yield MoveProgress(moved, len(keys))
        choose_by_post(campaign_file, chosen, options.run)
        if moved:
            campaign_file.append_event("moved_to_email", {"run": options.run, "count": moved}, now)
    yield moved


def _moving(
    campaign_file: CampaignFile,
    delivery_ids: list[int],
    options: PlanOptions,
    control: Control | None,
    clock: Clock | None,
) -> Iterator[MoveProgress | MovedToPaper]:
    now = (clock or SystemClock()).now()
    codes = _codes(campaign_file)
    moved, without_address, chosen = 0, list[int](), set[int]()
    with campaign_file.transaction():
        for delivery, person in campaign_file.deliveries_by_ids(delivery_ids):
            waits = delivery.status in _WAITING and delivery.channel is Channel.EMAIL
            if not waits and delivery.status not in _FAILED:
                continue
            if not person.address.is_complete():
                without_address.append(person.row)
                continue
            campaign_file.move(delivery.id, _S.REPLACED, now=now)
            paper = ChannelDecision(Channel.PAPER)
            campaign_file.add_deliveries([new_delivery(person, paper, options, codes)])
            moved += 1
            if waits:
                chosen.add(person.id)
            if moved % _BATCH == 0:
                _heed(control)
                yield MoveProgress(moved, len(delivery_ids))
        if chosen:
            kept = chosen_by_post(campaign_file, options.run)
            choose_by_post(campaign_file, kept | chosen, options.run)
            campaign_file.append_event(
                "moved_to_paper", {"run": options.run, "count": len(chosen)}, now
            )
    yield MovedToPaper(moved, tuple(without_address))


def _codes(campaign_file: CampaignFile) -> set[str]:
    return {delivery.code for delivery in campaign_file.deliveries()}


def _heed(control: Control | None) -> None:
    if control is not None and not control.wait():
        raise Cancelled
