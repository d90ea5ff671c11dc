"""« Clore et effacer la liste »: the names go, the counts and the proof stay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from app.core.campaign import DeliveryStatus
from app.core.channels import plan_channel
from app.core.clock import Clock, SystemClock
from app.core.errors import BugError
from app.core.errors.storage import ExportNotWritten
from app.core.recipient import ExclusionReason, PostalAddress, Recipient
from app.credentials import CredentialStore
from app.paths import replace_file
from app.services.campaigns import remember
from app.services.evidence_figures import ANNOTATED_SETTING, PURGED_SETTING, annotated_people
from app.services.key_change import change_key
from app.services.purge_certificate import PurgeFacts, certificate
from app.storage.campaign_file import CLOSED_SETTING, CampaignFile
from app.storage.header import DATABASE_FILE
from app.storage.names import PurgedLetter

_REKEYED = "purge.rekeyed"


class PurgeStep(StrEnum):
    """What a purge does next."""

    ERASE = "erase"
    REKEY = "rekey"
    CERTIFY = "certify"


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What was erased. The former recovery code no longer opens anything."""

    people: int
    head_before: str
    head_after: str
    recovery_code: str = field(repr=False)
    #: where the certificate is
    certificate: Path


def close_campaign(campaign_file: CampaignFile, clock: Clock | None = None) -> None:
    """Nothing leaves any more; names stay until the purge."""
    if campaign_file.setting(CLOSED_SETTING) is not None:
        return
    now = (clock or SystemClock()).now()
    with campaign_file.transaction():
        campaign_file.set_setting(CLOSED_SETTING, now.isoformat())
        campaign_file.append_event("campaign_closed", {}, now)
    remember(campaign_file, clock)


def is_unfinished(campaign_file: CampaignFile) -> bool:
    """True when a cut came between erasing and re-encrypting: call ``purge`` again."""
    return (
        campaign_file.setting(PURGED_SETTING) is not None
        and campaign_file.setting(_REKEYED) is None
    )


def purge(
    campaign_file: CampaignFile,
    credentials: CredentialStore,
    certificate_path: Path,
    *,
    code: str | None = None,
    clock: Clock | None = None,
) -> tuple[CampaignFile, PurgeResult]:
    """As ``purge_steps``, to the end."""
    for event in purge_steps(campaign_file, credentials, certificate_path, code=code, clock=clock):
        if isinstance(event, tuple):
            return event
    raise BugError("the purge ended without a result")


def purge_steps(
    campaign_file: CampaignFile,
    credentials: CredentialStore,
    certificate_path: Path,
    *,
    code: str | None = None,
    clock: Clock | None = None,
) -> Iterator[PurgeStep | tuple[CampaignFile, PurgeResult]]:
    """Close, erase the names, re-encrypt under a new key, drop every backup copy, write the certificate.

    Each step is announced before it begins; the last event is the new file and the result. The given file is
    closed: go on with the new one. After a cut, calling it again finishes the work.
    ``code``: from ``campaigns.prepare_code()``, already in the user's hands; needed without a credential store.

    Raises:
        BugError: no credential store and no ``code``; nothing was changed.
        DiskFull, WriteFailed: the names are still there, or ``is_unfinished`` says so.
        ExportNotWritten: everything is erased, the file is closed, only the certificate could not be written:
            open the campaign again, then ``write_certificate``.
    """
    now = (clock or SystemClock()).now()
    if code is None and not credentials.is_available():
        raise BugError("show prepare_code() to the user first")
    yield PurgeStep.ERASE
    close_campaign(campaign_file, clock)
    people = campaign_file.count_recipients()
    if campaign_file.setting(PURGED_SETTING) is None:
        _erase(campaign_file, people, now)
    yield PurgeStep.REKEY
    fresh, secrets = change_key(campaign_file, credentials, code=code, clock=clock)
    try:
        fresh.set_setting(_REKEYED, now.isoformat())
        for leftover in fresh.folder.glob(f"{DATABASE_FILE}.*"):
            leftover.unlink()
        yield PurgeStep.CERTIFY
        _, head_after = fresh.chain_head()
        event = next(fresh.events(kind="names_purged"))
        write_certificate(fresh, certificate_path)
        remember(fresh, clock)
    except BaseException:
        fresh.close()
        raise
    fresh.hand_over()
    head_before = str(event.facts["head_before"])
    code_now = secrets.recovery_code
    yield fresh, PurgeResult(people, head_before, head_after, code_now, certificate_path)


def _erase(campaign_file: CampaignFile, people: int, now: datetime) -> None:
    """All names in one transaction: a cut leaves all of them or none."""
    _, head_before = campaign_file.chain_head()
    reasons = _reasons(campaign_file)
    annotated = annotated_people(campaign_file)
    with campaign_file.transaction():
        campaign_file.set_setting(ANNOTATED_SETTING, str(annotated))
        campaign_file.erase_names(reasons)
        campaign_file.set_setting(PURGED_SETTING, now.isoformat())
        facts: dict[str, str | int] = {"people": people, "head_before": head_before}
        campaign_file.append_event("names_purged", facts, now)


def write_certificate(campaign_file: CampaignFile, path: Path) -> None:
    """The certificate of a purge that took place, as often as wanted.

    Raises:
        ExportNotWritten: the place refuses.
        BugError: nothing was purged.
    """
    event = next(campaign_file.events(kind="names_purged"), None)
    if event is None:
        raise BugError("there is no purge to certify")
    _, head = campaign_file.chain_head()
    facts = PurgeFacts(
        campaign_file.campaign,
        campaign_file.practice(),
        int(event.facts["people"]),
        event.at,
        str(event.facts["head_before"]),
        head,
    )
    try:
        replace_file(path, certificate(facts).pdf(event.at))
    except OSError as error:
        raise ExportNotWritten(str(path)) from error


def _reasons(campaign_file: CampaignFile) -> Mapping[int, ExclusionReason]:
    """Why nobody wrote to these people, while the list can still tell."""
    excluded = campaign_file.deliveries_with_recipients(DeliveryStatus.EXCLUDED)
    return {
        person.id: plan_channel(person).reason or ExclusionReason.USER_DECISION
        for _, person in excluded
        if person.excluded is None
    }


def was_informed(
    campaign_file: CampaignFile,
    *,
    email: str = "",
    last_name: str = "",
    first_name: str = "",
    postcode: str = "",
    street: str = "",
) -> list[PurgedLetter]:
    """After a purge: letters to this e-mail address, or to this name at this address; empty when none."""
    asked = Recipient(
        row=0,
        last_name=last_name,
        first_name=first_name,
        email=email.strip().lower(),
        address=PostalAddress(street=street, postcode=postcode),
    )
    return campaign_file.purged_letters(asked)
