"""French names of the choices of a print run."""

from app.wording.french import NBSP

#: by the value of app.paper.envelopes.Envelope
ENVELOPE = {
    "dl": f"DL, fenêtre de 35 sur 100{NBSP}mm",
    "dl-45": f"DL, fenêtre de 45 sur 100{NBSP}mm",
    "c5-6": f"C5/6, fenêtre de 35 sur 100{NBSP}mm",
    "c5-6-45": f"C5/6, fenêtre de 45 sur 100{NBSP}mm",
    "c5": f"C5, fenêtre de 45 sur 100{NBSP}mm",
    "c4": "C4, fenêtre mesurée",
}

#: by the value of app.services.print_plan.PrintOrder
ORDER = {
    "code-postal": "par code postal",
    "liste": "dans l’ordre de la liste",
    "nom": "par nom",
}

#: by the value of app.services.print_plan.Separation
SEPARATION = {
    "aucune": "aucune",
    "departement": "avant chaque département",
    "code-postal": "avant chaque code postal",
}

#: by the value of app.services.print_choices.Output
OUTPUT = {
    "un-seul-pdf": "Un seul PDF",
    "lots": "Plusieurs PDF, par nombre de lettres",
    "taille": "Plusieurs PDF, par taille",
    "un-fichier-par-patient": "Un PDF par patient",
}

#: by the value of app.services.single_files.NameField
NAME_FIELD = {
    "ligne": "ligne de la liste",
    "nom": "nom",
    "prenom": "prénom",
    "code-postal": "code postal",
}

#: by the value of app.services.returned_mail.ReturnReason; what the post writes on the envelope
RETURN_REASON = {
    "inconnu-a-l-adresse": "Destinataire inconnu à l’adresse",
    "adresse-incomplete": "Défaut d’accès ou d’adressage",
    "non-reclame": "Pli avisé et non réclamé",
    "refuse": "Pli refusé par le destinataire",
    "autre": "Autre raison, ou illisible",
}
