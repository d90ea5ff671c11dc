"""Send the e-mail letters of a campaign: each at most once, the journal always ahead of the wire.

For each letter: claim (durable) → MAIL, RCPT, DATA, body → mark and SHA-256 (durable) → the final dot →
the server's answer (durable). What a crash leaves behind is told apart at the next start: claimed letters
go again, marked ones are uncertain and wait for the user.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.errors import BugError, UserError
from app.core.errors.storage import CampaignClosed, CampaignDoubtful
from app.core.mail_account import MailAccount
from app.core.pacing import Pacer
from app.core.recipient import Recipient
from app.mail.message import Attachment, EntitySigner, MessageBuilder, Sender, forget_lines
from app.mail.transport import SmtpTransport, Transport
from app.services.control import Control
from app.services.learned_limits import learned_limits, with_learned
from app.services.sending_events import (
    CanaryReached,
    DeliveryChanged,
    Finished,
    LimitLearned,
    Paused,
    Recovered,
    SendingEvent,
    SendingOptions,
    Stopped,
    Tally,
    Waiting,
    WaitReason,
)
from app.services.sending_lane import Lane, LaneTools
from app.services.sending_recorder import Recorder
from app.services.sending_traffic import Traffic
from app.services.sending_writing import Renderer
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile

__all__ = [
    "CanaryReached",
    "DeliveryChanged",
    "Finished",
    "LimitLearned",
    "Paused",
    "Recovered",
    "SendingControl",
    "SendingEvent",
    "SendingOptions",
    "SendingRun",
    "Stopped",
    "Tally",
    "WaitReason",
    "Waiting",
    "smtp_transports",
]

_S = DeliveryStatus
MOST_LANES = 4
SendingControl = Control
#: makes one transport per lane; the callable given to it says whether the user stopped
TransportFactory = Callable[[Callable[[], bool]], Transport]
#: makes one renderer per lane from the lane's own campaign connection
RendererFactory = Callable[[CampaignFile], Renderer]
#: makes what attaches files to the letters of one lane
AttacherFactory = Callable[[CampaignFile], Callable[[Recipient, Delivery], Attachment]]


def smtp_transports(
    account: MailAccount, secret: Callable[[], str] | None = None
) -> TransportFactory:
    """The factory of real SMTP connections."""
    return lambda interrupted: SmtpTransport(account, secret, interrupted=interrupted)


@dataclass(frozen=True, slots=True)
class _LaneEnded:
    """A lane's thread is over; ``error`` is what broke it."""

    lane: Lane | None
    error: BaseException | None = None


