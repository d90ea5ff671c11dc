"""What a column of the list can give, and how headers are compared."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class Field(StrEnum):
    """What a column of the list can give."""

    CIVILITY = "civility"
    SEX = "sex"
    LAST_NAME = "last_name"
    BIRTH_NAME = "birth_name"
    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    OTHER_EMAIL = "other_email"
    MOBILE = "mobile"
    PHONE = "phone"
    OTHER_PHONE = "other_phone"
    #: whole address, or several of its lines, in one cell
    ADDRESS = "address"
    STREET = "street"
    COMPLEMENT = "complement"
    BUILDING = "building"
    LOCALITY = "locality"
    POSTCODE = "postcode"
    CITY = "city"
    POSTCODE_CITY = "postcode_city"
    COUNTRY = "country"
    DECEASED = "deceased"
    REPRESENTATIVE = "representative"
    REPRESENTATIVE_FIRST_NAME = "representative_first_name"
    PROTECTION = "protection"
    DO_NOT_WRITE = "do_not_write"
    HAND_OVER = "hand_over"
    ANNOTATIONS = "annotations"
    #: this person's data of one category was exposed: oui / non
    CATEGORY = "category"
    INS = "ins"


class Refusal(StrEnum):
    """Why a column is left out unless the user insists (GDPR Art. 5(1)(c), minimisation)."""

    NIR = "nir"
    FREE_TEXT = "free_text"
    HEALTH = "health"
    INS = "ins"


#: more than one column may give these; the second is appended or kept aside, never lost in silence
REPEATABLE = frozenset({Field.CATEGORY})

_CAMEL_CASE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")  # « CodePostal »
_IGNORED = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """« Né(e)\u00a0le » → « ne e le »: lower-case ASCII words, one space between them."""
    spaced = _CAMEL_CASE.sub(" ", text.replace("œ", "oe").replace("Œ", "OE"))
    plain = unicodedata.normalize("NFKD", spaced.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _IGNORED.sub(" ", bare).strip()
