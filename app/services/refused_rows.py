"""The people whose e-mail was refused or came back, in the columns of the practice's own list, with the reason."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.headers import Field
from app.core.recipient import Civility, Recipient, list_and_row
from app.core.replies import reason_of
from app.spreadsheet import write_table
from app.storage.campaign_file import CampaignFile
from app.wording import french, labels
from app.wording.list_places import row_number
from app.wording.refusals import reason_label

_S = DeliveryStatus
_FAILED = (_S.REJECTED, _S.BOUNCED, _S.UNCERTAIN, _S.REPLACED)
_PLACE = "Ligne"
_WHY = ("État de la lettre", "Motif", "Réponse du serveur")
_NAMES = {
    "Civilité": Field.CIVILITY,
    "Nom": Field.LAST_NAME,
    "Nom de naissance": Field.BIRTH_NAME,
    "Prénom": Field.FIRST_NAME,
    "Date de naissance": Field.BIRTH_DATE,
    "Courriel": Field.EMAIL,
    "Téléphone": Field.PHONE,
    "Adresse": Field.STREET,
    "Complément": Field.COMPLEMENT,
    "Code postal": Field.POSTCODE,
    "Ville": Field.CITY,
}


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _civility(person: Recipient) -> str:
    return "" if person.civility is Civility.UNKNOWN else labels.CIVILITY[person.civility]


#: what a column of the list said of a person; columns never imported stay empty
_VALUE: Mapping[Field, Callable[[Recipient], str]] = {
    Field.CIVILITY: _civility,
    Field.LAST_NAME: lambda p: p.last_name,
    Field.BIRTH_NAME: lambda p: p.birth_name,
    Field.FIRST_NAME: lambda p: p.first_name,
    Field.FULL_NAME: lambda p: p.display_name,
    Field.BIRTH_DATE: lambda p: french.date_short(p.birth_date) if p.birth_date else "",
    Field.EMAIL: lambda p: p.email,
    Field.MOBILE: lambda p: p.phone,
    Field.PHONE: lambda p: p.phone,
    Field.ADDRESS: lambda p: _joined(p.address.street, p.address.locality),
    Field.STREET: lambda p: p.address.street,
    Field.COMPLEMENT: lambda p: p.address.complement,
    Field.BUILDING: lambda p: p.address.building,
    Field.LOCALITY: lambda p: p.address.locality,
    Field.POSTCODE: lambda p: p.address.postcode,
    Field.CITY: lambda p: p.address.city,
    Field.POSTCODE_CITY: lambda p: _joined(p.address.postcode, p.address.city),
    Field.COUNTRY: lambda p: p.address.country,
    Field.REPRESENTATIVE: lambda p: p.representative,
}


def write_refused_rows(campaign_file: CampaignFile, path: Path, *, run: int = 1) -> int:
    """Write one row per person to ``path`` (.xlsx or .csv); how many.

    The columns are those of the imported list that were read, under their own names (those of a second
    list after them); ours when no list was imported. « Ligne » says where the person stands.

    Raises:
        FileNotWritten: disk full, place refused, file open in a spreadsheet.
    """
    lists = [_fields(record.mapping or {}) for record in campaign_file.imports()] or [_NAMES]
    columns = list(dict.fromkeys(header for each in lists for header in each))
    place = _PLACE if _PLACE not in columns else f"{_PLACE} de la liste"
    return write_table(path, [place, *columns, *_WHY], _rows(campaign_file, run, lists, columns))


def _fields(mapping: Mapping[str, str]) -> dict[str, Field]:
    """Header → field of the columns that say something of a person (``ColumnMapping.by_header``)."""
    known = {field.value: field for field in _VALUE}
    # a column read in spite of a warning carries its reason: « phone (…) »
    names = {header: text.partition(" (")[0] for header, text in mapping.items()}
    fields = {header: known[name] for header, name in names.items() if name in known}
    order = list(_VALUE)  # the campaign file does not keep the order of the columns
    return dict(sorted(fields.items(), key=lambda item: order.index(item[1])))


def _rows(
    campaign_file: CampaignFile,
    run: int,
    lists: list[dict[str, Field]],
    columns: list[str],
) -> Iterator[tuple[str, ...]]:
    pairs = campaign_file.deliveries_with_recipients(*_FAILED, channel=Channel.EMAIL, run=run)
    for letter, person in pairs:
        if letter.status is _S.REPLACED and letter.reply is None:
            continue  # replaced by a new plan, not by a refusal
        number, _ = list_and_row(person.row)
        own = lists[min(number, len(lists)) - 1]
        cells = (_cell(person, own.get(header)) for header in columns)
        yield (row_number(person.row), *cells, *_reason(letter))


def _cell(person: Recipient, field: Field | None) -> str:
    value = None if field is None else _VALUE.get(field)
    return "" if value is None else value(person)


def _reason(letter: Delivery) -> tuple[str, str, str]:
    reply = letter.reply
    if reply is None:
        return labels.STATUS[letter.status], "", ""
    words = _joined(str(reply.code), reply.enhanced, reply.text)
    return labels.STATUS[letter.status], reason_label(reason_of(reply)), words
