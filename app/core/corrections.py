"""What a person typed into the table of patients: cleaned like a cell of the list, then put in its place."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from typing_extensions import override

from app.core.birth_dates import clean_date
from app.core.cleaned import Cleaned, Mark
from app.core.cleaning import clean_country, clean_text
from app.core.emails import clean_email
from app.core.errors import BugError
from app.core.headers import Field
from app.core.names import clean_name
from app.core.phones import clean_phone
from app.core.postcodes import clean_postcode, clean_town
from app.core.recipient import Civility, Protection, Recipient

#: fields of a recipient (or of the address) that can be typed → columns of the list they come from
SOURCES: dict[str, frozenset[Field]] = {
    "civility": frozenset({Field.CIVILITY, Field.SEX}),
    "last_name": frozenset({Field.LAST_NAME, Field.FULL_NAME}),
    "birth_name": frozenset({Field.BIRTH_NAME}),
    "first_name": frozenset({Field.FIRST_NAME, Field.FULL_NAME}),
    "birth_date": frozenset({Field.BIRTH_DATE}),
    "email": frozenset({Field.EMAIL, Field.OTHER_EMAIL}),
    "phone": frozenset({Field.PHONE, Field.MOBILE, Field.OTHER_PHONE}),
    "complement": frozenset({Field.COMPLEMENT, Field.ADDRESS}),
    "building": frozenset({Field.BUILDING}),
    "street": frozenset({Field.STREET, Field.ADDRESS}),
    "locality": frozenset({Field.LOCALITY}),
    "postcode": frozenset({Field.POSTCODE, Field.POSTCODE_CITY}),
    "city": frozenset({Field.CITY, Field.POSTCODE_CITY, Field.POSTCODE}),
    "country": frozenset({Field.COUNTRY, Field.POSTCODE}),
    "representative": frozenset({Field.REPRESENTATIVE, Field.REPRESENTATIVE_FIRST_NAME}),
    "protection": frozenset({Field.PROTECTION}),
    "has_annotations": frozenset({Field.ANNOTATIONS}),
    "deceased": frozenset({Field.DECEASED}),
    "restriction": frozenset({Field.DO_NOT_WRITE, Field.HAND_OVER}),
}
ADDRESS_FIELDS = frozenset(
    ["complement", "building", "street", "locality", "postcode", "city", "country"]
)


@dataclass(frozen=True, slots=True)
class Correction:
    """The person with the new value, and the mark when what was typed is itself doubtful or unusable."""

    recipient: Recipient
    mark: Mark | None = None

    @override
    def __repr__(self) -> str:
        return f"Correction({self.recipient.row})"


def correct(person: Recipient, name: str, typed: str, today: date) -> Correction:
    """Put ``typed`` into the field ``name``; an unusable text leaves the field empty, with its mark.

    ``civility`` and ``protection`` take the value of their enumeration, flags « oui » or « ».
    """
    cleaned = _clean(person, name, typed, today)
    if name in ADDRESS_FIELDS:
        address = replace(person.address, **{name: cleaned.value})
        return Correction(replace(person, address=address), cleaned.mark)
    return Correction(replace(person, **{name: cleaned.value}), cleaned.mark)


def _clean(person: Recipient, name: str, typed: str, today: date) -> Cleaned[Any]:
    if name in {"last_name", "birth_name", "first_name"}:
        return clean_name(typed)
    if name == "birth_date":
        return clean_date(typed, today)
    if name == "email":
        return clean_email(typed.strip())
    if name == "phone":
        return clean_phone(typed.strip())
    if name == "postcode":
        return clean_postcode(typed.strip(), is_french=not person.address.country)
    if name == "city":
        return clean_town(typed)
    if name == "country":
        return clean_country(typed)
    if name == "civility":
        return Cleaned(Civility(typed))
    if name == "protection":
        return Cleaned(Protection(typed))
    if name in {"complement", "building", "street", "locality", "representative"}:
        return clean_text(typed)
    raise BugError(f"field {name} cannot be typed")
