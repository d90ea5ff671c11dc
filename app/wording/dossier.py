"""French words of the dossier and of the register: the CNIL's own where they exist."""

from collections.abc import Mapping

from app.core.incident import Certainty, CnilStatus, DataCategory, Incident
from app.core.questions import Question
from app.core.recipient import ExclusionReason
from app.core.register import Cause, Ground, Nature, band
from app.wording.french import NBSP, NNBSP, PARIS, date_long, date_time, number

NATURE: Mapping[Nature, str] = {
    Nature.CONFIDENTIALITY: "Perte de la confidentialité",
    Nature.INTEGRITY: "Perte de l’intégrité",
    Nature.AVAILABILITY: "Perte de la disponibilité",
}
CAUSE: Mapping[Cause, str] = {
    Cause.EXTERNAL_MALICIOUS: "Acte externe malveillant",
    Cause.EXTERNAL_ACCIDENTAL: "Acte externe accidentel",
    Cause.INTERNAL_MALICIOUS: "Acte interne malveillant",
    Cause.INTERNAL_ACCIDENTAL: "Acte interne accidentel",
    Cause.UNKNOWN: "Inconnue",
}
GROUND: Mapping[Ground, str] = {
    Ground.PROTECTED_DATA: f"RGPD, article 34(3)(a){NBSP}: les données étaient rendues incompréhensibles, "
    "par exemple par un chiffrement",
    Ground.RISK_REMOVED: f"RGPD, article 34(3)(b){NBSP}: des mesures prises ensuite ont écarté le risque élevé",
    Ground.DISPROPORTIONATE: f"RGPD, article 34(3)(c){NBSP}: écrire à chacun demanderait des efforts "
    f"disproportionnés{NNBSP}; une communication publique en tient lieu",
    Ground.NO_HIGH_RISK: f"RGPD, article 34(1){NBSP}: pas de risque élevé pour ces personnes",
}
#: the same grounds, as one chooses among them
GROUND_SHORT: Mapping[Ground, str] = {
    Ground.PROTECTED_DATA: "Données illisibles pour d’autres, par exemple chiffrées (article 34(3)(a))",
    Ground.RISK_REMOVED: "Risque écarté par des mesures prises ensuite (article 34(3)(b))",
    Ground.DISPROPORTIONATE: "Efforts disproportionnés, communication publique à la place (article 34(3)(c))",
    Ground.NO_HIGH_RISK: "Pas de risque élevé pour ces personnes (article 34(1))",
}
EXCLUSION_GROUND: Mapping[ExclusionReason, str] = {
    ExclusionReason.DUPLICATE: "La personne est informée par une autre ligne de la liste.",
    ExclusionReason.DECEASED: "Le RGPD ne s’applique pas aux personnes décédées (considérant 27).",
    ExclusionReason.DO_NOT_WRITE: "Un écrit pourrait mettre la personne en difficulté "
    f"(secret professionnel){NNBSP}; elle est informée autrement.",
    ExclusionReason.NO_CHANNEL: "Ni courriel ni adresse postale. Article 34(3)(c)"
    f"{NBSP}: une communication publique (affiche, site) en tient lieu.",
    ExclusionReason.NOT_CONCERNED: f"Ses données n’ont pas été touchées{NBSP}: l’article 34(1) ne s’applique pas.",
    ExclusionReason.USER_DECISION: "Décision du cabinet, motif noté dans l’envoi.",
}
CATEGORY: Mapping[DataCategory, str] = {
    DataCategory.IDENTITY: "État civil (nom, prénom, date de naissance)",
    DataCategory.PHONE: f"Coordonnées{NBSP}: téléphone",
    DataCategory.EMAIL: f"Coordonnées{NBSP}: adresse électronique",
    DataCategory.POSTAL_ADDRESS: f"Coordonnées{NBSP}: adresse postale",
    DataCategory.NIR: "Numéro de sécurité sociale (NIR)",
    DataCategory.INSURER: "Organisme complémentaire",
    DataCategory.CONSULTATION_REASON: f"Données de santé{NBSP}: motif de consultation",
    DataCategory.EXCHANGES: f"Données de santé{NBSP}: échanges écrits",
    DataCategory.ANNOTATIONS: f"Données de santé{NBSP}: annotations du dossier",
    DataCategory.MEDICAL_DOCUMENTS: f"Données de santé{NBSP}: documents médicaux",
    DataCategory.IBAN: f"Informations d’ordre économique{NBSP}: coordonnées bancaires",
    DataCategory.PAYMENT_CARD: f"Informations d’ordre économique{NBSP}: carte de paiement",
    DataCategory.PASSWORD: f"Données de connexion{NBSP}: mot de passe",
    DataCategory.ACCOUNT: f"Données de connexion{NBSP}: compte en ligne",
    DataCategory.PRACTITIONER: "Nom du praticien consulté",
    DataCategory.IDENTITY_DOCUMENT: "Pièce d’identité",
    DataCategory.RELATIVES: "Informations sur les proches",
}
CERTAINTY: Mapping[Certainty, str] = {
    Certainty.CONFIRMED: "établie",
    Certainty.PROBABLE: "probable, pas encore établie",
    Certainty.ALLEGED: "alléguée par un tiers, non établie",
}
#: what the dossier is doing (services.evidence.DossierProgress.what)
STEP_WORDS: Mapping[str, str] = {
    "letters": "Liste des lettres",
    "journal": "Journal",
    "register": "Inscription au registre",
    "specimens": "Spécimen de chaque lettre",
    "report": "PDF",
    "figures": "Chiffres",
    "sums": "Empreintes de vérification",
}
EVENT: Mapping[str, str] = {
    "campaign_created": "Envoi créé",
    "list_imported": "Liste lue",
    "invented_patients": "Patients inventés ajoutés",
    "issue_settled": "Remarque réglée",
    "recipient_corrected": "Fiche corrigée",
    "recipient_restricted": "Consigne notée (ne pas écrire, main propre)",
    "recipient_excluded": "Personne retirée, avec sa raison",
    "recipient_included": "Personne remise dans la liste",
    "issues_settled": "Remarques réglées ensemble",
    "review_undone": "Action de relecture annulée",
    "letter_read": "Lettre relue avant l’envoi",
    "letters_reprinted": "Lettres réimprimées",
    "single_files": "Lettres enregistrées une par une",
    "registered_number": "Numéro de recommandé noté",
    "letter_came_back": "Retour de pli noté",
    "given_to_paper": "Courriels retournés confiés au courrier",
    "uncertain_settled": "Lettre incertaine tranchée",
    "planned": "Plan d’envoi écrit",
    "run_frozen": "Contenu des lettres fixé",
    "trial_letter": "Lettre d’essai envoyée",
    "letter_dot": "Courriel remis au serveur",
    "letter_accepted": "Courriel accepté par le serveur",
    "letter_deferred": "Courriel différé par le serveur",
    "letter_rejected": "Courriel refusé par le serveur",
    "letter_uncertain": "Courriel au sort incertain",
    "letter_bounced": "Courriel retourné",
    "letter_printed": "Lettre imprimée",
    "letter_posted": "Lettre postée",
    "letter_returned": "Pli retourné",
    "letter_handed_over": "Lettre remise en main propre",
    "letter_excluded": "Lettre retirée",
    "letter_replaced": "Lettre remplacée par une autre",
    "letter_pending": "Lettre remise dans la file",
    "print_file": "Fichier d’impression produit et relu",
    "letters_posted": "Dépôt à la poste noté",
    "sent_to_printer": "Fichier contrôlé envoyé à l’imprimante",
    "direct_print_settled": "Impression coupée, sort des lettres tranché",
    "return_undone": "Retour de pli annulé",
    "print_files_deleted": "Fichiers d’impression effacés",
    "mailing_pack": "Fichiers préparés pour un prestataire de courrier",
    "moved_to_paper": "Lettres confiées au courrier",
    "retried_by_email": "Courriels refusés, nouvel essai par courriel",
    "moved_to_email": "Lettres remises au courriel",
    "sending_confirmed": "Départ confirmé, nombre saisi à la main",
    "warning_accepted": "Avertissement du contrôle accepté, avec son motif",
    "second_reading": "Relecture par une autre personne",
    "sent_elsewhere": "Lettres parties par une autre voie",
    "exported_eml": "Courriels enregistrés en fichiers",
    "exported_mss": "Liste pour la messagerie de santé enregistrée",
    "exported_refused": "Liste des refus enregistrée",
    "export_deleted": "Fichiers en clair effacés",
    "exported_rows_to_correct": "Liste des lignes à corriger enregistrée",
    "decision_not_to_write": "Décision de ne pas écrire",
    "patient_call": "Appel d’un patient noté",
    "dossier_saved": "Dossier enregistré",
    "key_changed": "Clé de chiffrement changée",
    "recovery_code_renewed": "Code de récupération renouvelé",
    "doubts_confirmed": "Copie confirmée par le cabinet",
    "follow_up_started": "Lettre de suivi préparée",
    "campaign_closed": "Envoi clos",
    "names_purged": "Noms effacés",
    "register_saved": "Registre complété",
}


