"""French texts of app.core.errors.paper, and of the remarks about addresses."""

import unicodedata

from app.core.errors import paper as errors
from app.core.issue import Issue
from app.wording import french
from app.wording.explanations import Explanation, explain
from app.wording.list_places import row_number, row_place
from app.wording.remarks import IssueText, describe, writes

_IMAGES = {"logo": "du logo", "signature": "de la signature"}
_FINDINGS = {
    "page_count": "le nombre de pages n’est pas celui attendu",
    "no_code": "le code de la lettre manque",
    "other_code": "le code d’une autre lettre s’y trouve",
    "page_number": "le numéro de page n’est pas le bon",
    "address": "l’adresse n’est pas celle du destinataire",
    "outside_window": "l’adresse sort de la fenêtre de l’enveloppe",
    "keep_out": "quelque chose d’autre paraîtrait dans la fenêtre",
    "not_blank": "une page qui devait rester blanche ne l’est pas",
    "text": "le texte n’est pas celui de la lettre",
}
_COLUMNS = {
    "identity": "le nom",
    "representative": "le nom du représentant",
    "complement": "le complément d’adresse",
    "building": "la résidence ou le bâtiment",
    "street": "la voie",
    "locality": "le lieu-dit ou la boîte postale",
    "city": "la ville",
    "address": "l’adresse",
}


def _texts(what: str, why: str = "", what_to_do: str = "") -> Explanation:
    return Explanation(french.typeset(what), french.typeset(why), french.typeset(what_to_do))


def _shown(character: str) -> str:
    """« 王 (U+738B) »; the code alone for what has no picture."""
    number = f"U+{ord(character[0]):04X}"
    if unicodedata.category(character[0])[0] in "CZM":
        return number
    return f"« {character} » ({number})"


@explain.register
def _(error: errors.ImageTooHeavy) -> Explanation:
    return _texts(
        f"L’image {_IMAGES[error.role]} est trop lourde : {french.size_bytes(error.size)}.",
        f"Un en-tête en supporte {french.size_bytes(error.limit)}.",
        "Choisissez une image plus petite.",
    )


@explain.register
def _(error: errors.MissingGlyph) -> Explanation:
    return _texts(
        f"La lettre de {row_place(error.row)} ne peut pas être imprimée.",
        f"Aucune police du programme n’a le caractère {_shown(error.character)}. "
        "Il serait remplacé par un carré vide.",
        "Corrigez le nom ou l’adresse de cette personne, puis recommencez.",
    )


@explain.register
def _(error: errors.AddressTooWide) -> Explanation:
    return _texts(
        f"L’adresse de {row_place(error.row)} est trop large pour la fenêtre de l’enveloppe.",
        f"Elle mesure {french.decimal(error.millimetres)} mm, la fenêtre en montre "
        f"{french.decimal(error.limit, 0)}.",
        "Abrégez la ligne la plus longue de cette adresse, puis recommencez.",
    )


@explain.register
def _(error: errors.AddressesToCorrect) -> Explanation:
    rows = ", ".join(map(row_number, error.rows))
    more = error.total - len(error.rows)
    if more > 0:
        rows += f" et {french.count(more, 'autre')}"
    plural = error.total > 1
    return _texts(
        f"{french.count(error.total, 'adresse')} {'ne peuvent' if plural else 'ne peut'} pas être "
        f"imprimée{'s' if plural else ''} comme la poste le demande : "
        f"{'lignes' if plural else 'ligne'} {rows} de la liste.",
        "Une adresse tient en six lignes de 38 caractères, avec un code postal et une ville.",
        "Corrigez-les, ou imprimez les autres lettres d’abord.",
    )


@explain.register
def _(error: errors.UnreadableImage) -> Explanation:
    return _texts(
        f"L’image {_IMAGES.get(error.role, error.role)} ne peut pas être imprimée.",
        "Ce n’est pas une image PNG, JPEG ou SVG simple.",
        "Choisissez un autre fichier dans « Mon cabinet ».",
    )


@explain.register
def _(error: errors.PrintFileNotWritten) -> Explanation:
    reason = f" ({error.reason})" if error.reason else ""
    return _texts(
        f"Le fichier « {error.path.name} » n’a pas pu être écrit.",
        f"L’ordinateur refuse d’écrire dans le dossier « {error.path.parent} »{reason}.",
        "Choisissez un autre dossier, ou faites de la place sur le disque. "
        "Aucune lettre n’a été notée comme imprimée.",
    )


@explain.register
def _(error: errors.NotEnoughSpace) -> Explanation:
    return _texts(
        "Il n’y a pas assez de place pour les lettres à imprimer.",
        f"Il en faut environ {french.size_bytes(error.needed)}, "
        f"il reste {french.size_bytes(error.free)} dans « {error.folder} ».",
        "Faites de la place, ou choisissez un autre disque.",
    )


