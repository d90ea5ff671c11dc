"""A file → patients in the campaign, in two steps: understand (nothing is written), then apply (all or nothing).

Both are generators of events; each can be stopped, and then nothing has happened.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.core.clock import Clock, SystemClock
from app.core.duplicates import Facts, facts_of
from app.core.errors import BugError
from app.core.issue import Issue, Level
from app.core.list_checks import ListChecker, ListFindings
from app.core.recipient import ROWS_PER_LIST, ExclusionReason, Recipient
from app.core.repairs import RepairLog
from app.services.control import Control
from app.services.file_remarks import remarks_on_file
from app.services.list_difference import ListDifference, preview
from app.services.merging import ListMerger
from app.services.preparing import ListSettings
from app.services.preparing_processes import prepared_blocks
from app.services.rechecked import RECHECKED_CODES
from app.services.understanding import (
    ImportProgress,
    ReadOptions,
    RowCounts,
    Understanding,
    check_mapping,
    heed,
    people_of,
    postcode_index,
    today_in_france,
    understand,
)
from app.storage.campaign_file import CampaignFile
from app.storage.documents import ImportRecord
from app.storage.issues import IssueLine
from app.wording.list_places import row_place

__all__ = [
    "RECHECKED_CODES",
    "ImportProgress",
    "ImportSummary",
    "ListDifference",
    "ReadOptions",
    "Understanding",
    "apply",
    "check_mapping",
    "people_of",
    "postcode_index",
    "preview",
    "today_in_france",
    "understand",
]
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did. ``rows`` are rows with something in them, under the header."""

    list_number: int
    rows: int
    people: int
    added: int
    updated: int = 0
    unchanged: int = 0
    already_written: int = 0
    duplicates: int = 0
    blank_rows: int = 0
    left_out_rows: int = 0
    issues: Mapping[Level, int] = field(default_factory=dict)

    def to_counts(self) -> dict[str, int]:
        """For the record of the import."""
        counts = {
            name: getattr(self, name)
            for name in (
                "list_number",
                "rows",
                "people",
                "added",
                "updated",
                "unchanged",
                "already_written",
                "duplicates",
                "blank_rows",
                "left_out_rows",
            )
        }
        return counts | {f"issues_{level.value}": count for level, count in self.issues.items()}


