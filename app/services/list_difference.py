"""What a later list would change, said before it is applied."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.repairs import RepairLog
from app.services.control import Control
from app.services.merging import ListMerger, PersonChange
from app.services.understanding import (
    ImportProgress,
    RowCounts,
    Understanding,
    check_mapping,
    heed,
    people_of,
)
from app.storage.campaign_file import CampaignFile

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ListDifference:
    """What a later list would change; nothing is written yet. ``changes`` holds the first two hundred."""

    added: int
    updated: int
    unchanged: int
    already_written: int
    changes: tuple[PersonChange, ...] = ()
    #: True when the very same file was imported before
    same_file: bool = False


def preview(
    campaign_file: CampaignFile, understanding: Understanding, control: Control | None = None
) -> Iterator[ImportProgress | ListDifference]:
    """Say what a later list changes before it is applied; the last event is the ListDifference."""
    check_mapping(understanding)
    merger = ListMerger(campaign_file, dry_run=True)
    added, total = 0, understanding.table.facts.rows
    for done, cleaned in enumerate(people_of(understanding, RowCounts(), RepairLog()), start=1):
        added += not merger.take(cleaned.recipient)
        if done % _BATCH == 0:
            yield ImportProgress("comparing", done, total)
            heed(control)
    digest = understanding.table.facts.sha256
    yield ListDifference(
        added,
        merger.updated,
        merger.unchanged,
        merger.already_written,
        tuple(merger.changes),
        any(record.sha256 == digest for record in campaign_file.imports()),
    )
