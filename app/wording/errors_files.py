"""French texts of app.core.errors.files."""

from app.core.errors import files
from app.wording.explanations import Explanation, explain
from app.wording.french import count, number, size_bytes, typeset

_SAVE_AS = (
    "Ouvrez-le dans Excel ou LibreOffice, enregistrez-le au format « .xlsx », "
    "puis choisissez ce nouveau fichier."
)
_ASK_AGAIN = "Demandez à nouveau ce fichier à celui qui vous l’a envoyé, ou refaites l’export."


def _texts(what: str, why: str = "", what_to_do: str = "") -> Explanation:
    return Explanation(typeset(what), typeset(why), typeset(what_to_do))


@explain.register
def _(error: files.FileMissing) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » n’existe plus à cet endroit.",
        "Il a peut-être été déplacé, renommé ou supprimé.",
        "Choisissez-le à nouveau.",
    )


@explain.register
def _(error: files.NotAFile) -> Explanation:
    if error.kind == "folder":
        return _texts(
            f"« {error.name} » est un dossier.",
            "",
            "Ouvrez ce dossier, puis choisissez la liste elle-même.",
        )
    return _texts(
        f"« {error.name} » n’est pas un fichier ordinaire.",
        "",
        "Choisissez un fichier enregistré sur le disque.",
    )


@explain.register
def _(error: files.FileLocked) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » ne peut pas être ouvert.",
        "Il est peut-être ouvert dans Excel, ou vous n’avez pas le droit de le lire.",
        "Fermez-le dans Excel, ou enregistrez une copie sur le bureau, puis choisissez-la.",
    )


@explain.register
def _(error: files.FileUnreadable) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » n’a pas pu être lu.",
        f"Le disque ou le réseau a répondu : {error.reason}." if error.reason else "",
        "Copiez-le sur le bureau de cet ordinateur, puis choisissez cette copie.",
    )


@explain.register
def _(error: files.FileEmpty) -> Explanation:
    return _texts(f"Le fichier « {error.name} » est vide.", "", _ASK_AGAIN)


_KINDS = {
    "html": ("c’est une page web enregistrée sous le nom d’une liste", _SAVE_AS),
    "spreadsheetml": ("c’est un ancien format d’Excel, écrit en XML", _SAVE_AS),
    "xml": ("c’est un fichier XML, pas un tableau", _SAVE_AS),
    "pdf": (
        "c’est un document PDF : ses lignes ne peuvent pas être lues sûrement",
        "Demandez la liste au format Excel ou CSV.",
    ),
    "image": ("c’est une image", "Demandez la liste au format Excel ou CSV."),
    "word": ("c’est un document de traitement de texte", "Demandez la liste au format Excel ou CSV."),
    "old_excel": ("c’est un classeur d’avant Excel 5, un format de 1993", _SAVE_AS),
    "access": ("c’est une base Access", "Exportez la table au format Excel, puis choisissez ce fichier."),
    "numbers": ("c’est un fichier Numbers", "Dans Numbers, choisissez « Exporter vers », puis « Excel »."),
    "owner_file": (
        "c’est le fichier de travail qu’Excel crée pendant qu’une liste est ouverte",
        "Choisissez la liste elle-même, sans « ~$ » devant son nom.",
    ),
}  # fmt: skip


@explain.register
def _(error: files.FormatUnknown) -> Explanation:
    why, what_to_do = _KINDS.get(
        error.kind,
        (
            "son contenu n’est pas celui d’un tableau",
            "Demandez la liste au format Excel, LibreOffice ou CSV.",
        ),
    )
    return _texts(
        f"Le fichier « {error.name} » n’est pas une liste lisible.",
        f"{why[0].upper()}{why[1:]}.",
        what_to_do,
    )


@explain.register
def _(error: files.FileDamaged) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » est abîmé ou incomplet.",
        "La copie ou le téléchargement s’est peut-être arrêté en route.",
        _ASK_AGAIN,
    )


@explain.register
def _(error: files.PasswordNeeded) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » est protégé par un mot de passe.",
        "",
        "Saisissez ce mot de passe. Il sert seulement à ouvrir la liste et n’est pas gardé.",
    )


@explain.register
def _(error: files.PasswordWrong) -> Explanation:
    return _texts(
        f"Ce mot de passe n’ouvre pas « {error.name} ».",
        "Les majuscules et les minuscules comptent.",
        "Saisissez-le à nouveau, ou demandez-le à celui qui vous a envoyé la liste.",
    )


@explain.register
def _(error: files.EncryptionUnsupported) -> Explanation:
    return _texts(
        f"La protection de « {error.name} » ne peut pas être ouverte ici.",
        "Elle est d’un genre ancien ou rare.",
        "Ouvrez le fichier dans Excel ou LibreOffice, enregistrez-le sans mot de passe, "
        "puis choisissez cette copie.",
    )


