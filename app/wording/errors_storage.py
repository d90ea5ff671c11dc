"""French texts of app.core.errors.storage."""

from app.core.errors import storage
from app.wording.explanations import Explanation, explain
from app.wording.french import NBSP, NNBSP, count, date_long, number

_ASK_CODE = "Saisissez le code de récupération de la fiche gardée au coffre."


def _quoted(name: str) -> str:
    return f"«{NBSP}{name.removesuffix('.avis34')}{NBSP}»"


@explain.register
def _not_found(error: storage.CampaignNotFound) -> Explanation:
    return Explanation(
        f"L’envoi {_quoted(error.name)} n’est plus à cet endroit.",
        "Son dossier a été déplacé, renommé ou supprimé.",
        "Cherchez-le, puis ouvrez-le par «\u00a0Fichier, Ouvrir\u00a0».",
    )


@explain.register
def _exists(error: storage.CampaignExists) -> Explanation:
    return Explanation(
        f"Il y a déjà un dossier {_quoted(error.name)} à cet endroit.",
        "Un envoi n’en remplace jamais un autre.",
        "Choisissez un autre nom ou un autre endroit.",
    )


@explain.register
def _not_ours(error: storage.NotACampaign) -> Explanation:
    return Explanation(
        f"{_quoted(error.name)} n’est pas un envoi de ce logiciel.",
        "Le fichier «\u00a0campagne.json\u00a0» n’y est pas, ou vient d’un autre programme.",
        "Choisissez un dossier dont le nom finit par «\u00a0.avis34\u00a0».",
    )


@explain.register
def _wrong_key(error: storage.WrongKey) -> Explanation:
    return Explanation(
        f"Cette clé n’ouvre pas l’envoi {_quoted(error.name)}.",
        "La clé a été changée, ou elle vient d’un autre envoi.",
        _ASK_CODE,
    )


@explain.register
def _key_missing(error: storage.KeyMissing) -> Explanation:
    return Explanation(
        f"L’envoi {_quoted(error.name)} est chiffré et cet ordinateur n’a pas sa clé.",
        "Il vient d’un autre ordinateur, ou le trousseau de celui-ci n’est pas disponible.",
        _ASK_CODE,
    )


@explain.register
def _mistyped(_: storage.RecoveryCodeMistyped) -> Explanation:
    return Explanation(
        "Ce code de récupération contient une faute de frappe.",
        "Il compte 25 lettres et chiffres, et le dernier sert à vérifier les autres.",
        "Comparez-le à la fiche, groupe par groupe, puis corrigez-le.",
    )


@explain.register
def _code_wrong(_: storage.RecoveryCodeWrong) -> Explanation:
    return Explanation(
        "Ce code de récupération est bien écrit, mais n’ouvre pas cet envoi.",
        "C’est celui d’un autre envoi, ou celui d’avant un changement de clé.",
        "Vérifiez le nom de l’envoi et la date sur la fiche.",
    )


@explain.register
def _passphrase_wrong(_: storage.PassphraseWrong) -> Explanation:
    return Explanation(
        "Cette phrase secrète n’ouvre pas l’envoi.",
        "Les majuscules et les accents comptent.",
        "Saisissez-la à nouveau, ou utilisez le code de récupération.",
    )


@explain.register
def _passphrase_short(error: storage.PassphraseTooShort) -> Explanation:
    return Explanation(
        "Cette phrase secrète est trop courte.",
        f"Il faut au moins {count(error.minimum, 'caractère')}.",
        "Prenez quatre ou cinq mots sans rapport entre eux.",
    )


@explain.register
def _damaged(error: storage.CampaignDamaged) -> Explanation:
    if error.backups:
        copies = count(error.backups, "copie de sécurité", "copies de sécurité")
        to_do = f"Il y a {copies} à côté{NBSP}: restaurez la dernière."
    else:
        to_do = "Restaurez le dossier de l’envoi depuis la sauvegarde du cabinet."
    return Explanation(
        f"L’envoi {_quoted(error.name)} est abîmé{NNBSP}; il n’a pas été ouvert.",
        "Une partie du fichier n’est plus celle que le logiciel avait écrite.",
        to_do,
    )


@explain.register
def _newer(error: storage.NewerCampaign) -> Explanation:
    return Explanation(
        f"L’envoi {_quoted(error.name)} vient d’une version plus récente du logiciel.",
        "",
        "Mettez le logiciel à jour, puis rouvrez-le.",
    )


@explain.register
def _already_open(error: storage.CampaignAlreadyOpen) -> Explanation:
    where = f" sur l’ordinateur {_quoted(error.computer)}" if error.computer else ""
    return Explanation(
        f"L’envoi {_quoted(error.name)} est déjà ouvert{where}.",
        "Deux fenêtres pourraient écrire deux fois à la même personne.",
        "Revenez à l’autre fenêtre, ou fermez-la.",
    )


@explain.register
def _busy(error: storage.CampaignBusy) -> Explanation:
    return Explanation(
        f"L’envoi {_quoted(error.name)} est occupé par un autre travail.",
        "Une lecture de liste ou une sauvegarde n’est pas finie.",
        "Attendez qu’elle finisse, puis recommencez.",
    )


@explain.register
def _read_only(error: storage.CampaignReadOnly) -> Explanation:
    return Explanation(
        f"Rien ne peut être écrit dans le dossier {_quoted(error.name)}.",
        "Le dossier ou le disque est protégé contre l’écriture.",
        "Copiez-le dans vos documents, puis ouvrez la copie.",
    )