@explain.register
def _(error: errors.ProofFailed) -> Explanation:
    finding = _FINDINGS.get(error.finding, error.finding)
    where = f"Page {error.page} : {finding}." if error.page else f"{finding.capitalize()}."
    others = f" {french.count(error.count, 'différence')} en tout." if error.count > 1 else ""
    return _texts(
        "Le fichier à imprimer a été relu et il n’est pas juste. Il a été effacé.",
        f"{where}{others}",
        "N’imprimez pas un fichier fait auparavant. Recommencez ; "
        "si cela se reproduit, signalez-le comme un défaut du programme.",
    )


@explain.register
def _(_error: errors.NothingToPrint) -> Explanation:
    return _texts(
        "Aucune lettre n’attend d’être imprimée.",
        "Toutes les lettres par courrier sont déjà imprimées, ou personne n’en reçoit.",
        "Pour une lettre abîmée, demandez une réimpression.",
    )


@explain.register
def _(error: errors.PartTooLarge) -> Explanation:
    return _texts(
        f"Les lettres ne tiennent pas dans des fichiers de {french.size_bytes(error.limit)}.",
        "L’image du logo ou de la signature est trop lourde.",
        "Choisissez une image plus petite dans « Mon cabinet », ou une limite plus haute.",
    )


@explain.register
def _(error: errors.AddressTooTall) -> Explanation:
    return _texts(
        f"L’adresse de {row_place(error.row)} a trop de lignes pour la fenêtre de cette enveloppe.",
        f"Elle en a {error.lines}.",
        "Réunissez deux compléments d’adresse, ou choisissez une enveloppe à fenêtre plus haute.",
    )


@explain.register
def _(_error: errors.WindowUnsuitable) -> Explanation:
    return _texts(
        "La fenêtre de cette enveloppe ne convient pas à nos lettres.",
        "Elle cacherait une partie de l’adresse, ou montrerait autre chose que l’adresse.",
        "Vérifiez les mesures, ou choisissez une enveloppe DL, C5/6 ou C5 à fenêtre.",
    )


@explain.register
def _(error: errors.WindowNotMeasured) -> Explanation:
    return _texts(
        f"La place de la fenêtre n’est pas connue pour une enveloppe {error.envelope.upper()}.",
        "Elle change d’un fabricant à l’autre.",
        "Mesurez-la (largeur, hauteur, distances au bord droit et au bord bas), "
        "puis essayez la feuille d’essai.",
    )


@explain.register
def _(error: errors.LetterCodeUnknown) -> Explanation:
    return _texts(
        f"Le code « {error.typed} » n’est pas celui d’une lettre imprimée de cet envoi.",
        "Un caractère est peut-être faux, ou la lettre vient d’un autre envoi.",
        "Relisez le code en bas de la page : il s’écrit comme 7K3M-9QXA-P.",
    )


@explain.register
def _(error: errors.LetterNotPosted) -> Explanation:
    if error.status == "returned":
        return _texts(f"La lettre {error.code} est déjà notée comme pli retourné.")
    return _texts(
        f"La lettre {error.code} n’est pas notée comme postée.",
        "Un pli ne peut revenir qu’après son dépôt à la poste.",
        "Notez d’abord la date du dépôt, puis le retour.",
    )


@explain.register
def _(error: errors.RegisteredNumberInvalid) -> Explanation:
    return _texts(
        f"« {error.typed} » n’est pas un numéro de recommandé.",
        "Il a 13 caractères : un chiffre, une lettre et onze chiffres, "
        "ou deux lettres, neuf chiffres et deux lettres.",
        "Recopiez-le depuis l’étiquette de la poste.",
    )


@explain.register
def _(error: errors.TariffTableInvalid) -> Explanation:
    return _texts(
        f"Les tarifs de « {error.path.name} » ne peuvent pas être lus.",
        f"Le fichier « {error.path} » n’a pas la forme attendue. {error.reason}".rstrip(),
        "Corrigez-le, ou supprimez-le pour revenir aux tarifs fournis.",
    )


@explain.register
def _(error: errors.MailingAddressesTooLong) -> Explanation:
    rows = ", ".join(map(row_number, error.rows))
    more = error.total - len(error.rows)
    if more > 0:
        rows += f" et {french.count(more, 'autre')}"
    return _texts(
        f"{french.count(error.total, 'adresse')} hors du format du prestataire : "
        f"{'lignes' if error.total > 1 else 'ligne'} {rows} de la liste.",
        "Il réserve une seule ligne à l’appartement, à la résidence et au bâtiment.",
        "Raccourcissez ces compléments d’adresse, puis recommencez.",
    )


@explain.register
def _(error: errors.ParcelTooLarge) -> Explanation:
    return _texts(
        f"Le fichier « {error.name} » est trop lourd pour le prestataire.",
        f"Il fait {french.size_bytes(error.size)}, la limite est de {french.size_bytes(error.limit)}.",
        "Imprimez en plusieurs fichiers, avec une taille maximale.",
    )


@explain.register
def _(error: errors.WeakPassword) -> Explanation:
    return _texts(
        "Ce mot de passe est trop court pour protéger les lettres.",
        f"Il faut au moins {error.least} caractères.",
        "Choisissez-en un plus long, et donnez-le au prestataire par téléphone.",
    )


