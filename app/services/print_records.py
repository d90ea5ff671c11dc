"""What the campaign file remembers of each printed file: whose letters, on which pages."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.campaign import DeliveryStatus
from app.storage.campaign_file import CampaignFile

_INTENT = "print.intent"
_FILE = "print.file."


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """One proved file. The four sequences go together, in page order; pages are counted from 0."""

    sha256: str
    #: where it was written; the practice may have moved it since
    path: str
    ids: tuple[int, ...]
    first_pages: tuple[int, ...]
    pages: tuple[int, ...]
    sheets: tuple[int, ...]
    run: int = 1
    reprint: bool = False

    @property
    def name(self) -> str:
        """Name of the file, without its folder."""
        return Path(self.path).name

    def letter_on_page(self, page: int) -> int | None:
        """Key of the letter on ``page`` (from 1, as a PDF reader shows it), None on a separator."""
        for delivery_id, first, count in zip(self.ids, self.first_pages, self.pages, strict=True):
            # the blank verso belongs to its letter
            if first <= page - 1 < first + count + count % 2:
                return delivery_id
        return None


def note_intent(campaign_file: CampaignFile, printed: PrintedFile) -> None:
    """Write durably that this proved file is about to get its name."""
    campaign_file.set_setting(_INTENT, json.dumps(asdict(printed)))


def complete_interrupted(campaign_file: CampaignFile, now: datetime) -> PrintedFile | None:
    """Finish what a power cut left between the naming of a file and its record.

    When the file is there, whole, its letters become printed; otherwise nothing happened and they still wait.
    """
    text = campaign_file.setting(_INTENT)
    if not text:
        return None
    printed = _read(json.loads(text))
    path = Path(printed.path)
    if path.is_file() and file_sha256(path) == printed.sha256:
        record(campaign_file, printed, now)
        return printed
    campaign_file.set_setting(_INTENT, "")
    return None


def record(campaign_file: CampaignFile, printed: PrintedFile, now: datetime) -> None:
    """Letters PENDING → PRINTED (a reprint moves nothing), journal line and page table, all or nothing."""
    facts: dict[str, str | int] = {
        "sha256": printed.sha256,
        "letters": len(printed.ids),
        "sheets": sum(printed.sheets),
        "proof": "clean",
        "run": printed.run,
    }
    with campaign_file.transaction():
        kind = "letters_reprinted" if printed.reprint else "print_file"
        # a file name may hold a patient's name (one file per patient)
        campaign_file.append_event(kind, facts, now, private={"file": printed.name})
        if not printed.reprint:
            for delivery_id in printed.ids:
                campaign_file.move(
                    delivery_id, DeliveryStatus.PRINTED, now=now, sha256=printed.sha256
                )
        campaign_file.set_setting(_FILE + printed.sha256, json.dumps(asdict(printed)))
        campaign_file.set_setting(_INTENT, "")


def printed_file(campaign_file: CampaignFile, sha256: str) -> PrintedFile | None:
    """The page table of one file."""
    text = campaign_file.setting(_FILE + sha256)
    return _read(json.loads(text)) if text else None


def printed_files(campaign_file: CampaignFile) -> list[tuple[datetime, PrintedFile]]:
    """All printed files with their instant, oldest first; reprints too."""
    found: list[tuple[datetime, PrintedFile]] = []
    for kind in ("print_file", "letters_reprinted"):
        for event in campaign_file.events(kind=kind):
            printed = printed_file(campaign_file, str(event.facts["sha256"]))
            if printed is not None:
                found.append((event.at, printed))
    return sorted(found, key=lambda pair: pair[0])


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(plain: dict[str, Any]) -> PrintedFile:
    def numbers(name: str) -> tuple[int, ...]:
        values: Sequence[int] = plain[name]
        return tuple(values)

    return PrintedFile(
        plain["sha256"],
        plain["path"],
        numbers("ids"),
        numbers("first_pages"),
        numbers("pages"),
        numbers("sheets"),
        plain["run"],
        plain["reprint"],
    )
