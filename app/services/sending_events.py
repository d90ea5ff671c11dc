"""What a sending run tells those who watch it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.campaign import ClosingBalance, Delivery
from app.core.errors import UserError
from app.core.pacing import RateWindow


class WaitReason(StrEnum):
    """Why nothing leaves for a while."""

    RATE = "rate"  # a rolling window of the account is full
    HOURS = "hours"  # outside the working hours
    BACK_OFF = "back_off"  # the server asked to slow down, or cannot be reached
    RETRY = "retry"  # only deferred letters are left


@dataclass(frozen=True, slots=True)
class Tally:
    """Letters of this run by what became of them. ``settled`` + ``left`` = ``total``, always."""

    total: int
    accepted: int = 0
    rejected: int = 0
    deferred: int = 0
    uncertain: int = 0

    @property
    def settled(self) -> int:
        """Letters about which the run has nothing left to do; never goes back."""
        return self.accepted + self.rejected + self.uncertain

    @property
    def left(self) -> int:
        """Letters still to send, deferred ones included."""
        return self.total - self.settled


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """One letter reached a new state, already durable. ``row`` is its line in the list."""

    delivery: Delivery
    row: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Recovered:
    """Found half-way at start: ``reopened`` go again, ``uncertain`` wait for the user."""

    reopened: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing leaves before ``until``."""

    until: datetime
    why: WaitReason
    tally: Tally
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """The user paused; nothing leaves until « Reprendre »."""

    tally: Tally


@dataclass(frozen=True, slots=True)
class CanaryReached:
    """The first letters left; the run is paused so that refusals and returns can be looked at."""

    tally: Tally


@dataclass(frozen=True, slots=True)
class LimitLearned:
    """The server taught a limit that is stricter than the one set."""

    window: RateWindow


@dataclass(frozen=True, slots=True)
class Stopped:
    """A person must act before the rest can go. ``resume_at``: when trying again makes sense by itself."""

    error: UserError
    tally: Tally
    resume_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The run ended by itself or by the user's stop.

    ``resume_at`` is set when letters are left and the run did not want to wait that long.
    """

    balance: ClosingBalance
    tally: Tally
    stopped_by_user: bool = False
    resume_at: datetime | None = None
    why: WaitReason | None = None


SendingEvent = (
    DeliveryChanged
    | Recovered
    | Waiting
    | Paused
    | CanaryReached
    | LimitLearned
    | Stopped
    | Finished
)


@dataclass(frozen=True, slots=True)
class SendingOptions:
    """Choices of one run."""

    run: int = 1
    lanes: int = 1
    #: pause after so many letters of a run; 0 = never
    canary: int = 0
    #: stop when refused / tried passes it, once ``refusal_floor`` letters were tried
    refusal_share: float = 0.2
    refusal_floor: int = 20
    #: longest wait in seconds before the run ends with ``resume_at``; None = waits for days
    patience: float | None = None
