"""Where the time of an import goes: each stage alone, in CPU seconds. Used by benchmarks/import.py."""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from typing import TypeVar

from app.core.campaign import Campaign
from app.core.duplicates import facts_of
from app.core.list_checks import ListChecker
from app.services.importing import Understanding
from app.services.preparing import BlockPreparer, ListSettings, PreparedBlock
from app.spreadsheet.child import _pack_columns
from app.spreadsheet.large_xlsx import open_large
from app.spreadsheet.reading import _batch
from app.storage.campaign_file import CampaignFile

T = TypeVar("T")


def stages(path: Path, understanding: Understanding) -> dict[str, float]:
    """CPU seconds of each stage, all processes' work put end to end."""
    took: dict[str, float] = {}

    def timed(name: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        done = work()
        took[name] = round(time.process_time() - start, 2)
        return done

    data = path.read_bytes()
    sheet = timed("shared texts", lambda: open_large(data, None))
    if sheet is None:
        return {}
    blocks = timed("unpack, rows, texts", lambda: list(sheet.blocks()))
    messages = timed("to the parent: pack", lambda: list(starmap(_pack_columns, blocks)))
    timed("to the parent: receive", lambda: [_batch(one, by_columns=True) for one in messages])
    table = understanding.table
    preparer = BlockPreparer(
        ListSettings(understanding.mapping, table.headers, understanding.today)
    )
    batches = list(table.batches_of_people())
    columns = timed("columns of the batches", lambda: [one.columns() for one in batches])
    prepared = timed(
        "clean, check, prepare",
        lambda: [
            preparer.prepare(batch.numbers, one)
            for batch, one in zip(batches, columns, strict=True)
        ],
    )
    told = timed("between processes: out", lambda: [block.to_bytes() for block in prepared])
    ready = timed("between processes: in", lambda: [PreparedBlock.from_bytes(one) for one in told])
    checker = ListChecker(understanding.today)

    def note_keys() -> None:
        for block in ready:
            emails, phones = zip(*block.emails, strict=True), zip(*block.phones, strict=True)
            checker.add_columns(block.keys, emails, phones)

    timed("keys of the list", note_keys)
    campaign = Campaign("mesure", "Mesure", datetime.now(UTC))
    with (
        tempfile.TemporaryDirectory() as place,
        CampaignFile.create(Path(place) / "m.avis34", campaign, os.urandom(32)) as file,
    ):
        with file.transaction():
            with file.bulk_writing() as bulk:
                timed("write the people", lambda: [file.add_prepared(b.people) for b in ready])
                timed("indexes", bulk.wait)

                def look_up(row: int) -> tuple[int, int]:
                    person = file.recipient_by_row(row)
                    return facts_of(person) if person else (0, 0)

                findings = timed("duplicates, shared addresses", lambda: checker.finish(look_up))
            issues = [line for block in ready for line in block.issues]
            timed("remarks", lambda: file.replace_issues([*issues, *findings.issues]))
            before = time.process_time()
        took["commit"] = round(time.process_time() - before, 2)
    took["sum"] = round(sum(took.values()), 2)
    return took
