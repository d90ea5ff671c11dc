"""Weight and stamps of a print run, from an editable tariff table."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import BugError


@dataclass(frozen=True, slots=True)
class TariffStep:
    """Up to so many grams, this price in euro cents."""

    grams: int
    cents: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """One product of the post, its steps by rising weight."""

    id: str
    name: str
    steps: tuple[TariffStep, ...]

    def price(self, grams: float) -> int | None:
        """Price in cents of a letter of this weight; None beyond the last step known."""
        return next((step.cents for step in self.steps if grams <= step.grams), None)


@dataclass(frozen=True, slots=True)
class TariffTable:
    """What a letter weighs and costs."""

    #: day from which the prices hold, ISO
    since: str
    sheet_grams: float
    envelope_grams: float
    tariffs: tuple[Tariff, ...]

    def tariff(self, tariff_id: str) -> Tariff:
        """One tariff; BugError when absent."""
        for tariff in self.tariffs:
            if tariff.id == tariff_id:
                return tariff
        raise BugError(f"no tariff {tariff_id}")

    def weight(self, sheets: int) -> float:
        """Grams of a letter with its envelope."""
        return self.envelope_grams + sheets * self.sheet_grams


@dataclass(frozen=True, slots=True)
class Postage:
    """Estimate for a run. ``unpriced`` letters are heavier than the table knows; they are not in ``cents``."""

    letters: int
    sheets: int
    grams: float
    cents: int
    unpriced: int
    #: letters by number of sheets
    by_sheets: Mapping[int, int]


def estimate(table: TariffTable, tariff_id: str, by_sheets: Mapping[int, int]) -> Postage:
    """Weight and stamps of letters counted by their number of sheets."""
    tariff = table.tariff(tariff_id)
    cents = unpriced = 0
    grams = 0.0
    for sheets, letters in by_sheets.items():
        weight = table.weight(sheets)
        grams += weight * letters
        price = tariff.price(weight)
        if price is None:
            unpriced += letters
        else:
            cents += price * letters
    total_sheets = sum(sheets * letters for sheets, letters in by_sheets.items())
    return Postage(sum(by_sheets.values()), total_sheets, grams, cents, unpriced, dict(by_sheets))
