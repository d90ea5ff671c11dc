"""Which column is what, judged by its header: every spelling of domain.md §5.1 and its variants."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from app.core.incident import DataCategory


class Field(StrEnum):
    """What a column of the list can give."""

    CIVILITY = "civility"
    SEX = "sex"
    LAST_NAME = "last_name"
    BIRTH_NAME = "birth_name"
    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    OTHER_EMAIL = "other_email"
    MOBILE = "mobile"
    PHONE = "phone"
    OTHER_PHONE = "other_phone"
    #: whole address, or several of its lines, in one cell
    ADDRESS = "address"
    STREET = "street"
    COMPLEMENT = "complement"
    BUILDING = "building"
    LOCALITY = "locality"
    POSTCODE = "postcode"
    CITY = "city"
    POSTCODE_CITY = "postcode_city"
    COUNTRY = "country"
    DECEASED = "deceased"
    REPRESENTATIVE = "representative"
    REPRESENTATIVE_FIRST_NAME = "representative_first_name"
    PROTECTION = "protection"
    DO_NOT_WRITE = "do_not_write"
    HAND_OVER = "hand_over"
    ANNOTATIONS = "annotations"
    #: this person's data of one category was exposed: oui / non
    CATEGORY = "category"
    INS = "ins"


class Refusal(StrEnum):
    """Why a column is left out unless the user insists (GDPR Art. 5(1)(c), minimisation)."""

    NIR = "nir"
    FREE_TEXT = "free_text"
    HEALTH = "health"
    INS = "ins"


#: more than one column may give these; the second is appended or kept aside, never lost in silence
REPEATABLE = frozenset({Field.CATEGORY})

_CAMEL_CASE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")  # « CodePostal »
_IGNORED = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """« Né(e)\u00a0le » → « ne e le »: lower-case ASCII words, one space between them."""
    spaced = _CAMEL_CASE.sub(" ", text.replace("œ", "oe").replace("Œ", "OE"))
    plain = unicodedata.normalize("NFKD", spaced.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _IGNORED.sub(" ", bare).strip()


def _names(field: Field, spellings: str) -> dict[str, Field]:
    return dict.fromkeys((fold(name) for name in spellings.split("|")), field)


_EXACT: dict[str, Field] = {
    **_names(
        Field.CIVILITY,
        "civilité|civ|titre|qualité|M/Mme|Mme/M|civilite patient|politesse|title|titre civilité|code civilité",
    ),
    **_names(Field.SEX, "sexe|genre|sex|sexe patient|gender"),
    **_names(
        Field.LAST_NAME,
        "nom|nom usage|nom d'usage|nom usuel|nom de famille|nom patient|nom du patient|patient nom|nom marital|"
        "nom d'épouse|nom epouse|nom utilisé|nom d'exercice|last name|lastname|surname|noms|nom_usage|"
        "nom d usage|nom utilise|nom de famille usuel|nom (usage)|patient lastname|family name|nom usager",
    ),
    **_names(
        Field.BIRTH_NAME,
        "nom de naissance|nom naissance|nom jeune fille|nom de jeune fille|njf|nom patronymique|patronyme|"
        "nom de naiss|nom naiss|nom_jf|nom jf|nom né|nee|né|née|née sous le nom|birth name|nom famille naissance|"
        "nom de famille de naissance|nom naissance patient|maiden name|nom de nais",
    ),
    **_names(
        Field.FIRST_NAME,
        "prénom|prénoms|prénom usuel|prénom utilisé|prénom patient|prénom du patient|premier prénom|prénom 1|"
        "first name|firstname|prenom de naissance|prenoms de naissance|given name|prénom usage|prénom d'usage|"
        "patient prenom|premier prenom de naissance|prenom naissance",
    ),
    **_names(
        Field.FULL_NAME,
        "nom prénom|nom et prénom|nom prénoms|prénom nom|prénom et nom|patient|nom complet|identité|"
        "identité du patient|nom et prénom du patient|nom prénom patient|full name|assuré|bénéficiaire|"
        "nom & prénom|nom / prénom|nom du patient et prénom|destinataire|usager",
    ),
    **_names(
        Field.BIRTH_DATE,
        "date de naissance|date naissance|ddn|né le|née le|né(e) le|naissance|date naiss|dt naissance|dnaiss|"
        "date de naiss|datenaissance|birth date|birthdate|date of birth|dob|naiss|dt naiss|date nais|"
        "date de naissance patient|date naissance patient|dtn|d n|dat nais|jour de naissance",
    ),
    **_names(
        Field.EMAIL,
        "email|e-mail|mail|courriel|adresse mail|adresse email|adresse e-mail|adresse courriel|mél|mel|"
        "adresse électronique|email patient|mail patient|e mail patient|email 1|mail 1|courrier électronique|"
        "adresse de messagerie|messagerie|email address|adresse mel|email perso|mail perso|email personnel|"
        "e-mail 1|adresse mail patient|courriel 1|mail du patient|email du patient|e mail du patient",
    ),
    **_names(
        Field.OTHER_EMAIL,
        "email 2|mail 2|e-mail 2|courriel 2|autre email|autre mail|email secondaire|mail secondaire|"
        "e-mail secondaire|autre courriel|courriel secondaire|second email",
    ),
    **_names(
        Field.MOBILE,
        "portable|mobile|tél portable|tél mobile|téléphone portable|téléphone mobile|gsm|tel port|"
        "numéro de portable|n portable|portable patient|tel mob|num portable|cell|mobile phone|tel_portable|"
        "no portable|n° portable|portable 1|mobile 1|no de portable|n de portable|telephone port",
    ),
    **_names(
        Field.PHONE,
        "téléphone|tél|tel|tel fixe|téléphone fixe|fixe|tél domicile|téléphone domicile|tel 1|téléphone 1|"
        "numéro de téléphone|n° téléphone|n tel|no tel|num tel|phone|tel perso|tel patient|"
        "tel dom|téléphone principal|téléphones|tel personnel|coordonnées téléphoniques|téléphone patient|"
        "tel. fixe|n° de téléphone|n° tel|telephone personnel|numero telephone|num telephone",
    ),
    **_names(
        Field.OTHER_PHONE,
        "téléphone 2|tel 2|téléphone secondaire|autre téléphone|tel pro|téléphone professionnel|tel 3|"
        "téléphone travail|tel travail|tel professionnel|téléphone 3|autre tel|portable 2|mobile 2|"
        "tel bureau|téléphone bureau|téléphone pro|tel secondaire",
    ),
    **_names(
        Field.ADDRESS,
        "adresse|adresse postale|adresse complète|adresse patient|adresse du patient|domicile|address|adr|"
        "adresse domicile|adresse principale|adresse personnelle|coordonnées postales|adresse du domicile",
    ),
    **_names(
        Field.STREET,
        "rue|voie|adresse 1|adr1|adr 1|adresse ligne 1|adresse l1|numéro et voie|n et voie|libellé voie|"
        "numéro et rue|n° et rue|ligne adresse 1|adresse voie|n° et voie|nom de la voie|adresse rue|street|"
        "ligne 1|adresse1|rue 1|no et rue|adresse numero et voie|address 1|voie adresse|ligne 4",
    ),
    **_names(
        Field.COMPLEMENT,
        "complément|complément adresse|complément d'adresse|adresse 2|adr2|adr 2|adresse ligne 2|"
        "complément d adresse|compl adresse|suite adresse|adresse l2|adresse suite|ligne 2|adresse2|"
        "complement 1|comp adresse|adresse complément|appartement|étage|cplt adresse|address 2|rue 2",
    ),
    **_names(
        Field.BUILDING,
        "bâtiment|résidence|immeuble|entrée|batiment residence|complément 2|adresse 3|adr3|adr 3|"
        "adresse ligne 3|ligne 3|adresse3|building|résidence bâtiment|bat",
    ),
    **_names(
        Field.LOCALITY,
        "lieu-dit|lieu dit|bp|boîte postale|hameau|adresse 4|adr4|adr 4|ligne 5|adresse ligne 4|lieudit|"
        "adresse4|lieu-dit bp|quartier",
    ),
    **_names(
        Field.POSTCODE,
        "cp|code postal|codepostal|c.p.|code_postal|postcode|zip|code post|cod postal|cpostal|code postale|"
        "code postal ville|code_postal_ville|zip code|cp patient|code postal patient|cpo|adresse cp|"
        "postal code|code postal domicile|adresse code postal",
    ),
    **_names(
        Field.CITY,
        "ville|commune|localité|city|ville patient|commune de résidence|nom commune|nom de la commune|"
        "libellé commune|bureau distributeur|adresse ville|town|ville domicile|ville de résidence|"
        "nom ville|acheminement|libellé acheminement",
    ),
    **_names(
        Field.POSTCODE_CITY,
        "cp ville|code postal ville commune|code postal et ville|cp et ville|cp commune|code postal commune|"
        "ville cp|ligne 6|ville et code postal|cp ville patient",
    ),
    **_names(
        Field.COUNTRY, "pays|country|pays de résidence|nationalité adresse|pays adresse|code pays"
    ),
    **_names(
        Field.DECEASED,
        "date de décès|date décès|décès|décédé|décédée|décédé(e)|date_deces|date du décès|décédé le|dcd|"
        "décédé(e) le|deceased|death date|patient décédé|dt deces|ddd",
    ),
    **_names(
        Field.REPRESENTATIVE,
        "tuteur|représentant|représentant légal|responsable légal|nom du tuteur|nom du représentant|"
        "nom du responsable légal|nom représentant légal|nom responsable légal|tuteur légal|parent|parents|"
        "nom du parent|nom parent|nom tuteur|mandataire|nom du représentant légal|représentants légaux|"
        "responsable|titulaire de l'autorité parentale|guardian|curateur|personne à prévenir légale",
    ),
    **_names(
        Field.REPRESENTATIVE_FIRST_NAME,
        "prénom du tuteur|prénom du représentant|prénom du responsable légal|prénom représentant légal|"
        "prénom tuteur|prénom du parent|prénom parent|prénom responsable légal|prénom du représentant légal|"
        "représentant prénom|tuteur prénom",
    ),
    **_names(
        Field.PROTECTION,
        "protection|mesure de protection|protection juridique|tutelle|curatelle|tutelle curatelle|"
        "majeur protégé|régime de protection|sous tutelle|tutelle/curatelle",
    ),
    **_names(
        Field.DO_NOT_WRITE,
        "ne pas écrire|ne pas contacter|ne pas envoyer|opposition|pas de courrier|refus courrier|stop courrier|"
        "ne pas écrire à domicile|npe|refus contact|ne plus écrire|opposition courrier|pas de contact|"
        "opposition contact|ne pas adresser de courrier|courrier interdit",
    ),
    **_names(
        Field.HAND_OVER,
        "remettre en main propre|main propre|remise en main propre|à remettre|remise main propre|"
        "en main propre|confidentiel remise",
    ),
    **_names(
        Field.ANNOTATIONS,
        "annotation|annotations|annoté|avec annotation|présence annotation|annotation exposée|"
        "annotations exposées|annotations présentes|zone libre|zones libres|champ libre exposé|"
        "commentaire exposé|commentaires exposés|annotation oui non|has annotation|annotation o n",
    ),
    **_names(Field.INS, "ins|matricule ins|matricule_ins|ins matricule|numéro ins|ins c|ins nir"),
}

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
    exact = _EXACT.get(folded) or _EXACT.get(folded.replace(" patient", ""))
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
    if _EXACT.get(folded) is Field.INS or (_INS.search(folded) and "nir" not in folded):
        return Refusal.INS
    if folded in _EXACT:
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
    if folded in _EXACT:
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
