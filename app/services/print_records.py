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
_DIRECT = "print.direct"
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
    #: given to this printer page by page, without any file: ``path`` is empty
    printer: str = ""

    @property
    def name(self) -> str:
        """Name of the file, without its folder, or of the printer."""
        return Path(self.path).name or self.printer

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
    with campaign_file.transaction():
        _record(campaign_file, printed, now)
        campaign_file.set_setting(_INTENT, "")


def _record(campaign_file: CampaignFile, printed: PrintedFile, now: datetime) -> None:
    facts: dict[str, str | int] = {
        "sha256": printed.sha256,
        "letters": len(printed.ids),
        "sheets": sum(printed.sheets),
        "proof": "clean",
        "run": printed.run,
    }
    if printed.printer:
        facts["direct"] = 1
    kind = "letters_reprinted" if printed.reprint else "print_file"
    # a file name may hold a patient's name (one file per patient)
    campaign_file.append_event(kind, facts, now, private={"file": printed.name})
    if not printed.reprint:
        for delivery_id in printed.ids:
            campaign_file.move(delivery_id, DeliveryStatus.PRINTED, now=now, sha256=printed.sha256)
    campaign_file.set_setting(_FILE + printed.sha256, json.dumps(asdict(printed)))


def note_direct_intent(campaign_file: CampaignFile, printed: PrintedFile) -> None:
    """Write durably that these letters are about to be given to a printer."""
    campaign_file.set_setting(_DIRECT, json.dumps(asdict(printed)))


def forget_direct_intent(campaign_file: CampaignFile) -> None:
    """The printer took nothing: the letters wait as before."""
    campaign_file.set_setting(_DIRECT, "")


def record_direct(campaign_file: CampaignFile, printed: PrintedFile, now: datetime) -> None:
    """The printer took the letters."""
    with campaign_file.transaction():
        _record(campaign_file, printed, now)
        campaign_file.set_setting(_DIRECT, "")


def unsettled_direct(campaign_file: CampaignFile) -> PrintedFile | None:
    """Letters that were being given to a printer when the program was cut; nobody knows whether they came out."""
    text = campaign_file.setting(_DIRECT)
    return _read(json.loads(text)) if text else None


def settle_direct(campaign_file: CampaignFile, now: datetime, *, came_out: bool) -> int:
    """The user's word about the letters of ``unsettled_direct``; how many they are."""
    printed = unsettled_direct(campaign_file)
    if printed is None:
        return 0
    facts: dict[str, str | int] = {"letters": len(printed.ids), "came_out": int(came_out)}
    with campaign_file.transaction():
        campaign_file.append_event("direct_print_settled", facts, now)
        if came_out:
            _record(campaign_file, printed, now)
        campaign_file.set_setting(_DIRECT, "")
    return len(printed.ids)


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
        plain.get("printer", ""),
    )
