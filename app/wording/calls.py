"""What the front desk can answer when a patient calls about the letter."""

from collections.abc import Mapping

from app.core.practice import Practice
from app.core.questions import Question
from app.wording.french import NBSP, NNBSP, phone

_ANSWERS: Mapping[Question, str] = {
    Question.GENUINE: "Oui, si son code est retrouvé ici. Lisez-le ensemble, puis dites par quel moyen "
    "la lettre est "
    "partie et quel jour. Elle ne demande ni mot de passe, ni argent, ni code de carte.",
    Question.WHICH_DATA: "Lisez la liste «\u00a0données concernées\u00a0» affichée ici, et rien d’autre. "
    "Ne lisez jamais le dossier médical au téléphone.",
    Question.WHAT_TO_DO: "Suivre les conseils de la lettre. En cas de doute devant un message ou un "
    "appel, ne pas répondre "
    "et rappeler le cabinet au numéro habituel.",
    Question.BANK: f"Seulement si des coordonnées bancaires figurent parmi les données "
    f"concernées{NBSP}: dans ce cas, "
    "prévenir la banque et surveiller les comptes.",
    Question.MEDICAL_FILE: f"Regardez les données concernées. Si elles touchent à la santé, proposez un "
    f"entretien avec le "
    f"médecin{NNBSP}; ne commentez pas le contenu.",
    Question.WHO_IS_GUILTY: "Dites ce que dit la lettre, sans supposer. L’enquête appartient à la "
    "police et à la CNIL.",
    Question.COMPLAINT: f"Oui, les deux. La plainte se dépose au commissariat ou à la "
    f"gendarmerie{NNBSP}; la CNIL reçoit "
    "les réclamations sur cnil.fr ou par courrier.",
    Question.ERASE: "Le cabinet doit garder les dossiers médicaux pendant la durée légale. Notez la demande "
    "et transmettez-la au responsable de traitement.",
    Question.NO_LETTER: f"Cherchez par le nom. Si la personne n’est pas dans la liste, ses données "
    f"n’étaient pas, à ce "
    f"jour, parmi celles connues comme touchées{NNBSP}; dites-le ainsi.",
    Question.SUSPICIOUS_CALL: "Ne rien donner, raccrocher, garder le message. Notez le numéro et l’heure, "
    "et prévenez le responsable de traitement.",
    Question.OTHER: "Notez la question et proposez de rappeler.",
}


def answer(question: Question) -> str:
    """What to say, in two sentences."""
    return _ANSWERS[question]


def unknown_code(practice: Practice) -> str:
    """A code that is not ours: the letter is probably a fraud."""
    number = f" au {phone(practice.phone)}" if practice.phone else ""
    return (
        "Ce code n’est sur aucune de nos lettres. La lettre de cette personne n’est probablement pas de nous"
        f"{NBSP}: qu’elle ne réponde pas, n’ouvre aucun lien et ne paie rien. Demandez-lui une copie, "
        f"qu’elle l’apporte ou la lise, et prévenez le responsable de traitement. Elle peut rappeler{number}."
    )


def mistyped_code() -> str:
    """The check character is wrong."""
    return (
        f"Ce code contient une erreur de lecture. Faites-le relire{NBSP}: quatre signes, quatre signes, "
        f"un signe"
        f"{NNBSP}; il ne contient ni O, ni I, ni L, ni U, ni 0, ni 1."
    )
