"""French texts of app.core.errors.mail."""

from app.core.errors import mail as errors
from app.core.errors.mail import CertificateFault, LoginFault
from app.wording.explanations import Explanation, explain
from app.wording.french import count, date_time, typeset
from app.wording.list_places import row_place

_PROVIDERS = {"microsoft": "Microsoft", "google": "Google"}


def _say(what: str, why: str = "", what_to_do: str = "") -> Explanation:
    return Explanation(typeset(what), typeset(why), typeset(what_to_do))


def _quoted(words: str, code: int = 0) -> str:
    """The server's own words, for the one who will help on the phone."""
    answer = " ".join(part for part in (str(code) if code else "", words.strip()) if part)
    return f" Réponse du serveur : « {answer} »." if answer else ""


@explain.register
def _name(error: errors.ServerNameUnknown) -> Explanation:
    return _say(
        f"Le serveur {error.host} est introuvable.",
        "Son nom est inexact, ou Internet est coupé.",
        "Vérifiez la connexion à Internet, puis le nom du serveur. Rien n'est perdu.",
    )


@explain.register
def _unreachable(error: errors.ServerUnreachable) -> Explanation:
    return _say(
        f"Le serveur {error.host} n'accepte pas de connexion sur le port {error.port}.",
        "Le port est inexact, Internet est coupé, ou un pare-feu bloque l'envoi.",
        "Vérifiez la connexion et le port auprès de votre hébergeur, puis réessayez. Rien n'est perdu.",
    )


@explain.register
def _silent(error: errors.ServerSilent) -> Explanation:
    why = "Internet est peut-être coupé, ou le serveur est surchargé."
    if error.during_tls or error.port in (25, 465, 587):
        why = "Le port et le genre de connexion chiffrée ne vont peut-être pas ensemble."
    return _say(
        f"Le serveur {error.host} ne répond pas.",
        why,
        "Le port 465 va avec « chiffrée d'emblée », le port 587 avec « STARTTLS ». Réessayez ensuite.",
    )


@explain.register
def _closed(error: errors.ConnectionClosed) -> Explanation:
    return _say(
        f"La connexion avec {error.host} se coupe sans cesse.",
        "Le réseau est instable, ou le serveur ferme la connexion.",
        "Attendez quelques minutes, puis reprenez l'envoi. Rien n'est perdu.",
    )


@explain.register
def _busy(error: errors.ServerBusy) -> Explanation:
    return _say(
        f"Le serveur {error.host} demande de revenir plus tard.",
        "Il est momentanément indisponible." + _quoted(error.words, error.code),
        "Reprenez l'envoi dans une heure. Les lettres déjà parties ne seront pas renvoyées.",
    )


@explain.register
def _refuses(error: errors.ServerRefuses) -> Explanation:
    return _say(
        f"Le serveur {error.host} refuse cet ordinateur.",
        "Il ne prend pas de courriels de cette connexion à Internet."
        + _quoted(error.words, error.code),
        "Vérifiez le nom du serveur, puis demandez à votre hébergeur en lui lisant cette réponse.",
    )


@explain.register
def _clear(error: errors.ClearTextForbidden) -> Explanation:
    return _say(
        "Rien n'a été envoyé : la connexion ne serait pas chiffrée.",
        f"Un mot de passe ou une lettre pourrait être lu entre cet ordinateur et {error.host}.",
        "Choisissez une connexion chiffrée (port 465 ou 587).",
    )


@explain.register
def _not_offered(error: errors.TlsNotOffered) -> Explanation:
    return _say(
        f"Rien n'a été envoyé : le serveur {error.host} ne propose pas de connexion chiffrée.",
        f"Le port {error.port} n'est pas celui de l'envoi, ou un équipement du réseau supprime le chiffrement.",
        "Essayez le port 465, chiffré d'emblée. Sinon, demandez à votre hébergeur.",
    )


@explain.register
def _not_spoken(error: errors.TlsNotSpoken) -> Explanation:
    return _say(
        f"Rien n'a été envoyé : le port {error.port} de {error.host} n'est pas chiffré d'emblée.",
        "Le port et le genre de connexion ne vont pas ensemble.",
        "Choisissez « STARTTLS » avec le port 587, ou le port 465.",
    )


