"""Which letters a print run holds, and in which order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.address import address_block, sort_key_by_postcode
from app.core.address_places import country_line
from app.core.campaign import Channel, DeliveryStatus
from app.core.recipient import Recipient
from app.letters.catalogue import Audience, load
from app.storage.campaign_file import CampaignFile
from app.storage.folding import fold
from app.wording.french import typeset


class PrintOrder(StrEnum):
    """In which order the letters lie in the file; the values are those of the command line."""

    POSTCODE = "code-postal"
    LIST = "liste"
    NAME = "nom"


class Separation(StrEnum):
    """Before which letters a separator sheet goes."""

    NONE = "aucune"
    DEPARTMENT = "departement"
    POSTCODE = "code-postal"


@dataclass(frozen=True, slots=True)
class ChosenLetters:
    """Keys of the letters in printing order, and the rows left out for their address."""

    ids: tuple[int, ...]
    bad_rows: tuple[int, ...]


SortKey = tuple[str | int, ...]


def pending_letters(
    campaign_file: CampaignFile, day: date, order: PrintOrder, run: int
) -> ChosenLetters:
    """Paper letters of the run that wait to be printed; ``day`` is the letters' date (minors)."""
    chosen: list[tuple[SortKey, int]] = []
    bad: list[int] = []
    waiting = campaign_file.deliveries_with_recipients(
        DeliveryStatus.PENDING, channel=Channel.PAPER, run=run
    )
    to_families = {each.id for each in load().letters() if each.audience is Audience.FAMILY}
    for delivery, recipient in waiting:
        to_family = delivery.template_id in to_families
        if address_block(recipient, day, to_family=to_family).is_postable:
            chosen.append((sort_key(recipient, order), delivery.id))
        else:
            bad.append(recipient.row)
    chosen.sort()
    return ChosenLetters(tuple(delivery_id for _, delivery_id in chosen), tuple(sorted(bad)))


def sort_key(recipient: Recipient, order: PrintOrder) -> SortKey:
    """What letters are sorted by; the row makes the order the same each time."""
    match order:
        case PrintOrder.POSTCODE:
            return sort_key_by_postcode(recipient)
        case PrintOrder.NAME:
            return (fold(recipient.last_name), fold(recipient.first_name), recipient.row)
        case PrintOrder.LIST:
            return (recipient.row,)


def section_of(recipient: Recipient, separation: Separation) -> str:
    """Name of the bundle this letter belongs to, as the separator sheet shows it."""
    if separation is Separation.NONE:
        return ""
    address = recipient.address
    abroad = country_line(address.country)
    if abroad:
        return f"Étranger – {abroad}"
    if separation is Separation.POSTCODE:
        return typeset(f"Code postal : {address.postcode}")
    # overseas departments and territories have three figures: 971 to 988
    length = 3 if address.postcode.startswith(("97", "98")) else 2
    return typeset(f"Département : {address.postcode[:length]}")


def in_pages(ids: tuple[int, ...], size: int = 200) -> Iterator[list[int]]:
    """``ids`` in lists of ``size``, so that 300,000 people are never all in memory."""
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])
