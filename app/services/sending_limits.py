"""What an answer « too many » teaches about the provider's limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.pacing import DAY, HOUR, MINUTE, RateWindow
from app.core.replies import ACCOUNT_BACK_OFFS

_FEWEST_TO_LEARN = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """When the provider first said « too many », and what this account had sent by then."""

    met_at: datetime
    in_a_minute: int
    in_an_hour: int
    in_a_day: int

    def window(self, waited: timedelta | None) -> RateWindow | None:
        """The limit that explains the answer, given how long it lasted; None when too few had left to tell.

        ``waited`` None: it did not end while we waited, so it is a limit per day.
        """
        if waited is None:
            count, seconds = self.in_a_day, DAY
        elif waited <= ACCOUNT_BACK_OFFS[0] * 1.5:
            count, seconds = self.in_a_minute, MINUTE
        else:
            count, seconds = self.in_an_hour, HOUR
        return RateWindow(count, seconds) if count >= _FEWEST_TO_LEARN else None
