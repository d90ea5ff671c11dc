"""Reads the tariff table: the practice's own when there is one, else the bundled one."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app import paths
from app.core.errors.paper import TariffTableInvalid
from app.core.tariff import Tariff, TariffStep, TariffTable
from app.services.print_records import PrintedFile

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
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        tariffs = tuple(_tariff(entry) for entry in table["tarif"])
        sheet, envelope = float(table["feuille_grammes"]), float(table["enveloppe_grammes"])
        since = str(table["depuis"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TariffTableInvalid(path, str(error)) from error
    if not tariffs or sheet <= 0 or envelope < 0:
        raise TariffTableInvalid(path, "")
    return TariffTable(since, sheet, envelope, tariffs)


def _tariff(entry: Mapping[str, Any]) -> Tariff:
    steps = [TariffStep(int(step["grammes"]), int(step["centimes"])) for step in entry["paliers"]]
    if not steps or any(step.grams <= 0 or step.cents < 0 for step in steps):
        raise ValueError(entry["id"])
    return Tariff(
        str(entry["id"]), str(entry["nom"]), tuple(sorted(steps, key=lambda step: step.grams))
    )


def letters_by_sheets(files: Iterable[PrintedFile]) -> dict[int, int]:
    """Number of letters by number of sheets."""
    return dict(Counter(sheets for printed in files for sheets in printed.sheets))
