"""What the review still waits for, in one sentence."""

from app.services import reading
from app.services.overview import LETTERS_BLOCKING, WARNINGS_OPEN
from app.services.trial_due import trial_sent
from app.storage.campaign_file import CampaignFile
from app.wording.french import count


def left_to_do(campaign_file: CampaignFile) -> str:
    """« Reste à faire : lire 3 lettres. »; empty while no check was made and nothing is drawn."""
    unread = sum(not letter.is_read for letter in reading.drawn_letters(campaign_file))
    checked = campaign_file.setting(LETTERS_BLOCKING)
    left = []
    if checked and checked != "0":
        left.append("corriger les lettres signalées")
    if unread:
        left.append(f"lire {count(unread, 'lettre')}")
    if checked and not trial_sent(campaign_file):
        left.append("recevoir une lettre d’essai")
    waiting = int(campaign_file.setting(WARNINGS_OPEN) or 0)
    if checked and waiting:
        left.append(f"accepter {count(waiting, 'avertissement')}")
    if left:
        return f"Reste à faire\u00a0: {', '.join(left)}."
    return "La relecture est terminée. Vous pouvez passer à l’envoi." if checked == "0" else ""
