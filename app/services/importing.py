"""A file → patients in the campaign, in two steps: understand (nothing is written), then apply (all or nothing).

Both are generators of events; each can be stopped, and then nothing has happened.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from app import paths
from app.core.clock import Clock, SystemClock
from app.core.columns import ColumnMapping, propose_mapping
from app.core.errors import Cancelled
from app.core.errors.files import NoNameColumn, NoReachColumn
from app.core.header_row import looks_like_data
from app.core.headers import fold
from app.core.issue import Issue, Level
from app.core.list_checks import ListChecker
from app.core.postcodes import PostcodeIndex
from app.core.recipient import ROWS_PER_LIST, ExclusionReason, Recipient
from app.core.repairs import RepairLog
from app.core.rows import CleanedRow, RowCleaner, is_total
from app.core.table import RawRow
from app.services.control import Control
from app.services.file_remarks import remarks_on_file
from app.services.merging import ListMerger, PersonChange
from app.spreadsheet import Table, read_steps
from app.storage.campaign_file import CampaignFile
from app.storage.documents import ImportRecord
from app.wording.french import PARIS
from app.wording.list_places import row_place

_BATCH = 2_000
_SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user chose instead of what was found; None leaves it to the program."""

    password: str | None = field(default=None, repr=False)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    #: number of the header row, 0 for « no header »
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """``step``: reading, comparing, cleaning, checking, writing. ``total`` is 0 while unknown."""

    step: str
    done: int
    total: int = 0


@dataclass(frozen=True, slots=True)
class Understanding:
    """A file as understood; nothing is written yet."""

    path: Path
    options: ReadOptions
    table: Table
    mapping: ColumnMapping
    #: first rows as they would become patients
    first_rows: tuple[CleanedRow, ...] = ()
    #: day on which ages and future dates are judged
    today: date = date.max

    def with_mapping(self, mapping: ColumnMapping) -> "Understanding":
        """The same file with corrected columns."""
        changed = replace(self, mapping=mapping)
        return replace(changed, first_rows=_first_rows(changed))

    def with_header_row(
        self, number: int, remembered: Mapping[tuple[str, ...], Mapping[str, str]] | None = None
    ) -> "Understanding":
        """The same file with another header row (0: none); columns are proposed again."""
        table = self.table.with_header_row(number)
        return _understood(self.path, self.options, table, remembered or {}, self.today)


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


def today_in_france(clock: Clock | None = None) -> date:
    """The calendar day in France."""
    return (clock or SystemClock()).now().astimezone(PARIS).date()


@lru_cache(maxsize=1)
def postcode_index() -> PostcodeIndex:
    """The bundled extract of postcodes (see resources/communes)."""
    with (paths.resources_dir() / "communes" / "codes-postaux.tsv").open(encoding="utf-8") as lines:
        return PostcodeIndex(lines)


def understand(
    path: Path,
    options: ReadOptions | None = None,
    control: Control | None = None,
    *,
    remembered: Mapping[tuple[str, ...], Mapping[str, str]] | None = None,
    today: date | None = None,
) -> Iterator[ImportProgress | Understanding]:
    """Read the file and propose what its columns are; the last event is the Understanding.

    ``remembered``: headers → mapping (header → field) that the user corrected before.

    Raises:
        UserError: one of core.errors.files, in one sentence.
        Cancelled: the control was stopped.
    """
    chosen = options or ReadOptions()
    steps = read_steps(
        path,
        password=chosen.password,
        encoding=chosen.encoding,
        delimiter=chosen.delimiter,
        sheet=chosen.sheet,
        header_row=chosen.header_row,
    )
    table: Table | None = None
    try:
        for step in steps:
            if control is not None and not control.wait():
                raise Cancelled
            if isinstance(step, Table):
                table = step
            else:
                yield ImportProgress("reading", step)
    finally:
        steps.close()
    if table is not None:
        yield _understood(path, chosen, table, remembered or {}, today or today_in_france())


def _understood(
    path: Path,
    options: ReadOptions,
    table: Table,
    remembered: Mapping[tuple[str, ...], Mapping[str, str]],
    today: date,
) -> Understanding:
    known = remembered.get(table.headers) if table.place.exists else None
    mapping = propose_mapping(table.headers, table.sample(), known, today)
    mapping = replace(mapping, headers_are_real=table.place.exists)
    found = Understanding(path, options, table, mapping, (), today)
    return replace(found, first_rows=_first_rows(found))


def _first_rows(understanding: Understanding) -> tuple[CleanedRow, ...]:
    cleaner = RowCleaner(understanding.mapping, understanding.today, postcode_index())
    return tuple(
        cleaner.clean(row) for row in understanding.table.sample(_SHOWN_ROWS) if not is_total(row)
    )


@dataclass(slots=True)
class RowCounts:
    """What became of the rows under the header."""

    rows: int = 0
    blank: int = 0
    left_out: list[Issue] = field(default_factory=list)


def people_of(
    understanding: Understanding, counts: RowCounts, repairs: RepairLog, *, first_row: int = 0
) -> Iterator[CleanedRow]:
    """Every patient of the list; blank rows, totals and repeated headers are counted, not lost in silence."""
    cleaner = RowCleaner(understanding.mapping, understanding.today, postcode_index(), first_row)
    headers = understanding.table.headers
    first_header = next((title for title in headers if title), "")
    for raw_row in understanding.table.rows():
        cells = raw_row.cells
        if not any(map(str.strip, cells)):
            counts.blank += 1
            continue
        counts.rows += 1
        code = _left_out(raw_row, headers, first_header)
        if code:
            counts.left_out.append(Issue(code, Level.INFO, raw_row.number + first_row))
            continue
        cleaned = cleaner.clean(raw_row)
        if cleaned.marks:
            repairs.note(cleaned)
        yield cleaned