@explain.register
def _not_yours(error: storage.CampaignNotYours) -> Explanation:
    return Explanation(
        f"Votre session n’a pas accès à l’envoi {_quoted(error.name)}.",
        "Il appartient à un autre utilisateur de cet ordinateur, ou à l’administrateur.",
        "Ouvrez la session de cette personne, ou demandez-lui d’en faire une copie pour vous.",
    )


@explain.register
def _network(error: storage.NetworkFolder) -> Explanation:
    return Explanation(
        f"{_quoted(error.name)} est sur un disque partagé en réseau.",
        "Deux ordinateurs pourraient y écrire à la fois, et la preuve serait perdue.",
        "Placez l’envoi sur le disque de cet ordinateur.",
    )


@explain.register
def _full(_: storage.DiskFull) -> Explanation:
    return Explanation(
        f"Le travail s’est arrêté{NBSP}: le disque est plein.",
        "La preuve de chaque lettre doit être écrite avant son départ.",
        f"Libérez de la place, puis «{NBSP}Reprendre{NBSP}». Rien n’est perdu.",
    )


@explain.register
def _write_failed(error: storage.WriteFailed) -> Explanation:
    return Explanation(
        f"Le disque a refusé de lire ou d’écrire l’envoi {_quoted(error.name)}.",
        "Le disque est peut-être débranché, ou défaillant.",
        "Vérifiez le disque, puis rouvrez l’envoi. Ce qui était enregistré l’est toujours.",
    )


@explain.register
def _purged(error: storage.NamesPurged) -> Explanation:
    return Explanation(
        "Les noms de cet envoi ont été effacés.",
        f"Le cabinet l’a demandé le {date_long(error.purged_at.date())}{NNBSP}; "
        "les comptes et les preuves restent.",
        "Pour savoir si une personne a été informée, demandez-lui son adresse ou le code de sa lettre.",
    )


@explain.register
def _closed(error: storage.CampaignClosed) -> Explanation:
    return Explanation(
        f"L’envoi {_quoted(error.name)} est clos{NBSP}: plus rien ne peut en partir.",
        "",
        "Pour écrire encore, préparez un nouvel envoi.",
    )


_DOUBTS = {
    "other_computer": "il vient d’un autre ordinateur",
    "older_than_known": "il est plus ancien que ce que cet ordinateur en connaît",
    "other_copy": "une autre copie a continué de son côté",
    "clock_back": "l’horloge de cet ordinateur est en retard sur son journal",
}


@explain.register
def _doubtful(error: storage.CampaignDoubtful) -> Explanation:
    reasons = " ; ".join(_DOUBTS[doubt] for doubt in error.doubts).replace(" ;", f"{NNBSP};")
    if error.doubts == ("clock_back",):
        to_do = "Mettez l’ordinateur à l’heure, puis rouvrez l’envoi."
    else:
        to_do = (
            "Assurez-vous que personne n’envoie depuis une autre copie, "
            "puis confirmez que celle-ci est la bonne."
        )
    return Explanation(
        f"L’envoi {_quoted(error.name)} attend votre confirmation{NNBSP}; rien n’est parti.",
        f"C’est peut-être une copie{NBSP}: {reasons}. Des lettres pourraient partir deux fois.",
        to_do,
    )


@explain.register
def _backup(error: storage.BackupUnusable) -> Explanation:
    return Explanation(
        f"La copie de sécurité {_quoted(error.name)} ne peut pas servir.",
        "Elle est abîmée, ou date d’avant un changement de clé.",
        "Choisissez une autre copie. Rien n’a été remplacé.",
    )


@explain.register
def _no_store(_: storage.NoCredentialStore) -> Explanation:
    return Explanation(
        "Les mots de passe ne peuvent pas être gardés.",
        "Cet ordinateur ne propose pas de trousseau, ou il est verrouillé.",
        "Ils vous seront demandés à chaque ouverture.",
    )


@explain.register
def _too_long(error: storage.CredentialTooLong) -> Explanation:
    return Explanation(
        "Ce secret est trop long pour le trousseau de Windows.",
        f"Il a {count(error.length, 'caractère')}, pour {number(error.maximum)} au plus.",
        "Il vous sera demandé à chaque ouverture.",
    )


@explain.register
def _settings(error: storage.SettingsUnreadable) -> Explanation:
    return Explanation(
        "Les réglages n’ont pas pu être lus.",
        f"Le fichier {error.path} a été modifié ou abîmé{NNBSP}; il n’a pas été touché.",
        f"Repartez de réglages neufs{NBSP}: l’ancien fichier sera gardé sous un autre nom. "
        "Vos envois ne sont pas concernés.",
    )


@explain.register
def _settings_not_saved(error: storage.SettingsNotSaved) -> Explanation:
    return Explanation(
        "Les réglages n’ont pas pu être enregistrés.",
        f"Le fichier {error.path} refuse l’écriture, ou le disque est plein.",
        "Libérez de la place ou vérifiez les droits, puis recommencez.",
    )


@explain.register
def _export(error: storage.ExportNotWritten) -> Explanation:
    return Explanation(
        f"Le fichier {error.path} n’a pas pu être écrit.",
        "Il est peut-être ouvert dans un autre programme, ou le disque est plein.",
        "Fermez-le, ou choisissez un autre endroit, puis recommencez.",
    )


@explain.register
def _dossier(error: storage.DossierUnreadable) -> Explanation:
    return Explanation(
        f"{_quoted(error.name)} ne peut pas être contrôlé.",
        "Ce n’est pas un dossier enregistré par ce logiciel, ou des fichiers y manquent.",
        "Choisissez le dossier qui contient SHA256SUMS et dossier.json.",
    )
