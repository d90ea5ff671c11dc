"""Days on which the home page speaks up: a promised follow-up letter, names that may be erased."""

import calendar
from datetime import date, datetime

from app.services.evidence_figures import PURGED_SETTING
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile

_REMINDER = "follow_up.remind_on"
#: campaign setting: day (ISO) from which the practice wants to be asked
_PURGE_ON = "purge.on"


def set_reminder(campaign_file: CampaignFile, day: date | None) -> None:
    """Day on which the program reminds of the promised follow-up; None to forget it."""
    campaign_file.set_setting(_REMINDER, "" if day is None else day.isoformat())


def reminder(campaign_file: CampaignFile) -> date | None:
    """The reminder day: the one set, else the day promised in the incident; none once closed."""
    if campaign_file.setting(CLOSED_SETTING) is not None:
        return None
    text = campaign_file.setting(_REMINDER)
    if text is None:
        return campaign_file.incident().next_update_on
    return date.fromisoformat(text) if text else None


def set_purge_day(campaign_file: CampaignFile, day: date) -> None:
    """The day from which the practice wants to be asked to erase the names."""
    campaign_file.set_setting(_PURGE_ON, day.isoformat())


def purge_due_on(campaign_file: CampaignFile, months: int) -> date | None:
    """Day from which the program proposes to erase the names: the chosen one, else ``months`` after closing."""
    closed = campaign_file.setting(CLOSED_SETTING)
    if closed is None or campaign_file.setting(PURGED_SETTING) is not None:
        return None
    chosen = campaign_file.setting(_PURGE_ON)
    if chosen:
        return date.fromisoformat(chosen)
    return months_later(datetime.fromisoformat(closed).date(), months)


def months_later(day: date, months: int) -> date:
    """The same day ``months`` later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
