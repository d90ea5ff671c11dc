"""Who gets which letter: one delivery per person, decided once, written before anything leaves.

``survey`` only counts; ``plan`` writes. Both stream, so that 300,000 people need no more memory than 60.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.core.campaign import Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.channels import ChannelDecision, plan_channel
from app.core.clock import Clock, SystemClock
from app.core.errors import BugError, Cancelled
from app.core.recipient import ExclusionReason, Recipient
from app.services.control import Control
from app.storage.campaign_file import CampaignFile

_BATCH = 1_000
#: states of a delivery that the plan may still change; anything else has begun its life
_CHANGEABLE = frozenset({DeliveryStatus.PENDING, DeliveryStatus.EXCLUDED})
#: e-mails that did not arrive, as far as is known
_FAILED = frozenset({DeliveryStatus.REJECTED, DeliveryStatus.BOUNCED})


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What the plan depends on besides the list."""

    #: From address; its domain ends the Message-IDs (RFC 5322 3.6.4)
    sender: str = ""
    #: letter of most people
    template_id: str = "T01"
    #: letter of people whose record held free text; empty when the incident has no such variant
    annotations_template_id: str = ""
    annotations_by_email: bool = False
    run: int = 1

    def template_for(self, recipient: Recipient) -> str:
        """Identifier of the variant this person gets."""
        if recipient.has_annotations and self.annotations_template_id:
            return self.annotations_template_id
        return self.template_id

    def decide(self, recipient: Recipient) -> ChannelDecision:
        """The road of one person."""
        return plan_channel(recipient, annotations_by_email=self.annotations_by_email)

    def message_id(self, recipient: Recipient) -> str:
        """« <run.number.random@domain> »: says nothing about the person, never twice the same."""
        domain = self.sender.rpartition("@")[2]
        if not domain:
            raise BugError("an e-mail letter was planned without the sender's address")
        return f"<{self.run}.{recipient.id}.{secrets.token_hex(8)}@{domain}>"


@dataclass(frozen=True, slots=True)
class MovedToPaper:
    """How many letters now go by post, and the rows of those who have no complete address."""

    moved: int
    without_address: tuple[int, ...] = ()


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
    """Count the letters by channel without writing anything; the last event is the ``Plan``."""
    counter = _Counter(options)
    total = campaign_file.count_recipients()
    for done, recipient in enumerate(campaign_file.recipients(), start=1):
        counter.add(recipient, options.decide(recipient))
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
    plan) is replaced by a new one. All in one transaction: a cut leaves the former plan.
    """
    now = (clock or SystemClock()).now()
    counter = _Counter(options)
    total = campaign_file.count_recipients()
    added = changed = 0
    with campaign_file.transaction():
        known, codes, by_post_now = _existing(campaign_file, options.run)
        batch: list[Delivery] = []
        for done, recipient in enumerate(campaign_file.recipients(), start=1):
            decision = options.decide(recipient)
            if recipient.id in by_post_now and decision.channel is Channel.EMAIL:
                decision = ChannelDecision(Channel.PAPER)
            counter.add(recipient, decision)
            former = known.get(recipient.id)
            if former is None or _outdated(former, decision, options.template_for(recipient)):
                if former is not None:
                    if former.status is DeliveryStatus.EXCLUDED:
                        campaign_file.move(former.id, DeliveryStatus.PENDING, now=now)
                    campaign_file.move(former.id, DeliveryStatus.REPLACED, now=now)
                    changed += 1
                batch.append(_delivery(recipient, decision, options, codes))
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


def move_to_paper(
    campaign_file: CampaignFile,
    delivery_ids: Iterable[int],
    options: PlanOptions,
    clock: Clock | None = None,
) -> MovedToPaper:
    """Write a letter by post to people whose e-mail was refused or came back, in place of the former one.

    Who has no complete postal address is left as is: the rows are given back.
    """
    now = (clock or SystemClock()).now()
    codes = {delivery.code for delivery in campaign_file.deliveries()}
    moved, without_address = 0, []
    with campaign_file.transaction():
        for delivery, person in campaign_file.deliveries_by_ids(list(delivery_ids)):
            if delivery.status not in _FAILED:
                continue
            if not person.address.is_complete():
                without_address.append(person.row)
                continue
            campaign_file.move(delivery.id, DeliveryStatus.REPLACED, now=now)
            paper = ChannelDecision(Channel.PAPER)
            campaign_file.add_deliveries([_delivery(person, paper, options, codes)])
            moved += 1
    return MovedToPaper(moved, tuple(without_address))


def _existing(
    campaign_file: CampaignFile, run: int
) -> tuple[dict[int, _Former], set[str], set[int]]:
    """Live deliveries of the run by recipient, every letter code, and whose e-mail was tried in vain."""
    known: dict[int, _Former] = {}
    codes: set[str] = set()
    by_post_now: set[int] = set()
    for delivery in campaign_file.deliveries():
        codes.add(delivery.code)
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


def _outdated(former: _Former, decision: ChannelDecision, template_id: str) -> bool:
    """True when the letter has not begun its life and is not the one we would plan today."""
    if former.status not in _CHANGEABLE:
        return False
    if former.channel is not decision.channel:
        return True
    return decision.channel is not Channel.NONE and former.template_id != template_id


def _delivery(
    recipient: Recipient, decision: ChannelDecision, options: PlanOptions, codes: set[str]
) -> Delivery:
    code = new_letter_code()
    while code in codes:  # 39 bits drawn 300,000 times: 8 % chance of one pair in the campaign
        code = new_letter_code()
    codes.add(code)
    nobody = decision.channel is Channel.NONE
    return Delivery(
        recipient_id=recipient.id,
        channel=decision.channel,
        status=DeliveryStatus.EXCLUDED if nobody else DeliveryStatus.PENDING,
        code=code,
        message_id=options.message_id(recipient) if decision.channel is Channel.EMAIL else "",
        template_id="" if nobody else options.template_for(recipient),
        run=options.run,
    )


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
