"""The slip that goes with the letters to the post or to the mailing house: counts and weights, no name."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from app.core.errors.paper import PrintFileNotWritten
from app.core.practice import Practice
from app.core.tariff import TariffTable, estimate
from app.paper.sheets import deposit_slip
from app.paths import replace_file
from app.services.print_records import PrintedFile
from app.services.tariffs import letters_by_sheets, since_words
from app.wording import french


def write_deposit_slip(
    path: Path,
    practice: Practice,
    files: Sequence[PrintedFile],
    day: date,
    table: TariffTable,
    tariff_id: str = "verte",
) -> None:
    """Write the slip as a PDF; ``day`` is the day of the deposit.

    Raises:
        PrintFileNotWritten: the disk refused.
    """
    tariff = table.tariff(tariff_id)
    rows = [_row(printed, table, tariff_id) for printed in files]
    cost = estimate(table, tariff_id, letters_by_sheets(files))
    total = [
        f"{french.count(cost.letters, 'lettre')}, {french.count(cost.sheets, 'feuille')}, "
        f"{french.decimal(cost.grams / 1000)}{french.NBSP}kg",
        french.typeset(
            f"{tariff.name}, tarifs du {since_words(table)} : environ {french.euros(cost.cents)}"
        ),
    ]
    if cost.unpriced:
        total.append(f"sans {french.count(cost.unpriced, 'lettre')} au-delà des poids du tarif")
    pdf = deposit_slip(
        "Bordereau de dépôt",
        [practice.name, french.typeset(f"Dépôt du {french.date_long(day)}")],
        ["Fichier", "Lettres", "Feuilles", "Poids"],
        rows,
        total,
    )
    try:
        replace_file(path, pdf)
    except OSError as error:
        raise PrintFileNotWritten(path, error.strerror or "") from error


def _row(printed: PrintedFile, table: TariffTable, tariff_id: str) -> list[str]:
    cost = estimate(table, tariff_id, Counter(printed.sheets))
    weight = f"{french.number(round(cost.grams))}{french.NBSP}g"
    return [printed.name, french.number(cost.letters), french.number(cost.sheets), weight]