class SendingRun:
    """One go at the letters that are still to send. Make a new one for each go.

    Args:
        campaign_file: open, in the thread that iterates ``run``.
        transport_factory: see ``smtp_transports``.
        renderer_for: normally ``services.lettering.renderer_for``.
        account: where letters leave from, with its limits.
        practice_name: display name of the sender; the account's own when empty.
        clock: the time.
        options: run number, lanes, canary, thresholds, patience.
        sign: S/MIME signer of ``mail.smime``, or None.
        before_first: called once before the first letter leaves (freezes the run's content).
        attach_for: ``attached_pdf.pdf_attacher`` when each e-mail takes its PDF along, or None.
    """

    def __init__(
        self,
        campaign_file: CampaignFile,
        transport_factory: TransportFactory,
        renderer_for: RendererFactory,
        account: MailAccount,
        *,
        practice_name: str = "",
        clock: Clock | None = None,
        options: SendingOptions | None = None,
        sign: EntitySigner | None = None,
        before_first: Callable[[CampaignFile], None] | None = None,
        attach_for: AttacherFactory | None = None,
    ) -> None:
        self._file = campaign_file
        self._transport_factory = transport_factory
        self._renderer_for = renderer_for
        self._account = account
        self._clock = clock or SystemClock()
        self._options = options or SendingOptions(lanes=account.lanes)
        name = practice_name or account.display_name
        self._builder = MessageBuilder(Sender(account.address, name), sign=sign)
        self._before_first = before_first
        self._attach_for = attach_for
        if not 1 <= self._options.lanes <= MOST_LANES:
            raise BugError("one to four lanes")

    def run(self, control: Control) -> Iterator[SendingEvent]:
        """Send; the last event is ``Stopped`` or ``Finished``.

        Raises:
            CampaignDoubtful: a copied or restored campaign that nobody confirmed.
            CampaignClosed: the practice closed it.
        """
        file = self._file
        if file.is_doubtful:
            raise CampaignDoubtful(file.folder.name, file.doubts(self._clock.now()))
        if file.setting(CLOSED_SETTING) is not None:
            raise CampaignClosed(file.folder.name)
        found = file.recover_after_crash(self._clock.now())
        if found.reopened or found.uncertain:
            yield Recovered(found.reopened, found.uncertain)
        traffic = self._traffic()
        if not traffic.tally.left:
            yield Finished(file.balance(), traffic.tally)
            return
        if self._before_first is not None:
            self._before_first(file)
        lanes: list[Lane] = []
        try:
            if self._options.lanes == 1:
                lane = self._lane(file, Recorder(file, self._options.run), traffic, control)
                lanes.append(lane)
                yield from lane.run(control)
            else:
                yield from self._run_lanes(traffic, control, lanes)
        except UserError as error:  # the disk, the campaign file: nothing more may leave
            traffic.stop(error)
        finally:
            forget_lines()
        stopped = traffic.stopped
        if stopped is not None and not control.is_stopped:
            yield stopped
            return
        declined = min((lane.declined for lane in lanes if lane.declined), default=None)
        yield Finished(
            file.balance(),
            traffic.tally,
            stopped_by_user=control.is_stopped,
            resume_at=declined[0] if declined else None,
            why=declined[1] if declined else None,
        )

    def _traffic(self) -> Traffic:
        file, run, account = self._file, self._options.run, self._account
        counts = file.delivery_counts(run)

        def count(*statuses: DeliveryStatus) -> int:
            return sum(counts.get((Channel.EMAIL, status), 0) for status in statuses)

        accepted = count(_S.ACCEPTED, _S.BOUNCED)
        rejected, uncertain = count(_S.REJECTED), count(_S.UNCERTAIN)
        waiting = count(_S.PENDING, _S.DEFERRED)
        deferred = {
            letter.id for letter in file.deliveries(_S.DEFERRED, channel=Channel.EMAIL, run=run)
        }
        total = accepted + rejected + uncertain + waiting
        tally = Tally(total, accepted, rejected, len(deferred), uncertain)
        now = self._clock.now()
        limits = with_learned(account.limits, learned_limits(account.key, now))
        longest = max((window.seconds for window in limits), default=0)
        sent = file.sent_since(account.key, now - timedelta(seconds=longest)) if longest else []
        pacer = Pacer(limits, sent, account.working_hours)
        return Traffic(account, pacer, self._options, tally, deferred)

    def _lane(
        self, file: CampaignFile, recorder: Recorder, traffic: Traffic, control: Control
    ) -> Lane:
        transport = self._transport_factory(lambda: control.is_stopped)
        attach = self._attach_for(file) if self._attach_for is not None else None
        tools = LaneTools(
            file, recorder, transport, self._renderer_for(file), self._builder, attach
        )
        return Lane(tools, self._account, self._clock, traffic, self._options)

    def _run_lanes(
        self, traffic: Traffic, control: Control, lanes: list[Lane]
    ) -> Iterator[SendingEvent]:
        """Each lane in its thread, reading by its own connection, writing by one that all share."""
        news: queue.SimpleQueue[SendingEvent | _LaneEnded] = queue.SimpleQueue()
        journal = self._file.reopen()
        recorder = Recorder(journal, self._options.run, self._options.lanes)

        def work() -> None:
            lane: Lane | None = None
            error: BaseException | None = None
            try:
                with self._file.reopen() as file:
                    lane = self._lane(file, recorder, traffic, control)
                    for event in lane.run(control):
                        news.put(event)
            except BaseException as broken:  # noqa: BLE001 - raised again in the caller's thread
                error = broken
                traffic.end()
            news.put(_LaneEnded(lane, error))

        threads = [
            threading.Thread(target=work, name=f"envoi-{number}")  # noqa: TID251 - a thread allowed here by the architecture
            for number in range(1, self._options.lanes + 1)
        ]
        broken: BaseException | None = None
        try:
            for thread in threads:
                thread.start()
            running = len(threads)
            while running:
                event = news.get()
                if isinstance(event, _LaneEnded):
                    running -= 1
                    broken = broken or event.error
                    if event.lane is not None:
                        lanes.append(event.lane)
                else:
                    yield event
        finally:
            traffic.end()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
            journal.hand_over()
            journal.close()
        if broken is not None:
            raise broken
