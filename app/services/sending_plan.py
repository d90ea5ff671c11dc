"""How long the e-mails of a campaign will take from this account, and what shortens it. Shown before the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.clock import Clock, SystemClock
from app.core.mail_account import MailAccount
from app.core.pacing import DAY, RateWindow, most_before, plan_end
from app.services.learned_limits import learned_limits, with_learned
from app.storage.campaign_file import CampaignFile

#: longer than this, and the plan proposes to give a part to the post
_LONG = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Alternative:
    """« 906 par courrier, le reste en 4 jours »."""

    by_email: int
    by_paper: int
    end: datetime


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
