"""French texts of the remarks about one cell."""

from app.core.issue import Issue
from app.wording.list_words import BY_POST, CORRECT, fact, plain, seen, with_proposal
from app.wording.remarks import IssueText, writes

plain(
    "cell_error",
    "La case contient {seen}.",
    "C’est une erreur de calcul du tableur, pas une donnée.",
    CORRECT,
)
plain(
    "flag_unclear",
    "La case ne dit ni oui ni non.",
    "En attendant, elle compte comme «\u00a0oui\u00a0».",
    "Indiquez ce qu’il en est pour cette personne.",
)
plain(
    "civility_unknown",
    "La civilité {seen} n’est pas reconnue.",
    "La lettre commencera sans civilité.",
)
plain(
    "protection_unclear",
    "La mesure de protection {seen} n’est pas claire.",
    "Une personne sous tutelle reçoit sa lettre par son représentant.",
    "Précisez\u00a0: tutelle, curatelle ou aucune.",
)
plain("name_unusable", "Le nom {seen} n’en est pas un.", "", CORRECT)
with_proposal(
    "name_garbled",
    "Le nom {seen} est mal écrit.",
    "Les accents ont été abîmés avant d’arriver ici.",
    "Est-ce {proposal}\u202f?",
    "Corrigez ce nom.",
)
plain(
    "name_letters_lost",
    "Des lettres manquent dans {seen}.",
    "Les accents ont été perdus avant d’arriver ici.",
    "Corrigez ce nom d’après le dossier.",
)
with_proposal(
    "name_holds_civility",
    "Une civilité se trouve dans le nom {seen}.",
    "Elle serait imprimée deux fois.",
    "Garder {proposal}\u202f?",
    "Corrigez ce nom.",
)
plain("name_odd", "Le nom {seen} contient des signes inattendus.", "", "Vérifiez ce nom.")


@writes("name_two_in_one")
def _name_two_in_one(issue: Issue) -> IssueText:
    return IssueText(
        f"Deux noms se trouvent dans la même case\u00a0: {seen(issue)}.",
        "",
        f"Est-ce «\u00a0{fact(issue, 'usual')}\u00a0», de naissance «\u00a0{fact(issue, 'birth')}\u00a0»\u202f?",
    )


@writes("name_split")
def _name_split(issue: Issue) -> IssueText:
    return IssueText(
        f"Le nom et le prénom sont dans la même case\u00a0: {seen(issue)}.",
        f"Lu\u00a0: nom «\u00a0{fact(issue, 'last')}\u00a0», prénom «\u00a0{fact(issue, 'first')}\u00a0».",
        "Vérifiez, et corrigez au besoin.",
    )


_NO_DATE = "Sans date de naissance, le programme ne peut pas savoir si la personne est mineure."
plain("date_unknown", "La date {seen} veut dire «\u00a0inconnue\u00a0».", _NO_DATE)
plain(
    "date_unreadable",
    "La date {seen} n’est pas lisible.",
    _NO_DATE,
    "Corrigez-la, ou laissez-la vide.",
)
plain(
    "date_impossible", "La date {seen} n’existe pas.", _NO_DATE, "Corrigez-la, ou laissez-la vide."
)
plain(
    "date_future", "La date {seen} est dans l’avenir.", _NO_DATE, "Corrigez-la, ou laissez-la vide."
)
plain(
    "date_too_old",
    "La date {seen} est trop ancienne.",
    _NO_DATE,
    "Corrigez-la, ou laissez-la vide.",
)
with_proposal(
    "date_two_digits",
    "L’année de {seen} n’a que deux chiffres.",
    "Elle peut être du siècle dernier ou de celui-ci.",
    "Est-ce {proposal}\u202f?",
    "Complétez l’année.",
)
with_proposal(
    "date_american",
    "Dans la date {seen}, le mois semble venir avant le jour.",
    "Si toute la colonne est ainsi, d’autres dates sont lues à l’envers.",
    "Est-ce {proposal}\u202f? Vérifiez aussi les autres dates.",
    "Corrigez cette date.",
)
plain(
    "death_unclear",
    "La case du décès contient {seen}.",
    "La personne est comptée comme décédée.",
    "Vérifiez.",
)

