"""Lists of invented people, as files, for the tests of the import."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from app.core.campaign import Campaign
from app.core.clock import SystemClock
from app.services.importing import ImportSummary, ReadOptions, Understanding, apply, understand
from app.storage.campaign_file import CampaignFile

TODAY = date(2026, 3, 2)
HEADERS = (
    "Civilité",
    "Nom",
    "Nom de naissance",
    "Prénom",
    "Date de naissance",
    "Adresse",
    "CP",
    "Ville",
    "Mail",
)


def person(
    last: str = "DURAND",
    first: str = "Paul",
    born: str = "12/03/1985",
    mail: str = "paul.durand@courriel.example",
    *,
    birth: str = "",
    street: str = "8 rue de l’Exemple",
    postcode: str = "39000",
    city: str = "LONS LE SAUNIER",
) -> tuple[str, ...]:
    """One row under ``HEADERS``."""
    return ("M.", last, birth or last, first, born, street, postcode, city, mail)


def csv_bytes(
    rows: Sequence[Sequence[str]], delimiter: str = ";", encoding: str = "utf-8"
) -> bytes:
    """The rows as a French Excel writes them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def write_list(folder: Path, *rows: Sequence[str], name: str = "liste.csv") -> Path:
    """A CSV with ``HEADERS`` and these rows."""
    path = folder / name
    path.write_bytes(csv_bytes([HEADERS, *rows]))
    return path


def understood(path: Path, options: ReadOptions | None = None) -> Understanding:
    """The understanding of a file."""
    last = list(understand(path, options, today=TODAY))[-1]
    assert isinstance(last, Understanding)
    return last


def imported(
    campaign_file: CampaignFile, path: Path, *, replace_list: bool = False
) -> ImportSummary:
    """Import a file as it is understood by itself."""
    last = list(apply(campaign_file, understood(path), replace_list=replace_list))[-1]
    assert isinstance(last, ImportSummary)
    return last


def empty_campaign(folder: Path) -> CampaignFile:
    """A real campaign file without anybody in it."""
    campaign = Campaign("essai", "Essai", SystemClock().now().astimezone(UTC))
    return CampaignFile.create(folder / "essai.avis34", campaign, bytes(range(32)))


def at_noon(day: int) -> datetime:
    """An instant of March 2026."""
    return datetime(2026, 3, day, 12, tzinfo=UTC)
