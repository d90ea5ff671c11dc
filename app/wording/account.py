"""Sentences of « Mon cabinet » about the sending account: where facts come from, what the domain says of itself."""

from collections.abc import Sequence
from datetime import date

from app.core.mail_account import AuthKind
from app.core.pacing import DAY, HOUR, MINUTE, RateWindow
from app.wording.french import count, date_long, typeset

AUTH = {
    AuthKind.PASSWORD: "un mot de passe",
    AuthKind.OAUTH_MICROSOFT: "le compte Microsoft, dans le navigateur",
    AuthKind.OAUTH_GOOGLE: "le compte Google, dans le navigateur",
    AuthKind.NONE: "rien (relais de l’établissement)",
}
LAYERS = {
    "name": "le nom du serveur est connu",
    "port": "il répond",
    "tls": "la connexion est chiffrée et son certificat valable",
    "login": "l’identification est acceptée",
    "sender": "l’adresse d’expédition est acceptée",
}
#: the same layers when they fail, or were not reached
QUESTIONS = {
    "name": "Nom du serveur",
    "port": "Port",
    "tls": "Chiffrement et certificat",
    "login": "Identification",
    "sender": "Adresse d’expédition",
}
_LENGTHS = {MINUTE: "par minute", HOUR: "par heure", DAY: "par 24 heures"}


def server_source(name: str, source: str, checked: date, note: str, *, confirmed: bool) -> str:
    """Where the proposed server comes from, how far to trust it, and what the provider asks for."""
    said = f"Réglages de {name}. Source : {_named(source)} ({date_long(checked)})."
    if not confirmed:
        said += " Ils restent à confirmer auprès de votre hébergeur."
    return typeset(f"{said} {note}".strip())


def _named(source: str) -> str:
    """The source as somebody who never heard of ISPDB reads it."""
    return source.replace("ISPDB ", "base de réglages de Thunderbird, fiche ")


def published_by(domain: str) -> str:
    """Where settings found by asking the domain come from."""
    return typeset(f"Réglages publiés par {domain} lui-même, reçus par connexion chiffrée.")


def limits_source(source: str, checked: date | None) -> str:
    """Where the limits come from."""
    if not source or checked is None:
        return typeset(
            "Limites prudentes du logiciel : aucune n'a été trouvée pour cet hébergeur. Demandez-lui les "
            "siennes ; au-delà, il bloque l'adresse."
        )
    return typeset(f"Source des limites : {source} ({date_long(checked)}).")


def learned(windows: Sequence[RateWindow]) -> str:
    """What the server itself asked for in the last thirty days."""
    told = ", ".join(
        f"{count(window.limit, 'lettre')} {_LENGTHS.get(window.seconds, 'par période')}"
        for window in windows
    )
    return typeset(f"Le serveur a lui-même demandé au plus {told} : cette limite s'applique aussi.")


def permission(provider: str, *, is_given: bool) -> str:
    """State of « Se connecter avec … »."""
    if not is_given:
        return typeset(
            f"Aucune autorisation de {provider} pour le moment. Sa page s'ouvrira dans votre navigateur ; "
            "ce logiciel ne voit jamais votre mot de passe."
        )
    return typeset(
        f"Autorisation de {provider} gardée sur cet ordinateur, chiffrée ; sa clé est dans le trousseau."
    )


def domain_advice(
    domain: str, *, spf_records: int, dmarc_policy: str, dkim_found: bool | None
) -> list[tuple[bool, str]]:
    """What receivers find about the sender's domain, each with « is it well? ». Advice only."""
    advice = [
        {
            0: (False, f"SPF : {domain} ne dit pas quels serveurs envoient pour lui."),
            1: (True, f"SPF : {domain} dit quels serveurs envoient pour lui."),
        }.get(
            spf_records,
            (False, f"SPF : {spf_records} enregistrements se contredisent ; il n'en faut qu'un."),
        )
    ]
    if dkim_found is None:
        advice.append(
            (False, "DKIM : non examiné, faute de sélecteur (demandez-le à l'hébergeur).")
        )
    elif dkim_found:
        advice.append((True, "DKIM : la clé de signature est publiée."))
    else:
        advice.append((False, "DKIM : aucune clé n'est publiée sous ce sélecteur."))
    if dmarc_policy:
        advice.append((True, f"DMARC : publié (p={dmarc_policy})."))
    else:
        advice.append((False, f"DMARC : {domain} n'en publie pas."))
    return [(is_well, typeset(text)) for is_well, text in advice]


def domain_conclusion(*, is_ready: bool) -> str:
    """What to make of the advice."""
    if is_ready:
        return "Les messageries des patients pourront reconnaître vos courriels."
    return (
        "Certaines messageries risquent de refuser vos courriels ou de les ranger parmi les "
        "indésirables. Montrez ceci à la personne qui gère votre nom de domaine."
    )
