"""French texts of the remarks about the letters (the 20 points of the checklist)."""

from collections.abc import Mapping

from app.core.issue import Issue
from app.wording.errors_letters import field_name
from app.wording.french import count
from app.wording.issues_letters_content import CONTENT
from app.wording.issues_letters_safety import SAFETY
from app.wording.remarks import IssueText, writes

#: short names of the 20 points, for the list « Ce que la loi demande »
POINTS: Mapping[int, str] = {
    1: "Ce qui s’est passé, et quand",
    2: "Contact : nom, téléphone, horaires",
    3: "Conséquences possibles, une par donnée",
    4: "Mesures prises ou prévues",
    5: "Conseils, un par donnée",
    6: "Données concernées, ni plus ni moins",
    7: "Aucun mot resté à remplacer",
    8: "Aucune donnée personnelle répétée",
    9: "Ton juste : confirmé, probable ou non confirmé",
    10: "Responsable, signature, bon destinataire",
    11: "Longueur et clarté",
    12: "Objet neutre",
    13: "Déclaration à la CNIL et plainte",
    14: "Droits et réclamation à la CNIL",
    15: "« Nous ne vous demanderons jamais… », liens",
    16: "Suite annoncée, code de la lettre",
    17: "Proposition d’en parler",
    18: "Règles du courriel, du courrier, du SMS",
    19: "Mineurs, tutelle, personnes à ne pas contacter",
    20: "Contrôle de l’envoi entier",
}

#: every text by its code
TEXTS: Mapping[str, tuple[str, str, str]] = {**CONTENT, **SAFETY}


def _named(issue: Issue) -> dict[str, str | int]:
    facts = dict(issue.facts)
    fields = str(facts.get("fields", ""))
    if fields:
        facts["fields"] = ", ".join(dict.fromkeys(field_name(name) for name in fields.split(",")))
    if "count" in facts:
        number = int(facts["count"])
        facts["letters_left"] = count(number, "lettre")
        facts["people_left"] = count(number, "personne")
    return facts


class _Dots(dict[str, str | int]):
    """« … » in place of what only one letter tells."""

    def __missing__(self, key: str) -> str:
        return "…"


def kind_of_warning(code: str) -> str:
    """What remarks of this code say, without the words of one letter: « La lettre compte … mots. ».

    The code itself when this version does not know it: the journal may be of another one.
    """
    if code not in TEXTS:
        return code
    return TEXTS[code][0].format_map(_Dots())


@writes(*TEXTS)
def _write(issue: Issue) -> IssueText:
    facts = _named(issue)
    what, why, what_to_do = TEXTS[issue.code]
    return IssueText(what.format_map(facts), why, what_to_do)
