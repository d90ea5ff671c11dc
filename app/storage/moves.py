"""Letters change state here: checked, journalled, and durable together, however many lanes move them.

One commit costs a full fsync, and one encrypted page per table and index touched; several moves in one cost
little more than one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.core.campaign import Channel, Delivery, DeliveryStatus, Reply, check_move
from app.core.errors import BugError
from app.core.recipient import Recipient
from app.storage.deliveries import Deliveries
from app.storage.instants import from_micros, from_optional_micros, to_micros, to_optional_micros
from app.storage.ledger import account_digest
from app.storage.queries import DeliveryQuery

# the state and the tries that the mover saw: a letter changed by somebody else is not moved
_UPDATE = """UPDATE deliveries SET status=?, attempts=?, retry_at=?, changed_at=?, reply_code=?,
    reply_enhanced=?, reply_text=?, sha256=? WHERE id=? AND status=? AND attempts=?"""
# deferred letters come before pending ones, as the words sort; the index is named so that no statistics can
# turn the seek into a scan (mail.md B2, first trap), and holds all that this reads
CLAIMABLE = """SELECT d.id FROM deliveries AS d INDEXED BY deliveries_claim
    WHERE d.status IN ('deferred', 'pending') AND d.run=? AND d.channel=? AND d.retry_at<=?
    ORDER BY d.status, d.retry_at, d.id LIMIT ?"""
_S = DeliveryStatus
Tail = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found half-way at start: sent back to the queue, or left for the user to decide."""

    reopened: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class Move:
    """``letter``, as it was last read, becomes ``new``.

    ``account``: the server was told of this letter now; counts in the account's rolling windows.
    """

    letter: Delivery
    new: DeliveryStatus
    at: datetime
    reply: Reply | None = None
    sha256: str = ""
    retry_at: datetime | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The moved letters, in the order of the moves, and the letters claimed in the same commit."""

    letters: tuple[Delivery, ...]
    claimed: tuple[tuple[Delivery, Recipient], ...] = ()


class Moves(Deliveries):
    """Writes to the tables ``deliveries`` and ``sent_log``."""

    def record(
        self,
        moves: Sequence[Move],
        *,
        claims: int = 0,
        now: datetime | None = None,
        run: int = 1,
        channel: Channel = Channel.EMAIL,
    ) -> Recorded:
        """All of ``moves``, then up to ``claims`` letters → OPEN, in one durable transaction.

        Claimed first are DEFERRED letters whose time has come, then PENDING ones. Each counts one attempt.

        Args:
            moves: at most one per letter.
            claims: how many more letters are wanted; ``now`` says which are due.
            now: needed with ``claims``.
            run: run of the claimed letters.
            channel: channel of the claimed letters.

        Raises:
            BugError: a move is not allowed, or its letter is not in the state the move starts from.
            CampaignDoubtful: a copied or restored file that the user has not confirmed.
            CampaignClosed: the practice closed the campaign.
            DiskFull, WriteFailed: nothing at all was moved.
        """
        with self._writing():
            tail = self._tail()
            letters = []
            for move in moves:
                moved, tail = self._move(move, tail)
                letters.append(moved)
            claimed = []
            if claims:
                if now is None:
                    raise BugError("a claim needs its instant")
                claimed = self._claim(claims, to_micros(now), run, channel)
        departures = [move for move in moves if move.new is _S.DOT or move.account]
        if departures:
            accounts = [account_digest(move.account) for move in departures if move.account]
            self._note_sent(accounts, to_micros(departures[-1].at), tail)
        return Recorded(tuple(letters), tuple(claimed))

    def claim_next(
        self, now: datetime, run: int = 1, channel: Channel = Channel.EMAIL
    ) -> tuple[Delivery, Recipient] | None:
        """One letter → OPEN as in ``record``; None when none is due. Lanes may call it at once."""
        claimed = self.record((), claims=1, now=now, run=run, channel=channel).claimed
        return claimed[0] if claimed else None

    def move(
        self,
        delivery_id: int,
        new: DeliveryStatus,
        *,
        now: datetime,
        reply: Reply | None = None,
        sha256: str = "",
        retry_at: datetime | None = None,
        account: str = "",
    ) -> Delivery:
        """One move of one letter, whatever its state; see ``record``. OPEN → PENDING gives the attempt back."""
        with self._writing():
            letter = self.delivery(delivery_id)
            move = Move(letter, new, now, reply, sha256, retry_at, account)
            return self.record((move,)).letters[0]

    def recover_after_crash(self, now: datetime) -> Recovered:
        """OPEN → PENDING (the dot never left), DOT → UNCERTAIN (nobody knows). Never beside a sender."""
        found = {}
        for status, new in ((_S.OPEN, _S.PENDING), (_S.DOT, _S.UNCERTAIN)):
            keys = self.delivery_ids(DeliveryQuery((status,)))
            found[new] = len(keys)
            if keys:
                self.record([Move(self.delivery(key), new, now) for key in keys])
        return Recovered(found[_S.PENDING], found[_S.UNCERTAIN])

    def next_retry_at(self, run: int = 1) -> datetime | None:
        """Earliest instant set for an e-mail letter that waits; None when none waits for its time."""
        value = self._value(
            "SELECT min(retry_at) FROM deliveries INDEXED BY deliveries_claim "
            "WHERE status IN (?, ?) AND run=? AND channel=? AND retry_at>0",
            (_S.DEFERRED.value, _S.PENDING.value, run, Channel.EMAIL.value),
        )
        return None if value is None else from_optional_micros(value)

    def _claim(
        self, wanted: int, at: int, run: int, channel: Channel
    ) -> list[tuple[Delivery, Recipient]]:
        self._check_may_leave()
        claimed = []
        for (key,) in self._rows(CLAIMABLE, (run, channel.value, at, wanted)):
            opened = self._update(self.delivery(key), _S.OPEN, at, None, "", 0)
            claimed.append((opened, self.recipient(opened.recipient_id)))
        return claimed

    def _move(self, move: Move, tail: Tail) -> tuple[Delivery, Tail]:
        letter, new, at = move.letter, move.new, to_micros(move.at)
        check_move(letter.status, new)
        if new in (_S.OPEN, _S.PRINTED):
            self._check_may_leave()
        retry_at = to_optional_micros(move.retry_at)
        moved = self._update(letter, new, at, move.reply, move.sha256, retry_at)
        if new is _S.DOT or move.account:
            digest = account_digest(move.account) if move.account else ""
            self._execute("INSERT OR IGNORE INTO sent_log VALUES (?,?,?)", (digest, at, letter.id))
        is_silent = letter.status is _S.OPEN and new is _S.PENDING and not move.reply
        if new is not _S.OPEN and not is_silent:
            tail = self._journal_move(move, at, tail)
        return moved, tail

    def _update(
        self,
        letter: Delivery,
        new: DeliveryStatus,
        at: int,
        reply: Reply | None,
        sha256: str,
        retry_at: int,
    ) -> Delivery:
        attempts = letter.attempts
        if new is _S.OPEN:
            attempts += 1
        elif letter.status is _S.OPEN and new is _S.PENDING:
            # the account's fault, or a cut: not a try of this letter
            attempts = max(attempts - 1, 0)
        said = reply or letter.reply or Reply(0)
        digest = sha256 or letter.sha256
        values = (new.value, attempts, retry_at, at, said.code, said.enhanced, said.text, digest)
        found = (letter.id, letter.status.value, letter.attempts)
        if self._execute(_UPDATE, (*values, *found)) != 1:
            raise BugError("the letter is no longer in the state it was read in")
        return replace(
            letter,
            status=new,
            attempts=attempts,
            retry_at=from_optional_micros(retry_at),
            changed_at=from_micros(at),
            reply=said if said.code else None,
            sha256=digest,
        )

    def _journal_move(self, move: Move, at: int, tail: Tail) -> Tail:
        letter, reply = move.letter, move.reply
        facts: dict[str, str | int] = {"from": letter.status.value, "code": letter.code}
        private: dict[str, str | int] = {}
        if move.sha256:
            facts["sha256"] = move.sha256
        if letter.message_id and move.new is _S.DOT:
            facts["message_id"] = letter.message_id
        if reply is not None:
            facts["reply_code"] = reply.code
            if reply.enhanced:
                facts["reply_enhanced"] = reply.enhanced
            # a refusal quotes the address; an acceptance gives the queue number, which proves something
            quotes = reply.code // 100 != 2 or "@" in reply.text
            (private if quotes else facts)["reply"] = reply.text
        kind = f"letter_{move.new.value}"
        return self._append_after(tail, kind, facts, at, private=private, delivery_id=letter.id)

    def _note_sent(self, accounts: Sequence[str], at: int, tail: Tail) -> None:
        """Letters reached the end of DATA, durably; ``tail`` is the journal's last line then."""
        raise NotImplementedError

    def _check_may_leave(self) -> None:
        """Raise CampaignDoubtful or CampaignClosed."""
        raise NotImplementedError
