"""What sending tests need: a clock that jumps over waits, letters without templates."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from typing_extensions import override

from app.core.campaign import Channel
from app.core.recipient import Recipient
from app.services.control import Control
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW


class JumpClock:
    """A clock that moves only when told."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        """Lanes and the server may move it at once."""
        with self._lock:
            self.moment += by


class JumpControl(Control):
    """Waiting takes no time: the clock jumps instead."""

    def __init__(self, clock: JumpClock) -> None:
        super().__init__()
        self._clock = clock

    @override
    def wait(self, seconds: float = 0.0) -> bool:
        if seconds > 0:
            self._clock.advance(timedelta(seconds=seconds))
        return super().wait()


@dataclass(frozen=True)
class PlainLetter:
    subject: str
    text: str
    html: str


class PlainRenderer:
    """The letter of one invented person in three lines."""

    def render(self, recipient: Recipient, delivery_code: str, _channel: Channel) -> PlainLetter:
        words = f"Madame {recipient.last_name},\n\nVotre lettre {delivery_code}.\n"
        return PlainLetter("Information du cabinet", words, f"<p>{words}</p>")


def plain_renderer(_file: CampaignFile, run: int | None = None) -> PlainRenderer:
    """A renderer factory for ``SendingRun``."""
    return PlainRenderer()
