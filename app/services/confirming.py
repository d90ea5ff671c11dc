"""The one confirmation: which letters the user agreed to send, and the pause after the first of them.

Letters planned after the confirmation are not covered by it: the number must then be typed again.
"""

from datetime import datetime

from app.core.campaign import Channel, DeliveryStatus
from app.services.run_choice import run_to_send
from app.storage.campaign_file import CampaignFile
from app.storage.queries import DeliveryQuery

_S = DeliveryStatus
_CONFIRMED_SETTING = "sending.confirmed."
_CANARY_SETTING = "sending.first_letters"
_LOOK_SETTING = "sending.look_since"
#: letters after which a first sending pauses, unless the user chose another number
FIRST_LETTERS = 10
#: a shorter run is not cut in two
_WORTH_A_PAUSE = 3
_WAITING = (_S.PENDING, _S.DEFERRED)
_HAS_LEFT = (_S.ACCEPTED, _S.REJECTED, _S.BOUNCED, _S.UNCERTAIN)


def _waiting(campaign_file: CampaignFile) -> list[int]:
    run = run_to_send(campaign_file)
    return list(campaign_file.delivery_ids(DeliveryQuery(_WAITING, Channel.EMAIL, run)))


def confirm_sending(campaign_file: CampaignFile, letters: int, now: datetime) -> None:
    """The user typed the number of letters: journalled before anything leaves."""
    run = run_to_send(campaign_file)
    keys = _waiting(campaign_file)
    with campaign_file.transaction():
        last = keys[-1] if keys else 0
        campaign_file.set_setting(f"{_CONFIRMED_SETTING}{run}", str(last))
        campaign_file.append_event("sending_confirmed", {"run": run, "letters": letters}, now)


def is_confirmed(campaign_file: CampaignFile) -> bool:
    """True when every letter that waits was already there at the confirmation."""
    known = campaign_file.setting(f"{_CONFIRMED_SETTING}{run_to_send(campaign_file)}")
    keys = _waiting(campaign_file) if known else []
    return bool(known and keys) and keys[-1] <= int(known or 0)


def proposed_first_letters(campaign_file: CampaignFile) -> int:
    """How many letters leave before the pause to look; 0 when the run is short or has begun."""
    counts = campaign_file.delivery_counts(run_to_send(campaign_file))
    if any(counts.get((Channel.EMAIL, status)) for status in _HAS_LEFT):
        return 0
    chosen = int(campaign_file.setting(_CANARY_SETTING) or FIRST_LETTERS)
    return chosen if len(_waiting(campaign_file)) >= _WORTH_A_PAUSE * chosen else 0


def choose_first_letters(campaign_file: CampaignFile, letters: int) -> None:
    """Keep the number the user prefers."""
    if letters:
        campaign_file.set_setting(_CANARY_SETTING, str(letters))


def begin_look(campaign_file: CampaignFile, now: datetime) -> None:
    """The first letters left; refusals and returns are to be looked at before the rest."""
    campaign_file.set_setting(_LOOK_SETTING, now.isoformat())


def look_since(campaign_file: CampaignFile) -> datetime | None:
    """When the first letters had left, while the rest waits for the user's look."""
    kept = campaign_file.setting(_LOOK_SETTING)
    return datetime.fromisoformat(kept) if kept else None


def end_look(campaign_file: CampaignFile) -> None:
    """The user looked: the rest may leave."""
    if campaign_file.setting(_LOOK_SETTING):
        campaign_file.set_setting(_LOOK_SETTING, "")
