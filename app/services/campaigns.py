"""Making, opening, keeping and re-keying campaigns: the only place where keys and stores meet files."""

import base64
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app import paths, settings
from app.core.campaign import SETTLED, Campaign
from app.core.clock import Clock, SystemClock
from app.core.errors import BugError
from app.core.errors.storage import (
    CampaignDamaged,
    CampaignNotFound,
    CampaignReadOnly,
    KeyMissing,
    NoCredentialStore,
    SettingsUnreadable,
    WriteFailed,
    WrongKey,
)
from app.core.incident import Incident
from app.core.practice import Practice
from app.credentials import CredentialStore
from app.services.due_days import purge_due_on, reminder
from app.services.evidence_figures import PURGED_SETTING
from app.settings import RecentCampaign
from app.storage.campaign_file import CLOSED_SETTING, SUFFIX, CampaignFile
from app.storage.copies import Backup, backups_in, check_copy
from app.storage.database import BACKUPS_FOLDER
from app.storage.file_lock import FileLock
from app.storage.header import DATABASE_FILE, HEADER_FILE, Header, read_header, write_header
from app.storage.keys import (
    Wrap,
    fingerprint,
    new_key,
    new_recovery_code,
    unwrap,
    unwrap_with_passphrase,
    wrap,
    wrap_with_passphrase,
)

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')  # Windows
_LONGEST_NAME = 80
#: campaign setting: an incident kept for the register, without letters
WITHOUT_LETTERS = "register.without_letters"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open campaign, and why nothing may leave yet (see ``CampaignFile.doubts``)."""

    campaign_file: CampaignFile
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSecrets:
    """What the user must put in the safe after a key change. Shown and printed, never stored."""

    recovery_code: str = field(repr=False)
    #: the credential store of this computer holds the new key
    key_kept: bool = False


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


def _next_name(campaign_id: str) -> str:
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
    campaign_file = CampaignFile.create(path, campaign, key, tuple(wraps))
    with campaign_file.transaction():
        campaign_file.save_practice(practice, now)
        campaign_file.save_incident(incident, now)
    keep_key(credentials, campaign.id, key)
    remember(campaign_file, clock)
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
    for name in (credential_name(campaign_id), _next_name(campaign_id)):
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
        CampaignNotFound, NotACampaign, NewerCampaign, CampaignDamaged, CampaignAlreadyOpen, CampaignReadOnly,
        NetworkFolder: one sentence each.
    """
    if not path.is_dir():
        raise CampaignNotFound(path.name)
    header = read_header(path)
    keys = _keys_for(header, path, credentials, recovery_code, passphrase)
    campaign_file = _open_with_one_of(path, keys)
    kept = _kept_keys(credentials, header.campaign_id)
    used = campaign_file.key_fingerprint
    key = next(key for key in keys if fingerprint(key) == used)
    if [key] != kept:
        keep_key(credentials, header.campaign_id, key)
        with suppress(NoCredentialStore):
            credentials.delete(_next_name(header.campaign_id))
    doubts = campaign_file.doubts((clock or SystemClock()).now())
    remember(campaign_file, clock)
    campaign_file.hand_over()
    return Opened(campaign_file, doubts)


def _keys_for(
    header: Header,
    path: Path,
    credentials: CredentialStore,
    recovery_code: str | None,
    passphrase: str | None,
) -> list[bytes]:
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


# keys


def prepare_code() -> str:
    """A new recovery code, to show and print **before** ``change_key`` or a purge puts it in force."""
    return new_recovery_code()


def change_key(
    campaign_file: CampaignFile,
    credentials: CredentialStore,
    *,
    code: str | None = None,
    passphrase: str | None = None,
    clock: Clock | None = None,
) -> tuple[CampaignFile, NewSecrets]:
    """Re-encrypt everything under a new key with a new recovery code; the former ones no longer open anything.

    The given file is closed; go on with the returned one. A cut in the middle leaves a campaign that opens with
    the former code or with ``code``: without a credential store the user must hold ``code`` beforehand.

    Raises:
        BugError: no credential store, and no ``code`` that the user has seen.
    """
    now = (clock or SystemClock()).now()
    if code is None:
        if not credentials.is_available():
            raise BugError("show prepare_code() to the user first")
        code = new_recovery_code()
    folder, campaign_id = campaign_file.folder, campaign_file.campaign.id
    key = new_key()
    wraps: list[Wrap] = [wrap(key, code, campaign_id)]
    if passphrase is not None:
        wraps.append(wrap_with_passphrase(key, passphrase, campaign_id))
    campaign_file.append_event("key_changed", {"fingerprint": fingerprint(key)}, now)
    with suppress(
        NoCredentialStore
    ):  # kept first, so that a cut cannot leave a key that nobody has
        credentials.set(_next_name(campaign_id), base64.b64encode(key).decode())
    campaign_file.change_key(key, tuple(wraps))
    kept = keep_key(credentials, campaign_id, key)
    with suppress(NoCredentialStore):
        credentials.delete(_next_name(campaign_id))
    reopened = CampaignFile.open(folder, key)
    reopened.doubts(now)
    reopened.hand_over()
    return reopened, NewSecrets(code, kept)


def new_code(campaign_file: CampaignFile, clock: Clock | None = None) -> str:
    """Another recovery code for the same key, when the sheet was lost; the former code no longer works."""
    folder = campaign_file.folder
    header = read_header(folder)
    code = new_recovery_code()
    others = tuple(item for item in header.wraps if item.kind != "recovery")
    fresh = campaign_file.seal(code)
    try:
        write_header(folder, header.with_wraps(fresh, *others))
    except OSError as error:
        raise CampaignReadOnly(folder.name) from error
    campaign_file.append_event("recovery_code_renewed", {}, (clock or SystemClock()).now())
    return code


# copies


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


def copies_of(path: Path) -> list[Backup]:
    """Backup copies of a campaign that may not open, the latest first."""
    return backups_in(path)


def restore(
    path: Path, copy: Backup, credentials: CredentialStore, recovery_code: str | None = None
) -> None:
    """Put a backup copy in place of the database; the replaced one is kept as « …remplacee ».

    Opening it afterwards raises the doubt "older_than_known": what left since is not written in it.

    Raises:
        KeyMissing, RecoveryCodeMistyped, RecoveryCodeWrong, BackupUnusable, CampaignAlreadyOpen, WriteFailed.
    """
    lock = FileLock(path)
    try:
        header = _header_or_its_copy(path)
        keys = _keys_for(header, path, credentials, recovery_code, None)
        check_copy(copy.path, keys[0])
        database = path / DATABASE_FILE
        try:
            if database.exists():
                database.replace(path / f"{DATABASE_FILE}.remplacee")
            for suffix in ("-wal", "-shm"):
                (path / (DATABASE_FILE + suffix)).unlink(missing_ok=True)
            paths.replace_file(database, copy.path.read_bytes())
            write_header(path, header)
        except OSError as error:
            raise WriteFailed(path.name) from error
    finally:
        lock.release()


def _header_or_its_copy(path: Path) -> Header:
    try:
        return read_header(path)
    except CampaignDamaged:
        kept = path / BACKUPS_FOLDER
        if not (kept / HEADER_FILE).is_file():
            raise
        return read_header(kept)
