"""French words of the guided choice « Que s’est-il passé ? »."""

from collections.abc import Mapping

from app.wording.french import typeset

#: question → its sentence
QUESTIONS: Mapping[str, str] = {
    "what": "Que s’est-il passé ?",
    "remarks": "Ce qui a été copié contient-il des remarques écrites librement dans des dossiers ?",
    "verified": "Avez-vous vérifié que le fichier vient bien de chez vous ?",
    "copied": "Des données ont-elles été copiées ?",
    "encrypted": "L’appareil était-il chiffré, avec un mot de passe que personne d’autre ne connaît ?",
    "misdirected": "Qu’est-ce qui est parti par erreur ?",
    "deleted": "La personne qui l’a reçu est-elle de confiance, et a-t-elle confirmé par écrit l’avoir supprimé ?",
    "follow_up": "Que voulez-vous dire aux patients ?",
    "established": "Est-ce établi ?",
}
#: question → answer → its words
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "what": {
        "vendor": "Le logiciel ou l’hébergeur d’un prestataire a été piraté",
        "platform": "Une plateforme de téléconsultation ou de rendez-vous a été piratée",
        "published": "Quelqu’un dit avoir, vend ou publie un fichier de nos patients",
        "blocked": "Nos fichiers sont bloqués, perdus ou illisibles",
        "stolen": "Un appareil ou un dossier papier a été volé ou perdu",
        "misdirected": "Un document ou un courriel est parti à la mauvaise personne",
        "mailbox": "Quelqu’un est entré dans notre boîte de courriels",
        "account": "Quelqu’un est entré dans les comptes de nos patients",
        "insider": "Une personne de l’équipe a ouvert des dossiers sans raison",
        "written": "Nous avons déjà écrit aux patients",
    },
    "remarks": {"yes": "Oui, pour certains patients", "no": "Non", "unknown": "Nous ne savons pas"},
    "verified": {
        "yes": "Oui, c’est établi",
        "likely": "C’est très probable",
        "no": "Non, rien ne l’établit pour le moment",
    },
    "copied": {
        "yes": "Oui, c’est établi",
        "likely": "C’est très probable",
        "unknown": "Nous ne savons pas encore",
        "no": "Non, rien ne le montre",
    },
    "encrypted": {"yes": "Oui", "no": "Non, ou nous ne savons pas", "paper": "C’était du papier"},
    "misdirected": {
        "document": "Un document ou un message sur un patient",
        "addresses": "Un courriel avec toutes les adresses visibles",
    },
    "deleted": {"yes": "Oui", "no": "Non, ou pas encore"},
    "follow_up": {
        "more": "Nous en savons plus, ou nous corrigeons",
        "not_concerned": "Finalement, ils ne sont pas concernés",
    },
    "established": {
        "yes": "Oui, c’est confirmé",
        "likely": "C’est très probable",
        "no": "Non, ce n’est pas confirmé",
    },
}
REASONS: Mapping[str, str] = {
    "intimate": "Des informations sur la santé ou la vie privée sont concernées.",
    "nir": "Le numéro de sécurité sociale et l’identité sont concernés ensemble.",
    "bank": "Des coordonnées bancaires et l’identité sont concernées ensemble.",
    "password": "Des mots de passe sont concernés.",
    "identity_document": "Des copies de pièces d’identité sont concernées.",
    "published": "Le fichier est publié ou en vente.",
    "care": "Des soins ont pu être retardés.",
    "encrypted": "Le contenu était chiffré et la clé est en lieu sûr.",
    "deleted": "Une personne de confiance a confirmé par écrit la suppression.",
    "unclear": "Rien dans vos réponses ne suffit à trancher.",
    "not_concerned": "Les patients ne sont finalement pas concernés.",
}
RISKS: Mapping[str, str] = {
    "high": "Risque élevé probable : prévenez la CNIL et les patients.",
    "low": "Risque élevé peu probable : une lettre n’est en général pas due. Notez l’incident dans votre registre.",
    "unclear": "À discuter avec votre DPO ou avec la CNIL. Notez la raison de votre choix.",
}
DUTIES: Mapping[str, str] = {
    "cnil": (
        "Prévenir la CNIL dans les 72 heures après en avoir pris connaissance, nuits et week-ends compris "
        "(RGPD, article 33)."
    ),
    "cnil_late": "Le délai de 72 heures est passé : prévenez la CNIL maintenant et dites pourquoi.",
    "cnil_vendor": (
        "Même si le prestataire l’a fait : lors d’un incident semblable, la CNIL a demandé une première "
        "déclaration à chaque cabinet."
    ),
    "patients": "Prévenir chaque patient dans les meilleurs délais (RGPD, article 34).",
    "cert": "Établissement de santé : signaler l’incident sur signalement.social-sante.gouv.fr (CERT Santé).",
    "register": "Noter l’incident dans votre registre des violations, même sans déclaration (RGPD, article 33).",
    "deletion": "Demander à la personne de supprimer le document et de le confirmer par écrit (modèle T18).",
}
UNKNOWN: Mapping[str, str] = {
    "categories": "les données concernées",
    "happened_on": "la date de l’incident",
    "discovered_on": "la date de découverte",
    "aware_at": "le moment où vous en avez pris connaissance",
    "vendor": "le nom du prestataire",
    "vendor_told_on": "la date à laquelle le prestataire vous a prévenu",
    "measures": "au moins une mesure prise ou prévue",
    "cnil": "la déclaration à la CNIL",
    "next_update_on": "la date de votre prochaine lettre",
}


def question_text(question: str) -> str:
    """The sentence of a question."""
    return typeset(QUESTIONS[question])


def answer_text(question: str, answer: str) -> str:
    """The words of an answer."""
    return typeset(ANSWERS[question][answer])
