"""What one planned letter is: its road, its variant, its code and its Message-ID."""

import secrets
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from app.core.campaign import Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.channels import ChannelDecision, plan_channel
from app.core.errors import BugError
from app.core.key_ranges import from_ranges, to_ranges
from app.core.recipient import Recipient
from app.storage.campaign_file import CampaignFile

#: recipients whose e-mail letter the practice gave to the post to finish sooner: « 12-45,48 »
_BY_POST_SETTING = "plan.by_post."


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

    def decide(
        self, recipient: Recipient, by_post: AbstractSet[int] = frozenset()
    ) -> ChannelDecision:
        """The road of one person; ``by_post`` holds those whom the practice chose to write to by post."""
        decision = plan_channel(recipient, annotations_by_email=self.annotations_by_email)
        if decision.channel is Channel.EMAIL and recipient.id in by_post:
            return ChannelDecision(Channel.PAPER)
        return decision

    def message_id(self, recipient: Recipient) -> str:
        """« <run.number.random@domain> »: says nothing about the person, never twice the same."""
        domain = self.sender.rpartition("@")[2]
        if not domain:
            raise BugError("an e-mail letter was planned without the sender's address")
        return f"<{self.run}.{recipient.id}.{secrets.token_hex(8)}@{domain}>"


def new_delivery(
    recipient: Recipient, decision: ChannelDecision, options: PlanOptions, codes: set[str]
) -> Delivery:
    """The letter to write down for this person; its code is added to ``codes``."""
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


def chosen_by_post(campaign_file: CampaignFile, run: int = 1) -> frozenset[int]:
    """Keys of the recipients whom the practice chose to write to by post although they have an e-mail."""
    return from_ranges(campaign_file.setting(f"{_BY_POST_SETTING}{run}") or "")


def choose_by_post(campaign_file: CampaignFile, keys: AbstractSet[int], run: int = 1) -> None:
    """Keep that choice; in the caller's transaction or in its own."""
    campaign_file.set_setting(f"{_BY_POST_SETTING}{run}", to_ranges(keys))
