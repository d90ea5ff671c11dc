"""Another key, or another recovery code, for a campaign."""

import base64
from contextlib import suppress
from dataclasses import dataclass, field

from app.core.clock import Clock, SystemClock
from app.core.errors import BugError
from app.core.errors.storage import CampaignReadOnly, NoCredentialStore
from app.credentials import CredentialStore
from app.services.campaigns import keep_key, next_key_name
from app.storage.campaign_file import CampaignFile
from app.storage.header import read_header, write_header
from app.storage.keys import (
    Wrap,
    fingerprint,
    new_key,
    new_recovery_code,
    wrap,
    wrap_with_passphrase,
)


@dataclass(frozen=True, slots=True)
class NewSecrets:
    """What the user must put in the safe after a key change. Shown and printed, never stored."""

    recovery_code: str = field(repr=False)
    #: the credential store of this computer holds the new key
    key_kept: bool = False


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
        NoCredentialStore: the store vanished meanwhile, and no ``code`` was given; nothing was changed.
    """
    now = (clock or SystemClock()).now()
    must_keep = code is None
    if code is None:
        if not credentials.is_available():
            raise BugError("show prepare_code() to the user first")
        code = new_recovery_code()
    folder, campaign_id = campaign_file.folder, campaign_file.campaign.id
    key = new_key()
    wraps: list[Wrap] = [wrap(key, code, campaign_id)]
    if passphrase is not None:
        wraps.append(wrap_with_passphrase(key, passphrase, campaign_id))
    try:  # kept first, so that a cut cannot leave a key that nobody has
        credentials.set(next_key_name(campaign_id), base64.b64encode(key).decode())
    except NoCredentialStore:
        if must_keep:  # the store has just vanished, and nobody has seen the code
            raise
    campaign_file.append_event("key_changed", {"fingerprint": fingerprint(key)}, now)
    campaign_file.change_key(key, tuple(wraps))
    kept = keep_key(credentials, campaign_id, key)
    with suppress(NoCredentialStore):
        credentials.delete(next_key_name(campaign_id))
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