@explain.register
def _(error: files.FileTooBig) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » est trop gros pour une liste de patients.",
        f"Il fait {size_bytes(error.size)} ; la limite est de {size_bytes(error.limit)}.",
        "Gardez seulement les colonnes utiles (nom, prénom, date de naissance, adresse, courriel), "
        "puis recommencez.",
    )


@explain.register
def _(error: files.FileSuspicious) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » n’a pas été ouvert, par prudence.",
        "Son contenu deviendrait démesuré : ce n’est pas une liste de patients ordinaire.",
        _ASK_AGAIN,
    )


@explain.register
def _(error: files.ReadingTooLong) -> Explanation:
    return _texts(
        f"La lecture de « {error.name} » a été arrêtée au bout de {count(error.seconds, 'seconde')}.",
        "Une liste de 300 000 patients se lit en quelques secondes.",
        _SAVE_AS,
    )


@explain.register
def _(error: files.ReadingTooHeavy) -> Explanation:
    return _texts(
        f"La lecture de « {error.name} » a été arrêtée : elle demandait trop de mémoire.",
        f"Elle dépassait {number(error.megabytes)} Mo. Le tableau contient peut-être des millions de cases vides.",
        "Copiez seulement les lignes et les colonnes utiles dans un nouveau classeur, puis choisissez-le.",
    )


@explain.register
def _(error: files.ReaderDied) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » n’a pas pu être lu.",
        "Son contenu est mal formé. Rien n’a été modifié.",
        _SAVE_AS,
    )


@explain.register
def _(error: files.SheetMissing) -> Explanation:
    return _texts(
        f"Le classeur « {error.name} » n’a pas de feuille « {error.sheet} ».",
        "",
        "Choisissez une autre feuille.",
    )


@explain.register
def _(error: files.NoTable) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » ne contient aucune ligne.",
        "La liste est peut-être dans un autre fichier.",
        "Ouvrez-le pour vérifier, ou choisissez un autre fichier.",
    )


@explain.register
def _(error: files.ArchiveNotOneList) -> Explanation:
    found = "aucune liste" if error.lists == 0 else count(error.lists, "liste")
    return _texts(
        f"L’archive « {error.name} » contient {found}.",
        "Une seule liste peut être lue à la fois.",
        "Ouvrez l’archive, puis choisissez le fichier de la liste.",
    )


@explain.register
def _(error: files.NotText) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » n’est pas du texte.",
        f"La ligne {number(error.line)} contient des caractères qu’aucune liste ne contient.",
        _ASK_AGAIN,
    )


@explain.register
def _(error: files.LineEndless) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » ne se découpe pas en lignes.",
        f"Vers la ligne {number(error.line)}, une case ne finit pas : un guillemet est sans doute resté ouvert.",
        "Corrigez ce guillemet, ou demandez la liste au format Excel.",
    )


@explain.register
def _(error: files.EncodingWrong) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » n’est pas écrit de cette façon.",
        f"Certains de ses caractères n’existent pas dans le codage « {error.encoding} ».",
        "Choisissez un autre codage.",
    )


@explain.register
def _(error: files.TooManyRows) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » a plus de {number(error.limit)} lignes.",
        "Aucune liste de patients n’est aussi longue.",
        "Vérifiez que c’est le bon fichier.",
    )


@explain.register
def _(error: files.ColumnRefused) -> Explanation:
    return _texts(
        f"La colonne « {error.header} » n’est pas importée.",
        "Elle n’est pas utile à la lettre, et ne doit pas s’y retrouver.",
        "Si elle est vraiment nécessaire, indiquez pourquoi : la raison sera gardée dans le dossier.",
    )


@explain.register
def _(_error: files.NoNameColumn) -> Explanation:
    return _texts(
        "Aucune colonne ne donne le nom des patients.", "", "Indiquez vous-même la colonne du nom."
    )


@explain.register
def _(_error: files.NoReachColumn) -> Explanation:
    return _texts(
        "Aucune colonne ne ressemble à une adresse.",
        "",
        "Indiquez vous-même la colonne du courriel ou celle de l’adresse postale.",
    )


@explain.register
def _(error: files.FileNotWritten) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » n’a pas pu être écrit.",
        f"Le disque a répondu : {error.reason}." if error.reason else "",
        "Fermez ce fichier s’il est ouvert dans Excel, ou choisissez un autre dossier.",
    )


@explain.register
def _(_error: files.ReasonNeeded) -> Explanation:
    return _texts(
        "Il faut une raison.",
        "Chaque personne à qui l’on n’écrit pas doit figurer au dossier avec un motif.",
        "Indiquez en quelques mots pourquoi, puis confirmez.",
    )
