"""The practice's register of breaches (GDPR Art. 33(5)), in the words and bands of the CNIL's own open data."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.incident import DataCategory

#: upper limits of the CNIL's bands of « Nombre de personnes »; the last band is open
BANDS = (5, 50, 300, 5_000)
#: health, private life, NIR: « données sensibles » or of a highly personal kind (Art. 9; loi 78-17 art. 30)
SENSITIVE = frozenset(
    {
        DataCategory.CONSULTATION_REASON,
        DataCategory.EXCHANGES,
        DataCategory.ANNOTATIONS,
        DataCategory.MEDICAL_DOCUMENTS,
        DataCategory.PRACTITIONER,
        DataCategory.RELATIVES,
    }
)


class Nature(StrEnum):
    """What was lost; several at once are possible (Art. 4(12))."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Cause(StrEnum):
    """Where it came from and whether it was meant."""

    EXTERNAL_MALICIOUS = "external_malicious"
    EXTERNAL_ACCIDENTAL = "external_accidental"
    INTERNAL_MALICIOUS = "internal_malicious"
    INTERNAL_ACCIDENTAL = "internal_accidental"
    UNKNOWN = "unknown"


class Ground(StrEnum):
    """Why people concerned are not written to individually."""

    PROTECTED_DATA = "protected_data"  # Art. 34(3)(a)
    RISK_REMOVED = "risk_removed"  # Art. 34(3)(b)
    DISPROPORTIONATE = "disproportionate"  # Art. 34(3)(c): public communication instead
    NO_HIGH_RISK = "no_high_risk"  # Art. 34(1) does not apply


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What the practice adds to the incident for its register; proposed from the template, editable."""

    natures: tuple[Nature, ...] = (Nature.CONFIDENTIALITY,)
    cause: Cause = Cause.UNKNOWN
    #: number of people concerned when there is no list, 0 otherwise
    people: int = 0
    #: approximate number of records, 0 = as many as people
    records: int = 0
    #: free texts
    facts: str = ""
    effects: str = ""
    #: why the CNIL, or the people, were not told
    cnil_reason: str = ""
    ground: Ground | None = None
    ground_note: str = ""


_MALICIOUS = RegisterEntry(cause=Cause.EXTERNAL_MALICIOUS)
_MISTAKE = RegisterEntry(cause=Cause.INTERNAL_ACCIDENTAL)
_PROPOSED = {
    **dict.fromkeys(("T01", "T02", "T03", "T04", "T11", "T12"), _MALICIOUS),
    "T06": RegisterEntry((Nature.CONFIDENTIALITY, Nature.AVAILABILITY), Cause.EXTERNAL_MALICIOUS),
    "T07": RegisterEntry((Nature.AVAILABILITY,)),
    "T09": _MISTAKE,
    "T10": _MISTAKE,
    "T13": RegisterEntry(cause=Cause.INTERNAL_MALICIOUS),
}


def proposed_entry(template_id: str) -> RegisterEntry:
    """A starting point from the kind of incident; unknown where the kind does not tell."""
    return _PROPOSED.get(template_id, RegisterEntry())


def band(people: int) -> tuple[int, int | None]:
    """The CNIL's band of a number of people: (from, to), ``to`` None for the last."""
    lower = 0
    for upper in BANDS:
        if people <= upper:
            return lower, upper
        lower = upper + 1
    return lower, None