@explain.register
def _tls(error: errors.TlsFailed) -> Explanation:
    detail = f" Détail : {error.detail}." if error.detail else ""
    return _say(
        f"La connexion chiffrée avec {error.host} n'a pas pu s'établir ; rien n'a été envoyé.",
        "Le serveur est trop ancien, ou un équipement du réseau s'interpose." + detail,
        "Réessayez depuis un autre réseau, ou demandez à votre hébergeur.",
    )


_FAULTS = {
    CertificateFault.WRONG_NAME: (
        "Son certificat n'est pas celui de {host}.",
        "Ne continuez pas. Demandez à votre hébergeur le nom exact du serveur.",
    ),
    CertificateFault.EXPIRED: (
        "Le certificat de {host} a expiré.",
        "Vérifiez la date de cet ordinateur. Si elle est juste, prévenez votre hébergeur.",
    ),
    CertificateFault.NOT_YET_VALID: (
        "Le certificat de {host} n'est pas encore valable.",
        "Vérifiez la date et l'heure de cet ordinateur.",
    ),
    CertificateFault.SELF_SIGNED: (
        "Le certificat de {host} n'est garanti par personne.",
        "Ne continuez pas. Si c'est le serveur de votre établissement, demandez au service informatique "
        "le fichier de son autorité de certification et ajoutez-le dans « Mon cabinet ».",
    ),
    CertificateFault.UNKNOWN_AUTHORITY: (
        "Le certificat de {host} vient d'une autorité inconnue de cet ordinateur.",
        "Ne continuez pas. Si votre établissement a sa propre autorité, ou si un antivirus contrôle les "
        "connexions, demandez au service informatique le fichier de l'autorité et ajoutez-le dans « Mon cabinet ».",
    ),
    CertificateFault.OTHER: (
        "Le certificat de {host} ne peut pas être vérifié.",
        "Ne continuez pas. Demandez à votre hébergeur.",
    ),
}


@explain.register
def _certificate(error: errors.CertificateInvalid) -> Explanation:
    why, what_to_do = _FAULTS[error.fault]
    return _say(
        "La connexion au serveur n'est pas sûre ; rien n'a été envoyé.",
        why.format(host=error.host),
        what_to_do,
    )


_AUTHORITY = {
    "missing": "Il n'est plus sur cet ordinateur, ou il ne peut pas être lu.",
    "format": "Ce n'est pas un fichier de certificat.",
    "not_authority": "C'est le certificat d'un serveur ou d'une personne, pas celui d'une autorité.",
    "expired": "Le certificat de l'autorité a expiré, ou n'est pas encore valable.",
}


@explain.register
def _authority(error: errors.AuthorityFileUnreadable) -> Explanation:
    return _say(
        f"Le fichier d'autorité « {error.file} » n'a pas pu être utilisé.",
        _AUTHORITY.get(error.fault, _AUTHORITY["format"]),
        "Demandez au service informatique le certificat de son autorité, au format PEM (.pem ou .crt).",
    )


@explain.register
def _no_login(error: errors.LoginNotOffered) -> Explanation:
    return _say(
        f"Le serveur {error.host} ne propose pas cette façon de se connecter.",
        "Le nom du serveur, le port ou le genre de compte ne convient pas.",
        "Vérifiez le nom du serveur d'envoi (SMTP) et le port auprès de votre hébergeur.",
    )


@explain.register
def _login(error: errors.LoginRefused) -> Explanation:
    answer = _quoted(error.words, error.code)
    if error.fault is LoginFault.BASIC_DISABLED:
        return _say(
            "Microsoft refuse la connexion par mot de passe pour cette boîte.",
            "L'envoi authentifié (SMTP AUTH) est désactivé pour ce compte." + answer,
            "Choisissez « Se connecter avec Microsoft », ou demandez à l'administrateur de réactiver "
            "l'envoi authentifié pour cette boîte.",
        )
    if error.fault is LoginFault.SUBMISSION_DISABLED:
        return _say(
            "L'envoi est coupé pour cette boîte.",
            "L'administrateur a désactivé l'envoi authentifié (SMTP AUTH), avec ou sans mot de passe."
            + answer,
            "Demandez-lui de l'activer pour cette boîte, puis vérifiez à nouveau la connexion.",
        )
    if error.fault is LoginFault.APP_PASSWORD:
        return _say(
            "Le serveur demande un mot de passe d'application.",
            "Votre messagerie n'accepte plus le mot de passe habituel dans les logiciels." + answer,
            "Créez un mot de passe d'application dans les réglages de sécurité de votre messagerie, "
            "puis saisissez-le ici.",
        )
    if error.fault is LoginFault.TOKEN:
        return _say(
            f"Le serveur {error.host} refuse l'autorisation donnée à ce logiciel.",
            "Elle a expiré, ou elle concerne une autre boîte." + answer,
            "Connectez-vous à nouveau depuis « Mon cabinet », avec l'adresse de cette boîte.",
        )
    if error.fault is LoginFault.BLOCKED:
        return _say(
            "Le serveur a bloqué ce compte.",
            "Votre hébergeur l'a suspendu ou verrouillé." + answer,
            "Appelez votre hébergeur et lisez-lui cette réponse.",
        )
    return _say(
        "Le serveur refuse l'identifiant ou le mot de passe.",
        "Le mot de passe a changé, ou votre messagerie demande un « mot de passe d'application »."
        + answer,
        "Saisissez-le à nouveau. Les lettres déjà parties ne seront pas renvoyées.",
    )