def _left_out(raw_row: RawRow, headers: tuple[str, ...], first_header: str) -> str:
    """Why a row is no patient: a total, or the header printed again on each page."""
    cells = raw_row.cells
    filled = len(cells) - cells.count("")
    if filled <= 3 and is_total(raw_row):
        return "row_total"
    if first_header and first_header in cells and not looks_like_data(cells):
        same = sum(
            fold(cell) == fold(title) for cell, title in zip(cells, headers, strict=False) if cell
        )
        if same > 1 and same >= filled - 1:
            return "row_header_again"
    return ""


def check_mapping(understanding: Understanding) -> None:
    """Refuse a mapping that could give no letter.

    Raises:
        NoNameColumn, NoReachColumn
    """
    if not understanding.mapping.gives_names:
        raise NoNameColumn(understanding.path.name)
    if not understanding.mapping.gives_reach:
        raise NoReachColumn(understanding.path.name)


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
            _heed(control)
    digest = understanding.table.facts.sha256
    yield ListDifference(
        added,
        merger.updated,
        merger.unchanged,
        merger.already_written,
        tuple(merger.changes),
        any(record.sha256 == digest for record in campaign_file.imports()),
    )


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
    merger = ListMerger(campaign_file) if campaign_file.count_recipients() else None
    counts, repairs, checker = RowCounts(), RepairLog(), ListChecker(understanding.today)
    issues: list[Issue] = []
    added, done, total = 0, 0, understanding.table.facts.rows
    batch: list[Recipient] = []
    first_row = (number - 1) * ROWS_PER_LIST
    for cleaned in people_of(understanding, counts, repairs, first_row=first_row):
        person = cleaned.recipient
        if cleaned.marks:
            issues.extend(cleaned.issues())
        if merger is not None and merger.take(person):
            continue
        if merger is None:
            issues += checker.add(person)
        batch.append(person)
        if len(batch) >= _BATCH:
            added += campaign_file.add_recipients(batch)
            done += len(batch)
            batch.clear()
            yield ImportProgress("cleaning", done, total)
            _heed(control)
    added += campaign_file.add_recipients(batch)
    if merger is not None:
        issues += merger.finish()
        yield ImportProgress("checking", 0, campaign_file.count_recipients())
        for done, person in enumerate(campaign_file.recipients(), start=1):
            issues += checker.add(person)
            if done % _BATCH == 0:
                yield ImportProgress("checking", done, total)
                _heed(control)
    yield ImportProgress("checking", total, total)
    findings = checker.finish()
    issues += findings.issues
    issues += counts.left_out
    issues += repairs.issues(number)
    issues += remarks_on_file(understanding.table, understanding.mapping, number)
    duplicates = [(row, group.kept) for group in findings.duplicates for row in group.others]
    _heed(control)
    for row, kept in duplicates:
        _exclude_duplicate(campaign_file, row, kept)
    yield ImportProgress("writing", 0, len(issues))
    campaign_file.replace_issues(_with_former(campaign_file, issues, merger))
    levels = Counter(issue.level for issue in issues)
    summary = ImportSummary(
        number,
        counts.rows,
        added + (merger.matched if merger else 0),
        added,
        merger.updated if merger else 0,
        merger.unchanged if merger else 0,
        merger.already_written if merger else 0,
        len(duplicates),
        counts.blank,
        len(counts.left_out),
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


def _heed(control: Control | None) -> None:
    if control is not None and not control.wait():
        raise Cancelled


def _exclude_duplicate(campaign_file: CampaignFile, row: int, kept: int) -> None:
    """The other row of one person: kept in the file, with its reason, and nothing is sent twice."""
    person = campaign_file.recipient_by_row(row)
    if person is not None and person.excluded is None:
        note = f"Même personne que {row_place(kept)}"
        campaign_file.update_recipient(
            replace(person, excluded=ExclusionReason.DUPLICATE, exclusion_note=note)
        )


def _with_former(
    campaign_file: CampaignFile, issues: list[Issue], merger: ListMerger | None
) -> list[Issue]:
    """Remarks on cells of earlier lists stay; those on people have just been made again."""
    if merger is None:
        return issues
    former = [
        stored.issue
        for stored in campaign_file.issues()
        if stored.issue.code not in RECHECKED_CODES and not stored.issue.code.startswith("letter_")
    ]
    return former + issues


#: made again from the people themselves whenever the list changes
RECHECKED_CODES = frozenset(
    [
        "name_missing",
        "first_name_missing",
        "no_reach",
        "address_incomplete",
        "address_incomplete_email",
        "minor",
        "minor_alone",
        "very_old",
        "deceased",
        "do_not_write",
        "hand_over",
        "protected",
        "protected_alone",
        "curatorship",
        "foreign_address",
        "care_home",
        "address_line_too_long",
        "address_too_many_lines",
        "duplicate_same",
        "duplicate_differs",
        "duplicate_likely",
        "email_shared",
        "email_many",
        "phone_shared",
    ]
)
