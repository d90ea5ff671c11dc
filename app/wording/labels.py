"""French names of the members of our enumerations."""

from collections.abc import Mapping

from app.core.campaign import Channel, DeliveryStatus
from app.core.incident import Certainty, CnilStatus, ComplaintStatus
from app.core.issue import Level
from app.core.recipient import Civility, ExclusionReason, Protection, Restriction

STATUS: Mapping[DeliveryStatus, str] = {
    DeliveryStatus.PENDING: "À envoyer",
    DeliveryStatus.OPEN: "En cours",
    DeliveryStatus.DOT: "En cours",
    DeliveryStatus.ACCEPTED: "Acceptée par le serveur",
    DeliveryStatus.DEFERRED: "Différée",
    DeliveryStatus.REJECTED: "Refusée",
    DeliveryStatus.UNCERTAIN: "Incertaine",
    DeliveryStatus.BOUNCED: "Retournée par courriel",
    DeliveryStatus.PRINTED: "Imprimée",
    DeliveryStatus.POSTED: "Postée",
    DeliveryStatus.RETURNED: "Pli retourné",
    DeliveryStatus.HANDED_OVER: "Remise en main propre",
    DeliveryStatus.EXCLUDED: "Sans lettre",
    DeliveryStatus.REPLACED: "Remplacée par une autre lettre",
}
CHANNEL: Mapping[Channel, str] = {
    Channel.EMAIL: "Par courriel",
    Channel.PAPER: "Par courrier",
    Channel.HAND_OVER: "En main propre",
    Channel.NONE: "Sans lettre",
}
CERTAINTY: Mapping[Certainty, str] = {
    Certainty.CONFIRMED: "Confirmé",
    Certainty.PROBABLE: "Probable",
    Certainty.ALLEGED: "Non confirmé",
}
CNIL: Mapping[CnilStatus, str] = {
    CnilStatus.NOTIFIED: "Faite",
    CnilStatus.NOTIFIED_WITH_VENDOR: "Faite par le prestataire et par nous",
    CnilStatus.IN_PROGRESS: "En cours",
    CnilStatus.NOT_YET: "Pas encore",
}
COMPLAINT: Mapping[ComplaintStatus, str] = {
    ComplaintStatus.FILED: "Déposée",
    ComplaintStatus.PLANNED: "Prévue",
    ComplaintStatus.NONE: "Aucune",
}
LEVEL: Mapping[Level, str] = {
    Level.BLOCKING: "À corriger",
    Level.CHECK: "À vérifier",
    Level.INFO: "Pour information",
}
CIVILITY: Mapping[Civility, str] = {
    Civility.MADAME: "Madame",
    Civility.MONSIEUR: "Monsieur",
    Civility.DOCTEUR: "Docteur",
    Civility.UNKNOWN: "Non précisée",
}
RESTRICTION: Mapping[Restriction, str] = {
    Restriction.NONE: "Aucune",
    Restriction.DO_NOT_WRITE: "Ne pas écrire",
    Restriction.HAND_OVER: "Remettre en main propre",
}
PROTECTION: Mapping[Protection, str] = {
    Protection.NONE: "Aucune",
    Protection.GUARDIANSHIP: "Tutelle",
    Protection.CURATORSHIP: "Curatelle",
}
EXCLUSION: Mapping[ExclusionReason, str] = {
    ExclusionReason.DUPLICATE: "Doublon",
    ExclusionReason.DECEASED: "Personne décédée",
    ExclusionReason.DO_NOT_WRITE: "Ne pas écrire",
    ExclusionReason.NO_CHANNEL: "Ni courriel ni adresse postale",
    ExclusionReason.NOT_CONCERNED: "Personne non concernée",
    ExclusionReason.USER_DECISION: "Décision du cabinet",
}
