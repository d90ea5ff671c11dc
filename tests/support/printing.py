"""A campaign whose letters all go by post."""

from datetime import date
from pathlib import Path

from app.core.campaign import Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.recipient import PostalAddress
from app.services.control import Control
from app.services.printing import PrintFinished, PrintOptions, PrintRun
from app.services.samples import load_sample, sample_ids
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import FixedClock, make_campaign, make_recipient

LETTER_DAY = date(2026, 1, 26)


def address_of(number: int) -> PostalAddress:
    """An invented address; three departments in turn."""
    return PostalAddress(
        complement=f"Appt {number}" if number % 5 == 0 else "",
        street=f"{number}, rue de l’Église",
        postcode=("90000", "25000", "97400")[number % 3],
        city=("Belfort", "Besançon", "Saint-Denis")[number % 3],
    )


def code_of(number: int) -> str:
    """A letter code for the ``number``-th letter, always the same."""
    return new_letter_code(bytes([number % 29] * 6 + [number // 29 % 29, number // 841]))


def make_paper_campaign(folder: Path, people: int) -> CampaignFile:
    """``people`` patients without e-mail, each with a pending paper letter."""
    made = make_campaign(folder)
    sample = load_sample(sample_ids()[0], LETTER_DAY)
    with made.transaction():
        made.save_practice(sample.practice)
        made.save_incident(sample.incident)
        made.add_recipients(
            make_recipient(number, email="", address=address_of(number))
            for number in range(1, people + 1)
        )
        made.add_deliveries(
            Delivery(
                number,
                Channel.PAPER,
                DeliveryStatus.PENDING,
                code_of(number),
                template_id=sample.incident.template_id,
            )
            for number in range(1, people + 1)
        )
    return made


def print_all(
    campaign: CampaignFile, path: Path, options: PrintOptions | None = None
) -> PrintFinished:
    """Run a print to its end."""
    *_, last = PrintRun(campaign, path, options, clock=FixedClock()).run(Control())
    assert isinstance(last, PrintFinished)
    return last


def statuses(campaign: CampaignFile) -> dict[DeliveryStatus, int]:
    """Number of letters by state."""
    return {status: number for (_, status), number in campaign.delivery_counts(1).items()}
