"""Making, opening, keeping and re-keying campaigns: the only place where keys and stores meet files."""

import base64
import re
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app import paths, settings
from app.core.campaign import SETTLED, Campaign
from app.core.clock import Clock, SystemClock
from app.core.errors import UserError
from app.core.errors.storage import (
    KeyMissing,
    NoCredentialStore,
    SettingsUnreadable,
    WrongKey,
)
from app.core.incident import Incident
from app.core.practice import Practice
from app.credentials import CredentialStore
from app.services.due_days import purge_due_on, reminder
from app.services.evidence_figures import PURGED_SETTING
from app.settings import RecentCampaign
from app.storage.campaign_file import CLOSED_SETTING, SUFFIX, CampaignFile
from app.storage.copies import Backup
from app.storage.header import Header, read_header
from app.storage.keys import (
    fingerprint,
    new_key,
    new_recovery_code,
    unwrap,
    unwrap_with_passphrase,
    wrap,
    wrap_with_passphrase,
)
from app.storage.places import check_present

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')  # Windows
_LONGEST_NAME = 80
#: campaign setting: the folder being written, which holds names in clear
PARTIAL_EXPORT = "exports.partial"
PARTIAL_SUFFIX = ".partiel"
#: campaign setting: an incident kept for the register, without letters
WITHOUT_LETTERS = "register.without_letters"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open campaign, and why nothing may leave yet (see ``CampaignFile.doubts``)."""

    campaign_file: CampaignFile
    doubts: tuple[str, ...] = ()


def campaign_path(name: str, folder: Path | None = None) -> Path:
    """A free place for a campaign: « <name>.avis34 », « <name> 2.avis34 » and so on."""
    base = folder or paths.documents_dir()
    clean = _FORBIDDEN.sub(" ", name)
    clean = " ".join(clean.split()).strip(". ")[:_LONGEST_NAME].strip(". ") or "Envoi"
    path, number = base / f"{clean}{SUFFIX}", 2
    while path.exists():
        path, number = base / f"{clean} {number}{SUFFIX}", number + 1
    return path


def credential_name(campaign_id: str) -> str:
    """Name of a campaign's key in the credential store."""
    return f"campaign:{campaign_id}"


def next_key_name(campaign_id: str) -> str:
    """Name of the key that a key change is moving to."""
    return f"campaign:{campaign_id}:next"


def create_campaign(
    path: Path,
    name: str,
    practice: Practice,
    incident: Incident,
    credentials: CredentialStore,
    *,
    clock: Clock | None = None,
    is_sample: bool = False,
    passphrase: str | None = None,
) -> tuple[CampaignFile, str]:
    """Make an encrypted campaign; the open file and the recovery code to print.

    The key goes to the credential store when there is one; without one, the recovery code (or the passphrase)
    opens the campaign each time.

    Raises:
        CampaignExists, CampaignReadOnly, NetworkFolder, DiskFull, PassphraseTooShort.
    """
    now = (clock or SystemClock()).now()
    key, code = new_key(), new_recovery_code()
    campaign = Campaign(uuid.uuid4().hex, name, now, is_sample)
    wraps = [wrap(key, code, campaign.id)]
    if passphrase is not None:
        wraps.append(wrap_with_passphrase(key, passphrase, campaign.id))
    keep_key(credentials, campaign.id, key)  # first: a cut cannot leave a campaign nobody opens
    try:
        campaign_file = CampaignFile.create(path, campaign, key, tuple(wraps))
    except UserError:
        with suppress(NoCredentialStore):
            credentials.delete(credential_name(campaign.id))
        raise
    try:
        with campaign_file.transaction():
            campaign_file.save_practice(practice, now)
            campaign_file.save_incident(incident, now)
        remember(campaign_file, clock)
    except BaseException:
        campaign_file.close()
        raise
    campaign_file.hand_over()
    return campaign_file, code


def keep_key(credentials: CredentialStore, campaign_id: str, key: bytes) -> bool:
    """Put a key in the credential store; False when there is none."""
    if not credentials.is_available():
        return False
    with suppress(NoCredentialStore):
        credentials.set(credential_name(campaign_id), base64.b64encode(key).decode())
        return True
    return False


def _kept_keys(credentials: CredentialStore, campaign_id: str) -> list[bytes]:
    found = []
    for name in (credential_name(campaign_id), next_key_name(campaign_id)):
        with suppress(NoCredentialStore):
            secret = credentials.get(name)
            if secret:
                found.append(base64.b64decode(secret))
    return found


def open_campaign(
    path: Path,
    credentials: CredentialStore,
    recovery_code: str | None = None,
    passphrase: str | None = None,
    *,
    clock: Clock | None = None,
) -> CampaignFile:
    """Open a campaign; see ``open_with_doubts`` for what may keep letters from leaving."""
    return open_with_doubts(path, credentials, recovery_code, passphrase, clock=clock).campaign_file


