"""French texts of the remarks about a whole file, and of the repairs made in it."""

from collections.abc import Callable

from app.core.issue import Issue
from app.wording.french import count
from app.wording.list_places import row_number
from app.wording.list_words import fact, seen
from app.wording.remarks import IssueText, writes


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
        f"{_many(issue, 'ligne masquée', 'lignes masquées')} dans le tableur\u00a0: {fact(issue, 'rows')}.",
        "Elles sont importées comme les autres.",
        "Si elles avaient été masquées pour les écarter, retirez ces personnes.",
    ),
)
_whole(
    "file_hidden_columns",
    lambda issue: IssueText(
        f"{_many(issue, 'colonne masquée', 'colonnes masquées')} dans le tableur\u00a0: {fact(issue, 'titles')}.",
        "Elles sont lues comme les autres.",
    ),
)
_whole(
    "file_merged_cells",
    lambda issue: IssueText(
        f"Des cases sont fusionnées\u00a0: {fact(issue, 'places')}.",
        "Le texte n’appartient qu’à la première ligne\u00a0; les autres sont vides.",
        "Complétez les lignes concernées.",
    ),
)
_whole(
    "file_empty_formulas",
    lambda issue: IssueText(
        f"{_many(issue, 'formule', 'formules')} sans résultat\u00a0: {fact(issue, 'places')}.",
        "Ces cases sont lues comme vides.",
        "Ouvrez la liste dans Excel, enregistrez-la, puis importez-la à nouveau.",
    ),
)
_whole(
    "file_other_sheets",
    lambda issue: IssueText(
        f"Seule la feuille «\u00a0{fact(issue, 'sheet')}\u00a0» est lue.",
        f"Le classeur contient aussi\u00a0: {fact(issue, 'others')}.",
        "Si les patients sont ailleurs, choisissez une autre feuille.",
    ),
)
_whole(
    "file_encoding",
    lambda issue: IssueText(
        "Les accents doivent être vérifiés.",
        f"Le fichier ne dit pas comment il est écrit. Exemples\u00a0: {fact(issue, 'accents')}.",
        "Si ces mots sont mal écrits, choisissez un autre codage.",
    ),
)
_whole(
    "file_extension",
    lambda issue: IssueText(
        "Le nom du fichier annonce un autre format que son contenu.",
        f"Il a été lu comme {fact(issue, 'format').upper()}.",
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
        f"Non importées\u00a0: {fact(issue, 'titles')}.", "Elles sont inutiles à la lettre."
    ),
)
_whole(
    "columns_left_out",
    lambda issue: IssueText(
        f"Colonnes laissées de côté\u00a0: {fact(issue, 'titles')}.",
        "Aucune lettre n’en a besoin.",
    ),
)
_whole(
    "column_insisted",
    lambda issue: IssueText(
        f"La colonne «\u00a0{fact(issue, 'title')}\u00a0» est importée à votre demande.",
        f"Raison\u00a0: {fact(issue, 'reason')}.",
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
        kept = " ".join(fact(issue, "kept").split())
        return IssueText(
            f"{what}{title}\u00a0: {_many(issue, 'case', 'cases')}.",
            f"Par exemple {seen(issue)} → «\u00a0{kept}\u00a0».",
        )

    if code != "name_split":  # told above, with the two parts
        writes(code)(_one_repair(what))


def _one_repair(what: str) -> Callable[[Issue], IssueText]:
    """The same repair told for one cell (« avis34 lire », the row's details)."""

    def write(issue: Issue) -> IssueText:
        kept = " ".join(fact(issue, "kept").split())
        return IssueText(f"{what}\u00a0: {seen(issue)} → «\u00a0{kept}\u00a0».")

    return write


for _code, _what in _REPAIRS.items():
    _repair(_code, _what)
