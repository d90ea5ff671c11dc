"""What happened, as far as it is known today (GDPR Art. 33(3), 34(2))."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

#: GDPR Art. 33(1): 72 hours after becoming aware, nights and week-ends included.
NOTIFICATION_DELAY = timedelta(hours=72)


class Certainty(StrEnum):
    """How well the facts are established; every sentence about the nature depends on it."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    ALLEGED = "alleged"


class DataCategory(StrEnum):
    """Categories of exposed data. Their French names, consequences and advice: templates/categories.toml."""

    IDENTITY = "identity"
    PHONE = "phone"
    EMAIL = "email"
    POSTAL_ADDRESS = "postal_address"
    NIR = "nir"
    INSURER = "insurer"
    CONSULTATION_REASON = "consultation_reason"
    EXCHANGES = "exchanges"
    ANNOTATIONS = "annotations"
    MEDICAL_DOCUMENTS = "medical_documents"
    IBAN = "iban"
    PAYMENT_CARD = "payment_card"
    PASSWORD = "password"  # noqa: S105 - a category, not a secret
    ACCOUNT = "account"
    PRACTITIONER = "practitioner"
    IDENTITY_DOCUMENT = "identity_document"
    RELATIVES = "relatives"


class CnilStatus(StrEnum):
    """Where the notification to the authority stands."""

    NOTIFIED = "notified"
    IN_PROGRESS = "in_progress"
    NOTIFIED_WITH_VENDOR = "notified_with_vendor"
    NOT_YET = "not_yet"


class ComplaintStatus(StrEnum):
    """Where the criminal complaint stands."""

    FILED = "filed"
    PLANNED = "planned"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Incident:
    """One breach. Dates are calendar days in France; ``aware_at`` is an instant in UTC."""

    #: template identifier proposed for it: "T01" … "T19"
    template_id: str = "T01"
    certainty: Certainty = Certainty.CONFIRMED
    #: in the order in which letters list them
    categories: tuple[DataCategory, ...] = ()
    #: known NOT to be concerned
    excluded_categories: tuple[DataCategory, ...] = ()
    happened_on: date | None = None
    happened_until: date | None = None
    discovered_on: date | None = None
    #: moment of awareness, start of the 72 hours (Art. 33(1)); UTC
    aware_at: datetime | None = None
    vendor: str = ""
    software: str = ""
    vendor_told_on: date | None = None
    measures_taken: tuple[str, ...] = ()
    measures_planned: tuple[str, ...] = ()
    cnil_status: CnilStatus = CnilStatus.NOT_YET
    cnil_on: date | None = None
    cnil_reference: str = ""
    complaint_status: ComplaintStatus = ComplaintStatus.NONE
    complaint_on: date | None = None
    #: latest day on which the practice promises to write again, when facts are incomplete
    next_update_on: date | None = None
    #: extra variables of the chosen template (« plateforme », « date_publication », …)
    details: dict[str, str] = field(default_factory=dict)

    def notification_deadline(self) -> datetime | None:
        """Instant (UTC) before which the CNIL must be told, or None while awareness is unknown."""
        return None if self.aware_at is None else self.aware_at.astimezone(UTC) + NOTIFICATION_DELAY
