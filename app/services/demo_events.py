"""What the demonstration tells while it runs and at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.core.campaign import Channel, ClosingBalance


class Stage(StrEnum):
    """Parts of the road, in order."""

    IMPORT = "import"
    PLAN = "plan"
    CHECK = "check"
    SEND = "send"
    PRINT = "print"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class StageProgress:
    """``done`` of ``total`` letters (or people, or steps) of one stage."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CampaignReady:
    """The campaign is open. ``recovery_code`` is set when no keyring keeps its key."""

    path: Path
    is_new: bool
    recovery_code: str = ""


@dataclass(frozen=True, slots=True)
class ListRead:
    """What the list held."""

    patients: int
    duplicates: int
    to_fix: int
    to_check: int
    #: columns of the file that were left out on purpose
    not_imported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TookUp:
    """An earlier run had been cut: what was found."""

    reopened: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class StageTime:
    """Seconds a stage took and how many letters (or people) it treated, for the benchmark."""

    seconds: float
    count: int


@dataclass(frozen=True, slots=True)
class DemoFinished:
    """The end: the balance and where everything is."""

    balance: ClosingBalance
    by_channel: Mapping[Channel, int]
    sent_now: int
    printed_now: int
    #: letters whose fate is unknown: row numbers of the list
    uncertain_rows: tuple[int, ...]
    #: letters not printed because the address does not fit an envelope: row numbers
    address_rows: tuple[int, ...]
    exclusions: Mapping[str, int]
    files: Mapping[str, Path]
    times: Mapping[Stage, StageTime] = field(default_factory=dict)

    @property
    def nothing_left(self) -> bool:
        """True when this run had nothing to send or print."""
        return not self.sent_now and not self.printed_now


DemoEvent = StageProgress | CampaignReady | ListRead | TookUp | DemoFinished
