"""French texts of the six steps: names, written states, and what is missing."""

from collections.abc import Mapping

from app.core.steps import Missing, Step, StepReport, StepState
from app.wording.french import count, number

STEP: Mapping[Step, str] = {
    Step.INCIDENT: "L’incident",
    Step.PATIENTS: "Les patients",
    Step.LETTER: "La lettre",
    Step.REVIEW: "Relecture",
    Step.SENDING: "Envoi",
    Step.EVIDENCE: "Dossier",
}
_STATE: Mapping[StepState, str] = {
    StepState.TO_COMPLETE: "À compléter",
    StepState.TO_FIX: "À corriger",
    StepState.TO_CHECK: "À vérifier",
    StepState.IN_PROGRESS: "En cours",
    StepState.DONE: "Terminé",
    StepState.NOT_YET: "Pas encore possible",
    StepState.NOTHING: "Rien pour le moment",
}
MISSING: Mapping[Missing, str] = {
    Missing.HAPPENED_ON: "la date de l’incident",
    Missing.DISCOVERED_ON: "la date de la découverte",
    Missing.CATEGORIES: "les données concernées",
    Missing.MEASURES: "les mesures déjà prises",
    Missing.VENDOR: "le nom du prestataire",
    Missing.CNIL_DATE: "la date de la déclaration à la CNIL",
    Missing.DETAILS: "les précisions demandées par la lettre choisie",
    Missing.PRACTICE: "les informations de «\u00a0Mon cabinet\u00a0»",
    Missing.PATIENTS: "la liste des patients",
    Missing.PATIENTS_TO_FIX: "les lignes à corriger dans la liste des patients",
    Missing.LETTER_TO_FIX: "les points à corriger dans la lettre",
    Missing.LETTERS_TO_CHECK: "le contrôle de toutes les lettres",
    Missing.LETTERS_TO_READ: "la lecture des lettres tirées au hasard",
    Missing.WARNINGS: "les avertissements à accepter",
    Missing.TRIAL_LETTER: "la lettre d’essai",
    Missing.PLAN: "le plan d’envoi",
}


def state_label(report: StepReport) -> str:
    """« À corriger (3) », « Terminé »."""
    label = _STATE[report.state]
    if report.count and report.state in {StepState.TO_FIX, StepState.TO_CHECK}:
        return f"{label} ({number(report.count)})"
    return label


def spoken(report: StepReport) -> str:
    """What a screen reader says: « Étape 4 sur 6, Relecture, 3 points à corriger »."""
    start = f"Étape {int(report.step)} sur {len(Step)}, {STEP[report.step]}"
    if report.count and report.state is StepState.TO_FIX:
        return f"{start}, {count(report.count, 'point')} à corriger"
    if report.count and report.state is StepState.TO_CHECK:
        return f"{start}, {count(report.count, 'point')} à vérifier"
    return f"{start}, {_STATE[report.state].lower()}"


def missing_sentence(missing: tuple[Missing, ...]) -> str:
    """« Il manque encore : la date de la découverte, les mesures déjà prises. »."""
    names = list(dict.fromkeys(MISSING[what] for what in missing))
    if not names:
        return ""
    return f"Reste à faire avant de continuer\u00a0: {', '.join(names)}."
