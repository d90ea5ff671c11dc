"""Cleaning of plain words: blanks, yes and no, civility, country. One function per kind of cell.

Fields with rules of their own have their own module: names, birth_dates, emails, phones, postcodes.
"""

import re
import unicodedata
from collections.abc import Sequence

from app.core.cleaned import Cleaned, Mark, State, doubtful, repaired
from app.core.headers import fold
from app.core.issue import Level
from app.core.recipient import Civility, Protection

YES = frozenset(
    [
        "oui",
        "o",
        "yes",
        "y",
        "vrai",
        "true",
        "x",
        "1",
        "v",
        "ok",
        "coche",
        "present",
        "presente",
        "expose",
        "exposee",
    ]
)
NO = frozenset(
    {
        "",
        "non",
        "n",
        "no",
        "faux",
        "false",
        "0",
        "f",
        "absent",
        "neant",
        "aucun",
        "aucune",
        "sans",
        "ras",
    }
)
_PLAIN_NO = frozenset({"non", "n", "no", "faux", "false", "0"})
#: what people type to say that there is nothing
NOTHING = frozenset(
    {
        "",
        "neant",
        "aucun",
        "aucune",
        "sans",
        "non",
        "nc",
        "n c",
        "na",
        "n a",
        "ras",
        "inconnu",
        "inconnue",
        "vide",
        "non communique",
        "non renseigne",
        "non renseignee",
        "non connu",
        "null",
        "none",
        "nan",
        "non precise",
        "pas de",
        "sans objet",
        "xxx",
        "xx",
        "x",
        "non fourni",
        "a completer",
        "ne sait pas",
        "refus",
        "refuse",
    }
)
_ODD_BLANKS = re.compile(r"[\s\u00a0\u202f\u2007\u200b\u200e\u200f\ufeff\u00ad]+")
#: a blank at an end, two blanks, what begins as an error or a formula; texts are parted by line ends
_TO_CLEAN = ("  ", " \n", "\n ", "\n#", "\n=", '\n"')
_CELL_ERRORS = (
    "#N/A",
    "#REF!",
    "#DIV/0!",
    "#VALEUR!",
    "#VALUE!",
    "#NOM?",
    "#NAME?",
    "#NOMBRE!",
    "#NUM!",
    "#NUL!",
    "#NULL!",
)
_TEXT_FORMULA = re.compile(
    r'^="(.*)"$', re.DOTALL
)  # « ="01000" », how some programs keep a zero in a CSV

_CIVILITIES = {
    **dict.fromkeys(
        ("m", "mr", "monsieur", "mon", "mons", "1", "h", "homme", "masculin", "male"),
        Civility.MONSIEUR,
    ),
    **dict.fromkeys(
        (
            "mme",
            "madame",
            "mad",
            "mrs",
            "ms",
            "2",
            "f",
            "femme",
            "feminin",
            "mlle",
            "mademoiselle",
            "melle",
            "female",
            "mle",
        ),
        Civility.MADAME,
    ),
    **dict.fromkeys(("dr", "docteur", "doc", "pr", "professeur", "prof", "drs"), Civility.DOCTEUR),
    **dict.fromkeys(("", "nc", "i", "indetermine", "autre", "inconnu"), Civility.UNKNOWN),
}
_SEX_CODES = {"1": Civility.MONSIEUR, "2": Civility.MADAME}
_FRANCE = frozenset(
    {
        "",
        "france",
        "fr",
        "fra",
        "f",
        "republique francaise",
        "france metropolitaine",
        "99100",
        "xxxxx",
    }
)
_GUARDIANSHIP = re.compile(r"\b(tutelle|tuteur|tutrice|habilitation)\b")
_CURATORSHIP = re.compile(r"\b(curatelle|curateur|curatrice|sauvegarde)\b")


def clean_text(text: str) -> Cleaned[str]:
    """Any text: composed accents, single blanks; line ends count as blanks."""
    if not text:
        return Cleaned("")
    if text.isascii():
        if "  " not in text and text[0] > " " and text[-1] > " " and text.isprintable():
            return _not_an_error(text) if text[0] in '#="' else Cleaned(text)
    elif (
        "  " not in text
        and text[0] > " "
        and text[-1] > " "
        and text.isprintable()
        and unicodedata.is_normalized("NFC", text)
    ):
        return Cleaned(text)
    composed = unicodedata.normalize("NFC", text)
    single = _ODD_BLANKS.sub(" ", composed)
    single = " ".join("".join(char for char in single if char.isprintable()).split())
    code = "spaces_removed" if composed == text else "accents_composed"
    if not single:
        return Cleaned("")
    return repaired(single, code, text, single)


def all_clean(texts: Sequence[str]) -> bool:
    """True when ``clean_text`` takes every one of these as it is; one look at them all together."""
    joined = "\n".join(texts)
    ends = f"\n{joined}\n"
    return (
        not any(found in ends for found in _TO_CLEAN)
        and joined.replace("\n", "").isprintable()
        and joined.count("\n") == len(texts) - 1
        and unicodedata.is_normalized("NFC", joined)
    )


def _not_an_error(text: str) -> Cleaned[str]:
    if text.upper() in _CELL_ERRORS:
        return Cleaned("", Mark(State.UNUSABLE, "cell_error", Level.CHECK, {"seen": text}))
    formula = _TEXT_FORMULA.match(text)
    if formula:
        return repaired(formula[1], "text_formula", text, formula[1])
    return Cleaned(text)


def says_nothing(text: str) -> bool:
    """True for « néant », « non communiqué », « - », « ? » and the like."""
    return fold(text) in NOTHING


def clean_flag(text: str) -> Cleaned[bool]:
    """« oui », « x », « 1 »… True; « non », « 0 », empty False; anything else is True until somebody decides."""
    word = fold(text)
    if word in YES or text.strip() in {"✓", "✔", "☑", "☒", "X"}:
        return Cleaned(value=True)
    if word in NO:
        return Cleaned(value=False)
    # the text itself may be an observation: it is not repeated
    return Cleaned(value=True, mark=Mark(State.DOUBTFUL, "flag_unclear", Level.CHECK))


def is_flag(text: str) -> bool:
    """True when the cell reads as yes or no."""
    word = fold(text)
    return word in YES or word in NO


def says_yes_or_no(text: str) -> bool:
    """True for a word that can only be yes or no; « aucun », « néant », « absent » may be something else."""
    return fold(text) in YES | _PLAIN_NO


def clean_civility(text: str) -> Cleaned[Civility]:
    """Madame, Monsieur, Docteur; a couple or a child is nobody’s civility."""
    known = _CIVILITIES.get(fold(text))
    if known is not None:
        return Cleaned(known)
    if text.strip() in {"-", "?", "."}:
        return Cleaned(Civility.UNKNOWN)
    return doubtful(Civility.UNKNOWN, "civility_unknown", text, Level.INFO)


def clean_country(text: str) -> Cleaned[str]:
    """Empty for France."""
    cleaned = clean_text(text)
    return Cleaned("") if fold(cleaned.value) in _FRANCE else cleaned


def clean_protection(text: str) -> Cleaned[Protection]:
    """Tutelle, curatelle, or a yes that does not say which."""
    word = fold(text)
    if word in NO or word in {"aucune", "aucun"}:
        return Cleaned(Protection.NONE)
    if _GUARDIANSHIP.search(word):
        return Cleaned(Protection.GUARDIANSHIP)
    if _CURATORSHIP.search(word):
        return Cleaned(Protection.CURATORSHIP)
    return doubtful(Protection.NONE, "protection_unclear", text)
