"""French texts of the remarks about people, alone and together."""

from app.core.issue import Issue
from app.wording.french import count
from app.wording.list_places import row_place
from app.wording.list_words import CORRECT, MISSING, fact, plain, recipient_field_name
from app.wording.remarks import IssueText, writes


def _age(issue: Issue) -> str:
    return count(int(issue.facts.get("age", 0)), "an")


plain("name_missing", "Le nom manque.", "La lettre ne peut pas être adressée.", CORRECT)
plain(
    "first_name_missing",
    "Le prénom manque.",
    "La lettre l’emploie.",
    "Complétez-le, ou gardez ainsi.",
)
plain(
    "no_reach",
    "Ni courriel ni adresse postale.",
    "La lettre ne peut partir par aucun chemin.",
    CORRECT,
)


def _missing(issue: Issue) -> str:
    names = [MISSING[name] for name in fact(issue, "missing").split(",") if name in MISSING]
    return " et ".join(names) or "une partie"


@writes("address_incomplete_email")
def _address_incomplete_email(issue: Issue) -> IssueText:
    return IssueText(
        f"Dans l’adresse postale, il manque {_missing(issue)}.", "La lettre part par courriel."
    )


@writes("minor")
def _minor(issue: Issue) -> IssueText:
    return IssueText(
        f"Mineur, {_age(issue)}.",
        "La lettre est adressée à ses représentants légaux, nommés dans la liste.",
    )


@writes("minor_alone")
def _minor_alone(issue: Issue) -> IssueText:
    return IssueText(
        f"Mineur, {_age(issue)}, sans représentant légal dans la liste.",
        "La lettre sera adressée «\u00a0aux représentants légaux de…\u00a0».",
        "Vérifiez que l’adresse et le courriel sont ceux des parents ou du tuteur.",
    )


@writes("very_old")
def _very_old(issue: Issue) -> IssueText:
    return IssueText(
        f"{_age(issue).capitalize()}\u00a0: peut-être décédé.",
        "",
        "Vérifiez la date, ou ne lui écrivez pas.",
    )


plain("deceased", "Personne décédée.", "Aucune lettre ne lui sera envoyée.")
plain("do_not_write", "Ne pas écrire.", "Cette consigne est dans la liste\u00a0; elle est suivie.")
plain(
    "hand_over",
    "À remettre en main propre.",
    "Cette consigne est dans la liste\u00a0; elle est suivie.",
)
plain("protected", "Personne sous tutelle.", "La lettre est adressée à son représentant.")
plain(
    "protected_alone",
    "Personne sous tutelle, sans représentant dans la liste.",
    "La lettre doit lui parvenir par son représentant.",
    "Indiquez le nom du tuteur.",
)
plain("curatorship", "Personne sous curatelle.", "La lettre lui est adressée à elle-même.")
plain(
    "care_home",
    "Réside en établissement.",
    "Vérifiez que le nom de l’établissement figure dans l’adresse.",
)


@writes("foreign_address")
def _foreign_address(issue: Issue) -> IssueText:
    return IssueText(
        f"Adresse à l’étranger\u00a0: {fact(issue, 'country')}.",
        "L’affranchissement n’est pas le même.",
    )


def _other(issue: Issue) -> str:
    return row_place(int(issue.facts.get("other_row", 0)))


@writes("duplicate_same")
def _duplicate_same(issue: Issue) -> IssueText:
    return IssueText(
        f"Même personne que {_other(issue)}.",
        "Mêmes noms et même date de naissance\u00a0: une seule lettre part.",
    )


@writes("duplicate_differs")
def _duplicate_differs(issue: Issue) -> IssueText:
    return IssueText(
        f"Même personne que {_other(issue)}, mais l’adresse ou le courriel diffère.",
        "Une seule lettre part, à la ligne la plus complète.",
        "Vérifiez laquelle des deux est à jour.",
    )


_LIKELY = {
    "spelling": "Les noms se ressemblent et la date de naissance est la même.",
    "married_name": "Le nom de l’une est le nom de naissance ou d’usage de l’autre, le même jour de naissance.",
    "no_birth_date": "Mêmes noms\u00a0; une date de naissance manque.",
}


@writes("duplicate_likely")
def _duplicate_likely(issue: Issue) -> IssueText:
    return IssueText(
        f"Peut-être la même personne que {_other(issue)}.",
        _LIKELY.get(fact(issue, "why"), ""),
        "Indiquez si c’est la même personne. Sinon, chacune reçoit sa lettre.",
    )


@writes("email_shared")
def _email_shared(issue: Issue) -> IssueText:
    return IssueText(
        f"Même courriel que {_other(issue)}.",
        "C’est fréquent dans une famille. Chacun reçoit sa propre lettre.",
        "Si l’un ne doit pas lire la lettre de l’autre, choisissez le courrier.",
    )


@writes("email_many")
def _email_many(issue: Issue) -> IssueText:
    return IssueText(
        f"Ce courriel est celui de {count(int(issue.facts.get('people', 0)), 'personne')}, dont {_other(issue)}.",
        "C’est peut-être l’adresse du cabinet ou d’un établissement.",
        "Vérifiez-le. Sinon, choisissez le courrier.",
    )


@writes("phone_shared")
def _phone_shared(issue: Issue) -> IssueText:
    return IssueText(
        f"Ce téléphone est celui de {count(int(issue.facts.get('people', 0)), 'personne')}.",
        "Aucune lettre n’en dépend.",
    )


def _changes(issue: Issue) -> str:
    return ", ".join(
        recipient_field_name(name) for name in fact(issue, "fields").split(",") if name
    )


@writes("updated_by_list")
def _updated_by_list(issue: Issue) -> IssueText:
    return IssueText(f"Mise à jour d’après {_other(issue)}\u00a0: {_changes(issue)}.")


@writes("changed_after_letter")
def _changed_after_letter(issue: Issue) -> IssueText:
    return IssueText(
        f"La nouvelle liste dit autre chose ({_other(issue)})\u00a0: {_changes(issue)}.",
        "Cette personne a déjà sa lettre\u00a0; sa fiche n’a pas été modifiée.",
        "Modifiez-la vous-même si une autre lettre doit partir.",
    )