def band_label(people: int) -> str:
    """« Entre 301 et 5 000 personnes »."""
    lower, upper = band(people)
    if upper is None:
        return f"Plus de {number(lower - 1)} personnes"
    return f"Entre {number(lower)} et {number(upper)} personnes"


def when(incident: Incident) -> str:
    """Date or period of the incident."""
    if incident.happened_on is None:
        return "date inconnue à ce jour"
    if incident.happened_until is None or incident.happened_until == incident.happened_on:
        return f"le {date_long(incident.happened_on)}"
    return f"du {date_long(incident.happened_on)} au {date_long(incident.happened_until)}"


def seventy_two_hours(incident: Incident) -> str:
    """How the notification to the CNIL stands against the 72 hours of Art. 33(1)."""
    deadline = incident.notification_deadline()
    told = incident.cnil_status in (CnilStatus.NOTIFIED, CnilStatus.NOTIFIED_WITH_VENDOR)
    if deadline is None:
        return "Le moment de la prise de connaissance n’est pas noté."
    limit = f"Le délai de 72{NBSP}heures finissait le {date_time(deadline)}."
    if not told or incident.cnil_on is None:
        return f"{limit} La date de la notification à la CNIL n’est pas notée."
    day = date_long(incident.cnil_on)
    last_day = deadline.astimezone(PARIS).date()
    if incident.cnil_on < last_day:
        return f"{limit} La CNIL a été notifiée le {day}, dans le délai."
    if incident.cnil_on == last_day:
        return f"{limit} La CNIL a été notifiée le {day}, dernier jour du délai{NBSP}: voir l’heure sur l’accusé."
    return (
        f"{limit} La CNIL a été notifiée le {day}, après ce délai{NBSP}: "
        "les motifs du retard doivent accompagner la notification (article 33(1))."
    )