_EMAIL_WHY = {
    "no_at": "Il n’y a pas de «\u00a0@\u00a0».",
    "two_at": "Il y a plusieurs «\u00a0@\u00a0».",
    "cut_short": "Elle est coupée.",
    "accents": "Une lettre accentuée empêche la plupart des serveurs de la distribuer.",
    "no_ending": "La fin de l’adresse manque («\u00a0.fr\u00a0», «\u00a0.com\u00a0»…).",
    "blanks": "Elle contient une espace.",
}


@writes("email_invalid")
def _email_invalid(issue: Issue) -> IssueText:
    proposal = fact(issue, "proposal")
    return IssueText(
        f"L’adresse de courriel {seen(issue)} n’est pas valable.",
        _EMAIL_WHY.get(fact(issue, "reason"), "Elle ne suit pas les règles des adresses."),
        f"Est-ce «\u00a0{proposal}\u00a0»\u202f? {BY_POST}"
        if proposal
        else f"Corrigez-la. {BY_POST}",
    )


with_proposal(
    "email_domain_typo",
    "L’adresse de courriel {seen} contient peut-être une faute de frappe.",
    "Une lettre envoyée à une adresse mal écrite peut arriver chez un inconnu.",
    "Est-ce {proposal}\u202f?",
    "Vérifiez-la.",
)
plain(
    "email_stand_in",
    "{seen} n’est pas une vraie adresse de courriel.",
    "Elle semble avoir été saisie pour remplir une case obligatoire.",
    BY_POST,
)
plain("email_absent", "Pas d’adresse de courriel\u00a0: la case contient {seen}.", "", BY_POST)


@writes("email_several")
def _email_several(issue: Issue) -> IssueText:
    return IssueText(
        f"La case contient plusieurs adresses de courriel\u00a0: {seen(issue)}.",
        "Une lettre part à une seule adresse.",
        f"La première est gardée, «\u00a0{fact(issue, 'kept')}\u00a0». Choisissez l’autre au besoin.",
    )


plain("phone_absent", "Pas de téléphone\u00a0: la case contient {seen}.")
plain("phone_unusable", "Le téléphone {seen} n’est pas lisible.", "Aucune lettre n’en dépend.")
plain(
    "phone_several", "La case contient plusieurs téléphones\u00a0: {seen}.", "Le premier est gardé."
)
plain(
    "digits_lost",
    "Des chiffres ont été perdus\u00a0: {seen}.",
    "Excel a abrégé ce nombre avant de l’enregistrer.",
    "Refaites l’export en format texte, ou saisissez le nombre entier.",
)
plain("postcode_absent", "Pas de code postal\u00a0: la case contient {seen}.", "", CORRECT)
plain("postcode_impossible", "Le code postal {seen} n’existe pas.", "", CORRECT)
plain(
    "postcode_insee",
    "{seen} est un code INSEE, pas un code postal.",
    "Les deux se ressemblent, mais La Poste ne connaît que le second.",
    "Indiquez le code postal.",
)
plain("town_unusable", "La ville {seen} n’en est pas une.", "", CORRECT)
plain("town_with_digits", "La ville {seen} contient des chiffres.", "", "Vérifiez l’adresse.")
plain(
    "address_many_lines",
    "L’adresse {seen} a trop de lignes.",
    "Une enveloppe en porte six.",
    "Raccourcissez-la.",
)


@writes("town_disagrees")
def _town_disagrees(issue: Issue) -> IssueText:
    towns, insee = fact(issue, "towns"), fact(issue, "insee_postcode")
    why = f"Ce code est celui de\u00a0: {towns}." if towns else ""
    if insee:
        why += f" C’est aussi le code INSEE de {fact(issue, 'insee_town')} ({insee})."
    return IssueText(
        f"Le code postal {fact(issue, 'postcode')} ne va pas avec «\u00a0{fact(issue, 'city')}\u00a0».",
        why,
        "Vérifiez l’adresse. Si elle est juste, gardez-la.",
    )


@writes("two_postcodes")
def _two_postcodes(issue: Issue) -> IssueText:
    return IssueText(
        f"L’adresse {seen(issue)} contient un autre code postal que {fact(issue, 'postcode')}.",
        "",
        "Indiquez lequel est le bon.",
    )
