"""The bytes of one letter; at a resend, the bytes of the former try."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.recipient import Recipient
from app.mail.message import Attachment, MessageBuilder
from app.storage.campaign_file import CampaignFile

_RESEND_SEARCH_S = 900


class RenderedLetter(Protocol):
    """What a lane needs of a letter."""

    @property
    def subject(self) -> str:
        """One line."""

    @property
    def text(self) -> str:
        """Plain text."""

    @property
    def html(self) -> str:
        """HTML."""


class Renderer(Protocol):
    """What a lane needs of the letters."""

    def render(
        self, recipient: Recipient, delivery_code: str, channel: Channel, /
    ) -> RenderedLetter:
        """The letter of one person; raises UserError when a value is missing."""


class LetterWriter:
    """Renders and builds for one lane."""

    def __init__(
        self,
        campaign_file: CampaignFile,
        renderer: Renderer,
        builder: MessageBuilder,
        attach: Callable[[Recipient, Delivery], Attachment] | None,
    ) -> None:
        self._file = campaign_file
        self._renderer = renderer
        self._builder = builder
        self._attach = attach

    def written(self, delivery: Delivery, recipient: Recipient, now: datetime) -> bytes:
        """The bytes of one letter.

        Raises:
            AddressNotSendable: the address cannot travel.
            UserError: the letter cannot be written.
        """
        letter = self._renderer.render(recipient, delivery.code, Channel.EMAIL)
        attachment = self._attach(recipient, delivery) if self._attach else None

        def build(date: datetime) -> bytes:
            return self._builder.build(
                to=recipient.email,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                message_id=delivery.message_id,
                code=delivery.code,
                date=date,
                attachment=attachment,
            )

        if (
            delivery.sha256
        ):  # tried before: the same bytes again, so that nobody can take it for another
            return self._same_bytes(delivery, build) or build(now)
        return build(now)

    def _same_bytes(self, delivery: Delivery, build: Callable[[datetime], bytes]) -> bytes | None:
        """The bytes of the former try, found again by its hash: only the Date header is not stored."""
        for event in self._file.events(delivery_id=delivery.id):
            if event.kind == f"letter_{DeliveryStatus.DOT}":
                for seconds in range(_RESEND_SEARCH_S):
                    data = build(event.at - timedelta(seconds=seconds))
                    if hashlib.sha256(data).hexdigest() == delivery.sha256:
                        return data
                return None
        return None