def open_with_doubts(
    path: Path,
    credentials: CredentialStore,
    recovery_code: str | None = None,
    passphrase: str | None = None,
    *,
    clock: Clock | None = None,
) -> Opened:
    """Open with the kept key, the recovery code or the passphrase; keep the key for the next time.

    Raises:
        KeyMissing: no key at hand: ask for the recovery code (or the passphrase).
        RecoveryCodeMistyped, RecoveryCodeWrong, PassphraseWrong, WrongKey: ask again.
        CampaignNotFound, CampaignNotYours, NotACampaign, NewerCampaign, CampaignDamaged, CampaignAlreadyOpen,
        CampaignReadOnly, NetworkFolder: one sentence each.
    """
    check_present(path)
    header = read_header(path)
    keys = keys_for(header, path, credentials, recovery_code, passphrase)
    campaign_file = _open_with_one_of(path, keys)
    kept = _kept_keys(credentials, header.campaign_id)
    used = campaign_file.key_fingerprint
    key = next(key for key in keys if fingerprint(key) == used)
    if [key] != kept:
        keep_key(credentials, header.campaign_id, key)
        with suppress(NoCredentialStore):
            credentials.delete(next_key_name(header.campaign_id))
    doubts = campaign_file.doubts((clock or SystemClock()).now())
    _remove_leftovers(campaign_file)
    remember(campaign_file, clock)
    campaign_file.hand_over()
    return Opened(campaign_file, doubts)


def _remove_leftovers(campaign_file: CampaignFile) -> None:
    """A dossier with names that a killed program was writing: nobody else would remove it."""
    place = campaign_file.setting(PARTIAL_EXPORT)
    if place:
        if place.endswith(PARTIAL_SUFFIX):
            shutil.rmtree(place, ignore_errors=True)
        campaign_file.set_setting(PARTIAL_EXPORT, "")


def keys_for(
    header: Header,
    path: Path,
    credentials: CredentialStore,
    recovery_code: str | None,
    passphrase: str | None,
) -> list[bytes]:
    """Keys that may open the campaign; errors as ``open_with_doubts``."""
    wraps = (*header.wraps, *header.next_wraps)
    if recovery_code is not None:
        return [unwrap(wraps, recovery_code, header.campaign_id)]
    if passphrase is not None:
        return [unwrap_with_passphrase(wraps, passphrase, header.campaign_id)]
    keys = [
        key
        for key in _kept_keys(credentials, header.campaign_id)
        if header.accepts(fingerprint(key))
    ]
    if not keys:
        raise KeyMissing(path.name)
    return keys


def _open_with_one_of(path: Path, keys: list[bytes]) -> CampaignFile:
    """Two keys are at hand only after a cut in the middle of a key change."""
    for key in keys[:-1]:
        with suppress(WrongKey):
            return CampaignFile.open(path, key)
    return CampaignFile.open(path, keys[-1])


def asks_for_passphrase(path: Path) -> bool:
    """True when a passphrase was set for this campaign."""
    return any(item.kind == "passphrase" for item in read_header(path).wraps)


def recent_campaigns() -> tuple[RecentCampaign, ...]:
    """Campaigns used on this computer, the last one first."""
    return settings.load_recent()


def remember(campaign_file: CampaignFile, clock: Clock | None = None) -> None:
    """Refresh the line of the home page: counts, never names."""
    balance = campaign_file.balance()
    months = _months_before_purge()
    settings.remember_campaign(
        RecentCampaign(
            path=str(campaign_file.folder),
            name=campaign_file.campaign.name,
            used_at=(clock or SystemClock()).now(),
            total=balance.total,
            settled=balance.count(*SETTLED),
            closed=campaign_file.setting(CLOSED_SETTING) is not None,
            purged=campaign_file.setting(PURGED_SETTING) is not None,
            remind_on=reminder(campaign_file),
            purge_on=purge_due_on(campaign_file, months),
            without_letters=campaign_file.setting(WITHOUT_LETTERS) is not None,
        )
    )


def _months_before_purge() -> int:
    try:
        return settings.load().purge_after_months
    except SettingsUnreadable:
        return settings.Settings().purge_after_months


def backup(campaign_file: CampaignFile, clock: Clock | None = None) -> Backup:
    """An encrypted copy now; the last five are kept."""
    return campaign_file.backup((clock or SystemClock()).now())


def backup_if_due(
    campaign_file: CampaignFile, clock: Clock | None = None, every_hours: int = 12
) -> Backup | None:
    """An encrypted copy when something happened since the last one and it is old enough."""
    now = (clock or SystemClock()).now()
    copies, last = campaign_file.backups(), campaign_file.last_event_at()
    if copies and last is not None:
        age = (now - copies[0].made_at).total_seconds()
        if last <= copies[0].made_at or 0 <= age < every_hours * 3600:
            return None
    return campaign_file.backup(now)
