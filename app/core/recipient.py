"""One person to inform, as read and cleaned from the list."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from typing_extensions import override

from app.core.incident import DataCategory

MAJORITY_AGE_YEARS = 18  # Code civil, art. 414
#: rows of a second list are numbered from here, those of a third from twice that; see ``list_and_row``
ROWS_PER_LIST = 10_000_000


def list_and_row(row: int) -> tuple[int, int]:
    """(number of the list, from 1; row as its spreadsheet shows it) of a ``Recipient.row`` or ``Issue.row``."""
    number, shown = divmod(row, ROWS_PER_LIST)
    return number + 1, shown


class Civility(StrEnum):
    """Civility column of the list; never derived from the NIR."""

    MADAME = "madame"
    MONSIEUR = "monsieur"
    DOCTEUR = "docteur"
    UNKNOWN = "unknown"


class Restriction(StrEnum):
    """How the person may be reached."""

    NONE = "none"
    DO_NOT_WRITE = "do_not_write"
    HAND_OVER = "hand_over"


class Protection(StrEnum):
    """Legal protection of an adult."""

    NONE = "none"
    GUARDIANSHIP = "guardianship"  # tutelle: write to the tutor
    CURATORSHIP = "curatorship"  # curatelle: write to the person


class ExclusionReason(StrEnum):
    """Why nobody writes to this person; always kept with a note."""

    DUPLICATE = "duplicate"
    DECEASED = "deceased"
    DO_NOT_WRITE = "do_not_write"
    NO_CHANNEL = "no_channel"
    NOT_CONCERNED = "not_concerned"
    USER_DECISION = "user_decision"


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Address as the practice knows it, before the capitals of the envelope (NF Z 10-011)."""

    complement: str = ""  # line 2: flat, floor, « chez »
    building: str = ""  # line 3: residence, building, entrance
    street: str = ""  # line 4: number and street
    locality: str = ""  # line 5: hamlet, PO box
    postcode: str = ""
    city: str = ""
    country: str = ""  # empty for France

    def is_complete(self) -> bool:
        """True when a letter can be posted to it: a place in the town, a postcode (or a country), a town."""
        place = bool(self.street or self.locality or self.building)
        return place and bool(self.city) and bool(self.postcode or self.country)

    @override
    def __repr__(self) -> str:
        return "PostalAddress(…)"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One patient. ``repr`` shows the row number only: patients never reach a log or a traceback."""

    #: number of the row in the list as the spreadsheet shows it, from 1
    row: int
    #: key in the campaign file; 0 before it is stored
    id: int = 0
    civility: Civility = Civility.UNKNOWN
    last_name: str = ""  # nom d’usage
    birth_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    #: ASCII form (IDNA domain) ready for RCPT TO; empty when none
    email: str = ""
    #: « 0X XX XX XX XX » or « +CC … »; empty when none
    phone: str = ""
    address: PostalAddress = PostalAddress()
    deceased: bool = False
    deceased_on: date | None = None
    #: name of the tutor or legal representative when the list gives one
    representative: str = ""
    protection: Protection = Protection.NONE
    restriction: Restriction = Restriction.NONE
    has_annotations: bool = False
    #: categories of this person when the list says so per patient; None = those of the incident
    categories: frozenset[DataCategory] | None = None
    #: kept only when the user asked for the MSSanté list
    ins: str = ""
    excluded: ExclusionReason | None = None
    exclusion_note: str = ""

    @property
    def is_excluded(self) -> bool:
        """True when nobody writes to this person."""
        return self.excluded is not None

    @property
    def display_name(self) -> str:
        """« DURAND Paul », as lists and tables show it."""
        return " ".join(part for part in (self.last_name.upper(), self.first_name) if part)

    def age_on(self, day: date) -> int | None:
        """Age in whole years on ``day``, None without a birth date."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def is_minor_on(self, day: date) -> bool:
        """True when under 18 on ``day``; False when the birth date is unknown."""
        age = self.age_on(day)
        return age is not None and age < MAJORITY_AGE_YEARS

    @override
    def __repr__(self) -> str:
        return f"Recipient(row={self.row})"
