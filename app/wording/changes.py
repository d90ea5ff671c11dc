"""What a later list changes for one person, in French: the field, what it was, what it would be."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from app.core.recipient import (
    Civility,
    ExclusionReason,
    PostalAddress,
    Protection,
    Recipient,
    Restriction,
)
from app.wording.french import NBSP, count, date_short
from app.wording.issues_list import recipient_field_name
from app.wording.labels import CIVILITY, EXCLUSION, PROTECTION, RESTRICTION

NOTHING = "(vide)"
_LABELS: Mapping[type[Enum], Mapping[Any, str]] = {
    Civility: CIVILITY,
    Restriction: RESTRICTION,
    Protection: PROTECTION,
    ExclusionReason: EXCLUSION,
}


def changed_value(before: Recipient, after: Recipient, name: str) -> str:
    """« Courriel : ancien@exemple.fr → nouveau@exemple.fr » for the field ``name`` of Recipient."""
    was, becomes = (value_text(getattr(person, name)) for person in (before, after))
    return f"{recipient_field_name(name)}{NBSP}: {was} → {becomes}"


def value_text(value: object) -> str:
    """One value of a Recipient as a reader sees it."""
    if isinstance(value, Enum):
        return _LABELS[type(value)][value]
    if isinstance(value, PostalAddress):
        town = " ".join(part for part in (value.postcode, value.city) if part)
        parts = (
            value.complement,
            value.building,
            value.street,
            value.locality,
            town,
            value.country,
        )
        return ", ".join(part for part in parts if part) or NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return date_short(value)
    if isinstance(value, frozenset):
        return count(len(value), "catégorie")
    return str(value) if value else NOTHING