@explain.register
def _password(error: errors.PasswordMissing) -> Explanation:
    return _say(
        f"Le mot de passe de {error.address} n'est pas connu.",
        "Le trousseau de cet ordinateur ne le contient pas.",
        "Saisissez-le dans « Mon cabinet ».",
    )


@explain.register
def _sender(error: errors.SenderRefused) -> Explanation:
    return _say(
        "Le serveur refuse l'adresse d'expédition.",
        f"{error.address} n'appartient pas à ce compte, ou l'envoi est bloqué."
        + _quoted(error.words, error.code),
        "Utilisez l'adresse du compte. Sinon, demandez à votre hébergeur.",
    )


@explain.register
def _quota(error: errors.QuotaReached) -> Explanation:
    return _say(
        "Le serveur refuse d'autres courriels pour le moment.",
        f"Il en a accepté {count(error.accepted, 'courriel')} ; votre hébergeur limite leur nombre."
        + _quoted(error.words),
        f"Reprenez l'envoi après le {date_time(error.retry_at)}."
        if error.retry_at
        else "Reprenez l'envoi demain. Les lettres déjà parties ne seront pas renvoyées.",
    )


@explain.register
def _content(error: errors.ContentRefused) -> Explanation:
    return _say(
        f"Le serveur a refusé {count(error.count, 'lettre')} de suite à cause de leur contenu.",
        "Il les prend peut-être pour du courrier indésirable." + _quoted(error.words, error.code),
        "L'envoi est suspendu et ces lettres restent à envoyer. Demandez à votre hébergeur en lui lisant "
        "cette réponse, ou passez par le courrier.",
    )


@explain.register
def _same(error: errors.SameRefusalRepeated) -> Explanation:
    return _say(
        f"Le serveur a refusé {count(error.count, 'destinataire')} de suite avec la même réponse.",
        "C'est sans doute votre compte qui est limité ou bloqué, pas ces personnes."
        + _quoted(error.words, error.code),
        "L'envoi est suspendu et ces lettres restent à envoyer. Demandez à votre hébergeur.",
    )


@explain.register
def _many(error: errors.TooManyRefusals) -> Explanation:
    return _say(
        f"Trop de lettres sont refusées : {error.refused} sur {error.tried}.",
        "La colonne des adresses est peut-être décalée, ou la liste est ancienne.",
        "Regardez les lettres refusées, puis reprenez l'envoi si tout est normal.",
    )


@explain.register
def _address(error: errors.AddressNotSendable) -> Explanation:
    where = f" à {row_place(error.row)}" if error.row else ""
    return _say(
        f"L'adresse de courriel{where} ne peut pas être utilisée.",
        "Elle contient un caractère que ce serveur ne sait pas transporter.",
        "Corrigez-la, ou écrivez par courrier.",
    )


@explain.register
def _mailbox(error: errors.MailboxUnreadable) -> Explanation:
    return _say(
        f"« {error.file} » n'a pas pu être lu.",
        "Ce n'est ni un courriel enregistré (.eml) ni une boîte (.mbox).",
        "Dans votre messagerie, enregistrez les courriels retournés au format .eml, puis déposez-les ici.",
    )


@explain.register
def _imap(error: errors.ImapRefused) -> Explanation:
    return _say(
        f"La boîte de réception n'a pas pu être lue sur {error.host}.",
        "L'accès IMAP est fermé, ou le mot de passe est refusé." + _quoted(error.words),
        "Autorisez l'accès IMAP dans votre messagerie, ou enregistrez les courriels retournés et déposez-les ici.",
    )


