"""Errors of the world: the campaign file, its key, the computer's credential store, the settings.

``name`` is the campaign folder's name, chosen by the practice; ``path`` a place on the disk.
"""

from dataclasses import dataclass
from datetime import datetime

from app.core.errors import UserError


@dataclass(eq=False)
class CampaignNotFound(UserError):
    """No campaign at this place."""

    name: str


@dataclass(eq=False)
class CampaignExists(UserError):
    """A campaign, or something else, is already at the place of the new one."""

    name: str


@dataclass(eq=False)
class NotACampaign(UserError):
    """The folder or file is not one of ours."""

    name: str


@dataclass(eq=False)
class WrongKey(UserError):
    """The key at hand is not the key of this campaign (told by the clear header)."""

    name: str


@dataclass(eq=False)
class KeyMissing(UserError):
    """The credential store of this computer does not hold the key of this campaign."""

    name: str


@dataclass(eq=False)
class RecoveryCodeMistyped(UserError):
    """The recovery code is too short, too long, or its check character says there is a typing mistake."""


@dataclass(eq=False)
class RecoveryCodeWrong(UserError):
    """The recovery code is well formed but belongs to another campaign, or to a former key."""


@dataclass(eq=False)
class PassphraseWrong(UserError):
    """The passphrase does not open this campaign."""


@dataclass(eq=False)
class PassphraseTooShort(UserError):
    """A new passphrase has fewer characters than required."""

    minimum: int


@dataclass(eq=False)
class CampaignDamaged(UserError):
    """The key is right and the content is not readable, or not authentic."""

    name: str
    backups: int = 0


@dataclass(eq=False)
class NewerCampaign(UserError):
    """Written by a later version of the program."""

    name: str


@dataclass(eq=False)
class CampaignAlreadyOpen(UserError):
    """Another window, or another computer, holds the campaign."""

    name: str
    computer: str = ""


@dataclass(eq=False)
class CampaignBusy(UserError):
    """Another thread of this program has been writing for too long."""

    name: str


@dataclass(eq=False)
class CampaignReadOnly(UserError):
    """The folder or the disk refuses writing."""

    name: str


@dataclass(eq=False)
class CampaignNotYours(UserError):
    """The session of this user may not even look into the campaign's folder."""

    name: str


@dataclass(eq=False)
class NetworkFolder(UserError):
    """The campaign is on a network drive, where two writers cannot be kept apart."""

    name: str


@dataclass(eq=False)
class DiskFull(UserError):
    """No room left for what had to be written first."""


@dataclass(eq=False)
class WriteFailed(UserError):
    """The disk refused to write or to read."""

    name: str


@dataclass(eq=False)
class NamesPurged(UserError):
    """The patients' names were erased on purpose; what was asked needs them."""

    purged_at: datetime


@dataclass(eq=False)
class CampaignClosed(UserError):
    """The campaign was closed by the practice: nothing may leave any more."""

    name: str


@dataclass(eq=False)
class CampaignDoubtful(UserError):
    """A copied, restored or out-of-time campaign: the user must confirm before anything leaves.

    ``doubts``: codes among "other_computer", "other_copy", "older_than_known", "clock_back".
    """

    name: str
    doubts: tuple[str, ...]


@dataclass(eq=False)
class BackupUnusable(UserError):
    """The backup copy cannot be opened with this campaign's key, or is damaged."""

    name: str


@dataclass(eq=False)
class NoCredentialStore(UserError):
    """This computer offers no working credential store."""


@dataclass(eq=False)
class CredentialTooLong(UserError):
    """Windows keeps at most 1,280 characters per secret."""

    length: int
    maximum: int


@dataclass(eq=False)
class SettingsUnreadable(UserError):
    """The settings file is not valid; it was left untouched."""

    path: str


@dataclass(eq=False)
class SettingsNotSaved(UserError):
    """The settings file could not be written."""

    path: str


@dataclass(eq=False)
class ExportNotWritten(UserError):
    """A file asked for by the user (dossier, register, sheet) could not be written."""

    path: str


@dataclass(eq=False)
class DossierUnreadable(UserError):
    """A saved dossier that cannot be checked: not ours, or its sums or journal are not readable."""

    name: str
