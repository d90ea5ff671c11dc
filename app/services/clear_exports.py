"""Files written in clear with names of patients: noted in the journal, listed, deleted on demand.

The list lives inside the encrypted campaign; only the count and the kind stay in the journal for ever.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from app.core.campaign import read_letter_code
from app.core.clock import Clock, SystemClock
from app.core.errors.exports import ExportNotDeleted
from app.storage.campaign_file import CampaignFile

_SETTING = "exports.clear"


class ExportKind(StrEnum):
    """What the file is."""

    EML = "eml"  # a folder of e-mails
    MSS = "mss"
    REFUSED = "refused"
    ROWS_TO_CORRECT = "rows_to_correct"


@dataclass(frozen=True, slots=True)
class ClearExport:
    """One file or folder, as it was written."""

    path: Path
    kind: ExportKind
    written_at: datetime
    letters: int

    @property
    def is_there(self) -> bool:
        """True while it lies where it was written."""
        return self.path.exists()


def note_export(
    campaign_file: CampaignFile,
    path: Path,
    kind: ExportKind,
    letters: int,
    clock: Clock | None = None,
) -> ClearExport:
    """Write down that ``path`` now holds names of patients, in clear."""
    made = ClearExport(path.resolve(), kind, (clock or SystemClock()).now(), letters)
    with campaign_file.transaction():
        others = [each for each in _kept(campaign_file) if each.path != made.path]
        _keep(campaign_file, [*others, made])
        campaign_file.append_event(
            f"exported_{kind.value}",
            {"count": letters},
            made.written_at,
            private={"path": str(made.path)},
        )
    return made


def exports_left(campaign_file: CampaignFile) -> list[ClearExport]:
    """Those that are still where they were written, the oldest first."""
    return [each for each in _kept(campaign_file) if each.is_there]


def delete_export(
    campaign_file: CampaignFile, export: ClearExport, clock: Clock | None = None
) -> None:
    """Delete the file, or the e-mails of the folder; files of other names in that folder stay.

    Raises:
        ExportNotDeleted: open in another program, or the place refuses.
    """
    try:
        if export.path.is_dir():
            _empty(export.path)
        else:
            export.path.unlink(missing_ok=True)
    except OSError as error:
        raise ExportNotDeleted(export.path.name, error.strerror or "") from error
    with campaign_file.transaction():
        _keep(campaign_file, [each for each in _kept(campaign_file) if each.path != export.path])
        campaign_file.append_event(
            "export_deleted",
            {"kind": export.kind.value, "count": export.letters},
            (clock or SystemClock()).now(),
            private={"path": str(export.path)},
        )


def _empty(folder: Path) -> None:
    """Delete what ``other_roads`` wrote there: files named by a letter's code."""
    for file in folder.glob("*.eml"):
        if read_letter_code(file.stem) == file.stem:
            file.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def _kept(campaign_file: CampaignFile) -> list[ClearExport]:
    lines = json.loads(campaign_file.setting(_SETTING) or "[]")
    return [
        ClearExport(Path(path), ExportKind(kind), datetime.fromisoformat(at), letters)
        for path, kind, at, letters in lines
    ]


def _keep(campaign_file: CampaignFile, exports: list[ClearExport]) -> None:
    lines = [
        (str(each.path), each.kind.value, each.written_at.isoformat(), each.letters)
        for each in exports
    ]
    campaign_file.set_setting(_SETTING, json.dumps(lines))
