"""Where the letters of a campaign leave from: the practice's mailbox, or the trial mailbox of a sample."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.errors.mail import AccountMissing, PasswordMissing
from app.core.mail_account import AuthKind, MailAccount
from app.core.practice import Practice
from app.mail.trial_mailbox import TrialMailbox
from app.services import lettering
from app.services.planning import PlanOptions
from app.services.sending import TransportFactory, smtp_transports
from app.storage.campaign_file import CampaignFile

#: sender of a sample campaign whose practice has no address; « .example » leads nowhere (RFC 2606)
_SAMPLE_ADDRESS = "cabinet@exemple.example"
_MAILDIR = "boite-d-essai"


@dataclass(frozen=True, slots=True)
class Departure:
    """An account and the way to it, valid inside ``departure``."""

    account: MailAccount
    transports: TransportFactory
    is_trial: bool = False


def trial_maildir(campaign_file: CampaignFile) -> Path:
    """Where the trial mailbox of a sample campaign keeps what it received: beside the campaign."""
    folder = campaign_file.folder
    return folder.parent / f"{folder.stem} - {_MAILDIR}"


def sender_address(campaign_file: CampaignFile, account: MailAccount | None) -> str:
    """Address in From.

    Raises:
        AccountMissing: a real campaign, and no account in « Mon cabinet ».
    """
    if campaign_file.campaign.is_sample:
        return campaign_file.practice().email or _SAMPLE_ADDRESS
    if account is None or not account.is_complete:
        raise AccountMissing
    return account.address


@contextmanager
def departure(
    campaign_file: CampaignFile,
    account: MailAccount | None,
    secret: Callable[[], str] | None = None,
) -> Iterator[Departure]:
    """Open the way out of this campaign; a sample never reaches the practice's real account.

    Raises:
        AccountMissing, PasswordMissing: « Mon cabinet » is not complete.
    """
    if campaign_file.campaign.is_sample:
        practice: Practice = campaign_file.practice()
        with TrialMailbox(trial_maildir(campaign_file)) as mailbox:
            trial = mailbox.account(sender_address(campaign_file, None), practice.name)
            yield Departure(trial, smtp_transports(trial), is_trial=True)
        return
    if account is None or not account.is_complete:
        raise AccountMissing
    if account.auth is not AuthKind.NONE and (secret is None or not secret()):
        raise PasswordMissing(account.address)
    yield Departure(account, smtp_transports(account, secret))


def plan_options(
    campaign_file: CampaignFile, account: MailAccount | None, run: int = 1
) -> PlanOptions:
    """What the plan of a run depends on, read from the campaign.

    Raises:
        UnknownTemplate: the incident's letter is not in this catalogue.
    """
    template = lettering.template_of(campaign_file, campaign_file.incident(run).template_id, run)
    has_sender = campaign_file.campaign.is_sample or (account is not None and account.is_complete)
    return PlanOptions(
        sender=sender_address(campaign_file, account) if has_sender else "",
        template_id=template.id,
        annotations_template_id=template.annotations_variant,
        run=run,
    )
