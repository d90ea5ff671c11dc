"""How long the e-mails of a campaign will take from this account, and what shortens it. Shown before the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.clock import Clock, SystemClock
from app.core.mail_account import MailAccount
from app.core.pacing import DAY, MINUTE, Pacer, RateWindow, most_before, plan_end
from app.services.learned_limits import learned_limits, with_learned
from app.storage.campaign_file import CampaignFile

#: longer than this, and the plan proposes to give a part to the post
_LONG = timedelta(days=4)
#: days in which the e-mails may end when the rest is posted
_SHORTER_DAYS = (4, 2, 1)
#: a shorter wait is not worth a word
_PAUSE = timedelta(seconds=2 * MINUTE)
#: the next pause is looked for among so many departures
_LOOKED_AHEAD = 20_000


@dataclass(frozen=True, slots=True)
class Alternative:
    """« 906 par courrier, le reste en 4 jours »."""

    by_email: int
    by_paper: int
    end: datetime


@dataclass(frozen=True, slots=True)
class ShorterPlan:
    """The e-mails end after ``days`` days when ``by_paper`` letters are posted."""

    days: int
    by_email: int
    by_paper: int
    end: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing leaves from ``begins`` to ``ends``: a limit is reached, or the working hours are over."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class SendingPlan:
    """Exact under the account's limits, counting what left already from it."""

    letters: int
    end: datetime
    per_day: tuple[tuple[date, int], ...]
    #: letters of this account in the last 24 hours, all campaigns
    already_sent: int
    #: the limits that apply, learned ones included
    limits: tuple[RateWindow, ...]
    #: None when the run is short enough
    alternative: Alternative | None = None

    @property
    def days(self) -> int:
        """Number of calendar days on which letters leave."""
        return len(self.per_day)


def sending_plan(
    campaign_file: CampaignFile,
    account: MailAccount,
    letters: int,
    *,
    clock: Clock | None = None,
    deadline: datetime | None = None,
    seconds_per_letter: float = 0.25,
) -> SendingPlan:
    """The plan of ``letters`` e-mails from now on.

    Args:
        campaign_file: any open campaign; the account's past counts over all of them.
        account: with its limits and working hours.
        letters: how many are to leave.
        clock: the time.
        deadline: when the last letter should have left; four days from now when None.
        seconds_per_letter: what one letter takes by itself over an ordinary connection.
    """
    now = (clock or SystemClock()).now()
    limits = with_learned(account.limits, learned_limits(account.key, now))
    longest = max((window.seconds for window in limits), default=DAY)
    sent = campaign_file.sent_since(account.key, now - timedelta(seconds=max(longest, DAY)))
    plan = plan_end(
        letters,
        limits,
        now,
        hours=account.working_hours,
        sent_times=sent,
        seconds_per_letter=seconds_per_letter,
    )
    until = deadline or now + _LONG
    alternative = None
    if letters and plan.end >= until:
        alternative = _alternative(account, limits, letters, now, until, sent)
    today = sum(at > now - timedelta(days=1) for at in sent)
    return SendingPlan(letters, plan.end, plan.per_day, today, limits, alternative)


def shorter_plans(
    plan: SendingPlan,
    campaign_file: CampaignFile,
    account: MailAccount,
    postable: int,
    clock: Clock | None = None,
) -> tuple[ShorterPlan, ...]:
    """Ways to end sooner by posting the last letters of the list, the longest first; empty when none helps.

    Args:
        plan: the plan of all letters by e-mail.
        campaign_file: as for ``sending_plan``.
        account: as for ``sending_plan``.
        postable: how many of these letters can be posted; a plan that needs more is not offered.
        clock: the time.
    """
    found = []
    for days in _SHORTER_DAYS:
        if days >= plan.days:
            continue
        by_email = sum(letters for _, letters in plan.per_day[:days])
        by_paper = plan.letters - by_email
        if by_paper <= postable:
            end = sending_plan(campaign_file, account, by_email, clock=clock).end
            found.append(ShorterPlan(days, by_email, by_paper, end))
    return tuple(found)


def next_pause(
    campaign_file: CampaignFile,
    account: MailAccount,
    letters: int,
    *,
    clock: Clock | None = None,
    seconds_per_letter: float = 0.25,
) -> Pause | None:
    """The first wait of more than two minutes ahead, as the pacer will make it; None when there is none."""
    now = (clock or SystemClock()).now()
    limits = with_learned(account.limits, learned_limits(account.key, now))
    longest = max((window.seconds for window in limits), default=0)
    sent = (
        campaign_file.sent_since(account.key, now - timedelta(seconds=longest)) if longest else []
    )
    pacer = Pacer(limits, sent, account.working_hours)
    moment = now
    for _ in range(min(letters, _LOOKED_AHEAD)):
        start = pacer.next_allowed(moment)
        if start - moment > _PAUSE:
            return Pause(moment, start)
        pacer.start()
        moment = start + timedelta(seconds=seconds_per_letter)
        pacer.finish(moment)
    return None


def _alternative(
    account: MailAccount,
    limits: tuple[RateWindow, ...],
    letters: int,
    now: datetime,
    until: datetime,
    sent: Sequence[datetime],
) -> Alternative:
    hours = account.working_hours
    by_email = most_before(until, letters, limits, now, hours=hours, sent_times=sent)
    end = plan_end(by_email, limits, now, hours=hours, sent_times=sent).end
    return Alternative(by_email, letters - by_email, end)
