"""Words that the remarks about the list share."""

from app.core.headers import Field
from app.core.issue import Issue
from app.wording.french import NBSP
from app.wording.remarks import IssueText, writes

CORRECT = "Corrigez la ligne, ou indiquez pourquoi cette personne ne reçoit pas de lettre."
BY_POST = "La lettre partira par courrier si l’adresse est complète."

#: French names of what a column can give, for the table of columns and the changes of a later list
FIELD_NAMES = {
    Field.CIVILITY: "Civilité", Field.SEX: "Sexe", Field.LAST_NAME: "Nom", Field.BIRTH_NAME: "Nom de naissance",
    Field.FIRST_NAME: "Prénom", Field.FULL_NAME: "Nom et prénom", Field.BIRTH_DATE: "Date de naissance",
    Field.EMAIL: "Courriel", Field.OTHER_EMAIL: "Autre courriel", Field.MOBILE: "Téléphone portable",
    Field.PHONE: "Téléphone", Field.OTHER_PHONE: "Autre téléphone", Field.ADDRESS: "Adresse",
    Field.STREET: "Numéro et rue", Field.COMPLEMENT: "Complément d’adresse", Field.BUILDING: "Bâtiment, résidence",
    Field.LOCALITY: "Lieu-dit, boîte postale", Field.POSTCODE: "Code postal", Field.CITY: "Ville",
    Field.POSTCODE_CITY: "Code postal et ville", Field.COUNTRY: "Pays", Field.DECEASED: "Décès",
    Field.REPRESENTATIVE: "Représentant légal", Field.REPRESENTATIVE_FIRST_NAME: "Prénom du représentant",
    Field.PROTECTION: "Tutelle ou curatelle", Field.DO_NOT_WRITE: "Ne pas écrire",
    Field.HAND_OVER: "Remettre en main propre", Field.ANNOTATIONS: "Annotations au dossier",
    Field.CATEGORY: "Donnée concernée (oui ou non)", Field.INS: "Matricule INS",
}  # fmt: skip
#: fields of Recipient that are no column
_OTHER_NAMES = {
    "address": "Adresse", "deceased_on": "Date de décès", "has_annotations": "Annotations au dossier",
    "categories": "Données concernées", "restriction": "Ne pas écrire", "excluded": "Sans lettre",
}  # fmt: skip
MISSING = {"street": "la rue", "postcode": "le code postal", "city": "la ville"}


def recipient_field_name(name: str) -> str:
    """French name of a field of Recipient, as « birth_date »."""
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    return FIELD_NAMES[Field(name)] if name in Field.__members__.values() else name


def fact(issue: Issue, name: str) -> str:
    """One fact as text, empty when it is not there."""
    return str(issue.facts.get(name, ""))


def seen(issue: Issue) -> str:
    """« the text of the cell »."""
    return f"«{NBSP}{' '.join(fact(issue, 'seen').split())}{NBSP}»"


def plain(code: str, what: str, why: str = "", what_to_do: str = "") -> None:
    """A remark with the same sentences every time; « {seen} » is the text of the cell."""

    @writes(code)
    def _(issue: Issue) -> IssueText:
        return IssueText(what.replace("{seen}", seen(issue)), why, what_to_do)


def with_proposal(code: str, what: str, why: str, question: str, otherwise: str) -> None:
    """A remark that may carry a proposal, never applied by itself."""

    @writes(code)
    def _(issue: Issue) -> IssueText:
        proposal = fact(issue, "proposal")
        todo = (
            question.replace("{proposal}", f"«{NBSP}{proposal}{NBSP}»") if proposal else otherwise
        )
        return IssueText(what.replace("{seen}", seen(issue)), why, todo)
