"""French names of the reasons for which a letter was refused or came back."""

from collections.abc import Mapping

from app.core.campaign import Reply
from app.core.replies import Reason, reason_of

REASONS: Mapping[Reason, str] = {
    Reason.UNKNOWN_ADDRESS: "adresse inconnue",
    Reason.UNKNOWN_DOMAIN: "domaine inconnu",
    Reason.DISABLED: "boîte fermée",
    Reason.FULL: "boîte pleine",
    Reason.TOO_BIG: "courriel trop volumineux",
    Reason.POLICY: "refusée par le serveur du destinataire",
    Reason.SPAM: "prise pour du courrier indésirable",
    Reason.AUTHENTICATION: "expéditeur non reconnu (SPF, DKIM ou DMARC)",
    Reason.LIMIT: "limite d’envoi atteinte",
    Reason.GREYLISTED: "à réessayer plus tard",
    Reason.RELAY_DENIED: "serveur d’envoi non autorisé",
    Reason.EXPIRED: "non remise après plusieurs jours",
    Reason.UNREACHABLE: "serveur du destinataire injoignable",
    Reason.OTHER: "refusée",
}


def reason_label(reason: Reason) -> str:
    """A few words: « adresse inconnue », « boîte pleine »."""
    return REASONS[reason]


def refusal(reply: Reply | None) -> str:
    """The reason of a refused, deferred or returned letter; empty without an answer."""
    return "" if reply is None else REASONS[reason_of(reply)]
