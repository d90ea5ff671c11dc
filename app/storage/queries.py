"""What the tables of the window ask for: filters and order, no SQL outside this package."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.campaign import Channel, DeliveryStatus
from app.core.issue import Level
from app.storage.folding import fold, like_pattern
from app.storage.instants import to_micros


class RecipientOrder(StrEnum):
    """Orders that an index, or the key, gives for nothing."""

    LIST = "list"  # as in the practice's list
    NAME = "name"


@dataclass(frozen=True, slots=True)
class RecipientQuery:
    """Filter of recipients; the default lets everybody through."""

    #: words, all of which must occur in name, e-mail, town or postcode (case and accents ignored)
    text: str = ""
    #: only people with an unsettled remark of this level, or with this code
    issue_level: Level | None = None
    issue_code: str = ""
    #: only people with a delivery by this channel
    channel: Channel | None = None
    excluded: bool | None = None
    has_annotations: bool | None = None
    order: RecipientOrder = RecipientOrder.LIST

    def conditions(self) -> tuple[str, list[object]]:
        """WHERE text and its values, over ``recipients AS r``."""
        parts: list[str] = []
        values: list[object] = []
        for word in fold(self.text).split():
            parts.append("r.folded LIKE ? ESCAPE '\\'")
            values.append(like_pattern(word))
        if self.issue_level is not None or self.issue_code:
            inner = "SELECT row FROM issues WHERE settled = '' AND row IS NOT NULL"
            if self.issue_level is not None:
                inner += " AND level = ?"
                values.append(self.issue_level.value)
            if self.issue_code:
                inner += " AND code = ?"
                values.append(self.issue_code)
            parts.append(f"r.row IN ({inner})")
        if self.channel is not None:
            parts.append("r.id IN (SELECT recipient_id FROM deliveries WHERE channel = ?)")
            values.append(self.channel.value)
        if self.excluded is not None:
            parts.append("r.excluded <> ''" if self.excluded else "r.excluded = ''")
        if self.has_annotations is not None:
            parts.append("r.has_annotations = ?")
            values.append(int(self.has_annotations))
        return " AND ".join(parts) or "1", values

    def order_by(self) -> str:
        """ORDER BY text."""
        if self.order is RecipientOrder.NAME:
            return "r.folded, r.id"
        # « + » keeps the engine from walking the rows in order: with a filter, the index holds all it needs
        return "r.id" if self == EVERYBODY else "+r.id"


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """Filter of deliveries; the default lets all through."""

    statuses: tuple[DeliveryStatus, ...] = ()
    channel: Channel | None = None
    run: int | None = None
    #: as in RecipientQuery
    text: str = ""
    #: only those whose state changed at or after this instant
    changed_since: datetime | None = None

    def conditions(self) -> tuple[str, list[object]]:
        """WHERE text and its values, over ``deliveries AS d`` (and recipients when ``text`` is set)."""
        parts: list[str] = []
        values: list[object] = []
        if self.statuses:
            parts.append(f"d.status IN ({','.join('?' * len(self.statuses))})")
            values.extend(status.value for status in self.statuses)
        if self.channel is not None:
            parts.append("d.channel = ?")
            values.append(self.channel.value)
        if self.run is not None:
            parts.append("d.run = ?")
            values.append(self.run)
        if self.changed_since is not None:
            parts.append("d.changed_at >= ?")
            values.append(to_micros(self.changed_since))
        for word in fold(self.text).split():
            parts.append(
                "d.recipient_id IN (SELECT id FROM recipients WHERE folded LIKE ? ESCAPE '\\')"
            )
            values.append(like_pattern(word))
        return " AND ".join(parts) or "1", values


#: no filter
EVERYBODY = RecipientQuery()
ALL_LETTERS = DeliveryQuery()