def apply(
    campaign_file: CampaignFile,
    understanding: Understanding,
    control: Control | None = None,
    clock: Clock | None = None,
    *,
    replace_list: bool = False,
) -> Iterator[ImportProgress | ImportSummary]:
    """Write the patients, their remarks and the record of the import, in one transaction.

    A campaign that already holds people is completed: known people are updated, never doubled, and those
    already written to are left as they are.

    ``replace_list`` forgets the present list first (only while no letter is planned).

    Raises:
        NoNameColumn, NoReachColumn: columns are missing.
        Cancelled: stopped; nothing was written.
    """
    check_mapping(understanding)
    now = (clock or SystemClock()).now()
    with _without_cycle_search(), campaign_file.transaction():
        if replace_list:
            campaign_file.clear_list()
        summary: ImportSummary | None = None
        for event in _apply(campaign_file, understanding, control, now):
            if isinstance(event, ImportSummary):
                summary = event
            else:
                yield event
    if summary is not None:  # told once it is on the disk, not before
        yield summary


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """Hundreds of thousands of small objects, none in a cycle: the search for cycles is a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _apply(
    campaign_file: CampaignFile,
    understanding: Understanding,
    control: Control | None,
    now: datetime,
) -> Iterator[ImportProgress | ImportSummary]:
    number = len(campaign_file.imports()) + 1
    found = _Found(ListChecker(understanding.today))
    read = _first_list if not campaign_file.count_recipients() else _later_list
    yield from read(campaign_file, understanding, found, number, control)
    issues = found.issues
    issues += found.findings.issues
    issues += found.left_out
    issues += found.repairs.issues(number)
    issues += remarks_on_file(understanding.table, understanding.mapping, number)
    duplicates = [(row, group.kept) for group in found.findings.duplicates for row in group.others]
    heed(control)
    for row, kept in duplicates:
        _exclude_duplicate(campaign_file, row, kept)
    yield ImportProgress("writing", 0, len(issues))
    campaign_file.replace_issues(issues)
    levels = Counter(
        issue.level if isinstance(issue, Issue) else Level(str(issue[1])) for issue in issues
    )
    merger = found.merger
    summary = ImportSummary(
        number,
        found.rows,
        found.added + (merger.matched if merger else 0),
        found.added,
        merger.updated if merger else 0,
        merger.unchanged if merger else 0,
        merger.already_written if merger else 0,
        len(duplicates),
        found.blank,
        len(found.left_out),
        dict(levels),
    )
    facts = understanding.table.facts
    campaign_file.save_import(
        ImportRecord(
            now,
            facts.name,
            facts.sha256,
            facts.sheet,
            facts.encoding,
            understanding.mapping.by_header(),
            summary.to_counts(),
        )
    )
    yield summary


@dataclass(slots=True)
class _Found:
    """What reading the rows has brought."""

    checker: ListChecker
    repairs: RepairLog = field(default_factory=RepairLog)
    issues: list[Issue | IssueLine] = field(default_factory=list)
    left_out: list[Issue | IssueLine] = field(default_factory=list)
    findings: ListFindings = field(default_factory=lambda: ListFindings((), (), ()))
    merger: ListMerger | None = None
    added: int = 0
    rows: int = 0
    blank: int = 0


def _first_list(
    campaign_file: CampaignFile,
    understanding: Understanding,
    found: _Found,
    number: int,
    control: Control | None,
) -> Iterator[ImportProgress]:
    """Nobody is there yet: prepared by other processes and written in bulk."""
    table, done = understanding.table, 0
    settings = ListSettings(
        understanding.mapping, table.headers, understanding.today, (number - 1) * ROWS_PER_LIST
    )
    blocks = prepared_blocks(table, settings)
    with campaign_file.bulk_writing() as bulk, closing(blocks):
        for rows, block in blocks:
            found.added += campaign_file.add_prepared(block.people)
            found.issues += block.issues
            found.left_out += block.left_out
            found.rows += block.rows
            found.blank += block.blank
            for repair in block.repairs:
                found.repairs.add(*repair)
            emails, phones = (zip(*keyed, strict=True) for keyed in (block.emails, block.phones))
            found.checker.add_columns(block.keys, emails, phones)
            done += rows
            yield ImportProgress("cleaning", done, table.facts.rows)
            heed(control)
        yield ImportProgress("checking", done, table.facts.rows)
        bulk.make_indexes()

        def look_up(row: int) -> Facts:
            bulk.wait()
            person = campaign_file.recipient_by_row(row)
            if person is None:
                raise BugError("a row of the list is not in the file")
            return facts_of(person)

        found.findings = found.checker.finish(look_up)


def _later_list(
    campaign_file: CampaignFile,
    understanding: Understanding,
    found: _Found,
    number: int,
    control: Control | None,
) -> Iterator[ImportProgress]:
    """Each person is looked for among those who are there."""
    merger = found.merger = ListMerger(campaign_file)
    counts, total = RowCounts(), understanding.table.facts.rows
    first_row = (number - 1) * ROWS_PER_LIST
    batch: list[Recipient] = []
    done = 0
    for cleaned in people_of(understanding, counts, found.repairs, first_row=first_row):
        found.issues.extend(cleaned.issues())
        if merger.take(cleaned.recipient):
            continue
        batch.append(cleaned.recipient)
        if len(batch) >= _BATCH:
            found.added += campaign_file.add_recipients(batch)
            done += len(batch)
            batch.clear()
            yield ImportProgress("cleaning", done, total)
            heed(control)
    found.added += campaign_file.add_recipients(batch)
    found.issues += merger.finish()
    found.rows, found.blank = counts.rows, counts.blank
    found.left_out += counts.left_out
    yield ImportProgress("checking", 0, campaign_file.count_recipients())
    for done, person in enumerate(campaign_file.recipients(), start=1):
        found.issues += found.checker.add(person)
        if done % _BATCH == 0:
            yield ImportProgress("checking", done, total)
            heed(control)
    yield ImportProgress("checking", total, total)
    found.findings = found.checker.finish()
    found.issues[:0] = _former(campaign_file)


def _exclude_duplicate(campaign_file: CampaignFile, row: int, kept: int) -> None:
    """The other row of one person: kept in the file, with its reason, and nothing is sent twice."""
    person = campaign_file.recipient_by_row(row)
    if person is not None and person.excluded is None:
        note = f"Même personne que {row_place(kept)}"
        campaign_file.update_recipient(
            replace(person, excluded=ExclusionReason.DUPLICATE, exclusion_note=note)
        )


def _former(campaign_file: CampaignFile) -> list[Issue]:
    """Remarks on cells of earlier lists stay; those on people have just been made again."""
    return [
        stored.issue
        for stored in campaign_file.issues()
        if stored.issue.code not in RECHECKED_CODES and not stored.issue.code.startswith("letter_")
    ]
