"""Who gets an e-mail, a letter by post, a letter by hand, or nothing, and why."""

from dataclasses import dataclass

from app.core.campaign import Channel
from app.core.recipient import ExclusionReason, Recipient, Restriction


@dataclass(frozen=True, slots=True)
class ChannelDecision:
    """One channel; ``reason`` is set when nobody writes."""

    channel: Channel
    reason: ExclusionReason | None = None
    note: str = ""


def plan_channel(recipient: Recipient, *, annotations_by_email: bool = False) -> ChannelDecision:
    """The channel of one person.

    Order: exclusions, « ne pas écrire », hand-over, e-mail, post. A letter about free-text annotations
    never goes by ordinary e-mail while a postal address exists (domain.md §1.5), unless the practice
    decides otherwise.
    """
    if recipient.excluded is not None:
        return ChannelDecision(Channel.NONE, recipient.excluded, recipient.exclusion_note)
    if recipient.restriction is Restriction.DO_NOT_WRITE:
        return ChannelDecision(Channel.NONE, ExclusionReason.DO_NOT_WRITE)
    if recipient.restriction is Restriction.HAND_OVER:
        return ChannelDecision(Channel.HAND_OVER)
    if recipient.deceased:
        return ChannelDecision(Channel.NONE, ExclusionReason.DECEASED)
    postable = recipient.address.is_complete()
    if recipient.email and not (
        recipient.has_annotations and postable and not annotations_by_email
    ):
        return ChannelDecision(Channel.EMAIL)
    if postable:
        return ChannelDecision(Channel.PAPER)
    return ChannelDecision(Channel.NONE, ExclusionReason.NO_CHANNEL)
