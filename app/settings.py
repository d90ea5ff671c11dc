"""What the program remembers between two days: « Mon cabinet », the mail account, habits.

One frozen dataclass ↔ one TOML file, written atomically. Never a secret, never a patient.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import tomli_w

from app import paths
from app.core.errors.storage import SettingsNotSaved, SettingsUnreadable
from app.core.mail_account import MailAccount
from app.core.plain_data import from_plain, to_plain
from app.core.practice import Practice

_RECENT_FILE = "envois.json"
_RECENT_KEPT = 50


@dataclass(frozen=True, slots=True)
class ColumnHabit:
    """Mapping chosen for a file with these headers; proposed again when they come back."""

    headers: tuple[str, ...]
    #: header → field of the list
    mapping: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InterfaceHabits:
    """Size of the window and the like."""

    window: tuple[int, ...] = ()
    last_folder: str = ""
    #: « tree » of small choices: name → value
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; the default is a program never used."""

    practice: Practice = field(default_factory=Practice)
    account: MailAccount | None = None
    campaigns_folder: str = ""
    known_columns: tuple[ColumnHabit, ...] = ()
    interface: InterfaceHabits = field(default_factory=InterfaceHabits)
    #: months after which a closed campaign proposes to erase the names
    purge_after_months: int = 6


def load(file: Path | None = None) -> Settings:
    """The saved settings; the defaults when there are none.

    Raises:
        SettingsUnreadable: the file is not ours or was damaged; it is left untouched.
    """
    place = file or paths.settings_file()
    try:
        text = place.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsUnreadable(str(place)) from error
    try:
        return from_plain(Settings, tomllib.loads(text))
    except (ValueError, TypeError) as error:
        raise SettingsUnreadable(str(place)) from error


def save(settings: Settings, file: Path | None = None) -> None:
    """Write the settings: after a cut, the old ones or the new ones.

    Raises:
        SettingsNotSaved: nothing was replaced.
    """
    place = file or paths.settings_file()
    plain = to_plain(settings)
    if not isinstance(plain, dict):
        raise TypeError("settings are a table")
    try:
        paths.replace_file(place, tomli_w.dumps(plain).encode())
    except OSError as error:
        raise SettingsNotSaved(str(place)) from error


def set_aside(file: Path | None = None) -> Path:
    """Rename unreadable settings so that the program can start afresh; where they went."""
    place = file or paths.settings_file()
    kept = place.with_name(f"{place.stem}-illisible{place.suffix}")
    place.replace(kept)
    return kept


@dataclass(frozen=True, slots=True)
class RecentCampaign:
    """One line of the home page, without opening the encrypted file. Counts only."""

    path: str
    name: str
    #: when it was last used
    used_at: datetime
    total: int = 0
    settled: int = 0
    closed: bool = False
    purged: bool = False
    #: day of the promised follow-up letter
    remind_on: date | None = None
    #: day from which the names may be erased
    purge_on: date | None = None
    #: an incident kept for the register only
    without_letters: bool = False


def load_recent() -> tuple[RecentCampaign, ...]:
    """Campaigns opened on this computer, the last one first; those whose folder is gone are left out."""
    file = paths.data_dir() / _RECENT_FILE
    try:
        plain = json.loads(file.read_bytes())
        found = tuple(from_plain(RecentCampaign, item) for item in plain)
    except (OSError, ValueError, TypeError):
        return ()  # only a convenience: the campaigns themselves are elsewhere
    return tuple(recent for recent in found if _is_there(Path(recent.path)))


def _is_there(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:  # another user's folder: opening it says so
        return True


def remember_campaign(recent: RecentCampaign) -> None:
    """Put a campaign at the top of the list.

    Raises:
        SettingsNotSaved: the list could not be written.
    """
    others = [other for other in load_recent() if other.path != recent.path]
    _save_recent([recent, *others][:_RECENT_KEPT])


def forget_campaign(path: Path) -> None:
    """Take a campaign off the list."""
    _save_recent([other for other in load_recent() if other.path != str(path)])


def _save_recent(recents: list[RecentCampaign]) -> None:
    file = paths.data_dir() / _RECENT_FILE
    try:
        paths.replace_file(
            file, json.dumps([to_plain(item) for item in recents], indent=1).encode()
        )
    except OSError as error:
        raise SettingsNotSaved(str(file)) from error
