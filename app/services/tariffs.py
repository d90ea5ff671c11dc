"""Reads the tariff table: the practice's own when there is one, else the bundled one."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

from app import paths
from app.core.errors.paper import PrintFileNotWritten, TariffTableInvalid
from app.core.tariff import Tariff, TariffStep, TariffTable, estimate
from app.services.print_records import PrintedFile, printed_file
from app.services.printing import FilePrinted, PrintFinished
from app.storage.campaign_file import CampaignFile
from app.wording import french

FILE_NAME = "tarifs.toml"


def own_file() -> Path:
    """Where the practice may put its own table."""
    return paths.data_dir() / FILE_NAME


def load_tariffs() -> TariffTable:
    """The table in force. Raises TariffTableInvalid."""
    own = own_file()
    return read_tariffs(own if own.is_file() else paths.resources_dir() / FILE_NAME)


def read_tariffs(path: Path) -> TariffTable:
    """The table of one file. Raises TariffTableInvalid."""
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TariffTableInvalid(path, str(error)) from error
    return _read_table(path, plain)


def _read_table(path: Path, table: Mapping[str, Any]) -> TariffTable:
    try:
        tariffs = tuple(_tariff(entry) for entry in table["tarif"])
        sheet, envelope = float(table["feuille_grammes"]), float(table["enveloppe_grammes"])
        since = str(table["depuis"])
    except (ValueError, KeyError, TypeError) as error:
        raise TariffTableInvalid(path, str(error)) from error
    if not tariffs or sheet <= 0 or envelope < 0:
        raise TariffTableInvalid(path, "")
    return TariffTable(since, sheet, envelope, tariffs)


def save_tariffs(table: TariffTable) -> None:
    """Write the practice's own table, in force from now on; it is read back before it counts.

    Raises:
        TariffTableInvalid: an empty table, or a weight or a price that cannot be.
        PrintFileNotWritten: the disk refused.
    """
    plain = {
        "depuis": table.since,
        "feuille_grammes": table.sheet_grams,
        "enveloppe_grammes": table.envelope_grams,
        "tarif": [
            {
                "id": tariff.id,
                "nom": tariff.name,
                "paliers": [
                    {"grammes": step.grams, "centimes": step.cents} for step in tariff.steps
                ],
            }
            for tariff in table.tariffs
        ],
    }
    path = own_file()
    _read_table(path, plain)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        paths.replace_file(path, tomli_w.dumps(plain).encode())
    except OSError as error:
        raise PrintFileNotWritten(path, error.strerror or "") from error


def forget_own_tariffs() -> None:
    """Back to the bundled table."""
    own_file().unlink(missing_ok=True)


def _tariff(entry: Mapping[str, Any]) -> Tariff:
    steps = [TariffStep(int(step["grammes"]), int(step["centimes"])) for step in entry["paliers"]]
    if not steps or any(step.grams <= 0 or step.cents < 0 for step in steps):
        raise ValueError(entry["id"])
    return Tariff(
        str(entry["id"]), str(entry["nom"]), tuple(sorted(steps, key=lambda step: step.grams))
    )


def since_words(table: TariffTable) -> str:
    """« 1er janvier 2026 », or the day as it stands in the practice's own file."""
    try:
        return french.date_long(date.fromisoformat(table.since))
    except ValueError:
        return table.since


def letters_by_sheets(files: Iterable[PrintedFile]) -> dict[int, int]:
    """Number of letters by number of sheets."""
    return dict(Counter(sheets for printed in files for sheets in printed.sheets))


def sheet_counts(campaign_file: CampaignFile, files: Iterable[FilePrinted]) -> dict[int, int]:
    """Number of letters by number of sheets, for files just made."""
    counts: Counter[int] = Counter()
    for made in files:
        printed = printed_file(campaign_file, made.sha256)
        # a file of one patient has no page table: its sheets are the letter's
        counts.update(printed.sheets if printed is not None else [made.sheets])
    return dict(counts)


def with_postage(campaign_file: CampaignFile, events: Iterable[object]) -> Iterator[object]:
    """The events of a print, the stamps estimated just before the last one."""
    for event in events:
        if isinstance(event, PrintFinished):
            by_sheets = sheet_counts(campaign_file, event.files)
            table = load_tariffs()
            yield estimate(table, table.tariffs[0].id, by_sheets)
        yield event
