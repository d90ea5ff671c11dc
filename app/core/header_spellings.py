"""Every spelling of a header known by heart: domain.md §5.1 and its variants."""

from app.core.fields import Field, fold


def _names(field: Field, spellings: str) -> dict[str, Field]:
    return dict.fromkeys((fold(name) for name in spellings.split("|")), field)


SPELLINGS: dict[str, Field] = {
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
