"""Rows that cannot be used yet, in the file's own columns plus the reason: to be sent back to the vendor."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.clock import Clock
from app.core.errors import Cancelled
from app.core.issue import Level
from app.core.recipient import list_and_row
from app.services.clear_exports import ExportKind, note_export
from app.services.control import Control
from app.services.importing import Understanding
from app.spreadsheet import write_table
from app.storage.campaign_file import CampaignFile
from app.wording import describe

REASON_TITLE = "Pourquoi"


@dataclass(frozen=True, slots=True)
class RowsToCorrect:
    """A file written: where, and how many rows."""

    path: Path
    rows: int


def export_rows_to_correct(
    campaign_file: CampaignFile,
    understanding: Understanding,
    path: Path,
    *,
    clock: Clock | None = None,
    control: Control | None = None,
) -> RowsToCorrect:
    """Write the rows of the last list that hold something to correct; the journal notes that it left the file.

    The columns never imported (NIR, observations) are left out here too.

    Raises:
        FileNotWritten
        Cancelled: stopped; nothing was written.
    """
    number = len(campaign_file.imports())
    reasons: dict[int, list[str]] = {}
    for stored in campaign_file.issues(level=Level.BLOCKING, settled=False):
        if stored.issue.row is not None:
            list_number, row = list_and_row(stored.issue.row)
            if list_number == number:
                reasons.setdefault(row, []).append(describe(stored.issue).what)
    kept = [column.index for column in understanding.mapping.columns if column.refusal is None]
    headers = [understanding.table.headers[index] for index in kept]

    def rows() -> Iterator[list[str]]:
        for raw_row in understanding.table.rows():
            if control is not None and control.is_stopped:
                raise Cancelled
            if raw_row.number in reasons:
                cells = raw_row.cells
                own = [cells[index] if index < len(cells) else "" for index in kept]
                yield [*own, " ".join(reasons[raw_row.number])]

    written = write_table(path, [*headers, REASON_TITLE], rows())
    note_export(campaign_file, path, ExportKind.ROWS_TO_CORRECT, written, clock)
    return RowsToCorrect(path, written)
