"""Verification months later: the campaign itself, or a dossier handed to a third party."""

import json
from dataclasses import dataclass
from pathlib import Path

from app.core.campaign import DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.errors.storage import DossierUnreadable
from app.credentials import CredentialStore
from app.services.campaigns import open_with_doubts
from app.services.evidence_files import wrong_sums
from app.storage.campaign_file import CampaignFile
from app.storage.journal import ChainReport, verify_lines

_S = DeliveryStatus
#: states that the journal does not write: a claim, and giving it back
_UNWRITTEN = frozenset({_S.OPEN, _S.PENDING})


@dataclass(frozen=True, slots=True)
class CampaignCheck:
    """``letters_apart``: letters whose state is not the one their last event says."""

    chain: ChainReport
    letters: int
    letters_apart: int
    balance_exact: bool
    doubts: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """True when everything agrees (a clock set back, or a copy, is told but is no fault)."""
        return self.chain.is_whole and not self.letters_apart and self.balance_exact


@dataclass(frozen=True, slots=True)
class DossierCheck:
    """``head_agrees``: the journal ends where dossier.json says."""

    wrong_files: tuple[str, ...]
    chain: ChainReport
    head_agrees: bool

    @property
    def is_whole(self) -> bool:
        """True when every file, and the chain, are those that were written."""
        return not self.wrong_files and self.chain.is_whole and self.head_agrees


def check_campaign(
    path: Path,
    credentials: CredentialStore,
    recovery_code: str | None = None,
    clock: Clock | None = None,
) -> CampaignCheck:
    """Open (every page is authenticated), recompute the chain, compare letters with their events.

    Raises:
        As ``open_with_doubts``.
    """
    now = clock or SystemClock()
    opened = open_with_doubts(path, credentials, recovery_code, clock=now)
    with opened.campaign_file as campaign_file:
        return CampaignCheck(
            campaign_file.verify_chain(),
            campaign_file.count_deliveries(),
            letters_apart(campaign_file),
            campaign_file.balance().is_exact(),
            opened.doubts,
        )


def letters_apart(campaign_file: CampaignFile) -> int:
    """Letters whose state does not follow from the journal."""
    last = campaign_file.last_states()
    apart = 0
    for letter in campaign_file.deliveries():
        said = last.get(letter.id)
        if letter.status in _UNWRITTEN:
            continue
        if said is None:
            apart += letter.status is not _S.EXCLUDED  # excluded when planned: no move
        else:
            apart += said != letter.status
    return apart


def check_dossier(folder: Path) -> DossierCheck:
    """Check a saved dossier without any key.

    Raises:
        DossierUnreadable: not a dossier of ours, or too damaged to tell.
    """
    try:
        wrong = wrong_sums(folder)
        plain = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
        with (folder / "journal.jsonl").open(encoding="utf-8") as stream:
            chain = verify_lines(stream, str(plain["campaign"]["id"]))
        agrees = (chain.events, chain.head) == (plain["chain"]["events"], plain["chain"]["head"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DossierUnreadable(folder.name) from error
    return DossierCheck(tuple(wrong), chain, agrees)
