"""Which column is what, judged by its header: known spellings, then the words in it."""

import re
from functools import lru_cache

from app.core.fields import REPEATABLE, Field, Refusal, fold
from app.core.header_spellings import SPELLINGS
from app.core.incident import DataCategory

__all__ = [
    "REPEATABLE",
    "Field",
    "Refusal",
    "category_of",
    "field_of",
    "fold",
    "is_unneeded",
    "refusal_of",
]

#: header with words around: « TEL_PORTABLE_PATIENT », « Adresse e-mail du patient (facultatif) »; order matters
_PATTERNS: tuple[tuple[re.Pattern[str], Field], ...] = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (
            r"\bprenoms?\b.*\b(tuteur|represent\w*|responsable|parent|mandataire)",
            Field.REPRESENTATIVE_FIRST_NAME,
        ),
        (
            r"\b(tuteur|represent\w*|responsable|parent|mandataire)s?\b.*\bprenoms?\b",
            Field.REPRESENTATIVE_FIRST_NAME,
        ),
        (r"\b(tuteur|representants?|responsable legal|mandataire)\b", Field.REPRESENTATIVE),
        (
            r"\b(ne pas|ne plus|pas de) (ecrire|contacter|envoyer|courrier|contact)",
            Field.DO_NOT_WRITE,
        ),
        (r"\bmain propre\b", Field.HAND_OVER),
        (r"\b(deces|decede|decedee)\b", Field.DECEASED),
        (r"\b(tutelle|curatelle)\b", Field.PROTECTION),
        (r"\b(date|dt|jour)\b.*\b(naissance|naiss)\b", Field.BIRTH_DATE),
        (r"\bnom\b.*\bprenoms?\b|\bprenoms?\b.*\bnom\b", Field.FULL_NAME),
        (r"\bnom\b.*\b(naissance|naiss|jeune fille|jf|patronymique)\b", Field.BIRTH_NAME),
        (r"\bprenom\b(?!.*\b[2-9]\b)", Field.FIRST_NAME),
        (r"\bnom\b.*\b(usage|usuel|marital|epouse|utilise|famille)\b", Field.LAST_NAME),
        (r"\b(e ?mail|mail|courriel|mel)\b.*\b(2|secondaire|autre)\b", Field.OTHER_EMAIL),
        (r"\b(e ?mail|mail|courriel|adresse electronique)\b", Field.EMAIL),
        (
            r"\b(tel|telephone|portable|mobile)\b.*\b(2|3|secondaire|autre|pro|travail|bureau)\b",
            Field.OTHER_PHONE,
        ),
        (r"\b(portable|mobile|gsm)\b", Field.MOBILE),
        (r"\b(tel|telephone)\b", Field.PHONE),
        (r"\b(code postal|cp)\b.*\b(ville|commune)\b", Field.POSTCODE_CITY),
        (r"\b(code postal|codepostal|cp)\b", Field.POSTCODE),
        (r"\b(complement|compl)\b", Field.COMPLEMENT),
        (r"\badresse\b", Field.ADDRESS),
        (r"^(libelle |nom )?(ville|commune)\b(?!.*naissance)", Field.CITY),
        (r"\bannotations?\b", Field.ANNOTATIONS),
    )
)

#: somebody else's data: the doctor's, the vet's… never the patient's
_OTHER_PERSON = re.compile(
    r"\b(medecin|mt|docteur|praticien|prescripteur|pharmacie|mutuelle|employeur|correspondant|"
    r"assure principal|conjoint|urgence|personne de confiance|medecin traitant|cabinet|utilisateur|"
    r"cree par|createur|operateur|agenda|ecole|infirmier\w*|kine)\b"
)
_BIRTH_PLACE = re.compile(
    r"\b(lieu|ville|commune|cp|code postal|pays|departement|code insee)\b.*\bnaiss"
)
_INSEE_CODE = re.compile(r"\b(insee|code ville|code commune)\b")
_NIR = re.compile(
    r"\b(nir|nss|n ss|no ss|num ss|secu|securite sociale|numero secu|n secu|no secu|num secu|"
    r"numero de securite sociale|immatriculation|n assure|numero assure|cle nir|cle ss|nir cle|no assure)\b"
)
_INS = re.compile(r"\b(ins|matricule)\b")
_FREE_TEXT = re.compile(
    r"\b(observations?|obs|remarques?|commentaires?|notes?|memo|commentaire libre|texte libre|divers|"
    r"informations? complementaires?|bloc notes|bloc note|post it|info|infos)\b"
)
_HEALTH = re.compile(
    r"\b(motifs?|diagnostics?|antecedents?|atcd|traitements?|allergies?|pathologies?|ald|cim10|cim 10|"
    r"maladies?|ordonnances?|resultats?|vaccins?|grossesse|handicap|poids|taille|symptomes?|consultation|"
    r"medicaments?|groupe sanguin|actes?|examens?|intolerances?|addictions?|tabac|alcool)\b"
)

