"""What the commands on an existing campaign share: opening it, secrets on the standard input, Ctrl+C."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from app import settings
from app.core.errors.storage import CampaignDoubtful
from app.core.mail_account import AuthKind, MailAccount
from app.credentials import CredentialStore
from app.services.campaigns import open_with_doubts
from app.services.control import Control
from app.services.signing_in import secret_of
from app.storage.campaign_file import CampaignFile

#: exit codes beside 0 (done), 1 (our defect), 2 (refused), 130 (stopped): documented in docs/command-line.md
LETTERS_LEFT, STOPPED_BY_FAULT, UNCERTAIN_LEFT = 3, 4, 5


@contextmanager
def opened(
    path: Path, credentials: CredentialStore, *, code_on_stdin: bool, for_sending: bool = False
) -> Iterator[CampaignFile]:
    """Open the campaign with the keyring's key, or the recovery code on the first line of the standard input.

    Raises:
        CampaignDoubtful: a copied or restored campaign, and letters were to leave.
        The errors of ``open_with_doubts``.
    """
    code = sys.stdin.readline().strip() if code_on_stdin else None
    opening = open_with_doubts(path, credentials, code)
    with opening.campaign_file as campaign_file:
        if for_sending and opening.doubts:
            raise CampaignDoubtful(path.name, opening.doubts)
        yield campaign_file


def sending_account() -> MailAccount | None:
    """The account of « Mon cabinet »."""
    return settings.load().account


def secret_for(
    account: MailAccount | None, credentials: CredentialStore, *, password_on_stdin: bool
) -> Callable[[], str]:
    """Gives the password (standard input, else keyring) or a fresh access token; kept in memory only."""
    is_password = account is not None and account.auth is AuthKind.PASSWORD
    if password_on_stdin and is_password:
        word = sys.stdin.readline().rstrip("\r\n")
        return lambda: word
    return secret_of(account, credentials)


@contextmanager
def stopping_on_signals(control: Control) -> Iterator[None]:
    """Ctrl+C, or the end of the session, stops after the letter under way instead of tearing it apart."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        control.stop()

    numbers = [signal.SIGINT, signal.SIGTERM]
    former = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, former, strict=True):
            signal.signal(number, handler)
