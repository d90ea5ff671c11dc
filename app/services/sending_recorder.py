"""The journal of a run, shared by its lanes: what they ask for at the same time goes to the disk in one commit."""

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.campaign import Delivery
from app.core.errors import BugError
from app.core.recipient import Recipient
from app.storage.campaign_file import CampaignFile
from app.storage.moves import Move

Claimed = tuple[Delivery, Recipient]
#: a lane about to write waits so long for the others: one commit for three lanes costs little more than for one
_GATHER_S = 0.000_3


@dataclass(slots=True)
class _Request:
    """What one lane wants written; answered in place."""

    moves: Sequence[Move]
    claim_at: datetime | None
    letters: tuple[Delivery, ...] = ()
    claimed: Claimed | None = None
    error: BaseException | None = None
    is_answered: bool = False


class Recorder:
    """Writes moves and claims durably. Any lane may call it; whoever comes first writes for those who wait.

    Args:
        campaign_file: written to by nobody else as long as the run lasts; handed from lane to lane.
        run: run of the letters.
        lanes: how many threads call.
    """

    def __init__(self, campaign_file: CampaignFile, run: int, lanes: int = 1) -> None:
        self._file = campaign_file
        self._run = run
        self._lanes = lanes
        self._waiting: deque[_Request] = deque()
        self._turn = threading.Lock()

    def record(
        self, moves: Sequence[Move], *, claim_at: datetime | None = None
    ) -> tuple[tuple[Delivery, ...], Claimed | None]:
        """``moves``, and one letter claimed when ``claim_at`` is given: durable when this returns.

        Raises:
            The errors of ``CampaignFile.record``: nothing was written.
        """
        request = _Request(moves, claim_at)
        self._waiting.append(request)
        with self._turn:
            if not request.is_answered:
                if len(self._waiting) < self._lanes:
                    time.sleep(_GATHER_S)
                self._write(self._all_waiting())
        if request.error is not None:
            raise request.error
        return request.letters, request.claimed

    def _all_waiting(self) -> list[_Request]:
        waiting = []
        while self._waiting:
            waiting.append(self._waiting.popleft())
        return waiting

    def _write(self, requests: list[_Request]) -> None:
        moves = [move for request in requests for move in request.moves]
        claimants = [request for request in requests if request.claim_at is not None]
        now = min((r.claim_at for r in claimants if r.claim_at is not None), default=None)
        try:
            if self._lanes > 1:
                self._file.hand_over()
            done = self._file.record(moves, claims=len(claimants), now=now, run=self._run)
        except BaseException as error:  # noqa: BLE001 - raised again in each lane that waits
            for request in requests:
                request.error, request.is_answered = error, True
            return
        letters = iter(done.letters)
        for request in requests:
            request.letters = tuple(next(letters) for _ in request.moves)
            request.is_answered = True
        if len(done.claimed) > len(claimants):
            raise BugError("more letters were claimed than wanted")
        for request, claimed in zip(claimants, done.claimed, strict=False):
            request.claimed = claimed
