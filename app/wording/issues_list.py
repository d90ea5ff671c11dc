"""French texts of the remarks about the list."""

from collections.abc import Callable

from app.core.headers import Field
from app.core.issue import Issue
from app.wording.french import NBSP, count
from app.wording.list_places import row_number, row_place
from app.wording.remarks import IssueText, writes

_CORRECT = "Corrigez la ligne, ou indiquez pourquoi cette personne ne reçoit pas de lettre."
_BY_POST = "La lettre partira par courrier si l’adresse est complète."

#: French names of what a column can give, for the table of columns and the changes of a later list
FIELD_NAMES = {
    Field.CIVILITY: "Civilité", Field.SEX: "Sexe", Field.LAST_NAME: "Nom", Field.BIRTH_NAME: "Nom de naissance",
    Field.FIRST_NAME: "Prénom", Field.FULL_NAME: "Nom et prénom", Field.BIRTH_DATE: "Date de naissance",
    Field.EMAIL: "Courriel", Field.OTHER_EMAIL: "Autre courriel", Field.MOBILE: "Téléphone portable",
    Field.PHONE: "Téléphone", Field.OTHER_PHONE: "Autre téléphone", Field.ADDRESS: "Adresse entière",
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
_MISSING = {"street": "la rue", "postcode": "le code postal", "city": "la ville"}


def recipient_field_name(name: str) -> str:
    """French name of a field of Recipient, as « birth_date »."""
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    return FIELD_NAMES[Field(name)] if name in Field.__members__.values() else name


def _fact(issue: Issue, name: str) -> str:
    return str(issue.facts.get(name, ""))


def _seen(issue: Issue) -> str:
    return f"«{NBSP}{' '.join(_fact(issue, 'seen').split())}{NBSP}»"


def _plain(code: str, what: str, why: str = "", what_to_do: str = "") -> None:
    """A remark with the same sentences every time; « {seen} » is the text of the cell."""

    @writes(code)
    def _(issue: Issue) -> IssueText:
        return IssueText(what.replace("{seen}", _seen(issue)), why, what_to_do)


def _with_proposal(code: str, what: str, why: str, question: str, otherwise: str) -> None:
    """A remark that may carry a proposal, never applied by itself."""

    @writes(code)
    def _(issue: Issue) -> IssueText:
        proposal = _fact(issue, "proposal")
        todo = (
            question.replace("{proposal}", f"«{NBSP}{proposal}{NBSP}»") if proposal else otherwise
        )
        return IssueText(what.replace("{seen}", _seen(issue)), why, todo)


# cells

_plain(
    "cell_error",
    "La case contient {seen}.",
    "C’est une erreur de calcul du tableur, pas une donnée.",
    _CORRECT,
)
_plain(
    "flag_unclear",
    "La case ne dit ni oui ni non.",
    "En attendant, elle compte comme «\u00a0oui\u00a0».",
    "Indiquez ce qu’il en est pour cette personne.",
)
_plain(
    "civility_unknown",
    "La civilité {seen} n’est pas reconnue.",
    "La lettre commencera sans civilité.",
)
_plain(
    "protection_unclear",
    "La mesure de protection {seen} n’est pas claire.",
    "Une personne sous tutelle reçoit sa lettre par son représentant.",
    "Précisez\u00a0: tutelle, curatelle ou aucune.",
)
_plain("name_unusable", "Le nom {seen} n’en est pas un.", "", _CORRECT)
_with_proposal(
    "name_garbled",
    "Le nom {seen} est mal écrit.",
    "Les accents ont été abîmés avant d’arriver ici.",
    "Est-ce {proposal}\u202f?",
    "Corrigez ce nom.",
)
_plain(
    "name_letters_lost",
    "Des lettres manquent dans {seen}.",
    "Les accents ont été perdus avant d’arriver ici.",
    "Corrigez ce nom d’après le dossier.",
)
_with_proposal(
    "name_holds_civility",
    "Une civilité se trouve dans le nom {seen}.",
    "Elle serait imprimée deux fois.",
    "Garder {proposal}\u202f?",
    "Corrigez ce nom.",
)
_plain("name_odd", "Le nom {seen} contient des signes inattendus.", "", "Vérifiez ce nom.")


@writes("name_two_in_one")
def _name_two_in_one(issue: Issue) -> IssueText:
    return IssueText(
        f"Deux noms se trouvent dans la même case\u00a0: {_seen(issue)}.",
        "",
        f"Est-ce «\u00a0{_fact(issue, 'usual')}\u00a0», de naissance «\u00a0{_fact(issue, 'birth')}\u00a0»\u202f?",
    )


@writes("name_split")
def _name_split(issue: Issue) -> IssueText:
    return IssueText(
        f"Le nom et le prénom sont dans la même case\u00a0: {_seen(issue)}.",
        f"Lu\u00a0: nom «\u00a0{_fact(issue, 'last')}\u00a0», prénom «\u00a0{_fact(issue, 'first')}\u00a0».",
        "Vérifiez, et corrigez au besoin.",
    )


_NO_DATE = "Sans date de naissance, le programme ne peut pas savoir si la personne est mineure."
_plain("date_unknown", "La date {seen} veut dire «\u00a0inconnue\u00a0».", _NO_DATE)
_plain(
    "date_unreadable",
    "La date {seen} n’est pas lisible.",
    _NO_DATE,
    "Corrigez-la, ou laissez-la vide.",
)
_plain(
    "date_impossible", "La date {seen} n’existe pas.", _NO_DATE, "Corrigez-la, ou laissez-la vide."
)
_plain(
    "date_future", "La date {seen} est dans l’avenir.", _NO_DATE, "Corrigez-la, ou laissez-la vide."
)
_plain(
    "date_too_old",
    "La date {seen} est trop ancienne.",
    _NO_DATE,
    "Corrigez-la, ou laissez-la vide.",
)
_with_proposal(
    "date_two_digits",
    "L’année de {seen} n’a que deux chiffres.",
    "Elle peut être du siècle dernier ou de celui-ci.",
    "Est-ce {proposal}\u202f?",
    "Complétez l’année.",
)
_with_proposal(
    "date_american",
    "Dans la date {seen}, le mois semble venir avant le jour.",
    "Si toute la colonne est ainsi, d’autres dates sont lues à l’envers.",
    "Est-ce {proposal}\u202f? Vérifiez aussi les autres dates.",
    "Corrigez cette date.",
)
_plain(
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
    proposal = _fact(issue, "proposal")
    return IssueText(
        f"L’adresse de courriel {_seen(issue)} n’est pas valable.",
        _EMAIL_WHY.get(_fact(issue, "reason"), "Elle ne suit pas les règles des adresses."),
        f"Est-ce «\u00a0{proposal}\u00a0»\u202f? {_BY_POST}"
        if proposal
        else f"Corrigez-la. {_BY_POST}",
    )


_with_proposal(
    "email_domain_typo",
    "L’adresse de courriel {seen} contient peut-être une faute de frappe.",
    "Une lettre envoyée à une adresse mal écrite peut arriver chez un inconnu.",
    "Est-ce {proposal}\u202f?",
    "Vérifiez-la.",
)
_plain(
    "email_stand_in",
    "{seen} n’est pas une vraie adresse de courriel.",
    "Elle semble avoir été saisie pour remplir une case obligatoire.",
    _BY_POST,
)
_plain("email_absent", "Pas d’adresse de courriel\u00a0: la case contient {seen}.", "", _BY_POST)


@writes("email_several")
def _email_several(issue: Issue) -> IssueText:
    return IssueText(
        f"La case contient plusieurs adresses de courriel\u00a0: {_seen(issue)}.",
        "Une lettre part à une seule adresse.",
        f"La première est gardée, «\u00a0{_fact(issue, 'kept')}\u00a0». Choisissez l’autre au besoin.",
    )


_plain("phone_absent", "Pas de téléphone\u00a0: la case contient {seen}.")
_plain("phone_unusable", "Le téléphone {seen} n’est pas lisible.", "Aucune lettre n’en dépend.")
_plain(
    "phone_several", "La case contient plusieurs téléphones\u00a0: {seen}.", "Le premier est gardé."
)
_plain(
    "digits_lost",
    "Des chiffres ont été perdus\u00a0: {seen}.",
    "Excel a abrégé ce nombre avant de l’enregistrer.",
    "Refaites l’export en format texte, ou saisissez le nombre entier.",
)
_plain("postcode_absent", "Pas de code postal\u00a0: la case contient {seen}.", "", _CORRECT)
_plain("postcode_impossible", "Le code postal {seen} n’existe pas.", "", _CORRECT)
_plain(
    "postcode_insee",
    "{seen} est un code INSEE, pas un code postal.",
    "Les deux se ressemblent, mais La Poste ne connaît que le second.",
    "Indiquez le code postal.",
)
_plain("town_unusable", "La ville {seen} n’en est pas une.", "", _CORRECT)
_plain("town_with_digits", "La ville {seen} contient des chiffres.", "", "Vérifiez l’adresse.")
_plain(
    "address_many_lines",
    "L’adresse {seen} a trop de lignes.",
    "Une enveloppe en porte six.",
    "Raccourcissez-la.",
)


@writes("town_disagrees")
def _town_disagrees(issue: Issue) -> IssueText:
    towns, insee = _fact(issue, "towns"), _fact(issue, "insee_postcode")
    why = f"Ce code est celui de\u00a0: {towns}." if towns else ""
    if insee:
        why += f" C’est aussi le code INSEE de {_fact(issue, 'insee_town')} ({insee})."
    return IssueText(
        f"Le code postal {_fact(issue, 'postcode')} ne va pas avec «\u00a0{_fact(issue, 'city')}\u00a0».",
        why,
        "Vérifiez l’adresse. Si elle est juste, gardez-la.",
    )


@writes("two_postcodes")
def _two_postcodes(issue: Issue) -> IssueText:
    return IssueText(
        f"L’adresse {_seen(issue)} contient un autre code postal que {_fact(issue, 'postcode')}.",
        "",
        "Indiquez lequel est le bon.",
    )


# people


def _age(issue: Issue) -> str:
    return count(int(issue.facts.get("age", 0)), "an")


_plain("name_missing", "Le nom manque.", "La lettre ne peut pas être adressée.", _CORRECT)
_plain(
    "first_name_missing",
    "Le prénom manque.",
    "La lettre l’emploie.",
    "Complétez-le, ou gardez ainsi.",
)
_plain(
    "no_reach",
    "Ni courriel ni adresse postale.",
    "La lettre ne peut partir par aucun chemin.",
    _CORRECT,
)


def _missing(issue: Issue) -> str:
    names = [_MISSING[name] for name in _fact(issue, "missing").split(",") if name in _MISSING]
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


_plain("deceased", "Personne décédée.", "Aucune lettre ne lui sera envoyée.")
_plain("do_not_write", "Ne pas écrire.", "Cette consigne est dans la liste\u00a0; elle est suivie.")
_plain(
    "hand_over",
    "À remettre en main propre.",
    "Cette consigne est dans la liste\u00a0; elle est suivie.",
)
_plain("protected", "Personne sous tutelle.", "La lettre est adressée à son représentant.")
_plain(
    "protected_alone",
    "Personne sous tutelle, sans représentant dans la liste.",
    "La lettre doit lui parvenir par son représentant.",
    "Indiquez le nom du tuteur.",
)
_plain("curatorship", "Personne sous curatelle.", "La lettre lui est adressée à elle-même.")
_plain(
    "care_home",
    "Réside en établissement.",
    "Vérifiez que le nom de l’établissement figure dans l’adresse.",
)


@writes("foreign_address")
def _foreign_address(issue: Issue) -> IssueText:
    return IssueText(
        f"Adresse à l’étranger\u00a0: {_fact(issue, 'country')}.",
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
        _LIKELY.get(_fact(issue, "why"), ""),
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
        recipient_field_name(name) for name in _fact(issue, "fields").split(",") if name
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


# the file


def _whole(code: str, write: Callable[[Issue], IssueText]) -> None:
    writes(code)(write)


_whole(
    "row_total",
    lambda issue: IssueText(
        "Ligne de total, non importée.", f"Ligne {row_number(issue.row or 0)}."
    ),
)
_whole(
    "row_header_again",
    lambda issue: IssueText(
        "Titres de colonnes répétés, non importés.", f"Ligne {row_number(issue.row or 0)}."
    ),
)


def _many(issue: Issue, singular: str, plural: str = "") -> str:
    return count(int(issue.facts.get("count", 0)), singular, plural)


_whole(
    "file_hidden_rows",
    lambda issue: IssueText(
        f"{_many(issue, 'ligne masquée', 'lignes masquées')} dans le tableur\u00a0: {_fact(issue, 'rows')}.",
        "Elles sont importées comme les autres.",
        "Si elles avaient été masquées pour les écarter, retirez ces personnes.",
    ),
)
_whole(
    "file_hidden_columns",
    lambda issue: IssueText(
        f"{_many(issue, 'colonne masquée', 'colonnes masquées')} dans le tableur\u00a0: {_fact(issue, 'titles')}.",
        "Elles sont lues comme les autres.",
    ),
)
_whole(
    "file_merged_cells",
    lambda issue: IssueText(
        f"Des cases sont fusionnées\u00a0: {_fact(issue, 'places')}.",
        "Le texte n’appartient qu’à la première ligne\u00a0; les autres sont vides.",
        "Complétez les lignes concernées.",
    ),
)
_whole(
    "file_empty_formulas",
    lambda issue: IssueText(
        f"{_many(issue, 'formule', 'formules')} sans résultat\u00a0: {_fact(issue, 'places')}.",
        "Ces cases sont lues comme vides.",
        "Ouvrez la liste dans Excel, enregistrez-la, puis importez-la à nouveau.",
    ),
)
_whole(
    "file_other_sheets",
    lambda issue: IssueText(
        f"Seule la feuille «\u00a0{_fact(issue, 'sheet')}\u00a0» est lue.",
        f"Le classeur contient aussi\u00a0: {_fact(issue, 'others')}.",
        "Si les patients sont ailleurs, choisissez une autre feuille.",
    ),
)
_whole(
    "file_encoding",
    lambda issue: IssueText(
        "Les accents doivent être vérifiés.",
        f"Le fichier ne dit pas comment il est écrit. Exemples\u00a0: {_fact(issue, 'accents')}.",
        "Si ces mots sont mal écrits, choisissez un autre codage.",
    ),
)
_whole(
    "file_extension",
    lambda issue: IssueText(
        "Le nom du fichier annonce un autre format que son contenu.",
        f"Il a été lu comme {_fact(issue, 'format').upper()}.",
    ),
)
_whole(
    "file_dates_completed",
    lambda issue: IssueText(
        f"{_many(issue, 'date', 'dates')} en abrégé dans le tableur, lues en entier.",
        "Le jour, le mois et l’année viennent de la valeur de la case.",
    ),
)
_whole(
    "file_control_characters",
    lambda issue: IssueText(
        f"{_many(issue, 'caractère invisible', 'caractères invisibles')} remplacés par une espace."
    ),
)
_whole(
    "file_no_header",
    lambda _issue: IssueText(
        "La liste n’a pas de titres de colonnes.",
        "Les colonnes sont reconnues à leur contenu.",
        "Vérifiez chaque colonne.",
    ),
)
_whole(
    "columns_refused",
    lambda issue: IssueText(
        f"Non importées\u00a0: {_fact(issue, 'titles')}.", "Elles sont inutiles à la lettre."
    ),
)
_whole(
    "columns_left_out",
    lambda issue: IssueText(
        f"Colonnes laissées de côté\u00a0: {_fact(issue, 'titles')}.",
        "Aucune lettre n’en a besoin.",
    ),
)
_whole(
    "column_insisted",
    lambda issue: IssueText(
        f"La colonne «\u00a0{_fact(issue, 'title')}\u00a0» est importée à votre demande.",
        f"Raison\u00a0: {_fact(issue, 'reason')}.",
    ),
)

_REPAIRS = {
    "spaces_removed": "Espaces en trop retirées",
    "accents_composed": "Accents réécrits en un seul caractère",
    "text_formula": "Formule de texte remplacée par son texte",
    "date_century": "Siècle ajouté à l’année",
    "date_compact": "Date écrite sans séparateur",
    "date_serial": "Date donnée par son numéro de jour dans le tableur",
    "email_repeated": "Adresse de courriel écrite deux fois",
    "email_formatted": "Adresse de courriel mise en forme",
    "phone_formatted": "Téléphone mis en forme",
    "phone_zero_added": "Zéro ajouté au téléphone",
    "postcode_zero_added": "Zéro ajouté au code postal",
    "postcode_formatted": "Code postal mis en forme",
    "postcode_with_town": "Code postal séparé de la ville",
    "place_split": "Code postal et ville séparés",
    "name_split": "Nom et prénom séparés",
    "address_split": "Adresse séparée en lignes",
}


def _repair(code: str, what: str) -> None:
    @writes(f"repaired_{code}")
    def _(issue: Issue) -> IssueText:
        title = f", colonne «\u00a0{issue.column}\u00a0»" if issue.column else ""
        kept = " ".join(_fact(issue, "kept").split())
        return IssueText(
            f"{what}{title}\u00a0: {_many(issue, 'case', 'cases')}.",
            f"Par exemple {_seen(issue)} → «\u00a0{kept}\u00a0».",
        )

    if code != "name_split":  # told above, with the two parts
        writes(code)(_one_repair(what))


def _one_repair(what: str) -> Callable[[Issue], IssueText]:
    """The same repair told for one cell (« avis34 lire », the row's details)."""

    def write(issue: Issue) -> IssueText:
        kept = " ".join(_fact(issue, "kept").split())
        return IssueText(f"{what}\u00a0: {_seen(issue)} → «\u00a0{kept}\u00a0».")

    return write


for _code, _what in _REPAIRS.items():
    _repair(_code, _what)
