"""The people whose e-mail was refused or came back, as a table with the reason."""

from collections.abc import Iterator
from pathlib import Path

from app.core.campaign import Channel, DeliveryStatus
from app.core.replies import reason_of
from app.spreadsheet import write_table
from app.storage.campaign_file import CampaignFile
from app.wording import french, labels
from app.wording.refusals import reason_label

_S = DeliveryStatus
_FAILED = (_S.REJECTED, _S.BOUNCED, _S.UNCERTAIN, _S.REPLACED)
HEADERS = (
    "Ligne", "Civilité", "Nom", "Nom de naissance", "Prénom", "Date de naissance", "Courriel", "Téléphone",
    "Adresse", "Complément", "Code postal", "Ville", "État de la lettre", "Motif", "Réponse du serveur",
)  # fmt: skip


def write_refused_rows(campaign_file: CampaignFile, path: Path, *, run: int = 1) -> int:
    """Write one row per person to ``path`` (.xlsx or .csv); how many.

    Raises:
        FileNotWritten: disk full, place refused, file open in a spreadsheet.
    """
    return write_table(path, HEADERS, _rows(campaign_file, run))


def _rows(campaign_file: CampaignFile, run: int) -> Iterator[tuple[str, ...]]:
    pairs = campaign_file.deliveries_with_recipients(*_FAILED, channel=Channel.EMAIL, run=run)
    for letter, person in pairs:
        reply = letter.reply
        if letter.status is _S.REPLACED and reply is None:
            continue  # replaced by a new plan, not by a refusal
        address = person.address
        yield (
            str(person.row),
            "" if person.civility.value == "unknown" else labels.CIVILITY[person.civility],
            person.last_name,
            person.birth_name,
            person.first_name,
            french.date_short(person.birth_date) if person.birth_date else "",
            person.email,
            person.phone,
            " ".join(part for part in (address.street, address.locality) if part),
            " ".join(part for part in (address.complement, address.building) if part),
            address.postcode,
            address.city,
            labels.STATUS[letter.status],
            reason_label(reason_of(reply)) if reply else "",
            " ".join(part for part in (str(reply.code), reply.enhanced, reply.text) if part)
            if reply
            else "",
        )