_CATEGORY_WORDS: tuple[tuple[re.Pattern[str], DataCategory], ...] = tuple(
    (re.compile(pattern), category)
    for pattern, category in (
        (
            r"\bannot|\bzones? libres?\b|\bcommentaires?\b|\bobservations?\b",
            DataCategory.ANNOTATIONS,
        ),
        (r"\b(nir|secu|securite sociale|nss|ins)\b", DataCategory.NIR),
        (r"\b(iban|rib|bancaires?)\b", DataCategory.IBAN),
        (r"\b(carte bancaire|carte bleue|cb)\b", DataCategory.PAYMENT_CARD),
        (r"\b(mots? de passe|password)\b", DataCategory.PASSWORD),
        (r"\b(mail|email|courriel|mel|adresse electronique)\b", DataCategory.EMAIL),
        (r"\b(tel|telephone|portable|mobile)\b", DataCategory.PHONE),
        (r"\b(adresse|adresse postale|domicile)\b", DataCategory.POSTAL_ADDRESS),
        (r"\b(mutuelle|assurance|complementaire|organisme|amo|amc)\b", DataCategory.INSURER),
        (r"\b(motif|rendez vous|rdv)\b", DataCategory.CONSULTATION_REASON),
        (r"\b(messages?|echanges?|messagerie)\b", DataCategory.EXCHANGES),
        (
            r"\b(documents? medicaux|ordonnances?|resultats?|comptes? rendus?|documents?)\b",
            DataCategory.MEDICAL_DOCUMENTS,
        ),
        (r"\b(piece d identite|carte d identite|cni|passeport)\b", DataCategory.IDENTITY_DOCUMENT),
        (r"\b(medecin|praticien)\b", DataCategory.PRACTITIONER),
        (r"\b(proches?|famille|entourage)\b", DataCategory.RELATIVES),
        (r"\b(compte|identifiant)\b", DataCategory.ACCOUNT),
        (r"\b(identite|nom|prenom|etat civil|naissance)\b", DataCategory.IDENTITY),
    )
)


@lru_cache(maxsize=4096)
def field_of(header: str) -> Field | None:
    """The field a header names, or None when it is unknown or a refused one."""
    folded = fold(header)
    exact = SPELLINGS.get(folded) or SPELLINGS.get(folded.replace(" patient", ""))
    if exact is not None:
        return exact
    if not folded or refusal_of(header) is not None or is_unneeded(header):
        return None
    for pattern, field in _PATTERNS:
        if pattern.search(folded):
            return field
    return None


@lru_cache(maxsize=4096)
def refusal_of(header: str) -> Refusal | None:
    """Why the column must not be imported, or None. « nir exposé » holding oui / non is the caller's case."""
    folded = fold(header)
    if SPELLINGS.get(folded) is Field.INS or (_INS.search(folded) and "nir" not in folded):
        return Refusal.INS
    if folded in SPELLINGS:
        return None
    if _NIR.search(folded):
        return Refusal.NIR
    if _FREE_TEXT.search(folded):
        return Refusal.FREE_TEXT
    return Refusal.HEALTH if _HEALTH.search(folded) else None


@lru_cache(maxsize=4096)
def is_unneeded(header: str) -> bool:
    """True for somebody else's data, birth places and INSEE codes: recognised, and of no use for a letter."""
    folded = fold(header)
    if folded in SPELLINGS:
        return False
    return bool(
        _OTHER_PERSON.search(folded) or _BIRTH_PLACE.search(folded) or _INSEE_CODE.search(folded)
    )


@lru_cache(maxsize=4096)
def category_of(header: str) -> DataCategory | None:
    """The category of data a column of oui / non speaks about, or None."""
    folded = fold(header)
    for pattern, category in _CATEGORY_WORDS:
        if pattern.search(folded):
            return category
    return None
