"""The run over time: letters that left, per hour or per day, for the dossier's chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.core.campaign import Channel
from app.storage.campaign_file import CampaignFile
from app.wording.french import PARIS

#: kinds of events that mean « a letter left », and their channel
LEFT = {
    "letter_accepted": Channel.EMAIL,
    "letter_posted": Channel.PAPER,
    "letter_handed_over": Channel.HAND_OVER,
}
_HOURLY_UP_TO = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Activity:
    """Letters that left, per hour or per day in French time."""

    hourly: bool
    starts: tuple[datetime, ...]
    by_channel: Mapping[Channel, tuple[int, ...]]


def activity(campaign_file: CampaignFile) -> Activity:
    """Counted from the journal."""
    rows = campaign_file.events_per_hour(tuple(LEFT))
    if not rows:
        return Activity(hourly=True, starts=(), by_channel={})
    first, last = rows[0][1], rows[-1][1]
    hourly = last - first < _HOURLY_UP_TO
    starts = _starts(first, last, hourly=hourly)
    index = {start: number for number, start in enumerate(starts)}
    sums = {channel: [0] * len(starts) for channel in LEFT.values()}
    for kind, hour, count in rows:
        sums[LEFT[kind]][index[_floor(hour, hourly=hourly)]] += count
    kept = {channel: tuple(values) for channel, values in sums.items() if any(values)}
    return Activity(hourly, tuple(starts), kept)


def _floor(moment: datetime, *, hourly: bool) -> datetime:
    """Start of the hour, or of the French day, in UTC (so that a change of clocks counts once)."""
    if hourly:
        return moment
    day = moment.astimezone(PARIS)
    return day.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _starts(first: datetime, last: datetime, *, hourly: bool) -> list[datetime]:
    starts = [_floor(first, hourly=hourly)]
    while starts[-1] < _floor(last, hourly=hourly):
        if hourly:
            starts.append(starts[-1] + timedelta(hours=1))
        else:
            following = starts[-1].astimezone(PARIS).date() + timedelta(days=1)
            local = datetime(following.year, following.month, following.day, tzinfo=PARIS)
            starts.append(local.astimezone(UTC))
    return starts
