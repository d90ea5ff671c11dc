"""Which run is printed: the earliest whose letters wait, else the current one; a reprint keeps its letters' run."""

from collections.abc import Iterator, Sequence

from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import Clock
from app.core.errors.paper import LettersOfSeveralRuns
from app.core.mail_account import MailAccount
from app.services.control import Control
from app.services.departure import plan_options
from app.services.planning import plan_steps
from app.storage.campaign_file import CampaignFile

#: somebody may choose a whole table
_MOST_LOOKED_AT = 500


def run_to_print(campaign_file: CampaignFile) -> int:
    """Number of the run to print next; the content is the one frozen for it."""
    for run in campaign_file.runs():
        if waiting_letters(campaign_file, run):
            return run
    return campaign_file.current_run


def planned(
    campaign_file: CampaignFile, account: MailAccount | None, control: Control, clock: Clock
) -> Iterator[object]:
    """Write the letters of the first run down before they are printed, as before they are sent.

    Those of a follow-up were written down when it was prepared: planning them again would add everybody.
    """
    if campaign_file.current_run == 1:
        options = plan_options(campaign_file, account)
        yield from plan_steps(campaign_file, options, control, clock)


def waiting_letters(campaign_file: CampaignFile, run: int) -> int:
    """How many paper letters of a run wait to be printed."""
    return campaign_file.delivery_counts(run).get((Channel.PAPER, DeliveryStatus.PENDING), 0)


def run_of(campaign_file: CampaignFile, keys: Sequence[int]) -> int:
    """The run of letters to print once more.

    Raises:
        LettersOfSeveralRuns: they do not say the same thing, and cannot share one print.
    """
    runs: set[int] = set()
    for start in range(0, len(keys), 500):
        letters = campaign_file.deliveries_by_ids(list(keys[start : start + 500]))
        runs.update(letter.run for letter, _ in letters)
    if len(runs) > 1:
        raise LettersOfSeveralRuns
    return runs.pop() if runs else campaign_file.current_run


def some_wait(campaign_file: CampaignFile, keys: Sequence[int]) -> bool:
    """True when a copy of a letter that waits is printed: it will come out with the others too."""
    letters = campaign_file.deliveries_by_ids(list(keys[:_MOST_LOOKED_AT]))
    return any(
        letter.status is DeliveryStatus.PENDING and letter.channel is Channel.PAPER
        for letter, _ in letters
    )