@explain.register
def _(error: errors.PrinterRefused) -> Explanation:
    done = (
        f"{french.count(error.letters, 'lettre')} avaient été confiées avant et sont notées imprimées. "
        if error.letters > 1
        else ""
    )
    return _texts(
        f"L’imprimante « {error.printer} » n’a pas pris les lettres.",
        "Elle est peut-être éteinte, débranchée ou hors ligne.",
        f"{done}Vérifiez-la, puis recommencez : les autres lettres attendent.",
    )


@explain.register
def _(error: errors.PaperNotA4) -> Explanation:
    return _texts(
        f"L’imprimante « {error.printer} » ne connaît pas le papier A4.",
        "Sur un autre papier, l’adresse sortirait de la fenêtre de l’enveloppe.",
        "Choisissez une autre imprimante, ou écrivez le PDF. Rien n’a été imprimé.",
    )


@explain.register
def _(error: errors.DirectPrintUnsettled) -> Explanation:
    return _texts(
        f"La dernière impression a été coupée : on ne sait pas si {french.count(error.letters, 'lettre')} "
        f"{'sont sorties' if error.letters > 1 else 'est sortie'} de l’imprimante.",
        "L’ordinateur ou le programme s’est arrêté pendant que l’imprimante les recevait.",
        "Regardez le bac de l’imprimante, puis répondez à la question.",
    )


@explain.register
def _(error: errors.PrintedFileGone) -> Explanation:
    if error.is_changed:
        return _texts(
            f"Le fichier « {error.name} » a changé depuis son contrôle.",
            "Il n’est plus, octet pour octet, celui qui a été relu page par page.",
            "Ne l’imprimez pas. Demandez une réimpression de ces lettres.",
        )
    return _texts(
        f"Le fichier « {error.name} » n’est plus là où il a été écrit.",
        "Il a été déplacé, renommé ou effacé.",
        "Remettez-le à sa place, ou demandez une réimpression de ces lettres.",
    )


@explain.register
def _(error: errors.PrintFileNotDeleted) -> Explanation:
    reason = f" ({error.reason})" if error.reason else ""
    return _texts(
        f"Le fichier « {error.path.name} » n’a pas pu être effacé.",
        f"Il est peut-être ouvert dans un autre programme{reason}.",
        "Fermez-le, puis recommencez. Les fichiers effacés avant le sont bien.",
    )


@explain.register
def _(_error: errors.LettersOfSeveralRuns) -> Explanation:
    return _texts(
        "Ces lettres ne peuvent pas être imprimées ensemble.",
        "Les unes sont des premières lettres, les autres des lettres de suivi.",
        "Choisissez les unes, puis les autres.",
    )


@explain.register
def _(error: errors.ReturnNotUndone) -> Explanation:
    return _texts(
        f"Le retour de la lettre {error.code} ne peut plus être annulé.",
        "Une suite lui a déjà été donnée.",
    )


@explain.register
def _(error: errors.AddressNotPostable) -> Explanation:
    return _texts(
        "Cette adresse ne peut pas être imprimée.",
        " ".join(describe(issue).what for issue in error.issues),
        "Complétez-la ou raccourcissez-la, puis recommencez.",
    )


def _issue(what: str, why: str = "", what_to_do: str = "") -> IssueText:
    return IssueText(french.typeset(what), french.typeset(why), french.typeset(what_to_do))


@writes("address_incomplete")
def _(_remark: Issue) -> IssueText:
    return _issue(
        "L’adresse postale est incomplète.",
        "Il faut une voie ou un lieu-dit, un code postal et une ville.",
        "Complétez-la, ou choisissez une autre façon de remettre la lettre.",
    )


@writes("address_without_name")
def _(_remark: Issue) -> IssueText:
    return _issue(
        "La personne n’a pas de nom dans la liste.",
        "L’adresse ne peut pas être imprimée sans nom.",
        "Complétez le nom, ou écartez cette personne.",
    )


@writes("address_line_too_long")
def _(issue: Issue) -> IssueText:
    return _issue(
        f"Dans l’adresse, {_COLUMNS.get(issue.column, issue.column)} compte "
        f"{issue.facts['length']} caractères, même abrégé.",
        f"La poste en lit {issue.facts['limit']} par ligne.",
        "Raccourcissez cette partie de l’adresse.",
    )


@writes("address_too_many_lines")
def _(issue: Issue) -> IssueText:
    return _issue(
        f"L’adresse prend {issue.facts['lines']} lignes.",
        f"La fenêtre de l’enveloppe en montre {issue.facts['limit']}.",
        "Réunissez ou supprimez des compléments d’adresse.",
    )


@writes("address_abbreviated")
def _(issue: Issue) -> IssueText:
    return _issue(
        f"Dans l’adresse imprimée, {_COLUMNS.get(issue.column, issue.column)} est abrégé "
        "pour tenir en 38 caractères.",
    )


@writes("address_of_guardian")
def _(_remark: Issue) -> IssueText:
    return _issue(
        "La lettre est adressée au représentant de la personne sous tutelle.",
        "L’adresse de la liste est peut-être celle de la personne, non celle du représentant.",
        "Vérifiez l’adresse.",
    )
