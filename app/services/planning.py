"""Who gets which letter: one delivery per person, decided once, written before anything leaves.

``survey`` only counts; ``plan`` writes. Both stream, so that 300,000 people need no more memory than 60.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.channels import ChannelDecision
from app.core.clock import Clock, SystemClock
from app.core.errors import BugError, Cancelled
from app.core.recipient import ExclusionReason, Recipient
from app.services.control import Control
from app.services.plan_letters import PlanOptions, chosen_by_post, new_delivery
from app.services.to_paper import MovedToPaper, move_to_paper
from app.storage.campaign_file import CampaignFile

__all__ = [
    "MovedToPaper",
    "Plan",
    "PlanOptions",
    "PlanProgress",
    "move_to_paper",
    "plan",
    "plan_steps",
    "survey",
]
_BATCH = 1_000
#: states of a delivery that the plan may still change; anything else has begun its life
_CHANGEABLE = frozenset({DeliveryStatus.PENDING, DeliveryStatus.EXCLUDED})
#: an e-mail address that failed is not tried again by a later run
_DEAD_EMAIL = frozenset({DeliveryStatus.REJECTED, DeliveryStatus.BOUNCED})


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """So many people looked at."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How many letters by which road. ``added`` and ``changed`` are what this call wrote."""

    by_channel: Mapping[Channel, int] = field(default_factory=dict)
    #: (channel, template identifier) → letters
    by_road: Mapping[tuple[Channel, str], int] = field(default_factory=dict)
    exclusions: Mapping[ExclusionReason, int] = field(default_factory=dict)
    added: int = 0
    changed: int = 0

    def count(self, channel: Channel) -> int:
        """Number of people on this road."""
        return self.by_channel.get(channel, 0)

    @property
    def by_template(self) -> Mapping[str, int]:
        """Letters by variant, whatever the channel."""
        counts: Counter[str] = Counter()
        for (_, template_id), letters in self.by_road.items():
            counts[template_id] += letters
        return dict(counts)

    @property
    def total(self) -> int:
        """Everybody in the list, written to or not."""
        return sum(self.by_channel.values())

    @property
    def letters(self) -> int:
        """Letters that somebody will receive."""
        return self.total - self.count(Channel.NONE)


def survey(
    campaign_file: CampaignFile, options: PlanOptions, control: Control | None = None
) -> Iterator[PlanProgress | Plan]:
    """Count the letters by channel without writing anything; the last event is the ``Plan``.

    A follow-up (run 2 and later) has its letters written down already: only the people it concerns count.
    """
    counter = _Counter(options)
    total = campaign_file.count_recipients()
    by_post = chosen_by_post(campaign_file, options.run)
    concerned = _concerned(campaign_file, options.run)
    for done, recipient in enumerate(campaign_file.recipients(), start=1):
        if concerned is None or recipient.id in concerned:
            counter.add(recipient, options.decide(recipient, by_post))
        if done % _BATCH == 0:
            if control is not None and not control.wait():
                raise Cancelled
            yield PlanProgress(done, total)
    yield counter.plan()


def plan(campaign_file: CampaignFile, options: PlanOptions, clock: Clock | None = None) -> Plan:
    """Write the missing deliveries in one go and return the counts."""
    for event in plan_steps(campaign_file, options, clock=clock):
        if isinstance(event, Plan):
            return event
    raise BugError("the plan ended without a result")


