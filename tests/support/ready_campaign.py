"""A campaign ready to be sent: the bundled sample's incident and practice, and a few invented people."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from app.core.campaign import Campaign
from app.core.recipient import Civility, ExclusionReason, PostalAddress, Recipient, Restriction
from app.services.samples import load_sample
from app.storage.campaign_file import CampaignFile
from app.storage.keys import new_key

NOW = datetime(2026, 3, 2, 9, 4, tzinfo=UTC)


class StandingClock:
    """It is Monday 2 March 2026, 10 h 04 in Paris, for ever."""

    def now(self) -> datetime:
        return NOW


def few_people() -> list[Recipient]:
    """Twelve people: nine by e-mail, two by post, one without letter; a minor, accents, annotations."""
    names = ("Martin", "Durand", "Le Goff", "N’Diaye", "Œuvrard", "Petit", "Blanc", "Roux", "Vidal")
    first = ("Jeanne", "Paul", "Soazig", "Aïssatou", "Léa", "Anne", "René", "Zoé", "Luc")
    people = [
        Recipient(
            row=number + 2,
            civility=Civility.MONSIEUR if number in {1, 6, 8} else Civility.MADAME,
            last_name=names[number],
            first_name=first[number],
            birth_date=date(2015 if number == 5 else 1950 + number, 3, 4),
            email=f"personne{number}@exemple.example",
            address=_home(number),
        )
        for number in range(9)
    ]
    people.append(_by_post(12, "Girard", "Marthe"))
    people.append(_by_post(13, "Lemaître", "Émile", has_annotations=True))
    people.append(
        Recipient(
            row=14, last_name="Doublon", email="d@e.example", excluded=ExclusionReason.DUPLICATE
        )
    )
    return people


def hand_over_person() -> Recipient:
    """Somebody to whom the letter is given by hand."""
    return Recipient(
        row=20,
        civility=Civility.MADAME,
        last_name="Discrète",
        first_name="Ana",
        restriction=Restriction.HAND_OVER,
        address=_home(20),
    )


def ready_campaign(
    folder: Path, people: Iterable[Recipient] | None = None, *, is_sample: bool = True
) -> CampaignFile:
    """An open campaign with everything the letters need, nothing planned yet."""
    sample = load_sample("editeur", NOW.date())
    campaign = Campaign("5a3b1e", "Essai", NOW, is_sample=is_sample)
    made = CampaignFile.create(folder / "Essai.avis34", campaign, new_key())
    made.save_incident(sample.incident, NOW)
    made.save_practice(sample.practice, NOW)
    made.add_recipients(few_people() if people is None else people)
    return made


def _home(number: int) -> PostalAddress:
    return PostalAddress(street=f"{number + 1} rue des Amandiers", postcode="90000", city="Belfort")


def _by_post(row: int, last_name: str, first_name: str, **changes: bool) -> Recipient:
    return Recipient(
        row=row,
        civility=Civility.MADAME,
        last_name=last_name,
        first_name=first_name,
        address=_home(row),
        **changes,  # type: ignore[arg-type]
    )
