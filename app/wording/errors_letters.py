"""French texts of app.core.errors.letters."""

from app.core.errors.letters import (
    AcceptanceIncomplete,
    CatalogueInvalid,
    MissingValue,
    PackageInvalid,
    ReasonNamesPatient,
    SampleInvalid,
    TemplateInvalid,
    UnknownTemplate,
)
from app.wording.explanations import Explanation, explain
from app.wording.list_places import row_place

#: French names of the facts a letter may miss
FIELDS = {
    "cabinet_nom": "le nom du cabinet",
    "cabinet_adresse": "l’adresse du cabinet",
    "cabinet_tel": "le téléphone du cabinet",
    "cabinet_horaires": "les horaires du cabinet",
    "cabinet_email": "le courriel du cabinet",
    "cabinet_site": "le site du cabinet",
    "responsable_traitement": "le responsable de traitement",
    "contact": "le nom ou la fonction du contact",
    "lieu": "la ville du cabinet",
    "periode_incident": "la date de l’incident",
    "date_decouverte": "la date de découverte",
    "editeur": "le nom du prestataire",
    "logiciel": "le nom du logiciel",
    "date_info_editeur": "la date à laquelle le prestataire vous a prévenu",
    "date_prochain_point": "la date du prochain point",
    "liste_donnees": "les données concernées",
    "liste_exclues": "les données non concernées",
    "consequences": "les données concernées",
    "conseils": "les données concernées",
    "mesures": "les mesures prises",
    "phrase_cnil": "la déclaration à la CNIL",
    "phrase_plainte": "la plainte",
    "a_qui": "le nom du patient",
    "destinataire": "le nom du patient",
    "code": "le code de la lettre",
}

REASONS = {
    "syntax": "Une accolade ou un signe « % » n’est pas à sa place.",
    "not_allowed": "Un modèle contient seulement du texte, des mots à remplacer et des « si ».",
    "unknown_field": "Ce mot à remplacer n’existe pas.",
    "condition_printed": "Ce mot sert dans un « si » ; il ne peut pas être écrit dans le texte.",
    "forbidden_character": "La ligne contient un caractère invisible qui n’a pas sa place ici.",
    "too_long": "Le texte dépasse 40 000 caractères.",
    "link_refused": "Un lien doit commencer par https:, mailto: ou tel:, sans mot à remplacer.",
    "nested_list": "Une liste en contient une autre, ou un titre.",
    "block_in_sentence": "Cette liste doit être seule sur sa ligne, entre deux lignes vides.",
    "subject_field": "L’objet peut contenir le nom du cabinet, rien d’autre qui soit à remplacer.",
}


def field_name(name: str) -> str:
    """French name of a field, « le nom du cabinet »; the technical name when there is none."""
    return FIELDS.get(name, f"«\u00a0{name}\u00a0»")


@explain.register
def _(error: MissingValue) -> Explanation:
    names = list(dict.fromkeys(field_name(name) for name in error.fields))
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " et " + names[-1]
    where = "" if error.row is None else f" (pour {row_place(error.row)})"
    return Explanation(
        f"La lettre ne peut pas être écrite{where}.",
        f"Il manque {listed}.",
        "Complétez « Mon cabinet », « L’incident » ou la ligne du patient, puis recommencez.",
    )


@explain.register
def _(error: TemplateInvalid) -> Explanation:
    where = f" à la ligne {error.line}" if error.line else ""
    quoted = f" (« {error.fragment} »)" if error.fragment else ""
    return Explanation(
        f"Le modèle {error.template_id} ne peut pas être lu{where}.",
        REASONS[error.reason] + quoted,
        "Corrigez ce passage, ou revenez au texte d’origine du modèle.",
    )


@explain.register
def _(error: CatalogueInvalid) -> Explanation:
    detail = f" ({error.fragment})" if error.fragment else ""
    return Explanation(
        f"Le fichier {error.file} du logiciel ne peut pas être utilisé{detail}.",
        "Il est absent, abîmé ou incomplet.",
        "Réinstallez le logiciel.",
    )


@explain.register
def _(error: UnknownTemplate) -> Explanation:
    return Explanation(
        f"Le modèle {error.template_id} n’existe pas dans cette version du logiciel.",
        "L’envoi a été préparé avec une version plus récente, ou le modèle n’a pas été importé.",
        "Choisissez un autre modèle sur la page « La lettre ».",
    )


@explain.register
def _(error: PackageInvalid) -> Explanation:
    if error.reason == "unwritable":
        return Explanation(
            f"Le modèle n’a pas été écrit dans le fichier {error.file}.",
            "Le dossier refuse l’écriture, ou le disque est plein.",
            "Choisissez un autre dossier, ou libérez de la place, puis recommencez.",
        )
    why = {
        "not_toml": "Ce n’est pas un fichier de modèle écrit par ce logiciel.",
        "too_big": "Le fichier est trop gros pour un modèle de lettre.",
        "unreadable": "Le fichier ne peut pas être lu.",
        "incomplete": "Il y manque une partie du modèle.",
        "newer": "Il vient d’une version plus récente du logiciel.",
    }[error.reason]
    return Explanation(
        f"Le modèle du fichier {error.file} n’a pas été importé.",
        why,
        "Demandez à la personne qui vous l’a envoyé de l’exporter de nouveau.",
    )


@explain.register
def _(error: SampleInvalid) -> Explanation:
    return Explanation(
        f"L’exemple {error.file} ne peut pas être lu ({error.fragment}).",
        "Un fichier du logiciel est abîmé.",
        "Réinstallez le logiciel.",
    )


@explain.register
def _(error: AcceptanceIncomplete) -> Explanation:
    if error.missing == "by":
        return Explanation(
            "Il faut un nom.",
            "Le dossier dit qui a répondu de chaque avertissement.",
            "Écrivez votre nom, puis recommencez.",
        )
    return Explanation(
        "Il faut une raison.",
        "Le dossier dit pourquoi chaque avertissement a été accepté.",
        "Écrivez quelques mots, puis recommencez.",
    )


@explain.register
def _(_error: ReasonNamesPatient) -> Explanation:
    return Explanation(
        "Cette raison contient le nom, le numéro ou l’adresse d’un patient.",
        "Elle reste dans le dossier pour toujours, même une fois les noms effacés.",
        "Écrivez la même chose sans nommer personne. Les numéros de ligne suffisent.",
    )
