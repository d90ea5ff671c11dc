"""The sample campaign: invented patients in a real encrypted campaign, sent to the trial mailbox only.

Its recovery code is computed from its identifier: it protects nobody, and a trial must be able to go on by
itself on a computer without a keyring. Real campaigns draw theirs at random (``services.campaigns``).
"""

import hashlib
import shutil
import uuid
from pathlib import Path

from app.core.campaign import Campaign
from app.core.clock import Clock, SystemClock
from app.core.errors.storage import KeyMissing
from app.core.incident import Incident
from app.core.practice import Practice
from app.credentials import CredentialStore
from app.services.campaigns import keep_key, open_campaign
from app.storage.campaign_file import CampaignFile
from app.storage.header import HEADER_FILE, read_header
from app.storage.keys import new_key, new_recovery_code, wrap

#: a folder being made; removed at the next start if the program died meanwhile
_DRAFT_SUFFIX = ".en-cours"


def sample_recovery_code(campaign_id: str) -> str:
    """The recovery code of a sample campaign."""
    return new_recovery_code(hashlib.sha256(f"avis34 exemple {campaign_id}".encode()).digest())


def make_sample_campaign(
    path: Path,
    name: str,
    practice: Practice,
    incident: Incident,
    credentials: CredentialStore,
    clock: Clock | None = None,
) -> CampaignFile:
    """A new sample campaign at ``path``, whole or not at all: a kill leaves only a draft beside it.

    Raises:
        CampaignExists, CampaignReadOnly, NetworkFolder, DiskFull.
    """
    now = (clock or SystemClock()).now()
    draft = path.with_name(path.name + _DRAFT_SUFFIX)
    if draft.exists():
        shutil.rmtree(draft)
    campaign = Campaign(uuid.uuid4().hex, name, now, is_sample=True)
    key = new_key()
    sealed = wrap(key, sample_recovery_code(campaign.id), campaign.id)
    made = CampaignFile.create(draft, campaign, key, (sealed,))
    try:
        with made.transaction():
            made.save_practice(practice, now)
            made.save_incident(incident, now)
    finally:
        made.close()
    draft.rename(path)
    keep_key(credentials, campaign.id, key)
    return open_sample_campaign(path, credentials, clock)


def open_sample_campaign(
    path: Path, credentials: CredentialStore, clock: Clock | None = None
) -> CampaignFile:
    """Open it with the kept key, or with its computed code where no key is kept.

    Raises:
        CampaignAlreadyOpen and the others of ``services.campaigns.open_campaign``.
    """
    try:
        campaign_file = open_campaign(path, credentials, clock=clock)
    except KeyMissing:
        code = sample_recovery_code(read_header(path).campaign_id)
        campaign_file = open_campaign(path, credentials, code, clock=clock)
    if campaign_file.is_doubtful:  # a copied or moved sample: nobody can be written to twice
        campaign_file.confirm_doubts((clock or SystemClock()).now())
    return campaign_file


def is_campaign(path: Path) -> bool:
    """True when a campaign lies at ``path``."""
    return (path / HEADER_FILE).is_file()
