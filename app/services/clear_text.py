"""Files with patients' letters or addresses that the program left on the disk, readable by anybody."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.errors.paper import PrintFileNotDeleted
from app.services.print_records import file_sha256, printed_files
from app.storage.campaign_file import CampaignFile

_BESIDE = "print.beside"


@dataclass(frozen=True, slots=True)
class ClearFile:
    """One file of ours, still as we wrote it."""

    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was done: files gone from their folder, and bytes."""

    files: int
    size: int


def note_written(campaign_file: CampaignFile, written: Iterable[Path]) -> None:
    """Remember files written beside the PDFs (addresses for a mailing house), to offer their deletion."""
    known = _beside(campaign_file)
    known.update({str(path.absolute()): file_sha256(path) for path in written})
    campaign_file.set_setting(_BESIDE, json.dumps(known))


def clear_files(campaign_file: CampaignFile) -> list[ClearFile]:
    """Print files and address files that are where we wrote them, unchanged.

    A file that the practice moved, renamed or changed is not ours to delete, and is not found.
    """
    known = {
        printed.path: printed.sha256 for _, printed in printed_files(campaign_file) if printed.path
    } | _beside(campaign_file)
    found: list[ClearFile] = []
    for place, digest in known.items():
        path = Path(place)
        if path.is_file() and file_sha256(path) == digest:
            found.append(ClearFile(path, path.stat().st_size))
    return found


def delete_files(campaign_file: CampaignFile, files: Iterable[ClearFile], now: datetime) -> Deleted:
    """Delete and record how many, without their names.

    Raises:
        PrintFileNotDeleted: the system refused one; those before are gone, recorded.
    """
    gone = size = 0
    refused: PrintFileNotDeleted | None = None
    for file in files:
        try:
            file.path.unlink(missing_ok=True)
        except OSError as error:
            refused = PrintFileNotDeleted(file.path, error.strerror or "")
            refused.__cause__ = error
            break
        gone += 1
        size += file.size
    if gone:
        campaign_file.append_event("print_files_deleted", {"files": gone, "bytes": size}, now)
    if refused is not None:
        raise refused
    return Deleted(gone, size)


def _beside(campaign_file: CampaignFile) -> dict[str, str]:
    text = campaign_file.setting(_BESIDE)
    return dict(json.loads(text)) if text else {}