def event_label(kind: str) -> str:
    """French name of a kind of event; its own name when it has none."""
    return EVENT.get(kind, kind)


QUESTION: Mapping[Question, str] = {
    Question.GENUINE: f"Cette lettre vient-elle bien de vous{NNBSP}?",
    Question.WHICH_DATA: f"Quelles données me concernant sont touchées{NNBSP}?",
    Question.WHAT_TO_DO: f"Que dois-je faire{NNBSP}?",
    Question.BANK: f"Mes comptes en banque sont-ils en danger{NNBSP}?",
    Question.MEDICAL_FILE: f"Mon dossier médical a-t-il été lu{NNBSP}?",
    Question.WHO_IS_GUILTY: f"Qui est responsable{NNBSP}?",
    Question.COMPLAINT: f"Puis-je porter plainte, ou saisir la CNIL{NNBSP}?",
    Question.ERASE: f"Pouvez-vous effacer mes données{NNBSP}?",
    Question.NO_LETTER: f"Je n’ai rien reçu, suis-je concerné{NNBSP}?",
    Question.SUSPICIOUS_CALL: f"J’ai reçu un appel ou un message étrange, que faire{NNBSP}?",
    Question.OTHER: "Autre question",
}


def question_label(question: str) -> str:
    """The question as patients ask it."""
    return QUESTION[Question(question)]