@explain.register
def _sign_in(error: errors.SignInRefused) -> Explanation:
    provider = _PROVIDERS.get(error.provider, error.provider)
    if error.code == "access_denied":
        why = "L'autorisation a été refusée dans la page de connexion, ou un administrateur doit l'accorder."
    elif error.code in {"invalid_client", "unauthorized_client"}:
        why = "L'identifiant d'application enregistré dans « Mon cabinet » n'est pas reconnu."
    else:
        why = "Sa page de connexion a répondu par un refus."
    return _say(
        f"{provider} n'a pas donné l'autorisation d'envoyer.",
        why + _quoted(f"{error.code} {error.words}"),
        "Recommencez, ou montrez cette réponse à votre administrateur.",
    )


@explain.register
def _sign_in_late(error: errors.SignInTimedOut) -> Explanation:
    provider = _PROVIDERS.get(error.provider, error.provider)
    return _say(
        f"La connexion à {provider} n'a pas été terminée à temps.",
        "La page de connexion a été fermée, ou laissée sans réponse.",
        "Recommencez ; la page s'ouvre dans votre navigateur.",
    )


@explain.register
def _sign_in_expired(error: errors.SignInExpired) -> Explanation:
    provider = _PROVIDERS.get(error.provider, error.provider)
    return _say(
        f"L'autorisation donnée par {provider} n'est plus valable.",
        "Elle a expiré, ou le mot de passe du compte a changé.",
        "Connectez-vous à nouveau depuis « Mon cabinet ». Les lettres déjà parties ne seront pas renvoyées.",
    )


@explain.register
def _client(error: errors.ClientIdMissing) -> Explanation:
    provider = _PROVIDERS.get(error.provider, error.provider)
    return _say(
        f"La connexion avec {provider} n'est pas encore possible.",
        "Aucun identifiant d'application n'est enregistré.",
        "Demandez à l'administrateur de votre messagerie de créer une application publique et d'en noter "
        "l'identifiant dans « Mon cabinet ».",
    )


_P12 = {
    "password": "Le mot de passe du fichier n'est pas le bon.",
    "format": "Ce n'est pas un certificat de signature au format P12.",
    "expired": "Le certificat a expiré.",
    "not_yet_valid": "Le certificat n'est pas encore valable.",
    "usage": "Ce certificat n'est pas fait pour signer des courriels.",
    "address": "Le certificat n'est pas celui de l'adresse du compte d'envoi.",
    "missing": "Le fichier, ou la clé qui l'ouvre, n'est plus sur cet ordinateur.",
}


@explain.register
def _signing(error: errors.SigningKeyUnreadable) -> Explanation:
    return _say(
        f"Le certificat de signature « {error.file} » n'a pas pu être utilisé.",
        _P12.get(error.fault, _P12["format"]),
        "Choisissez un autre fichier, ou envoyez sans signature électronique.",
    )


@explain.register
def _names(error: errors.NamesUnanswered) -> Explanation:
    return _say(
        f"Le service de noms n'a pas répondu pour {error.domain}.",
        "Internet est coupé, ou le réseau bloque ces questions.",
        "Vérifiez la connexion à Internet, puis réessayez. Cet examen n'est qu'un conseil.",
    )


@explain.register
def _settings(error: errors.SettingsNotFound) -> Explanation:
    return _say(
        f"Les réglages d'envoi de {error.domain} ne sont pas connus.",
        "Ce n'est pas un hébergeur courant.",
        "Demandez à votre hébergeur le nom du serveur d'envoi (SMTP) et son port, et saisissez-les.",
    )


@explain.register
def _no_account(_error: errors.AccountMissing) -> Explanation:
    return _say(
        "Le compte d'envoi n'est pas encore indiqué.",
        "Les courriels partent de la boîte aux lettres du cabinet.",
        "Complétez « Compte d'envoi » dans « Mon cabinet ».",
    )


@explain.register
def _trial(error: errors.TrialRefused) -> Explanation:
    if not error.code:
        return _say(
            "On ne sait pas si la lettre d'essai est partie.",
            "Le serveur n'a pas répondu à temps.",
            f"Regardez si elle est arrivée à {error.address}, puis recommencez au besoin.",
        )
    return _say(
        f"Le serveur n'a pas pris la lettre d'essai pour {error.address}.",
        _quoted(error.words, error.code).strip(),
        "Vérifiez le compte d'envoi dans « Mon cabinet ». Aucun patient n'a reçu de courriel.",
    )