def plan_steps(
    campaign_file: CampaignFile,
    options: PlanOptions,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Iterator[PlanProgress | Plan]:
    """Write one delivery per person; the last event is the ``Plan``.

    Idempotent: who already has a delivery in this run keeps it, with its code and Message-ID. A letter
    that has not left and whose channel or variant is no longer right (the list was corrected after the
    plan) is replaced by a new one. All in one transaction: a cut leaves the former plan. A follow-up
    (run 2 and later) was planned by ``follow_up.start``: nobody is added to it here.
    """
    now = (clock or SystemClock()).now()
    counter = _Counter(options)
    total = campaign_file.count_recipients()
    added = changed = 0
    with campaign_file.transaction():
        known, codes, by_post_now = _existing(campaign_file, options.run)
        by_post = chosen_by_post(campaign_file, options.run)
        batch: list[Delivery] = []
        for done, recipient in enumerate(campaign_file.recipients(), start=1):
            if options.run > 1 and recipient.id not in known:
                continue
            decision = options.decide(recipient, by_post)
            if recipient.id in by_post_now and decision.channel is Channel.EMAIL:
                decision = ChannelDecision(Channel.PAPER)
            counter.add(recipient, decision)
            former = known.get(recipient.id)
            if former is None or _outdated(former, decision, options, recipient):
                if former is not None:
                    if former.status is DeliveryStatus.EXCLUDED:
                        campaign_file.move(former.id, DeliveryStatus.PENDING, now=now)
                    campaign_file.move(former.id, DeliveryStatus.REPLACED, now=now)
                    changed += 1
                batch.append(new_delivery(recipient, decision, options, codes))
                added += 1
            if done % _BATCH == 0:
                campaign_file.add_deliveries(batch)
                batch.clear()
                if control is not None and not control.wait():
                    raise Cancelled
                yield PlanProgress(done, total)
        campaign_file.add_deliveries(batch)
        if added:
            campaign_file.append_event(
                "planned", {"run": options.run, "added": added, "changed": changed}, now
            )
    yield counter.plan(added=added, changed=changed)


@dataclass(frozen=True, slots=True)
class _Former:
    """What the plan must know of a delivery written earlier."""

    id: int
    channel: Channel
    status: DeliveryStatus
    template_id: str


def _existing(
    campaign_file: CampaignFile, run: int
) -> tuple[dict[int, _Former], set[str], set[int]]:
    """Live deliveries of the run by recipient, every letter code, and whose e-mail was tried in vain."""
    known: dict[int, _Former] = {}
    codes: set[str] = set()
    by_post_now: set[int] = set()
    for delivery in campaign_file.deliveries():
        codes.add(delivery.code)
        if delivery.run < run and delivery.status in _DEAD_EMAIL:
            by_post_now.add(delivery.recipient_id)
        if delivery.run != run:
            continue
        if delivery.status is DeliveryStatus.REPLACED:
            if delivery.channel is Channel.EMAIL and delivery.attempts:
                by_post_now.add(delivery.recipient_id)
        else:
            known[delivery.recipient_id] = _Former(
                delivery.id, delivery.channel, delivery.status, delivery.template_id
            )
    return known, codes, by_post_now


def _concerned(campaign_file: CampaignFile, run: int) -> set[int] | None:
    """Keys of the people of a follow-up; None for the first letters, which concern the whole list."""
    if run <= 1:
        return None
    return {letter.recipient_id for letter in campaign_file.deliveries(run=run)}


def _outdated(
    former: _Former, decision: ChannelDecision, options: PlanOptions, recipient: Recipient
) -> bool:
    """True when the letter has not begun its life and is not the one we would plan today."""
    if former.status not in _CHANGEABLE:
        return False
    if former.channel is not decision.channel:
        return True
    if decision.channel is Channel.NONE or options.run > 1:  # a follow-up chose its own letter
        return False
    return former.template_id != options.template_for(recipient)


class _Counter:
    """Counts decisions while the list streams by."""

    def __init__(self, options: PlanOptions) -> None:
        self._options = options
        self._channels: Counter[Channel] = Counter()
        self._roads: Counter[tuple[Channel, str]] = Counter()
        self._exclusions: Counter[ExclusionReason] = Counter()

    def add(self, recipient: Recipient, decision: ChannelDecision) -> None:
        """Count one person."""
        self._channels[decision.channel] += 1
        if decision.reason is not None:
            self._exclusions[decision.reason] += 1
        else:
            self._roads[decision.channel, self._options.template_for(recipient)] += 1

    def plan(self, *, added: int = 0, changed: int = 0) -> Plan:
        """The counts so far."""
        return Plan(dict(self._channels), dict(self._roads), dict(self._exclusions), added, changed)
