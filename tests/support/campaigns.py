"""Campaign files for tests: small, invented, reproducible."""

from datetime import UTC, date, datetime
from pathlib import Path

from app.core.campaign import Campaign, Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.recipient import Civility, PostalAddress, Recipient
from app.storage.campaign_file import CampaignFile

KEY = bytes(range(32))
NOW = datetime(2026, 1, 26, 9, 4, tzinfo=UTC)
_NAMES = (
    ("LEFÈVRE", "Zoé"),
    ("Durand", "Paul"),
    ("N’Diaye", "Aïssatou"),
    ("Œuvrard", "Léa"),
    ("Le Goff", "Soazig"),
)


class FixedClock:
    """A clock that stands where it was set."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def make_recipient(number: int = 1, **changes: object) -> Recipient:
    """The ``number``-th invented patient, row ``number + 1`` of a list."""
    last, first = _NAMES[number % len(_NAMES)]
    fields: dict[str, object] = {
        "row": number + 1,
        "civility": Civility.MADAME,
        "last_name": last,
        "first_name": first,
        "birth_date": date(1950 + number % 60, 1 + number % 12, 1 + number % 28),
        "email": f"patient{number}@exemple.fr",
        "phone": f"06 00 {number % 100:02d} 00 00",
        "address": PostalAddress(
            street=f"{number} rue des Amandiers", postcode="90000", city="Belfort"
        ),
    }
    return Recipient(**{**fields, **changes})  # type: ignore[arg-type]


def make_delivery(recipient_id: int, **changes: object) -> Delivery:
    """A planned e-mail letter."""
    code = new_letter_code(bytes(recipient_id // 29**place % 29 for place in range(8)))
    fields: dict[str, object] = {
        "recipient_id": recipient_id,
        "channel": Channel.EMAIL,
        "status": DeliveryStatus.PENDING,
        "code": code,
        "message_id": f"<{recipient_id}@cabinet.exemple.fr>",
        "template_id": "T01",
    }
    return Delivery(**{**fields, **changes})  # type: ignore[arg-type]


def make_campaign(folder: Path, people: int = 0, *, letters: bool = False) -> CampaignFile:
    """An open campaign with ``people`` patients, and a planned e-mail letter to each if ``letters``."""
    path = folder / "essai.avis34"
    made = CampaignFile.create(path, Campaign("c0ffee", "Essai", NOW), KEY)
    with made.transaction():
        made.add_recipients(make_recipient(number) for number in range(1, people + 1))
        if letters:
            made.add_deliveries(make_delivery(number) for number in range(1, people + 1))
    return made
