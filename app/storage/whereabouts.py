"""What this computer knows of a campaign: when letters left, how far the journal had got, on which machine."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from typing_extensions import override

from app.core.errors.storage import CampaignClosed, CampaignDoubtful
from app.paths import data_dir
from app.storage.database import Shared
from app.storage.instants import from_micros, to_micros
from app.storage.ledger import LEDGER_FILE, LastSeen, Ledger, account_digest, folder_digest
from app.storage.names import Names

#: instant (ISO) at which the practice closed the campaign
CLOSED_SETTING = "campaign.closed_at"
_MACHINE = "campaign.machine"
#: a clock is corrected by seconds; being further behind the journal would falsify its times
CLOCK_TOLERANCE = timedelta(minutes=5)


class Whereabouts(Names):
    """Doubts about a copied or restored file, and the windows of the mail providers."""

    def __init__(self, shared: Shared, file: Path, *, owns_lock: bool) -> None:
        """``owns_lock``: the first connection; it alone notes how far the journal got."""
        super().__init__(shared, file)
        self._owns_lock = owns_lock
        self._ledger = Ledger(data_dir() / LEDGER_FILE)
        self._folder_digest = folder_digest(shared.folder)

    @property
    def _is_known(self) -> bool:
        """True once the campaign's identity was read."""
        raise NotImplementedError

    def note_this_computer(self) -> None:
        """This computer is the one that goes on with the campaign."""
        self.set_setting(_MACHINE, self._ledger.machine_id())

    # rolling windows

    def sent_since(self, account: str, since: datetime) -> list[datetime]:
        """Instants at which a message from ``account`` reached the end of DATA, all campaigns, in order.

        What this campaign sent without naming an account counts too.
        """
        start, digest = to_micros(since), account_digest(account)
        own = self._rows(
            "SELECT at FROM sent_log WHERE account IN (?, '') AND at >= ?", (digest, start)
        )
        others = self._ledger.sent_by_others(digest, self._campaign_id, start)
        return [from_micros(at) for at in sorted([row[0] for row in own] + others)]

    @override
    def _note_sent(self, accounts: Sequence[str], at: int, tail: tuple[int, bytes]) -> None:
        # how far the journal got: a file cut or put back to an older state is noticed at the next opening
        seen = LastSeen(tail[0], tail[1].hex(), self._folder_digest)
        self._ledger.note_departures(accounts, self._campaign_id, at, seen)

    @override
    def _note_commit(self) -> None:
        """A log cut or altered after a crash loses the last commits in silence: these notes tell it."""
        if self._has_news and self._is_known and not self.is_doubtful:
            seq, head = self.chain_head()
            with suppress(
                sqlite3.Error
            ):  # the journal itself has it; only the warning would be missing
                self._ledger.note_campaign(
                    self._campaign_id, LastSeen(seq, head, self._folder_digest)
                )

    # what this computer remembers

    def doubts(self, now: datetime) -> tuple[str, ...]:
        """Why this may not be the one and only current state of the campaign; empty when all is well.

        "other_computer", "older_than_known" (restored or copied back), "other_copy" (two files went on
        separately), "clock_back" (the computer's clock is behind the journal).
        """
        found = []
        machine = self.setting(_MACHINE)
        if machine is not None and machine != self._ledger.machine_id():
            found.append("other_computer")
        seen = self._ledger.last_seen(self._campaign_id)
        if seen is not None and seen.seq:
            known = self._value("SELECT hash FROM events WHERE seq=?", (seen.seq,))
            if known is None:
                found.append("older_than_known")
            elif known.hex() != seen.hash:
                found.append("other_copy")
        last = self.last_event_at()
        if last is not None and now < last - CLOCK_TOLERANCE:
            found.append("clock_back")
        self._ledger.forget_before(to_micros(now))
        self._shared.doubts = tuple(found)
        return self._shared.doubts

    def confirm_doubts(self, now: datetime) -> None:
        """The user confirmed that this file is the one to go on with, on this computer."""
        with self.transaction():
            self.note_this_computer()
            facts: dict[str, str | int] = {"doubts": ",".join(self._shared.doubts)}
            self.append_event("doubts_confirmed", facts, now)
        self._shared.doubts = ()
        self._remember()

    def _remember(self) -> None:
        if self._owns_lock and self._is_known and not self.is_doubtful:
            seq, head = self.chain_head()
            seen = LastSeen(seq, head, self._folder_digest)
            self._ledger.note_campaign(self._campaign_id, seen)

    @property
    def is_doubtful(self) -> bool:
        """True until the user confirmed a copied or restored campaign; see services.campaigns."""
        return bool(self._shared.doubts)

    @override
    def _check_may_leave(self) -> None:
        if self._shared.doubts:
            raise CampaignDoubtful(self._shared.name, self._shared.doubts)
        if self.setting(CLOSED_SETTING) is not None:
            raise CampaignClosed(self._shared.name)
